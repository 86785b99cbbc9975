"""What a line, a block and a rule mean for one subject: readings in, certainty factors out.

A *reading* is what working memory says under one name, for both passes at once (design 4.8):
`(value, c, value as told, c as told, presumed)` for facts, `(cf, cf as told)` for conclusions. A line is
compiled once into a function of a `Row`, the readings of one subject, and gives the CFs of both passes. All
arithmetic on certainty is that of `certainty`.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce
from typing import Any

from engine import certainty
from engine.certainty import FLOATS, Carrier
from engine.evaluate import UNKNOWN, Known
from engine.knowledge import values
from engine.knowledge.model import HOUSEHOLD, PERSON, Amount, Block, Condition, Knowledge, Operand, Rule
from engine.knowledge.vocabulary import INPUT_TESTS, KNOWN, PAPER, RECEIVED, Vocabulary

Reading = tuple
Pair = tuple[float, float]
Line = Callable[["Row"], Pair]
Limit = Callable[["Row"], Known]
PROVEN, TOLD = 0, 1
GIVEN_KEY, ROLL_KEY, RULE_KEY, OWN_KEY = "given:", "all:", "rule:", "own:"
INPUT_KEYS = {KNOWN: "", PAPER: "paper:", RECEIVED: "received:"}


class Row:
    """The readings one subject's rule can see, on one day; a `formulas.Scope` of the pass that `lane` names."""

    __slots__ = ("_members", "amounts", "day", "lane", "readings", "size", "some_unlisted")

    def __init__(
        self, readings: dict[str, Reading], amounts: "Amounts", day: date, size: int = 0, some_unlisted: bool = False
    ):
        self.readings, self.amounts, self.day = readings, amounts, day
        self.size, self.some_unlisted = size, some_unlisted
        self.lane = PROVEN
        self._members: list[Row] | None = None

    def known(self, name: str) -> Known:
        """Give a name's value and certainty; a conclusion counts as its outcome."""
        reading = self.readings.get(name)
        if reading is None:
            return self.amounts.value(name, self)
        if len(reading) == 2:
            return certainty.judged(reading[self.lane])
        value, sure = (reading[2], reading[3]) if self.lane else (reading[0], reading[1])
        return (value, sure) if sure else UNKNOWN

    def members(self) -> "list[Row]":
        """Give one row for each listed member: the household's names and the member's own."""
        if self._members is None:
            own = {key: reading for key, reading in self.readings.items() if not key.startswith(ROLL_KEY)}
            rolls = {_own_key(key): roll for key, roll in self.readings.items() if key.startswith(ROLL_KEY)}
            self._members = [
                Row({**own, **{key: roll[seat] for key, roll in rolls.items()}}, self.amounts, self.day)
                for seat in range(self.size)
            ]
        for row in self._members:
            row.lane = self.lane
        return self._members

    def table(self, parameter: str, keys: list[Known]) -> Known:
        return self.amounts.table(parameter, keys)

    def brackets(self, parameter: str) -> tuple[tuple[float, float], ...] | None:
        amount = self.amounts.in_force.get(parameter)
        return amount.brackets if amount else None


def in_both(row: Row, work: Callable[[Row], Any]) -> tuple[Any, Any]:
    """Do something in both passes: as proven, as told."""
    row.lane = TOLD
    told = work(row)
    row.lane = PROVEN
    return work(row), told


def _own_key(roll: str) -> str:
    """Give the key under which a member sees their own part of a roll; papers stand beside the household's."""
    key = roll[len(ROLL_KEY) :]
    return OWN_KEY + key if key.startswith(INPUT_KEYS[PAPER]) else key


@dataclass(frozen=True)
class Amounts:
    """The parameters in force on the days of one plan, their table keys read as values of facts."""

    in_force: Mapping[str, Amount | None]
    tables: Mapping[str, Any]
    keys: Mapping[str, tuple[str, ...]]

    def value(self, name: str, row: Row) -> Known:
        """Give a parameter's value; a table is looked up by the facts its keys name."""
        keys = self.keys[name]
        if keys:
            return self.table(name, [row.known(key) for key in keys])
        amount = self.in_force.get(name)
        return (amount.value, 1.0) if amount is not None and amount.value is not None else UNKNOWN

    def table(self, name: str, keys: list[Known]) -> Known:
        """Look a table up; a key it does not have gives unknown."""
        found = self.tables.get(name)
        for value, _ in keys:
            if value is None or found is None:
                return UNKNOWN
            found = next((inner for test, limit, inner in reversed(found) if test(value, (limit,))), None)
        return UNKNOWN if found is None else (found, certainty.least(sure for _, sure in keys))

    @classmethod
    def on(cls, knowledge: Knowledge, day: date) -> "Amounts":
        """Bind every parameter to its value in force on a day."""
        in_force = {name: parameter.on(day) for name, parameter in knowledge.parameters.items()}
        tables = {
            name: _table(amount.table, list(knowledge.parameters[name].keys), knowledge)
            for name, amount in in_force.items()
            if amount and amount.table is not None
        }
        keys = {name: tuple(word.text for word in p.keys) for name, p in knowledge.parameters.items()}
        return cls(in_force, tables, keys)


def _table(table: tuple, keys: list, knowledge: Knowledge) -> tuple:
    """Give the rows of a table: a test, its limit, and what it leads to; of several that hold, the last."""
    fact = knowledge.facts[keys[0].text]

    def row(band: Any, inner: Any) -> tuple:
        inner = _table(inner, keys[1:], knowledge) if isinstance(inner, tuple) else inner
        if band.test:
            return TESTS[band.test], band.limit, inner
        return TESTS["is"], values.literal(fact.type, band.word, fact, knowledge.regions), inner

    return tuple(row(band, inner) for band, inner in table)


def region_within(code: Any, outer: str) -> Any:
    """Say whether a region lies within another, by their codes."""
    return (code == outer) | code.startswith(outer + ".")


def _includes(chosen: Any, choice: str) -> Any:
    return choice in chosen if isinstance(chosen, tuple) else chosen.contains(choice)


# Written with operators alone, so that they serve a value and a column of values.
TESTS: dict[str, Callable[[Any, tuple], Any]] = {
    "is": lambda value, limits: value == limits[0],
    "is not": lambda value, limits: value != limits[0],
    "is one of": lambda value, limits: reduce(operator.or_, [value == limit for limit in limits]),
    "is none of": lambda value, limits: reduce(operator.and_, [value != limit for limit in limits]),
    "includes": lambda value, limits: _includes(value, limits[0]),
    "includes none of": lambda value, limits: (
        reduce(operator.or_, [_includes(value, limit) for limit in limits]) == False  # noqa: E712
    ),
    "is within": lambda value, limits: region_within(value, limits[0]),
    "at least": lambda value, limits: value >= limits[0],
    "at most": lambda value, limits: value <= limits[0],
    "above": lambda value, limits: value > limits[0],
    "below": lambda value, limits: value < limits[0],
    "between": lambda value, limits: (value >= limits[0]) & (value <= limits[1]),
}


@dataclass(frozen=True)
class Meaning:
    """A condition made ready: its function, and what explaining it needs.

    `compared` are the names it reads, each with whom it is about; `is_idea` says that it tests a conclusion.
    """

    condition: Condition
    block: str
    line: Line
    limits: tuple[Limit, ...]
    compared: tuple[tuple[str, str | None], ...]
    is_idea: bool
    inner: Line | None = None
    count: Limit | None = None

    def is_settled(self, index: Mapping[tuple[str, str], Any], of: str) -> bool:
        """Say whether surely nothing that the line reads of a subject may still change."""
        if self.condition.phrase.test == "in hand":
            # It reads papers of several people, of which not all must be known.
            return False
        for key, about in self.keys:
            fact = index.get((HOUSEHOLD if about == HOUSEHOLD else of, key))
            if fact is None or fact.open:
                return False
        return True

    @cached_property
    def keys(self) -> tuple[tuple[str, str | None], ...]:
        """Give the keys of working memory that the line reads, each with whom it is about."""
        phrase = self.condition.phrase
        first = INPUT_KEYS[INPUT_TESTS.get(phrase.test, KNOWN)] + self.condition.name.text
        found = []
        for place, (name, about) in enumerate(self.compared):
            key = name if place else first
            found.append((ROLL_KEY + key, HOUSEHOLD) if phrase.members and about == PERSON else (key, about))
        return tuple(found)


def line_of(condition: Condition, block: str, vocabulary: Vocabulary) -> Meaning:
    """Compile a checked condition."""
    phrase = condition.phrase
    limits = tuple(limit_of(operand, condition, vocabulary) for operand in phrase.operands)
    line = _plain_line(condition, limits, vocabulary)
    names = dict.fromkeys(read.name for read in vocabulary.reads_of_condition(condition))
    compared = tuple((name, vocabulary.look(name).of) for name in names)
    is_idea = phrase.test in ("yes", "no") and vocabulary.look(condition.name.text).sort != "fact"
    if phrase.members is None:
        return Meaning(condition, block, line, limits, compared, is_idea)
    count = limit_of(phrase.members.count, condition, vocabulary) if phrase.members.count else None
    over = _member_line(phrase.members.quantifier, count, line)
    return Meaning(condition, block, over, limits, compared, is_idea, line, count)


def limit_of(operand: Operand, condition: Condition | None, vocabulary: Vocabulary) -> Limit:
    """Compile the other side of a comparison: a constant, a fact, a parameter or a share of one."""
    text = operand.word.text
    entry = vocabulary.look(condition.name.text) if condition else None
    fact = entry.kind.fact if entry else None
    other = vocabulary.operand_entry(operand)
    if other is not None and not (fact and text in fact.choices):
        if operand.percent is None:
            return lambda row: row.known(text)
        return _share(text, operand.percent)
    if entry is None or (condition.phrase.members and condition.phrase.members.count is operand):
        known = (values.whole(operand.word), 1.0)
    else:
        known = (vocabulary.literal(operand, fact, entry.kind), 1.0)
    return Constant(known)


class Constant:
    """A limit that is the same for everybody."""

    def __init__(self, known: Known) -> None:
        self.known = known

    def __call__(self, row: Row) -> Known:
        return self.known


def _share(name: str, percent: float) -> Limit:
    def limit(row: Row) -> Known:
        value, sure = row.known(name)
        return UNKNOWN if value is None else (value * percent / 100, sure)

    return limit


def _plain_line(condition: Condition, limits: tuple[Limit, ...], vocabulary: Vocabulary) -> Line:
    name, test = condition.name.text, condition.phrase.test
    entry = vocabulary.look(name)
    match test:
        case "yes" | "no" if entry.sort != "fact":
            return _of_conclusion(name, test == "no")
        case "yes" | "no":
            return _of_truth(name, test == "yes")
        case "is received" | "is not received":
            return _of_truth(INPUT_KEYS[RECEIVED] + name, test == "is received")
        case "in hand":
            return _of_paper(INPUT_KEYS[PAPER] + name)
        case "is known" | "is unknown":
            return _of_knowing(name, test == "is known")
    return _of_value(name, TESTS[test], limits)


def _of_conclusion(name: str, negated: bool) -> Line:
    if negated:
        return lambda row: certainty.negate_twice(row.readings[name])
    return lambda row: row.readings[name]


def _of_truth(name: str, expected: bool) -> Line:
    return _of_value(name, lambda value, _: value is expected, ())


def _of_knowing(name: str, expected: bool) -> Line:
    def line(row: Row) -> float:
        value, _ = row.known(name)
        is_known = value is not None and not row.readings[name][4]
        return certainty.compare(is_known is expected, 1.0)

    return lambda row: in_both(row, line)


def _of_paper(key: str) -> Line:
    """The strongest among the papers given for the household and for the member or members (design 5, fine print)."""
    keys = (key, OWN_KEY + key)

    def line(row: Row) -> Pair:
        readings = [row.readings[one] for one in keys if one in row.readings]
        readings += row.readings.get(ROLL_KEY + key, ())
        given = [reading for reading in readings if reading[0] is not None and reading[1]]
        if not given:
            return 0.0, 0.0
        return tuple(certainty.greatest(certainty.compare(r[at], r[at + 1]) for r in given) for at in (0, 2))

    return line


def _of_value(name: str, test: Callable[[Any, tuple], bool], limits: tuple[Limit, ...]) -> Line:
    if all(isinstance(limit, Constant) for limit in limits):
        return _of_constants(name, test, tuple(limit.known[0] for limit in limits))

    def line(row: Row) -> float:
        value, sure = row.known(name)
        if value is None:
            return 0.0
        against = [limit(row) for limit in limits]
        if any(limit is None for limit, _ in against):
            return 0.0
        holds = test(value, tuple(limit for limit, _ in against))
        return certainty.compare(holds, certainty.least((sure, *(one for _, one in against))))

    return lambda row: in_both(row, line)


def _of_constants(name: str, test: Callable[[Any, tuple], bool], limits: tuple) -> Line:
    compare, compare_twice = certainty.compare, certainty.compare_twice

    def line(row: Row) -> Pair:
        reading = row.readings.get(name)
        if reading is None or len(reading) == 2:
            return in_both(row, one)
        # The commonest condition of all: its reading is taken apart here and not by a call of its own.
        value, sure, value_told, sure_told, _ = reading
        holds = test(value, limits) if sure else None
        if value is value_told:
            return compare_twice(holds, sure, sure_told)
        return compare(holds, sure), compare(test(value_told, limits) if sure_told else None, sure_told)

    def one(row: Row) -> float:
        value, sure = row.known(name)
        return compare(None if value is None else test(value, limits), sure)

    return line


def _member_line(quantifier: str, count: Limit | None, inner: Line) -> Line:
    def line(row: Row) -> Pair:
        cfs = list(zip(*(inner(member) for member in row.members()), strict=True)) or [(), ()]
        n, n_told = (number for number, _ in in_both(row, count)) if count else (None, None)
        return (
            certainty.counted(quantifier, cfs[PROVEN], n, row.some_unlisted),
            certainty.counted(quantifier, cfs[TOLD], n_told, row.some_unlisted),
        )

    return line


@dataclass(frozen=True)
class BlockMeaning:
    """A block made ready."""

    block: Block
    lines: tuple[Meaning, ...]
    count: Limit | None

    def cf(self, row: Row) -> Pair:
        """Give the block's CF in both passes (design 4.2)."""
        found = self._joined_twice(row) if self._joined_twice else self._counted(row)
        return certainty.negate_twice(found) if self._is_negative else found

    @cached_property
    def _is_negative(self) -> bool:
        return self.block.kind in ("unless", "unneeded")

    @cached_property
    def _joined_twice(self) -> Line | None:
        """Give what joins the lines in both passes before they are negated; None where their number counts."""
        if self.block.joins == "at least":
            return None
        return certainty.joined_twice(self.block.joins == "all", self.functions)

    def _counted(self, row: Row) -> Pair:
        cfs, told = zip(*[line(row) for line in self.functions], strict=True)
        n, n_told = (number for number, _ in in_both(row, self.count)) if self.count else (None, None)
        return self.joined(cfs, n), self.joined(told, n_told)

    @cached_property
    def functions(self) -> tuple[Line, ...]:
        """Give the functions of the lines."""
        return tuple(one.line for one in self.lines)

    def joined(self, cfs: Sequence[Any], n: Any, on: Carrier = FLOATS) -> Any:
        """Join the CFs of the lines as the block says."""
        joins = self.block.joins
        if joins == "all":
            return certainty.least(cfs, on)
        if joins == "at least":
            return 0.0 if n is None else on.where(on.unknown(n), 0.0, certainty.nth(cfs, n, on))
        joined = certainty.greatest(cfs, on)
        return certainty.negate(joined) if self._is_negative else joined


@dataclass(frozen=True)
class RuleMeaning:
    """A rule made ready: the blocks of its premise, its graded lines, and what is still to come (`provided`)."""

    rule: Rule
    blocks: tuple[BlockMeaning, ...]
    graded: tuple[Meaning, ...]
    provided: tuple[Meaning, ...]

    def premise(self, row: Row) -> Pair:
        """Give the rule's premise in both passes: the least of its blocks, +1 without any."""
        return self._premise(row)

    @cached_property
    def _premise(self) -> Line:
        return certainty.joined_twice(True, [block.cf for block in self.blocks])

    def weigh(self, row: Row) -> tuple[Pair, Pair]:
        """Give the premise, and the contribution to the rule's conclusion, each in both passes (design 4.4)."""
        premise = self._premise(row)
        if self.rule.effect.exactly and not self.graded:
            return premise, premise
        graded = list(zip(*[one.line(row) for one in self.graded], strict=True)) or ((), ())
        return premise, (self.contribution(premise[0], graded[0]), self.contribution(premise[1], graded[1]))

    def contribution(self, premise: Any, graded: Sequence[Any], on: Carrier = FLOATS) -> Any:
        """Give the contribution that a premise makes, and the CFs of the graded lines."""
        effect = self.rule.effect
        if self.rule.grades:
            return certainty.graded(graded, premise, self.rule.grades.steps, on)
        if effect.exactly:
            return premise
        return certainty.gate(premise, effect.certainty, effect.otherwise, on)


def meaning_of(rule: Rule, vocabulary: Vocabulary) -> RuleMeaning:
    """Compile a checked rule."""
    blocks, provided = [], []
    for block in rule.blocks:
        lines = tuple(line_of(line, block.label, vocabulary) for line in block.lines)
        count = limit_of(block.count, None, vocabulary) if block.count else None
        if block.kind == "provided":
            provided.extend(lines)
        else:
            blocks.append(BlockMeaning(block, lines, count))
    graded = tuple(line_of(line, "count of", vocabulary) for line in rule.grades.lines) if rule.grades else ()
    return RuleMeaning(rule, tuple(blocks), graded, tuple(provided))
