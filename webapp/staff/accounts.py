"""The accounts of the people who work here, for their administrator. A password to hand over is shown once, on the answer."""

from typing import Any

from flask import Flask, Response, redirect, request, url_for

from casework.people.places import villages_for
from casework.refusals import Refused
from casework.staff import accounts, passwords, sign_ins
from casework.staff.models import Account
from casework.staff.posts import PostEntry, checked_post
from casework.staff.rights import KNOWING, ROLES
from casework.store.work import Work
from engine.knowledge.model import Knowledge
from webapp import frame
from webapp.staff import frame as staff


def register(app: Flask) -> None:
    """Add the pages."""
    both = ("GET", "POST")
    staff.route(app, "/kantor/akun", accounts_page, accounts.WRITE, methods=both, menu="accounts_menu")
    staff.route(app, "/kantor/akun/<int:number>", account_page, accounts.WRITE, methods=both)


def accounts_page() -> Response:
    """List accounts, or make one and show its first password."""
    if request.method == "GET":
        return _list()
    password = passwords.one_time()
    try:
        with staff.work() as work:
            made = accounts.make_account(work, request.form["login"], request.form["name"], (), password)
    except Refused as refused:
        return _list(400, errors=_errors(refused))
    return _handed_over(made)


def account_page(number: int) -> Response:
    """Show an account; give and take posts, block, help back in."""
    if request.method == "GET":
        return _account(number)
    do = request.form.get("do", "")
    if do in ("password", "factor"):
        return _reset(number, factor=do == "factor")
    try:
        with staff.work() as work:
            _change(work, number, do)
    except Refused as refused:
        return _account(number, 400, errors=_errors(refused))
    return redirect(url_for("account_page", number=number))


def _change(work: Work, number: int, do: str) -> None:
    version = request.form.get("version")
    if do == "block":
        accounts.block(work, number, version)
    elif do == "unblock":
        accounts.unblock(work, number, version)
    elif do.startswith("take-") and do[5:].isdecimal():
        accounts.take_post(work, number, int(do[5:]), version)
    else:
        accounts.give_post(work, number, checked_post(work, _knowledge(), _entry()), version)


def _reset(number: int, factor: bool) -> Response:
    password = passwords.one_time()
    try:
        with staff.work() as work:
            made = accounts.reset(work, number, factor, request.form.get("version"), password)
    except Refused as refused:
        return _account(number, 400, errors=_errors(refused))
    return _handed_over(made)


def _entry() -> PostEntry:
    said = {name: request.form.get(name, "") for name in ("role", "village", "hamlet", "rw", "rt")}
    programs = tuple(request.form.getlist("programs"))
    return PostEntry(**said, programs=programs, secrets="secrets" in request.form)


def _errors(refused: Refused) -> dict[str, str]:
    """Give what to mend by its field; what is wrong with no field alone is said above the form."""
    if type(refused) is not Refused:
        raise refused
    return {refused.field or "": refused.said(frame.chosen_language())}


def _list(status: int = 200, errors: dict[str, str] | None = None) -> Response:
    text = request.args.get("q", "").strip()
    with staff.reading() as work:
        rows = [_row(one, work) for one in accounts.accounts(work, text)]
    shown = {"rows": rows, "q": text, "errors": errors or {}, "typed": request.form, "programs": _programs()}
    return staff.page("staff/accounts/accounts.html", status, **shown)


def _account(number: int, status: int = 200, errors: dict[str, str] | None = None) -> Response:
    with staff.reading() as work:
        account = accounts.account(work, number)
        shown = {
            **_row(account, work),
            "version": account.version,
            "ids": [post.id for post in account.posts],
            "own": account.id == work.actor.account,
            "villages": villages_for(work, accounts.WRITE),
        }
        return staff.page(
            "staff/accounts/account.html",
            status,
            one=shown,
            roles=list(ROLES),
            programs=_programs(),
            knowing=KNOWING,
            errors=errors or {},
            typed=request.form,
        )


def _row(account: Account, work: Work) -> dict[str, Any]:
    waits = account.locked_until is not None and account.locked_until > work.now
    return {
        "id": account.id,
        "login": account.login,
        "name": account.name,
        "active": account.active,
        "waits_until": account.locked_until if waits else None,
        "first": account.must_change,
        "factor": account.totp_sealed is not None,
        "needs_factor": sign_ins.needs_second(account),
        "posts": sign_ins.actor_for(account).posts,
        "made_at": account.made_at,
    }


def _handed_over(made: accounts.Made) -> Response:
    return staff.page("staff/accounts/handed_over.html", made=made, days=accounts.ONE_TIME.days)


def _programs() -> dict[str, str]:
    lang = frame.chosen_language()
    return {name: program.label.in_(lang) for name, program in _knowledge().programs.items()}


def _knowledge() -> Knowledge:
    return frame.desk().office.knowledge
