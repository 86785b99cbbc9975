"""One place on a list: why somebody has it, waits or was removed, and what can be changed about it while it is a draft."""

from collections.abc import Callable

from babel.numbers import format_decimal
from flask import Flask, Response, redirect, request, url_for

from casework.lists import changes
from casework.lists.conflicts import explained
from casework.lists.lists import DRAFT, READING, hidden_services, seen_entry
from casework.lists.models import Entry
from casework.refusals import ChangedMeanwhile, NotAllowed, NotFound, Refused
from casework.store.work import Work
from webapp import frame as public
from webapp.staff import frame
from webapp.staff.lists import knowing, number_of, words


def register(app: Flask) -> None:
    """Add the page and what can be done on it."""
    one = "/kantor/daftar/<number>/penerima/<int:entry>"
    frame.route(app, one, list_entry, *READING)
    frame.route(app, f"{one}/<what>", list_entry_act, DRAFT, methods=("POST",))


def list_entry(number: str, entry: int) -> Response:
    """Show why somebody stands where they stand."""
    return _shown(number, entry)


def list_entry_act(number: str, entry: int, what: str) -> Response:
    """Change something about one place."""
    act = _ACTS.get(what)
    if act is None:
        raise NotFound
    try:
        with frame.work() as work:
            act(work, seen_entry(work, knowing(), number, entry))
    except (NotFound, NotAllowed, ChangedMeanwhile):
        raise
    except Refused as refused:
        return _shown(number, entry, refused, what, 400)
    return redirect(url_for("list_entry", number=number, entry=entry, done="changed"))


def _shown(number: str, id_: int, refused: Refused | None = None, form: str = "", status: int = 200) -> Response:
    lang = public.chosen_language()
    with frame.reading() as work:
        office, entry = knowing(), seen_entry(work, knowing(), number, id_)
        work.record("list.entry_read", "household", entry.household_id, list=number)
        why = changes.why_here(work, office.knowledge, entry)
        hidden = hidden_services(work, office)
        service = office.knowledge.services.get(entry.list.service)
        key = service.priority.text if service and service.priority else None
        return frame.page(
            "staff/lists/entry.html",
            status,
            on=entry.list,
            entry=entry,
            why=why,
            conflicts=[explained(office.knowledge, one, lang, hidden) for one in why.conflicts],
            priority_name=office.knowledge.conclusions[key].label.in_(lang) if key else None,
            priority=None if why.priority is None else format_decimal(why.priority, "0.00", locale=lang),
            may_change=entry.list.state == "draft" and work.actor.may_for(DRAFT, entry.list.program),
            errors={refused.field: refused.said(lang)} if refused else {},
            mended=form,
            typed=request.form,
            done=request.args.get("done") == "changed",
            **words(),
        )


def _amount(work: Work, entry: Entry) -> None:
    amount = number_of(_typed("amount"), "amount", "lists-amount")
    if amount is None:
        raise Refused("lists-amount", "amount")
    changes.set_amount(work, entry, amount, _typed("reason"), _version())


def _typed(name: str) -> str:
    return request.form.get(name, "")


def _version() -> str:
    return request.form.get("version", "0")


_ACTS: dict[str, Callable[[Work, Entry], object]] = {
    "keluarkan": lambda work, entry: changes.remove(work, knowing().knowledge, entry, _typed("reason"), _version()),
    "masukkan": lambda work, entry: changes.put_back(work, knowing().knowledge, entry, _version()),
    "jumlah": _amount,
}
