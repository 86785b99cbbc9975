"""Papers of a case: asked for, received with one receipt, seen by an officer who compared them with the original.

A picture that somebody sent shows that there is a paper; only an officer who had the original in hand makes it sure.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import update

from casework.cases import floods, paper_lists
from casework.cases.models import Case, PaperReceived, PaperRequest
from casework.cases.numbers import next_number
from casework.cases.paper_lists import Receipt
from casework.people.attachments import attach
from casework.people.models import Person
from casework.people.observations import PAPER, observe
from casework.refusals import NotAllowed, NotFound, Refused
from casework.staff.actors import APPLICANT
from casework.staff.areas import sees
from casework.store.work import Work
from engine.diagnosis import Office
from engine.knowledge.model import Knowledge
from engine.population_number import without_numbers

RECEIPT = "receipt"
# An original that an officer had in hand.
SEEN_EVIDENCE = "registry"
MOST_FILES, MOST_OF_A_CASE, UPLOADS_A_DAY = 6, 60, 5000
LONGEST_NOTE = 500
_ASKING = ("case.open", "check.office")


class File(NamedTuple):
    """A file as it came: its name and its content."""

    name: str
    data: bytes


class Handed(NamedTuple):
    """A paper that is handed in: which one, whose (None: the household's), and pictures of it."""

    document: str
    person: Person | None = None
    files: tuple[File, ...] = ()


def request(
    work: Work, office: Office, case: Case, document: str, person: Person | None = None, note: str | None = None
) -> PaperRequest:
    """Ask the applicant for a paper.

    Args:
        office: The knowledge, which papers there are and which only officers may know of.
        case: The case it is for.
        document: A paper of the knowledge.
        person: Whose; None: the household's.
        note: What the applicant should know about it; they read it.

    Raises:
        Refused: `papers-unknown`, `papers-asked` when it is asked for already, `papers-note-long`.
        NotAllowed, NotFound.
    """
    _require_desk(work, case)
    _require_known(office.knowledge, case, document, person)
    if document in office.plan(work.today).officer_only and not work.actor.may("secrets.read"):
        raise NotAllowed
    if note and len(note) > LONGEST_NOTE:
        raise Refused("papers-note-long", "note", longest=LONGEST_NOTE)
    if any(_same(one, document, person) for one in paper_lists.open_requests(work, case)):
        raise Refused("papers-asked", "document")
    asked = PaperRequest(
        case_id=case.id,
        document=document,
        person_id=person.id if person else None,
        note=without_numbers((note or "").strip()) or None,
        asked_at=work.now,
        asked_by=work.actor.name,
    )
    work.session.add(asked)
    work.session.flush()
    work.record("paper.asked", "case", case.number, document=document, request=asked.id)
    return asked


def receive(work: Work, knowledge: Knowledge, case: Case, handed: Iterable[Handed]) -> Receipt:
    """Take papers in, under one receipt; what was asked for is answered.

    Args:
        handed: The papers, each perhaps with pictures.

    Raises:
        Refused: `papers-none`, `papers-unknown`, `papers-files` for too many, or what `attach` refuses.
        NotAllowed, NotFound.
    """
    _require_desk(work, case)
    return _receive(work, knowledge, case, handed)


def answer(work: Work, knowledge: Knowledge, case: Case, asked: PaperRequest, files: Sequence[File]) -> Receipt:
    """Take pictures in that the applicant sends for a request, under a receipt.

    Raises:
        Refused: `papers-no-file`, `papers-files`, `papers-closed`, `application-too-many`, or what `attach` refuses.
        NotFound: when it is no open request of this case.
    """
    if work.actor != APPLICANT:
        raise NotAllowed
    if asked.case_id != case.id or asked.answered_at is not None:
        raise NotFound
    if case.closed_at is not None:
        raise Refused("papers-closed")
    if not files:
        raise Refused("papers-no-file", "file")
    floods.take(work, "upload", UPLOADS_A_DAY)
    person = work.session.get(Person, asked.person_id) if asked.person_id else None
    return _receive(work, knowledge, case, [Handed(asked.document, person, tuple(files))])


def see(work: Work, knowledge: Knowledge, case: Case, paper: PaperReceived) -> None:
    """Say that the original was compared: from now on it is sure that the paper is there.

    Raises:
        Refused: `papers-seen` when somebody did already.
        NotAllowed, NotFound.
    """
    work.require("facts.write")
    sees(work, case.household, "facts.write")
    if paper.case_id != case.id:
        raise NotFound
    _claim_as_seen(work, paper)
    person = work.session.get(Person, paper.person_id) if paper.person_id else None
    observe(
        work,
        knowledge,
        case.household,
        person if person and person.household_id == case.household_id else None,
        PAPER + paper.document,
        True,
        SEEN_EVIDENCE,
        document=paper.document,
        attachment_id=paper.attachment_id,
        case_id=case.id,
    )
    work.record("paper.seen", "case", case.number, document=paper.document, receipt=paper.receipt)


def _receive(work: Work, knowledge: Knowledge, case: Case, handed: Iterable[Handed]) -> Receipt:
    handed = list(handed)
    if not handed:
        raise Refused("papers-none", "document")
    if any(len(one.files) > MOST_FILES for one in handed):
        raise Refused("papers-files", "file", most=MOST_FILES)
    if len(paper_lists.received(work, case)) + sum(max(1, len(one.files)) for one in handed) > MOST_OF_A_CASE:
        raise Refused("papers-full", "file", most=MOST_OF_A_CASE)
    for one in handed:
        _require_known(knowledge, case, one.document, one.person)
    number = next_number(work, RECEIPT)
    rows = [row for one in handed for row in _rows(work, case, number, one)]
    work.session.add_all(rows)
    for one in handed:
        _answered(work, case, one)
    work.session.flush()
    documents = [one.document for one in handed]
    work.record("paper.received", "case", case.number, receipt=number, documents=documents, files=len(rows))
    return Receipt(number, case, work.now, work.actor.name, rows)


def _rows(work: Work, case: Case, number: str, handed: Handed) -> list[PaperReceived]:
    """Make a row for each picture of a paper, or one for a paper without any."""
    kept = [
        attach(work, "paper", file.name, file.data, household=case.household, case=case).id for file in handed.files
    ]
    return [
        PaperReceived(
            receipt=number,
            case_id=case.id,
            document=handed.document,
            person_id=handed.person.id if handed.person else None,
            attachment_id=attachment,
            received_at=work.now,
            received_by=work.actor.name,
        )
        for attachment in kept or [None]
    ]


def _answered(work: Work, case: Case, handed: Handed) -> None:
    person = handed.person.id if handed.person else None
    whose = PaperRequest.person_id.is_(None) if person is None else PaperRequest.person_id == person
    work.session.execute(
        update(PaperRequest)
        .where(PaperRequest.case_id == case.id, PaperRequest.document == handed.document, whose)
        .where(PaperRequest.answered_at.is_(None))
        .values(answered_at=work.now)
    )


def _claim_as_seen(work: Work, paper: PaperReceived) -> None:
    """Of two officers who look at one paper, the first has seen it."""
    done = work.session.execute(
        update(PaperReceived)
        .where(PaperReceived.id == paper.id, PaperReceived.seen_at.is_(None))
        .values(seen_at=work.now, seen_by=work.actor.name)
    )
    if not done.rowcount:
        raise Refused("papers-seen")


def _same(asked: PaperRequest, document: str, person: Person | None) -> bool:
    return (asked.document, asked.person_id) == (document, person.id if person else None)


def _require_known(knowledge: Knowledge, case: Case, document: str, person: Person | None) -> None:
    if document not in knowledge.papers:
        raise Refused("papers-unknown", "document")
    if person is not None and person.household_id != case.household_id:
        raise NotFound


def _require_desk(work: Work, case: Case) -> None:
    """Raise unless the actor takes papers in here: at the desk, or at the office that checks."""
    for right in _ASKING:
        if work.actor.may(right):
            sees(work, case.household, right)
            return
    raise NotAllowed
