"""Why a conclusion came out as it did: a walk over working memory, nothing is logged beside it.

HOW is the rules that contributed, with each condition's value, evidence and certainty. WHY NOT is the
conditions that stopped it, with the distance to their limits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from engine import certainty
from engine.compile import Task
from engine.forward import Trace
from engine.knowledge import formulas
from engine.knowledge.model import HOUSEHOLD, Rule
from engine.knowledge.vocabulary import PAPER, RECEIVED
from engine.meaning import GIVEN_KEY, INPUT_KEYS, PROVEN, Meaning, Row

_ONE_SIDED = ("at most", "below", "at least", "above")
_NEGATIVE = ("unless", "unneeded")


class MemberResult(NamedTuple):
    """What a member condition found for one member."""

    subject: str
    value: Any
    certainty: float
    cf: float


@dataclass(frozen=True)
class ConditionResult:
    """One condition of a rule about one subject, with what was found.

    `distance` is how far a value that stops its rule lies beyond its limit: above it when positive, below it
    when negative; in days for dates.
    """

    block: str
    name: str
    phrase: str
    test: str
    quantifier: str | None
    count: int | None
    limits: tuple
    value: Any
    evidence: str | None
    certainty: float
    cf: float
    finding: str
    distance: float | None
    members: tuple[MemberResult, ...]
    subject: str

    @property
    def deciding(self) -> tuple[MemberResult, ...]:
        """Give the members who decided a member condition: those for whom it holds, or for `every` those for whom not."""
        if self.quantifier is None:
            return ()
        if self.quantifier == "every":
            return tuple(one for one in self.members if one.cf < -certainty.THRESHOLD)
        return tuple(one for one in self.members if one.cf > certainty.THRESHOLD)


@dataclass(frozen=True)
class Reason:
    """What one rule said about one subject."""

    rule: Rule
    premise: float
    contribution: float
    conditions: tuple[ConditionResult, ...]
    stoppers: tuple[ConditionResult, ...]

    @cached_property
    def values(self) -> dict[str, Any]:
        """Give the values the rule saw, by name."""
        return {line.name: line.value for line in self.conditions if line.quantifier is None}


def reasons(trace: Trace, name: str, of: str) -> tuple[Reason, ...]:
    """Give what each rule in force said about a conclusion, in the order of rule ids."""
    task = trace.plan.by_name["settle", name]
    return tuple(reason(trace, trace.plan.by_name["weigh", rule.id], of) for rule in task.contributions)


def reason(trace: Trace, task: Task, of: str) -> Reason:
    """Explain one rule for one subject; a rule that asks for papers or names steps contributes its premise."""
    row = trace.row_of_task(task, of)
    made = trace.index.get((of, task.makes))
    premise = task.rule.premise(row)[PROVEN] if made is None else made["premise"]
    conditions, stoppers = [], []
    for block in task.rule.blocks:
        found = [_condition(trace, line, row, of) for line in block.lines]
        conditions += found
        cf = block.cf(row)[PROVEN]
        if certainty.outcome(cf) == certainty.outcome(premise) != "yes":
            stoppers += _stoppers(block.block.kind, block.block.joins, found, cf)
    conditions += [_condition(trace, line, row, of) for line in task.rule.graded]
    contribution = premise if made is None else made["cf"]
    return Reason(task.rule.rule, premise, contribution, tuple(conditions), tuple(stoppers))


def _stoppers(kind: str, joins: str, lines: list[ConditionResult], cf: float) -> list[ConditionResult]:
    if kind in _NEGATIVE:
        return [line for line in lines if line.cf > certainty.THRESHOLD]
    if joins == "all":
        return [line for line in lines if line.cf < -certainty.THRESHOLD] or [line for line in lines if line.cf <= cf]
    return [line for line in lines if line.cf <= certainty.THRESHOLD]


def roots(trace: Trace, line: ConditionResult, depth: int = 3) -> tuple[ConditionResult, ...]:
    """Walk from a finding about a conclusion to the findings about facts that decided it."""
    conclusion = trace.plan.knowledge.conclusions.get(line.name)
    if conclusion is None or line.test not in ("yes", "no") or depth == 0:
        return ()
    found: list[ConditionResult] = []
    holder = HOUSEHOLD if conclusion.about == HOUSEHOLD else line.subject
    for subject in [one.subject for one in line.deciding] if line.quantifier else [holder]:
        held = certainty.outcome(trace.cf(line.name, subject)) == "yes"
        for one in reasons(trace, line.name, subject):
            if held and not one.contribution:
                continue
            deciding = [x for x in one.conditions if x.cf > certainty.THRESHOLD] if held else one.stoppers
            for below in deciding:
                found += roots(trace, below, depth - 1) or [below]
    return tuple(found)


def provided(trace: Trace, service: str, of: str) -> tuple[ConditionResult, ...]:
    """Give what was found for the papers and acts still to come of a service."""
    if service not in trace.plan.provided:
        return ()
    meaning, waits = trace.plan.provided[service]
    row = trace.row(waits, of)
    return tuple(_condition(trace, line, row, of) for line in meaning.provided)


def _condition(trace: Trace, line: Meaning, row: Row, of: str) -> ConditionResult:
    condition, phrase = line.condition, line.condition.phrase
    cf = line.line(row)[PROVEN]
    name = condition.name.text
    members: tuple[MemberResult, ...] = ()
    if phrase.members:
        pairs = zip(trace.household.members, row.members(), strict=True)
        members = tuple(MemberResult(m, *_found(r, name, phrase.test), line.inner(r)[PROVEN]) for m, r in pairs)
        value, sure = None, certainty.confidence(cf)
    else:
        value, sure = _found(row, name, phrase.test)
    limits = _limits(line, row)
    return ConditionResult(
        block=line.block,
        name=name,
        phrase=condition.text.text,
        test=phrase.test,
        quantifier=phrase.members.quantifier if phrase.members else None,
        count=line.count(row)[0] if line.count else None,
        limits=limits,
        value=value,
        evidence=None if phrase.members else evidence_behind(trace, name, of, phrase.test),
        certainty=sure,
        cf=cf,
        finding=certainty.outcome(cf if phrase.test != "no" else certainty.negate(cf)),
        distance=None if phrase.members or not _stops(line.block, cf) else _distance(phrase.test, value, limits),
        members=members,
        subject=of,
    )


def _limits(line: Meaning, row: Row) -> tuple:
    """Give what a condition compares with; what members are compared with may be their own, and differ."""
    if line.inner is None:
        return tuple(limit(row)[0] for limit in line.limits)
    seen = [[limit(member)[0] for member in row.members()] for limit in line.limits]
    return tuple(ones[0] if ones and ones.count(ones[0]) == len(ones) else None for ones in seen)


def _found(row: Row, name: str, test: str) -> tuple[Any, float]:
    if test == "in hand":
        reading = row.readings.get(INPUT_KEYS[PAPER] + name)
        return (reading[0], reading[1]) if reading else (None, 0.0)
    return row.known(INPUT_KEYS[RECEIVED] + name if test in ("is received", "is not received") else name)


def _stops(block: str, cf: float) -> bool:
    """Say whether a line stands in the way: one that fails, or one that holds under `unless` or `unneeded`."""
    return cf > 0 if block.split()[0] in _NEGATIVE else cf < 0


def _distance(test: str, value: Any, limits: tuple) -> float | None:
    if value is None or None in limits or test not in (*_ONE_SIDED, "between"):
        return None
    limit = limits[1] if test == "between" and value > limits[1] else limits[0]
    gap = value - limit
    return gap.days if isinstance(value, date) else gap


def inputs_of(trace: Trace, name: str, of: str) -> dict[str, Any]:
    """Give the values a computed fact was worked out from, by name: facts and the day's parameters."""
    knowledge = trace.plan.knowledge
    fact, found = knowledge.facts.get(name), {}
    for word, inside_member in formulas.names_in(fact.computed.tree) if fact and fact.computed else ():
        if inside_member or word.id in found:
            continue
        if word.id in knowledge.facts:
            holder = HOUSEHOLD if knowledge.facts[word.id].of == HOUSEHOLD else of
            found[word.id] = trace.index[holder, word.id]["value"]
        elif word.id in knowledge.parameters and not knowledge.parameters[word.id].keys:
            amount = knowledge.parameters[word.id].on(trace.household.as_of)
            found[word.id] = amount.value if amount else None
    return found


def evidence_behind(trace: Trace, name: str, of: str, test: str = "") -> str | None:
    """Name the evidence a value rests on; of a computed value, the weakest behind it."""
    prefix = {
        "in hand": INPUT_KEYS[PAPER],
        "is received": INPUT_KEYS[RECEIVED],
        "is not received": INPUT_KEYS[RECEIVED],
    }.get(test, "")
    entry = trace.plan.vocabulary.look(name)
    holder = HOUSEHOLD if entry.of == HOUSEHOLD else of
    weakest = min(_sources(trace, trace.index.get((holder, prefix + name))), key=lambda fact: fact["c"], default=None)
    return weakest["evidence"] if weakest else None


def _sources(trace: Trace, fact: Any) -> Iterator[Any]:
    """Walk from a value to the evidence it was worked out from: what was given, or else what its formula read."""
    if fact is None or "cf" in fact:
        return
    if "evidence" in fact:
        if fact["c"]:
            yield fact
        return
    *read, given = [source for source in map(trace.facts.get, fact["by"]) if "c" in source]
    stands = all(given[slot] == fact[slot] for slot in ("value", "c", "presumed"))
    for source in [given] if stands else read:
        yield from _sources(trace, source)


def resting_on(trace: Trace, name: str, of: str) -> Iterator[tuple[str, str]]:
    """Walk to the inputs (fact, subject) that a conclusion's CF rests on and that are not yet sure."""
    return ((_name(source), source["of"]) for source in _grounds(trace, name, of, set()) if source["c"] < 1)


def grounds(trace: Trace, name: str, of: str) -> dict[str, list[tuple[str, str]]]:
    """Give what a conclusion's CF rests on: by evidence, the weakest first, the inputs (fact, subject)."""
    known = trace.plan.knowledge.evidence
    found = sorted(_grounds(trace, name, of, set()), key=lambda source: source["c"])
    by_evidence: dict[str, list[tuple[str, str]]] = {}
    for source in found:
        if source["evidence"] in known:
            by_evidence.setdefault(source["evidence"], []).append((_name(source), source["of"]))
    return by_evidence


def _name(source: Any) -> str:
    return source["name"].removeprefix(GIVEN_KEY)


def _grounds(trace: Trace, name: str, of: str, seen: set) -> Iterator[Any]:
    """Walk to the evidence that a conclusion's CF rests on, each once."""
    if (name, of) in seen:
        return
    seen.add((name, of))
    for rule in trace.plan.by_name["settle", name].contributions:
        task = trace.plan.by_name["weigh", rule.id]
        contribution = trace.index[of, task.makes]
        if not contribution["cf"]:
            continue
        row = trace.row_of_task(task, of)
        for block in task.rule.blocks:
            for line in _bearing(block, row, contribution["premise"]):
                yield from _inputs(trace, line, row, of, seen)
        for line in task.rule.graded:
            yield from _inputs(trace, line, row, of, seen)


def _bearing(block: Any, row: Row, premise: float) -> Iterator[Meaning]:
    """Give the lines of a block that bear its CF."""
    cfs = [(line, line.line(row)[PROVEN]) for line in block.lines]
    cf = block.cf(row)[PROVEN]
    if premise > 0:
        top = max(one for _, one in cfs)
        yield from (
            line for line, one in cfs if block.block.joins != "any" or block.block.kind == "unless" or one == top
        )
    elif cf < -certainty.THRESHOLD:
        negative = block.block.kind in _NEGATIVE
        for line, one in cfs:
            if (one > certainty.THRESHOLD) if negative else (one < -certainty.THRESHOLD):
                yield line


def _inputs(trace: Trace, line: Meaning, row: Row, of: str, seen: set) -> Iterator[Any]:
    """Walk to the evidence behind a line; where some member is enough, behind those who are."""
    vocabulary = trace.plan.vocabulary
    entry = vocabulary.look(line.condition.name.text)
    if line.condition.phrase.test in ("in hand", "is received", "is not received", "is known", "is unknown"):
        return
    phrase, members = line.condition.phrase.members, trace.household.members
    if phrase and phrase.quantifier == "any" and line.line(row)[PROVEN] > certainty.THRESHOLD:
        pairs = zip(members, row.members(), strict=True)
        members = tuple(member for member, seat in pairs if line.inner(seat)[PROVEN] > certainty.THRESHOLD)
    for read in vocabulary.reads_of_condition(line.condition):
        about = vocabulary.look(read.name).of
        holder = HOUSEHOLD if about == HOUSEHOLD else of
        for subject in members if phrase and read.members else (holder,):
            if read.name in trace.plan.knowledge.conclusions:
                if read.name == entry.name:
                    yield from _grounds(trace, read.name, subject, seen)
                continue
            for source in _sources(trace, trace.index.get((subject, read.name))):
                key = ("fact", _name(source), source["of"])
                if key not in seen:
                    seen.add(key)
                    yield source
