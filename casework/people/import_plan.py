"""What a list would do to the register: whom it knows already, who is new, who moves, and what it may not touch.

Nothing is written here. People are matched by NIK and households by family card, through the blind indexes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, select

from casework.people.import_rows import Fault, Reading
from casework.people.import_rows import Row as Told
from casework.people.models import BankAccount, Household, Person
from casework.people.names import words_of
from casework.people.places import Place, hamlets_of, place_of
from casework.store.chunks import chunks
from casework.store.work import Work
from engine.population_number import KK, NIK

RIGHT = "register.import"
OWN = ("name", "birth_date", "sex", "mother_name", "relation")


class NewHousehold(NamedTuple):
    """A household that is not there yet; its people follow by the index of its card."""

    index: bytes
    kk: str
    name: str
    place: Place


class MovedHousehold(NamedTuple):
    """A household that the list says lives elsewhere."""

    id: int
    version: int
    place: Place


class NewPerson(NamedTuple):
    """A person who is not there yet."""

    index: bytes
    card: bytes
    told: Told


class ChangedPerson(NamedTuple):
    """A person who is there and of whom something changes; `moves`: to the household of `card`."""

    id: int
    version: int
    values: dict[str, Any]
    card: bytes
    moves: bool
    renamed: bool


class NewAccount(NamedTuple):
    """An account for a person, by the index of the NIK that finds them; it ends the one before."""

    nik: bytes
    bank: str
    number: str
    holder: str


@dataclass
class Plan:
    """All that would be written."""

    new_households: list[NewHousehold] = field(default_factory=list)
    moved_households: list[MovedHousehold] = field(default_factory=list)
    new_people: list[NewPerson] = field(default_factory=list)
    changed_people: list[ChangedPerson] = field(default_factory=list)
    accounts: list[NewAccount] = field(default_factory=list)
    same: int = 0
    places: dict[bytes, Place] = field(default_factory=dict)  # by card: where its people live
    known: dict[bytes, int] = field(default_factory=dict)  # ids of households that are there, by card
    people: dict[bytes, int] = field(default_factory=dict)  # ids of people who are there, by NIK

    def counts(self) -> dict[str, int]:
        """Give what an officer is told before and after."""
        moves = sum(one.moves for one in self.changed_people)
        return {
            "new_households": len(self.new_households),
            "moved_households": len(self.moved_households),
            "new_people": len(self.new_people),
            "changed_people": len(self.changed_people) - moves,
            "moved_people": moves,
            "same_people": self.same,
            "accounts": len(self.accounts),
        }


def plan_of(work: Work, reading: Reading) -> tuple[Plan, list[Fault]]:
    """Compare the rows of a list with the register.

    Args:
        work: Of the actor for whom the list is brought in: who lies outside of their area is not touched.
        reading: Rows without a fault of their own.
    """
    return _Comparison(work, reading).run()


class _Comparison:
    def __init__(self, work: Work, reading: Reading) -> None:
        self.work, self.reading, self.plan = work, reading, Plan()
        self.faults: list[Fault] = []
        self.entered: dict[bytes, int] = {}  # where the new household of a card stands in the plan
        self.compared: set[int] = set()
        keys = work.keys
        self.niks = {row.nik: keys.index(NIK, row.nik) for row in reading.rows}
        self.cards = {row.kk: keys.index(KK, row.kk) for row in reading.rows}
        self.areas = [post.area for post in work.actor.posts_for(RIGHT)]
        self.homes = {one.kk_index: one for one in _found(work, _HOME, Household.kk_index, self.cards.values())}
        self.people = self._people()
        self.accounts = self._accounts()
        self.hamlets = hamlets_of(work, {row.place.village for row in reading.rows})

    def run(self) -> tuple[Plan, list[Fault]]:
        for row in self.reading.rows:
            self._row(row)
        return self.plan, self.faults

    def _row(self, row: Told) -> None:
        if not self._inside(row.place):
            self._fault(row, "village", "import-outside", village=row.place.village)
            return
        nik, card = self.niks[row.nik], self.cards[row.kk]
        person, home = self.people.get(nik), self.homes.get(card)
        if not self._touchable(row, person, home):
            return
        self._home(row, card, home)
        if person is None:
            self.plan.new_people.append(NewPerson(nik, card, row))
        else:
            self._person(row, nik, card, person, home)
        self._account(row, nik, person)

    def _touchable(self, row: Told, person: "Row[Any] | None", home: "Row[Any] | None") -> bool:
        before = len(self.faults)
        if home is not None and not self._inside(place_of(home)):
            self._fault(row, "kk", "import-card-elsewhere")
        elif home is not None and home.closed_at is not None:
            self._fault(row, "kk", "import-card-closed")
        if person is not None and not self._inside(place_of(person)):
            self._fault(row, "nik", "import-nik-elsewhere")
        elif person is not None and person.died_on is not None:
            self._fault(row, "nik", "import-dead")
        return len(self.faults) == before

    def _home(self, row: Told, card: bytes, home: "Row[Any] | None") -> None:
        """Note a household once, at its first row; its head names a new one."""
        if card in self.plan.places:
            if row.relation == "head" and home is None:
                at = self.entered[card]
                self.plan.new_households[at] = self.plan.new_households[at]._replace(name=row.name)
            return
        place = self._spelt(row.place)
        if home is None:
            self.entered[card] = len(self.plan.new_households)
            self.plan.new_households.append(NewHousehold(card, row.kk, row.name, place))
        else:
            self.plan.known[card] = home.id
            before = place_of(home)
            place = Place(*(new or old for new, old in zip(place, before, strict=True)))
            if place != before:
                self.plan.moved_households.append(MovedHousehold(home.id, home.version, place))
        self.plan.places[card] = place

    def _person(self, row: Told, nik: bytes, card: bytes, person: "Row[Any]", home: "Row[Any] | None") -> None:
        """Compare one who is there; what the list does not say stays as it is."""
        self.plan.people[nik] = person.id
        told = {name: getattr(row, name) for name in OWN}
        values = {name: value or getattr(person, name) for name, value in told.items()}
        moves = home is None or person.household_id != home.id
        again = person.id in self.compared  # by a NIK of an entry that was merged into this one
        self.compared.add(person.id)
        if again or (not moves and all(getattr(person, name) == value for name, value in values.items())):
            self.plan.same += 1
            return
        renamed = words_of(person.name) != words_of(row.name)
        if person.birth_date is not None and row.birth_date not in (None, person.birth_date):
            self._fault(row, "birth_date", "import-birth-changes", True, before=person.birth_date.isoformat())
        if renamed:
            self._fault(row, "name", "import-name-changes", True, before=person.name)
        if moves:
            self._fault(row, "kk", "import-moves", True)
        self.plan.changed_people.append(ChangedPerson(person.id, person.version, values, card, moves, renamed))

    def _account(self, row: Told, nik: bytes, person: "Row[Any] | None") -> None:
        if not row.bank or not row.account:
            return
        now = self.accounts.get(person.id) if person is not None else None
        if now is None or now.number_index != self.work.keys.index("number", row.account):
            self.plan.accounts.append(NewAccount(nik, row.bank, row.account, row.name))

    def _people(self) -> dict[bytes, "Row[Any]"]:
        """Find people by their NIK; whoever was merged leads to the one that was kept."""
        found = list(_found(self.work, _PERSON, Person.nik_index, self.niks.values()))
        merged = {one.merged_into for one in found if one.merged_into is not None}
        kept = {one.id: one for one in _found(self.work, _PERSON, Person.id, merged)}
        return {one.nik_index: kept.get(one.merged_into, one) for one in found}

    def _accounts(self) -> dict[int, "Row[Any]"]:
        ids = [one.id for one in self.people.values()]
        open_ = select(BankAccount.person_id, BankAccount.number_index).where(BankAccount.until.is_(None))
        return {one.person_id: one for one in _found(self.work, open_, BankAccount.person_id, ids)}

    def _inside(self, place: Place) -> bool:
        return self.work.actor.everything or any(area.covers(*place[:4]) for area in self.areas)

    def _spelt(self, place: Place) -> Place:
        """Write a hamlet as the register does, or as the list did first."""
        if place.hamlet is None:
            return place
        known = self.hamlets.setdefault((place.village, place.hamlet.casefold()), place.hamlet)
        return place._replace(hamlet=known)

    def _fault(self, row: Told, column: str, code: str, doubt: bool = False, **details: Any) -> None:
        self.faults.append(Fault(row.number, self.reading.columns[column], code, details, doubt))


_HOME = select(*(getattr(Household, name) for name in ("id", "version", "kk_index", "closed_at", *Place._fields)))
_PERSON = select(
    *(getattr(Person, name) for name in ("id", "version", "nik_index", "household_id", "died_on", "merged_into", *OWN)),
    *(getattr(Household, name) for name in Place._fields),
).join(Household, Household.id == Person.household_id)


def _found(work: Work, query: Any, column: ColumnElement[Any], values: Iterable[Any]) -> Iterator["Row[Any]"]:
    """Ask for many values, so many at a time that both databases take them."""
    for some in chunks(sorted(set(values))):
        yield from work.session.execute(query.where(column.in_(some)))
