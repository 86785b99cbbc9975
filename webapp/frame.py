"""What every page stands in: the desk it is made at, its language, its headers, and how a refusal is said."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from casework.store.database import Database
from engine.diagnosis import Office
from engine.plan_of_applicant import Served, served
from webapp.asking.told import Sealer, Unreadable
from webapp.words import words_in

LANGUAGES = ("id", "en")
APPLICANTS = ("family", "disaster", "finder", "group", "organisation")
_ERRORS = {404: "not_found", 413: "too_large"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass
class Desk:
    """What the pages work with: the office, the sample households, the day, the seal of what people tell, the database.

    Without a database there are no pages for staff and nothing can be submitted.
    """

    office: Office
    samples: Path | None
    today: Callable[[], date]
    sealer: Sealer
    database: Database | None = None
    _served: dict[tuple[date, str], Served] = field(default_factory=dict)

    def served(self, applicant: str) -> Served:
        """Give what one kind of applicant may be asked in public."""
        key = self.today(), applicant
        if key not in self._served:
            self._served[key] = served(self.office.plan(key[0]), applicant)
        return self._served[key]

    def warm_up(self) -> None:
        """Make ready what the first people would have to wait for."""
        for applicant in APPLICANTS:
            self.served(applicant)


def register(app: Flask) -> None:
    """Give the application what all rooms share."""
    app.add_url_rule("/bahasa/<lang>", "language", language)
    app.register_error_handler(HTTPException, refuse)
    app.register_error_handler(Unreadable, unreadable)
    app.register_error_handler(Exception, fail)
    app.after_request(protect)


def desk() -> Desk:
    return current_app.extensions["tepat"]


def chosen_language() -> str:
    """Give the language of this request: pressed, carried along, in the address, remembered, or Indonesian."""
    for said in (sent("lang_to"), sent("lang"), request.args.get("lang"), request.cookies.get("lang")):
        if said in LANGUAGES:
            return said
    return "id"


def sent(name: str) -> str | None:
    """Give one field of the form; none of a request that was too large to be read."""
    try:
        return request.form.get(name)
    except HTTPException:
        return None


def page_asked() -> int:
    """Give the number of the page of a long list that the address asks for; the first unless it is a number."""
    page = request.args.get("page", "")
    return int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1


def service_name(name: str) -> str:
    """Say what a service is called; by its name in the files when the knowledge no longer has it."""
    service = desk().office.knowledge.services.get(name)
    return service.label.in_(chosen_language()) if service else name


def show(template: str, status: int = 200, **details: object) -> Response:
    """Render a page in the language of the request."""
    lang = chosen_language()
    response = make_response(render_template(template, lang=lang, t=words_in(lang), **details), status)
    if sent("lang_to") in LANGUAGES:
        _remember(response, lang)
    return response


def _remember(response: Response, lang: str) -> None:
    response.set_cookie("lang", lang, max_age=60 * 60 * 24 * 180, samesite="Lax", httponly=True)


def language(lang: str) -> Response:
    """Remember a language and go back to a page of ours."""
    if lang not in LANGUAGES:
        abort(404)
    response = redirect(page_of_ours(request.args.get("back", ""), url_for("home")))
    _remember(response, lang)
    return response


def page_of_ours(back: str, otherwise: str) -> str:
    """Give a path back when it leads to a page of this application; else another."""
    parts = urlsplit(back)
    if parts.scheme or parts.netloc or not back.startswith("/") or back.startswith(("//", "/\\")):
        return otherwise
    try:
        current_app.url_map.bind_to_environ(request.environ).match(parts.path, method="GET")
    except (NotFound, MethodNotAllowed, RequestRedirect):
        return otherwise
    return back


def refuse(error: HTTPException) -> Response:
    """Say in plain words why a request is not answered."""
    return show("error.html", error.code or 400, key=_ERRORS.get(error.code or 400, "refused"))


def unreadable(error: Unreadable) -> Response:
    """Say that a page was open for too long, or that what it carried was altered."""
    return show("error.html", 400, key="expired" if error.expired else "altered")


def fail(error: Exception) -> Response:
    """Say that something went wrong here; the log has where, never the page, and neither has what somebody typed."""
    where = "".join(traceback.format_tb(error.__traceback__))
    current_app.logger.error("a page failed: %s\n%s", type(error).__name__, where)
    return show("error.html", 500, key="broken")


def protect(response: Response) -> Response:
    """Add the headers that keep a page to itself."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static" and response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=3600"
    return response
