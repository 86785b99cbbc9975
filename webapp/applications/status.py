"""Where is my application: opened with number and PIN, it says how far it is and takes what the applicant has to add."""

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, abort, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from casework.cases import letters, own_case, pins
from casework.cases.models import Case
from casework.cases.papers import MOST_FILES, File
from casework.people.attachments import MEGABYTE, PDF
from casework.refusals import NotFound, Refused
from casework.staff.actors import APPLICANT
from casework.store.work import Work
from engine.words import Speaker, day
from webapp.applications import ticket
from webapp.files import file_of
from webapp.frame import chosen_language, desk, show
from webapp.words import words_in

LARGEST_UPLOAD = 12 * MEGABYTE


def register(app: Flask) -> None:
    """Give the application the pages of one's own case."""
    app.add_url_rule(ticket.PATH, "application_status", application_status, methods=["GET", "POST"])
    for path, view in (
        ("surat/<int:request_id>", send_paper),
        ("tarik", withdraw_application),
        ("kirim-lagi", send_application_again),
        ("lihat-lagi", ask_human_again),
        ("selesai", close_application),
    ):
        app.add_url_rule(f"{ticket.PATH}/{path}", view.__name__, _guarded(view), methods=["POST"])
    app.add_url_rule(f"{ticket.PATH}/tarik", "withdraw_question", withdraw_question)
    app.add_url_rule(f"{ticket.PATH}/surat-keluar/<number>", "application_letter", application_letter)


def application_status() -> Response:
    """Ask for number and PIN, or show the case that they open."""
    if request.method == "GET":
        return _shown()
    typed = request.form.get("number", "")[:40]
    with ticket.house().work(APPLICANT) as work:
        case = pins.opens(work, typed, request.form.get("pin", "")[:40])
    if case is None:
        return _asking(422, typed)
    return ticket.give(redirect(url_for("application_status")), case)


def send_paper(request_id: int) -> Response:
    """Take photos in for a paper that was asked for."""
    files = [File(one.filename or "", one.read()) for one in request.files.getlist("file")[: MOST_FILES + 1]]
    files = [one for one in files if one.name or one.data]
    return _done(
        lambda work, case: own_case.answer_request(work, desk().office, case, request_id, files),
        "apply_received",
        f"file-{request_id}",
    )


def withdraw_question() -> Response:
    """Ask once more before an application is withdrawn."""
    with ticket.looking() as (_, case):
        if case is None:
            return redirect(url_for("application_status"))
        return show("applications/withdraw.html", number=case.number, csrf=ticket.csrf())


def withdraw_application() -> Response:
    reason = request.form.get("reason", "")
    return _done(lambda work, case: own_case.withdraw(work, desk().office, case, reason), "apply_withdrawn")


def send_application_again() -> Response:
    return _done(lambda work, case: own_case.send_again(work, desk().office, case), "apply_sent_again")


def ask_human_again() -> Response:
    """Take the wish in that a human looks again."""
    text = request.form.get("text", "")
    return _done(lambda work, case: own_case.ask_again(work, desk().office, case, text), "apply_asked_again", "text")


def close_application() -> Response:
    """Close the case in this browser."""
    return ticket.take_back(redirect(url_for("application_status")))


def application_letter(number: str) -> Response:
    """Give a letter to its applicant."""
    with ticket.looking() as (work, case):
        if case is None:
            return redirect(url_for("application_status"))
        letter = own_case.letter(work, case, number)
        return file_of(letters.content_of(work, letter), PDF, f"{letter.number}.pdf")


def _guarded(view: Callable[..., Response]) -> Callable[..., Response]:
    """Let a form in only from a page of ours; what is too large is said on the page of the case, where nothing is lost."""

    @wraps(view)
    def guarded(**values: Any) -> Response:
        request.max_content_length = LARGEST_UPLOAD
        try:
            carried = request.form.get("csrf", "")
        except RequestEntityTooLarge:
            said = words_in(chosen_language())("apply_too_large", most=LARGEST_UPLOAD // MEGABYTE)
            return _shown(413, {f"file-{values.get('request_id', '')}": said})
        if not request.cookies.get(ticket.COOKIE):
            return _asking(200, "", expired=True)
        if not hmac.compare_digest(carried.encode(), ticket.csrf().encode()):
            abort(400)
        return view(**values)

    return guarded


def _done(act: Callable[[Work, Case], object], said: str, field: str | None = None) -> Response:
    """Do something in the case of this browser, then show it; a refusal is shown beside its field."""
    try:
        with ticket.working() as (work, case):
            if case is None:
                return _asking(200, "", expired=True)
            act(work, case)
    except NotFound:
        raise
    except Refused as refused:
        return _shown(422, {field or refused.field or "": refused.said(chosen_language())})
    return redirect(url_for("application_status", baru=said.removeprefix("apply_")))


def _asking(status: int, number: str, expired: bool = False) -> Response:
    """Ask for number and PIN; after a failure without saying what was wrong."""
    expired = expired or (status == 200 and ticket.COOKIE in request.cookies)
    response = show("applications/open.html", status, number=number, wrong=status == 422, closed=expired)
    return ticket.take_back(response) if expired else response


_NEWS = ("received", "withdrawn", "sent_again", "asked_again")


def _shown(status: int = 200, errors: dict[str, str] | None = None) -> Response:
    """Show the case of this browser; ask for number and PIN where there is none."""
    lang = chosen_language()
    with ticket.looking() as (work, case):
        if case is None:
            return _asking(200, "")
        mine = own_case.own_case(work, desk().office, case)
        return show(
            "applications/status.html",
            status,
            case=mine,
            speaker=Speaker(desk().office.knowledge, lang),
            day=lambda value: day(value, lang),
            errors=errors or {},
            news=request.args.get("baru") if request.args.get("baru") in _NEWS else None,
            csrf=ticket.csrf(),
            most=MOST_FILES,
            typed=request.form if errors and status != 413 else {},
        )
