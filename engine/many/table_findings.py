"""What cannot be used of a table: refused cells of one column, and how each is put into words.

A finding holds rows, not sentences: of a million mistakes only those are worded that somebody will read. Values
are judged once more for it, one by one as those of a household file, so both are told in the same words.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from engine.knowledge import values
from engine.knowledge.model import HOUSEHOLD, Fact, Region
from engine.knowledge.problems import Problem, closest
from engine.knowledge.read import Listing, Node, Place, Word
from engine.knowledge.values import shortened
from engine.many.columns import AS_OF
from engine.many.sheet import KEY
from engine.many.table_cells import NOWHERE, SEPARATOR
from engine.many.tables import ROW

CELL = " cell"
Why = Callable[[Any, date], Problem]


class Finding(NamedTuple):
    """Refused cells of one column: their rows (`h`, null for nobody's; `ROW`, `CELL`, `as_of`), and how each is told."""

    file: str
    column: str
    rows: pl.DataFrame
    why: Why

    def first(self, count: int) -> "Finding":
        """Give only so many cells of it."""
        return self._replace(rows=self.rows.head(max(0, count)))

    def problems(self) -> Iterator[tuple[int, Problem]]:
        """Give row and problem of every cell, in the order of the file; the place of a problem is its path."""
        days = self.rows.get_column(AS_OF, default=None)
        told = zip(self.rows[ROW], self.rows[CELL], days if days is not None else [None] * len(self.rows), strict=True)
        for row, cell, day in told:
            problem = self.why(cell, date.min if day is None else date.fromordinal(int(day)))
            where = ": ".join(part for part in (f"{self.file}:{row}", self.column) if part)
            yield row, Problem(problem.code, NOWHERE._replace(path=where), problem.details)


def finding(file: Path, column: str, rows: pl.DataFrame, cell: pl.Expr, why: Why, days: bool = False) -> Finding:
    """Make a finding of the rows of a frame; with `days`, which its column `as_of` then holds settled."""
    kept = [pl.col(KEY).cast(pl.UInt32), pl.col(ROW), cell.alias(CELL)]
    return Finding(file.name, column, rows.select(*kept, *([AS_OF] if days else [])), why)


def problem_at(where: str, code: str, **details: Any) -> Problem:
    """Make a problem of a table: `where` names file, row and column as far as they are known."""
    return Problem(code, Place("", path=where), details)


def told(column: str, dtype: pl.DataType) -> pl.Expr:
    """Give refused cells of a column as they are told: text, or lists of text."""
    return pl.col(column).cast(pl.List(pl.String) if isinstance(dtype, pl.List) else pl.String)


def named(code: str) -> Why:
    """Tell a mistake whose sentence names the cell."""
    return lambda cell, _: Problem(code, NOWHERE, {"name": shortened(str(cell))})


def not_one_of(column: str, allowed: Iterable[str]) -> Why:
    """Tell that a cell is none of a few words."""

    def why(cell: Any, _: date) -> Problem:
        details = {"what": column, "value": shortened(str(cell)), "known": ", ".join(allowed)}
        return Problem("not-one-of", NOWHERE, {**details, "did_you_mean": closest(str(cell), allowed)})

    return why


def why_refused(fact: Fact, cell: Any, regions: Mapping[str, Region], day: date) -> Problem:
    """Say why a cell is refused, as it is said of one household.

    Args:
        fact: The fact of the column.
        cell: The cell as text, or a list of texts.
        regions: The known regions by code.
        day: The day of the row.
    """
    try:
        values.value_of(fact, node_of(cell, fact.type == "choices"), regions, day)
    except values.BadValue as bad:
        return bad.problem
    return Problem("one-value-expected", NOWHERE, {"name": fact.name, "type": fact.type})


def why_no_share(column: str) -> Callable[[Any, date], Problem]:
    """Say why a cell of a column of certainties is refused."""
    fact = Fact(column, HOUSEHOLD, "number", None, NOWHERE)

    def why(cell: Any, day: date) -> Problem:
        problem = why_refused(fact, cell, {}, day)
        if problem.code != "one-value-expected":
            return problem
        return Problem("certainty-out-of-range", NOWHERE, {"value": shortened(cell), "low": "0", "high": "1"})

    return why


def node_of(cell: Any, several: bool) -> Node:
    """Make what a household file would hold of a cell."""
    if several and isinstance(cell, str):
        cell = cell.split(SEPARATOR)
    if several:
        return Listing(tuple(Word(str(item or "").strip(), NOWHERE) for item in cell), NOWHERE)
    return Word(str(cell).strip(), NOWHERE)
