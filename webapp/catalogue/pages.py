"""The pages of the catalogue: public, the same for everybody, and at addresses that others may link to.

They may be kept by browsers and caches for a while. The language stands in the address (`?lang=en`) or in the cookie;
`Vary: Cookie` keeps one language from being shown for the other.
"""

from functools import partial

from flask import Flask, Response, abort, request, url_for

from webapp.catalogue import outward
from webapp.catalogue.entries import Entries, entries
from webapp.catalogue.finding import LONGEST, index
from webapp.catalogue.public import Public, public
from webapp.frame import LANGUAGES, chosen_language, desk, show


def register(app: Flask) -> None:
    """Give the application the pages of the catalogue."""
    app.add_url_rule("/layanan", "services", services)
    app.add_url_rule("/layanan/<name>", "service", service)
    app.add_url_rule("/program/<name>", "program", program)
    app.add_url_rule("/surat-surat", "papers", papers)
    app.add_url_rule("/surat-surat/<name>", "paper", paper)
    app.add_url_rule("/langkah/<name>", "step", step)
    app.add_url_rule("/sumber", "sources", sources)
    app.add_url_rule("/sumber/<name>", "source", source)
    app.add_url_rule("/cari", "search", search)
    outward.register(app)


def services() -> Response:
    """List the programs with their activities and services."""
    return _kept("services", programs=_entries().programs)


def service(name: str) -> Response:
    """Show one service."""
    return _kept("service", service=_entries().service(_one_of(_public().services, name)))


def program(name: str) -> Response:
    """Show one program."""
    return _kept("program", program=_entries().program(_one_of(_public().programs, name)))


def papers() -> Response:
    """List the papers."""
    return _kept("papers", papers=_entries().papers)


def paper(name: str) -> Response:
    """Show one paper."""
    return _kept("paper", paper=_entries().paper(_one_of(_public().papers, name)))


def step(name: str) -> Response:
    """Show one step of a procedure."""
    return _kept("step", step=_entries().step(_one_of(_public().steps, name)))


def sources() -> Response:
    """List the legal register."""
    return _kept("sources", kinds=_entries().sources)


def source(name: str) -> Response:
    """Show one source."""
    return _kept("source", source=_entries().source(_one_of(_public().sources, name)))


def search() -> Response:
    """Show what is found for some words; what somebody searches for is kept nowhere."""
    searched = request.args.get("q", "").strip()[:LONGEST]
    found = index(_plan()).find(searched) if searched else []
    return show("catalogue/search.html", link=_links(), searched=searched, found=found)


def _kept(template: str, **details: object) -> Response:
    """Show a page that caches may keep, and that is not sent again while it is the same."""
    response = show(f"catalogue/{template}.html", link=_links(), edition=_entries().edition, **details)
    response.headers["Cache-Control"] = "public, max-age=600"
    response.vary.add("Cookie")
    response.add_etag()
    return response.make_conditional(request)


def _links() -> partial:
    """Give the function that templates link with: a language in the address is carried along."""
    lang = request.args.get("lang")
    return partial(url_for, lang=lang if lang in LANGUAGES else None)


def _one_of(shelf: dict, name: str) -> str:
    if name not in shelf:
        abort(404)
    return name


def _plan():
    return desk().office.plan(desk().today())


def _public() -> Public:
    return public(_plan())


def _entries() -> Entries:
    return entries(_plan(), chosen_language())
