"""The same for many cases: what would become of each is shown first, and done when the officer says so."""

from typing import Any

from flask import Flask, Response, request

from casework.cases.bulk import Act, Pick, assigning, do_all, moving, preview
from casework.cases.transitions import CASE_STATES
from casework.refusals import Refused
from webapp import frame as public
from webapp.staff import frame
from webapp.staff.case_words import CaseWords

_RIGHTS = ("case.open", "check.office")


def register(app: Flask) -> None:
    """Add the page that previews and does."""
    frame.route(app, "/kantor/bersama", bulk, *_RIGHTS, methods=("POST",))


def bulk() -> Response:
    """Preview what was chosen in the queue; with `sure`, do it and report."""
    form = request.form
    picks = [Pick(*one.split("@", 1)) for one in form.getlist("case") if "@" in one]
    action, sure = form.get("action", ""), bool(form.get("sure"))
    try:
        act = _act(action, form.get("reason", ""))
        results = (do_all if sure else preview)(frame.house(), frame.actor(), picks, act)
    except Refused as refused:
        return _page(400, refused=refused, results=[], action=action, sure=False)
    return _page(200, refused=None, results=results, action=action, sure=sure)


def _act(action: str, reason: str) -> Act:
    what, _, of = action.partition(":")
    if what == "move" and of in CASE_STATES:
        return moving(public.desk().office.knowledge, of, reason)
    if action == "take":
        return assigning(frame.actor().account)
    if action == "free":
        return assigning(None)
    raise Refused("case-no-action", "action")


def _page(status: int, **details: Any) -> Response:
    with frame.reading() as work:
        words = CaseWords.of(work)
    return frame.page("staff/cases/bulk.html", status, words=words, reason=request.form.get("reason", ""), **details)
