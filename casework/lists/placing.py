"""Placing people on a list: in the order of the key, as far as the quota goes, and never anybody who holds something else.

Places are worked out here before anything is written, so that a list of many thousands takes a handful of statements;
the database refuses all the same whatever was overlooked.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, insert, select

from casework.lists import holds
from casework.lists.candidates import Candidate
from casework.lists.conflicts import Conflict, Held
from casework.lists.models import BeneficiaryList, Entry
from casework.lists.slots import Slot
from casework.store.work import Work
from engine.knowledge.model import Knowledge

LISTED, WAITING, REMOVED = "listed", "waiting", "removed"
# An entry that is not written yet.
_OF_THIS_LIST = 0


def place(work: Work, knowledge: Knowledge, on: BeneficiaryList, ranked: Sequence[Candidate]) -> None:
    """Write the entries of a new list, the first candidates listed with what they hold, the rest waiting."""
    wanted = _wanted(work, knowledge, on, ranked)
    held, clashing = _give_places(work, knowledge, on, wanted)
    conflicts = _explained(work, on, clashing)
    rows = [
        {
            "list_id": on.id,
            "claim_id": one.claim,
            "household_id": one.household,
            "person_id": one.person,
            "place": LISTED if index in held else WAITING,
            "rank": index + 1,
            "duty": one.duty,
            "priority": one.priority,
            "asked_on": one.asked_on,
            "amount": one.amount,
            "conflict": conflicts[index].as_json() if index in conflicts else None,
            "version": 1,
        }
        for index, one in enumerate(ranked)
    ]
    if rows:
        # Past the mapper: it would look at each of many thousand rows on its own.
        work.session.execute(insert(Entry.__table__), rows)
        added = select(Entry.id).where(Entry.list_id == on.id).order_by(Entry.rank)
        slots = [
            (slot, id_)
            for index, id_ in enumerate(work.session.scalars(added))
            if index in held
            for slot in wanted[index]
        ]
        holds.write(work, slots, on.since, on.until)


def fill(work: Work, knowledge: Knowledge, on: BeneficiaryList) -> list[Entry]:
    """Let those who wait move up in their order while there are places; gives who did."""
    work.session.flush()
    free = places_left(on.quota, count(work, on, LISTED))
    moved: list[Entry] = []
    waiting = select(Entry).where(Entry.list_id == on.id, Entry.place == WAITING).order_by(Entry.rank, Entry.id)
    for some in holds.chunks(work.session.scalars(waiting).all()):
        if free is not None and len(moved) >= free:
            break
        holds.catch_up(work, knowledge, on.since, on.until, {entry.household_id for entry in some})
        hindered = holds.conflicts_among(work, knowledge, some)
        for entry in some:
            if entry.id in hindered:
                entry.conflict = hindered[entry.id][0].as_json()
            elif (free is None or len(moved) < free) and move_up(work, knowledge, entry):
                moved.append(entry)
    return moved


def move_up(work: Work, knowledge: Knowledge, entry: Entry) -> bool:
    """List one who waits, unless something else is held; then that stands with the entry."""
    original = work.session.get_one(Entry, entry.copy_of_id) if entry.copy_of_id else None
    if original is None or original.place != LISTED:
        try:
            holds.hold(work, knowledge, original or entry)
        except Held as refused:
            entry.conflict = refused.conflicts[0].as_json() if refused.conflicts else None
            return False
    entry.place, entry.conflict = LISTED, None
    return True


def count(work: Work, on: BeneficiaryList, place: str) -> int:
    """Count the entries of a list that have a place."""
    rows = select(func.count()).select_from(Entry).where(Entry.list_id == on.id, Entry.place == place)
    return work.session.scalar(rows) or 0


def places_left(quota: int | None, listed: int) -> int | None:
    """Give how many places are free; None: as many as come."""
    return None if quota is None else max(0, quota - listed)


def _wanted(work: Work, knowledge: Knowledge, on: BeneficiaryList, ranked: Iterable[Candidate]) -> list[list[Slot]]:
    ranked = list(ranked)
    slots = holds.slots_in(knowledge)
    homes = {one.household for one in ranked} if slots.against_members(on.service) else ()
    members = holds.members_of(work, homes)
    return [slots.of(on.service, one.household, one.person, members.get(one.household, ())) for one in ranked]


def _give_places(
    work: Work, knowledge: Knowledge, on: BeneficiaryList, wanted: Sequence[Sequence[Slot]]
) -> tuple[set[int], dict[int, list[tuple[Slot, int]]]]:
    """Give who is listed, and of the others whom something held keeps from it; an entry that holds is named by its id."""
    holds.wait_for_turn(work)
    there = holds.taken(work, holds.slots_in(knowledge).names(on.service), on.since, on.until)
    listed: set[int] = set()
    clashing: dict[int, list[tuple[Slot, int]]] = {}
    for index, slots in enumerate(wanted):
        in_the_way = [(slot, there[slot]) for slot in slots if slot in there]
        if in_the_way:
            clashing[index] = in_the_way
        elif on.quota is None or len(listed) < on.quota:
            listed.add(index)
            there |= dict.fromkeys(slots, _OF_THIS_LIST)
    return listed, clashing


def _explained(work: Work, on: BeneficiaryList, clashing: dict[int, list[tuple[Slot, int]]]) -> dict[int, Conflict]:
    """Give of each entry that something keeps from its place the first thing that does."""
    firsts = {index: found[0] for index, found in clashing.items()}
    elsewhere = holds.lists_of(work, {entry for _, entry in firsts.values() if entry != _OF_THIS_LIST})
    days: tuple[date, date] = (on.since, on.until)
    return {
        index: Conflict(on.service, on.service, on.number, *days, slot.holder, "")
        if entry == _OF_THIS_LIST
        else Conflict(on.service, *elsewhere[entry], slot.holder, "")
        for index, (slot, entry) in firsts.items()
    }
