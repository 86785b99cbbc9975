"""The smallest changes that would turn an answer into a yes, each tried out before it is named."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import combinations

from engine.compile import Plan
from engine.diagnosis import Diagnosis, Office
from engine.explain import ConditionResult
from engine.knowledge.model import HOUSEHOLD, Fact, Knowledge, Value
from engine.meaning import PROVEN, TESTS
from engine.nearest.approach import Approach, reached
from engine.nearest.changes import Change, Found, Step, Steps, Way, can_be_found, is_measured_anew, order, soonest, way
from engine.nearest.days import after, day_by_day, goes_one_way, halving, years_after
from engine.nearest.otherwise import AS_OF, Told, World, grounds_of
from engine.rows import ServiceRow

YEARS_AHEAD = 5
MOST_CHANGES = 3
# So many suppositions are worked out for one row, and so many new laws looked at.
_TRIES, _LAWS = 80, 6
# Who somebody is stands in no list of what is in the way, however it is protected; how old, which time changes, may.
_WHO = "who"


def ways_to_yes(
    diagnosis: Diagnosis, row: ServiceRow, most: int = MOST_CHANGES, office: Office | None = None
) -> tuple[Way, ...]:
    """Give the smallest sets of changes that would make a row a yes: fewest changes first, then the soonest.

    Args:
        diagnosis: The diagnosis that the row is of.
        row: Any row; one that is a yes already has no ways.
        most: So many ways at most.
        office: Where the rules of later days are found; without one its own is made, once for each edition.
    """
    return Nearest(diagnosis, office).ways(row, most)


def fixed(diagnosis: Diagnosis, row: ServiceRow) -> tuple[Change, ...]:
    """Give what decides a no and no paper, no check and no day to come will change.

    What is protected, and who somebody is, is left out: of those only the law's reason is told (`row.stopped_by`).
    """
    return Nearest(diagnosis).fixed(row)


class Nearest:
    """The ways to a yes of one diagnosis; what is supposed once serves all of its rows."""

    def __init__(self, diagnosis: Diagnosis, office: Office | None = None) -> None:
        self.diagnosis, self.office = diagnosis, office
        self.household, self.knowledge = diagnosis.household, diagnosis.knowledge
        self.horizon = years_after(self.household.as_of, YEARS_AHEAD)
        self._worlds: dict[tuple, World] = {}
        self._turns: dict[tuple[str, str], tuple[date, ...]] = {}
        self._left: dict[Steps, int] = {}
        self.proofs: dict[str, list[str]] = {}
        for paper in self.knowledge.papers.values():
            for fact in paper.proves if paper.name not in diagnosis.plan.officer_only else ():
                self.proofs.setdefault(fact.text, []).append(paper.name)

    def ways(self, row: ServiceRow, most: int = MOST_CHANGES) -> tuple[Way, ...]:
        """Give the smallest ways that make a row a yes (see `ways_to_yes`)."""
        if row.outcome == "yes" or row.status == "not_required" or row.officer_only:
            return ()
        found = self._search(*row.vertex, most)
        return tuple(sorted((way(steps) for steps in soonest(found)), key=order)[:most])

    def fixed(self, row: ServiceRow) -> tuple[Change, ...]:
        """Give what decides a no and stays (see the function `fixed`)."""
        if row.outcome != "no" or row.officer_only:
            return ()
        lines = [line for stopped, below in row.stopped_by for line in below or (stopped,)]
        found = [change for line in lines for change in self._staying(line)]
        return tuple(dict.fromkeys(found))

    def _search(self, name: str, of: str, most: int) -> list[Steps]:
        """Try sets of changes, the small ones first."""
        found: list[Steps] = []
        sizes: list[list[Steps]] = [[frozenset()], *([] for _ in range(MOST_CHANGES))]
        seen: set[Steps] = set()
        for tried in sizes:
            # A step may take the place of another, so this list can grow while it is read.
            for steps in tried:
                if any(smaller <= steps for smaller in found):
                    continue
                if self._is_yes(steps, name, of):
                    if self._is_smallest(steps, name, of) and not self._costs_more(steps):
                        found.append(steps)
                    continue
                for step in self._next(steps, name, of):
                    more = frozenset({*(one for one in steps if one.slot != step.slot), step})
                    if more not in seen and len(more) <= MOST_CHANGES and len(seen) < _TRIES:
                        seen.add(more)
                        sizes[len(more)].append(more)
            if len(soonest(found)) >= most:
                break
        return found

    def _is_yes(self, steps: Iterable[Step], name: str, of: str) -> bool:
        return reached(self._world_of(steps).reading(of, name)[PROVEN], True)

    def _is_smallest(self, steps: Steps, name: str, of: str) -> bool:
        """Say whether no part of the changes would be enough; more certainty can also tell against somebody."""
        parts = (part for size in range(1, len(steps)) for part in combinations(steps, size))
        return not any(self._is_yes(part, name, of) for part in parts)

    def _costs_more(self, steps: Steps) -> bool:
        """Say whether a register would have to measure the household anew so that fewer services are left to it."""
        measured = frozenset(step for step in steps if step.given and is_measured_anew(step.change))
        return bool(measured) and self._left_after(measured) < self._left_after(frozenset())

    def _left_after(self, steps: Steps) -> int:
        """Count the services that are a yes after some changes."""
        if steps not in self._left:
            self._left[steps] = sum(self._is_yes(steps, *row.vertex) for row in self.diagnosis.rows)
        return self._left[steps]

    def _next(self, steps: Steps, name: str, of: str) -> Found:
        """Give the changes of which every way from here needs one; a new law may move any line."""
        found = Approach(self, self._world_of(steps)).toward(name, of, True, False)
        return found if steps else found | dict.fromkeys(self._laws(name, of))

    def _laws(self, name: str, of: str) -> Iterator[Step]:
        """Give the days ahead on which a rule comes into force or ends, or an amount of the law changes."""
        rules = self.knowledge.rules.values()
        days = {rule.from_ for rule in rules} | {after(rule.until) for rule in rules}
        days |= {amount.from_ for one in self.knowledge.parameters.values() for amount in one.values}
        ahead = sorted(day for day in days if day and self.household.as_of < day <= self.horizon)
        for day in ahead[:_LAWS]:
            yield Step(Change("time", name, of, None, None, on=day))

    def _world_of(self, steps: Iterable[Step]) -> World:
        steps = tuple(steps)
        day = next((step.change.on for step in steps if step.change.on), self.household.as_of)
        return self.world(day, frozenset((step.change.subject, step.key, step.given) for step in steps if step.given))

    def world(self, day: date, told: Told, plan: Plan | None = None) -> World:
        """Give what follows on a day when some things are told differently, by that day's rules unless a plan is named."""
        plan = plan or self._plan_on(day)
        key = (day, told, id(plan))
        if key not in self._worlds:
            trace = self.diagnosis.trace
            self._worlds[key] = World(plan, trace if plan is trace.plan else None, self.household, day, told)
        return self._worlds[key]

    def _plan_on(self, day: date) -> Plan:
        if day == self.household.as_of:
            return self.diagnosis.plan
        self.office = self.office or _office_of(self.knowledge)
        return self.office.plan_of(replace(self.household, as_of=day))

    def turns(self, name: str, of: str) -> tuple[date, ...]:
        """Give the days ahead on which a computed fact that reads the day gets another value."""
        if (of, name) not in self._turns:
            plan, trace, first = self.diagnosis.plan, self.diagnosis.trace, self.household.as_of

            def value(day: date) -> Value | None:
                return World(plan, trace, self.household, day, frozenset()).reading(of, name)[0]

            if goes_one_way(self.knowledge.facts[name].computed.tree):
                days = halving(value, first, self.horizon)
            else:
                days = day_by_day(value, first, self.horizon) if value(first) is not None else ()
            self._turns[of, name] = tuple(days)
        return self._turns[of, name]

    def _staying(self, line: ConditionResult) -> Iterator[Change]:
        """Give what a deciding finding says about a fact that will stay as it is."""
        if line.test in ("is received", "is not received"):
            about = self.knowledge.services[line.name].for_
            yield Change("fixed", line.name, HOUSEHOLD if about == HOUSEHOLD else line.subject, line.value, None)
        fact = self.knowledge.facts.get(line.name)
        if fact is None or line.test == "in hand" or self._is_protected(fact):
            return
        holder = HOUSEHOLD if fact.of == HOUSEHOLD else line.subject
        seen = [(one.subject, one.value) for one in line.deciding] if line.quantifier else [(holder, line.value)]
        for subject, value in seen:
            given = self.household.given(subject, fact.name)
            if value is not None and not can_be_found(fact, given) and not self._comes(line, fact, subject):
                yield Change("fixed", fact.name, subject, value, None)

    def _is_protected(self, fact: Fact) -> bool:
        """Say whether a fact is not to be named as being in the way, or rests on one that is not."""
        inputs = grounds_of(self.diagnosis.plan).inputs(fact.name)
        if fact.theme == _WHO and AS_OF not in inputs:
            return True
        names = (fact.name, *(key.split(":")[-1] for key in inputs))
        facts = [self.knowledge.facts[name] for name in names if name in self.knowledge.facts]
        hidden = self.diagnosis.plan.officer_only
        return any(one.name in hidden or one.sensitive in ("specific", "officer_only") for one in facts)

    def _comes(self, line: ConditionResult, fact: Fact, subject: str) -> bool:
        """Say whether waiting is enough for a finding about a fact to turn."""
        if line.test not in TESTS or None in line.limits:
            return False
        facts, below = self.knowledge.facts, grounds_of(self.diagnosis.plan).below
        dated = [
            (name, of)
            for of, name in below(fact.name, subject, self.household.members)
            if name in facts and facts[name].computed
        ]
        days = {day for name, of in dated for day in self.turns(name, of)}
        worlds = (self.world(day, frozenset(), self.diagnosis.plan) for day in sorted(days))
        values = (world.reading(subject, fact.name)[0] for world in worlds)
        return any(value is not None and TESTS[line.test](value, line.limits) == (line.cf < 0) for value in values)


# Offices are heavy: one for the edition at hand, and one for the edition before it.
@lru_cache(maxsize=2)
def _office_of(knowledge: Knowledge) -> Office:
    return Office(knowledge)
