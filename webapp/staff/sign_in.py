"""The door of the office: password, code, a password of one's own, a key for the app; and out again.

Each step is a page of its own. Until the last one the browser's token opens nothing else; every step gives a new token, so
that none which was known before is ever signed in. The first page gives a token too, of nobody: with it a form shows that
it comes from a page of ours, and nobody is signed in as somebody else unawares.
"""

import secrets
from collections.abc import Callable

import segno
from flask import Flask, Response, redirect, request, url_for
from markupsafe import Markup

from casework.refusals import Refused
from casework.staff import second_factor, sign_ins, signing_in
from engine.offices import own_office
from webapp import frame
from webapp.staff import frame as staff

_STEPS = {sign_ins.CODE: "sign_in_code", sign_ins.PASSWORD: "sign_in_password", sign_ins.KEY: "sign_in_key"}


def register(app: Flask) -> None:
    """Add the pages of the door; they need nobody who is signed in."""
    app.add_url_rule("/masuk", "sign_in", sign_in, methods=("GET", "POST"))
    app.add_url_rule("/masuk/kode", "sign_in_code", sign_in_code, methods=("GET", "POST"))
    app.add_url_rule("/masuk/sandi", "sign_in_password", sign_in_password, methods=("GET", "POST"))
    app.add_url_rule("/masuk/kunci", "sign_in_key", sign_in_key, methods=("GET", "POST"))
    app.add_url_rule("/keluar", "sign_out", sign_out, methods=("GET", "POST"))


def sign_in() -> Response:
    """Ask for login and password."""
    token = request.cookies.get(staff.COOKIE, "")
    if request.method == "GET":
        known = sign_ins.actor_of(staff.house(), token) if token else None
        return _onwards(known) if known else _ask("sign_in")
    if not _from_our_page():
        return _ask("sign_in", 400, "accounts_form_old")
    new = signing_in.give_password(staff.house(), request.form.get("login", ""), request.form.get("password", ""))
    return _step_done(new) if new else _ask("sign_in", 401, "accounts_wrong")


def sign_in_code() -> Response:
    """Ask for the code of the app."""
    return _step(sign_ins.CODE, _code)


def sign_in_password() -> Response:
    """Ask for a password of one's own."""
    return _step(sign_ins.PASSWORD, _password)


def sign_in_key() -> Response:
    """Show a key, as a square to photograph and to be typed, and ask for a code that shows that the app has it."""
    return _step(sign_ins.KEY, _key)


def sign_out() -> Response:
    """End this sign-in. A link of somebody else's page cannot do it."""
    if request.method == "POST" and _from_our_page():
        with staff.house().work() as work:
            sign_ins.leave(work, request.cookies[staff.COOKIE])
    response = redirect(url_for("sign_in"))
    if request.method == "POST":
        response.delete_cookie(staff.COOKIE)
    return response


def remember(response: Response, token: str) -> Response:
    """Give the browser a token. It is sent along with links from elsewhere too, so that those find whom they know; every
    form has to show besides that it comes from a page of ours."""
    response.set_cookie(staff.COOKIE, token, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def new_password() -> str:
    """Read a new password of one's own, which is typed twice. Raises: Refused, at `again`."""
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        raise Refused("staff-password-repeat", "again")
    return new


def _step(left: str, view: Callable[[sign_ins.HalfWay], Response]) -> Response:
    """Let whoever is half signed in take this step; who took too long or has another one to take goes there."""
    with staff.house().reading() as work:
        half = sign_ins.half_way(work, request.cookies.get(staff.COOKIE, ""))
    if half is None:
        return redirect(_with_next("sign_in"))
    if half.left != left:
        return redirect(_with_next(_STEPS[half.left]))
    if request.method == "POST" and not _from_our_page():
        return redirect(_with_next(_STEPS[left]))
    return view(half)


def _code(half: sign_ins.HalfWay) -> Response:
    if request.method == "GET":
        return _ask("code", half=half)
    new = signing_in.give_code(staff.house(), request.cookies[staff.COOKIE], request.form.get("code", ""))
    return _step_done(new) if new else _ask("code", 401, "accounts_code_wrong", half=half)


def _password(half: sign_ins.HalfWay) -> Response:
    if request.method == "GET":
        return _ask("password", half=half)
    try:
        token = signing_in.choose_password(staff.house(), request.cookies[staff.COOKIE], new_password())
    except Refused as refused:
        errors = {"again" if refused.field == "again" else "new": refused.said(frame.chosen_language())}
        return _ask("password", 400, half=half, errors=errors)
    return _step_done(token)


def _key(half: sign_ins.HalfWay) -> Response:
    token, code = request.cookies[staff.COOKIE], request.form.get("code", "")
    with staff.house().reading() as work:
        key = signing_in.opened_key(work, half, request.form.get("key", "")) or second_factor.new_key()
        sealed = signing_in.sealed_key(work, half, key)
    new = signing_in.take_key(staff.house(), token, key, code) if request.method == "POST" else None
    if new:
        return _step_done(new)
    wrong = (401, "accounts_code_wrong") if request.method == "POST" else (200, None)
    return _ask("key", *wrong, half=half, sealed=sealed, key=_in_fours(key), square=_square(key, half.login))


def _step_done(token: str | None) -> Response:
    """Give the browser its new token and go on: to the next step, or in."""
    if token is None:
        return redirect(_with_next("sign_in"))
    with staff.house().reading() as work:
        half = sign_ins.half_way(work, token)
    known = None if half else sign_ins.actor_of(staff.house(), token)
    return remember(redirect(_with_next(_STEPS[half.left])) if half else _onwards(known), token)


def _onwards(known: staff.Actor) -> Response:
    """Go where somebody wanted to go before signing in, else where their work begins."""
    return redirect(frame.page_of_ours(_next(), staff.first_page(known)))


def _ask(template: str, status: int = 200, wrong: str | None = None, **details: object) -> Response:
    """Show a page of the door; `wrong` is the text to say about what was sent."""
    token = request.cookies.get(staff.COOKIE) or secrets.token_urlsafe(32)
    shown = {"csrf": staff.csrf_of(token), "next": _next(), "wrong": wrong, "typed": request.form, "errors": {}}
    return remember(frame.show(f"staff/accounts/{template}.html", status, **{**shown, **details}), token)


def _from_our_page() -> bool:
    """Say whether a form carries what only a page of ours could give it."""
    token = request.cookies.get(staff.COOKIE)
    return bool(token) and staff.carries(staff.csrf_of(token))


def _next() -> str:
    return request.values.get("next", "")


def _with_next(endpoint: str) -> str:
    return url_for(endpoint, next=_next() or None)


def _in_fours(key: str) -> str:
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def _square(key: str, login: str) -> Markup:
    """Draw the square that an app photographs, into the page itself: it is in no file and at no address."""
    office = own_office(frame.desk().office.knowledge)
    address = second_factor.address_of(key, login, f"Tepat {office.label.id}" if office else "Tepat")
    return Markup(segno.make(address, error="m").svg_inline(scale=5, border=4, svgclass="qr", lineclass=None))
