"""The page of the villages that there are: the administrator adds them by their codes."""

from flask import Flask, Response, request, url_for

from casework.people.places import add_villages, villages_for
from casework.store.work import Work
from webapp.staff import frame
from webapp.staff.register_forms import Shown, answer

RIGHT = "accounts.write"


def register(app: Flask) -> None:
    """Add the page."""
    frame.route(app, "/kantor/desa", villages_page, RIGHT, methods=("GET", "POST"), menu="register_villages")


def villages_page() -> Response:
    """Show the villages, or add some: one a line, its code and its name."""

    def save(work: Work) -> str:
        lines = (line.replace(";", " ").replace(",", " ") for line in request.form.get("villages", "").splitlines())
        pairs = [line.split(None, 1) for line in lines if line.strip()]
        add_villages(work, [(code, *(name or [None])) for code, *name in pairs])
        return url_for("villages_page")

    def show(work: Work) -> Shown:
        return {"villages": villages_for(work, RIGHT), "typed": {}}

    return answer("staff/register/villages.html", show, save)
