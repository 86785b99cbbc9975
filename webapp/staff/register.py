"""Pages of the register: one household, one person; what is entered, corrected, moved and closed there."""

from typing import Any

from flask import Flask, Response, redirect, request, url_for
from sqlalchemy import select

from casework.cases.models import Case
from casework.people import accounts, residences
from casework.people.merges import merges_of
from casework.people.models import Household, Person, Residence
from casework.people.register import may_see, seen_household, seen_person
from casework.refusals import Refused
from casework.staff.areas import households_of
from casework.store.work import Work
from webapp import frame as public
from webapp.staff import frame
from webapp.staff.case_words import CaseWords
from webapp.staff.register_forms import day_of, version

READ, WRITE = "register.read", "register.write"


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
        return _show_household(work, seen_household(work, id))


def person_page(id: int) -> Response:
    """Show one person; a merged entry leads to the one that was kept."""
    with frame.reading() as work:
        person = seen_person(work, id)
        if person.id != id:
            return redirect(url_for("person_page", id=person.id))
        return _show_person(work, person)


def household_close(id: int) -> Response:
    """Close a household, or open it again."""
    try:
        with frame.work() as work:
            household = seen_household(work, id, WRITE)
            if request.form.get("do") == "reopen":
                residences.reopen_household(work, household, version())
            else:
                residences.close_household(work, household, request.form.get("reason", ""), day_of("since"), version())
    except Refused as refused:
        if refused.field is None:
            raise
        with frame.reading() as work:
            return _show_household(work, seen_household(work, id), _said(refused), 400)
    return redirect(url_for("household_page", id=id))


def person_died(id: int) -> Response:
    """Note that a person died, or that this was a mistake."""
    try:
        with frame.work() as work:
            day = None if request.form.get("do") == "lives" else day_of("died_on")
            if day is None and request.form.get("do") != "lives":
                raise Refused("register-date", "died_on")
            residences.record_death(work, seen_person(work, id, WRITE), day, version())
    except Refused as refused:
        if refused.field is None:
            raise
        with frame.reading() as work:
            return _show_person(work, seen_person(work, id), _said(refused), 400)
    return redirect(url_for("person_page", id=id))


def account_close(id: int) -> Response:
    """Let no account of a person receive aid any more."""
    with frame.work() as work:
        person = seen_person(work, id, WRITE)
        work.same(person, version())
        accounts.close_account(work, person)
    return redirect(url_for("person_page", id=id))


def may(right: str) -> bool:
    """Say whether whoever is signed in has a right somewhere."""
    return frame.actor().may(right)


def _show_household(
    work: Work, household: Household, errors: dict[Any, str] | None = None, status: int = 200
) -> Response:
    people = household.people
    return frame.page(
        "staff/register/household.html",
        status,
        household=household,
        kk=household.shown(work.keys, "kk"),
        people=[(one, one.shown(work.keys, "nik"), _age(work, one)) for one in people],
        gone=_gone(work, household),
        cases=_cases(work, household),
        words=CaseWords.of(work),
        errors=errors or {},
        typed=request.form,
        ends=residences.ENDS,
        can={right: may_see(work, household, right) for right in (WRITE, "case.open")},
    )


def _show_person(work: Work, person: Person, errors: dict[Any, str] | None = None, status: int = 200) -> Response:
    own = [
        (one, accounts.shown_account(work.keys, one)) for one in accounts.accounts_of(work, person) if one.number_sealed
    ]
    seen = {one.household_id for one in residences.residences_of(work, person)}
    visible = set(work.session.scalars(select(Household.id).where(Household.id.in_(seen), households_of(work.actor))))
    return frame.page(
        "staff/register/person.html",
        status,
        person=person,
        nik=person.shown(work.keys, "nik"),
        age=_age(work, person),
        accounts=own,
        stays=[(one, one.household_id in visible) for one in residences.residences_of(work, person)],
        merges=merges_of(work, person),
        errors=errors or {},
        typed=request.form,
        can={right: may_see(work, person.household, right) for right in (WRITE, "register.merge")},
    )


def _said(refused: Refused) -> dict[Any, str]:
    return {refused.field: refused.said(public.chosen_language())}


def _age(work: Work, person: Person) -> int | None:
    born, until = person.birth_date, person.died_on or work.today
    if born is None:
        return None
    return until.year - born.year - ((until.month, until.day) < (born.month, born.day))


def _gone(work: Work, household: Household) -> list[tuple[Person, Residence]]:
    """Give who lived there before; of those who moved out of the actor's area only the name."""
    found = (
        select(Person, Residence)
        .join(Residence, Residence.person_id == Person.id)
        .where(Residence.household_id == household.id, Residence.until.is_not(None))
        .where(Person.household_id != household.id, Person.merged_into.is_(None))
        .order_by(Residence.until.desc(), Person.id)
    )
    return [(person, stay) for person, stay in work.session.execute(found)]


def _cases(work: Work, household: Household) -> list[Case]:
    if not may_see(work, household, "case.read"):
        return []
    return list(
        work.session.scalars(select(Case).where(Case.household_id == household.id).order_by(Case.opened_at.desc()))
    )
