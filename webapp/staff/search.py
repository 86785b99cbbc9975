"""The page that finds people, households and cases. A NIK is sent, never written into an address."""

from typing import Any

from flask import Flask, Response, redirect, request, url_for

from casework.people.numbers import plain_number
from casework.people.search import Found, search
from casework.refusals import NotAllowed, Refused
from casework.store.work import Work
from engine.population_number import LENGTH
from webapp import frame as public
from webapp.staff import frame

_LONGEST = 200


def register(app: Flask) -> None:
    """Add the page."""
    frame.route(app, "/kantor/cari", search_people, "register.read", methods=("GET", "POST"), menu="register_search")


def search_people() -> Response:
    """Show what was found."""
    sent = request.method == "POST"
    text = (request.form if sent else request.args).get("q", "")[:_LONGEST].strip()
    number = plain_number(text) or ""
    if not sent and len(number) >= LENGTH and number.isdigit():
        return redirect(url_for("search_people", number="no"))  # and out of the address it goes
    errors: dict[Any, str] = {}
    with frame.reading() as work:
        found = None
        if text or sent:
            try:
                found = search(work, text)
            except NotAllowed:
                raise
            except Refused as refused:
                errors["q"] = refused.said(public.chosen_language())
        shown = {"rows": _rows(work, found), "found": found, "errors": errors, "in_address": "number" in request.args}
        return frame.page("staff/register/search.html", 400 if errors else 200, q=text, **shown)


def _rows(work: Work, found: Found | None) -> list[tuple[Any, str | None]]:
    return [(one, one.shown(work.keys, "nik")) for one in found.people] if found else []
