"""The pages of the checklist: of what was told, and of an address that names services and papers only.

Both are one form that comes back to itself; what was ticked is in the request and nowhere else. For those without a
telephone there is the blank form on paper.
"""

import json
from functools import lru_cache

import segno
from flask import Flask, Response, abort, make_response, request, url_for
from markupsafe import Markup

from engine.knowledge.model import FAMILY
from engine.knowledge.parse_offer import APPLICANTS
from webapp.asking.forms import Form
from webapp.asking.reading import household_of
from webapp.frame import LANGUAGES, chosen_language, desk, show
from webapp.telling.checklist import Checklist, checklist_of
from webapp.telling.intake import paper_form
from webapp.telling.message import message
from webapp.telling.print import pdf, sheet_of
from webapp.telling.wanted import Wanted, wanted_by_address, wanted_by_household
from webapp.words import words_in

_CARRIED = ("sealed", "l", "s", "m")
_MOST_NAMED = 100


def register(app: Flask) -> None:
    """Give the application the checklist."""
    app.add_url_rule("/surat", "checklist", page, methods=["GET", "POST"])
    app.add_url_rule("/surat.pdf", "checklist_pdf", printed, methods=["POST"])
    app.add_url_rule("/formulir-kosong.pdf", "blank_form", blank)


def page() -> Response:
    """Show the checklist, with what is ticked among what is in hand."""
    wanted, checklist = _asked_for()
    address = _address(wanted)
    return show(
        "telling/checklist.html",
        list=checklist,
        told="sealed" in request.form,
        carried=[(name, request.values[name]) for name in _CARRIED if name in request.values],
        address=address,
        qr=_drawn(address),
        message=message(checklist, address),
    )


def printed() -> Response:
    """Give the checklist as a PDF, for a sheet of paper or for a roll of receipts."""
    wanted, checklist = _asked_for()
    shape = "receipt" if request.values.get("format") == "struk" else "a4"
    sheet = pdf("checklist", sheet_of(checklist, _address(wanted), shape))
    return _file(sheet, f"daftar-surat-{desk().today().isoformat()}.pdf")


def blank() -> Response:
    """Give the blank paper form of one kind of applicant."""
    applicant = request.args.get("untuk", FAMILY)
    if applicant not in APPLICANTS:
        abort(404)
    pressed = request.args.get("lang")
    lang = pressed if pressed in LANGUAGES else chosen_language()
    form = Form(desk().office.knowledge, lang, words_in(lang), desk().served(applicant), applicant)
    return _file(_blank_pdf(json.dumps(paper_form(form))), f"formulir-kosong-{applicant}-{lang}.pdf")


@lru_cache(maxsize=32)
def _blank_pdf(form: str) -> bytes:
    """Set a blank form, and keep it: nobody's answers are in it."""
    return pdf("intake", json.loads(form))


def _file(sheet: bytes, name: str) -> Response:
    response = make_response(sheet)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked_for() -> tuple[Wanted, Checklist]:
    """Read the request: what was told, sealed, or what an address names; and what is ticked."""
    office, lang = desk().office, chosen_language()
    if "l" in request.values:
        papers = dict.fromkeys(_named("m"), False) | dict.fromkeys(_named("s"), True)
        wanted = wanted_by_address(office.plan(desk().today()), desk().today(), _named("l"), papers)
        if not wanted.services:
            abort(404)
    elif request.method == "POST":
        household = household_of(desk().sealer.open(request.form.get("sealed", "")))
        wanted = wanted_by_household(office.diagnose_for_everybody(household), request.form.getlist("service"))
    else:
        abort(404)
    have = frozenset(request.form.getlist("have")) if "ticked" in request.form else None
    return wanted, checklist_of(wanted, office.knowledge, lang, have)


def _named(field: str) -> list[str]:
    return [id_ for id_ in request.values.get(field, "").split(".")[:_MOST_NAMED] if id_]


def _address(wanted: Wanted) -> str:
    return url_for("checklist", _external=True, **wanted.address())


def _drawn(address: str) -> Markup:
    """Draw an address as a QR code within the page."""
    return Markup(segno.make(address, error="l").svg_inline(scale=4, border=4, svgclass="qr", lineclass=None))
