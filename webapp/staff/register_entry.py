"""Pages that enter and correct households, people, places and accounts."""

from typing import Any

from flask import Flask, Response, request, url_for

from casework.people import accounts, residences
from casework.people import register as entering
from casework.people.models import Household
from casework.people.numbers import Doubtful
from casework.people.places import Place, place_of, villages_for
from casework.people.register import seen_household, seen_person
from casework.refusals import Refused
from casework.store.work import Work
from webapp import frame as public
from webapp.staff import frame
from webapp.staff.register_forms import (
    Shown,
    answer,
    confirmed,
    day_of,
    household_entry,
    person_entry,
    place_entry,
    version,
    written,
)

WRITE = "register.write"


def register(app: Flask) -> None:
    """Add the pages."""
    both, household, person = ("GET", "POST"), "/kantor/keluarga/<int:id>", "/kantor/warga/<int:id>"
    frame.route(app, "/kantor/keluarga/baru", household_new, WRITE, methods=both, menu="register_new")
    frame.route(app, f"{household}/ubah", household_correct, WRITE, methods=both)
    frame.route(app, f"{household}/pindah", household_relocate, WRITE, methods=both)
    frame.route(app, f"{household}/warga-baru", person_new, WRITE, methods=both)
    frame.route(app, f"{person}/ubah", person_correct, WRITE, methods=both)
    frame.route(app, f"{person}/pindah", person_move, WRITE, methods=both)
    frame.route(app, f"{person}/rekening", account_set, WRITE, methods=both)


def household_new() -> Response:
    """Enter a household with its head, or a group."""

    def save(work: Work) -> str:
        entry, knowledge, doubts = household_entry(), public.desk().office.knowledge, []
        try:
            home = entering.register_household(work, knowledge, entry, confirmed())
        except Doubtful as refused:
            doubts += refused.doubts
            home = entering.register_household(work, knowledge, entry, None)
        if entry.applicant not in entering.NAMED or request.form.get("name", "").strip():
            try:
                entering.register_person(work, knowledge, home, person_entry(), confirmed())
            except Doubtful as refused:
                doubts += refused.doubts
        if doubts:
            raise Doubtful(doubts)  # nothing of it is kept: all is asked at once
        return url_for("household_page", id=home.id)

    def show(work: Work) -> Shown:
        return {**_choices(work), "typed": {"applicant": "family", "members_listed": "all", "relation": "head"}}

    return answer("staff/register/household_new.html", show, save)


def household_correct(id: int) -> Response:
    """Mend what was entered wrongly about a household."""

    def save(work: Work) -> str:
        home, knowledge = seen_household(work, id, WRITE), public.desk().office.knowledge
        entering.correct_household(work, knowledge, home, household_entry(), version(), confirmed())
        return url_for("household_page", id=id)

    def show(work: Work) -> Shown:
        home = seen_household(work, id, WRITE)
        own = {"household_name": home.name, "applicant": home.applicant, "members_listed": home.members_listed}
        return {**_choices(work), "household": home, "number": home.shown(work.keys, "kk"), "typed": own | _typed(home)}

    return answer("staff/register/household_correct.html", show, save)


def household_relocate(id: int) -> Response:
    """Let a household live elsewhere."""

    def save(work: Work) -> str:
        residences.relocate(work, seen_household(work, id, WRITE), place_entry(), day_of("since"), version())
        return url_for("household_page", id=id)

    def show(work: Work) -> Shown:
        home = seen_household(work, id, WRITE)
        return {**_choices(work), "household": home, "typed": _typed(home) | {"since": written(work.today)}}

    return answer("staff/register/relocate.html", show, save)


def person_new(id: int) -> Response:
    """Enter a person of a household."""

    def save(work: Work) -> str:
        home, knowledge = seen_household(work, id, WRITE), public.desk().office.knowledge
        entering.register_person(work, knowledge, home, person_entry(), confirmed(), day_of("since"))
        return url_for("household_page", id=id)

    def show(work: Work) -> Shown:
        return {**_choices(work), "household": seen_household(work, id, WRITE), "typed": {}}

    return answer("staff/register/person_new.html", show, save)


def person_correct(id: int) -> Response:
    """Mend what was entered wrongly about a person."""

    def save(work: Work) -> str:
        person, knowledge = seen_person(work, id, WRITE), public.desk().office.knowledge
        entering.correct_person(work, knowledge, person, person_entry(), version(), confirmed())
        return url_for("person_page", id=id)

    def show(work: Work) -> Shown:
        person = seen_person(work, id, WRITE)
        own = {name: getattr(person, name) or "" for name in ("name", "sex", "mother_name", "relation")}
        own["birth_date"] = written(person.birth_date)
        return {**_choices(work), "person": person, "number": person.shown(work.keys, "nik"), "typed": own}

    return answer("staff/register/person_correct.html", show, save)


def person_move(id: int) -> Response:
    """Let a person live in another household, found by its family card or its number here."""

    def save(work: Work) -> str:
        person = seen_person(work, id, WRITE)
        home = _other_household(work)
        relation = request.form.get("relation") or None
        if relation not in (None, *entering.RELATIONS):
            raise Refused("register-choice", "relation")
        residences.move_person(work, person, home, day_of("since"), relation, version())
        return url_for("person_page", id=id)

    def show(work: Work) -> Shown:
        person = seen_person(work, id, WRITE)
        return {**_choices(work), "person": person, "typed": {"since": written(work.today)}}

    return answer("staff/register/person_move.html", show, save)


def account_set(id: int) -> Response:
    """Let aid for a person go to another account."""

    def save(work: Work) -> str:
        person, form = seen_person(work, id, WRITE), request.form
        work.same(person, version())
        accounts.set_account(
            work, person, form.get("bank", ""), form.get("number", ""), form.get("holder"), confirmed()
        )
        return url_for("person_page", id=id)

    def show(work: Work) -> Shown:
        person = seen_person(work, id, WRITE)
        return {"person": person, "typed": {"holder": person.name}}

    return answer("staff/register/account.html", show, save)


def _other_household(work: Work) -> Household:
    """Find the household that somebody moves to: by its family card, as only that is at hand."""
    found = entering.household_by_card(work, request.form.get("kk", ""))
    if found is None:
        raise Refused("register-no-such-card", "kk")
    return found


def _choices(work: Work) -> dict[str, Any]:
    return {
        "villages": villages_for(work, WRITE),
        "relations": entering.RELATIONS,
        "applicants": public.APPLICANTS,
    }


def _typed(home: Household) -> dict[str, str]:
    return {part: value or "" for part, value in zip(Place._fields, place_of(home), strict=True)}
