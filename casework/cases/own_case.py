"""A case as its applicant sees it: how far it is, what is asked for, what may be done; nothing that only officers may know.

No name of staff, no reason that rests on what others told, no service or paper that only officers may know of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select

from casework.cases import floods, moving, opening, paper_lists, papers
from casework.cases.deadlines import overdue
from casework.cases.models import Case, Letter, Move, Objection, PaperReceived, PaperRequest
from casework.cases.moving import move_case
from casework.cases.objections import REVIEW, file_objection
from casework.refusals import NotFound, Refused
from casework.store.work import ZONE, Work
from engine.diagnosis import Office
from engine.population_number import without_numbers

TO_APPLICANT = ("decision_granted", "decision_declined", "statement", "referral", "receipt")
OPEN = "open"
REVIEWS_A_DAY = 1000
# Kept as the reason when the applicant gives none; staff read it.
WITHDRAWN = "Ditarik oleh pemohon."
COMPLETED = "Dilengkapi oleh pemohon."
LONGEST_REASON = 500


class OwnClaim(NamedTuple):
    """A service that was asked for: for whom (None: the household), how far it is, by when."""

    service: str
    who: str | None
    state: str
    due_on: date | None


class Asked(NamedTuple):
    """A paper that the applicant was asked for."""

    id: int
    document: str
    who: str | None
    note: str | None
    asked_on: date


class Came(NamedTuple):
    """A paper that came in, under which receipt, and whether an officer saw the original."""

    document: str
    receipt: str
    on: date
    seen: bool


class Review(NamedTuple):
    """A wish that a human looks again, with what was answered."""

    number: str
    text: str
    on: date
    due_on: date | None
    state: str
    answer: str | None


class OwnLetter(NamedTuple):
    """A letter to the applicant."""

    number: str
    subject: str
    on: date


@dataclass(frozen=True)
class OwnCase:
    """All of it."""

    number: str
    state: str
    since: date
    due_on: date | None
    is_late: bool
    is_closed: bool
    claims: Sequence[OwnClaim]
    steps: Sequence[tuple[date, str]]
    asked: Sequence[Asked]
    came: Sequence[Came]
    reviews: Sequence[Review]
    letters: Sequence[OwnLetter]
    has_more: bool
    may_withdraw: bool
    may_send_again: bool
    may_ask_again: bool


def own_case(work: Work, office: Office, case: Case) -> OwnCase:
    """Give a case as its applicant sees it; that it was looked at goes on the record. Whoever calls opened it by its PIN."""
    work.record("case.read_by_applicant", "case", case.number)
    hidden = office.plan(work.today).officer_only
    requests = paper_lists.open_requests(work, case)
    received = paper_lists.received(work, case)
    reviews = _reviews(work, case)
    ways = {way.after for way, missing in moving.ways(work, case) if missing is None}
    names = {person.id: person.name for person in case.household.people}
    shown = [one for one in requests if one.document not in hidden]
    claims = [one for one in case.claims if not one.officer_only and one.service not in hidden]
    return OwnCase(
        number=case.number,
        state=case.state,
        since=_day(case.moved_at),
        due_on=case.due_on,
        is_late=overdue(case.due_on, work.today),
        is_closed=case.closed_at is not None,
        claims=[
            OwnClaim(one.service, one.person.name if one.person else None, one.state, one.due_on) for one in claims
        ],
        steps=_steps(work, case),
        asked=[_asked(one, names) for one in shown],
        came=_came(one for one in received if one.document not in hidden),
        reviews=reviews,
        letters=[OwnLetter(one.number, one.subject, _day(one.made_at)) for one in _letters(work, case)],
        has_more=len(claims) < len(case.claims) or len(shown) < len(requests),
        may_withdraw="withdrawn" in ways,
        may_send_again="submitted" in ways and case.state == "returned",
        may_ask_again=not any(one.state == OPEN for one in reviews),
    )


def answer_request(work: Work, office: Office, case: Case, request: int, files: Sequence[papers.File]) -> str:
    """Take pictures in for what was asked for; gives the number of the receipt. Raises: Refused, NotFound."""
    asked = paper_lists.request_of(work, case, request)
    return papers.answer(work, office.knowledge, case, asked, files).number


def withdraw(work: Work, office: Office, case: Case, reason: str | None) -> None:
    """Take the application back. Raises: Refused, when it is too late for that."""
    move_case(work, case, "withdrawn", _reason(reason) or WITHDRAWN, holidays=office.knowledge.holidays)


def send_again(work: Work, office: Office, case: Case) -> None:
    """Hand a case in again that came back to be completed. Raises: Refused."""
    opening.submit(work, office, case, COMPLETED)


def ask_again(work: Work, office: Office, case: Case, text: str) -> str:
    """Ask that a human looks again; gives the number. Raises: Refused, also when one such wish is still open."""
    if any(one.state == OPEN for one in _reviews(work, case)):
        raise Refused("application-asked-again", "text")
    floods.take(work, REVIEW, REVIEWS_A_DAY)
    return file_objection(work, office.knowledge, REVIEW, text, channel="self", case=case).number


def letter(work: Work, case: Case, number: str) -> Letter:
    """Give a letter of a case that its applicant may read. Raises: NotFound."""
    found = next((one for one in _letters(work, case) if one.number == number), None)
    if found is None:
        raise NotFound
    return found


def _letters(work: Work, case: Case) -> list[Letter]:
    """Give what the office wrote to the applicant; not what it wrote to others, nor about what only officers may know."""
    hidden = {one.id for one in case.claims if one.officer_only}
    mine = select(Letter).where(Letter.case_id == case.id, Letter.kind.in_(TO_APPLICANT)).order_by(Letter.id.desc())
    return [one for one in work.session.scalars(mine) if one.claim_id not in hidden]


def _steps(work: Work, case: Case) -> list[tuple[date, str]]:
    moves = select(Move.moved_at, Move.after).where(Move.case_id == case.id, Move.claim_id.is_(None))
    return [(_day(at), after) for at, after in work.session.execute(moves.order_by(Move.id))]


def _asked(one: PaperRequest, names: dict[int, str]) -> Asked:
    return Asked(one.id, one.document, names.get(one.person_id or 0), one.note, _day(one.asked_at))


def _came(received: Iterable[PaperReceived]) -> list[Came]:
    """Give each paper of a receipt once, however many pictures there are of it."""
    found: dict[tuple[str, str], Came] = {}
    for one in received:
        came = Came(one.document, one.receipt, _day(one.received_at), one.seen_at is not None)
        before = found.get((one.document, one.receipt))
        found[one.document, one.receipt] = came._replace(seen=came.seen or bool(before and before.seen))
    return list(found.values())


def _reviews(work: Work, case: Case) -> list[Review]:
    mine = select(Objection).where(Objection.case_id == case.id, Objection.kind == REVIEW).order_by(Objection.id)
    return [
        Review(one.number, one.text, _day(one.received_at), one.due_on, one.state, one.answer)
        for one in work.session.scalars(mine)
    ]


def _reason(text: str | None) -> str | None:
    said = without_numbers(" ".join((text or "").split()))
    if len(said) > LONGEST_REASON:
        raise Refused("papers-note-long", "reason", longest=LONGEST_REASON)
    return said or None


def _day(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()
