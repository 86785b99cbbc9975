"""Warnings: knowledge that can be used, yet says something its author may not have meant."""

from collections.abc import Iterable, Iterator

from engine.knowledge import values
from engine.knowledge.model import Concludes, Condition, Follows, Knowledge, Operand, Requires, Rule
from engine.knowledge.problems import Problem
from engine.knowledge.read import Word
from engine.knowledge.values import BadValue
from engine.knowledge.vocabulary import PREMISE, PROVIDED, Read, Vocabulary

# A larger number in a rule is hardly ever a plain count: it comes from a regulation and changes with it.
LARGEST_LITERAL = 20


def check_everything_is_used(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Point at facts, conclusions, documents and steps that nothing uses, and at conclusions without a rule."""
    k = vocabulary.knowledge
    used = {read.name for read in _all_reads(vocabulary)}
    for fact in k.facts.values():
        # A number says who somebody is; no rule needs to ask.
        if fact.name not in used and not fact.format:
            yield Problem("unused-fact", fact.place, {"name": fact.name})
    concluded = {rule.effect.conclusion.text for rule in k.rules.values() if isinstance(rule.effect, Concludes)}
    for conclusion in k.conclusions.values():
        if conclusion.name not in concluded:
            yield Problem("never-concluded", conclusion.place, {"name": conclusion.name})
        elif conclusion.name not in used and not conclusion.category and conclusion.name not in k.services:
            yield Problem("unused-conclusion", conclusion.place, {"name": conclusion.name})
    for paper in k.papers.values():
        if paper.name not in used and not paper.instead_of:
            yield Problem("unused-document", paper.place, {"name": paper.name})
    for step in k.steps.values():
        if step.name not in used:
            yield Problem("unused-step", step.place, {"name": step.name})


def _all_reads(vocabulary: Vocabulary) -> Iterator[Read]:
    k = vocabulary.knowledge
    for fact in k.facts.values():
        for formula in (fact.computed, fact.only_if):
            if formula:
                yield from vocabulary.reads_of_formula(formula)
    for rule in k.rules.values():
        yield from vocabulary.reads_of_rule(rule, PREMISE + PROVIDED)
        if isinstance(rule.effect, Requires):
            yield from (Read(word.text) for word in rule.effect.documents)
        elif isinstance(rule.effect, Follows):
            yield from (Read(word.text) for word in rule.effect.steps)
    for parameter in k.parameters.values():
        yield from (Read(key.text) for key in parameter.keys)
    for service in k.services.values():
        if service.priority:
            yield Read(service.priority.text)
        if service.benefit:
            for amount in (service.benefit.amount, *(one.amount for one in service.benefit.components)):
                if amount:
                    yield from vocabulary.reads_of_formula(amount)
            yield from (Read(one.member.text) for one in service.benefit.components)
    for paper in k.papers.values():
        yield from (Read(word.text) for word in paper.instead_of)


def check_conclusions_can_become_no(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Point at conclusions that a service tests though no evidence can ever speak against them."""
    k = vocabulary.knowledge
    against = set()
    for rule in k.rules.values():
        if isinstance(rule.effect, Concludes):
            effect = rule.effect
            grades = [grade for _, grade in rule.grades.steps] if rule.grades else []
            if effect.exactly or effect.certainty < 0 or effect.otherwise < 0 or any(grade < 0 for grade in grades):
                against.add(effect.conclusion.text)
    said = set()
    for rule in k.rules.values():
        if not isinstance(rule.effect, Concludes) or rule.effect.conclusion.text not in k.services:
            continue
        for line in _lines(rule):
            name = line.name.text
            if name in k.conclusions and name not in against and name not in k.services and name not in said:
                said.add(name)
                yield Problem("never-no", line.name.place, {"name": name}, k.conclusions[name].place)


def check_members_of_one_rule(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Point at two `any member` lines of one rule that must both hold: they may hold for two different people."""
    for rule in vocabulary.knowledge.rules.values():
        lines = []
        for block in rule.blocks:
            found = [line for line in block.lines if line.phrase.members and line.phrase.members.quantifier == "any"]
            if block.kind in ("concerns", "when"):
                lines += found[:1] if block.joins == "any" else found
        if len(lines) > 1:
            yield Problem("two-any-members", lines[1].text.place, {"rule": rule.id}, lines[0].text.place)


def check_numbers_are_dated(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Point at numbers written into conditions that belong into a parameter, which says since when they count."""
    for rule in vocabulary.knowledge.rules.values():
        for line in _lines(rule):
            entry = vocabulary.look(line.name.text)
            if entry and entry.kind.type == "number":
                yield from _too_large(vocabulary, line.phrase.operands)
            if line.phrase.members and line.phrase.members.count:
                yield from _too_large(vocabulary, [line.phrase.members.count])
        yield from _too_large(vocabulary, [block.count for block in rule.blocks if block.count])


def _lines(rule: Rule) -> list[Condition]:
    return [line for block in rule.blocks for line in block.lines] + list(rule.grades.lines if rule.grades else ())


def _too_large(vocabulary: Vocabulary, operands: Iterable[Operand]) -> Iterator[Problem]:
    for operand in operands:
        if operand.percent is None and vocabulary.operand_entry(operand) is None:
            try:
                large = values.number(operand.word) > LARGEST_LITERAL
            except BadValue:
                continue
            if large:
                yield Problem(
                    "bare-literal", operand.word.place, {"value": operand.word.text, "limit": LARGEST_LITERAL}
                )


def check_confirmed_was_seen(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Point at what is called confirmed although nobody has seen the source it rests on.

    What is not confirmed says so on every screen; a warning about its sources would tell nobody anything new.
    """
    k = vocabulary.knowledge
    for what, word in _confirmed(k):
        source = k.sources.get(word.text.split(" ")[0]) if word else None
        if word and source and source.seen == "known":
            yield Problem("confirmed-unseen", word.place, {"name": source.name, "what": what}, source.place)


def _confirmed(k: Knowledge) -> Iterator[tuple[str, Word | None]]:
    """Give what is called confirmed, each with the words that cite its sources."""
    for parameter in k.parameters.values():
        yield from ((parameter.name, amount.source) for amount in parameter.values if amount.confirmed)
    yield from ((group.name, group.source) for group in k.exclusivity.values() if group.confirmed)
    for rule in k.rules.values():
        effect = rule.effect
        service = k.services.get(effect.conclusion.text if isinstance(effect, Concludes) else effect.service.text)
        if service and service.confirmed:
            yield service.name, rule.source
