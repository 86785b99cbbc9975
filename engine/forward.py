"""Diagnose one household by forward chaining on experta.

A rule base is built from a Plan once: one experta rule for each task, its left side the facts it waits for,
its right side declaring what follows. Two matchers can drive it. experta's own RETE matcher finds the facts
by joining patterns; `Countdown`, made from the Plan, knows which rule waits for which facts and only counts.
Both leave the same working memory (a test holds them to it), the second in a fraction of the time.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from engine import certainty, memory
from engine.compile import SELF, Plan, Task, Wait, settled, worked_out
from engine.household import MEMBER_LIMIT, Household
from engine.inference import (
    AS,
    MATCH,
    Activation,
    Agenda,
    FactList,
    KnowledgeEngine,
    Matcher,
    P,
    RankStrategy,
    ReteMatcher,
    Rule,
)
from engine.knowledge.model import HOUSEHOLD, Follows
from engine.knowledge.vocabulary import PAPER, RECEIVED
from engine.meaning import INPUT_KEYS, ROLL_KEY, RULE_KEY, Reading, Row
from engine.population_number import masked

Key = tuple[str, str]


class RuleBase:
    """The experta rules of one plan, shared by every diagnosis made with it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.computed = {task.name for task in plan.tasks if task.kind == "work"}
        self.rules = tuple(Rule(*self._left_side(task), salience=-task.rank)(_right_side(task)) for task in plan.tasks)

    def for_matching(self, size: int) -> list[Rule]:
        """Give the rules with left sides that name every seat, as pattern matching needs them."""
        return [Rule(*self._left_side(t, size), salience=-t.rank)(_right_side(t)) for t in self.plan.tasks]

    def _left_side(self, task: Task, size: int = 0) -> list:
        patterns = []
        if task.kind == "roll":
            patterns.append(AS.f0 << memory.Household(of=HOUSEHOLD))
            for seat in range(size):
                patterns.append(memory.Member(of=getattr(MATCH, f"m{seat}"), seat=seat))
                patterns.append(
                    getattr(AS, f"f{seat + 1}") << self._pattern(task.waits[1].key, getattr(MATCH, f"m{seat}"))
                )
            return patterns
        subject = HOUSEHOLD if task.about == HOUSEHOLD else MATCH.of
        for index, wait in enumerate(task.waits):
            of = subject if wait.of == SELF else HOUSEHOLD
            kind = memory.Household if of == HOUSEHOLD else memory.Member
            pattern = kind(of=of) if wait.key == "" else self._pattern(wait.key, of)
            if wait is task.open:
                pattern = memory.Conclusion(of=of, name=wait.key, cf=P(_not_no))
            patterns.append(getattr(AS, f"f{index}") << pattern)
        return patterns

    def _pattern(self, key: str, of: Any) -> Any:
        if key.startswith(RULE_KEY):
            return memory.Contribution(of=of, rule=key[len(RULE_KEY) :])
        if key.startswith(ROLL_KEY):
            return memory.Roll(of=of, name=key)
        if key in self.plan.knowledge.conclusions:
            return memory.Conclusion(of=of, name=key)
        return (memory.Computed if key in self.computed else memory.Evidence)(of=of, name=key)


def _not_no(cf: float) -> bool:
    return certainty.outcome(cf) != "no"


def row_of(plan: Plan, day: date, waits: tuple[Wait, ...], of: str, read: Callable[[str, str], Reading]) -> Row:
    """Gather the readings a task waits for into a row."""
    readings = {wait.row_key: read(of if wait.of == SELF else HOUSEHOLD, wait.key) for wait in waits[1:]}
    size, unlisted = read(HOUSEHOLD, "") if of == HOUSEHOLD else (0, False)
    return Row(readings, plan.amounts, day, size, unlisted)


def _right_side(task: Task):
    """Make the right side of a task's rule: declare what follows from the facts it fired on."""
    make = _MAKERS[task.kind]

    def fire(engine: "Inference", facts: tuple | None = None, of: str = HOUSEHOLD, **bound: Any) -> None:
        if facts is None:
            facts = tuple(bound[f"f{index}"] for index in range(len(bound)) if f"f{index}" in bound)
        may_change = False
        for fact in facts:
            if fact.open:
                may_change = True
                break
        for fact in make(task, engine, of, facts):
            fact.open = may_change
            engine.facts.declare(fact)

    return fire


def _ids(facts: tuple) -> tuple[int, ...]:
    return tuple([fact["__factid__"] for fact in facts])


def _row(task: Task, engine: "Inference", facts: tuple) -> Row:
    readings = {key: fact.reading for key, fact in zip(task.row_keys, facts[1:], strict=True)}
    size, unlisted = facts[0].reading if task.about == HOUSEHOLD else (0, False)
    return Row(readings, engine.plan.amounts, engine.day, size, unlisted)


def _roll(task: Task, engine: "Inference", of: str, facts: tuple) -> list:
    readings = tuple(fact.reading for fact in facts[1:])
    return [memory.Roll(of=HOUSEHOLD, name=ROLL_KEY + task.name, readings=readings, by=_ids(facts))]


def _work(task: Task, engine: "Inference", of: str, facts: tuple) -> list:
    value, c, value_told, told, presumed = worked_out(task, _row(task, engine, facts))
    slots = {"value": value, "c": c, "value_told": value_told, "told": told, "presumed": presumed}
    return [memory.Computed(of=of, name=task.name, **slots, by=_ids(facts))]


def _weigh(task: Task, engine: "Inference", of: str, facts: tuple) -> list:
    (premise, _), (cf, told) = task.rule.weigh(_row(task, engine, facts))
    effect = task.rule.rule.effect
    return [
        memory.Contribution(
            to=effect.conclusion.text,
            of=of,
            rule=task.name,
            premise=premise,
            cf=cf,
            told=told,
            basis=effect.basis or task.name,
            by=_ids(facts),
        )
    ]


def _settle(task: Task, engine: "Inference", of: str, facts: tuple) -> list:
    cf, told, contradiction = settled(task, [fact.reading for fact in facts[1:]])
    return [memory.Conclusion(of=of, name=task.name, cf=cf, told=told, contradiction=contradiction, by=_ids(facts))]


def _need(task: Task, engine: "Inference", of: str, facts: tuple) -> list:
    row = _row(task, engine, facts)
    rule = task.rule.rule
    cf, told = task.rule.premise(row)
    slots = {"service": rule.effect.service.text, "of": of, "rule": rule.id, "cf": cf, "told": told}
    if isinstance(rule.effect, Follows):
        return [
            memory.Step(step=word.text, place=at, **slots, by=_ids(facts)) for at, word in enumerate(rule.effect.steps)
        ]
    return [memory.Needs(document=word.text, **slots, by=_ids(facts)) for word in rule.effect.documents]


_THE_HOUSEHOLD = (HOUSEHOLD,)
_MAKERS = {"roll": _roll, "work": _work, "weigh": _weigh, "settle": _settle, "need": _need, "follow": _need}


class Ready(Activation):
    """An activation whose facts are known in order; made by counting, so it need not be told from others."""

    def __init__(self, rule: Rule, facts: tuple, of: str, key: tuple) -> None:
        # experta writes an activation's facts out at every firing, for its log; they travel in the context alone.
        self.rule, self.facts, self.key = rule, (), key
        self.context = {"facts": facts, "of": of}


class Countdown(Matcher):
    """A matcher compiled from the Plan: each new fact counts down the tasks that wait for it."""

    def __init__(self, engine: "Inference") -> None:
        super().__init__(engine)
        self.reset()

    def reset(self) -> None:
        """Let every task wait for all of its facts."""
        size = len(self.engine.members)
        self.totals = [size if task.kind == "roll" else len(task.waits) - 1 for task in self.engine.plan.tasks]
        self.left = {subject: list(self.totals) for subject in self.engine.seats}

    def wait_only(self, left: Mapping[tuple[int, str], int]) -> None:
        """Let some tasks wait for so many facts, and all others for ever."""
        never = len(self.engine.plan.tasks) + MEMBER_LIMIT + 1
        self.left = {subject: [never] * len(self.engine.plan.tasks) for subject in self.engine.seats}
        for (number, of), missing in left.items():
            self.left[of][number] = missing

    def changes(self, adding: Iterable | None = None, deleting: Iterable | None = None) -> tuple[list, list]:
        """Note new facts; give the activations of tasks that now have all they wait for."""
        ready: list[Activation] = []
        engine = self.engine
        index, plan = engine.index, engine.plan
        of_household, of_person = plan.waiting_for_household, plan.waiting_for_person
        for fact in adding or ():
            of, key = fact["of"], fact.key
            index[of, key] = fact
            # The fact of a subject itself has no key: a task about it waits for this one and its other facts.
            found = (of_household if of == HOUSEHOLD else of_person).get(key) if key else None
            if found is None:
                continue
            own, others = found
            self._count(own, of, ready)
            for subject in (engine.members if of == HOUSEHOLD else _THE_HOUSEHOLD) if others else ():
                self._count(others, subject, ready)
        return ready, []

    def _count(self, numbers: tuple[int, ...], of: str, ready: list[Activation]) -> None:
        """Count down some tasks about a subject, and add those that have nothing left to wait for."""
        counts, gates = self.left[of], self.engine.plan.gates
        for number in numbers:
            left = counts[number] = counts[number] - 1
            if not left and (gates[number] is None or self._is_open(gates[number], of)):
                ready.append(self._ready(number, of))

    def _is_open(self, gate: Wait, of: str) -> bool:
        """Say whether a task about papers or steps is to be done: its service may still be had."""
        return _not_no(self.engine.index[of if gate.of == SELF else HOUSEHOLD, gate.key]["cf"])

    def start(self) -> list[Activation]:
        """Give the activations of tasks that wait for nothing but their subject."""
        return [
            self._ready(number, of)
            for number, task in enumerate(self.engine.plan.tasks)
            if self.totals[number] == 0
            for of in ((HOUSEHOLD,) if task.about == HOUSEHOLD else self.engine.members)
        ]

    def _ready(self, number: int, of: str) -> Activation:
        engine = self.engine
        task, index = engine.plan.tasks[number], engine.index
        if task.kind == "roll":
            facts = (index[HOUSEHOLD, ""], *[index[member, task.name] for member in engine.members])
        else:
            facts = tuple([index[of if own else HOUSEHOLD, key] for own, key in task.sources])
        return Ready(engine.rulebase.rules[number], facts, of, (-number, -engine.seats[of]))


class Ledger(FactList):
    """experta's fact list without its search for duplicates: every fact here has a key of its own."""

    def declare(self, fact: memory.Remembered) -> memory.Remembered:
        index = self.last_index
        dict.__setitem__(fact, "__factid__", index)
        fact.settle()
        self[index] = fact
        self.last_index = index + 1
        self.added.append(fact)
        return fact


class Inference(KnowledgeEngine):
    """experta's engine over one household: its working memory, agenda and firing, our matcher and strategy."""

    __matcher__ = Countdown
    __strategy__ = RankStrategy

    def __init__(self, rulebase: RuleBase, household: Household) -> None:
        self.rulebase, self.plan = rulebase, rulebase.plan
        self.day = household.as_of
        self.members = tuple(household.members)
        self.seats = {HOUSEHOLD: 0, **{member: seat + 1 for seat, member in enumerate(self.members)}}
        self.index: dict[Key, memory.Remembered] = {}
        super().__init__()

    def get_rules(self) -> list[Rule]:
        return list(self.rulebase.rules)

    def reset(self) -> None:
        """Begin with an empty working memory; experta's InitialFact has no use here."""
        self.agenda, self.facts = Agenda(), Ledger()
        self.matcher.reset()
        self.running = False

    def run(self) -> None:
        """Fire until the agenda is empty: experta's own loop, without the line it makes for its log at every firing."""
        self.running = True
        facts, agenda, changes, update_agenda = (
            self.facts,
            self.agenda,
            self.matcher.changes,
            self.strategy.update_agenda,
        )
        while self.running:
            if facts.added:
                ready, _ = changes(*facts.changes)
                if ready:
                    update_agenda(agenda, ready, [])
            activation = agenda.get_next()
            if activation is None:
                break
            activation.rule(self, **activation.context)
        self.running = False

    def declare(self, *facts: memory.Remembered) -> None:
        """Declare facts that are plain values, as all of ours are."""
        for fact in facts:
            self.facts.declare(fact)
        if not self.running:
            self.strategy.update_agenda(self.agenda, *self.get_activations())


class PatternInference(Inference):
    """The same engine driven by experta's own RETE matcher; slower, for proving that both agree."""

    __matcher__ = ReteMatcher
    run = KnowledgeEngine.run

    def get_rules(self) -> list[Rule]:
        return self.rulebase.for_matching(len(self.members))


@dataclass(frozen=True, eq=False)
class Trace:
    """Working memory when nothing is left to fire: every fact by its key, in the order of their ids.

    `renewed` are the keys that were worked out again after a change; None when all were.
    """

    plan: Plan
    rulebase: RuleBase
    household: Household
    index: Mapping[Key, Any]
    last_index: int
    renewed: frozenset[Key] | None = None
    _rows: dict[tuple[int, str], Row] = field(default_factory=dict, repr=False)

    def cf(self, name: str, of: str) -> float:
        """Give the CF of a conclusion about a subject."""
        return self.index[of, name]["cf"]

    def told(self, name: str, of: str) -> float:
        """Give the CF of a conclusion as told."""
        return self.index[of, name]["told"]

    def reading(self, of: str, key: str) -> Reading:
        """Give what working memory says about a subject under a key."""
        return self.index[of, key].reading

    def row(self, waits: tuple[Wait, ...], of: str) -> Row:
        """Give what a rule with these waits saw for a subject."""
        return row_of(self.plan, self.household.as_of, waits, of, self.reading)

    def row_of_task(self, task: Task, of: str) -> Row:
        """Give what a task saw for a subject, as proven; the same row to everybody who asks."""
        found = self._rows.get((task.rank, of))
        if found is None:
            found = self._rows[task.rank, of] = self.row(task.waits, of)
        return found

    def subjects(self, about: str) -> tuple[str, ...]:
        """Give the subjects a rule or conclusion of this kind is about."""
        return (HOUSEHOLD,) if about == HOUSEHOLD else tuple(self.household.members)

    @cached_property
    def facts(self) -> dict[int, Any]:
        """Give every fact by its id."""
        return {fact["__factid__"]: fact for fact in self.index.values()}

    @cached_property
    def needs_by_service(self) -> dict[str, list]:
        """Give the facts about documents and steps, by service."""
        found: dict[str, list] = {}
        for fact in self.index.values():
            if isinstance(fact, memory.Needs):
                found.setdefault(fact["service"], []).append(fact)
        return found


_BASES: dict[int, RuleBase] = {}
_BASES_LOCK = threading.Lock()


def rulebase_of(plan: Plan) -> RuleBase:
    """Give the rule base of a plan, built once."""
    found = plan.__dict__.get("_rulebase")
    if found is None:
        with _BASES_LOCK:
            found = plan.__dict__.get("_rulebase")
            if found is None:
                found = RuleBase(plan)
                object.__setattr__(plan, "_rulebase", found)
    return found


def infer(plan: Plan, household: Household) -> Trace:
    """Work out all that follows from one household's facts.

    Args:
        plan: The plan for the household's day.
        household: Its facts, checked against the same knowledge.

    Returns:
        The trace. Raises nothing.
    """
    engine = Inference(rulebase_of(plan), household)
    engine.reset()
    engine.declare(*given_facts(plan, household))
    engine.strategy.update_agenda(engine.agenda, engine.matcher.start(), [])
    engine.run()
    return Trace(plan, engine.rulebase, household, engine.index, engine.facts.last_index)


def given_facts(plan: Plan, household: Household) -> list:
    """Give the facts that a household brings: itself, its members, and evidence for every input, unknown ones too."""
    size = len(household.members)
    facts: list = [memory.Household(of=HOUSEHOLD, size=size, some_unlisted=household.members_listed == "some")]
    facts += [memory.Member(of=member, seat=seat) for seat, member in enumerate(household.members)]
    facts += [evidence_of(plan, household, HOUSEHOLD, key) for key in plan.household_inputs]
    facts += [evidence_of(plan, household, member, key) for member in household.members for key in plan.person_inputs]
    return facts


def evidence_of(plan: Plan, household: Household, of: str, key: str) -> memory.Evidence:
    """Declare what is known under one key: given, presumed, or unknown with certainty 0."""
    knowledge = plan.knowledge
    name = key.split(":", 1)[-1]
    given = household.given(of, key)
    fact = knowledge.facts.get(name) if not key.startswith((INPUT_KEYS[PAPER], INPUT_KEYS[RECEIVED])) else None
    if given is not None:
        c = given.certainty
        value = given.value if c else None
        # What working memory does not hold, no proof, page or report can show.
        value = masked(value) if value and fact and fact.format else value
        slots = {"value": value, "c": c, "value_told": value, "told": certainty.raised(c), "evidence": given.evidence}
        return memory.Evidence(of=of, name=key, **slots, presumed=False)
    if fact is not None and fact.presume is not None:
        c = knowledge.evidence["presumed"].certainty
        told = c if fact.answered_by == "applicant" else certainty.raised(c)
        slots = {"value": fact.presume, "c": c, "value_told": fact.presume, "told": told, "evidence": "presumed"}
        return memory.Evidence(of=of, name=key, **slots, presumed=True)
    return memory.Evidence(of=of, name=key, value=None, c=0.0, value_told=None, told=0.0, evidence=None, presumed=False)
