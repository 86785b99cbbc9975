"""The audit log for those who may read it: who did what, to what and when; and whether it is whole."""

from contextlib import suppress
from datetime import date
from typing import Any

from flask import Flask, Response, request

from casework.audit import looking
from casework.refusals import Refused
from webapp import frame
from webapp.staff import frame as staff


def register(app: Flask) -> None:
    """Add the page."""
    staff.route(app, "/kantor/catatan", audit_log, looking.READ, methods=("GET", "POST"), menu="accounts_log")


def audit_log() -> Response:
    """Show a page of the log by what is looked for; a POST checks the whole chain."""
    errors: dict[str, str] = {}
    wanted = looking.Wanted(
        who=_said("who"),
        account=_number("account"),
        what=_said("what"),
        kind=_said("kind"),
        about=_said("about"),
        since=_day("since", errors),
        until=_day("until", errors),
    )
    with staff.reading() as work:
        checked = looking.check(work) if request.method == "POST" else None
        page = looking.look(work, wanted, _number("before"))
        kinds = looking.kinds(work)
    shown: dict[str, Any] = {"page": page, "kinds": kinds, "checked": checked, "errors": errors}
    typed = {name: text for name, text in request.args.items() if text and name in _FIELDS}
    return staff.page("staff/accounts/log.html", 400 if errors else 200, typed=typed, **shown)


_FIELDS = ("who", "account", "what", "kind", "about", "since", "until")


def _said(name: str) -> str:
    return request.args.get(name, "").strip()


def _number(name: str) -> int | None:
    """Give a number of the address; what is none, or larger than any entry, is not looked for."""
    text = _said(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _day(name: str, errors: dict[str, str]) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(_said(name)) if _said(name) else None
    errors[name] = Refused("staff-day", name).said(frame.chosen_language())
    return None
