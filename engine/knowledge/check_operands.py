"""Checks of operands: what a condition compares with is a value, a fact or a parameter of its kind and unit."""

import re
from collections.abc import Iterator
from typing import Any

from engine.knowledge import values
from engine.knowledge.kinds import ORDERED_KINDS
from engine.knowledge.model import HOUSEHOLD, PERSON, Condition, Operand
from engine.knowledge.problems import Problem, closest
from engine.knowledge.read import Word
from engine.knowledge.values import BadValue
from engine.knowledge.vocabulary import Entry, Vocabulary

_NAME = re.compile("[a-z][a-z0-9_]*")
_SORTS = {
    "conclusion": {"id": "kesimpulan", "en": "a conclusion"},
    "service": {"id": "layanan", "en": "a service"},
    "document": {"id": "dokumen", "en": "a document"},
}


def check_operand(
    vocabulary: Vocabulary, about: str, line: Condition, entry: Entry, operand: Operand
) -> Iterator[Problem]:
    """Check one operand of a line."""
    fact = entry.kind.fact
    if fact and operand.percent is None and operand.word.text in fact.choices:
        return
    other = vocabulary.operand_entry(operand)
    if other is None:
        yield from _check_literal(vocabulary, line, entry, operand)
    elif _kinds_differ(entry, other) or (operand.percent is not None and other.kind.type != "number"):
        details = {"name": entry.name, "type": sort_shown(entry), "other": other.name, "other_type": sort_shown(other)}
        yield Problem("types-differ", operand.word.place, details, other.place)
    elif entry.kind.unit and other.kind.unit and entry.kind.unit != other.kind.unit:
        details = {"left": entry.kind.unit, "right": other.kind.unit}
        yield Problem("different-units", operand.word.place, details, other.place)
    if other is not None and not line.phrase.members:
        yield from check_keys(vocabulary, about, operand, other)


def check_keys(vocabulary: Vocabulary, about: str, operand: Operand, other: Entry) -> Iterator[Problem]:
    """Refuse a person's fact in a rule about the household, named itself or as the key of a table."""
    names = [other.name]
    if other.sort == "parameter":
        names = [word.text for word in vocabulary.knowledge.parameters[other.name].keys]
    for name in names:
        entry = vocabulary.look(name)
        if entry and entry.of == PERSON and about == HOUSEHOLD:
            yield Problem("wrong-entity", operand.word.place, {"name": name}, entry.place)


def sort_shown(entry: Entry) -> Any:
    """Name what an entry is: the type of a fact or parameter, else its sort."""
    if entry.kind.fact:
        return entry.kind.fact.type
    return entry.kind.type if entry.sort == "parameter" else _SORTS[entry.sort]


def _kinds_differ(entry: Entry, other: Entry) -> bool:
    one, two = entry.kind, other.kind
    if one.type != "text" or two.type != "text":
        return one.type != two.type
    return {one.fact.type, two.fact.type} in ({"choice", "region"},)


def _check_literal(vocabulary: Vocabulary, line: Condition, entry: Entry, operand: Operand) -> Iterator[Problem]:
    word = operand.word
    looks_like_name = _NAME.fullmatch(word.text) is not None
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
    yield from _check_value(vocabulary, entry, word)


def _check_value(vocabulary: Vocabulary, entry: Entry, word: Word) -> Iterator[Problem]:
    fact = entry.kind.fact
    try:
        value = vocabulary.literal(Operand(word), fact, entry.kind)
    except BadValue as bad:
        guess = closest(word.text, fact.choices) if fact and fact.choices else None
        yield Problem(bad.problem.code, word.place, {**bad.problem.details, "did_you_mean": guess}, entry.place)
        return
    low, high = [values.bound(fact, end, None) for end in (fact.low, fact.high)] if fact else [None, None]
    if (low is not None and value < low) or (high is not None and value > high):
        ends = {"low": "…" if low is None else low, "high": "…" if high is None else high}
        yield Problem("out-of-range", word.place, {"value": word.text, "name": fact.name, **ends}, entry.place)
