"""The phrases of a condition: `at least 60`, `any member below 6`, `is one of soil, cement`.

Here a text becomes a `Phrase`: which test, which operands, over which members. Whether the phrase fits
the name before it is the business of `check`.
"""

import re

from engine.knowledge.model import Members, Operand, Phrase
from engine.knowledge.problems import Problem, closest
from engine.knowledge.read import Word
from engine.knowledge.values import TRUTHS, shortened

_WORDS = ("yes", "no", "is known", "is unknown", "in hand", "is received", "is not received")
LISTS = ("is one of", "is none of", "includes none of")
_SINGLES = ("is within", "is not", "includes", "at least", "at most", "above", "below", "is")
_COUNTED = re.compile(r"(at\s+least|at\s+most|exactly)\s+(\S+)\s+members?(?:\s+(.+))?", re.DOTALL)
_QUANTIFIED = re.compile(r"(any|every|no)\s+members?(?:\s+(.+))?", re.DOTALL)
_BETWEEN = re.compile(r"between\s+(.+?)\s+and\s+(.+)", re.DOTALL)
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)%\s+of\s+([a-z][a-z0-9_]*)")
_ITEM = re.compile(r"[^,]+")
ORDERED = ("at least", "at most", "above", "below", "between")
TESTS = (*_WORDS, *_SINGLES, *LISTS, "between")
SHAPES = (*TESTS, "any member", "every member", "no member")


def parse_phrase(word: Word) -> Phrase | Problem:
    """Read a phrase (design 3.2).

    Returns:
        The phrase, or the problem that it is not understood.
    """
    return _Reader(word).phrase() or _not_understood(word)


class _Reader:
    """Reads one phrase; every part keeps its place in the word."""

    def __init__(self, word: Word) -> None:
        self.word = word
        self.start = len(word.text) - len(word.text.lstrip())
        self.end = len(word.text.rstrip())

    def phrase(self) -> Phrase | None:
        text = self.word.text
        if found := _COUNTED.fullmatch(text, self.start, self.end):
            members = Members(_one_spaced(found[1]), self._operand(*found.span(2)))
        elif found := _QUANTIFIED.fullmatch(text, self.start, self.end):
            members = Members(found[1])
        else:
            return self._value(self.start)
        rest = found.span(found.re.groups)
        inner = Phrase("yes") if rest[0] < 0 else self._value(rest[0])
        return inner._replace(members=members) if inner else None

    def _value(self, start: int) -> Phrase | None:
        text = self.word.text[start : self.end]
        if (said := _one_spaced(text)) in _WORDS:
            return Phrase(said)
        if said in SHAPES:
            return None
        if said.lower() in TRUTHS:
            return Phrase("yes" if TRUTHS[said.lower()] else "no")
        if found := _BETWEEN.fullmatch(self.word.text, start, self.end):
            return Phrase("between", (self._operand(*found.span(1)), self._operand(*found.span(2))))
        for test in (*LISTS, *_SINGLES):
            if found := _STARTS[test].match(text):
                return self._compared(test, start + found.end())
        return None

    def _compared(self, test: str, start: int) -> Phrase | None:
        if test not in LISTS:
            return Phrase(test, (self._operand(start, self.end),))
        if not all(part.strip() for part in self.word.text[start : self.end].split(",")):
            return None
        items = _ITEM.finditer(self.word.text, start, self.end)
        return Phrase(test, tuple(self._operand(*item.span()) for item in items))

    def _operand(self, start: int, end: int) -> Operand:
        written = self.word.text[start:end]
        start, text = start + len(written) - len(written.lstrip()), written.strip()
        if found := _PERCENT.fullmatch(text):
            return Operand(Word(found[2], self.word.part(start + found.start(2), len(found[2]))), float(found[1]))
        return Operand(Word(text, self.word.part(start, len(text))))


def _one_spaced(text: str) -> str:
    return " ".join(text.split())


_STARTS = {test: re.compile(r"\s+".join(test.split()) + r"\s+(?=\S)") for test in (*LISTS, *_SINGLES)}


# What people write who know another notation.
_ELSEWHERE = {
    ">=": "at least",
    "<=": "at most",
    ">": "above",
    "<": "below",
    "=": "is",
    "==": "is",
    "!=": "is not",
    "in": "is one of",
    "over": "above",
    "under": "below",
    "more than": "above",
    "less than": "below",
    "minimum": "at least",
    "maximum": "at most",
}
_ELSEWHERE_FIRST = re.compile("|".join(re.escape(said) for said in sorted(_ELSEWHERE, key=len, reverse=True)))


def _not_understood(word: Word) -> Problem:
    return Problem("unreadable-phrase", word.place, {"phrase": shortened(word.text), "did_you_mean": _guess(word.text)})


def _guess(written: str) -> str | None:
    text = _one_spaced(written)
    if (found := _ELSEWHERE_FIRST.match(text)) and (rest := text[found.end() :].strip()):
        return shortened(f"{_ELSEWHERE[found[0]]} {rest}")
    words = text.split(" ")
    for length in (3, 2, 1):
        near = closest(" ".join(words[:length]), SHAPES)
        if near and not text.startswith(near):
            return near
    return None
