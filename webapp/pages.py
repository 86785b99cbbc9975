"""The pages: choose a sample or fill in the form, and read the diagnosis. Nothing that is typed is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from flask import Flask, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from engine.diagnosis import Office
from engine.household import MEMBER_LIMIT, Household
from engine.knowledge.model import FAMILY
from engine.plan_of_applicant import Served, served
from engine.words import Speaker
from webapp import results, shelves
from webapp.answers import Answers, answers_of, without_member
from webapp.forms import Form
from webapp.texts import words_in

LANGUAGES = ("id", "en")
_ERRORS = {404: "not_found", 413: "too_large"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass
class Desk:
    """What the pages work with: the office, the sample households, the day."""

    office: Office
    folder: Path | None
    today: Callable[[], date]

    @cached_property
    def shelves(self) -> list[shelves.Shelf]:
        """Give the sample households by file."""
        return shelves.shelves_of(self.folder, self.office.knowledge, self.today())

    @cached_property
    def served(self) -> Served:
        """Give what a family may be asked; the form is for families."""
        return served(self.office.plan(self.today()), FAMILY)

    @cached_property
    def samples(self) -> dict[str, Household]:
        """Give the sample households by id."""
        return {one.id: one for shelf in self.shelves for one in (shelf.first, *shelf.others)}


def register(app: Flask) -> None:
    """Give the application its pages."""
    app.add_url_rule("/", "home", home)
    app.add_url_rule("/sampel/<name>", "sample", sample)
    app.add_url_rule("/periksa", "form", form, methods=["GET", "POST"])
    app.add_url_rule("/bahasa/<lang>", "language", language)
    app.register_error_handler(HTTPException, refuse)
    app.register_error_handler(Exception, fail)
    app.after_request(protect)


def desk() -> Desk:
    return current_app.extensions["tepat"]


def chosen_language() -> str:
    """Give the language of this request: pressed, carried along, remembered, or Indonesian."""
    for said in (_sent("lang_to"), _sent("lang"), request.cookies.get("lang")):
        if said in LANGUAGES:
            return said
    return "id"


def _sent(name: str) -> str | None:
    """Give one field of the form; none of a request that was too large to be read."""
    try:
        return request.form.get(name)
    except HTTPException:
        return None


def show(template: str, status: int = 200, **details: object) -> Response:
    """Render a page in the language of the request."""
    lang = chosen_language()
    response = make_response(render_template(template, lang=lang, t=words_in(lang), **details), status)
    if _sent("lang_to") in LANGUAGES:
        _remember(response, lang)
    return response


def _remember(response: Response, lang: str) -> None:
    response.set_cookie("lang", lang, max_age=60 * 60 * 24 * 180, samesite="Lax", httponly=True)


def home() -> Response:
    speaker = Speaker(desk().office.knowledge, chosen_language())
    return show("home.html", shelves=[shelves.cards(shelf, speaker) for shelf in desk().shelves])


def language(lang: str) -> Response:
    """Remember a language and go back to a page of ours."""
    if lang not in LANGUAGES:
        abort(404)
    back = request.args.get("back", "")
    names = desk().samples
    target = (
        url_for("sample", name=back) if back in names else url_for("form") if back == "periksa" else url_for("home")
    )
    response = redirect(target)
    _remember(response, lang)
    return response


def sample(name: str) -> Response:
    """Show the diagnosis of a sample household."""
    household = desk().samples.get(name)
    if household is None:
        abort(404)
    diagnosis = desk().office.diagnose_for_everybody(household)
    return show(
        "result.html",
        result=results.page(diagnosis, chosen_language()),
        name=shelves.name_of(household),
        answers=None,
        back=name,
    )


def form() -> Response:
    """Show the form, or read what was typed into it and show the result."""
    lang = chosen_language()
    fields = Form(desk().office.knowledge, lang, words_in(lang), desk().served)
    if request.method == "GET":
        return _form_page(fields, Answers({}, 1))
    answers = answers_of(request.form.to_dict(flat=False))
    do = request.form.get("do", "")
    if do == "add":
        return _form_page(fields, Answers(answers.typed, min(answers.members + 1, MEMBER_LIMIT)))
    if do.startswith("remove-") and do[7:].isascii() and do[7:].isdecimal():
        return _form_page(fields, without_member(answers, int(do[7:])))
    if do == "edit" or (request.form.get("lang_to") and request.form.get("page") == "form"):
        return _form_page(fields, answers)
    household = fields.read(answers, desk().today())
    if household is None:
        return _form_page(fields, answers, 422)
    result = results.page(desk().office.diagnose_for_everybody(household), lang)
    return show("result.html", result=result, name=words_in(lang)("your_family"), answers=answers, back="periksa")


def _form_page(fields: Form, answers: Answers, status: int = 200) -> Response:
    knowledge = fields.knowledge
    household_officer, everybody_officer = fields.of_household(officer=True), fields.of_everybody(officer=True)
    of_officers = {one.name for _, asked in (*household_officer, *everybody_officer) for one in asked}
    return show(
        "form.html",
        status,
        answers=answers,
        mended=fields.mended(answers),
        roles=fields.roles(answers),
        members=[fields.of_member(seat) for seat in range(answers.members)],
        everybody=fields.of_everybody(),
        household=fields.of_household(),
        members_officer=[fields.of_member(seat, officer=True) for seat in range(answers.members)],
        everybody_officer=everybody_officer,
        household_officer=household_officer,
        officer_wrong=not answers.errors.keys().isdisjoint({"as_of", "evidence", *of_officers}),
        aid=fields.aid(),
        papers=fields.papers(),
        evidence=[
            (one.name, one.label.in_(fields.lang)) for one in knowledge.evidence.values() if one.name != "presumed"
        ],
        default_evidence=knowledge.default_evidence,
        limit=MEMBER_LIMIT,
    )


def refuse(error: HTTPException) -> Response:
    """Say in plain words why a request is not answered."""
    return show("error.html", error.code or 400, key=_ERRORS.get(error.code or 400, "refused"))


def fail(error: Exception) -> Response:
    """Say that something went wrong here; the log has the traceback, the page never."""
    current_app.logger.error("a page failed", exc_info=error)
    return show("error.html", 500, key="broken")


def protect(response: Response) -> Response:
    """Add the headers that keep a page to itself."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/css":
        response.headers["Cache-Control"] = "public, max-age=3600"
    return response
