"""Checks of what is offered: services, benefits, documents, steps, and which services exclude each other."""

from collections.abc import Iterator

from engine.exclusion import clashes, components
from engine.model import PERSON, Benefit, Component, Operand, Service
from engine.problems import Problem, closest
from engine.read import Word
from engine.vocabulary import Misfit, Vocabulary, period_of

LARGEST_CONFLICT = 16


def check_services(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check the program, activity, priority and quota of each service."""
    k = vocabulary.knowledge
    for service in k.services.values():
        program = k.programs.get(service.program.text)
        if program is None:
            yield _unknown("unknown-program", service.program, k.programs)
        elif service.activity and service.activity.text not in program.activities:
            yield _unknown("unknown-activity", service.activity, program.activities)
        if service.priority and service.priority.text not in k.conclusions:
            yield _unknown("unknown-conclusion", service.priority, k.conclusions)
        if service.quota and service.quota.text not in k.parameters:
            yield _unknown_parameter(vocabulary, service.quota)


def check_benefits(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check amounts: numbers, paid per the period of their unit, to members about whom something is concluded."""
    for service in vocabulary.knowledge.services.values():
        if service.benefit is None:
            continue
        benefit = service.benefit
        if benefit.amount:
            yield from _check_amount(vocabulary, benefit, benefit.amount, service.for_)
        if benefit.components and service.for_ == PERSON:
            yield Problem("components-of-person", benefit.place, {"name": service.name})
        for component in benefit.components:
            yield from _check_component(vocabulary, benefit, component)
        yield from _check_most(vocabulary, benefit.pay_at_most)


def _check_component(vocabulary: Vocabulary, benefit: Benefit, component: Component) -> Iterator[Problem]:
    k = vocabulary.knowledge
    conclusion = k.conclusions.get(component.member.text)
    if conclusion is None:
        yield _unknown("unknown-conclusion", component.member, k.conclusions)
    elif conclusion.about != PERSON:
        details = {
            "name": conclusion.name,
            "about": conclusion.about,
            "rule": component.name.text,
            "rule_about": PERSON,
        }
        yield Problem("about-differs", component.member.place, details, conclusion.place)
    yield from _check_amount(vocabulary, benefit, component.amount, PERSON)
    yield from _check_most(vocabulary, component.at_most)
    for word in component.not_with:
        if word.text not in k.services:
            yield _unknown("unknown-service", word, k.services)


def _check_amount(vocabulary: Vocabulary, benefit: Benefit, amount, of: str) -> Iterator[Problem]:
    try:
        kind = vocabulary.kind_of_formula(amount, of)
    except Misfit as misfit:
        yield misfit.problem
        return
    if kind.type != "number":
        yield Problem("formula-type", amount.word.place, {"found": kind.type, "expected": "number"})
    period = period_of(kind.unit)
    if period is not None and period != benefit.per:
        yield Problem("per-and-unit-differ", amount.word.place, {"per": benefit.per, "unit": kind.unit}, benefit.place)


def _check_most(vocabulary: Vocabulary, operand: Operand | None) -> Iterator[Problem]:
    if operand is None or operand.word.text.isdigit():
        return
    entry = vocabulary.look(operand.word.text)
    if entry is None or entry.sort != "parameter":
        yield _unknown_parameter(vocabulary, operand.word)
    elif entry.kind.type != "number" or vocabulary.knowledge.parameters[entry.name].keys:
        details = {"name": operand.word.text, "type": "integer", "other": entry.name, "other_type": entry.kind.type}
        yield Problem("types-differ", operand.word.place, details, entry.place)


def check_papers_and_steps(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check what a document proves and which one it stands in for."""
    k = vocabulary.knowledge
    for paper in k.papers.values():
        for word in paper.proves:
            if word.text not in k.facts:
                guess = closest(word.text, k.facts)
                yield Problem("unknown-fact", word.place, {"name": word.text, "did_you_mean": guess})
        for word in paper.instead_of:
            if word.text not in k.papers:
                yield _unknown("unknown-document", word, k.papers)


def check_exclusivity(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check exclusivity groups, `not_with` and `may_combine`; a pair cannot be both."""
    k = vocabulary.knowledge
    for service in k.services.values():
        for word in service.exclusive:
            if word.text not in k.exclusivity:
                yield _unknown("unknown-group", word, k.exclusivity)
        for word in (*service.not_with, *service.may_combine):
            if word.text not in k.services:
                yield _unknown("unknown-service", word, k.services)
        yield from _check_contradiction(service, k.services)
    for group in components(k.services, clashes(k)):
        if len(group) > LARGEST_CONFLICT:
            first = k.services[min(group)]
            yield Problem(
                "conflict-too-large", first.place, {"services": ", ".join(sorted(group)), "limit": LARGEST_CONFLICT}
            )


def _check_contradiction(service: Service, services: dict[str, Service]) -> Iterator[Problem]:
    allowed = {word.text for word in service.may_combine}
    for word in service.not_with:
        other = services.get(word.text)
        back = next((one for one in other.may_combine if one.text == service.name), None) if other else None
        if word.text in allowed or back:
            also = back or next(one for one in service.may_combine if one.text == word.text)
            yield Problem("contradicting-not-with", word.place, {"one": service.name, "other": word.text}, also.place)


def _unknown(code: str, word: Word, known) -> Problem:
    return Problem(code, word.place, {"value": word.text, "did_you_mean": closest(word.text, known)})


def _unknown_parameter(vocabulary: Vocabulary, word: Word) -> Problem:
    guess = vocabulary.guess(word.text, ("parameter",))
    return Problem("unknown-parameter", word.place, {"name": word.text, "did_you_mean": guess})
