"""Which computed facts of many households are given beside what they can be worked out from (design 3.1).

Only what is given counts here: no presumed value, no `else`, no conclusion. The formulas are those of the column
evaluator; what they see is less.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from engine.compile import Plan
from engine.diagnosis import Office
from engine.knowledge.model import HOUSEHOLD, PERSON
from engine.many.column_formulas import evaluate
from engine.many.columns import AS_OF, CERTAINTY, Brought, Reading, Sight, Writer
from engine.many.sheet import KEY, SEAT, Col, Schedule, name_of
from engine.many.tables import Tables
from engine.meaning import GIVEN_KEY, PROVEN

_NOTHING = Reading(None, 0.0, None, 0.0, False)


class Workable:
    """Works computed facts out of what is given alone; keeps what it has compiled for tables of the same shape."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._compiled: dict[tuple, tuple[dict[str, Any], Schedule]] = {}

    def found(self, tables: Tables, asked: dict[str, list[str]]) -> Iterator[tuple[str, str, pl.DataFrame]]:
        """Give, for each computed fact asked for, about whom it can be worked out.

        Args:
            tables: Normalised tables; what is refused in them is null.
            asked: The names of computed facts, of households and of persons.

        Returns:
            Triples of whom the fact is about, its name, and a frame of the keys (`h`, `seat`) where it can be.
        """
        days = tables.households[AS_OF].unique().to_list()
        plans = {day: self.office.plan(date.fromordinal(int(day))) for day in days}
        for plan in dict.fromkeys(plans.values()):
            mine = [day for day, its in plans.items() if its is plan]
            homes = tables.households.filter(pl.col(AS_OF).is_in(mine))
            people = tables.persons.join(homes.select(KEY), on=KEY, how="semi")
            yield from self._worked_out(plan, Tables(homes, people), asked)

    def _worked_out(
        self, plan: Plan, tables: Tables, asked: dict[str, list[str]]
    ) -> Iterator[tuple[str, str, pl.DataFrame]]:
        brought = Brought(frozenset(tables.households.columns), frozenset(tables.persons.columns), None)
        key = (id(plan), brought)
        if key not in self._compiled:
            self._compiled[key] = _compiled(plan, brought, asked)
        columns, schedule = self._compiled[key]
        sides = {}
        for of in (HOUSEHOLD, PERSON):
            inputs = [pl.col(name).alias(own) for own, name in schedule.inputs.items() if own.startswith(of + ".")]
            keys = [KEY] if of == HOUSEHOLD else [KEY, SEAT]
            sides[of] = tables.of(of).select(*keys, *inputs)
        done = schedule.run(sides)
        for name, value in columns.items():
            of = plan.knowledge.facts[name].of
            frame = done[of]
            known = pl.col(name_of(value)).is_not_null() if isinstance(value, Col) else pl.lit(value is not None)
            yield of, name, frame.filter(known).select(KEY, *([SEAT] if of == PERSON else []))


def _compiled(plan: Plan, brought: Brought, asked: dict[str, list[str]]) -> tuple[dict[str, Any], Schedule]:
    writer = _OfGiven(plan, brought, pl)
    columns = {}
    for of, names in asked.items():
        for name in names:
            formula = plan.knowledge.facts[name].computed
            columns[name] = writer.sheet.keep(evaluate(formula.tree, Sight(writer, of, PROVEN)).value)
    return columns, Schedule(writer.sheet, [one for one in columns.values() if isinstance(one, Col)])


class _OfGiven(Writer):
    """Reads what is given, and what can be worked out of it."""

    def _reading(self, key: str, of: str) -> Any:
        fact = self.knowledge.facts.get(key.removeprefix(GIVEN_KEY))
        if fact is None:
            return (0.0, 0.0) if key in self.knowledge.conclusions else _NOTHING
        given = self._given(fact.name, of, replace(fact, presume=None))
        if not fact.computed:
            return given
        cell, blank = evaluate(fact.computed.tree, Sight(self, of, PROVEN)), self.on.unknown(given.value)
        if self.brought.has(fact.name + CERTAINTY, of):
            # What is given with certainty 0 stays unknown, though it could be worked out.
            blank = blank & (self._certainties(fact.name, of) > 0)
        value = self.sheet.keep(self.on.where(blank, cell.value, given.value))
        sure = self.on.where(self.on.unknown(value), 0.0, self.on.where(blank, cell.sure, given.sure))
        return Reading(value, self.sheet.keep(sure), value, self.sheet.keep(sure), False)
