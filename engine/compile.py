"""Turn checked knowledge into a Plan: tasks in dependency order, every name bound.

Nothing is decided here and nothing can be wrong here: whatever somebody could have written badly, `check`
refused. A plan holds for a stretch of days on which the same rules and values are in force; it is compiled
once for each such stretch and never changes, so threads may share it.
"""

import hashlib
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from engine import certainty
from engine.change.said import said
from engine.evaluate import UNKNOWN, Known, evaluate
from engine.knowledge.dependencies import closure, reads_of_everything, strata
from engine.knowledge.model import HOUSEHOLD, PERSON, Concludes, Fact, Knowledge, Requires, Rule
from engine.knowledge.vocabulary import PAPER, PREMISE, PROVIDED, Read, Vocabulary
from engine.meaning import (
    GIVEN_KEY,
    INPUT_KEYS,
    OWN_KEY,
    ROLL_KEY,
    RULE_KEY,
    Amounts,
    Reading,
    Row,
    RuleMeaning,
    in_both,
    meaning_of,
)

SELF = "self"
# Numbers of tasks: about the one whom a fact is about, and about others.
Waiting = tuple[tuple[int, ...], tuple[int, ...]]
_NOBODY: Waiting = ((), ())


class Wait(NamedTuple):
    """What a task waits for: a fact of working memory under a key, of the task's subject or of the household."""

    key: str
    of: str
    row_key: str


@dataclass(frozen=True, eq=False)
class Task:
    """One step of inference for each subject: wait for some facts, then make new ones.

    `kind` is one of `roll` (the members' values of one name together), `work` (a computed or conditional
    fact), `weigh` (a rule), `settle` (a conclusion), `need` (documents), `follow` (steps of a procedure).
    `open` is the last thing waited for by what is done only while that is not a no: whoever is refused a service
    needs no papers for it.
    """

    kind: str
    name: str
    about: str
    waits: tuple[Wait, ...]
    stratum: int
    rank: int = 0
    rule: RuleMeaning | None = None
    fact: Fact | None = None
    contributions: tuple[Rule, ...] = ()
    default: float = 0.0
    open: Wait | None = None

    @cached_property
    def makes(self) -> str:
        """Give the key under which others wait for what this task makes."""
        return {"roll": ROLL_KEY, "weigh": RULE_KEY, "need": "need:", "follow": "follow:"}.get(
            self.kind, ""
        ) + self.name

    @cached_property
    def row_keys(self) -> tuple[str, ...]:
        """Give the keys under which the facts waited for stand in a row; the subject itself has none."""
        return tuple(wait.row_key for wait in self.waits[1:])

    @cached_property
    def sources(self) -> tuple[tuple[bool, str], ...]:
        """Give what is waited for: whether of the task's own subject (else of the household), and under which key."""
        return tuple((wait.of == SELF, wait.key) for wait in self.waits)

    @cached_property
    def bases(self) -> tuple[str | None, ...]:
        """Give what each contribution rests on, in the order of rule ids."""
        return tuple(rule.effect.basis for rule in self.contributions)

    @cached_property
    def sides(self) -> tuple[str, ...]:
        """Give on which side of 0 each contribution can stand."""
        return tuple(_side(rule) for rule in self.contributions)


def _side(rule: Rule) -> str:
    effect = rule.effect
    strengths = [grade for _, grade in rule.grades.steps] if rule.grades else [effect.certainty, effect.otherwise]
    if effect.exactly or (min(strengths) < 0 < max(strengths)):
        return certainty.BOTH_SIDES
    return certainty.AGAINST if min(strengths) < 0 else certainty.FOR


@dataclass(frozen=True, eq=False)
class Plan:
    """What follows in which order on a stretch of days under one edition; `whole` is the plan that this is a part of."""

    knowledge: Knowledge
    vocabulary: Vocabulary
    amounts: Amounts
    tasks: tuple[Task, ...]
    household_inputs: tuple[str, ...]
    person_inputs: tuple[str, ...]
    rules: dict[str, RuleMeaning]
    provided: dict[str, tuple[RuleMeaning, tuple[Wait, ...]]]
    amount_waits: dict[tuple[str, str], tuple[Wait, ...]]
    warnings: tuple[tuple[str, str], ...]
    whole: "Plan | None" = None

    def waiting(self, of: str, key: str, members: tuple[str, ...]) -> Iterable[tuple[int, str]]:
        """Give the tasks that wait for a fact about a subject: their numbers, and the subjects they are about."""
        if of != HOUSEHOLD:
            own, rolls = self.waiting_for_person.get(key, _NOBODY)
            yield from ((number, of) for number in own)
            yield from ((number, HOUSEHOLD) for number in rolls)
            return
        own, of_persons = self.waiting_for_household.get(key, _NOBODY)
        yield from ((number, HOUSEHOLD) for number in own)
        yield from ((number, member) for number in of_persons for member in members)

    @cached_property
    def waiting_for_household(self) -> dict[str, Waiting]:
        """Give who waits for a fact about the household: the tasks about it, and those about each person."""
        return self._waiting(lambda task, wait: wait.of == HOUSEHOLD or (wait.of == SELF and task.about == HOUSEHOLD))

    @cached_property
    def waiting_for_person(self) -> dict[str, Waiting]:
        """Give who waits for a fact about a person: the tasks about that person, and those that gather all of them."""
        return self._waiting(lambda task, wait: wait.of == PERSON or (wait.of == SELF and task.about == PERSON))

    def _waiting(self, concerned: Callable[[Task, Wait], bool]) -> dict[str, Waiting]:
        found: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for task in self.tasks:
            for wait in task.waits:
                if concerned(task, wait):
                    # Not about the one whom the fact is about: a person's task, or a roll.
                    found[wait.key][wait.of == PERSON or (wait.of == HOUSEHOLD and task.about == PERSON)].append(
                        task.rank
                    )
        return {key: (tuple(own), tuple(others)) for key, (own, others) in found.items()}

    @cached_property
    def gates(self) -> tuple[Wait | None, ...]:
        """Give, by task, what must not be a no for it to be done."""
        return tuple(task.open for task in self.tasks)

    @cached_property
    def by_name(self) -> dict[tuple[str, str], Task]:
        """Give the tasks by kind and name."""
        return {(task.kind, task.name): task for task in self.tasks}

    @cached_property
    def officer_only(self) -> frozenset[str]:
        """Give every name that rests, however deep, on what only officers may see (design 5.6)."""
        graph: dict[str, set[str]] = {}
        for name, reads in reads_of_everything(self.vocabulary).items():
            for read in reads:
                graph.setdefault(read, set()).add(name)
        k = self.knowledge
        for rule in k.rules.values():
            if isinstance(rule.effect, Concludes):
                for read in self.vocabulary.reads_of_rule(rule, PROVIDED):
                    graph.setdefault(read.name, set()).add(rule.effect.conclusion.text)
        hidden = {fact.name for fact in k.facts.values() if fact.sensitive == "officer_only"}
        hidden |= {
            one.name for one in (*k.conclusions.values(), *k.papers.values()) if getattr(one, "officer_only", False)
        }
        return frozenset(closure(graph, hidden))

    @cached_property
    def meaning(self) -> str:
        """Hash what the plan says, leaving comments and texts for people out (design 4.9)."""
        k = self.knowledge
        lines = [("default_evidence", k.default_evidence or "")]
        lines += [("rules", id_, *_said_today(one.rule)) for id_, one in self.rules.items()]
        for name, amount in self.amounts.in_force.items():
            lines.append(("amounts", name, self.amounts.keys[name], *(_said_today(amount) if amount else ())))
        for shelf in ("facts", "conclusions", "services", "exclusivity", "papers", "steps", "evidence"):
            lines += [(shelf, name, *_said_today(thing)) for name, thing in getattr(k, shelf).items()]
        return "sha256:" + hashlib.sha256(repr(sorted(lines)).encode()).hexdigest()


def _said_today(thing: Any) -> list[tuple[str, str]]:
    """Give what a thing says on a day on which it counts, whenever that began and ends."""
    return sorted(line for line in said(thing).items() if line[0] not in ("from", "until"))


class Compiler:
    """Compiles the plans of one edition, one for each stretch of days, and keeps them; safe under threads."""

    KEPT = 64

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.vocabulary = Vocabulary(knowledge)
        self._graph = reads_of_everything(self.vocabulary)
        self._strata = strata(self._graph)
        self._boundaries = sorted(set(_boundaries(knowledge)))
        self._plans: OrderedDict[int, Plan] = OrderedDict()
        self._lock = threading.Lock()

    def plan(self, day: date) -> Plan:
        """Give the plan for a day; days between which nothing changes share one."""
        stretch = sum(1 for boundary in self._boundaries if boundary <= day)
        with self._lock:
            if stretch not in self._plans:
                self._plans[stretch] = self._compile(day)
                if len(self._plans) > self.KEPT:
                    self._plans.popitem(last=False)
            self._plans.move_to_end(stretch)
            return self._plans[stretch]

    def _compile(self, day: date) -> Plan:
        knowledge, vocabulary = self.knowledge, self.vocabulary
        in_force = {rule.id: meaning_of(rule, vocabulary) for rule in knowledge.rules.values() if rule.in_force(day)}
        tasks = [self._work(fact) for fact in knowledge.facts.values() if fact.computed or fact.only_if]
        by_conclusion: dict[str, list[Rule]] = defaultdict(list)
        for id_, meaning in in_force.items():
            if isinstance(meaning.rule.effect, Concludes):
                by_conclusion[meaning.rule.effect.conclusion.text].append(meaning.rule)
            tasks.append(self._apply(id_, meaning))
        tasks += [
            self._settle(name, sorted(by_conclusion[name], key=lambda rule: rule.id)) for name in knowledge.conclusions
        ]
        provided = {}
        for meaning in in_force.values():
            if meaning.provided:
                reads = vocabulary.reads_of_rule(meaning.rule, PROVIDED)
                provided[meaning.rule.effect.conclusion.text] = meaning, self._waits(reads, meaning.rule.about)
                tasks += [
                    self._roll(wait)
                    for wait in provided[meaning.rule.effect.conclusion.text][1]
                    if wait.key.startswith(ROLL_KEY)
                ]
        amount_waits = dict(self._amounts())
        tasks += [
            self._roll(wait) for waits in amount_waits.values() for wait in waits if wait.key.startswith(ROLL_KEY)
        ]
        tasks += [self._roll(wait) for task in tasks for wait in task.waits if wait.key.startswith(ROLL_KEY)]
        unique = {(task.kind, task.name): task for task in tasks}
        ordered = sorted(unique.values(), key=lambda task: (task.stratum, task.name, task.kind))
        tasks = ranked(ordered)
        more = [*(waits for _, waits in provided.values()), *amount_waits.values()]
        household, person = inputs_of(tasks, more, knowledge.facts.values())
        amounts = Amounts.on(knowledge, day)
        return Plan(
            knowledge=knowledge,
            vocabulary=vocabulary,
            amounts=amounts,
            tasks=tasks,
            household_inputs=household,
            person_inputs=person,
            rules=in_force,
            provided=provided,
            amount_waits=amount_waits,
            warnings=tuple(self._warnings(day, tasks, amounts)),
        )

    def _amounts(self) -> Iterable[tuple[tuple[str, str], tuple[Wait, ...]]]:
        """Give what the formulas of benefits read: by service and component (`` for the whole amount)."""
        for service in self.knowledge.services.values():
            if service.benefit and service.benefit.amount:
                reads = self.vocabulary.reads_of_formula(service.benefit.amount)
                yield (service.name, ""), self._waits(reads, service.for_)
            for component in service.benefit.components if service.benefit else ():
                reads = self.vocabulary.reads_of_formula(component.amount)
                yield (service.name, component.name.text), self._waits(reads, PERSON)

    def _work(self, fact: Fact) -> Task:
        reads = [
            read
            for formula in (fact.computed, fact.only_if)
            if formula
            for read in self.vocabulary.reads_of_formula(formula)
        ]
        own = Wait(GIVEN_KEY + fact.name, SELF, GIVEN_KEY + fact.name)
        waits = (*self._waits(reads, fact.of), own)
        return Task("work", fact.name, fact.of, waits, 10 * self._strata[fact.name], fact=fact)

    def _apply(self, id_: str, meaning: RuleMeaning) -> Task:
        rule = meaning.rule
        about = self.vocabulary.about(rule)
        waits = self._waits(self.vocabulary.reads_of_rule(rule, PREMISE), about)
        if isinstance(rule.effect, Concludes):
            return Task("weigh", id_, about, waits, 10 * self._strata[rule.effect.conclusion.text] - 5, rule=meaning)
        kind = "need" if isinstance(rule.effect, Requires) else "follow"
        service = rule.effect.service.text
        open_ = Wait(service, SELF if self.knowledge.services[service].for_ == about else HOUSEHOLD, service)
        waits = (*(wait for wait in waits if wait != open_), open_)
        stratum = 10 * (1 + max(self._strata.values(), default=0))
        return Task(kind, id_, about, waits, stratum, rule=meaning, open=open_)

    def _settle(self, name: str, rules: list[Rule]) -> Task:
        about = self.knowledge.conclusions[name].about
        waits = (_subject(about), *(Wait(RULE_KEY + rule.id, SELF, RULE_KEY + rule.id) for rule in rules))
        default = -1.0 if not rules and self._decided_sometime(name) else 0.0
        return Task("settle", name, about, waits, 10 * self._strata[name], contributions=tuple(rules), default=default)

    def _decided_sometime(self, name: str) -> bool:
        effects = (rule.effect for rule in self.knowledge.rules.values())
        decided = any(isinstance(e, Concludes) and e.exactly and e.conclusion.text == name for e in effects)
        return name in self.knowledge.services and decided

    def _roll(self, wait: Wait) -> Task:
        name = wait.key[len(ROLL_KEY) :]
        waits = (_subject(HOUSEHOLD), Wait(name, PERSON, name))
        return Task("roll", name, HOUSEHOLD, waits, 10 * self._strata.get(name, 0) + 1)

    def _waits(self, reads: Iterable[Read], about: str) -> tuple[Wait, ...]:
        """Bind names to the facts of working memory that hold them."""
        waits = [_subject(about)]
        for read in reads:
            entry = self.vocabulary.look(read.name)
            key = INPUT_KEYS[read.what] + read.name
            if read.what == PAPER:
                waits.append(Wait(key, HOUSEHOLD, key))
                waits.append(
                    Wait(key, SELF, OWN_KEY + key) if about == PERSON else Wait(ROLL_KEY + key, SELF, ROLL_KEY + key)
                )
            elif read.members and entry.of == PERSON:
                waits.append(Wait(ROLL_KEY + key, SELF, ROLL_KEY + key))
            else:
                waits.append(Wait(key, SELF if entry.of == about else HOUSEHOLD, key))
        return tuple(dict.fromkeys(waits))

    def _warnings(self, day: date, tasks: tuple[Task, ...], amounts: Amounts) -> Iterable[tuple[str, str]]:
        for name, amount in amounts.in_force.items():
            if amount is None:
                yield "parameter-without-value", name
        ruled = {
            rule.effect.conclusion.text for rule in self.knowledge.rules.values() if isinstance(rule.effect, Concludes)
        }
        for task in tasks:
            if task.kind == "settle" and not task.contributions and task.name in ruled:
                yield "no-rule-in-force", task.name


def ranked(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """Number tasks in the order they stand in."""
    return tuple(replace(task, rank=rank) for rank, task in enumerate(tasks))


def inputs_of(
    tasks: Iterable[Task], more: Iterable[tuple[Wait, ...]], facts: Iterable[Fact] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the keys under which evidence is declared, for the household and for each person.

    They are what tasks wait for, and others (`more`), but none of them makes; and all of some facts, read or not.
    """
    tasks = list(tasks)
    made = {task.makes for task in tasks if task.kind != "roll"}
    found: dict[str, set[str]] = {HOUSEHOLD: set(), PERSON: set()}
    every = [(task.about, wait) for task in tasks for wait in task.waits]
    every += [(waits[0].row_key, wait) for waits in more for wait in waits]
    for about, wait in every:
        if wait.key and wait.key not in made and not wait.key.startswith((ROLL_KEY, RULE_KEY)):
            of = about if wait.of == SELF else wait.of
            found[of].add(wait.key)
    for fact in facts:
        if not (fact.computed or fact.only_if):
            found[fact.of].add(fact.name)
    return tuple(sorted(found[HOUSEHOLD])), tuple(sorted(found[PERSON]))


def _subject(about: str) -> Wait:
    """Wait for the subject itself; its row key says whom the waits are about."""
    return Wait("", SELF, about)


def _boundaries(knowledge: Knowledge) -> Iterable[date]:
    """Give the days on which something begins or has just ended."""
    spans = [(rule.from_, rule.until) for rule in knowledge.rules.values()]
    spans += [(amount.from_, amount.until) for p in knowledge.parameters.values() for amount in p.values]
    for start, end in spans:
        if start:
            yield start
        if end and end < date.max:
            yield end + timedelta(days=1)


def worked_out(task: Task, row: Row) -> Reading:
    """Work a computed or conditional fact out, in both passes (design 3.1).

    A given value of a computed fact stands; `else` wins over what was given once `only_if` is known false.
    """
    fact = task.fact
    given = row.readings[GIVEN_KEY + fact.name]

    def one(row: Row) -> tuple[Known, bool]:
        lane, presumed = row.lane, given[4]
        value, sure = given[2 * lane], given[2 * lane + 1]
        if fact.only_if:
            applies, sure_not = evaluate(fact.only_if.tree, row)
            if applies is False:
                value, sure, presumed = fact.otherwise, sure_not, False
        elif value is None or not sure:
            value, sure = evaluate(fact.computed.tree, row)
            if isinstance(value, float) and fact.type in ("integer", "money") and value.is_integer():
                value = round(value)
        return (value, sure) if sure else UNKNOWN, presumed

    (proven, presumed), (told, _) = in_both(row, one)
    return (*proven, *told, presumed)


def settled(task: Task, contributions: Sequence[tuple[float, float]]) -> tuple[float, float, bool]:
    """Settle a conclusion from its contributions in both passes: CF, CF as told, contradiction (design 4.4 to 4.6)."""
    if not task.contributions:
        return task.default, task.default, False
    if task.contributions[0].effect.exactly:
        cf, told = contributions[0]
        return certainty.rounded(cf), certainty.rounded(told), False
    cfs, told = zip(*contributions, strict=True)
    proven = certainty.combine(cfs, task.bases, task.sides)
    return proven.cf, certainty.combine(told, task.bases, task.sides).cf, proven.contradiction
