"""What everybody may see of lists: a name, a village, the aid. No NIK, no address, nothing about anybody's health.

A list is shown when its publisher said so and its service is not one that only officers may know of. Children, and whoever
may be one, stand with their initials, and cannot be looked for by name.
"""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from casework.lists.lists import secret_services
from casework.lists.models import BeneficiaryList, Entry
from casework.lists.placing import LISTED
from casework.people.models import Household, Person, Village
from casework.refusals import Refused
from casework.store.work import Work
from engine.diagnosis import Office

ADULT = 18
PAGE, SHEET = 50, 1000
SHORTEST = 3
_WORDS = 6


class Shown(NamedTuple):
    """One beneficiary as everybody may see them; the village's name is None while nobody knows it."""

    name: str
    village: str
    village_name: str | None
    list: str
    service: str
    since: date
    until: date


class Page(NamedTuple):
    """Some beneficiaries, how many there are, and which page of how many this is."""

    found: tuple[Shown, ...]
    total: int
    number: int
    pages: int


def public_lists(work: Work, office: Office) -> list[BeneficiaryList]:
    """Give the lists that everybody may see, the newest first."""
    rows = select(BeneficiaryList).where(_is_public(work, office))
    return list(work.session.scalars(rows.order_by(BeneficiaryList.since.desc(), BeneficiaryList.id.desc())))


def beneficiaries(
    work: Work,
    office: Office,
    name: str = "",
    number: str | None = None,
    village: str = "",
    page: int = 1,
    size: int = PAGE,
) -> Page:
    """Give a page of beneficiaries, by name.

    Args:
        work: Anybody.
        office: The edition in force: which services are confidential.
        name: Words of a name; children are not found by it.
        number: Of one list alone.
        village: Of one village alone, by its code.
        page: Which page, counted from 1; one that is not there is the last.
        size: How many a page.

    Raises:
        Refused: `lists-search-short`.
    """
    words = name.split()[:_WORDS]
    if words and len("".join(words)) < SHORTEST:
        raise Refused("lists-search-short", "name", least=SHORTEST)
    child = _is_child(work.today)
    chosen = [
        Entry.place == LISTED,
        _is_public(work, office),
        *([BeneficiaryList.number == number] if number else []),
        *([Household.village == village] if village else []),
        *([and_(~child, *(_has(word) for word in words))] if words else []),
    ]
    total = work.session.scalar(_joined(select(func.count())).where(*chosen)) or 0
    pages = max(1, -(-total // size))
    number_of_page = min(max(page, 1), pages)
    on = BeneficiaryList
    rows = _joined(
        select(
            _name(), child.label("child"), Household.village, Village.name, on.number, on.service, on.since, on.until
        )
    ).where(*chosen)
    # Of children not even the order of their names is told.
    order = (case((child, 1), else_=0), case((child, ""), else_=func.lower(_name())), Entry.id)
    found = work.session.execute(rows.order_by(*order).offset((number_of_page - 1) * size).limit(size))
    return Page(tuple(_shown(*row) for row in found), total, number_of_page, pages)


def villages(work: Work, office: Office) -> list[tuple[str, str | None]]:
    """Give the villages where somebody is on a list that everybody may see."""
    rows = _joined(select(Village.code, Village.name)).where(Entry.place == LISTED, _is_public(work, office))
    return [(code, name) for code, name in work.session.execute(rows.distinct().order_by(Village.code))]


def initials(name: str) -> str:
    """Give a name by the first letters of its words."""
    return " ".join(f"{word[0].upper()}." for word in name.split() if word[0].isalpha()) or "..."


def _shown(name: str, child: bool, *rest: Any) -> Shown:
    return Shown(initials(name) if child else name, *rest)


def _is_public(work: Work, office: Office) -> ColumnElement[bool]:
    on = BeneficiaryList
    return and_(on.state == "published", on.public, on.service.not_in(secret_services(work, office)))


def _joined(rows: Select[Any]) -> Select[Any]:
    return (
        rows.select_from(Entry)
        .join(BeneficiaryList, BeneficiaryList.id == Entry.list_id)
        .join(Household, Household.id == Entry.household_id)
        .join(Village, Village.code == Household.village)
        .outerjoin(Person, Person.id == Entry.person_id)
    )


def _name() -> ColumnElement[str]:
    return func.coalesce(Person.name, Household.name)


def _has(word: str) -> ColumnElement[bool]:
    return func.lower(_name()).contains(word.lower(), autoescape=True)


def _is_child(today: date) -> ColumnElement[bool]:
    """Say whether the beneficiary may be below 18: a person without a known birthday may be; a household by its head."""
    grown = _years_before(today, ADULT)
    head = aliased(Person)
    head_is_child = exists().where(
        head.household_id == Household.id, head.name == Household.name, head.birth_date > grown
    )
    of_person = or_(Person.birth_date.is_(None), Person.birth_date > grown)
    return case((Entry.person_id.is_not(None), of_person), else_=head_is_child)


def _years_before(day: date, years: int) -> date:
    """Give the last birthday on which somebody is of an age today; who was born on 29 February has it on 1 March."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, month=2, day=28)
