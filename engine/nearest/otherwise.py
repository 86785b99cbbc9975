"""What would be read of a household told otherwise, or on a later day: only what is asked for is worked out.

`again` works out everything that a change touches; here one answer is followed down to what it rests on, and whatever
the change does not touch is read from the trace. So a thousand suppositions about one answer cost little.
"""

from datetime import date
from weakref import WeakKeyDictionary

from engine.compile import SELF, Plan, Task, settled, worked_out
from engine.forward import Trace, evidence_of, row_of
from engine.household import Given, Household
from engine.knowledge import formulas
from engine.knowledge.model import HOUSEHOLD
from engine.meaning import GIVEN_KEY, Reading, Row

AS_OF = "as_of"
Told = frozenset[tuple[str, str, Given]]
_NOTHING: frozenset[str] = frozenset()


class Grounds:
    """What each key of a plan's working memory rests on, however deep: inputs, and the day itself (`as_of`)."""

    def __init__(self, plan: Plan) -> None:
        self.makers = {task.makes: task for task in plan.tasks}
        self._inputs: dict[str, frozenset[str]] = {}
        for task in plan.tasks:
            self.inputs(task.makes)

    def inputs(self, key: str) -> frozenset[str]:
        """Give the keys of the inputs that a key rests on; an input rests on itself."""
        if key not in self._inputs:
            task = self.makers.get(key)
            found = [self.inputs(wait.key) for wait in task.waits if wait.key] if task else [frozenset((key,))]
            if task and is_dated(task):
                found.append(frozenset((AS_OF,)))
            self._inputs[key] = _NOTHING.union(*found)
        return self._inputs[key]

    def below(self, key: str, of: str, members: tuple[str, ...]) -> dict[tuple[str, str], None]:
        """Give what a key rests on for one subject: (subject, key) of inputs, and of the facts that read the day."""
        found: dict[tuple[str, str], None] = {}
        task = self.makers.get(key)
        if task is None:
            return {(of, key): None}
        if is_dated(task):
            found[of, key] = None
        for wait in task.waits:
            holder = of if wait.of == SELF else HOUSEHOLD
            for subject in (members if task.kind == "roll" else (holder,)) if wait.key else ():
                found |= self.below(wait.key, subject, members)
        return found


def is_dated(task: Task) -> bool:
    """Say whether a task works out a fact whose own formula reads the day."""
    trees = [one.tree for one in (task.fact.computed, task.fact.only_if) if one] if task.fact else []
    return any(name.id == AS_OF for tree in trees for name, _ in formulas.names_in(tree))


_GROUNDS: WeakKeyDictionary[Plan, Grounds] = WeakKeyDictionary()


def grounds_of(plan: Plan) -> Grounds:
    """Give what the keys of a plan rest on, found once; two threads may find it at once, and find the same."""
    if plan not in _GROUNDS:
        _GROUNDS[plan] = Grounds(plan)
    return _GROUNDS[plan]


class World:
    """A household on a day, with some things told otherwise, under a plan.

    Args:
        plan: The rules of that day.
        trace: What follows now, under the same plan; None when the plan is another one.
        household: The household as it is told now.
        day: The day supposed.
        told: What is told otherwise: (subject, key of the household, how).
    """

    def __init__(self, plan: Plan, trace: Trace | None, household: Household, day: date, told: Told) -> None:
        self.plan, self.trace, self.day, self.told = plan, trace, day, told
        self.household = household
        for of, key, given in sorted(told, key=lambda one: one[:2]):
            self.household = self.household.with_given(of, key, given)
        self.grounds = grounds_of(plan)
        changed = [input_key(plan, key) for _, key, _ in told]
        self._changed = frozenset(changed if day == household.as_of else (*changed, AS_OF))
        self._readings: dict[tuple[str, str], Reading] = {}
        self._rows: dict[tuple[int, str], Row] = {}

    def reading(self, of: str, key: str) -> Reading:
        """Give what working memory would say about a subject under a key."""
        found = self._readings.get((of, key))
        if found is None:
            found = self._readings[of, key] = self._read(of, key)
        return found

    def row(self, task: Task, of: str) -> Row:
        """Give what a task would see of a subject."""
        if (task.rank, of) not in self._rows:
            self._rows[task.rank, of] = row_of(self.plan, self.day, task.waits, of, self.reading)
        return self._rows[task.rank, of]

    def _read(self, of: str, key: str) -> Reading:
        if not key:
            return len(self.household.members), self.household.members_listed == "some"
        if self.trace and self._changed.isdisjoint(self.grounds.inputs(key)):
            return self.trace.reading(of, key)
        task = self.grounds.makers.get(key)
        if task is None:
            evidence = evidence_of(self.plan, self.household, of, key)
            evidence.settle()
            return evidence.reading
        match task.kind:
            case "roll":
                return tuple(self.reading(member, task.name) for member in self.household.members)
            case "work":
                return worked_out(task, self.row(task, of))
            case "settle":
                return settled(task, [self.reading(of, key) for key in task.row_keys])[:2]
        return task.rule.weigh(self.row(task, of))[1]


def input_key(plan: Plan, key: str) -> str:
    """Give the key of working memory under which something told to a household stands."""
    fact = plan.knowledge.facts.get(key)
    return GIVEN_KEY + key if fact and (fact.computed or fact.only_if) else key
