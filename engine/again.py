"""Work out again what a change touches: the cone of what rests on the facts that were told differently.

`forward` fires every task; here only those of the cone are, into a fresh working memory that takes over every
settled fact outside of it (nothing is withdrawn), or without a trace at all, for a supposition.
"""

from collections.abc import Iterable

from engine.compile import SELF, Plan, Task, settled, worked_out
from engine.forward import Inference, Key, Trace, evidence_of, infer, row_of
from engine.household import Household, changed_inputs
from engine.knowledge.model import HOUSEHOLD
from engine.meaning import GIVEN_KEY, Reading


def infer_again(trace: Trace, household: Household) -> Trace:
    """Work out what follows after some facts have changed, firing only what rests on them.

    A fresh working memory takes over every settled fact outside the cone of the change; nothing is
    withdrawn. When the members, the day, or whether aid was told have changed, everything is worked out anew.

    Args:
        trace: What followed before.
        household: The household with its facts as they are now.
    """
    before = trace.household
    if _frame(before) != _frame(household):
        return infer(trace.plan, household)
    keys = {_input_key(trace.plan, key) for key in changed_inputs(before, household)}
    again = [evidence_of(trace.plan, household, of, key) for of, key in sorted(keys) if (of, key) in trace.index]
    return _refire(trace, household, again, keys)


def _frame(household: Household) -> tuple:
    """Give what must be the same for anything to be kept."""
    return household.members, household.as_of, household.members_listed, household.received


def _input_key(plan: Plan, key: Key) -> Key:
    of, name = key
    fact = plan.knowledge.facts.get(name)
    return (of, GIVEN_KEY + name) if fact and (fact.computed or fact.only_if) else key


def _refire(trace: Trace, household: Household, changed: list, keys: set[Key]) -> Trace:
    wanted, stale = cone(trace, [(fact["of"], fact["name"]) for fact in changed])
    engine = Inference(trace.rulebase, household)
    engine.reset()
    engine.index.update(trace.index)
    engine.facts.update(trace.facts)
    for key in stale:
        if (fact := engine.index.pop(key, None)) is not None:
            del engine.facts[fact["__factid__"]]
    engine.facts.last_index = trace.last_index
    _prime(engine, wanted)
    engine.declare(*changed)
    engine.run()
    return Trace(trace.plan, trace.rulebase, household, engine.index, engine.facts.last_index, frozenset(stale | keys))


class Supposition:
    """What would follow if some facts were otherwise: the cone worked out by the same tasks, without a trace."""

    def __init__(self, trace: Trace, household: Household) -> None:
        self.trace = trace
        self._readings: dict[Key, Reading] = {}
        keys = {_input_key(trace.plan, key) for key in changed_inputs(trace.household, household)}
        changed = [key for key in keys if key in trace.index]
        for of, key in changed:
            evidence = evidence_of(trace.plan, household, of, key)
            evidence.settle()
            self._readings[of, key] = evidence.reading
        wanted, _ = cone(trace, changed)
        for number, of in sorted(wanted):
            self._follow(trace.plan.tasks[number], of)

    def _follow(self, task: Task, of: str) -> None:
        if task.kind == "roll":
            members = self.trace.household.members
            self._readings[of, task.makes] = tuple(self.reading(member, task.name) for member in members)
            return
        if task.kind not in _SUPPOSED:
            return
        row = row_of(self.trace.plan, self.trace.household.as_of, task.waits, of, self.reading)
        self._readings[of, task.makes] = _SUPPOSED[task.kind](task, row)

    def reading(self, of: str, key: str) -> Reading:
        """Give what working memory would say about a subject under a key."""
        found = self._readings.get((of, key))
        return self.trace.reading(of, key) if found is None else found

    def cf(self, name: str, of: str) -> float:
        """Give the CF a conclusion would have."""
        return self.reading(of, name)[0]


_SUPPOSED = {
    "work": worked_out,
    "settle": lambda task, row: settled(task, [row.readings[key] for key in task.row_keys])[:2],
    "weigh": lambda task, row: task.rule.weigh(row)[1],
}


def cone(trace: Trace, changed: Iterable[Key]) -> tuple[set[tuple[int, str]], set[Key]]:
    """Find what rests on some facts: the tasks to fire again, and the keys of the facts that no longer hold."""
    plan, members = trace.plan, trace.household.members
    wanted: set[tuple[int, str]] = set()
    stale = set(changed)
    front = list(stale)
    while front:
        of, key = front.pop()
        for number, subject in plan.waiting(of, key, members):
            if (number, subject) not in wanted:
                wanted.add((number, subject))
                for made in _makes(plan.tasks[number], subject):
                    stale.add(made)
                    front.append(made)
    return wanted, stale


def _makes(task: Task, subject: str) -> list[Key]:
    effect = task.rule.rule.effect if task.rule else None
    if task.kind == "need":
        return [(subject, f"need:{task.name}:{word.text}") for word in effect.documents]
    if task.kind == "follow":
        return [(subject, f"follow:{task.name}:{word.text}") for word in effect.steps]
    return [(subject, task.makes)]


def _prime(engine: Inference, wanted: set[tuple[int, str]]) -> None:
    """Tell the matcher how many facts each task of the cone still waits for."""
    index, left = engine.index, {}
    for number, of in wanted:
        task = engine.plan.tasks[number]
        if task.kind == "roll":
            left[number, of] = sum(1 for member in engine.members if (member, task.name) not in index)
        else:
            keys = ((of if wait.of == SELF else HOUSEHOLD, wait.key) for wait in task.waits[1:])
            left[number, of] = sum(1 for key in keys if key not in index)
    engine.matcher.wait_only(left)
