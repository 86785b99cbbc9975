"""A sheet of columns: what is worked out for many households at once, one column a step.

A `Col` is an expression over the columns of one of two tables, the households' or the persons', with the names of
the columns it reads. `keep` makes it a step: one column of its table. Two steps cross between the tables: what a
household's members `see` of it, and what is `gathered` from members into their household. A `Schedule` orders
the steps that some outputs need into few stages and runs them over real tables, dropping each column after its
last use.

Expressions are written in the *dialect* of the tables: that of Polars, or that of narwhals, which speaks for other
engines. They share every word that is used here.
"""

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, NamedTuple

import polars

from engine.certainty import FLOATS
from engine.knowledge.model import HOUSEHOLD, PERSON

# Every table has the household's key; the persons' also has the place of each in their household.
KEY, SEAT = "h", "seat"


def _operator(work: Callable[[Any, Any], Any], swapped: bool = False) -> Callable[["Col", Any], "Col"]:
    if swapped:
        return lambda self, other: joined(lambda one, two: work(two, one), self, other)
    return lambda self, other: joined(work, self, other)


def _divided(one: Any, two: Any) -> Any:
    """Divide; by a whole column even where all divide by one number, which engines turn into an inexact product."""
    return one / (two if hasattr(two, "alias") else one * 0 + two)


class Col:
    """An expression over one table, and the columns it reads; its operators make larger ones."""

    __slots__ = ("expr", "of", "reads")
    __hash__ = object.__hash__

    def __init__(self, expr: Any, of: str, reads: frozenset[str]) -> None:
        self.expr, self.of, self.reads = expr, of, reads

    def startswith(self, prefix: str) -> "Col":
        return Col(self.expr.str.starts_with(prefix), self.of, self.reads)

    def contains(self, item: str) -> "Col":
        return Col(self.expr.list.contains(item), self.of, self.reads)

    def is_null(self) -> "Col":
        return Col(self.expr.is_null(), self.of, self.reads)

    def floor(self) -> "Col":
        return Col(self.expr.floor(), self.of, self.reads)

    def __invert__(self) -> "Col":
        return Col(~self.expr, self.of, self.reads)

    def __mul__(self, other: Any) -> "Col":
        """Multiply; once anything is itself."""
        one = not isinstance(other, Col) and other == 1
        return self if one else joined(operator.mul, self, other)

    __rmul__ = __mul__
    __add__, __radd__ = _operator(operator.add), _operator(operator.add, swapped=True)
    __sub__, __rsub__ = _operator(operator.sub), _operator(operator.sub, swapped=True)
    __truediv__, __rtruediv__ = _operator(_divided), _operator(_divided, swapped=True)
    __and__, __rand__ = _operator(operator.and_), _operator(operator.and_, swapped=True)
    __or__, __ror__ = _operator(operator.or_), _operator(operator.or_, swapped=True)
    __lt__, __le__ = _operator(operator.lt), _operator(operator.le)
    __gt__, __ge__ = _operator(operator.gt), _operator(operator.ge)
    __eq__, __ne__ = _operator(operator.eq), _operator(operator.ne)


def joined(work: Callable[..., Any], *parts: Any) -> Col:
    """Make one Col of Cols about the same table, and of plain values."""
    cols = [part for part in parts if isinstance(part, Col)]
    (of,) = {col.of for col in cols}
    exprs = [part.expr if isinstance(part, Col) else part for part in parts]
    return Col(work(*exprs), of, frozenset().union(*(col.reads for col in cols)))


def name_of(column: Col) -> str:
    """Give the name of a kept column in its table."""
    (name,) = column.reads
    return name


class Columns:
    """The carrier of many subjects of one table: each number is a column, or a plain value that all share."""

    def __init__(self, sheet: "Sheet") -> None:
        self.sheet = sheet

    @property
    def flat(self) -> "Columns":
        return self

    def keep(self, number: Any) -> Any:
        return self.sheet.keep(number)

    def where(self, test: Any, then: Any, otherwise: Any) -> Any:
        """Choose; a test that is unknown does not hold."""
        if not isinstance(test, Col):
            return then if test else otherwise
        if then is otherwise:
            return then
        when, lit = self.sheet.dialect.when, self.sheet.literal
        return joined(lambda t, a, b: when(t).then(lit(a)).otherwise(lit(b)), test, then, otherwise)

    def unknown(self, value: Any) -> Any:
        return value.is_null() if isinstance(value, Col) else value is None

    def truth(self, holds: Any, fails: Any) -> Any:
        return self.where(holds, True, self.where(fails, False, None))

    def sign(self, truth: Any) -> Any:
        if not isinstance(truth, Col):
            return FLOATS.sign(truth)
        return self.where(truth, 1.0, self.where(truth.is_null(), 0.0, -1.0))

    def smallest(self, numbers: Iterable[Any], of_none: float) -> Any:
        return self._horizontal(self.sheet.dialect.min_horizontal, FLOATS.smallest, numbers, of_none)

    def largest(self, numbers: Iterable[Any], of_none: float) -> Any:
        return self._horizontal(self.sheet.dialect.max_horizontal, FLOATS.largest, numbers, of_none)

    def _horizontal(self, work: Callable[..., Any], plain: Callable, numbers: Iterable[Any], of_none: float) -> Any:
        numbers = list(numbers)
        cols = [number for number in numbers if isinstance(number, Col)]
        rest = [number for number in numbers if not isinstance(number, Col)]
        if not cols:
            return plain(rest, of_none)
        if len(numbers) == 1:
            return cols[0]
        literals = [self.sheet.literal(plain(rest, of_none))] if rest else []
        return joined(lambda *exprs: work(*exprs, *literals), *cols)

    def nth_largest(self, numbers: Sequence[Any], n: Any, of_none: float, beyond: float) -> Any:
        if not isinstance(n, Col):
            if n <= 0:
                return of_none
            return self._ranked(numbers, n)[n - 1] if n <= len(numbers) else beyond
        found: Any = beyond
        for place, number in reversed(list(enumerate(self._ranked(numbers, len(numbers)), 1))):
            found = self.where(n <= place, number, found)
        return self.where(n <= 0, of_none, found)

    def _ranked(self, numbers: Sequence[Any], most: int) -> list[Any]:
        """Give the largest numbers in falling order, by inserting one after another."""
        ranked: list[Any] = []
        for number in numbers:
            grown = []
            for place in range(min(len(ranked) + 1, most)):
                above = ranked[place - 1] if place else None
                here = ranked[place] if place < len(ranked) else None
                pushed = number if above is None else self.smallest((above, number), 1.0)
                grown.append(pushed if here is None else self.largest((here, pushed), -1.0))
            ranked = [self.sheet.keep(one) for one in grown]
        return ranked

    def rounded(self, number: Any) -> Any:
        return Col(number.expr.round(6), number.of, number.reads) if isinstance(number, Col) else FLOATS.rounded(number)

    def floor(self, number: Any) -> Any:
        return number.floor() if isinstance(number, Col) else math.floor(number)


class Members:
    """The carrier of the members of each household: many numbers become one of their household."""

    def __init__(self, sheet: "Sheet", flat: Columns) -> None:
        self.sheet, self.flat = sheet, flat

    def smallest(self, numbers: Any, of_none: float) -> Col:
        return self.sheet.gathered(numbers, "min", of_none)

    def largest(self, numbers: Any, of_none: float) -> Col:
        return self.sheet.gathered(numbers, "max", of_none)

    def nth_largest(self, numbers: Any, n: Any, of_none: float, beyond: float) -> Any:
        if not isinstance(n, Col) and n <= 0:
            return of_none
        numbers = self.sheet.keep(numbers, PERSON)
        ranks = Col(numbers.expr.rank("ordinal", descending=True).over(KEY), PERSON, numbers.reads)
        at_rank = self.flat.where(self.sheet.keep(ranks) == self.sheet.seen(n), numbers, None)
        return self.flat.where(n <= 0, of_none, self.sheet.gathered(at_rank, "max", beyond))


class Step(NamedTuple):
    """One column to work out: its table, the columns it reads, and how."""

    name: str
    of: str
    kind: str
    reads: frozenset[str]
    expr: Any | None = None
    empty: Any = None


class Sheet:
    """Collects the steps; the same step asked for twice is one."""

    def __init__(self, dialect: ModuleType = polars) -> None:
        self.dialect = dialect
        self.steps: dict[str, Step] = {}
        self.inputs: dict[str, str] = {}
        self._columns: dict[str, Col] = {}
        self._crossed: dict[tuple, Col] = {}

    def input(self, name: str, of: str) -> Col:
        """Name a column that the tables bring."""
        own = f"{of}.{name}"
        self.inputs[own] = name
        return self._column(own, of)

    def _column(self, own: str, of: str) -> Col:
        if own not in self._columns:
            self._columns[own] = Col(self.dialect.col(own), of, frozenset({own}))
        return self._columns[own]

    def literal(self, value: Any) -> Any:
        """Give a plain value as an expression; an expression stays as it is."""
        return value if hasattr(value, "alias") else self.dialect.lit(value)

    def keep(self, value: Any, of: str | None = None) -> Any:
        """Make a Col a step, unless it is one; with `of`, a plain value that all share too."""
        if not isinstance(value, Col):
            return value if of is None else self._add(of, "work", frozenset(), self.literal(value))
        if len(value.reads) == 1 and self._columns.get(next(iter(value.reads))) is value:
            return value
        return self._add(value.of, "work", value.reads, value.expr)

    def seen(self, value: Any) -> Any:
        """Give what each member sees of their household."""
        return self._across(PERSON, "seen", value) if isinstance(value, Col) else value

    def gathered(self, value: Any, how: str, empty: Any) -> Col:
        """Give each household the `min`, `max` or `sum` of its members; `empty` where it has none, or only nulls."""
        return self._across(HOUSEHOLD, how, self.keep(value, PERSON), empty)

    def _across(self, of: str, kind: str, value: Col, empty: Any = None) -> Col:
        (source,) = reads = self.keep(value).reads
        key = (source, kind, repr(empty))
        if key not in self._crossed:
            self._crossed[key] = self._add(of, kind, reads, empty=empty)
        return self._crossed[key]

    def _add(self, of: str, kind: str, reads: frozenset[str], expr: Any | None = None, empty: Any = None) -> Col:
        name = f"{of}.{len(self.steps)}"
        self.steps[name] = Step(name, of, kind, reads, expr, empty)
        return self._column(name, of)


def _worked_out(tables: dict[str, Any]) -> dict[str, Any]:
    """Run the queries of Polars as they stand: the schedule has put them in order, and asks for nothing needlessly."""
    frames = polars.collect_all([table.lazy() for table in tables.values()], optimizations=polars.QueryOptFlags.none())
    return dict(zip(tables, frames, strict=True))


@dataclass
class Stage:
    """Steps that are worked out together, and the columns nobody reads after them."""

    of: str
    kind: str
    steps: list[Step]
    drop: dict[str, list[str]] = field(default_factory=dict)


class Schedule:
    """The stages that lead to some outputs."""

    def __init__(self, sheet: Sheet, outputs: Iterable[Col]) -> None:
        self.sheet = sheet
        self.outputs = frozenset().union(*(output.reads for output in outputs)) if outputs else frozenset()
        self.needed = self._needed()
        self.stages = self._stages()
        self._let_go()

    @property
    def inputs(self) -> dict[str, str]:
        """Give the columns that the tables must bring: the name here, and theirs."""
        return {own: name for own, name in self.sheet.inputs.items() if own in self.needed}

    def _needed(self) -> set[str]:
        needed, front = set(), list(self.outputs)
        while front:
            name = front.pop()
            if name not in needed:
                needed.add(name)
                step = self.sheet.steps.get(name)
                front += step.reads if step else ()
        return needed

    def _stages(self) -> list[Stage]:
        left = [step for step in self.sheet.steps.values() if step.name in self.needed]
        done = {name for name in self.needed if name not in self.sheet.steps}
        stages = []
        while left:
            ready = [step for step in left if step.reads <= done]
            work = [step for step in ready if step.kind == "work"]
            for of in (HOUSEHOLD, PERSON):
                # Crossing between the tables costs most, so it waits until nothing else can be done.
                kinds = {"work"} if work else {"seen"} if of == PERSON else {"min", "max", "sum"}
                if steps := [step for step in ready if step.of == of and step.kind in kinds]:
                    stages.append(Stage(of, "work" if work else "cross", steps))
                    done.update(step.name for step in steps)
            left = [step for step in left if step.name not in done]
        return stages

    def _let_go(self) -> None:
        last: dict[str, int] = {}
        for at, stage in enumerate(self.stages):
            for step in stage.steps:
                last.update(dict.fromkeys(step.reads, at))
                last.setdefault(step.name, at)
        for name, at in last.items():
            if name not in self.outputs:
                self.stages[at].drop.setdefault(name.split(".")[0], []).append(name)

    def run(self, tables: dict[str, Any]) -> dict[str, Any]:
        """Work everything out.

        Args:
            tables: The households' and the persons' table, frames of the dialect that hold `inputs` and the key `h`.

        Returns:
            The same tables with the outputs.
        """
        eager = all(isinstance(table, polars.DataFrame) for table in tables.values())
        for stage in self.stages:
            of = stage.of
            if eager and stage.kind == "cross":
                tables = _worked_out(tables)
            if eager:
                # What can be worked out before the next crossing is one query for each table.
                tables = {side: table.lazy() for side, table in tables.items()}
            if stage.kind == "work":
                tables[of] = tables[of].with_columns([step.expr.alias(step.name) for step in stage.steps])
            elif of == PERSON:
                tables[of] = self._show(tables, stage)
            else:
                tables[of] = self._gather(tables, stage)
            for side, names in stage.drop.items():
                tables[side] = tables[side].drop(names)
        return _worked_out(tables) if eager else dict(tables)

    def _show(self, tables: dict[str, Any], stage: Stage) -> Any:
        col = self.sheet.dialect.col
        shown = [col(next(iter(step.reads))).alias(step.name) for step in stage.steps]
        return tables[PERSON].join(tables[HOUSEHOLD].select(KEY, *shown), on=KEY, how="left")

    def _gather(self, tables: dict[str, Any], stage: Stage) -> Any:
        col = self.sheet.dialect.col
        made = [getattr(col(next(iter(step.reads))), step.kind)().alias(step.name) for step in stage.steps]
        joined_ = tables[HOUSEHOLD].join(tables[PERSON].group_by(KEY).agg(made), on=KEY, how="left")
        filled = [col(step.name).fill_null(step.empty) for step in stage.steps if step.empty is not None]
        return joined_.with_columns(filled) if filled else joined_
