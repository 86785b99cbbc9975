"""A made-up Kediri: 55,000 households with 164,000 members and a value for every fact of a vocabulary, from a seed.

Whatever the vocabulary asks is drawn by its type, choices and range, so a new fact needs nothing here; a few
are drawn by name, where evenly drawn values would be far from any village. From 10% to 30% of the values of a
fact are not known. Facts are drawn apart from each other: this is a load to measure by, not a population to
learn from. What would not be asked of somebody (`only_if`) may be told here, and is overruled as in a file.
"""

import math
import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from benchmarks.tables import CERTAINTY, uniform
from engine.knowledge.model import HOUSEHOLD, PERSON, Fact, Knowledge
from engine.population_number import NIK

HOUSEHOLDS, PERSONS = 55_000, 164_000
AS_OF = date(2026, 11, 23)
RECEIVING, NOTHING_TOLD = 0.1, 0.15
REGENCY = "35.06"
OUTSIDE = 0.02
EARLIEST = date(1950, 1, 1)

# How likely each whole number or choice is, from the least or first on; and how likely a yes is.
WEIGHTS = {
    "decile": (20, 18, 15, 12, 10, 8, 6, 5, 4, 2),
    "meals_per_day": (0, 1, 6, 12, 1, 0),
    "pregnancy_number": (0, 8, 6, 3, 2, 1),
}
SHARES = {
    "has_shelter": 0.98,
    "dukcapil_match": 0.93,
    "dtsen_registered": 0.8,
    "received_house_aid": 0.05,
    "lives_alone": 0.08,
    "pregnant": 0.04,
    "postpartum": 0.02,
    "has_disability": 0.07,
    "has_caregiver": 0.8,
}
PRESUMED_SHARES = {True: 0.9, False: 0.01}
# The largest amounts drawn, in rupiah, where the range of the vocabulary reaches far above a poor household.
MOST = {
    "total_spending": 8_000_000,
    "food_spending": 4_000_000,
    "liquid_assets": 100_000_000,
    "monthly_wage": 3_000_000,
    "floor_area": 200,
}


def tables(
    knowledge: Knowledge, households: int = HOUSEHOLDS, persons: int = PERSONS, seed: int = 3
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Make the tables `households` and `persons` of design 6.3; the same seed gives the same tables.

    Args:
        knowledge: The edition whose input facts become columns.
        households: How many; each has at least one member, who is grown up.
        persons: How many in all, at least as many as households.
        seed: Of the dice.
    """
    dice = random.Random(seed)
    width = len(str(households))
    ids = pl.Series("household_id", range(1, households + 1)).cast(pl.String).str.zfill(width)
    more = (uniform(dice, persons - households) * households).cast(pl.Int64)
    home = pl.concat([pl.Series(range(households), dtype=pl.Int64), more]).sort()
    seat = pl.DataFrame({"home": home}).select((pl.int_range(pl.len()) + 1).over("home")).to_series()
    told = uniform(dice, households) >= NOTHING_TOLD
    household_table = pl.DataFrame(
        [
            ids,
            pl.repeat(AS_OF, households, dtype=pl.Date, eager=True).alias("as_of"),
            _received(knowledge, HOUSEHOLD, dice, told),
            *_columns(knowledge, HOUSEHOLD, dice, households),
        ]
    )
    person_table = pl.DataFrame(
        [
            ids.gather(home),
            ("anggota-" + seat.cast(pl.String)).alias("person_id"),
            _received(knowledge, PERSON, dice, told.gather(home)),
            *_columns(knowledge, PERSON, dice, persons),
        ]
    )
    grown_up = _born(dice, persons, 20, 80)
    return household_table, person_table.with_columns(
        pl.when((seat == 1) & pl.col("birth_date").is_not_null()).then(grown_up).otherwise("birth_date").alias("birth_date")
    )  # fmt: skip


def write(folder: Path, knowledge: Knowledge, seed: int = 3) -> None:
    """Write both tables as Parquet files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in zip(("households", "persons"), tables(knowledge, seed=seed), strict=True):
        table.write_parquet(folder / f"{name}.parquet")


def _columns(knowledge: Knowledge, of: str, dice: random.Random, count: int) -> list[pl.Series]:
    """Draw a column for every input fact; what a registry answers is certain."""
    columns = []
    for fact in knowledge.facts.values():
        if fact.of != of or fact.computed is not None:
            continue
        values = _values(fact, knowledge, dice, count)
        unknown = uniform(dice, count) < 0.1 + 0.2 * dice.random()
        columns.append(values.to_frame("v").select(pl.when(~unknown).then("v").alias(fact.name)).to_series())
        if fact.answered_by == "registry":
            columns.append(pl.repeat(1.0, count, eager=True).alias(fact.name + CERTAINTY))
    return columns


def _values(fact: Fact, knowledge: Knowledge, dice: random.Random, count: int) -> pl.Series:
    match fact.type:
        case "boolean":
            return uniform(dice, count) < SHARES.get(fact.name, PRESUMED_SHARES.get(fact.presume, 0.5))
        case "choice":
            return _one_of(tuple(fact.choices), WEIGHTS.get(fact.name), dice, count)
        case "choices":
            taken = [_taken(choice, dice, count, 0.3) for choice in fact.choices]
            return pl.select(pl.concat_list(taken).list.drop_nulls()).to_series()
        case "region":
            inside = uniform(dice, count) >= OUTSIDE
            regions = [code for code in knowledge.regions if code.startswith(REGENCY)] or list(knowledge.regions)
            within, anywhere = (_one_of(codes, None, dice, count) for codes in (regions, list(knowledge.regions)))
            return within.zip_with(inside, anywhere)
        case "date":
            return _days(fact, dice, count)
        case "text" if fact.format:
            return _numbers(fact.format, dice, count)
        case "integer":
            low = fact.low if fact.low is not None else 0
            high = fact.high if fact.high is not None else low + 10
            weights = WEIGHTS.get(fact.name, (1,) * (high - low + 1))
            return _one_of(range(low, low + len(weights)), weights, dice, count)
        case "money" | "number":
            high = float(MOST.get(fact.name, fact.high if fact.high is not None else 1000))
            low = float(fact.low or high / 100)
            spread = (uniform(dice, count) * math.log(high / low) + math.log(low)).exp()
            return (spread / 1000).round().cast(pl.Int64) * 1000 if fact.type == "money" else spread.round(1)
    return _one_of(("satu", "dua", "tiga"), None, dice, count)


def _one_of(values: Sequence, weights: Sequence[float] | None, dice: random.Random, count: int) -> pl.Series:
    weights = weights or (1,) * len(values)
    ends = pl.Series(weights).cum_sum()
    return pl.Series(list(values)).gather(ends.search_sorted(uniform(dice, count) * ends[-1], side="right"))


def _born(dice: random.Random, count: int, least: int, most: int) -> pl.Series:
    """Draw dates of birth of people from `least` to `most` years old, the younger ones more often."""
    days = ((uniform(dice, count) ** 1.3 * (most - least) + least) * 365.25).cast(pl.Int64)
    return pl.Series([AS_OF - timedelta(days=day) for day in range((most + 1) * 366)]).gather(days)


def _days(fact: Fact, dice: random.Random, count: int) -> pl.Series:
    """Draw days: of birth, or evenly within a range that reaches less far back."""
    low, high = (AS_OF if end == "as_of" else end for end in (fact.low, fact.high or AS_OF))
    if low is None or low < EARLIEST:
        return _born(dice, count, 0, 75)
    days = (uniform(dice, count) * (high - low).days).cast(pl.Int64)
    return pl.Series([low + timedelta(days=day) for day in range((high - low).days + 1)]).gather(days)


def _numbers(kind: str, dice: random.Random, count: int) -> pl.Series:
    """Draw NIK or KK numbers of Kediri, ending in 0000 as no real one does; half of the NIK are of women."""
    day, month, year = (uniform(dice, count) * most for most in (28, 12, 75))
    day = (day + 1).cast(pl.Int64) + 40 * (uniform(dice, count) < 0.5).cast(pl.Int64) * (kind == NIK)
    sub_district = (uniform(dice, count) * 26 + 1).cast(pl.Int64)
    parts = (sub_district, day, (month + 1).cast(pl.Int64), (year + 25).cast(pl.Int64))
    pairs = [part.cast(pl.String).str.zfill(2) for part in parts]
    return pl.select(pl.concat_str(pl.lit(REGENCY.replace(".", "")), *pairs, pl.lit("0000"))).to_series()


def _received(knowledge: Knowledge, about: str, dice: random.Random, told: pl.Series) -> pl.Series:
    """Draw which services are received: a list, null where nothing is told of aid at all."""
    services = [name for name, service in knowledge.services.items() if service.for_ == about]
    taken = [_taken(name, dice, len(told), RECEIVING) for name in services]
    received = pl.concat_list(taken).list.drop_nulls() if taken else pl.lit([], dtype=pl.List(pl.String))
    return pl.select(pl.when(told).then(received).alias("active_services")).to_series()


def _taken(name: str, dice: random.Random, count: int, share: float) -> pl.Series:
    return pl.select(pl.when(uniform(dice, count) < share).then(pl.lit(name))).to_series()
