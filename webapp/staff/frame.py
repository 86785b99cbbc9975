"""What every page of the office stands in: who is signed in, what they may do, the menu, and how a refusal is said."""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from typing import Any

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for

from casework.refusals import ChangedMeanwhile, NotAllowed, NotFound, Refused
from casework.staff import sign_ins
from casework.staff.actors import Actor
from casework.store.database import Database
from casework.store.work import Work
from engine.words import day as day_in_words
from webapp import frame
from webapp.staff.moments import moment

COOKIE = "masuk"
_STATUS = {NotFound: 404, NotAllowed: 403, ChangedMeanwhile: 409}
_MENU = "tepat.menu"


def register(app: Flask) -> None:
    """Let a refusal of casework be said as a page."""
    app.extensions.setdefault(_MENU, [])
    app.register_error_handler(Refused, refuse)


def house() -> Database:
    return frame.desk().database


def actor() -> Actor:
    """Give who is signed in; only in a page that `route` guards."""
    return g.actor


@contextmanager
def work() -> Iterator[Work]:
    """Do something as whoever is signed in (`Database.work`)."""
    with house().work(actor()) as one:
        yield one


@contextmanager
def reading() -> Iterator[Work]:
    """Look at something as whoever is signed in (`Database.reading`)."""
    with house().reading(actor()) as one:
        yield one


def route(
    app: Flask,
    path: str,
    view: Callable[..., Any],
    *rights: str,
    methods: Sequence[str] = ("GET",),
    menu: str | None = None,
    kept: bool = True,
    largest: int | None = None,
) -> None:
    """Add a page of the office, named after its view.

    Args:
        app: The application.
        path: Its address, below `/kantor` or `/lapangan`.
        view: Makes it.
        rights: It is there for whoever has one of them (none named: for all who are signed in).
        methods: A POST must carry `csrf`.
        menu: The key of the text under which it stands in the menu; None: it does not.
        largest: How many bytes a request may have, where files are sent; None: as many as any other.
        kept: What was typed is kept on the page when the session ended meanwhile; not where passwords are typed.
    """

    @wraps(view)
    def guarded(**values: Any) -> Any:
        request.max_content_length = largest  # before anything of the form is read
        token = request.cookies.get(COOKIE, "")
        found = sign_ins.actor_of(house(), token) if token else None
        if found is None and kept and request.method != "GET" and token and carries(csrf_of(token)):
            return _once_more(token)
        if found is None:
            return redirect(url_for("sign_in", next=request.full_path.rstrip("?") if request.method == "GET" else None))
        g.actor = found
        if rights and not any(found.may(right) for right in rights):
            raise NotAllowed
        if request.method != "GET" and not (carries(csrf()) or carries(_csrf_after(found.account))):
            abort(400)
        return view(**values)

    guarded.rights = rights
    app.add_url_rule(path, view.__name__, guarded, methods=methods)
    if menu:
        app.extensions[_MENU].append((view.__name__, menu, rights))


def carries(expected: str) -> bool:
    """Say whether the form of this request carries what it must, to come from a page of ours."""
    return hmac.compare_digest(request.form.get("csrf", "").encode(), expected.encode())


def csrf() -> str:
    """Give what a form must carry to come from a page of ours."""
    return csrf_of(request.cookies.get(COOKIE, ""))


def csrf_of(token: str) -> str:
    """It follows from a token that pages of others cannot read."""
    return hashlib.sha256(b"csrf" + token.encode()).hexdigest()


def _once_more(token: str) -> Response:
    """Keep what was typed when the session ended meanwhile: it can be sent again after signing in elsewhere.

    Only a form of ours comes this far, and only the account that was signed in can send it.
    """
    with house().reading() as one:
        account = sign_ins.account_of(one, token)
    fields = [(name, text) for name, text in request.form.items(multi=True) if name != "csrf"]
    shown = {"fields": fields, "files": bool(request.files), "csrf": _csrf_after(account)}
    return frame.show("staff/accounts/once_more.html", 401, **shown)


def _csrf_after(account: int | None) -> str:
    """What a form carries that an account sends to this address once more, after its session ended."""
    return house().keys.sign(f"once more: {account} {request.path}".encode())


def page(template: str, status: int = 200, **details: Any) -> Response:
    """Render a page of the office.

    Templates know `actor`, `csrf`, `menu`, `first_page`, the functions `moment(datetime)` and `day(date)`, and what they
    are given.
    """
    shown = {
        "actor": actor(),
        "csrf": csrf(),
        "menu": menu_of(actor()),
        "first_page": first_page(actor()),
        "moment": moment,
        "day": partial(day_in_words, lang=frame.chosen_language()),
    }
    return frame.show(template, status, **{**shown, **details})


def menu_of(someone: Actor) -> list[tuple[str, str]]:
    """Give the pages in the menu of somebody, by their rights: endpoints with the keys of their texts."""
    return [
        (endpoint, text)
        for endpoint, text, rights in current_app.extensions[_MENU]
        if not rights or any(someone.may(right) for right in rights)
    ]


def first_page(someone: Actor) -> str:
    """Give the address where somebody's work begins: the first page of the menu."""
    menu = menu_of(someone)
    return url_for(menu[0][0] if menu else "profile")


def status_of(refused: Refused) -> int:
    """Give the status of a page that says why something is not done."""
    return _STATUS.get(type(refused), 400)


def refuse(refused: Refused) -> Response:
    """Say why something is not done; a page that can say it beside a field catches the refusal itself."""
    status = status_of(refused)
    said = refused.said(frame.chosen_language())
    if "actor" in g:
        return page("staff/refused.html", status, said=said)
    return frame.show("error.html", status, key="not_found" if status == 404 else "refused")
