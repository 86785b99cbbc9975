"""What happened on a case, in one list: moves, notes, contacts, transfers, as far as the actor may know of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from casework.cases.desk import reads_notes
from casework.cases.models import Case, Claim, Contact, Move, Note, Transfer
from casework.store.work import Work


@dataclass(frozen=True)
class Event:
    """One thing that happened: `move`, `note`, `contact` or `transfer`, with its row and the claim it is about, if any."""

    kind: str
    at: datetime
    by: str
    row: Any
    claim: Claim | None = None


def history_of(work: Work, case: Case, claims: Iterable[Claim]) -> list[Event]:
    """Give what happened, the latest first; of claims only what the actor may see."""
    seen = {claim.id: claim for claim in claims}
    events = [*_of_case(work, case, seen), *_of_claims(work, seen)]
    return sorted(events, key=lambda one: (one.at, one.row.id), reverse=True)


def _of_case(work: Work, case: Case, seen: Mapping[int, Claim]) -> Iterable[Event]:
    for move in work.session.scalars(select(Move).where(Move.case_id == case.id)):
        if move.claim_id is None or move.claim_id in seen:
            yield Event("move", move.moved_at, move.moved_by, move, seen.get(move.claim_id))
    if not reads_notes(work):
        return
    for note in work.session.scalars(select(Note).where(Note.case_id == case.id)):
        yield Event("note", note.written_at, note.written_by, note)
    for contact in work.session.scalars(select(Contact).where(Contact.case_id == case.id)):
        yield Event("contact", contact.at, contact.by, contact)


def _of_claims(work: Work, seen: Mapping[int, Claim]) -> Iterable[Event]:
    for handed in work.session.scalars(select(Transfer).where(Transfer.claim_id.in_(list(seen)))):
        yield Event("transfer", handed.at, handed.by, handed, seen[handed.claim_id])
