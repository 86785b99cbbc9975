"""A plan brought into the register: sealed beforehand, then written in bulk within one transaction.

Sealing takes most of the time and locks nobody out; the writing itself is short. What somebody else changed since the
plan was made refuses the whole of it.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.people.import_plan import OWN, Plan
from casework.people.models import BankAccount, Household, NameWord, Person, Residence
from casework.people.names import add_words
from casework.refusals import Refused
from casework.store.base import sealed_columns
from casework.store.chunks import chunks
from casework.store.keys import Keyring
from casework.store.work import Work
from engine.population_number import KK, NIK

_RESIDENTS = select(Residence.person_id, Residence.household_id).where(Residence.until.is_(None))


@dataclass
class Sealed:
    """The rows of what is new, sealed; `cards` says for each new person the household."""

    households: list[dict[str, Any]]
    people: list[dict[str, Any]]
    cards: list[bytes]
    accounts: list[dict[str, Any]]


def sealed(plan: Plan, keys: Keyring, now: datetime, day: date, progress: Callable[[int], None]) -> Sealed:
    """Seal every number of a plan; `progress` is told how many people are done."""
    people = []
    for count, (_, _, told) in enumerate(plan.new_people, 1):
        uid = uuid.uuid4().hex
        own = {name: getattr(told, name) for name in OWN}
        people.append({"uid": uid, "registered_at": now, **own, **sealed_columns(Person, keys, uid, NIK, told.nik)})
        if count % 1000 == 0:
            progress(count)
    return Sealed(
        list(_households(plan, keys, now)), people, [one.card for one in plan.new_people], _accounts(plan, keys, day)
    )


def write(work: Work, plan: Plan, rows: Sealed) -> None:
    """Write all of it.

    Raises:
        Refused: `import-changed`, when the register is no longer what the plan was made for.
    """
    try:
        _Writing(work, plan, rows).run()
    except IntegrityError:
        raise Refused("import-changed") from None


class _Writing:
    def __init__(self, work: Work, plan: Plan, rows: Sealed) -> None:
        self.session: Session = work.session
        self.work, self.plan, self.rows = work, plan, rows
        self.homes = dict(plan.known)
        self.people = dict(plan.people)

    def run(self) -> None:
        _insert(self.session, Household, self.rows.households)
        cards = [one.index for one in self.plan.new_households]
        self.homes |= self._ids(Household, Household.kk_index, cards)
        self._relocate()
        for row, card in zip(self.rows.people, self.rows.cards, strict=True):
            row["household_id"] = self.homes[card]
        _insert(self.session, Person, self.rows.people)
        self.people |= self._ids(Person, Person.nik_index, [one.index for one in self.plan.new_people])
        self._change()
        self._live()
        self._name()
        self._pay()

    def _relocate(self) -> None:
        """Let households that live elsewhere now take those along who live there."""
        rows = [{"b_id": one.id, "b_version": one.version, **one.place._asdict()} for one in self.plan.moved_households]
        self._update(Household, rows)
        moved = {one.id: one.place for one in self.plan.moved_households}
        staying = list(self._rows(_RESIDENTS, Residence.household_id, moved))
        self._leave(person for person, _ in staying)
        _insert(self.session, Residence, [self._residence(person, home, moved[home]) for person, home in staying])

    def _change(self) -> None:
        rows = [
            {"b_id": one.id, "b_version": one.version, **one.values, "household_id": self.homes[one.card]}
            for one in self.plan.changed_people
        ]
        self._update(Person, rows)

    def _live(self) -> None:
        movers = [(one.id, one.card) for one in self.plan.changed_people if one.moves]
        self._leave(person for person, _ in movers)
        new = [(self.people[one.index], one.card) for one in self.plan.new_people]
        rows = [self._residence(person, self.homes[card], self.plan.places[card]) for person, card in movers + new]
        _insert(self.session, Residence, rows)

    def _name(self) -> None:
        renamed = {one.id: one.values["name"] for one in self.plan.changed_people if one.renamed}
        for some in chunks(renamed):
            self.session.execute(delete(NameWord).where(NameWord.person_id.in_(some)))
        named = renamed | {self.people[one.index]: one.told.name for one in self.plan.new_people}
        for some in chunks(named.items()):
            add_words(self.work, some)

    def _pay(self) -> None:
        for row, account in zip(self.rows.accounts, self.plan.accounts, strict=True):
            row["person_id"] = self.people[account.nik]
        owners = [row["person_id"] for row in self.rows.accounts]
        for some in chunks(owners):
            open_ = (BankAccount.person_id.in_(some), BankAccount.until.is_(None))
            self.session.execute(
                update(BankAccount).where(*open_).values(until=self.work.today, version=BankAccount.version + 1)
            )
        _insert(self.session, BankAccount, self.rows.accounts)

    def _leave(self, people: Iterable[int]) -> None:
        for some in chunks(people):
            open_ = (Residence.person_id.in_(some), Residence.until.is_(None))
            self.session.execute(update(Residence).where(*open_).values(until=self.work.today))

    def _residence(self, person: int, home: int, place: Any) -> dict[str, Any]:
        return {"person_id": person, "household_id": home, "since": self.work.today, **place._asdict()}

    def _update(self, model: type, rows: Sequence[dict[str, Any]]) -> None:
        """Update rows that nobody has changed since they were compared."""
        table: Table = model.__table__
        for some in chunks(rows):
            same = (table.c.id == bindparam("b_id"), table.c.version == bindparam("b_version"))
            statement = update(table).where(*same).values(version=table.c.version + 1)
            if self.session.connection().execute(statement, some).rowcount != len(some):
                raise Refused("import-changed")

    def _ids(self, model: type, index: Any, wanted: Sequence[bytes]) -> dict[bytes, int]:
        found = self._rows(select(index, model.id), index, wanted)
        return {row[0]: row[1] for row in found}

    def _rows(self, query: Any, column: Any, wanted: Iterable[Any]) -> Iterator[Any]:
        for some in chunks(wanted):
            yield from self.session.execute(query.where(column.in_(some)))


def _households(plan: Plan, keys: Keyring, now: datetime) -> Iterator[dict[str, Any]]:
    for one in plan.new_households:
        uid = uuid.uuid4().hex
        card = sealed_columns(Household, keys, uid, KK, one.kk)
        yield {"uid": uid, "name": one.name, "registered_at": now, **one.place._asdict(), **card}


def _accounts(plan: Plan, keys: Keyring, day: date) -> list[dict[str, Any]]:
    rows = []
    for one in plan.accounts:
        uid = uuid.uuid4().hex
        number = sealed_columns(BankAccount, keys, uid, "number", one.number)
        rows.append({"uid": uid, "bank": one.bank, "holder": one.holder, "since": day, **number})
    return rows


def _insert(session: Session, model: type, rows: Sequence[dict[str, Any]]) -> None:
    table: Table = model.__table__
    for some in chunks(rows):
        session.connection().execute(insert(table), some)
