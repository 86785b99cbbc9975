"""The catalogue as others use it: what search engines may read, and the self-check inside another website.

Only the page meant for it may stand in another site's frame; which sites, `FRAME_ANCESTORS` says (all, if unset).
"""

from collections.abc import Iterator

from flask import Flask, Response, current_app, render_template, request, url_for

from webapp.catalogue.public import Public, public
from webapp.frame import LANGUAGES, desk, show
from webapp.words import words_in

_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
# What is no page before something was searched for, and what is made for machines and frames.
_NOT_LISTED = frozenset({"search", "embed", "sitemap", "robots"})
_NAMES = (("id", "Bahasa Indonesia"), ("en", "English"))
_SHELVES = (
    ("service", "services"),
    ("program", "programs"),
    ("paper", "papers"),
    ("step", "steps"),
    ("source", "sources"),
)


def register(app: Flask) -> None:
    """Give the application what other sites ask for."""
    app.add_url_rule("/sematan", "embed", embed)
    app.add_url_rule("/sematan/cara", "embed_how", embed_how)
    app.add_url_rule("/sitemap.xml", "sitemap", sitemap)
    app.add_url_rule("/robots.txt", "robots", robots)


def embed() -> Response:
    """Show the small page for a frame: it opens the self-check and the search in a tab of their own."""
    response = show("catalogue/embed.html")
    allowed = current_app.config.get("FRAME_ANCESTORS") or ["*"]
    response.headers["Content-Security-Policy"] = _POLICY + (allowed if isinstance(allowed, str) else " ".join(allowed))
    return _public_for_a_while(response)


def embed_how() -> Response:
    """Show what a website has to copy, and which addresses it may link to."""
    frames = [
        (lang, name, words_in(lang)("tagline"), url_for("embed", lang=lang, _external=True)) for lang, name in _NAMES
    ]
    some = next(iter(_public().services), None)
    examples = [url_for("services", _external=True), url_for("services", lang="en", _external=True)]
    examples += [url_for("service", name=some, _external=True)] if some else []
    return _public_for_a_while(show("catalogue/embed_how.html", frames=frames, examples=examples))


def sitemap() -> Response:
    """List the address of every public page, in each language."""
    pages = [(page, [(lang, _absolute(page, lang)) for lang in LANGUAGES]) for page in _paths(_public())]
    text = render_template("catalogue/sitemap.xml", pages=[(_absolute(page), others) for page, others in pages])
    return _public_for_a_while(Response(text, mimetype="application/xml"))


def robots() -> Response:
    """Name the sitemap, and the places that take answers and show no page of their own."""
    rules = list(current_app.url_map.iter_rules())
    readable = {rule.rule for rule in rules if "GET" in rule.methods}
    closed = {rule.rule.split("<")[0] for rule in rules if rule.rule not in readable}
    closed |= {url_for("search"), url_for("language", lang="id").rsplit("/", 1)[0] + "/"}
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in sorted(closed)),
        "",
        f"Sitemap: {_absolute(url_for('sitemap'))}",
    ]
    return _public_for_a_while(Response("\n".join(lines) + "\n", mimetype="text/plain"))


def _paths(public: Public) -> Iterator[str]:
    """Walk the paths of the pages that anybody may open: those without a name in them, and each entry.

    A page that also takes answers is a stop on somebody's way, and no place to arrive at.
    """
    for rule in current_app.url_map.iter_rules():
        to_read = "GET" in rule.methods and "POST" not in rule.methods
        if to_read and not rule.arguments and rule.endpoint not in _NOT_LISTED:
            yield url_for(rule.endpoint)
    for endpoint, shelf in _SHELVES:
        yield from (url_for(endpoint, name=name) for name in getattr(public, shelf))


def _absolute(path: str, lang: str | None = None) -> str:
    return request.url_root.rstrip("/") + path + (f"?lang={lang}" if lang else "")


def _public_for_a_while(response: Response) -> Response:
    response.headers["Cache-Control"] = "public, max-age=600"
    response.vary.add("Cookie")
    return response


def _public() -> Public:
    return public(desk().office.plan(desk().today()))
