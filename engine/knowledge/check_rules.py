"""Checks of rules: every effect has a target, one meaning a day, no circle."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from engine.knowledge.dependencies import circles, reads_of_everything, strata
from engine.knowledge.formulas import names_in
from engine.knowledge.model import Concludes, Requires, Rule
from engine.knowledge.problems import Problem, closest
from engine.knowledge.read import Place, Word
from engine.knowledge.vocabulary import KNOWN, PREMISE, WHOM, Vocabulary

LONGEST_CHAIN = 50


def check_effects(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check that what a rule concludes, requires or follows is declared and about the right subject."""
    k = vocabulary.knowledge
    for rule in k.rules.values():
        if rule.program and rule.program.text not in k.programs:
            yield _unknown("unknown-program", rule.program, k.programs)
        effect = rule.effect
        if isinstance(effect, Concludes):
            yield from _check_conclusion(vocabulary, rule, effect)
            continue
        if effect.service.text not in k.services:
            yield _unknown("unknown-service", effect.service, k.services)
        words, known, code = (
            (effect.documents, k.papers, "unknown-document")
            if isinstance(effect, Requires)
            else (effect.steps, k.steps, "unknown-step")
        )
        for word in words:
            if word.text not in known:
                yield _unknown(code, word, known)


def _check_conclusion(vocabulary: Vocabulary, rule: Rule, effect: Concludes) -> Iterator[Problem]:
    k = vocabulary.knowledge
    conclusion = k.conclusions.get(effect.conclusion.text)
    if conclusion is None:
        guess = closest(effect.conclusion.text, k.conclusions)
        yield Problem(
            "undeclared-conclusion", effect.conclusion.place, {"name": effect.conclusion.text, "did_you_mean": guess}
        )
        return
    if conclusion.about != rule.about:
        details = {
            "name": conclusion.name,
            "about": WHOM[conclusion.about],
            "rule": rule.id,
            "rule_about": WHOM[rule.about],
        }
        yield Problem("about-differs", effect.conclusion.place, details, conclusion.place)
    for block in rule.blocks if conclusion.name not in k.services and effect.exactly else ():
        if block.kind in ("concerns", "unneeded", "provided"):
            details = {"key": block.label, "effect": f"decides: {conclusion.name}"}
            yield Problem("wrong-block", block.place, details, conclusion.place)


def check_one_meaning_a_day(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Refuse `then` beside `decides` for one conclusion, and `decides` rules whose days overlap."""
    by_conclusion: dict[str, list[Rule]] = defaultdict(list)
    for rule in vocabulary.knowledge.rules.values():
        if isinstance(rule.effect, Concludes):
            by_conclusion[rule.effect.conclusion.text].append(rule)
    for name, rules in by_conclusion.items():
        deciding = [rule for rule in rules if rule.effect.exactly]
        adding = [rule for rule in rules if not rule.effect.exactly]
        if deciding and adding:
            here, there = (rules[0].effect.conclusion.place for rules in (adding, deciding))
            yield Problem("then-and-decides", here, {"name": name}, there)
        last = None
        for rule in sorted(deciding, key=lambda rule: rule.from_ or date.min):
            if last and (last.until or date.max) >= (rule.from_ or date.min):
                details = {"name": name, "one": last.id, "other": rule.id}
                yield Problem("overlapping-dates", rule.place, details, last.place)
            last = rule if last is None or (rule.until or date.max) > (last.until or date.max) else last


def check_circles(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Refuse names that rest on themselves; the whole circle is shown, with the lines that close it."""
    graph = reads_of_everything(vocabulary)
    for circle in circles(graph):
        links = [_link(vocabulary, name, read) for name, read in pairwise(circle)]
        shown = " -> ".join([f"{name} ({said})" for name, (said, _) in zip(circle, links, strict=False)] + [circle[0]])
        places = [place for _, place in links]
        yield Problem("circular-rules", places[0], {"circle": shown}, places[1] if len(places) > 1 else None)


def check_chains(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Refuse what rests on too many others, one behind the other; nobody could follow why it holds."""
    graph = reads_of_everything(vocabulary)
    if circles(graph):
        return
    for name, level in strata(graph).items():
        entry = vocabulary.look(name)
        # What rests on this one is too deep as well, and is not told again.
        if entry and level == LONGEST_CHAIN + 1:
            yield Problem("chain-too-long", entry.place, {"name": name, "limit": LONGEST_CHAIN})


def _link(vocabulary: Vocabulary, name: str, read: str) -> tuple[str, Place]:
    """Find where a name reads another: the rule (or the key of a fact), and the place."""
    k = vocabulary.knowledge
    for rule in k.rules.values():
        if isinstance(rule.effect, Concludes) and rule.effect.conclusion.text == name:
            lines = [line for block in rule.blocks if block.kind in PREMISE for line in block.lines]
            for line in (*lines, *(rule.grades.lines if rule.grades else ())):
                if any(one.name == read and one.what == KNOWN for one in vocabulary.reads_of_condition(line)):
                    return rule.id, line.name.place
            if any(one.name == read for one in vocabulary.reads_of_rule(rule, PREMISE)):
                return rule.id, rule.place
    fact = k.facts[name]
    reads = {one.name for one in vocabulary.reads_of_formula(fact.computed)} if fact.computed else set()
    formula, key = (fact.computed, "computed") if read in reads else (fact.only_if, "only_if")
    at = next((one.at for one, _ in names_in(formula.tree) if one.id == read), None)
    return key, formula.word.place if at is None else formula.word.part(at, len(read))


def _unknown(code: str, word: Word, known: dict) -> Problem:
    return Problem(code, word.place, {"value": word.text, "did_you_mean": closest(word.text, known)})
