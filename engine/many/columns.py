"""Work the Plan out for many households at once: the same steps as `forward`, each as a column.

An expression is a function from tables to a column; a reading, a line, a rule and a conclusion become expressions
here, in the words of `meaning` and with the arithmetic of `certainty`. Only what the asked services and conclusions
rest on becomes a step. Nothing loops over households: members are gathered into their household, and what a
household is, its members see.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Any, NamedTuple

import polars

from engine import certainty
from engine.compile import Plan, Task
from engine.knowledge.model import HOUSEHOLD, PERSON, Fact, Operand
from engine.knowledge.vocabulary import PAPER, RECEIVED
from engine.many.column_formulas import Cell, evaluate, kind_of, plain
from engine.many.sheet import Col, Columns, Members, Sheet
from engine.meaning import GIVEN_KEY, INPUT_KEYS, PROVEN, TESTS, TOLD, Amounts, Constant, Meaning

CERTAINTY = "__certainty"
AID = "active_services"
UNLISTED = "some_unlisted"
AS_OF = "as_of"
PAPER_COLUMN = "paper__"
BOTH = (PROVEN, TOLD)
_KINDS = {"integer": "number", "money": "number", "choice": "text", "region": "text", "choices": "choices"}
# A CF that no paper can have: it gives way to every paper that was told of.
_NO_PAPER = -2.0

Pair = tuple[Any, Any]


class Brought(NamedTuple):
    """Which columns the tables bring, and the day if it is one for all (None: the column `as_of`)."""

    household: frozenset[str]
    person: frozenset[str]
    day: date | None

    def has(self, name: str, of: str) -> bool:
        return name in (self.household if of == HOUSEHOLD else self.person)


class Reading(NamedTuple):
    """What is known under a name, for both passes, as `meaning` has it; a column each.

    How sure a value is counts only where the value is known, so that one number can stand for all subjects.
    """

    value: Any
    sure: Any
    value_told: Any
    told: Any
    presumed: Any

    def in_(self, lane: int) -> Pair:
        return (self.value_told, self.told) if lane else (self.value, self.sure)


@dataclass(frozen=True)
class Chosen:
    """The value of a fact that takes several choices: a truth for each choice."""

    parts: Mapping[str, Any]
    blank: Any

    def contains(self, choice: str) -> Any:
        return self.parts.get(choice, False)


class Writer:
    """Writes the steps of one plan for tables of one shape."""

    def __init__(self, plan: Plan, brought: Brought, dialect: ModuleType = polars) -> None:
        self.plan, self.brought = plan, brought
        self.knowledge, self.vocabulary, self.amounts = plan.knowledge, plan.vocabulary, plan.amounts
        self.sheet = Sheet(dialect)
        self.on = Columns(self.sheet)
        self.across = Members(self.sheet, self.on)
        default = self.knowledge.evidence[self.knowledge.default_evidence]
        self.default_certainty = default.certainty
        self._readings: dict[tuple[str, str, str], Any] = {}
        self._lines: dict[tuple, Pair] = {}
        self._rules: dict[str, tuple[Pair, Pair]] = {}

    @property
    def some_unlisted(self) -> Any:
        return self.sheet.input(UNLISTED, HOUSEHOLD) if self.brought.has(UNLISTED, HOUSEHOLD) else False

    def as_of(self, side: str) -> Any:
        if self.brought.day is not None:
            return plain(self.brought.day)
        column = self.sheet.input(AS_OF, HOUSEHOLD)
        return column if side == HOUSEHOLD else self.sheet.seen(column)

    def read(self, key: str, of: str, side: str) -> Any:
        """Give what is known under a key about a household or a person, as one side sees it."""
        if (key, of, side) not in self._readings:
            if of == side:
                self._readings[key, of, side] = self._reading(key, of)
            else:
                reading = self.read(key, of, of)
                self._readings[key, of, side] = (
                    type(reading)(*map(self._seen, reading))
                    if isinstance(reading, Reading)
                    else tuple(map(self._seen, reading))
                )
        return self._readings[key, of, side]

    def _seen(self, value: Any) -> Any:
        if isinstance(value, Chosen):
            parts = {choice: self.sheet.seen(self.sheet.keep(truth)) for choice, truth in value.parts.items()}
            return Chosen(parts, self.sheet.seen(self.sheet.keep(value.blank)))
        return self.sheet.seen(self.sheet.keep(value))

    def _reading(self, key: str, of: str) -> Any:
        if key in self.knowledge.conclusions:
            return self._conclusion(self.plan.by_name["settle", key])
        if key.startswith(INPUT_KEYS[RECEIVED]):
            return self._received(key[len(INPUT_KEYS[RECEIVED]) :], of)
        if key.startswith(INPUT_KEYS[PAPER]):
            return self._given(PAPER_COLUMN + key[len(INPUT_KEYS[PAPER]) :], of, None)
        if ("work", key) in self.plan.by_name:
            return self._worked(self.plan.by_name["work", key])
        name = key.removeprefix(GIVEN_KEY)
        return self._given(name, of, self.knowledge.facts[name])

    def _given(self, column: str, of: str, fact: Fact | None) -> Reading:
        """Give what the tables tell under a name: given, presumed, or unknown (design 3.1)."""
        on, sheet = self.on, self.sheet
        value, sure, refused = None, 1.0, False
        if self.brought.has(column, of):
            value = sheet.input(column, of)
            sure = self.default_certainty
            if self.brought.has(column + CERTAINTY, of):
                sure = self._certainties(column, of)
                refused = sheet.keep(sure == 0)
            if fact is not None and fact.type == "choices":
                value = Chosen({choice: value.contains(choice) for choice in fact.choices}, value.is_null())
        blank, told, presumed = self.unknown(value), 1.0, False
        presumption = self.knowledge.evidence.get("presumed")
        if fact is not None and fact.presume is not None and presumption.certainty:
            c = presumption.certainty
            presumed = blank & _opposite(refused) if isinstance(blank, Col) else blank and _opposite(refused)
            presumed = sheet.keep(presumed)
            value = self.choose(presumed, fact.presume, value)
            sure = on.where(presumed, c, sure)
            told = on.where(presumed, c if fact.answered_by == "applicant" else certainty.raised(c), told)
        value, told = self.kept(value), sheet.keep(told)
        return Reading(value, sheet.keep(sure), value, told, presumed)

    def _certainties(self, column: str, of: str) -> Col:
        """Give the certainties that stand beside a column; beside nothing stands any."""
        sure = self.sheet.input(column + CERTAINTY, of)
        return self.sheet.keep(self.on.where(sure.is_null(), 1.0, sure))

    def unknown(self, value: Any) -> Any:
        return value.blank if isinstance(value, Chosen) else self.on.unknown(value)

    def kept(self, value: Any) -> Any:
        if isinstance(value, Chosen):
            return Chosen(
                {choice: self.sheet.keep(truth) for choice, truth in value.parts.items()}, self.sheet.keep(value.blank)
            )
        return self.sheet.keep(value)

    def choose(self, test: Any, then: Any, otherwise: Any) -> Any:
        """Choose between two values, of which one may be a set of choices."""
        if isinstance(then, tuple) or isinstance(otherwise, Chosen | tuple) or isinstance(then, Chosen):
            one, two = self._chosen(then, otherwise), self._chosen(otherwise, then)
            where = self.on.where
            parts = {choice: where(test, one.parts[choice], two.parts[choice]) for choice in one.parts}
            return Chosen(parts, where(test, one.blank, two.blank))
        return self.on.where(test, plain(then), plain(otherwise))

    def _chosen(self, value: Any, other: Any) -> Chosen:
        if isinstance(value, Chosen):
            return value
        names = set(other.parts if isinstance(other, Chosen) else other or ()) | set(value or ())
        return Chosen({name: bool(value) and name in value for name in sorted(names)}, value is None)

    def held(self, service: str, of: str) -> Any:
        """Say whether a service is received; unknown where aid was not told of."""
        if not self.brought.has(AID, of):
            return None
        return self.sheet.input(AID, of).contains(service)

    def _received(self, service: str, of: str) -> Reading:
        held = self.held(service, of)
        if held is None:
            return Reading(None, 1.0, None, 1.0, False)
        on = self.on
        sure: Any = self.default_certainty
        if self.brought.has(AID + CERTAINTY, of):
            sure = self._certainties(AID, of)
        blank = on.unknown(held) | (sure == 0)
        value = self.sheet.keep(on.where(blank, None, held))
        return Reading(value, sure, value, 1.0, False)

    def _worked(self, task: Task) -> Reading:
        """Work a computed or conditional fact out (`compile.worked_out`)."""
        fact, on = task.fact, self.on
        given = self.read(GIVEN_KEY + fact.name, fact.of, fact.of)
        found, presumed = [], given.presumed
        for lane in BOTH:
            value, sure = given.in_(lane)
            sight = Sight(self, fact.of, lane)
            if fact.only_if:
                applies = evaluate(fact.only_if.tree, sight)
                refuted = self.sheet.keep(self._false(applies.value))
                value = self.choose(refuted, fact.otherwise, value)
                sure = on.where(refuted, applies.sure, sure)
                if lane == PROVEN:
                    presumed = on.where(refuted, False, presumed)
            else:
                cell, blank = evaluate(fact.computed.tree, sight), on.unknown(value)
                value, sure = on.where(blank, cell.value, value), on.where(blank, cell.sure, sure)
            found += [self.kept(value), self.sheet.keep(sure)]
        return Reading(*found, self.sheet.keep(presumed))

    def _false(self, truth: Any) -> Any:
        return self.on.where(truth == False, True, False) if isinstance(truth, Col) else truth is False  # noqa: E712

    def table(self, parameter: str, keys: list[Cell]) -> Cell:
        """Look a table up (`meaning.Amounts.table`)."""
        rows = self.amounts.tables.get(parameter)
        kind = self._kind_of_rows(rows)
        if rows is None or any(key.value is None for key in keys):
            return Cell(kind, None, 0.0)
        value = self.sheet.keep(self._looked_up(rows, [key.value for key in keys]))
        sure = certainty.least([key.sure for key in keys], self.on)
        return Cell(kind, value, self.on.where(self.on.unknown(value), 0.0, sure))

    def _looked_up(self, rows: tuple, keys: list[Any]) -> Any:
        found: Any = None
        for test, limit, inner in rows:
            got = self._looked_up(inner, keys[1:]) if isinstance(inner, tuple) else plain(inner)
            found = self.on.where(test(keys[0], (plain(limit),)), got, found)
        return found

    def _kind_of_rows(self, rows: Any) -> str:
        while isinstance(rows, tuple):
            rows = rows[0][2]
        return kind_of(rows) if rows is not None else "number"

    def line(self, meaning: Meaning, side: str) -> Pair:
        """Give a condition's CF in both passes, about the subjects of one side."""
        name, phrase = meaning.condition.name.text, meaning.condition.phrase
        key = (side, name, meaning.condition.text.text)
        if key not in self._lines:
            if phrase.members is None:
                pair = self._plain(meaning, side)
            else:
                inner = self._plain(meaning, PERSON)
                n = self._number(phrase.members.count, meaning.count, HOUSEHOLD)
                pair = tuple(
                    certainty.counted(phrase.members.quantifier, inner[lane], n[lane], self.some_unlisted, self.across)
                    for lane in BOTH
                )
            self._lines[key] = tuple(map(self.sheet.keep, pair))
        return self._lines[key]

    def _number(self, operand: Operand | None, limit: Any, side: str) -> Pair:
        """Give the N of a phrase or block in both passes: a number, a column, or unknown."""
        if operand is None:
            return None, None
        if isinstance(limit, Constant):
            return limit.known[0], limit.known[0]
        found = []
        for lane in BOTH:
            value = Sight(self, side, lane).cell(operand.word.text).value
            found.append(int(value) if isinstance(value, float) else value)
        return tuple(found)

    def _plain(self, meaning: Meaning, side: str) -> Pair:
        name, test = meaning.condition.name.text, meaning.condition.phrase.test
        entry = self.vocabulary.look(name)
        if test == "in hand":
            return self._in_hand(name, side, meaning.condition.phrase.members is not None)
        if test in ("is received", "is not received"):
            reading = self.read(INPUT_KEYS[RECEIVED] + name, entry.of, side)
            return self._compared(reading, lambda value, _: value == (test == "is received"), [[], []])
        reading = self.read(name, entry.of, side)
        if test in ("yes", "no"):
            if entry.sort != "fact":
                return reading if test == "yes" else tuple(map(certainty.negate, reading))
            return self._compared(reading, lambda value, _: value == (test == "yes"), [[], []])
        if test in ("is known", "is unknown"):
            return self._knowing(reading, test == "is known")
        limits = [[self._limit(meaning, at, side, lane) for at in range(len(meaning.limits))] for lane in BOTH]
        return self._compared(reading, TESTS[test], limits)

    def _limit(self, meaning: Meaning, at: int, side: str, lane: int) -> Cell:
        limit, operand = meaning.limits[at], meaning.condition.phrase.operands[at]
        if isinstance(limit, Constant):
            return Cell(kind_of(limit.known[0]), plain(limit.known[0]), 1.0)
        cell = Sight(self, side, lane).cell(operand.word.text)
        if operand.percent is None or cell.value is None:
            return cell
        return Cell(cell.kind, cell.value * operand.percent / 100, cell.sure)

    def _compared(self, reading: Reading, test: Callable, limits: list[list[Cell]]) -> Pair:
        """Compare a value with its limits; where both passes see the same, the comparison is made once."""
        alike = reading.value is reading.value_told and all(
            one.value is other.value for one, other in zip(*limits, strict=True)
        )
        holds = self.sheet.keep(self._holds(reading.value, test, limits[PROVEN]))
        told = holds if alike else self.sheet.keep(self._holds(reading.value_told, test, limits[TOLD]))
        sures = [
            certainty.least([reading.in_(lane)[1], *(limit.sure for limit in limits[lane])], self.on) for lane in BOTH
        ]
        if alike:
            return certainty.compare_twice(holds, *sures, self.on)
        return certainty.compare(holds, sures[PROVEN], self.on), certainty.compare(told, sures[TOLD], self.on)

    def _holds(self, value: Any, test: Callable, limits: list[Cell]) -> Any:
        if value is None or any(limit.value is None for limit in limits):
            return None
        holds = test(value, tuple(limit.value for limit in limits))
        blanks = [value.blank] if isinstance(value, Chosen) else []
        if len(limits) > 1:
            blanks += [limit.value.is_null() for limit in limits if isinstance(limit.value, Col)]
            blanks += [value.is_null()] if isinstance(value, Col) else []
        for blank in blanks:
            holds = self.on.where(blank, None, holds)
        return holds

    def _knowing(self, reading: Reading, expected: bool) -> Pair:
        cfs = []
        for lane in BOTH:
            value, _ = reading.in_(lane)
            known = self.on.where(self.unknown(value), False, self.on.where(reading.presumed, False, True))
            cfs.append(certainty.compare(known if expected else _opposite(known), 1.0, self.on))
        return tuple(cfs)

    def _in_hand(self, name: str, side: str, of_each: bool) -> Pair:
        """The strongest among the papers given for the household and for the member or members (`meaning`)."""
        key = INPUT_KEYS[PAPER] + name
        seats = PERSON if of_each else side
        household, own = self.read(key, HOUSEHOLD, seats), self.read(key, PERSON, PERSON)
        found = []
        for lane in BOTH:
            held, theirs = (self._told_paper(reading, lane) for reading in (household, own))
            if seats == HOUSEHOLD:
                theirs = self.on.largest((self.across.largest(theirs, _NO_PAPER), _NO_PAPER), _NO_PAPER)
            best = self.sheet.keep(self.on.largest((held, theirs), _NO_PAPER))
            found.append(self.on.where(best < -1, 0.0, best))
        return tuple(found)

    def _told_paper(self, reading: Reading, lane: int) -> Any:
        value, sure = reading.in_(lane)
        blank = self.on.unknown(value)
        return self.on.where(blank, _NO_PAPER, certainty.compare(value, sure, self.on))

    def rule(self, task: Task) -> tuple[Pair, Pair]:
        """Give a rule's premise and its contribution, each in both passes."""
        if task.name not in self._rules:
            side, on, keep = task.about, self.on, self.sheet.keep
            blocks = []
            for block in task.rule.blocks:
                lines = [self.line(line, side) for line in block.lines]
                n = self._number(block.block.count, block.count, side)
                blocks.append([block.joined([pair[lane] for pair in lines], n[lane], on) for lane in BOTH])
            premise = tuple(keep(certainty.least([block[lane] for block in blocks], on)) for lane in BOTH)
            graded = [self.line(line, side) for line in task.rule.graded]
            contribution = premise
            if task.kind == "weigh":
                contribution = tuple(
                    keep(task.rule.contribution(premise[lane], [pair[lane] for pair in graded], on)) for lane in BOTH
                )
            self._rules[task.name] = premise, contribution
        return self._rules[task.name]

    def _conclusion(self, task: Task) -> Pair:
        """Settle a conclusion (`compile.settled`)."""
        if not task.contributions:
            return task.default, task.default
        pairs = [self.rule(self.plan.by_name["weigh", rule.id])[1] for rule in task.contributions]
        if task.contributions[0].effect.exactly:
            return tuple(self.sheet.keep(certainty.rounded(cf, self.on)) for cf in pairs[0])
        return tuple(
            self.sheet.keep(certainty.combine([pair[lane] for pair in pairs], task.bases, task.sides, self.on).cf)
            for lane in BOTH
        )


class Sight:
    """What a formula sees from one side of the tables, in one pass (`column_formulas.Sight`)."""

    def __init__(self, writer: Writer, of: str, lane: int) -> None:
        self.writer, self.of, self.lane = writer, of, lane
        self.sheet, self.on = writer.sheet, writer.on

    @property
    def some_unlisted(self) -> Any:
        return self.writer.some_unlisted

    def cell(self, name: str) -> Cell:
        """Give the value of a fact, of a parameter, or of a conclusion as its outcome."""
        writer = self.writer
        entry = writer.vocabulary.look(name)
        if entry.sort == "parameter":
            return self._parameter(name)
        reading = writer.read(name, entry.of, self.of)
        if isinstance(reading, Reading):
            fact = writer.knowledge.facts[name]
            return Cell(_KINDS.get(fact.type, fact.type), *reading.in_(self.lane))
        value, sure = certainty.judged(reading[self.lane], self.on)
        return Cell("boolean", self.sheet.keep(value), self.sheet.keep(sure))

    def _parameter(self, name: str) -> Cell:
        amounts: Amounts = self.writer.amounts
        if amounts.keys[name]:
            return self.table(name, [self.cell(key) for key in amounts.keys[name]])
        amount = amounts.in_force.get(name)
        known = amount is not None and amount.value is not None
        return Cell(kind_of(amount.value), plain(amount.value), 1.0) if known else Cell("number", None, 0.0)

    def as_of(self) -> Any:
        return self.writer.as_of(self.of)

    def members(self) -> "Sight":
        return Sight(self.writer, PERSON, self.lane)

    def table(self, parameter: str, keys: list[Cell]) -> Cell:
        return self.writer.table(parameter, keys)

    def brackets(self, parameter: str) -> tuple[tuple[float, float], ...] | None:
        amount = self.writer.amounts.in_force.get(parameter)
        return amount.brackets if amount else None


def _opposite(truth: Any) -> Any:
    return ~truth if isinstance(truth, Col) else not truth
