"""The page of one case: what it shows comes from `case_view` and from the rooms that have a part of it."""

from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from flask import Flask, Response, current_app, render_template, url_for
from markupsafe import Markup

from casework.cases.models import Case
from casework.refusals import Refused
from casework.staff.areas import seen_case
from casework.store.work import Work
from webapp import frame as public
from webapp.staff import frame
from webapp.staff.case_view import case_view
from webapp.words import words_in

# The rooms with a part of the page, in its order: `webapp.staff.<room>` has `on_case`, `staff/<room>/on_case.html` shows it.
PARTS = ("facts", "papers", "decisions", "letters", "lists", "payments", "objections")


def register(app: Flask) -> None:
    """Add the page."""
    frame.route(app, "/kantor/kasus/<number>", case_page, "case.read")


def case_page(number: str) -> Response:
    """Show a case."""
    return show_case(number)


def show_case(number: str, refused: Refused | None = None, form: str = "", status: int = 200) -> Response:
    """Show a case, with what is to be mended in one of its forms (`form`); what was typed stays."""
    with frame.reading() as work:
        case = seen_case(work, number)
        work.record("case.read", "case", case.number)
        return frame.page(
            "staff/cases/case.html",
            status,
            refused=refused,
            mended=form,
            errors={refused.field: refused.said(public.chosen_language())} if refused else {},
            parts=list(_parts(work, case)),
            household_link=link_to("household_page", id=case.household_id),
            **case_view(work, case),
        )


def link_to(endpoint: str, **values: Any) -> str | None:
    """Give the address of a page of another room; None when that room is not there."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def _parts(work: Work, case: Case) -> Iterable[Markup]:
    """Render what the other rooms have to say about a case."""
    lang = public.chosen_language()
    for room, on_case in rooms():
        details: dict[str, Any] = on_case(work, case)
        shared = {"case": case, "actor": frame.actor(), "csrf": frame.csrf(), "lang": lang, "t": words_in(lang)}
        yield Markup(render_template(f"staff/{room}/on_case.html", **(shared | details)))


def rooms() -> Iterable[tuple[str, Callable[[Work, Case], dict[str, Any]]]]:
    """Give the rooms that are there, with their functions."""
    for room in PARTS:
        if find_spec(f"webapp.staff.{room}"):
            yield room, import_module(f"webapp.staff.{room}").on_case
