"""The part of a plan that one kind of applicant needs.

A family is never told of a permit for a foundation. What only services of others rest on is not worked out for it:
their rules, papers and steps, and the facts that nothing else reads. Every conclusion that is not a service is kept,
and every computed fact, for a diagnosis lists them all.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from engine.compile import Plan, Task, Wait, inputs_of, ranked
from engine.knowledge.model import Knowledge
from engine.knowledge.vocabulary import PAPER
from engine.meaning import GIVEN_KEY, INPUT_KEYS


@dataclass(frozen=True, slots=True)
class Served:
    """What one kind of applicant may be asked in public: its services, the facts that bear on them, their papers."""

    services: frozenset[str]
    facts: frozenset[str]
    papers: frozenset[str]


def served(plan: Plan, applicant: str) -> Served:
    """Give what serves a kind of applicant, without what only officers may see."""
    hidden = plan.officer_only
    services = {one.name for one in plan.knowledge.services.values() if applicant in one.applicants} - hidden
    more = [waits for name, (_, waits) in plan.provided.items() if name in services]
    more += [waits for (name, _), waits in plan.amount_waits.items() if name in services]
    roots = [task for task in plan.tasks if _is_about(task, services)]
    tasks = _with_what_they_wait_for(plan, roots, more)
    papers = {paper.text for task in tasks if task.kind == "need" for paper in task.rule.rule.effect.documents}
    keys = {key for keys in inputs_of(tasks, more) for key in keys}
    papers |= {key.removeprefix(INPUT_KEYS[PAPER]) for key in keys if key.startswith(INPUT_KEYS[PAPER])}
    facts = {key.removeprefix(GIVEN_KEY) for key in keys} & plan.knowledge.facts.keys()
    facts |= {fact.name for fact in plan.knowledge.facts.values() if fact.format}
    return Served(frozenset(services), frozenset(facts - hidden), frozenset(papers))


def _is_about(task: Task, services: set[str]) -> bool:
    """Say whether a task settles one of some services, or finds its papers or steps."""
    if task.kind in ("need", "follow"):
        return task.rule.rule.effect.service.text in services
    return task.kind == "settle" and task.name in services


def plan_of(plan: Plan, applicant: str) -> Plan:
    """Give the plan with what this kind of applicant needs; the plan itself where nothing can be left out."""
    services = {service.name for service in plan.knowledge.services.values() if applicant in service.applicants}
    return _part(plan, services, lambda task: _is_wanted(task, plan.knowledge, services))


def plan_of_interview(plan: Plan, applicant: str) -> Plan:
    """Give the plan with what an interview needs: whether a service may be proposed, and what it would give.

    Papers, steps, and ideas on which no service rests are for the diagnosis at the end.
    """
    services = served(plan, applicant).services
    parts = {
        component.member.text
        for name in services
        if (benefit := plan.knowledge.services[name].benefit)
        for component in benefit.components
    }
    return _part(plan, services, lambda task: task.kind == "settle" and task.name in {*services, *parts})


def _part(plan: Plan, services: Collection[str], wanted: Callable[[Task], bool]) -> Plan:
    """Give the plan with some tasks, what they wait for, and what the papers and amounts of services wait for."""
    provided = {name: found for name, found in plan.provided.items() if name in services}
    amounts = {key: waits for key, waits in plan.amount_waits.items() if key[0] in services}
    more = [*(waits for _, waits in provided.values()), *amounts.values()]
    tasks = ranked(_with_what_they_wait_for(plan, filter(wanted, plan.tasks), more))
    if len(tasks) == len(plan.tasks):
        return plan
    household, person = inputs_of(tasks, more)
    return replace(
        plan,
        tasks=tasks,
        household_inputs=household,
        person_inputs=person,
        provided=provided,
        amount_waits=amounts,
        whole=plan,
    )


def _is_wanted(task: Task, knowledge: Knowledge, services: set[str]) -> bool:
    """Say whether a diagnosis shows what a task makes: it lists every conclusion and every computed fact."""
    if task.kind == "work":
        return task.fact.computed is not None
    return _is_about(task, services) or (task.kind == "settle" and task.name not in knowledge.services)


def _with_what_they_wait_for(plan: Plan, roots: Iterable[Task], more: Iterable[tuple[Wait, ...]]) -> list[Task]:
    makers = {task.makes: task for task in plan.tasks}
    wanted: dict[tuple[str, str], Task] = {}
    front = list(roots) + [makers[wait.key] for waits in more for wait in waits if wait.key in makers]
    while front:
        task = front.pop()
        if (task.kind, task.name) not in wanted:
            wanted[task.kind, task.name] = task
            front += [makers[wait.key] for wait in task.waits if wait.key in makers]
    return [task for task in plan.tasks if (task.kind, task.name) in wanted]
