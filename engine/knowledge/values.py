"""Turn a written word into a value of a type: a date, whole rupiah, a choice.

Nothing is guessed here: a word either is what the type says or it is refused with the reason. Looser
spelling for people ("1,2 juta") belongs to the pages, never to the files.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.knowledge.model import Fact, Region, Value
from engine.knowledge.problems import Problem, closest
from engine.knowledge.read import Listing, Node, Place, Word
from engine.population_number import fault_of

TRUTHS = {"yes": True, "no": False, "true": True, "false": False, "ya": True, "tidak": False}
# Digits are 0 to 9: what Python calls a digit is more than what it can count with.
WHOLE = re.compile(r"[+-]?[0-9]+(?:_[0-9]+)*(?:\.0+)?")
NUMBER = re.compile(r"[+-]?[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
REGION = re.compile(r"[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{4})?)?)?")
NOTHING = "none"
# What a number begins with; no name does.
DIGITS = frozenset("+-.0123456789")
LARGEST = 10**15
LONGEST = 40


class BadValue(Exception):
    """A word that is not a value of its type; carries the one problem to show."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


def truth(word: Word) -> bool:
    """Read yes/no in either language. Raises: BadValue."""
    found = TRUTHS.get(word.text.strip().lower())
    if found is None:
        raise _bad("bad-boolean", word)
    return found


def whole(word: Word) -> int:
    """Read a whole number; `1_500_000` and `3.0` are whole numbers. Raises: BadValue."""
    text = word.text.strip()
    if not WHOLE.fullmatch(text):
        raise _bad("bad-whole-number", word)
    return _bounded(int, text.split(".")[0], word)


def number(word: Word) -> int | float:
    """Read a number; whole ones stay whole. Raises: BadValue."""
    text = word.text.strip()
    if not NUMBER.fullmatch(text):
        raise _bad("bad-number", word)
    return _bounded(float if "." in text else int, text, word)


def day(word: Word) -> date:
    """Read a date written YYYY-MM-DD. Raises: BadValue."""
    found = _DATE.fullmatch(word.text.strip())
    try:
        return date(*(int(part) for part in found.groups())) if found else _raise("bad-date", word)
    except ValueError:
        raise _bad("impossible-date", word) from None


def region(word: Word, regions: Mapping[str, Region]) -> str:
    """Read a region code; it must be known or lie within one of which no parts are known. Raises: BadValue."""
    code = word.text.strip()
    if not REGION.fullmatch(code):
        raise _bad("bad-region", word)
    if not is_listed(code, regions):
        raise _bad("unknown-region", word, closest(code, regions))
    return code


def population_number(word: Word, kind: str) -> str:
    """Read a NIK or the number of a KK. Raises: BadValue."""
    text = word.text.strip()
    if fault := fault_of(text, kind):
        code, details = fault
        raise BadValue(Problem(code, word.place, details))
    return text


def is_listed(code: str, regions: Mapping[str, Region]) -> bool:
    """Say whether a region is known or lies within one of which no parts are listed; while none is listed, all are."""
    return not regions or code in regions or any(code.startswith(known + ".") for known in unparted(regions))


def unparted(regions: Mapping[str, Region]) -> list[str]:
    """Give the regions of which no parts are listed: any code within them is taken."""
    return [known for known in regions if not any(other.startswith(known + ".") for other in regions)]


def value_of(fact: Fact, node: Node, regions: Mapping[str, Region], as_of: date | None = None) -> Value:
    """Read a value of a fact, its choices and range included.

    Args:
        fact: The fact, of any type.
        node: What was written: a word, or for `choices` also a list of words.
        regions: The known regions by code.
        as_of: The day of the case, which a range may name; None leaves such an end open.

    Raises:
        BadValue: with a problem at the word.
    """
    if fact.type == "choices":
        items = node.items if isinstance(node, Listing) else (node,)
        nothing = len(items) == 1 and isinstance(items[0], Word) and items[0].text == NOTHING
        chosen = set() if nothing else {_choice(fact, _as_word(item, fact)) for item in items}
        return tuple(choice for choice in fact.choices if choice in chosen)
    word = _as_word(node, fact)
    value = literal(fact.type, word, fact, regions)
    _within_range(fact, value, word, as_of)
    return value


def literal(kind: str, word: Word, fact: Fact | None, regions: Mapping[str, Region]) -> Any:
    """Read a word as a value of a type; `fact` gives the choices. Raises: BadValue."""
    match kind:
        case "boolean":
            return truth(word)
        case "integer" | "money":
            return whole(word)
        case "number":
            return number(word)
        case "date":
            return day(word)
        case "choice" | "choices":
            return _choice(fact, word)
        case "region":
            return region(word, regions)
    return population_number(word, fact.format) if fact and fact.format else word.text


def bound(fact: Fact, end: Value | str | None, as_of: date | None) -> Value | None:
    """Give one end of a fact's range as a value; None when that end is open."""
    return as_of if end == "as_of" else end


def _within_range(fact: Fact, value: Any, word: Word, as_of: date | None) -> None:
    low, high = bound(fact, fact.low, as_of), bound(fact, fact.high, as_of)
    if (low is not None and value < low) or (high is not None and value > high):
        future = fact.type == "date" and high is not None and value > high and fact.high == "as_of"
        details = {"value": word.text, "low": "…" if low is None else low, "high": "…" if high is None else high}
        raise BadValue(Problem("future-date" if future else "out-of-range", word.place, {**details, "name": fact.name}))


def _choice(fact: Fact, word: Word) -> str:
    text = word.text.strip()
    if text not in fact.choices:
        guess = closest(text, fact.choices)
        details = {
            "value": shortened(text),
            "name": fact.name,
            "choices": ", ".join(fact.choices),
            "did_you_mean": guess,
        }
        raise BadValue(Problem("not-a-choice", word.place, details))
    return text


def _as_word(node: Node, fact: Fact) -> Word:
    if not isinstance(node, Word):
        raise BadValue(Problem("one-value-expected", node.place, {"name": fact.name, "type": fact.type}))
    return node


def _bounded(kind: type, text: str, word: Word) -> Any:
    value = kind(text.replace("_", "")) if len(text) <= LONGEST else None
    return value if value is not None and abs(value) <= LARGEST else _raise("number-too-large", word)


def _bad(code: str, word: Word, guess: str | None = None) -> BadValue:
    return BadValue(Problem(code, word.place, {"value": shortened(word.text), "did_you_mean": guess}))


def shortened(text: str) -> str:
    """Cut a text to what one line of a report can show."""
    return text if len(text) <= 60 else text[:59] + "…"


def _raise(code: str, word: Word) -> Any:
    raise _bad(code, word)


def nowhere(text: str) -> Word:
    """Make a word that stands in no file."""
    return Word(text, Place(""))
