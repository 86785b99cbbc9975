"""What an officer does on the case page: move it on, write notes, give it to somebody, hand claims over, refer."""

from collections.abc import Callable, Mapping
from pathlib import Path

from flask import Flask, Response, redirect, request, url_for

from casework import typeset
from casework.cases import desk
from casework.cases.diagnoses import diagnose, latest, may_see
from casework.cases.models import Case, Claim
from casework.cases.moving import move_case, move_claim
from casework.cases.opening import submit
from casework.people.attachments import attach
from casework.refusals import NotFound, Refused
from casework.staff.areas import seen_case
from casework.store.work import Work
from engine.diagnosis import Office
from engine.offices import own_office
from webapp import frame as public
from webapp.files import sheet
from webapp.staff import frame
from webapp.staff.case_page import show_case
from webapp.staff.case_words import CaseWords
from webapp.words import words_in

_LARGEST = 11 * 1024 * 1024
# After these steps the engine looks again, in a unit of work of its own.
_AGAIN = {"submitted": "opened", "dinsos_verified": "office"}
Do = Callable[[Work, Office, Case, Mapping[str, str]], str | None]


def register(app: Flask) -> None:
    """Add the forms' address and that of the referral slip."""
    frame.route(app, "/kantor/kasus/<number>/langkah", case_do, "case.read", methods=("POST",), largest=_LARGEST)
    frame.route(app, "/kantor/kasus/<number>/rujukan/<slip>.pdf", referral_slip, "case.read")


def case_do(number: str) -> Response:
    """Do what one form of the case page says; refused, the page comes back with what was typed."""
    form, office = request.form, public.desk().office
    what = form.get("do", "")
    try:
        with frame.work() as work:
            case = seen_case(work, number)
            work.same(case, form.get("version"))
            again = _DOES[what](work, office, case, form) if what in _DOES else _nothing()
        if again:
            with frame.work() as work:
                diagnose(work, office, seen_case(work, number), again)
    except NotFound:
        raise
    except Refused as refused:
        return show_case(number, refused, form.get("form", what), frame.status_of(refused))
    return redirect(url_for("case_page", number=number))


def _nothing() -> None:
    raise NotFound


def _move(work: Work, office: Office, case: Case, form: Mapping[str, str]) -> str | None:
    after, reason = form.get("after", ""), form.get("reason")
    if (case.state, after) == ("draft", "submitted"):
        submit(work, office, case, reason)
        return None if latest(work, case) else _AGAIN[after]
    move_case(work, case, after, reason, holidays=office.knowledge.holidays)
    return _AGAIN.get(after)


def _move_claim(work: Work, office: Office, case: Case, form: Mapping[str, str]) -> None:
    claim = _claim(work, case, form)
    attachment = _attachment(work, case)
    move_claim(work, claim, form.get("after", ""), form.get("reason"), attachment, office.knowledge.holidays)


def _note(work: Work, office: Office, case: Case, form: Mapping[str, str]) -> None:
    desk.add_note(work, case, form.get("text", ""))


def _contact(work: Work, office: Office, case: Case, form: Mapping[str, str]) -> None:
    desk.add_contact(work, case, form.get("channel", ""), form.get("note"))


def _assign(work: Work, office: Office, case: Case, form: Mapping[str, str]) -> None:
    account = form.get("account", "")
    target = _claim(work, case, form) if form.get("claim") else case
    desk.assign(work, target, int(account) if account.isascii() and account.isdecimal() else None)


def _transfer(work: Work, office: Office, case: Case, form: Mapping[str, str]) -> None:
    desk.transfer(work, office.knowledge, _claim(work, case, form), form.get("program", ""), form.get("reason", ""))


def _refer(work: Work, office: Office, case: Case, form: Mapping[str, str]) -> None:
    claim = _claim(work, case, form) if form.get("claim") else None
    desk.refer(work, case, form.get("to", ""), form.get("reason", ""), claim)


_DOES: Mapping[str, Do] = {
    "move": _move,
    "claim": _move_claim,
    "note": _note,
    "contact": _contact,
    "assign": _assign,
    "transfer": _transfer,
    "refer": _refer,
}


def _claim(work: Work, case: Case, form: Mapping[str, str]) -> Claim:
    """Give the claim that a form is about, as it was shown. Raises: NotFound, ChangedMeanwhile."""
    claim = next((one for one in case.claims if str(one.id) == form.get("claim")), None)
    if claim is None or not may_see(work, claim):
        raise NotFound
    work.same(claim, form.get("claim_version"))
    return claim


def _attachment(work: Work, case: Case) -> int | None:
    """Keep the paper that was sent along; None when there is none. Raises: Refused."""
    sent = request.files.get("paper")
    if sent is None or not sent.filename:
        return None
    return attach(work, "paper", sent.filename, sent.read(), household=case.household, case=case).id


def referral_slip(number: str, slip: str) -> Response:
    """Give a referral slip as a PDF to print."""
    with frame.reading() as work:
        case = seen_case(work, number)
        referral = desk.referral_of(work, case, slip)
        words, word = CaseWords.of(work), words_in(public.chosen_language())
        office = own_office(words.office.knowledge)
        rows = [
            (word("cases_slip_number"), referral.number),
            (word("cases_slip_day"), words.day(referral.at)),
            (word("cases_slip_to"), referral.to),
            (word("cases_slip_who"), case.household.name),
            (word("cases_slip_place"), words.place(case.household)),
            (word("cases_slip_case"), case.number),
            *([(word("cases_slip_service"), words.service(referral.service))] if referral.service else []),
            (word("cases_slip_reason"), referral.reason),
        ]
        work.record("referral.printed", "case", case.number, referral=referral.number)
        data = {
            "lang": words.lang,
            "office": office.label.in_(words.lang) if office else "",
            "title": word("cases_slip_title"),
            "rows": [list(row) for row in rows],
            "signed": word("cases_slip_signed", name=referral.by),
            "answer": word("cases_slip_answer"),
            "page": word("list_page", page="{page}", pages="{pages}"),
        }
    return sheet(typeset.pdf(Path(__file__).with_name("referral_slip.typ"), data), slip)
