"""The page of the villages that there are: the administrator adds them by their codes."""

from flask import Flask, Response, redirect, request, url_for

from casework.people.places import add_villages, villages_for
from casework.refusals import Refused
from webapp import frame as public
from webapp.staff import frame

RIGHT = "accounts.write"


def register(app: Flask) -> None:
    """Add the page."""
    frame.route(app, "/kantor/desa", villages_page, RIGHT, methods=("GET", "POST"), menu="register_villages")


def villages_page() -> Response:
    """Show the villages, or add some: one a line, its code and its name."""
    errors, status, typed = {}, 200, ""
    if request.method == "POST":
        typed = request.form.get("villages", "")
        lines = [line.replace(";", " ").replace(",", " ").split(None, 1) for line in typed.splitlines() if line.strip()]
        try:
            with frame.work() as work:
                add_villages(work, [(code, *(name or [None])) for code, *name in lines])
            return redirect(url_for("villages_page"))
        except Refused as refused:
            errors, status = {refused.field: refused.said(public.chosen_language())}, 400
    with frame.reading() as work:
        villages = villages_for(work, RIGHT)
        return frame.page(
            "staff/register/villages.html", status, villages=villages, errors=errors, typed={"villages": typed}
        )
