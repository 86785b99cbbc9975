"""What staff see of lists: how many stand where, entries page by page, who is kept from a place by what. Only their areas."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from casework.cases.models import Claim
from casework.lists import holds
from casework.lists.conflicts import Conflict
from casework.lists.lists import entries_seen, visible
from casework.lists.models import BeneficiaryList, Entry
from casework.lists.placing import LISTED, REMOVED, WAITING
from casework.people.models import Household, Person
from casework.store.work import Work
from engine.diagnosis import Office

PLACES = (LISTED, WAITING, REMOVED)
PAGE = 50
_MOST_LISTS = 200
_MOST_CONFLICTS = 500


class Counted(NamedTuple):
    """A list, and how many stand on it at each place."""

    list: BeneficiaryList
    places: dict[str, int]


class EntryPage(NamedTuple):
    """Some entries of a list at one place, in their order."""

    entries: Sequence[Entry]
    total: int
    number: int
    pages: int


def overview(work: Work, office: Office, state: str = "", service: str = "") -> list[Counted]:
    """Give the lists that the actor works with, the newest first."""
    rows = select(BeneficiaryList).where(visible(work, office))
    if state:
        rows = rows.where(BeneficiaryList.state == state)
    if service:
        rows = rows.where(BeneficiaryList.service == service)
    lists = work.session.scalars(rows.order_by(BeneficiaryList.id.desc()).limit(_MOST_LISTS)).all()
    counts = _counts(work, Entry.list_id.in_([one.id for one in lists]))
    return [Counted(one, {place: counts.get((one.id, place), 0) for place in PLACES}) for one in lists]


def counted(work: Work, on: BeneficiaryList) -> dict[str, int]:
    """Count who stands where on a list."""
    counts = _counts(work, Entry.list_id == on.id)
    return {place: counts.get((on.id, place), 0) for place in PLACES}


def total_of(work: Work, on: BeneficiaryList) -> int:
    """Add up what is promised on a list, in rupiah."""
    rows = select(func.sum(Entry.amount)).join(Household).where(Entry.list_id == on.id, Entry.place == LISTED)
    return int(work.session.scalar(rows.where(entries_seen(work))) or 0)


def entries(work: Work, on: BeneficiaryList, place: str, name: str = "", page: int = 1) -> EntryPage:
    """Give a page of entries; a page that is not there is the last."""
    chosen = [Entry.list_id == on.id, Entry.place == place, entries_seen(work), *_named(name)]
    joined = select(func.count()).select_from(Entry).join(Household).outerjoin(Person, Person.id == Entry.person_id)
    total = work.session.scalar(joined.where(*chosen)) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(page, 1), pages)
    rows = _with_people().where(*chosen).order_by(Entry.rank, Entry.id).offset((number - 1) * PAGE).limit(PAGE)
    return EntryPage(work.session.scalars(rows).all(), total, number, pages)


def conflicts(work: Work, office: Office, on: BeneficiaryList) -> list[tuple[Entry, tuple[Conflict, ...]]]:
    """Give who waits because they hold something else, with what; the first some hundred of them in their order."""
    if on.service not in office.knowledge.services:
        return []
    rows = _with_people().where(Entry.list_id == on.id, Entry.place == WAITING, entries_seen(work))
    found: list[tuple[Entry, tuple[Conflict, ...]]] = []
    for some in holds.chunks(work.session.scalars(rows.order_by(Entry.rank, Entry.id)).all()):
        hindered = holds.conflicts_among(work, office.knowledge, some)
        found += [(entry, hindered[entry.id]) for entry in some if entry.id in hindered]
        if len(found) >= _MOST_CONFLICTS:
            break
    return found[:_MOST_CONFLICTS]


def _counts(work: Work, which: ColumnElement[bool]) -> dict[tuple[int, str], int]:
    rows = (
        select(Entry.list_id, Entry.place, func.count())
        .join(Household)
        .where(which, entries_seen(work))
        .group_by(Entry.list_id, Entry.place)
    )
    return {(on, place): many for on, place, many in work.session.execute(rows)}


def _with_people() -> Select[tuple[Entry]]:
    return (
        select(Entry)
        .join(Entry.household)
        .outerjoin(Entry.person)
        .options(
            contains_eager(Entry.household),
            contains_eager(Entry.person),
            joinedload(Entry.claim).joinedload(Claim.case),
        )
    )


def _named(name: str) -> list[ColumnElement[bool]]:
    return [
        or_(
            func.lower(Person.name).contains(word.lower(), autoescape=True),
            func.lower(Household.name).contains(word.lower(), autoescape=True),
        )
        for word in name.split()[:6]
    ]
