"""What a service would give: amounts on the day, and which members' components are paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from engine.certainty import outcome
from engine.compile import Plan
from engine.evaluate import evaluate
from engine.forward import Trace
from engine.knowledge import formulas, values
from engine.knowledge.model import MONEY_PERIODS, Benefit, Operand, Service

Vertex = tuple[str, str]
Package = frozenset[Vertex]


class Part(NamedTuple):
    """One component for one member; `known` is False while it cannot be said whether the member counts."""

    component: str
    subject: str
    amount: int | float | None
    paid: bool
    known: bool = True


@dataclass(frozen=True, slots=True)
class Worth:
    """What a service gives to one subject in one package: an amount in rupiah per period, None when unknown."""

    amount: int | float | None
    per: str
    kind: str
    confirmed: bool
    parts: tuple[Part, ...] = ()

    @property
    def yearly(self) -> float:
        """Give the value of a year in rupiah; a single payment counts once."""
        return (self.amount or 0) * MONEY_PERIODS[self.per]


def worth_of(trace: Trace, service: Service, subject: str, package: Package) -> Worth | None:
    """Work out what a service gives (design 5.4).

    Args:
        trace: What follows for the household.
        service: The service.
        subject: Whom it is for.
        package: The services received together, which can rule components out.

    Returns:
        None when the service declares no benefit.
    """
    benefit = service.benefit
    if benefit is None:
        return None
    if not benefit.components:
        amount = _amount(trace, service.name, "", subject) if benefit.amount else None
        return Worth(amount, benefit.per, benefit.kind, is_confirmed(trace.plan, service))
    return worth_of_parts(trace.plan, service, _parts(trace, service, benefit), package)


def worth_of_parts(plan: Plan, service: Service, parts: Iterable[Part], package: Package) -> Worth:
    """Work out what a service of components gives: which parts a package rules out, and which of the rest are paid.

    Args:
        plan: The plan of the day.
        service: A service whose benefit has components.
        parts: A part for each member about whom a component's conclusion is yes, or unknown.
        package: The services received together.
    """
    benefit = service.benefit
    barred = {one.name.text: {word.text for word in one.not_with} for one in benefit.components}
    parts = [part for part in parts if not any((name, part.subject) in package for name in barred[part.component])]
    paid = _paid(plan, benefit, [part for part in parts if part.known and part.amount is not None])
    parts = [part._replace(paid=(part.component, part.subject) in paid) for part in parts]
    unknown = any(part.known and part.amount is None for part in parts)
    total = None if unknown else sum(part.amount for part in parts if part.paid)
    return Worth(total, benefit.per, benefit.kind, is_confirmed(plan, service), tuple(parts))


def barring(service: Service, package: Package) -> Package:
    """Give the part of a package that can change what a service gives."""
    components = service.benefit.components if service.benefit else ()
    names = {word.text for component in components for word in component.not_with}
    return frozenset(vertex for vertex in package if vertex[0] in names)


def is_confirmed(plan: Plan, service: Service) -> bool:
    """Say whether an officer has confirmed a service and every value its benefit uses on the day."""
    return service.confirmed and all(_confirmed(plan, name) for name in _parameters(plan, service.benefit))


def _parameters(plan: Plan, benefit: Benefit) -> Iterable[str]:
    trees = [one.tree for one in (benefit.amount, *(component.amount for component in benefit.components)) if one]
    operands = [benefit.pay_at_most, *(component.at_most for component in benefit.components)]
    names = {name.id for tree in trees for name, _ in formulas.names_in(tree)} | {
        one.word.text for one in operands if one
    }
    return sorted(names & plan.knowledge.parameters.keys())


def _confirmed(plan: Plan, parameter: str) -> bool:
    amount = plan.amounts.in_force.get(parameter)
    return amount is not None and amount.confirmed


def _amount(trace: Trace, service: str, component: str, subject: str) -> int | float | None:
    knowledge = trace.plan.knowledge
    benefit = knowledge.services[service].benefit
    formula = next((one.amount for one in benefit.components if one.name.text == component), benefit.amount)
    row = trace.row(trace.plan.amount_waits[service, component], subject)
    value, _ = evaluate(formula.tree, row)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _parts(trace: Trace, service: Service, benefit: Benefit) -> list[Part]:
    parts = []
    for component in benefit.components:
        for member in trace.household.members:
            counts = outcome(trace.cf(component.member.text, member))
            if counts == "no":
                continue
            amount = _amount(trace, service.name, component.name.text, member)
            parts.append(Part(component.name.text, member, amount, False, counts == "yes"))
    return parts


def _paid(plan: Plan, benefit: Benefit, parts: list[Part]) -> set[tuple[str, str]]:
    """Choose the parts with the largest total: one a member, so many a component, so many in all.

    Members are taken one after another; a state is how often each limited component was used, and for each
    state only the best choice is kept. Of equal totals the first by component, then by member, stays.
    """
    order = {component.name.text: index for index, component in enumerate(benefit.components)}
    limits = {c.name.text: _number(plan, c.at_most) for c in benefit.components}
    most = _number(plan, benefit.pay_at_most)
    best: dict[tuple, tuple[float, tuple]] = {(): (0.0, ())}
    for member in sorted({part.subject for part in parts}):
        options = [part for part in parts if part.subject == member]
        grown = dict(best)
        for total, chosen in best.values():
            if most is not None and len(chosen) >= most:
                continue
            for part in options:
                used = sum(1 for name, _ in chosen if name == order[part.component])
                limit = limits[part.component]
                if limit is not None and used >= limit:
                    continue
                pairs = tuple(sorted((*chosen, (order[part.component], member))))
                key = (
                    len(pairs),
                    *(sum(1 for n, _ in pairs if n == order[name]) for name, cap in limits.items() if cap is not None),
                )
                offer = (total + part.amount, pairs)
                held = grown.get(key)
                if held is None or offer[0] > held[0] or (offer[0] == held[0] and offer[1] < held[1]):
                    grown[key] = offer
        best = grown
    names = list(order)
    _, pairs = min(best.values(), key=lambda choice: (-choice[0], choice[1]))
    return {(names[index], member) for index, member in pairs}


def _number(plan: Plan, operand: Operand | None) -> int | None:
    """Give a limit as a number; a parameter without a value on the day limits nothing, and the diagnosis warns."""
    if operand is None:
        return None
    if operand.word.text.isdigit():
        return values.whole(operand.word)
    amount = plan.amounts.in_force.get(operand.word.text)
    return None if amount is None or amount.value is None else int(amount.value)
