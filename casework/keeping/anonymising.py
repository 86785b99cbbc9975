"""Tables for analysts: the households of the register as `tepat batch` and `tepat compare` read them, naming nobody.

What is not known to be harmless is left out: no numbers, no free text, nothing that only officers may know. A day of
birth becomes the middle of its month, a place the kecamatan; households and members get new names in a new order.
Whoever knows a family well may still recognise its facts: the tables are for analysts, not for the public.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
from sqlalchemy import select

from casework.cases.facts import document_of, household_of
from casework.people.models import Household as Registered
from casework.store.database import Database
from engine.diagnosis import Office
from engine.household import Given, Household
from engine.knowledge.model import Fact, Knowledge, Value
from engine.many.columns import AS_OF, UNLISTED
from engine.many.sheet import KEY, SEAT
from engine.many.tables import HOUSEHOLD_ID, PERSON_ID, tables_of

_AT_ONCE = 2000
_KECAMATAN = len("35.06.07")
_HARMLESS = ("boolean", "integer", "number", "money", "choice", "choices")


def anonymise(
    database: Database, office: Office, folder: Path, secret: bytes, done: Callable[[int], object] = lambda n: None
) -> int:
    """Write `households.parquet` and `persons.parquet`.

    Args:
        database: Whose register.
        office: The edition whose facts are told.
        folder: Made when it is not there.
        secret: Decides the new order and names; forgotten afterwards, they lead back to nobody.
        done: Is told how many households more were written.

    Returns:
        How many households there are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    homes, people, count = [], [], 0
    for chunk in _chunks(database, office, secret):
        tables = tables_of(chunk, office.knowledge)
        homes.append(_outward(tables.households))
        ids = tables.households.select(KEY, HOUSEHOLD_ID)
        people.append(tables.persons.join(ids, on=KEY).drop(KEY, SEAT))
        count += len(chunk)
        done(len(chunk))
    for name, frames in (("households", homes), ("persons", people)):
        whole = pl.concat(frames, how="diagonal") if frames else pl.DataFrame({HOUSEHOLD_ID: []})
        keys = [column for column in (HOUSEHOLD_ID, PERSON_ID) if column in whole.columns]
        _typed(whole.sort(keys), office.knowledge).write_parquet(folder / f"{name}.parquet")
    return count


def nameless(household: Household, office: Office, name: str) -> Household:
    """Give a household under another name, with members under numbers, and only what names nobody."""
    hidden = office.plan(household.as_of).officer_only
    members = {member: f"anggota-{number}" for number, member in enumerate(sorted(household.members), 1)}
    facts = {
        (members.get(of, of), key): replaced
        for (of, key), given in household.facts.items()
        if key.rpartition(":")[2] not in hidden and (replaced := _harmless(key, given, office.knowledge)) is not None
    }
    return replace(household, id=name, members=tuple(members.values()), facts=facts)


def _harmless(key: str, given: Given, knowledge: Knowledge) -> Given | None:
    fact = knowledge.facts.get(key)
    if fact is None or fact.type in _HARMLESS:  # papers and received services are no facts
        return given
    value = _coarser(fact, given.value)
    return None if value is None else given._replace(value=value)


def _coarser(fact: Fact, value: Value) -> Value | None:
    if fact.type == "date" and isinstance(value, date):
        return value.replace(day=15)
    if fact.type == "region":
        return str(value)[:_KECAMATAN]
    return None


def _chunks(database: Database, office: Office, secret: bytes) -> Iterator[list[Household]]:
    """Give the households some at a time, each time in a unit of work that forgets what it read."""
    last = 0
    while True:
        with database.reading() as work:
            living = select(Registered).where(Registered.id > last, Registered.closed_at.is_(None))
            rows = work.session.scalars(living.order_by(Registered.id).limit(_AT_ONCE)).all()
            told = {row.id: household_of(office, document_of(work, office, row, secrets=False)) for row in rows}
        if not told:
            return
        last = max(told)
        yield [nameless(household, office, _name(secret, id_)) for id_, household in told.items()]


def _name(secret: bytes, id_: int) -> str:
    return hashlib.sha256(secret + str(id_).encode()).hexdigest()[:16]


def _outward(homes: pl.DataFrame) -> pl.DataFrame:
    """Name the columns of a household as a table in a file does (design 6.3)."""
    listed = pl.when(pl.col(UNLISTED)).then(pl.lit("some")).otherwise(pl.lit("all"))
    return homes.with_columns(_day(AS_OF), listed.alias("members_listed")).drop(KEY, UNLISTED)


def _day(column: str) -> pl.Expr:
    """Make days again of what the evaluator counts from the year 1."""
    return (pl.col(column) - date(1970, 1, 1).toordinal()).cast(pl.Int32).cast(pl.Date).alias(column)


def _typed(frame: pl.DataFrame, knowledge: Knowledge) -> pl.DataFrame:
    """Make days and whole numbers of what the evaluator keeps as floats."""

    def typed(column: str) -> pl.Expr | None:
        fact = knowledge.facts.get(column)
        if fact is None or frame.schema[column] != pl.Float64:
            return None
        if fact.type == "date":
            return _day(column)
        return pl.col(column).cast(pl.Int64) if fact.type in ("integer", "money") else None

    return frame.with_columns(*(expr for column in frame.columns if (expr := typed(column)) is not None))
