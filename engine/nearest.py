"""The smallest changes that would turn an answer into a yes, each tried out before it is named.

`missing` knows what an answer could still hang on, `advise` what checking would do to it. Here it is found out what would
be enough: a paper shown, a check at the registry, a birthday. What somebody told about their own life is never part of
it: it can be checked, never wished otherwise. Only what an office keeps about them can come out differently.

The search goes backwards. While the answer is not yet a yes, some line stands in its way, and every way has to move that
line; so of all lines that must be moved the one that least can move is asked, and each change that could move it is
supposed and worked out anew. A line that nothing can move ends the search at once, as it does for most rows.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from engine import certainty
from engine.compile import Plan, Task
from engine.diagnosis import Diagnosis, Office
from engine.explain import ConditionResult
from engine.household import Given
from engine.knowledge import formulas
from engine.knowledge.formulas import Tree
from engine.knowledge.model import HOUSEHOLD, Fact, Knowledge, Rule, Value
from engine.knowledge.vocabulary import PAPER
from engine.meaning import GIVEN_KEY, INPUT_KEYS, PROVEN, TESTS, BlockMeaning, Line, Meaning, Row
from engine.otherwise import AS_OF, Told, World, grounds_of
from engine.rows import ServiceRow

YEARS_AHEAD = 5
MOST_CHANGES = 3
# So many suppositions are worked out for one row, and so many new laws looked at.
_TRIES, _LAWS = 80, 6
_MOST_VALUES = 12
_DAY = timedelta(days=1)
_NEGATIVE = ("unless", "unneeded")
# Who somebody is stands in no list of what is in the way, however it is protected.
_WHO = "who"


class Change(NamedTuple):
    """One thing that would have to be otherwise, or better known: `document`, `time`, or for what stays `fixed`."""

    kind: str
    fact: str
    subject: str
    now: Value | None
    then: Value | None
    evidence: str | None = None
    on: date | None = None
    papers: tuple[str, ...] = ()


class Way(NamedTuple):
    """Changes that together make the answer a yes, none of them needless; `time` when one must be waited for."""

    changes: tuple[Change, ...]
    kind: str


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


class _Step(NamedTuple):
    """A change, and what would then be told: under which key of the household; nothing for a day to come."""

    change: Change
    key: str = ""
    given: Given | None = None

    @property
    def slot(self) -> tuple[str, str]:
        """Give what only one step can say something about."""
        return (self.change.subject, self.key) if self.given else ("", "")


Steps = frozenset[_Step]
Found = dict[_Step, None]


class Nearest:
    """The ways to a yes of one diagnosis; what is supposed once serves all of its rows."""

    def __init__(self, diagnosis: Diagnosis, office: Office | None = None) -> None:
        self.diagnosis, self.office = diagnosis, office
        self.household, self.knowledge = diagnosis.household, diagnosis.knowledge
        self.horizon = _years_after(self.household.as_of, YEARS_AHEAD)
        self._worlds: dict[tuple, World] = {}
        self._turns: dict[tuple[str, str], tuple[date, ...]] = {}

    def ways(self, row: ServiceRow, most: int = MOST_CHANGES) -> tuple[Way, ...]:
        """Give the smallest ways that make a row a yes (see `ways_to_yes`)."""
        if row.outcome == "yes" or row.status == "not_required" or row.officer_only:
            return ()
        found = self._search(*row.vertex, most)
        return tuple(sorted((_way(steps) for steps in _soonest(found)), key=_order)[:most])

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
            if len(_soonest(found)) >= most:
                break
        return found

    def _is_yes(self, steps: Iterable[_Step], name: str, of: str) -> bool:
        return _reached(self._world_of(steps).reading(of, name)[PROVEN], True)

    def _is_smallest(self, steps: Steps, name: str, of: str) -> bool:
        """Say whether no part of the changes would be enough; more certainty can also tell against somebody."""
        parts = (part for size in range(1, len(steps)) for part in combinations(steps, size))
        return not any(self._is_yes(part, name, of) for part in parts)

    def _costs_more(self, steps: Steps) -> bool:
        """Say whether a register would have to measure the household anew so that fewer services are left to it."""
        measured = [step for step in steps if step.given and is_measured_anew(step.change)]
        if not measured:
            return False
        rows = [row.vertex for row in self.diagnosis.rows]
        return sum(self._is_yes(measured, *row) for row in rows) < sum(self._is_yes((), *row) for row in rows)

    def _next(self, steps: Steps, name: str, of: str) -> Found:
        """Give the changes of which every way from here needs one; a new law may move any line."""
        found = _Approach(self, self._world_of(steps)).toward(name, of, True, False)
        return found if steps else found | dict.fromkeys(self._laws(name, of))

    def _laws(self, name: str, of: str) -> Iterator[_Step]:
        """Give the days ahead on which a rule comes into force or ends, or an amount of the law changes."""
        rules = self.knowledge.rules.values()
        days = {rule.from_ for rule in rules} | {_after(rule.until) for rule in rules}
        days |= {amount.from_ for one in self.knowledge.parameters.values() for amount in one.values}
        ahead = sorted(day for day in days if day and self.household.as_of < day <= self.horizon)
        for day in ahead[:_LAWS]:
            yield _Step(Change("time", name, of, None, None, on=day))

    def _world_of(self, steps: Iterable[_Step]) -> World:
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
        """Give the days ahead on which a computed fact gets another value only because time passes."""
        if (of, name) not in self._turns:
            plan, first = self.diagnosis.plan, self.household.as_of

            def value(day: date) -> Value | None:
                return self.world(day, frozenset(), plan).reading(of, name)[0]

            if value(first) is None and not goes_one_way(self.knowledge.facts[name].computed.tree):
                days = ()
            elif goes_one_way(self.knowledge.facts[name].computed.tree):
                days = _halving(value, first, self.horizon)
            else:
                days = _day_by_day(value, first, self.horizon)
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
        names = (fact.name, *(key.split(":")[-1] for key in grounds_of(self.diagnosis.plan).inputs(fact.name)))
        facts = [self.knowledge.facts[name] for name in names if name in self.knowledge.facts]
        hidden = any(one.name in self.diagnosis.plan.officer_only for one in facts)
        return (
            hidden
            or (fact.theme == _WHO and not fact.computed)
            or any(one.sensitive in ("specific", "officer_only") for one in facts)
        )

    def _comes(self, line: ConditionResult, fact: Fact, subject: str) -> bool:
        """Say whether waiting is enough for a finding about a computed fact to turn."""
        if (
            AS_OF not in grounds_of(self.diagnosis.plan).inputs(fact.name)
            or line.test not in TESTS
            or None in line.limits
        ):
            return False
        values = (
            self.world(day, frozenset(), self.diagnosis.plan).reading(subject, fact.name)[0]
            for day in self.turns(fact.name, subject)
        )
        return any(value is not None and TESTS[line.test](value, line.limits) == (line.cf < 0) for value in values)


class _Spot(NamedTuple):
    """Where a line stands: the task whose row it reads, for whom, and for a member condition at which seat."""

    task: Task
    of: str
    seat: int | None = None

    def row(self, world: World) -> Row:
        row = world.row(self.task, self.of)
        return row if self.seat is None else row.members()[self.seat]


class _Approach:
    """Finds, in one supposed world, the changes of which every way to a goal needs at least one.

    A goal is to bring a CF `up` above the threshold, or else down below minus the threshold. Through `decides`, least and
    greatest it is passed on as it is; where evidence is combined any movement that way counts (`moving`).
    """

    def __init__(self, nearest: Nearest, world: World) -> None:
        self.nearest, self.world, self.plan = nearest, world, world.plan
        self.knowledge, self.vocabulary = world.plan.knowledge, world.plan.vocabulary

    def toward(self, name: str, of: str, up: bool, moving: bool) -> Found:
        """Give the changes that could move a conclusion's CF."""
        task = self.plan.by_name["settle", name]
        moving = moving or not all(rule.effect.exactly for rule in task.contributions)
        found: Found = {}
        for rule in task.contributions:
            way = up if _supports(rule) else not up
            found |= self._of_rule(self.plan.by_name["weigh", rule.id], of, way, moving)
        return found

    def _of_rule(self, task: Task, of: str, up: bool, moving: bool) -> Found:
        parts = [self._of_block(block, _Spot(task, of), up, moving) for block in task.rule.blocks]
        parts += [self._of_line(line, _Spot(task, of), up, True) for line in task.rule.graded]
        return _needed(parts, up and not moving)

    def _of_block(self, block: BlockMeaning, spot: _Spot, up: bool, moving: bool) -> Found | None:
        if not moving and _reached(block.cf(spot.row(self.world))[PROVEN], up):
            return None
        up = not up if block.block.kind in _NEGATIVE else up
        parts = (self._of_line(line, spot, up, moving) for line in block.lines)
        return _needed(parts, not moving and block.block.joins == ("all" if up else "any"))

    def _of_line(self, line: Meaning, spot: _Spot, up: bool, moving: bool) -> Found | None:
        if not moving and _reached(line.line(spot.row(self.world))[PROVEN], up):
            return None
        members = line.condition.phrase.members
        if members is None:
            return self._of_one(line, line.line, spot, spot.of, up, moving)
        ways = (True, False) if members.quantifier == "exactly" else (up != (members.quantifier in ("no", "at most")),)
        parts = (
            self._of_one(line, line.inner, spot._replace(seat=seat), member, way, moving)
            for seat, member in enumerate(self.world.household.members)
            for way in ways
        )
        every = {"every": up, "any": not up, "no": up}.get(members.quantifier, False)
        return _needed(parts, every and not moving)

    def _of_one(self, line: Meaning, read: Line, spot: _Spot, of: str, up: bool, moving: bool) -> Found | None:
        cf = read(spot.row(self.world))[PROVEN]
        if not moving and _reached(cf, up):
            return None
        if line.is_idea:
            up = up if line.condition.phrase.test == "yes" else not up
            return self.toward(line.condition.name.text, self._holder(line.compared[0][1], of), up, moving)
        name, test = line.condition.name.text, line.condition.phrase.test
        match test:
            case "in hand":
                return self._paper(name, of) if up else {}
            case "is known" | "is unknown" if (test == "is known") != up:
                return {}
            case "is received" | "is not received":
                return {}
        found: Found = {}
        for name, about in line.compared:
            for subject, key in self._below(name, self._holder(about, of)):
                if (cf > 0) if up else (cf < 0):
                    found |= self._checked(subject, key, moving)
                found |= self._found_out(subject, key, line, spot, up)
                found |= self._later(subject, key, read, spot, up, moving)
        return found

    def _holder(self, about: str | None, of: str) -> str:
        return HOUSEHOLD if about == HOUSEHOLD else of

    def _below(self, name: str, of: str) -> Iterable[tuple[str, str]]:
        entry = self.vocabulary.look(name)
        if entry.sort == "parameter":
            return ()
        return self.world.grounds.below(name, of, self.world.household.members)

    def _input(self, key: str) -> Fact | None:
        """Give the fact that is told under a key; none for aid and papers, and for what is worked out."""
        fact = self.knowledge.facts.get(key.removeprefix(GIVEN_KEY))
        worked_out = key in self.world.grounds.makers
        return None if fact is None or worked_out or fact.name in self.plan.officer_only else fact

    def _found_out(self, subject: str, key: str, line: Meaning, spot: _Spot, up: bool) -> Found:
        """Give what an office can come to know, with the values that would do."""
        fact = self._input(key)
        given = self.world.household.given(subject, fact.name) if fact else None
        if fact is None or not can_be_found(fact, given):
            return {}
        now, best, papers = given.value if _is_known(given) else None, self._best(fact), self._papers(fact.name)
        wanted = None
        if fact.name == line.condition.name.text:
            limits = tuple(limit(spot.row(self.world))[0] for limit in line.limits)
            wanted = [] if None in limits else _nearest(line.condition.phrase.test, limits, up)
        steps = (
            _Step(
                Change("document", fact.name, subject, now, value, papers=papers), fact.name, best._replace(value=value)
            )
            for value in (_any_value(fact) if wanted is None else wanted)
            if may_become(fact, now, value)
        )
        return dict.fromkeys(steps)

    def _checked(self, subject: str, key: str, moving: bool) -> Found:
        """Give the check that makes what was told surer; where a line must cross, only what is no surer than that."""
        fact = self._input(key)
        given = self.world.household.given(subject, fact.name) if fact else None
        if fact is None or not fact.verified_by or not _is_known(given):
            return {}
        best = self._best(fact)._replace(value=given.value)
        if given.certainty >= best.certainty or (not moving and _reached(given.certainty, True)):
            return {}
        papers = self._papers(fact.name)
        change = Change("document", fact.name, subject, given.value, given.value, best.evidence, papers=papers)
        return {_Step(change, fact.name, best): None}

    def _best(self, fact: Fact) -> Given:
        """Give how a fact would be told after the best check there is; without one, as everything else is told."""
        known = [self.knowledge.evidence[word.text] for word in fact.verified_by]
        best = max(known, key=lambda one: one.certainty, default=None)
        return Given(None, best.certainty, best.name) if best else self._plainly()

    def _plainly(self) -> Given:
        name = self.knowledge.default_evidence
        return Given(None, self.knowledge.evidence[name].certainty, name) if name else Given(None, 1.0, None)

    def _papers(self, fact: str) -> tuple[str, ...]:
        papers = self.knowledge.papers.values()
        return tuple(
            one.name for one in papers if fact in {word.text for word in one.proves} and self._may_show(one.name)
        )

    def _may_show(self, paper: str) -> bool:
        return paper not in self.plan.officer_only

    def _paper(self, name: str, of: str) -> Found:
        """Give the showing of a paper that nobody has shown yet."""
        key = INPUT_KEYS[PAPER] + name
        given = self.world.household.given(of, key)
        if not self._may_show(name) or (_is_known(given) and given.value):
            return {}
        now = given.value if _is_known(given) else None
        change = Change("document", name, of, now, True, papers=(name,))
        return {_Step(change, key, self._plainly()._replace(value=True)): None}

    def _later(self, subject: str, key: str, read: Line, spot: _Spot, up: bool, moving: bool) -> Found:
        """Give the first day ahead on which a fact that grows with time moves a line."""
        fact = self.knowledge.facts.get(key)
        if fact is None or not fact.computed or fact.name in self.plan.officer_only:
            return {}
        cf = read(spot.row(self.world))[PROVEN]
        for day in self.nearest.turns(key, subject):
            if day <= self.world.day:
                continue
            later = self.nearest.world(day, self.world.told, self.plan)
            then = read(spot.row(later))[PROVEN]
            if _reached(then, up) or (moving and ((then > cf) if up else (then < cf))):
                now, value = self.nearest.diagnosis.trace.reading(subject, key)[0], later.reading(subject, key)[0]
                return {_Step(Change("time", key, subject, now, value, on=day)): None}
        return {}


def _needed(parts: Iterable[Found | None], every: bool) -> Found:
    """Join what could move the parts of a whole; where every part must move, the one that least can move is enough."""
    if not every:
        found: Found = {}
        for part in parts:
            found |= part or {}
        return found
    fewest: Found | None = None
    for part in parts:
        if part is not None and (fewest is None or len(part) < len(fewest)):
            fewest = part
        if fewest == {}:
            break
    return fewest or {}


def _reached(cf: float, up: bool) -> bool:
    return certainty.outcome(cf) == ("yes" if up else "no")


def _supports(rule: Rule) -> bool:
    """Say whether a surer premise speaks for the rule's conclusion."""
    effect = rule.effect
    return (
        bool(effect.exactly or rule.grades) or effect.certainty > 0 or (effect.certainty == 0 and effect.otherwise < 0)
    )


def _is_known(given: Given | None) -> bool:
    return given is not None and given.value is not None and given.certainty > 0


def can_be_found(fact: Fact, given: Given | None) -> bool:
    """Say whether an office may come to know a fact otherwise than it is told now.

    What only officers and registries know can be looked up while it is not known. Once known, a register can be brought up
    to date: it takes in whom it lacked, and measures anew. What an officer found stands.
    """
    if fact.computed or fact.format or fact.answered_by == "applicant" or fact.type in ("date", "text", "region"):
        return False
    if not _is_known(given):
        return True
    listed = fact.type == "boolean" and given.value is False and fact.sensitive != "specific"
    return fact.answered_by == "registry" and (listed or fact.type in ("integer", "number", "money"))


def is_measured_anew(change: Change) -> bool:
    """Say whether a change is of a number that was known otherwise."""
    return change.now is not None and change.now != change.then and not isinstance(change.now, bool | str | tuple)


def may_become(fact: Fact, now: Value | None, then: Value) -> bool:
    """Say whether a fact that can come out otherwise can become this."""
    low, high = fact.low, fact.high
    return then != now and (low is None or then >= low) and (high is None or then <= high)


def _any_value(fact: Fact) -> list[Value]:
    """Give the values a fact can take, when they are few."""
    match fact.type:
        case "boolean":
            return [True, False]
        case "choice":
            return list(fact.choices)
        case "integer" if fact.low is not None and fact.high is not None and fact.high - fact.low < _MOST_VALUES:
            return list(range(fact.low, fact.high + 1))
    return []


def _nearest(test: str, limits: tuple, up: bool) -> list[Value] | None:
    """Give the values nearest to its limits with which a test holds (`up`) or fails; None when any value might do."""
    match test, up:
        case (("yes" | "no"), _):
            return [(test == "yes") == up]
        case ("at most", True) | ("above", False):
            return [math.floor(limits[0])]
        case ("at most", False) | ("above", True):
            return [math.floor(limits[0]) + 1]
        case ("at least", True) | ("below", False):
            return [math.ceil(limits[0])]
        case ("at least", False) | ("below", True):
            return [math.ceil(limits[0]) - 1]
        case "between", True:
            return [math.ceil(limits[0]), math.floor(limits[1])]
        case "between", False:
            return [math.ceil(limits[0]) - 1, math.floor(limits[1]) + 1]
        case ("is" | "is one of", True) | ("is not" | "is none of", False):
            return list(limits)
    return None


def goes_one_way(tree: Tree) -> bool:
    """Say whether a formula can only rise, or only fall, as the days pass: time since something, held to a limit or not."""
    match tree:
        case formulas.Call("years_between" | "months_between" | "days_between", (start, end)):
            shifted = (
                isinstance(end, formulas.Arithmetic) and end.op in ("+", "-") and isinstance(end.right, formulas.Const)
            )
            return not _reads_day(start) and (end.left if shifted else end) == formulas.Name(AS_OF, _at(end))
        case formulas.Compare("<" | "<=" | ">" | ">=", left, right):
            return (goes_one_way(left) and not _reads_day(right)) or (goes_one_way(right) and not _reads_day(left))
    return False


def _at(tree: Tree) -> int:
    return tree.left.at if isinstance(tree, formulas.Arithmetic) else getattr(tree, "at", 0)


def _reads_day(tree: Tree) -> bool:
    return any(name.id == AS_OF for name, _ in formulas.names_in(tree))


def _halving(value: Callable[[date], Value | None], first: date, last: date) -> Iterator[date]:
    """Give the days on which a value that goes one way is another than the day before."""
    if value(first) == value(last):
        return
    if last - first == _DAY:
        yield last
        return
    middle = first + (last - first) // 2
    yield from _halving(value, first, middle)
    yield from _halving(value, middle, last)


def _day_by_day(value: Callable[[date], Value | None], first: date, last: date) -> Iterator[date]:
    """Give the days on which a value is another than the day before."""
    before = value(first)
    while first < last:
        first += _DAY
        now = value(first)
        if now != before:
            yield first
        before = now


def _years_after(day: date, years: int) -> date:
    """Give the same day some years later; the last of February for a day that year does not have."""
    try:
        return day.replace(year=min(day.year + years, date.max.year))
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _after(day: date | None) -> date | None:
    return day + _DAY if day and day < date.max else None


def _soonest(found: list[Steps]) -> list[Steps]:
    """Leave out what asks for as much as another way and a later day, or for the same in other values."""

    def day(steps: Steps) -> date | None:
        return next((step.change.on for step in steps if step.change.on), None)

    def told(steps: Steps) -> frozenset:
        return frozenset(step.slot for step in steps if step.given)

    kept: list[Steps] = []
    for steps in sorted(found, key=lambda one: (len(one), day(one) or date.min)):
        if not any(told(one) <= told(steps) and (day(one) or date.min) <= (day(steps) or date.min) for one in kept):
            kept.append(steps)
    return kept


def _way(steps: Steps) -> Way:
    changes = tuple(sorted((step.change for step in steps), key=_order_of_change))
    return Way(changes, "time" if any(change.on for change in changes) else "document")


def _order_of_change(change: Change) -> tuple:
    return (change.on or date.min, change.fact, change.subject, str(change.then))


def _order(way: Way) -> tuple:
    return (
        len(way.changes),
        way.kind,
        max(change.on or date.min for change in way.changes),
        [_order_of_change(one) for one in way.changes],
    )


# Offices are heavy: one for the edition at hand, and one for the edition before it.
@lru_cache(maxsize=2)
def _office_of(knowledge: Knowledge) -> Office:
    return Office(knowledge)
