"""Checks of rules: every condition fits its name, every effect has a target, no circle, one meaning a day."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from engine import values
from engine.dependencies import circles, reads_of_everything
from engine.model import HOUSEHOLD, PERSON, Concludes, Condition, Operand, Requires, Rule
from engine.phrases import ORDERED
from engine.problems import Problem, closest
from engine.read import Word
from engine.values import BadValue
from engine.vocabulary import ORDERED_KINDS, Entry, Vocabulary

_PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")
_FITS = {
    "yes": ("boolean",),
    "no": ("boolean",),
    "is": ("text", "number", "date"),
    "is not": ("text", "number", "date"),
    "is one of": ("text", "number", "date"),
    "is none of": ("text", "number", "date"),
    "includes": ("choices",),
    "includes none of": ("choices",),
    **dict.fromkeys(ORDERED, ORDERED_KINDS),
}


def check_conditions(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check each line of each block against what its name is."""
    for rule in vocabulary.knowledge.rules.values():
        for block in rule.blocks:
            if block.count:
                yield from _check_number(
                    vocabulary, rule, block.count, (block.lines and block.lines[0].name) or block.count.word
                )
            for line in block.lines:
                yield from _check_condition(vocabulary, rule, line)
        for line in rule.grades.lines if rule.grades else ():
            yield from _check_condition(vocabulary, rule, line)
        yield from _check_because(vocabulary, rule)


def _check_condition(vocabulary: Vocabulary, rule: Rule, line: Condition) -> Iterator[Problem]:
    name, phrase = line.name, line.phrase
    entry = vocabulary.look(name.text)
    if entry is None or entry.sort == "parameter":
        guess = vocabulary.guess(name.text, ("fact", "conclusion", "service", "document"))
        yield Problem("unknown-fact", name.place, {"name": name.text, "did_you_mean": guess})
        return
    if not _fits(entry, phrase.test):
        details = {"phrase": line.text.text, "name": name.text, "type": _sort_shown(entry)}
        yield Problem("phrase-does-not-fit", line.text.place, details, entry.place)
        return
    yield from _check_entity(vocabulary.about(rule), line, entry)
    for operand in phrase.operands:
        yield from _check_operand(vocabulary, rule, line, entry, operand)
    if phrase.members and phrase.members.count:
        yield from _check_number(vocabulary, rule, phrase.members.count, line.text)


def _fits(entry: Entry, test: str) -> bool:
    match test:
        case "in hand":
            return entry.sort == "document"
        case "is received" | "is not received":
            return entry.sort == "service"
        case "is known" | "is unknown":
            return entry.sort == "fact"
        case "is within":
            return entry.kind.fact is not None and entry.kind.fact.type == "region"
    return entry.sort != "document" and entry.kind.type in _FITS[test]


def _sort_shown(entry: Entry) -> str:
    return entry.kind.fact.type if entry.kind.fact else entry.sort


def _check_entity(about: str, line: Condition, entry: Entry) -> Iterator[Problem]:
    if line.phrase.members and (about == PERSON or entry.of == HOUSEHOLD):
        code = "members-in-person-rule" if about == PERSON else "not-of-members"
        yield Problem(code, line.text.place, {"name": entry.name, "phrase": line.text.text})
    elif entry.of == PERSON and about == HOUSEHOLD and not line.phrase.members and entry.sort != "document":
        yield Problem("wrong-entity", line.name.place, {"name": entry.name}, entry.place)


def _check_operand(
    vocabulary: Vocabulary, rule: Rule, line: Condition, entry: Entry, operand: Operand
) -> Iterator[Problem]:
    fact = entry.kind.fact
    if fact and operand.percent is None and operand.word.text in fact.choices:
        return
    other = vocabulary.operand_entry(operand)
    if other is None:
        yield from _check_literal(vocabulary, line, entry, operand)
        return
    if other.of == PERSON and vocabulary.about(rule) == HOUSEHOLD and not line.phrase.members:
        yield Problem("wrong-entity", operand.word.place, {"name": other.name}, other.place)
    if other.kind.type != entry.kind.type or (operand.percent is not None and other.kind.type != "number"):
        details = {"name": entry.name, "type": entry.kind.type, "other": other.name, "other_type": other.kind.type}
        yield Problem("types-differ", operand.word.place, details, other.place)
    elif entry.kind.unit and other.kind.unit and entry.kind.unit != other.kind.unit:
        details = {"left": entry.kind.unit, "right": other.kind.unit}
        yield Problem("different-units", operand.word.place, details, other.place)


def _check_literal(vocabulary: Vocabulary, line: Condition, entry: Entry, operand: Operand) -> Iterator[Problem]:
    word = operand.word
    looks_like_name = re.fullmatch(r"[a-z][a-z0-9_]*", word.text) is not None
    if operand.percent is not None or (looks_like_name and entry.kind.type in ORDERED_KINDS):
        guess = vocabulary.guess(word.text, ("fact", "parameter"))
        yield Problem("unknown-parameter", word.place, {"name": word.text, "did_you_mean": guess})
        return
    if line.phrase.test == "is within":
        try:
            values.region(word, vocabulary.knowledge.regions)
        except BadValue as bad:
            yield bad.problem
        return
    yield from _check_choice(vocabulary, entry, word)


def _check_choice(vocabulary: Vocabulary, entry: Entry, word: Word) -> Iterator[Problem]:
    fact = entry.kind.fact
    try:
        value = vocabulary.literal(Operand(word), fact, entry.kind)
    except BadValue as bad:
        guess = closest(word.text, fact.choices) if fact and fact.choices else None
        yield Problem(bad.problem.code, word.place, {**bad.problem.details, "did_you_mean": guess}, entry.place)
        return
    ends = [values.bound(fact, end, None) for end in (fact.low, fact.high)] if fact else [None, None]
    if (ends[0] is not None and value < ends[0]) or (ends[1] is not None and value > ends[1]):
        details = {"value": word.text, "name": fact.name, "low": ends[0], "high": ends[1]}
        yield Problem("out-of-range", word.place, details, entry.place)


def _check_number(vocabulary: Vocabulary, rule: Rule, operand: Operand, at: Word) -> Iterator[Problem]:
    """Check the N of `at least N`: a whole number or a parameter of numbers."""
    entry = vocabulary.look(operand.word.text)
    if entry is None:
        if not operand.word.text.isdigit():
            guess = vocabulary.guess(operand.word.text, ("parameter",))
            yield Problem("unknown-parameter", operand.word.place, {"name": operand.word.text, "did_you_mean": guess})
        return
    if entry.sort != "parameter" or entry.kind.type != "number" or not _all_whole(vocabulary, entry.name):
        details = {"name": at.text, "type": "integer", "other": entry.name, "other_type": entry.kind.type}
        yield Problem("types-differ", operand.word.place, details, entry.place)


def _all_whole(vocabulary: Vocabulary, name: str) -> bool:
    amounts = vocabulary.knowledge.parameters[name].values
    return all(isinstance(amount.value, int) and amount.value >= 0 for amount in amounts if amount.table is None)


def _check_because(vocabulary: Vocabulary, rule: Rule) -> Iterator[Problem]:
    for text in (rule.because.id, rule.because.en or "") if rule.because else ():
        for name in _PLACEHOLDER.findall(text):
            entry = vocabulary.look(name)
            if entry is None or (entry.of == PERSON and vocabulary.about(rule) == HOUSEHOLD):
                code = "unknown-fact" if entry is None else "wrong-entity"
                yield Problem(code, rule.place, {"name": name, "did_you_mean": vocabulary.guess(name)})


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
        details = {"name": conclusion.name, "about": conclusion.about, "rule": rule.id, "rule_about": rule.about}
        yield Problem("about-differs", effect.conclusion.place, details, conclusion.place)
    if conclusion.name not in k.services:
        for block in rule.blocks:
            if block.kind in ("concerns", "unneeded", "provided"):
                yield Problem("wrong-block", block.place, {"key": block.label, "effect": f"decides: {conclusion.name}"})


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
            yield Problem("then-and-decides", adding[0].place, {"name": name}, deciding[0].place)
        ordered = sorted(deciding, key=lambda rule: rule.from_ or date.min)
        for one, other in pairwise(ordered):
            if (one.until or date.max) >= (other.from_ or date.min):
                yield Problem(
                    "overlapping-dates", other.place, {"name": name, "one": one.id, "other": other.id}, one.place
                )


def check_circles(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Refuse names that rest on themselves; the whole circle is shown."""
    for circle in circles(reads_of_everything(vocabulary)):
        places = [entry.place for name in circle if (entry := vocabulary.look(name))]
        if places:
            yield Problem(
                "circular-rules", places[0], {"circle": " -> ".join(circle)}, places[1] if len(places) > 2 else None
            )


def _unknown(code: str, word: Word, known: dict) -> Problem:
    return Problem(code, word.place, {"value": word.text, "did_you_mean": closest(word.text, known)})
