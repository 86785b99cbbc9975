"""Checks of what is offered: services, benefits, documents, steps, and which services exclude each other."""

import re
from collections.abc import Iterable, Iterator

from engine.knowledge.check_formulas import check_formula
from engine.knowledge.exclusion import clashes, components
from engine.knowledge.formulas import Formula
from engine.knowledge.kinds import period_of
from engine.knowledge.model import HOUSEHOLD, PERSON, Benefit, Component, Operand, Service
from engine.knowledge.problems import Problem, closest
from engine.knowledge.read import Word
from engine.knowledge.values import DIGITS
from engine.knowledge.vocabulary import WHOM, Vocabulary

LARGEST_CONFLICT = 16
_NUMBER = re.compile("[0-9]{1,9}")


def check_services(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check the program, activity, priority and quota of each service."""
    k = vocabulary.knowledge
    for service in k.services.values():
        program = k.programs.get(service.program.text)
        if program is None:
            yield _unknown("unknown-program", service.program, k.programs)
        elif service.activity and service.activity.text not in program.activities:
            yield _unknown("unknown-activity", service.activity, program.activities)
        if service.priority:
            yield from _check_priority(vocabulary, service, service.priority)
        if service.quota:
            yield from _check_most(vocabulary, Operand(service.quota))


def _check_priority(vocabulary: Vocabulary, service: Service, word: Word) -> Iterator[Problem]:
    conclusions = vocabulary.knowledge.conclusions
    conclusion = conclusions.get(word.text)
    if conclusion is None:
        yield _unknown("unknown-conclusion", word, conclusions)
    elif conclusion.about not in (HOUSEHOLD, service.for_):
        details = {"rule": service.name, "rule_about": WHOM[service.for_]}
        details |= {"name": conclusion.name, "about": WHOM[conclusion.about]}
        yield Problem("about-differs", word.place, details, conclusion.place)


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
        details = {"rule": component.name.text, "rule_about": WHOM[PERSON]}
        details |= {"name": conclusion.name, "about": WHOM[conclusion.about]}
        yield Problem("about-differs", component.member.place, details, conclusion.place)
    yield from _check_amount(vocabulary, benefit, component.amount, PERSON)
    yield from _check_most(vocabulary, component.at_most)
    for word in component.not_with:
        if word.text not in k.services:
            yield _unknown("unknown-service", word, k.services)


def _check_amount(vocabulary: Vocabulary, benefit: Benefit, amount: Formula, of: str) -> Iterator[Problem]:
    wrong = list(check_formula(vocabulary, amount, of, "number"))
    yield from wrong
    unit = None if wrong else vocabulary.kind_of_formula(amount, of).unit
    period = period_of(unit)
    if period is not None and period != benefit.per:
        yield Problem("per-and-unit-differ", amount.word.place, {"per": benefit.per, "unit": unit}, benefit.place)


def _check_most(vocabulary: Vocabulary, operand: Operand | None) -> Iterator[Problem]:
    if operand is None:
        return
    word = operand.word
    entry = vocabulary.look(word.text)
    if entry is None and _NUMBER.fullmatch(word.text):
        return
    if entry is None and word.text[:1] in DIGITS:
        yield Problem("bad-number-of", word.place, {"name": word.text})
    elif entry is None:
        guess = vocabulary.guess(word.text, ("parameter",))
        yield Problem("unknown-parameter", word.place, {"name": word.text, "did_you_mean": guess})
    elif (
        entry.sort != "parameter"
        or vocabulary.knowledge.parameters[entry.name].keys
        or not vocabulary.counts(entry.name)
    ):
        yield Problem("bad-number-of", word.place, {"name": word.text}, entry.place)


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
            elif word.text == paper.name:
                yield Problem("names-itself", word.place, {"name": paper.name, "key": "instead_of"})


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
            elif word.text == service.name:
                key = "not_with" if word in service.not_with else "may_combine"
                yield Problem("names-itself", word.place, {"name": service.name, "key": key})
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


def _unknown(code: str, word: Word, known: Iterable[str]) -> Problem:
    return Problem(code, word.place, {"value": word.text, "did_you_mean": closest(word.text, known)})
