"""What papers a case has: what was asked for, what came in, what its services still need; each looked up for who may see it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from casework.cases import diagnoses
from casework.cases.models import Case, PaperReceived, PaperRequest
from casework.people.models import Attachment, Person
from casework.refusals import NotFound
from casework.staff.areas import seen_case, sees
from casework.store.work import Work
from engine.diagnosis import Office
from engine.knowledge.model import HOUSEHOLD


class Needed(NamedTuple):
    """A paper that a service of a case needs, whose it is (None: the household's), and whether it is said to be there."""

    document: str
    person: Person | None
    told: bool = False


class Papers(NamedTuple):
    """The papers of a case: open requests, what was received, and what the services need beyond that."""

    requests: Sequence[PaperRequest]
    received: Sequence[PaperReceived]
    missing: Sequence[Needed]


class Receipt(NamedTuple):
    """What was received at one time, under one number."""

    number: str
    case: Case
    received_at: datetime
    received_by: str
    papers: Sequence[PaperReceived]


def of_case(work: Work, case: Case) -> Papers:
    """Give the papers of a case as the actor may see them. Raises: NotFound."""
    sees(work, case.household, "case.read")
    came = received(work, case)
    requests = open_requests(work, case)
    there = {(one.document, one.person_id) for one in (*requests, *came)}
    # Where it does not matter whose it is, anybody's will do.
    there |= {(document, None) for document, _ in there}
    missing = [one for one in needed(work, case) if (one.document, one.person.id if one.person else None) not in there]
    return Papers(requests, came, missing)


def open_requests(work: Work, case: Case) -> Sequence[PaperRequest]:
    """Give what the applicant was asked for and has not brought yet, in the order of asking."""
    mine = select(PaperRequest).where(PaperRequest.case_id == case.id, PaperRequest.answered_at.is_(None))
    return work.session.scalars(mine.order_by(PaperRequest.id)).all()


def received(work: Work, case: Case) -> Sequence[PaperReceived]:
    """Give what came in for a case, in the order of coming."""
    mine = select(PaperReceived).where(PaperReceived.case_id == case.id)
    return work.session.scalars(mine.order_by(PaperReceived.id)).all()


def needed(work: Work, case: Case) -> list[Needed]:
    """Give the papers that the services of a case surely need by its latest diagnosis, each once."""
    stored = diagnoses.latest(work, case)
    if stored is None:
        return []
    answered = diagnoses.answer_of(work, stored)
    told = {(one["document"], of) for one in answered["document_plan"] if one["in_hand"] for of in one["of"] or [""]}
    mine = {one.vertex for one in case.claims}
    people = {person.member: person for person in case.household.people}
    found: dict[Needed, None] = {}
    for row in answered["services"]:
        subject = row["subject"]
        for one in row["documents"] if (row["service"], subject) in mine else ():
            whose = one["of"] or ([subject] if subject != HOUSEHOLD else [""])
            for member in whose if one["needed"] == "yes" else ():
                found[Needed(one["document"], people.get(member), (one["document"], member) in told)] = None
    return list(found)


def receipt_of(work: Work, number: str) -> Receipt:
    """Give what was received under a number. Raises: NotFound."""
    papers = work.session.scalars(
        select(PaperReceived).where(PaperReceived.receipt == number).order_by(PaperReceived.id)
    ).all()
    case = work.session.get(Case, papers[0].case_id) if papers else None
    if case is None:
        raise NotFound
    sees(work, case.household, "case.read")
    return Receipt(number, case, papers[0].received_at, papers[0].received_by, papers)


def hidden_from(work: Work, office: Office) -> frozenset[str]:
    """Give the papers that the actor may not know of."""
    return frozenset() if work.actor.may("secrets.read") else office.plan(work.today).officer_only


def picture_of(work: Work, office: Office, number: str, id_: int) -> Attachment:
    """Give a file of a case, for whoever may see the case.

    Raises:
        NotFound: also when it is another case's file, or of a paper that the actor may not know of.
    """
    case = seen_case(work, number)
    attachment = work.session.get(Attachment, id_)
    if attachment is None or attachment.case_id != case.id:
        raise NotFound
    shown = {one.document for one in received(work, case) if one.attachment_id == id_}
    if shown & hidden_from(work, office):
        raise NotFound
    return attachment


def files_of(work: Work, came: Iterable[PaperReceived]) -> dict[int, Attachment]:
    """Give the files that came with papers, by their ids."""
    ids = {one.attachment_id for one in came if one.attachment_id}
    return {one.id: one for one in work.session.scalars(select(Attachment).where(Attachment.id.in_(ids)))}


def paper_of(work: Work, office: Office, case: Case, id_: int) -> PaperReceived:
    """Give a received paper of a case. Raises: NotFound, also when the actor may not know of it."""
    found = work.session.get(PaperReceived, id_)
    if found is None or found.case_id != case.id or found.document in hidden_from(work, office):
        raise NotFound
    return found


def request_of(work: Work, case: Case, id_: int) -> PaperRequest:
    """Give a request of a case. Raises: NotFound."""
    found = work.session.get(PaperRequest, id_)
    if found is None or found.case_id != case.id:
        raise NotFound
    return found
