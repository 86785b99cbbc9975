"""One's own account: which posts it has, where it is signed in, and a new password."""

from typing import Any

from flask import Flask, Response, redirect, request, url_for

from casework.refusals import Refused
from casework.staff import sign_ins, signing_in
from casework.staff.rights import KNOWING
from webapp import frame
from webapp.staff import frame as staff
from webapp.staff.sign_in import new_password, remember


def register(app: Flask) -> None:
    """Add the page; it is there for all who are signed in."""
    staff.route(app, "/kantor/saya", profile, methods=("GET", "POST"), kept=False)


def profile() -> Response:
    """Show one's own account; change the password, or sign out at other browsers."""
    if request.method == "GET":
        return _shown(changed="changed" in request.args)
    if request.form.get("do") == "end":
        with staff.work() as work:
            sign_ins.end_others(work, _token())
        return redirect(url_for("profile", changed=1))
    try:
        token = _changed()
    except Refused as refused:
        return _shown(400, errors={_FIELDS.get(refused.field, refused.field): refused.said(frame.chosen_language())})
    return remember(redirect(url_for("profile", changed=1)), token)


_FIELDS = {"password": "new"}


def _changed() -> str:
    """Change the password; gives the token of the sign-in that goes on. Raises: Refused."""
    new, old = new_password(), request.form.get("old", "")
    token = signing_in.change_password(staff.house(), staff.actor().account, old, new)
    if token is None:
        raise Refused("staff-password-wrong", "old")
    return token


def _shown(status: int = 200, **details: Any) -> Response:
    with staff.reading() as work:
        browsers = sign_ins.running(work, staff.actor().account, _token())
    office = frame.desk().office.knowledge
    programs = {name: program.label.in_(frame.chosen_language()) for name, program in office.programs.items()}
    shown = {"browsers": browsers, "posts": staff.actor().posts, "programs": programs, "knowing": KNOWING, "errors": {}}
    return staff.page("staff/accounts/profile.html", status, **{**shown, **details})


def _token() -> str:
    return request.cookies[staff.COOKIE]
