"""Checks of conditions: every line fits the name it is about."""

import re
from collections.abc import Iterator

from engine.knowledge import values
from engine.knowledge.check_operands import check_keys, check_operand, sort_shown
from engine.knowledge.kinds import ORDERED_KINDS
from engine.knowledge.model import HOUSEHOLD, PERSON, Condition, Operand, Rule
from engine.knowledge.phrases import ORDERED, TESTS
from engine.knowledge.problems import Problem, closest
from engine.knowledge.values import DIGITS, BadValue, shortened
from engine.knowledge.vocabulary import Entry, Vocabulary

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
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
        about = vocabulary.about(rule)
        for block in rule.blocks:
            if block.count and block.count.word.text[0] not in DIGITS:
                yield from _check_number(vocabulary, about, block.count)
            for line in block.lines:
                yield from _check_condition(vocabulary, about, line)
        for line in rule.grades.lines if rule.grades else ():
            yield from _check_condition(vocabulary, about, line)
        yield from _check_because(vocabulary, rule)


def _check_condition(vocabulary: Vocabulary, about: str, line: Condition) -> Iterator[Problem]:
    name, phrase = line.name, line.phrase
    entry = vocabulary.look(name.text)
    if entry is None or entry.sort == "parameter":
        guess = None if entry else vocabulary.guess(name.text, ("fact", "conclusion", "service", "document"))
        code = "parameter-as-condition" if entry else "unknown-fact"
        yield Problem(code, name.place, {"name": name.text, "did_you_mean": guess}, entry and entry.place)
        return
    if not _fits(entry, phrase.test):
        details = {"phrase": shortened(line.text.text), "name": name.text, "type": sort_shown(entry)}
        details["fitting"] = ", ".join(test for test in TESTS if _fits(entry, test))
        yield Problem("phrase-does-not-fit", line.text.place, details, entry.place)
        return
    yield from _check_entity(about, line, entry)
    for operand in phrase.operands:
        yield from check_operand(vocabulary, about, line, entry, operand)
    yield from _check_order(vocabulary, line, entry)
    if phrase.members and phrase.members.count:
        yield from _check_number(vocabulary, about, phrase.members.count)


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


def _check_entity(about: str, line: Condition, entry: Entry) -> Iterator[Problem]:
    if line.phrase.members and (about == PERSON or entry.of == HOUSEHOLD):
        code = "members-in-person-rule" if about == PERSON else "not-of-members"
        details = {"name": entry.name, "phrase": shortened(line.text.text)}
        yield Problem(code, line.text.place, details, None if about == PERSON else entry.place)
    elif entry.of == PERSON and about == HOUSEHOLD and not line.phrase.members and entry.sort != "document":
        yield Problem("wrong-entity", line.name.place, {"name": entry.name}, entry.place)


def _check_order(vocabulary: Vocabulary, line: Condition, entry: Entry) -> Iterator[Problem]:
    """Refuse `between` two literals of which the first is the greater: nothing ever lies there."""
    phrase = line.phrase
    if phrase.test != "between" or any(vocabulary.operand_entry(operand) for operand in phrase.operands):
        return
    try:
        low, high = (vocabulary.literal(operand, entry.kind.fact, entry.kind) for operand in phrase.operands)
    except BadValue:
        return
    if low > high:
        yield Problem("nothing-between", line.text.place, {"phrase": shortened(line.text.text)})


def _check_number(vocabulary: Vocabulary, about: str, operand: Operand) -> Iterator[Problem]:
    """Check the N of `at least N`: a whole number or a parameter of whole numbers."""
    word = operand.word
    entry = vocabulary.look(word.text)
    if entry is None:
        if word.text[0] in DIGITS:
            try:
                if values.whole(word) < 0:
                    yield Problem("bad-number-of", word.place, {"name": word.text})
            except BadValue as bad:
                yield bad.problem
        else:
            guess = vocabulary.guess(word.text, ("parameter",))
            yield Problem("unknown-parameter", word.place, {"name": word.text, "did_you_mean": guess})
        return
    if entry.sort != "parameter" or not vocabulary.counts(entry.name):
        yield Problem("bad-number-of", word.place, {"name": entry.name}, entry.place)
    else:
        yield from check_keys(vocabulary, about, operand, entry)


def _check_because(vocabulary: Vocabulary, rule: Rule) -> Iterator[Problem]:
    """Check the names in braces: a rule can tell only what its own lines read."""
    if rule.because is None:
        return
    lines = [line for block in rule.blocks for line in block.lines]
    lines += rule.grades.lines if rule.grades else ()
    told = {line.name.text for line in lines if line.phrase.members is None}
    for text in (rule.because.id, rule.because.en or ""):
        for left in _PLACEHOLDER.sub("", text):
            if left in "{}":
                yield Problem(
                    "bad-placeholder", rule.because_at or rule.place, {"rule": rule.id, "text": shortened(text)}
                )
                break
        for name in _PLACEHOLDER.findall(text):
            if name not in told:
                details = {"rule": rule.id, "name": name, "did_you_mean": closest(name, told)}
                yield Problem("unread-placeholder", rule.because_at or rule.place, details)
