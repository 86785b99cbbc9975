"""The catalogue as others use it: what search engines may read, and the self-check inside another website.

Only the page meant for it may stand in another site's frame; which sites, `FRAME_ANCESTORS` says (all, if unset).
"""

from collections.abc import Iterator

from flask import Flask, Response, current_app, render_template, request, url_for

from webapp.catalogue.public import Public, public
from webapp.frame import LANGUAGES, desk, show

_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
# Pages that are no page without having told or searched something, and what is made for machines and frames.
_NOT_LISTED = frozenset({"checklist", "search", "embed", "sitemap", "robots"})
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
    """Show what a website has to copy."""
    addresses = {lang: url_for("embed", lang=lang, _external=True) for lang in LANGUAGES}
    return _public_for_a_while(show("catalogue/embed_how.html", addresses=addresses))


def sitemap() -> Response:
    """List the address of every public page, in each language."""
    pages = [(page, [(lang, _absolute(page, lang)) for lang in LANGUAGES]) for page in _paths(public(_plan()))]
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
    """Walk the paths of the pages that anybody may open: those without a name in them, and each entry."""
    for rule in current_app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments and rule.endpoint not in _NOT_LISTED:
            yield url_for(rule.endpoint)
    for endpoint, shelf in _SHELVES:
        yield from (url_for(endpoint, name=name) for name in getattr(public, shelf))


def _absolute(path: str, lang: str | None = None) -> str:
    return request.url_root.rstrip("/") + path + (f"?lang={lang}" if lang else "")


def _public_for_a_while(response: Response) -> Response:
    response.headers["Cache-Control"] = "public, max-age=600"
    response.vary.add("Cookie")
    return response


def _plan():
    return desk().office.plan(desk().today())
