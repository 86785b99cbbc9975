"""The one-page form: all questions about a family at once, for those who know them all, and for staff."""

from flask import Flask, Response, request

from engine.household import MEMBER_LIMIT
from webapp.asking.answers import Answers, answers_of, without_member
from webapp.asking.forms import Form
from webapp.asking.reading import form_of
from webapp.asking.told import Told
from webapp.frame import desk, show
from webapp.telling.pages import result


def register(app: Flask) -> None:
    """Give the application the page of the form."""
    app.add_url_rule("/formulir", "form", page, methods=["GET", "POST"])


def page() -> Response:
    """Show the form, or read what was typed into it and show the result."""
    fields = form_of(Told())
    if request.method == "GET":
        return _show(fields, Answers({}, 1))
    if sealed := request.form.get("sealed"):
        told = desk().sealer.open(sealed)
        return _show(fields, Answers(told.typed, told.members))
    answers = answers_of(request.form.to_dict(flat=False))
    do = request.form.get("do", "")
    if do == "add":
        return _show(fields, Answers(answers.typed, min(answers.members + 1, MEMBER_LIMIT)))
    if do.startswith("remove-") and do[7:].isascii() and do[7:].isdecimal():
        return _show(fields, without_member(answers, int(do[7:])))
    if request.form.get("lang_to"):
        return _show(fields, answers)
    household = fields.read(answers)
    if household is None:
        return _show(fields, answers, 422)
    return result(household, Told(answers.typed, answers.members, by="form"))


def _show(fields: Form, answers: Answers, status: int = 200) -> Response:
    knowledge = fields.knowledge
    household_officer, everybody_officer = fields.of_household(officer=True), fields.of_everybody(officer=True)
    of_officers = {one.name for _, asked in (*household_officer, *everybody_officer) for one in asked}
    return show(
        "asking/form.html",
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
