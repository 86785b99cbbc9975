"""Changing a draft, entry by entry: who comes in, who goes out and why, what they get; and why one is where they are.

A draft alone can be changed. Whoever changes it has a hand in it, and so cannot sign it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update

from casework.cases.models import Case, Claim
from casework.lists import holds
from casework.lists.candidates import Candidate, candidate_of, is_granted
from casework.lists.conflicts import Conflict
from casework.lists.lists import DRAFT, lock
from casework.lists.models import BeneficiaryList, Entry
from casework.lists.placing import LISTED, REMOVED, WAITING, count, fill
from casework.people.models import Household
from casework.refusals import NotAllowed, Refused
from casework.staff.areas import claims_of, households_of
from casework.store.work import Work
from engine.knowledge.model import Knowledge


@dataclass(frozen=True, slots=True)
class WhyHere:
    """Why somebody stands where they stand: the values of the key, the quota, who decides. Of others only a number.

    Args:
        place: `listed`, `waiting` or `removed`.
        rank: The place in the order of the key.
        ahead: How many before them have a place.
        quota: How many places there are; None: as many as come.
        duty, priority, asked_on: The values of the key.
        decided_by: Who decides about the service (a choice of the knowledge); None: not said.
        conflicts: What is held instead, as it is now.
        reason: What somebody wrote.
    """

    place: str
    rank: int | None
    ahead: int
    quota: int | None
    duty: bool
    priority: float | None
    asked_on: date
    decided_by: str | None
    conflicts: tuple[Conflict, ...]
    reason: str | None


def require_draft(work: Work, on: BeneficiaryList) -> None:
    """Raise unless the actor may change a list, and it can be changed; their hand in it is noted."""
    if not work.actor.may_for(DRAFT, on.program):
        raise NotAllowed
    lock(work, on)
    if on.state != "draft":
        raise Refused("lists-not-draft")
    if work.actor.account is not None and work.actor.account not in on.hands:
        on.hands = [*on.hands, work.actor.account]


def add_claim(work: Work, knowledge: Knowledge, on: BeneficiaryList, case_number: str) -> list[Entry]:
    """Take in what a case was granted of the list's service, where the key puts it; listed while places are free.

    Nobody who has a place loses it by this.

    Raises:
        Refused: `lists-number-unknown`, `lists-not-determined`, `lists-already`.
    """
    require_draft(work, on)
    claims = _claims(work, on, case_number)
    service = knowledge.services[on.service]
    granted = [claim for claim in claims if is_granted(service, claim.state)]
    if not granted:
        raise Refused("lists-not-determined" if claims else "lists-number-unknown", "case")
    there = select(Entry.claim_id).where(Entry.list_id == on.id, Entry.place != REMOVED)
    missing = [claim for claim in granted if claim.id not in set(work.session.scalars(there))]
    if not missing:
        raise Refused("lists-already", "case")
    entries = [_insert(work, on, candidate_of(work, service, claim, on.since, on.until)) for claim in missing]
    fill(work, knowledge, on)
    work.record("list.added", "list", on.number, case=case_number, entries=[entry.id for entry in entries])
    return entries


def _claims(work: Work, on: BeneficiaryList, case_number: str) -> Sequence[Claim]:
    return work.session.scalars(
        select(Claim)
        .join(Case, Case.id == Claim.case_id)
        .join(Household, Household.id == Case.household_id)
        .where(
            Case.number == case_number.strip().upper(),
            Claim.service == on.service,
            claims_of(work.actor, DRAFT),
            households_of(work.actor, DRAFT),
        )
        .order_by(Claim.id)
    ).all()


def _insert(work: Work, on: BeneficiaryList, one: Candidate) -> Entry:
    """Write an entry that waits at its place in the order; all after it move down by one."""
    rows = work.session.execute(
        select(
            Entry.rank, Entry.claim_id, Entry.household_id, Entry.person_id, Entry.asked_on, Entry.duty, Entry.priority
        ).where(Entry.list_id == on.id, Entry.rank.is_not(None))
    )
    later = [rank for rank, *values in rows if Candidate(*values).key > one.key]
    rank = min(later, default=(_last_rank(work, on) + 1))
    work.session.execute(
        update(Entry)
        .where(Entry.list_id == on.id, Entry.rank >= rank)
        .values(rank=Entry.rank + 1)
        .execution_options(synchronize_session="fetch")
    )
    entry = Entry(
        list_id=on.id,
        claim_id=one.claim,
        household_id=one.household,
        person_id=one.person,
        place=WAITING,
        rank=rank,
        duty=one.duty,
        priority=one.priority,
        asked_on=one.asked_on,
        amount=one.amount,
    )
    work.session.add(entry)
    work.session.flush()
    return entry


def _last_rank(work: Work, on: BeneficiaryList) -> int:
    return work.session.scalar(select(func.max(Entry.rank)).where(Entry.list_id == on.id)) or 0


def remove(
    work: Work, knowledge: Knowledge, entry: Entry, reason: str, version: int | str | None = None
) -> list[Entry]:
    """Take somebody off a draft; gives who moved up to the place. Raises: Refused `lists-reason`."""
    on = entry.list
    require_draft(work, on)
    work.same(entry, version)
    if entry.place == REMOVED:
        raise Refused("lists-state")
    give_back(work, [entry])
    entry.place, entry.reason, entry.conflict = REMOVED, said(reason), None
    moved = fill(work, knowledge, on)
    work.record("list.removed", "list", on.number, entry=entry.id, moved_up=[one.id for one in moved])
    return moved


def put_back(work: Work, knowledge: Knowledge, entry: Entry, version: int | str | None = None) -> None:
    """Let somebody who was removed stand on a draft again, where the key puts them: listed while places are free."""
    on = entry.list
    require_draft(work, on)
    work.same(entry, version)
    if entry.place != REMOVED:
        raise Refused("lists-state")
    entry.place, entry.reason = WAITING, None
    fill(work, knowledge, on)
    work.record("list.put_back", "list", on.number, entry=entry.id, place=entry.place)


def set_amount(work: Work, entry: Entry, amount: int, reason: str, version: int | str | None = None) -> None:
    """Say what somebody gets for the whole period. Raises: Refused `lists-amount`, `lists-reason`."""
    require_draft(work, entry.list)
    work.same(entry, version)
    if amount < 0:
        raise Refused("lists-amount", "amount")
    before, entry.amount, entry.reason = entry.amount, amount, said(reason)
    work.record("list.amount", "list", entry.list.number, entry=entry.id, before=before, after=amount)


def set_quota(
    work: Work, knowledge: Knowledge, on: BeneficiaryList, quota: int | None, version: int | str | None = None
) -> None:
    """Give a list more or fewer places: the first who wait move up, or the last who are listed wait again."""
    require_draft(work, on)
    work.same(on, version)
    if quota is not None and quota < 0:
        raise Refused("lists-quota", "quota")
    before, on.quota = on.quota, quota
    work.session.flush()
    over = 0 if quota is None else max(0, count(work, on, LISTED) - quota)
    last = select(Entry).where(Entry.list_id == on.id, Entry.place == LISTED).order_by(Entry.rank.desc()).limit(over)
    out = work.session.scalars(last).all() if over else ()
    give_back(work, out)
    for entry in out:
        entry.place = WAITING
    fill(work, knowledge, on)
    work.record("list.quota", "list", on.number, before=before, after=quota)


def check_again(work: Work, knowledge: Knowledge, on: BeneficiaryList) -> list[Entry]:
    """Look whether what kept people from a place is still there; gives who moved up."""
    require_draft(work, on)
    holds.renew(work, knowledge, on.since, on.until)
    moved = fill(work, knowledge, on)
    work.record("list.checked_again", "list", on.number, moved_up=[one.id for one in moved])
    return moved


def give_back(work: Work, entries: Sequence[Entry]) -> None:
    """Let go of what entries hold; a list in force keeps what its own entries hold until its revision is signed."""
    work.session.flush()
    in_force: set[int] = set()
    for some in holds.chunks(entry.copy_of_id for entry in entries if entry.copy_of_id):
        in_force |= set(work.session.scalars(select(Entry.id).where(Entry.id.in_(some), Entry.place == LISTED)))
    holds.release(work, {entry.copy_of_id or entry.id for entry in entries} - in_force)


def why_here(work: Work, knowledge: Knowledge, entry: Entry) -> WhyHere:
    """Say why an entry has a place, waits or was removed."""
    on = entry.list
    service = knowledge.services.get(on.service)
    before = (
        select(func.count())
        .select_from(Entry)
        .where(Entry.list_id == on.id, Entry.place == LISTED, Entry.rank < (entry.rank or 0))
    )
    in_the_way = holds.conflicts_of(work, knowledge, entry) if service and entry.place == WAITING else ()
    return WhyHere(
        place=entry.place,
        rank=entry.rank,
        ahead=work.session.scalar(before) or 0,
        quota=on.quota,
        duty=entry.duty,
        priority=entry.priority,
        asked_on=entry.asked_on,
        decided_by=service.decided_by if service else None,
        conflicts=in_the_way,
        reason=entry.reason,
    )


def said(reason: str) -> str:
    """Give a reason as it is kept. Raises: Refused `lists-reason`, when there is none."""
    if not reason.strip():
        raise Refused("lists-reason", "reason")
    return reason.strip()
