"""Lists of beneficiaries: all of them, drawing one up, bringing in what others decided, and the places of a case on them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Flask, Response, redirect, request, url_for

from casework.cases.models import Case
from casework.lists import bringing_in, files_of_others, lists, reading, states
from casework.lists.lists import DRAFT, READING, draft_list
from casework.people import import_files
from casework.refusals import ChangedMeanwhile, NotAllowed, NotFound, Refused
from casework.store.work import Work
from engine.diagnosis import Office
from engine.knowledge.model import Service
from engine.words import day, money
from webapp import frame as public
from webapp.staff import frame

# The file with the fields of its form.
_LARGEST = import_files.LARGEST + 64 * 1024
_SHOWN_FAULTS = 200


def register(app: Flask) -> None:
    """Add the pages."""
    frame.route(app, "/kantor/daftar", lists_overview, *READING, menu="lists_menu")
    frame.route(app, "/kantor/daftar/baru", lists_draft, DRAFT, methods=("POST",))
    frame.route(app, "/kantor/daftar/masuk", lists_bring_in, DRAFT, methods=("GET", "POST"), largest=_LARGEST)


def lists_overview() -> Response:
    """Show all lists and the form that draws one up."""
    return _overview()


def lists_draft() -> Response:
    """Draw up a list from what was determined."""
    form = request.form
    try:
        with frame.work() as work:
            quota = number_of(form.get("quota", ""), "quota", "lists-quota")
            since, until = day_of(form.get("since", ""), "since"), day_of(form.get("until", ""), "until")
            number = draft_list(work, knowing(), form.get("service", ""), since, until, quota).number
    except (NotFound, NotAllowed, ChangedMeanwhile):
        raise
    except Refused as refused:
        return _overview(refused, 400)
    return redirect(url_for("list_page", number=number, done="drafted"))


def _overview(refused: Refused | None = None, status: int = 200) -> Response:
    state, service = request.args.get("state", ""), request.args.get("service", "")
    with frame.reading() as work:
        return frame.page(
            "staff/lists/overview.html",
            status,
            lists=reading.overview(work, knowing(), state if state in states.STATES else "", service),
            states=states.STATES,
            chosen={"state": state, "service": service},
            services=services_to_draft(work, knowing()),
            may_draft=work.actor.may(DRAFT),
            errors={refused.field: refused.said(public.chosen_language())} if refused else {},
            typed=request.form,
            year=work.today.year,
            **words(),
        )


def lists_bring_in() -> Response:
    """Bring in a list that somebody else decided: every row, or none; faults are shown row by row."""
    if request.method == "GET":
        return _form()
    form = request.form
    try:
        with frame.work() as work:
            sent = request.files.get("file")
            if sent is None or not sent.filename:
                raise Refused("lists-file-missing", "file")
            since, until = day_of(form.get("since", ""), "since"), day_of(form.get("until", ""), "until")
            rows = files_of_others.rows_of_file(sent.read())
            leave_out = form.get("leave_out") == "yes"
            office, service = knowing(), form.get("service", "")
            number = bringing_in.bring_in_list(work, office, service, since, until, rows, leave_out).number
    except (NotFound, NotAllowed, ChangedMeanwhile):
        raise
    except bringing_in.FaultyRows as refused:
        return _form(refused, refused.faults, 400)
    except Refused as refused:
        return _form(refused, (), 400)
    return redirect(url_for("list_page", number=number, done="brought_in"))


def _form(refused: Refused | None = None, faults: Any = (), status: int = 200) -> Response:
    lang = public.chosen_language()
    with frame.reading() as work:
        return frame.page(
            "staff/lists/bring_in.html",
            status,
            services=services_to_draft(work, knowing()),
            errors={refused.field or "file": refused.said(lang)} if refused else {},
            faults=[(fault.row, fault.nik, fault.said(lang)) for fault in faults[:_SHOWN_FAULTS]],
            fault_count=len(faults),
            typed=request.form,
            year=work.today.year,
            largest=import_files.LARGEST // 1024 // 1024,
            **words(),
        )


def on_case(work: Work, case: Case) -> dict[str, Any]:
    """Give the places of a case's family on lists, for the page of the case."""
    hidden = lists.hidden_services(work, knowing())
    places = [entry for entry in lists.entries_of(work, case.household) if entry.list.service not in hidden]
    mine = lists.visible_ids(work, knowing(), {entry.list_id for entry in places})
    return {"places": places, "linked": mine, **words()}


def knowing() -> Office:
    return public.desk().office


def services_to_draft(work: Work, office: Office) -> list[Service]:
    """Give the services whose lists the actor may draft."""
    hidden = lists.hidden_services(work, office)
    services = office.knowledge.services.values()
    return [one for one in services if one.name not in hidden and work.actor.may_for(DRAFT, one.program.text)]


def words() -> dict[str, Callable[..., str]]:
    """Give what all pages of lists say in the same way."""
    lang = public.chosen_language()
    return {
        "service_name": public.service_name,
        "day": lambda value: day(value, lang),
        "money": lambda amount: money(amount, lang),
    }


def day_of(text: str, field: str) -> date:
    """Read a day as a form sends it. Raises: Refused `lists-day`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused("lists-day", field) from None


def number_of(text: str, field: str, code: str) -> int | None:
    """Read a whole number, with or without points between thousands; None when nothing is typed."""
    digits = text.strip().removeprefix("Rp").replace(".", "").replace(" ", "")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise Refused(code, field)
    return int(digits)
