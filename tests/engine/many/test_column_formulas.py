"""A formula over columns gives, row by row, what it gives for one subject."""

import random
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from engine.evaluate import evaluate as evaluate_one
from engine.knowledge.formulas import parse_formula
from engine.knowledge.model import HOUSEHOLD, PERSON
from engine.knowledge.values import nowhere
from engine.many.column_formulas import Cell, evaluate, plain
from engine.many.sheet import Columns, Schedule, Sheet, name_of

TODAY = date(2026, 2, 28)
KINDS = {"start": "date", "end": "date", "n": "number", "m": "number", "yes": "boolean"}
TYPES = {"date": pl.Float64, "number": pl.Float64, "boolean": pl.Boolean}


class Seen:
    """What a formula sees of a table with one column for each name of `KINDS`."""

    of, some_unlisted = HOUSEHOLD, False

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.on = Columns(self.sheet)

    def cell(self, name: str) -> Cell:
        value = self.sheet.input(name, HOUSEHOLD)
        return Cell(KINDS[name], value, self.on.where(value.is_null(), 0.0, 0.6))

    def as_of(self) -> float:
        return plain(TODAY)


class One:
    """The same for one row, as `formulas` asks it."""

    day, some_unlisted = TODAY, False

    def __init__(self, row: dict[str, Any]) -> None:
        self.row = row

    def known(self, name: str) -> tuple[Any, float]:
        value = self.row.get(name)
        return (None, 0.0) if value is None else (value, 0.6)


def rows(number: int) -> list[dict[str, Any]]:
    """Make rows up, ends of months and leap days among them, some of each unknown."""
    dice = random.Random(number)
    ends = [date(2024, 2, 29), date(2023, 2, 28), date(2000, 2, 29), date(1900, 3, 1), date(2026, 1, 31), date(1, 1, 1)]

    def day() -> date:
        return dice.choice(ends) if dice.random() < 0.3 else date(1900, 1, 1) + timedelta(days=dice.randrange(60_000))

    found = [
        {
            "start": day(),
            "end": day(),
            "n": dice.choice((-2.5, 0.5, 1.5, 3, 7, 250_000)),
            "m": dice.choice((-2, 0, 0.1, 3)),
        }
        | {"yes": dice.random() < 0.5}
        for _ in range(number)
    ]
    for row in found:
        for name in row:
            if dice.random() < 0.1:
                row[name] = None
    return found


@pytest.mark.parametrize(
    "text",
    [
        "months_between(start, end)",
        "years_between(start, as_of)",
        "days_between(start, end)",
        "start + n",
        "end - m",
        "(end - start) % 7",
        "n / m",
        "n // m",
        "n % m",
        "round(n)",
        "round(n / 2)",
        "floor(-n / 4)",
        "ceil(n / 4)",
        "abs(m) - -n",
        "min(n, m, 2)",
        "max(start, end)",
        "n * 1000000000000000",
        "n if yes else m",
        "n if n > m and not yes else 0",
        "n in [3, 7, m]",
        "yes or n >= m",
        "0 <= n < 5",
        "start < end",
    ],
)
def test_every_row_gets_what_one_subject_gets(text):
    """Value, certainty and what is unknown agree on some hundreds of rows."""
    formula, told = parse_formula(nowhere(text)), rows(300)
    seen = Seen()
    cell = evaluate(formula.tree, seen)
    outputs = [seen.sheet.keep(part, HOUSEHOLD) for part in (cell.value, cell.sure)]
    schema = {f"household.{name}": TYPES[kind] for name, kind in KINDS.items()}
    frame = pl.DataFrame([{f"household.{k}": plain(v) for k, v in row.items()} for row in told], schema=schema)
    households = frame.with_columns(pl.int_range(pl.len()).cast(pl.UInt32).alias("h"))
    tables = {HOUSEHOLD: households, PERSON: households.select("h")}
    worked = Schedule(seen.sheet, outputs).run(tables)[HOUSEHOLD]
    found = zip(*(worked[name_of(output)].to_list() for output in outputs), strict=True)

    assert list(found) == [(plain(value), sure) for value, sure in (evaluate_one(formula.tree, One(r)) for r in told)]
