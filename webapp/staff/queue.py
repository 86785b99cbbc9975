"""The work queue of the office, and where the cases that are chosen in it go to be done together (`bulk`)."""

from typing import Any

from flask import Flask, Response, redirect, request, url_for

from casework.cases import numbers
from casework.cases.bulk import moves_of
from casework.cases.queue import MOST, OPEN, VIEWS, WAITING, Wish, counts
from casework.cases.queue import queue as cases_of
from casework.refusals import NotFound
from casework.staff.accounts import names_of
from casework.staff.areas import seen_case
from casework.store.work import Work
from webapp.staff import frame
from webapp.staff.case_words import CaseWords

_RIGHTS = ("case.open", "check.office", "decision.decide", "objection.answer", "check.meeting")


def register(app: Flask) -> None:
    """Add the work queue; it comes first in the menu of whoever works at the office."""
    frame.route(app, "/kantor", queue, *_RIGHTS, menu="cases_queue")


def queue() -> Response:
    """Show the cases that wait, the first due first."""
    wish = wish_of(request.args)
    with frame.reading() as work:
        number = numbers.read(wish.search)
        if number and _is_there(work, number):
            return redirect(url_for("case_page", number=number))
        found = cases_of(work, wish)
        words = CaseWords.of(work)
        rows = [_row(work, words, case) for case in found.cases]
        return frame.page(
            "staff/cases/queue.html",
            wish=wish,
            rows=rows,
            found=found,
            most=MOST,
            views=VIEWS,
            counts=counts(work),
            programs=[(name, words.program(name)) for name in words.office.knowledge.programs],
            afters=moves_of(work.actor),
            words=words,
            link=lambda **changes: url_for("queue", **_query(wish, **changes)),
            names=names_of(work, {case.assigned_to for case in found.cases}),
        )


def wish_of(args: Any) -> Wish:
    """Read what somebody wants to see from the address."""
    page = args.get("page", "")
    view = args.get("view", "")
    return Wish(
        view=view if view in VIEWS else OPEN if args.get("search") or args.get("state") else WAITING,
        state=args.get("state", ""),
        program=args.get("program", ""),
        late=bool(args.get("late")),
        search=args.get("search", "")[:100],
        page=int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
    )


def _is_there(work: Work, number: str) -> bool:
    try:
        return bool(seen_case(work, number))
    except NotFound:
        return False


def _row(work: Work, words: CaseWords, case: Any) -> dict[str, Any]:
    return {
        "case": case,
        "name": case.household.name,
        "asked": words.asked(work, case),
        "place": words.place(case.household),
        "late": words.late(case.due_on),
        "due": words.due(case.due_on),
    }


def _query(wish: Wish, **changes: Any) -> dict[str, Any]:
    """Give the address's words for what is wanted, with some of it changed; what is empty is left out."""
    wanted = {**wish._asdict(), "page": 1, "late": 1 if wish.late else "", **changes}
    return {key: value for key, value in wanted.items() if value and not (key == "page" and value == 1)}
