"""Pages of the register: one household, one person; what is entered, corrected, moved and closed there."""

from flask import Flask, Response, redirect, request, url_for

from casework.cases.models import Case
from casework.people import accounts, residences
from casework.people.merges import merges_of
from casework.people.models import Household, Person
from casework.people.register import seen_household, seen_person
from casework.refusals import Refused
from casework.staff.areas import known_cases, may_see
from casework.store.work import Work
from webapp.staff import frame
from webapp.staff.case_words import CaseWords
from webapp.staff.register_forms import Shown, answer, day_of, version

READ, WRITE = "register.read", "register.write"
_HOUSEHOLD, _PERSON = "staff/register/household.html", "staff/register/person.html"


def register(app: Flask) -> None:
    """Add the pages."""
    household, person, post = "/kantor/keluarga/<int:id>", "/kantor/warga/<int:id>", ("POST",)
    frame.route(app, household, household_page, READ)
    frame.route(app, f"{household}/tutup", household_close, WRITE, methods=post)
    frame.route(app, person, person_page, READ)
    frame.route(app, f"{person}/meninggal", person_died, WRITE, methods=post)
    frame.route(app, f"{person}/rekening/tutup", account_close, WRITE, methods=post)


def household_page(id: int) -> Response:
    """Show who lives in a household and what became of it."""
    with frame.reading() as work:
        return frame.page(_HOUSEHOLD, errors={}, typed={}, **_household(work, seen_household(work, id)))


def person_page(id: int) -> Response:
    """Show one person; a merged entry leads to the one that was kept."""
    with frame.reading() as work:
        person = seen_person(work, id)
        if person.id != id:
            return redirect(url_for("person_page", id=person.id))
        return frame.page(_PERSON, errors={}, typed={}, **_person(work, person))


def household_close(id: int) -> Response:
    """Close a household, or open it again."""

    def save(work: Work) -> str:
        household = seen_household(work, id, WRITE)
        if request.form.get("do") == "reopen":
            residences.reopen_household(work, household, version())
        else:
            residences.close_household(work, household, request.form.get("reason", ""), day_of("since"), version())
        return url_for("household_page", id=id)

    return answer(_HOUSEHOLD, lambda work: _household(work, seen_household(work, id)), save)


def person_died(id: int) -> Response:
    """Note that a person died, or that this was a mistake."""

    def save(work: Work) -> str:
        day = None if request.form.get("do") == "lives" else day_of("died_on")
        if day is None and request.form.get("do") != "lives":
            raise Refused("register-date", "died_on")
        residences.record_death(work, seen_person(work, id, WRITE), day, version())
        return url_for("person_page", id=id)

    return answer(_PERSON, lambda work: _person(work, seen_person(work, id)), save)


def account_close(id: int) -> Response:
    """Let no account of a person receive aid any more."""
    with frame.work() as work:
        person = seen_person(work, id, WRITE)
        work.same(person, version())
        accounts.close_account(work, person)
    return redirect(url_for("person_page", id=id))


def _household(work: Work, household: Household) -> Shown:
    return {
        "household": household,
        "kk": household.shown(work.keys, "kk"),
        "people": [(one, one.shown(work.keys, "nik"), _age(work, one)) for one in household.people],
        "gone": residences.moved_out(work, household),
        "cases": known_cases(work, Case.household_id == household.id),
        "words": CaseWords.of(work),
        "ends": residences.ENDS,
        "can": {right: may_see(work, household, right) for right in (WRITE, "case.open")},
    }


def _person(work: Work, person: Person) -> Shown:
    own = [
        (one, accounts.shown_account(work.keys, one)) for one in accounts.accounts_of(work, person) if one.number_sealed
    ]
    stays = residences.residences_of(work, person)
    seen = residences.seen_households(work, stays)
    return {
        "person": person,
        "nik": person.shown(work.keys, "nik"),
        "age": _age(work, person),
        "accounts": own,
        "stays": [(one, one.household_id in seen) for one in stays],
        "merges": merges_of(work, person),
        "can": {right: may_see(work, person.household, right) for right in (WRITE, "register.merge")},
    }


def _age(work: Work, person: Person) -> int | None:
    born, until = person.birth_date, person.died_on or work.today
    if born is None:
        return None
    return until.year - born.year - ((until.month, until.day) < (born.month, born.day))
