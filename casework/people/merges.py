"""Two entries of one person made one, by somebody's decision, and made two again: what moved is remembered.

What is only ever added to (observations) does not move. It is read of everybody that `observations.entries_of` names.
"""

from typing import Any, NamedTuple

from sqlalchemy import and_, select, update
from sqlalchemy.exc import IntegrityError

from casework.cases.models import Claim, PaperReceived, PaperRequest
from casework.lists.models import Entry, Hold
from casework.people.models import BankAccount, Household, Likeness, Merge, Person, Residence
from casework.people.names import keep_words
from casework.refusals import NotFound, Refused
from casework.staff.areas import households_of, may_see, sees
from casework.store.work import Work
from engine.population_number import NIK

RIGHT = "register.merge"
# What belongs to a person and goes along; the rows of each table are remembered by their ids.
_MOVING = {
    "residences": Residence,
    "bank_accounts": BankAccount,
    "claims": Claim,
    "entries": Entry,
    "paper_requests": PaperRequest,
    "papers_received": PaperReceived,
}
_ENDING = {"residences": Residence, "bank_accounts": BankAccount}
_FILLED = ("birth_date", "sex", "mother_name", "relation", "died_on")


class Merged(NamedTuple):
    """A merge that holds, with the name that the other entry had."""

    merge: Merge
    name: str


class Pair(NamedTuple):
    """A likeness with the two entries."""

    likeness: Likeness
    one: Person
    other: Person


def merges_of(work: Work, person: Person) -> list[Merged]:
    """Give the merges into a person that hold, the newest first."""
    found = (
        select(Merge, Person.name)
        .join(Person, Person.id == Merge.gone_id)
        .where(Merge.kept_id == person.id, Merge.undone_at.is_(None))
        .order_by(Merge.id.desc())
    )
    return [Merged(merge, name) for merge, name in work.session.execute(found)]


def merge_of(work: Work, id_: int) -> Merge:
    """Give a merge by its number; `undo` asks whether the actor may see it. Raises: NotFound."""
    made = work.session.get(Merge, id_)
    if made is None:
        raise NotFound
    return made


def merge(
    work: Work, kept: Person, gone: Person, versions: tuple[int | str | None, int | str | None] = (None, None)
) -> Merge:
    """Make two entries one.

    Args:
        kept: Stays; what it lacks (number, birth, mother's name) is taken from the other.
        gone: Leads to the kept one from now on; its residences, accounts, claims and places on lists move there.
        versions: Of both as they were shown.

    Raises:
        Refused: `merge-same`, `merge-merged`, `merge-lists` when both receive aid that one person may not have twice;
            NotFound, ChangedMeanwhile.
    """
    work.require(RIGHT)
    for person, version in zip((kept, gone), versions, strict=True):
        _require_seen(work, person)
        work.same(person, version)
    if kept.id == gone.id:
        raise Refused("merge-same")
    moved: dict[str, Any] = {"household": gone.household_id, "version": 1}
    moved |= {name: _ids(work, table, gone) for name, table in _MOVING.items()}
    moved["merged"] = list(work.session.scalars(select(Person.id).where(Person.merged_into == gone.id)))
    moved["ended"] = {name: _end(work, table, kept, gone) for name, table in _ENDING.items()}
    for name, table in _MOVING.items():
        _give(work, table, moved[name], kept.id)
    moved["holds"] = _move_holds(work, gone.id, kept.id)
    work.session.execute(update(Person).where(Person.merged_into == gone.id).values(merged_into=kept.id))
    moved["filled"] = _fill(work, kept, gone)
    gone.merged_into, gone.household_id = kept.id, kept.household_id
    work.session.flush()
    for person in (kept, gone):
        keep_words(work, person)
    work.session.expire_all()
    made = Merge(kept_id=kept.id, gone_id=gone.id, moved=moved, merged_at=work.now, merged_by=work.actor.name)
    work.session.add(made)
    _decide(work, kept.id, gone.id, "same")
    work.session.flush()
    work.record("person.merged", "person", kept.id, gone=gone.id)
    return made


def undo(work: Work, made: Merge) -> None:
    """Make two entries of one again: what moved and is still there goes back.

    Raises:
        Refused: `merge-undone`; `merge-merged-on` when the kept entry was itself merged into another since; NotFound.
    """
    work.require(RIGHT)
    kept, gone = (work.session.get_one(Person, id_) for id_ in (made.kept_id, made.gone_id))
    _require_seen(work, kept, "merge-merged-on")
    if made.undone_at is not None:
        raise Refused("merge-undone")
    moved = made.moved
    gone.merged_into, gone.household_id = None, moved["household"]
    work.session.flush()
    work.session.execute(update(Person).where(Person.id.in_(moved["merged"])).values(merged_into=gone.id))
    for name, table in _MOVING.items():
        still = select(table.id).where(table.id.in_(moved[name]), table.person_id == kept.id)
        _give(work, table, list(work.session.scalars(still)), gone.id)
    for name, table in _ENDING.items():
        _set(work, table, moved["ended"][name], until=None)
    _move_holds(work, kept.id, gone.id, moved["holds"])
    _empty(work, kept, gone, moved["filled"])
    work.session.flush()
    for person in (kept, gone):
        keep_words(work, person)
    work.session.expire_all()
    made.undone_at, made.undone_by = work.now, work.actor.name
    _decide(work, kept.id, gone.id, None)
    work.session.flush()
    work.record("person.unmerged", "person", kept.id, gone=gone.id)


def different(work: Work, likeness: Likeness) -> None:
    """Decide that two entries are two people: they are not shown again."""
    work.require(RIGHT)
    pair = seen_pair(work, likeness.id)
    likeness.decision, likeness.decided_at, likeness.decided_by = "different", work.now, work.actor.name
    work.session.flush()
    work.record("person.different", "person", pair.one.id, other=pair.other.id)


def pairs(work: Work, limit: int = 50) -> list[Pair]:
    """Give the entries of the actor's area that may be one person and await a decision, the likeliest first."""
    work.require(RIGHT)
    mine = select(Person.id).join(Household, Household.id == Person.household_id)
    mine = mine.where(households_of(work.actor, RIGHT), Person.merged_into.is_(None))
    found = (
        select(Likeness)
        .where(Likeness.decision.is_(None), Likeness.one_id.in_(mine), Likeness.other_id.in_(mine))
        .order_by(Likeness.probability.desc(), Likeness.id)
        .limit(limit)
    )
    return [_pair(work, likeness) for likeness in work.session.scalars(found)]


def seen_pair(work: Work, id_: int) -> Pair:
    """Open a likeness, with both files, on the record. Raises: NotFound."""
    work.require(RIGHT)
    likeness = work.session.get(Likeness, id_)
    if likeness is None:
        raise NotFound
    pair = _pair(work, likeness)
    for person in pair[1:]:
        if not may_see(work, person.household, RIGHT):
            raise NotFound
        work.record("person.read", "person", person.id)
    return pair


def _pair(work: Work, likeness: Likeness) -> Pair:
    return Pair(likeness, *(work.session.get_one(Person, id_) for id_ in (likeness.one_id, likeness.other_id)))


def _require_seen(work: Work, person: Person, merged: str = "merge-merged") -> None:
    if person.household is None:
        raise NotFound
    sees(work, person.household, RIGHT)
    if person.merged_into is not None:
        raise Refused(merged)


def _ids(work: Work, table: Any, person: Person) -> list[int]:
    return list(work.session.scalars(select(table.id).where(table.person_id == person.id).order_by(table.id)))


def _end(work: Work, table: Any, kept: Person, gone: Person) -> list[int]:
    """End what the entry that goes has open where the kept one has something open too."""
    open_ = select(table.id).where(table.until.is_(None))
    if work.session.scalars(open_.where(table.person_id == kept.id)).first() is None:
        return []
    ids = list(work.session.scalars(open_.where(table.person_id == gone.id)))
    _set(work, table, ids, until=work.today)
    return ids


def _give(work: Work, table: Any, ids: list[int], person: int) -> None:
    _set(work, table, ids, person_id=person)


def _set(work: Work, table: Any, ids: list[int], **values: Any) -> None:
    if not ids:
        return
    if hasattr(table, "version"):
        values["version"] = table.version + 1
    statement = update(table).where(table.id.in_(ids)).values(**values)
    work.session.execute(statement.execution_options(synchronize_session=False))


def _move_holds(work: Work, before: int, after: int, ids: list[int] | None = None) -> list[int]:
    """Let aid be held by the other entry; the database refuses what one person may not hold twice."""
    mine = Hold.holder == f"p{before}" if ids is None else Hold.id.in_(ids)
    found = list(work.session.scalars(select(Hold.id).where(mine, Hold.holder == f"p{before}")))
    try:
        _set(work, Hold, found, holder=f"p{after}")
    except IntegrityError:
        raise Refused("merge-lists") from None
    return found


def _fill(work: Work, kept: Person, gone: Person) -> list[str]:
    """Give the kept entry what it lacks; gives the names of it."""
    filled = [name for name in _FILLED if getattr(kept, name) is None and getattr(gone, name) is not None]
    for name in filled:
        setattr(kept, name, getattr(gone, name))
    number = gone.opened(work.keys, NIK)
    if kept.nik_sealed is None and number is not None:
        _hand_over(work, gone, kept, number)
        filled.append(NIK)
    return filled


def _empty(work: Work, kept: Person, gone: Person, filled: list[str]) -> None:
    """Take back from the kept entry what it was given, unless it was corrected since."""
    for name in filled:
        if name == NIK:
            number = kept.opened(work.keys, NIK)
            if number is not None and gone.nik_sealed is None:
                _hand_over(work, kept, gone, number)
        elif getattr(kept, name) == getattr(gone, name):
            setattr(kept, name, None)


def _hand_over(work: Work, giver: Person, taker: Person, number: str) -> None:
    """No number stands twice, not even for a moment."""
    giver.seal(work.keys, NIK, None)
    work.session.flush()
    taker.seal(work.keys, NIK, number)
    work.session.flush()


def _decide(work: Work, one: int, other: int, decision: str | None) -> None:
    low, high = sorted((one, other))
    found = and_(Likeness.one_id == low, Likeness.other_id == high)
    values = {"decision": decision, "decided_at": work.now, "decided_by": work.actor.name}
    work.session.execute(update(Likeness).where(found).values(**(values if decision else dict.fromkeys(values))))
