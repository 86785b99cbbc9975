"""How forms of the register are shown and sent: nothing typed is lost, faults stand at their fields, doubts get a tick."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Response, redirect, request

from casework.people.import_rows import date_in
from casework.people.numbers import Doubtful
from casework.people.places import Place
from casework.people.register import HouseholdEntry, PersonEntry
from casework.refusals import NotAllowed, NotFound, Refused
from casework.store.work import Work
from webapp import frame as public
from webapp.staff import frame

Shown = Mapping[str, Any]


def answer(template: str, show: Callable[[Work], Shown], save: Callable[[Work], str]) -> Response:
    """Show a form, or do what it asks and go on.

    Args:
        template: Of the page with the form.
        show: Gives what the page shows; `typed` in it is what the form says at first.
        save: Does what the form asks; gives the address to go on to.
    """
    errors: dict[str | None, str] = {}
    doubts: tuple[Refused, ...] = ()
    status = 200
    if request.method == "POST":
        try:
            with frame.work() as work:
                onward = save(work)
            return redirect(onward)
        except (NotFound, NotAllowed):
            raise
        except Doubtful as refused:
            doubts, status = refused.doubts, 400
            errors[None] = refused.said(public.chosen_language())
        except Refused as refused:
            errors[refused.field] = refused.said(public.chosen_language())
            status = frame.status_of(refused)
    with frame.reading() as work:
        details = dict(show(work))
        if request.method == "POST":
            details["typed"] = request.form
        return frame.page(template, status, errors=errors, doubts=doubts, confirmed=confirmed(), **details)


def confirmed() -> list[str]:
    """Give the doubts that were ticked."""
    return request.form.getlist("confirmed") if request.method == "POST" else []


def version() -> str:
    """Give the version of what was shown; a form without one is nobody's of ours."""
    return request.form.get("version", "")


def household_entry() -> HouseholdEntry:
    """Read what was entered about a household."""
    form = request.form
    return HouseholdEntry(
        place_entry(),
        kk=form.get("kk"),
        name=form.get("household_name"),
        applicant=form.get("applicant", "family"),
        members_listed=form.get("members_listed", "all"),
    )


def place_entry() -> Place:
    """Read a place."""
    return Place(request.form.get("village", ""), *(request.form.get(part) for part in Place._fields[1:]))


def person_entry() -> PersonEntry:
    """Read what was entered about a person."""
    form = request.form
    return PersonEntry(
        form.get("name", ""),
        nik=form.get("nik"),
        birth_date=day_of("birth_date"),
        sex=form.get("sex") or None,
        mother_name=form.get("mother_name"),
        relation=form.get("relation") or None,
        without_nik=bool(form.get("without_nik")),
    )


def day_of(field: str) -> date | None:
    """Read a day. Raises: Refused `register-date`."""
    text = request.form.get(field, "").strip()
    found = date_in(text) if text else None
    if text and found is None:
        raise Refused("register-date", field)
    return found


def written(day: date | None) -> str:
    """Write a day as it is typed."""
    return f"{day:%d-%m-%Y}" if day else ""
