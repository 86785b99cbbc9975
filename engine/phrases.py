"""The phrases of a condition: `at least 60`, `any member below 6`, `is one of soil, cement`.

Here a text becomes a `Phrase`: which test, which operands, over which members. Whether the phrase fits
the name before it is the business of `check`.
"""

import re

from engine.model import Members, Operand, Phrase
from engine.problems import Problem, closest
from engine.read import Word

_WORDS = {
    "yes": "yes",
    "no": "no",
    "is known": "is known",
    "is unknown": "is unknown",
    "in hand": "in hand",
    "is received": "is received",
    "is not received": "is not received",
}
_LISTS = ("is one of", "is none of", "includes none of")
_SINGLES = ("is within", "is not", "includes", "at least", "at most", "above", "below", "is")
_COUNTED = re.compile(r"(at least|at most|exactly) (\S+) members?(?: (.+))?")
_QUANTIFIED = re.compile(r"(any|every|no) members?(?: (.+))?")
_BETWEEN = re.compile(r"between (.+?) and (.+)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)% of ([a-z][a-z0-9_]*)")
_SPACES = re.compile(r"\s+")
ORDERED = ("at least", "at most", "above", "below", "between")
SHAPES = (*_WORDS, *_LISTS, *_SINGLES, "between", "any member", "every member", "no member")


def parse_phrase(word: Word) -> Phrase | Problem:
    """Read a phrase (design 3.2).

    Returns:
        The phrase, or the problem that it is not understood.
    """
    text = _SPACES.sub(" ", word.text.strip())
    if found := _COUNTED.fullmatch(text):
        quantifier, count, rest = found.groups()
        operand = _operand(count, word)
        return _of_members(Members(quantifier, operand), rest, word)
    if found := _QUANTIFIED.fullmatch(text):
        return _of_members(Members(found[1]), found[2], word)
    return _value_phrase(text, word) or _not_understood(word)


def _of_members(members: Members, rest: str | None, word: Word) -> Phrase | Problem:
    inner = _value_phrase(rest, word) if rest else Phrase("yes")
    return inner._replace(members=members) if inner else _not_understood(word)


def _value_phrase(text: str, word: Word) -> Phrase | None:
    if text in _WORDS:
        return Phrase(_WORDS[text])
    if found := _BETWEEN.fullmatch(text):
        return Phrase("between", (_operand(found[1], word), _operand(found[2], word)))
    for test in _LISTS:
        if text.startswith(test + " "):
            parts = [part.strip() for part in text[len(test) + 1 :].split(",")]
            return Phrase(test, tuple(_operand(part, word) for part in parts)) if all(parts) else None
    for test in _SINGLES:
        if text.startswith(test + " "):
            return Phrase(test, (_operand(text[len(test) + 1 :], word),))
    return None


def _operand(text: str, word: Word) -> Operand:
    offset = max(0, word.text.rfind(text))
    place = word.place.inside(offset + (0 if word.plain else 1), len(text))
    if found := _PERCENT.fullmatch(text):
        return Operand(Word(found[2], place), float(found[1]))
    return Operand(Word(text, place))


def _not_understood(word: Word) -> Problem:
    first = " ".join(word.text.split()[:2])
    return Problem("unreadable-phrase", word.place, {"phrase": word.text, "did_you_mean": closest(first, SHAPES)})
