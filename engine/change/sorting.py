"""Households sorted by something: by a fact, given or worked out, or by the district, the village they live in."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import polars as pl

from engine.diagnosis import Office
from engine.knowledge.model import HOUSEHOLD, PERSON, Knowledge
from engine.many.columns import AS_OF, Brought, Writer
from engine.many.sheet import KEY, SEAT, Schedule, name_of
from engine.many.tables import HOUSEHOLD_ID, Tables

LEVELS = {
    **dict.fromkeys(("provinsi", "province"), 1),
    **dict.fromkeys(("kabupaten", "kota", "regency"), 2),
    **dict.fromkeys(("kecamatan", "district"), 3),
    **dict.fromkeys(("desa", "kelurahan", "village"), 4),
}
# The types that are numbers in the columns, of which many different values are put into bands.
_AS = {"integer": pl.Int64, "money": pl.Float64, "number": pl.Float64, "date": pl.Date}
_BANDS = 5
_EPOCH = date(1970, 1, 1).toordinal()


class By(NamedTuple):
    """What households are sorted by: a fact of the household; of a region, down to which level of its code."""

    name: str
    fact: str
    level: int | None = None


class NoSuchFact(Exception):
    """Households cannot be sorted by this name; `known` are names they can be sorted by."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name, self.known = name, tuple(known)
        super().__init__(name)


def by_of(name: str, knowledge: Knowledge) -> By:
    """Understand what to sort by: a household's fact, or a level of its region (`kecamatan`).

    Raises:
        NoSuchFact: when it is neither.
    """
    facts = {f.name: f for f in knowledge.facts.values() if f.of == HOUSEHOLD and f.type != "choices"}
    if name in facts:
        return By(name, name)
    region = next((fact.name for fact in facts.values() if fact.type == "region"), None)
    if name.lower() in LEVELS and region:
        return By(name, region, LEVELS[name.lower()])
    raise NoSuchFact(name, [*facts, *(("kecamatan", "desa") if region else ())])


def sorted_by(one: By, office: Office, tables: Tables) -> pl.DataFrame:
    """Give each household what it is sorted under: `low` and `high` are its value, or the ends of a band of values."""
    fact = office.knowledge.facts[one.fact]
    values = _values(office, tables, one.fact)
    value = pl.col("value")
    if one.level:
        parts = value.cast(pl.String).str.split(".")
        code = pl.when(parts.list.len() >= one.level).then(parts.list.head(one.level).list.join("."))
        return values.select(HOUSEHOLD_ID, code.alias("low"), code.alias("high"))
    ends = [value.alias("low"), value.alias("high")]
    if fact.type in _AS and values["value"].n_unique() > 2 * _BANDS:
        ends = [
            end.over(_band(values["value"])).alias(name) for end, name in ((value.min(), "low"), (value.max(), "high"))
        ]
    return values.select(HOUSEHOLD_ID, *[_as(fact.type, end) for end in ends])


def _band(values: pl.Series) -> pl.Expr:
    """Number bands in which about as many households lie."""
    edges = sorted({values.quantile(band / _BANDS, "nearest") for band in range(1, _BANDS)})
    return (
        pl.sum_horizontal([(pl.col("value") >= edge).cast(pl.Int8) for edge in edges]) + pl.col("value").is_null() * 100
    )


def _as(kind: str, value: pl.Expr) -> pl.Expr:
    """Turn a value of the columns back into what the fact's values are."""
    if kind == "date":
        return (value - _EPOCH).cast(pl.Int32).cast(pl.Date)
    return value.cast(_AS[kind]) if kind in _AS else value


def _values(office: Office, tables: Tables, fact: str) -> pl.DataFrame:
    """Give the value of a fact, given, presumed or worked out, for every household."""
    found = [pl.DataFrame(schema={HOUSEHOLD_ID: pl.String, "value": pl.Null})]
    for day in tables.households[AS_OF].unique().sort():
        households = tables.households.filter(pl.col(AS_OF) == day)
        sides = {HOUSEHOLD: households, PERSON: tables.persons.join(households, on=KEY, how="semi")}
        brought = Brought(*(frozenset(side.columns) for side in sides.values()), date.fromordinal(int(day)))
        writer = Writer(office.plan(brought.day), brought)
        column = writer.sheet.keep(writer.read(fact, HOUSEHOLD, HOUSEHOLD).value, HOUSEHOLD)
        schedule = Schedule(writer.sheet, [column])
        inputs = {}
        for of, side in sides.items():
            named = [pl.col(name).alias(own) for own, name in schedule.inputs.items() if own.startswith(of + ".")]
            inputs[of] = side.select(KEY, *([SEAT] if of == PERSON else []), *named)
        worked = schedule.run(inputs)[HOUSEHOLD]
        told = households.select(KEY, HOUSEHOLD_ID).join(worked, on=KEY, how="left")
        found.append(told.select(HOUSEHOLD_ID, pl.col(name_of(column)).alias("value")))
    return pl.concat(found, how="vertical_relaxed")
