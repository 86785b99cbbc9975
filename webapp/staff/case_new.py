"""Opening a case at the desk: what the household may ask for, what the engine says of each, and through which channel."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from flask import Flask, Response, redirect, request, url_for

from casework.cases.diagnoses import diagnose
from casework.cases.facts import document_of, household_of
from casework.cases.opening import CHANNELS, open_case, submit
from casework.people.models import Household, Person
from casework.people.register import household_there, seen_household
from casework.refusals import NotFound, Refused
from casework.staff.areas import seen_case
from casework.store.work import Work
from engine.knowledge.model import HOUSEHOLD
from webapp import frame as public
from webapp.staff import frame
from webapp.staff.case_words import CaseWords

_RIGHT = "case.open"
_LIKELY = ("yes", "unknown")


class Offer(NamedTuple):
    """A service that can be asked for, for whom, and what the engine says of it now."""

    value: str
    label: str
    who: str
    program: str
    status: str
    urgent: bool


def register(app: Flask) -> None:
    """Add the page."""
    frame.route(app, "/kantor/keluarga/<int:id>/kasus-baru", new_case, _RIGHT, methods=("GET", "POST"))


def new_case(id: int) -> Response:
    """Show what can be asked for, or open the case; handed in, the engine judges it and the village checks it."""
    if request.method == "GET":
        return _show(id)
    office, form = public.desk().office, request.form
    try:
        with frame.work() as work:
            household = household_there(work, id, _RIGHT)
            asked = [_asked(household, one) for one in form.getlist("ask")]
            urgent = form.get("urgent", "").strip() or None
            case = open_case(work, office, household, asked, form.get("channel", ""), urgent)
            number = case.number
            if form.get("submit"):
                submit(work, office, case)
        with frame.work() as work:
            diagnose(work, office, seen_case(work, number), "opened")
    except NotFound:
        raise
    except Refused as refused:
        return _show(id, {refused.field: refused.said(public.chosen_language())}, 400)
    return redirect(url_for("case_page", number=number))


def _asked(household: Household, said: str) -> tuple[str, Person | None]:
    """Read one tick: a service and the member it is for, or `household`."""
    service, _, subject = said.partition("@")
    if subject == HOUSEHOLD:
        return service, None
    person = next((one for one in household.people if one.member == subject), None)
    if person is None:
        raise NotFound
    return service, person


def _show(id: int, errors: dict[str | None, str] | None = None, status: int = 200) -> Response:
    with frame.reading() as work:
        household = seen_household(work, id, _RIGHT)
        words = CaseWords.of(work)
        likely, others = _offers(work, words, household)
        return frame.page(
            "staff/cases/new.html",
            status,
            household=household,
            likely=likely,
            others=others,
            channels=CHANNELS,
            words=words,
            errors=errors or {},
            typed=request.form,
        )


def _offers(work: Work, words: CaseWords, household: Household) -> tuple[list[Offer], list[Offer]]:
    """Give the services that seem worth asking for, and all others that this kind of applicant can ask for."""
    office, secrets = words.office, work.actor.may("secrets.read")
    told = household_of(office, document_of(work, office, household, secrets))
    made = office.diagnose(told) if secrets else office.diagnose_for_everybody(told)
    likely, others = [], []
    for row in made.rows:
        offer = _offer(words, household.people, row)
        worth = row.concerned and not row.held and row.outcome in _LIKELY and row.service.offer != "not_here"
        (likely if worth else others).append((row.outcome != "yes", offer))
    return [one for _, one in sorted(likely, key=lambda one: one[0])], [one for _, one in others]


def _offer(words: CaseWords, people: Iterable[Person], row: Any) -> Offer:
    return Offer(
        value=f"{row.service.name}@{row.subject}",
        label=row.service.label.in_(words.lang),
        who=words.subject(people, row.subject) if row.subject != HOUSEHOLD else "",
        program=words.program(row.service.program.text),
        status=words.status(row.status),
        urgent=row.service.urgent,
    )
