"""Holding aid: an entry takes its slots (`casework.lists.slots`), gives them back, and follows people who move.

The database refuses a slot that is taken (`casework.store.guards`), whoever asks and however many at once. Here its
refusal is turned into words, and here is known what hangs on people: members who come and go, two entries made one.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from sqlalchemy import ColumnElement, String, cast, delete, insert, literal, or_, select, text
from sqlalchemy.exc import DatabaseError

from casework.lists.conflicts import Conflict, Held
from casework.lists.models import BeneficiaryList, Entry, Hold
from casework.lists.slots import Slot, Slots, household_holder, person_holder
from casework.people.models import Household, Person
from casework.store.work import Work
from engine.knowledge.model import Knowledge

LIVE = ("draft", "verified", "signed", "published")
_TWICE = "holds_twice"
# One number that all who hold aid lock in PostgreSQL: two who ask for the same slot would wait for each other.
_LOCK = 7_083_746
_CHUNK = 500
Thing = TypeVar("Thing")


@lru_cache(maxsize=4)
def slots_in(knowledge: Knowledge) -> Slots:
    return Slots(knowledge)


def hold(work: Work, knowledge: Knowledge, entry: Entry) -> None:
    """Give an entry what it holds, all of it or nothing. Raises: Held, with what is held instead."""
    work.session.flush()
    wanted = slots_of(work, knowledge, [entry])[entry.id]
    wait_for_turn(work)
    try:
        with work.session.begin_nested():
            write(work, [(slot, entry.id) for slot in wanted], entry.list.since, entry.list.until)
    except DatabaseError as error:
        if _TWICE not in str(error.orig):
            raise
        raise Held(knowledge, conflicts_of(work, knowledge, entry)) from None


def release(work: Work, entries: Iterable[int]) -> None:
    """Take away what entries hold, by their ids."""
    for some in chunks(entries):
        work.session.execute(delete(Hold).where(Hold.entry_id.in_(some)))


def conflicts_of(work: Work, knowledge: Knowledge, entry: Entry) -> tuple[Conflict, ...]:
    """Give what is in the way of an entry now; nothing when it could hold its place, or does."""
    return conflicts_among(work, knowledge, [entry]).get(entry.id, ())


def conflicts_among(work: Work, knowledge: Knowledge, entries: Sequence[Entry]) -> dict[int, tuple[Conflict, ...]]:
    """Give what is in the way of entries of one list, by their ids; those that nothing hinders are left out."""
    wanted = slots_of(work, knowledge, entries)
    found = {}
    for some in chunks(entries):
        on = some[0].list
        slots = [slot for entry in some for slot in wanted[entry.id]]
        there = taken(work, {one.slot for one in slots}, on.since, on.until, {one.holder for one in slots})
        for entry in some:
            clashing = [(slot, there[slot]) for slot in wanted[entry.id] if slot in there]
            clashing = [(slot, by) for slot, by in clashing if by not in (entry.id, entry.copy_of_id)]
            if clashing:
                found[entry.id] = described(work, on.service, clashing)
    return found


def rehold(work: Work, knowledge: Knowledge, person_ids: Iterable[int]) -> tuple[Conflict, ...]:
    """Let holds follow people who were merged, parted again, or changed households.

    Nobody loses a place by it. What they now have twice is given back and stands on the record, for somebody to decide.
    """
    ids = list(person_ids)
    people = work.session.scalars(select(Person).where(or_(Person.id.in_(ids), Person.merged_into.in_(ids)))).all()
    persons = {one.id for one in people} | {one.merged_into for one in people if one.merged_into}
    homes = {one.household_id for one in people if one.household_id}
    held = select(Hold.entry_id).where(Hold.holder.in_([person_holder(one) for one in persons]))
    of_homes = Entry.household_id.in_(homes) & Entry.person_id.is_(None)
    return settle(work, knowledge, or_(Entry.person_id.in_(persons), of_homes, Entry.id.in_(held)))


def renew(work: Work, knowledge: Knowledge, since: date, until: date) -> tuple[Conflict, ...]:
    """Let lists of a period that were made under another edition hold what this one says, and for all members."""
    lists = work.session.scalars(
        select(BeneficiaryList).where(
            BeneficiaryList.state.in_(LIVE),
            BeneficiaryList.since <= until,
            BeneficiaryList.until >= since,
            or_(BeneficiaryList.edition.is_(None), BeneficiaryList.edition != knowledge.edition),
        )
    ).all()
    found: list[Conflict] = []
    for one in lists:
        found += settle(work, knowledge, Entry.list_id == one.id)
        one.edition = knowledge.edition
    catch_up(work, knowledge, since, until)
    return tuple(found)


def catch_up(
    work: Work, knowledge: Knowledge, since: date, until: date, households: Collection[int] | None = None
) -> None:
    """Let what households hold in a period count for members of whom nobody said that they had joined."""
    slots = slots_in(knowledge)
    wide = [name for name in knowledge.services if slots.against_members(name)]
    counted = select(Hold.id).where(
        Hold.entry_id == Entry.id, Hold.holder == literal("p").concat(cast(Person.id, String))
    )
    missed = (
        select(Entry.id)
        .join(BeneficiaryList)
        .join(Person, Person.household_id == Entry.household_id)
        .where(
            Entry.place == "listed",
            Entry.person_id.is_(None),
            Entry.copy_of_id.is_(None),
            BeneficiaryList.service.in_(wide),
            BeneficiaryList.state.in_(LIVE),
            BeneficiaryList.since <= until,
            BeneficiaryList.until >= since,
            Person.merged_into.is_(None),
            ~counted.exists(),
        )
        .distinct()
    )
    if households is not None:
        missed = missed.where(Entry.household_id.in_(households))
    for some in chunks(work.session.scalars(missed).all()):
        settle(work, knowledge, Entry.id.in_(some))


def settle(work: Work, knowledge: Knowledge, which: ColumnElement[bool]) -> tuple[Conflict, ...]:
    """Bring what listed entries hold up to date; gives what they cannot hold because others do."""
    wait_for_turn(work)
    work.session.flush()
    entries = work.session.scalars(
        select(Entry)
        .join(BeneficiaryList)
        .where(which, Entry.place == "listed", Entry.copy_of_id.is_(None), BeneficiaryList.state.in_(LIVE))
        .order_by(Entry.id)
    ).all()
    entries = [entry for entry in entries if entry.list.service in knowledge.services]
    wanted = slots_of(work, knowledge, entries)
    has = _held_by(work, wanted)
    _drop(work, [id_ for entry, slots in has.items() for slot, id_ in slots.items() if slot not in wanted[entry]])
    found: list[Conflict] = []
    for entry in entries:
        found += _take_what_is_free(work, entry, [slot for slot in wanted[entry.id] if slot not in has[entry.id]])
    return tuple(found)


def _take_what_is_free(work: Work, entry: Entry, missing: Sequence[Slot]) -> tuple[Conflict, ...]:
    if not missing:
        return ()
    since, until, service = entry.list.since, entry.list.until, entry.list.service
    there = taken(work, {slot.slot for slot in missing}, since, until, {slot.holder for slot in missing})
    write(work, [(slot, entry.id) for slot in missing if slot not in there], since, until)
    found = described(work, service, [(slot, there[slot]) for slot in missing if slot in there])
    for one in found:
        work.record("aid.twice", "entry", entry.id, service=service, other=one.other, list=one.list)
    return found


def _held_by(work: Work, entries: Collection[int]) -> dict[int, dict[Slot, int]]:
    found: dict[int, dict[Slot, int]] = {entry: {} for entry in entries}
    for some in chunks(entries):
        rows = select(Hold.entry_id, Hold.slot, Hold.holder, Hold.id).where(Hold.entry_id.in_(some))
        for entry, slot, holder, id_ in work.session.execute(rows):
            found[entry][Slot(slot, holder)] = id_
    return found


def _drop(work: Work, holds: Iterable[int]) -> None:
    for some in chunks(holds):
        work.session.execute(delete(Hold).where(Hold.id.in_(some)))


def slots_of(work: Work, knowledge: Knowledge, entries: Sequence[Entry]) -> dict[int, list[Slot]]:
    """Give what entries hold by the rules, by their ids; of merged people it is whoever was kept that holds."""
    slots = slots_in(knowledge)
    kept = _kept(work, {entry.person_id for entry in entries if entry.person_id})
    wide = {entry.household_id for entry in entries if slots.against_members(entry.list.service)}
    members = members_of(work, wide)
    found = {}
    for entry in entries:
        person, home = kept[entry.person_id] if entry.person_id else (None, None)
        household = home or entry.household_id
        found[entry.id] = slots.of(entry.list.service, household, person, members.get(household, ()))
    return found


def _kept(work: Work, people: Collection[int]) -> dict[int, tuple[int, int | None]]:
    """Give of each person who they are after all merges, and the household of that one."""
    found, asked = {}, {one: one for one in people}
    while asked:
        again: dict[int, int] = {}
        for some in chunks(asked):
            rows = select(Person.id, Person.merged_into, Person.household_id).where(Person.id.in_(some))
            for id_, into, home in work.session.execute(rows):
                if into:
                    again[into] = asked[id_]
                else:
                    found[asked[id_]] = id_, home
        asked = again
    return found


def members_of(work: Work, households: Collection[int]) -> dict[int, list[int]]:
    """Give the people of households, without those that were merged into another."""
    found: dict[int, list[int]] = {one: [] for one in households}
    for some in chunks(households):
        rows = select(Person.household_id, Person.id).where(Person.household_id.in_(some), Person.merged_into.is_(None))
        for home, person in work.session.execute(rows):
            found[home].append(person)
    return found


def taken(
    work: Work, names: Collection[str], since: date, until: date, holders: Collection[str] | None = None
) -> dict[Slot, int]:
    """Give who holds these slots on some day of a period: by slot and holder, the entry."""
    rows = select(Hold.slot, Hold.holder, Hold.entry_id).where(
        Hold.slot.in_(names), Hold.since <= until, Hold.until >= since
    )
    if holders is not None:
        rows = rows.where(Hold.holder.in_(holders))
    return {Slot(slot, holder): entry for slot, holder, entry in work.session.execute(rows)}


def write(work: Work, holds: Iterable[tuple[Slot, int]], since: date, until: date) -> None:
    """Write holds, always in one order; the database refuses the whole when one is taken."""
    rows = [
        {"slot": slot.slot, "holder": slot.holder, "since": since, "until": until, "entry_id": entry}
        for slot, entry in sorted(holds)
    ]
    if rows:
        work.session.execute(insert(Hold.__table__), rows)


def described(work: Work, service: str, clashing: Iterable[tuple[Slot, int]]) -> tuple[Conflict, ...]:
    """Say of taken slots what is held, on which list and by whom; each service of a list once."""
    clashing = list(clashing)
    on = lists_of(work, {entry for _, entry in clashing})
    names = names_of(work, {slot.holder for slot, _ in clashing})
    found: dict[int, Conflict] = {}
    for slot, entry in clashing:
        found.setdefault(entry, Conflict(service, *on[entry], slot.holder, names.get(slot.holder, "")))
    return tuple(dict.fromkeys(found.values()))


def lists_of(work: Work, entries: Collection[int]) -> dict[int, tuple[str, str, date, date]]:
    """Give of entries the service, the number and the days of their lists."""
    found = {}
    for some in chunks(entries):
        on = BeneficiaryList
        rows = select(Entry.id, on.service, on.number, on.since, on.until).join(on).where(Entry.id.in_(some))
        found |= {entry: tuple(rest) for entry, *rest in work.session.execute(rows)}
    return found


def names_of(work: Work, holders: Collection[str]) -> dict[str, str]:
    """Give the names of holders."""
    found = {}
    for table, written in ((Person, person_holder), (Household, household_holder)):
        letter = written(0)[0]
        for some in chunks(int(one[1:]) for one in holders if one[0] == letter):
            rows = select(table.id, table.name).where(table.id.in_(some))
            found |= {written(id_): name for id_, name in work.session.execute(rows)}
    return found


def wait_for_turn(work: Work) -> None:
    """Let others who hold aid finish first; SQLite has one writer anyway."""
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def chunks(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    """Give things so many at a time: a database takes only so many values in one statement."""
    each = iter(things)
    while some := list(islice(each, _CHUNK)):
        yield some
