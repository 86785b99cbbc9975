"""The cells of a column of a table, all at once: which are values of its type, which are not, which are empty.

What `values` does for one written word is done here for a whole column, as expressions. `values` stays the law:
a test holds both to the same judgement, and why a cell is refused is said by it (`table_findings`).
"""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from engine.knowledge import values
from engine.knowledge.model import HOUSEHOLD, Fact, Region
from engine.knowledge.read import NULL_WORDS, Place
from engine.many.column_formulas import plain
from engine.many.columns import AS_OF
from engine.many.tables import TYPES
from engine.population_number import DAYS_OF_MONTHS, LENGTH, NIK

# What Python's `strip` takes away, for which columns have a rule of their own.
WHITE = "".join(map(chr, filter(lambda code: chr(code).isspace(), range(0x3001))))
SEPARATOR = ";"
NOWHERE = Place("")
_EPOCH = date(1970, 1, 1).toordinal()
_LAST_DAY = date.max.toordinal()
_REGION_LENGTHS = (2, 5, 8, 13)
_FORMS = {
    "boolean": {"text", "truth"},
    "integer": {"text", "number"},
    "number": {"text", "number"},
    "money": {"text", "number"},
    "date": {"text", "day"},
    "choice": {"text"},
    "choices": {"text", "list"},
    "region": {"text"},
    "text": {"text"},
}


class Cells(NamedTuple):
    """A column read: its values (null: unknown, or refused), and which cells are refused."""

    value: pl.Expr
    refused: pl.Expr


def form_of(dtype: pl.DataType) -> str | None:
    """Say in which form a column of a file holds its values: text, number, truth, day, list, nothing; None: another."""
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return "text"
    if dtype.is_numeric():
        return "number"
    if isinstance(dtype, pl.List):
        return "list" if form_of(dtype.inner) in ("text", "nothing") else None
    return {pl.Boolean: "truth", pl.Date: "day", pl.Datetime: "day", pl.Null: "nothing"}.get(dtype.base_type())


def fits(kind: str, dtype: pl.DataType) -> bool:
    """Say whether a column of a file can hold values of a type of fact; text can hold any."""
    return form_of(dtype) in {"nothing", *_FORMS[kind]}


def text(column: str) -> pl.Expr:
    """Read a column as stripped text; what says nothing is null."""
    found = pl.col(column).cast(pl.String).str.strip_chars(WHITE)
    return pl.when(~found.is_in(list(NULL_WORDS))).then(found)


def cells(fact: Fact, dtype: pl.DataType, regions: Mapping[str, Region]) -> Cells:
    """Read the column of a fact, named as the fact, where the frame has the day of each row as `as_of`.

    Args:
        fact: The fact, of any type.
        dtype: The type of the column, which `fits`.
        regions: The known regions by code.

    Returns:
        Values in the types of `engine.many.tables`.
    """
    form = form_of(dtype)
    if form == "nothing":
        return Cells(pl.lit(None, dtype=TYPES[fact.type]), pl.lit(False))
    if fact.type == "choices":
        return _choices(fact, items(fact.name, form))
    told = pl.col(fact.name) if form != "text" else text(fact.name)
    if dtype.is_float():
        told = told.fill_nan(None)
    match fact.type:
        case "boolean":
            value = told if form == "truth" else told.str.to_lowercase().replace_strict(values.TRUTHS, default=None)
        case "integer" | "money" | "number":
            value = _number(told, form, whole=fact.type != "number")
        case "date":
            value = _day(told, dtype)
        case "choice":
            value = pl.when(told.is_in(list(fact.choices))).then(told)
        case "region":
            value = pl.when(_listed(told, regions)).then(told)
        case "text" if fact.format:
            value = pl.when(_well_formed(told, fact.format)).then(told)
        case _:
            value = told
    value = _within_range(value, fact)
    return Cells(value, told.is_not_null() & value.is_null())


def items(column: str, form: str) -> pl.Expr:
    """Read a column of several words: a list, or text in which `;` parts them and `none` stands for no word."""
    if form == "list":
        return pl.col(column).cast(pl.List(pl.String)).list.eval(pl.element().str.strip_chars(WHITE))
    parts = text(column).str.split(SEPARATOR).list.eval(pl.element().str.strip_chars(WHITE))
    nothing = (parts.list.len() == 1) & (parts.list.first() == values.NOTHING)
    return pl.when(nothing).then(pl.lit([], dtype=pl.List(pl.String))).otherwise(parts)


def all_in(listed: pl.Expr, known: Iterable[str]) -> pl.Expr:
    """Say of each list whether it holds known words only."""
    return listed.list.eval(pl.element().is_in(list(known)).fill_null(False)).list.all()


def _choices(fact: Fact, listed: pl.Expr) -> Cells:
    good = all_in(listed, fact.choices)
    return Cells(pl.when(good).then(listed), listed.is_not_null() & ~good)


def _number(told: pl.Expr, form: str, whole: bool) -> pl.Expr:
    if form == "text":
        pattern = (values.WHOLE if whole else values.NUMBER).pattern
        counted = told.str.split(".").list.first() if whole else told
        written = told.str.contains(f"^(?:{pattern})$") & (counted.str.len_chars() <= values.LONGEST)
        told = pl.when(written).then(told.str.replace_all("_", "", literal=True))
    number = told.cast(pl.Float64, strict=False)
    good = number.is_between(-values.LARGEST, values.LARGEST)
    return pl.when(good & (number == number.floor()) if whole else good).then(number)


def _day(told: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_temporal():
        days = told.cast(pl.Date)
        if isinstance(dtype, pl.Datetime):
            days = pl.when(told.dt.time() == pl.time(0, 0, 0)).then(days)
    else:
        days = pl.when(told.str.contains("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")).then(told)
        days = days.str.to_date("%Y-%m-%d", strict=False)
    ordinal = days.to_physical().cast(pl.Float64) + _EPOCH
    return pl.when(ordinal.is_between(1, _LAST_DAY)).then(ordinal)


def _listed(told: pl.Expr, regions: Mapping[str, Region]) -> pl.Expr:
    """Say whether a code is well written, and known or within one without known parts (`values.is_listed`)."""
    good = told.str.contains(f"^(?:{values.REGION.pattern})$")
    if not regions:
        return good
    within = pl.any_horizontal(told.str.slice(0, length).is_in(values.unparted(regions)) for length in _REGION_LENGTHS)
    return good & (told.is_in(list(regions)) | within)


def _well_formed(told: pl.Expr, kind: str) -> pl.Expr:
    """Say whether a NIK or KK number is written without a fault (`population_number.fault_of`)."""
    good = told.str.contains(f"^[0-9]{{{LENGTH}}}$")
    day, month, year = (told.str.slice(at, 2).cast(pl.Int32, strict=False) for at in (6, 8, 10))
    if kind == NIK:
        day = pl.when(day > 40).then(day - 40).otherwise(day)
    days = month.replace_strict(dict(enumerate(DAYS_OF_MONTHS, 1)), default=0)
    return good & day.is_between(1, days) & ~((month == 2) & (day == 29) & (year % 4 != 0))


def _within_range(value: pl.Expr, fact: Fact) -> pl.Expr:
    if fact.low is None and fact.high is None:
        return value
    low, high = _limit(fact.low, -math.inf), _limit(fact.high, math.inf)
    return pl.when(value.is_between(low, high)).then(value)


def _limit(end: Any, without: float) -> pl.Expr:
    return pl.col(AS_OF) if end == "as_of" else pl.lit(without if end is None else plain(end))


def share(column: str, dtype: pl.DataType) -> Cells:
    """Read a column of certainties, numbers from 0 to 1."""
    return cells(Fact(column, HOUSEHOLD, "number", None, NOWHERE, low=0, high=1), dtype, {})
