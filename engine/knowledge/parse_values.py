"""Read the small things that many entries have: a formula, a certainty, days, a source, yes or no."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.knowledge import values
from engine.knowledge.formulas import Formula, parse_formula
from engine.knowledge.problems import Problem
from engine.knowledge.read import Node, Place, Word
from engine.knowledge.shapes import Notes, is_null


def formula(notes: Notes, node: Node | None, what: str) -> Formula | None:
    """Read a formula; note what is not understood."""
    word = notes.word(node, what)
    if word is None:
        return None
    parsed = parse_formula(word)
    if isinstance(parsed, Problem):
        notes.problems.append(parsed)
        return None
    return parsed


def fraction(notes: Notes, node: Node | None, low: float, high: float) -> float | None:
    """Read a certainty between two ends."""
    word = notes.word(node, "certainty")
    if word is None:
        return None
    value = notes.attempt(values.number, word)
    if value is not None and not low <= value <= high:
        notes.add("certainty-out-of-range", word.place, value=word.text, low=f"{low:g}", high=f"{high:g}")
        return None
    return None if value is None else float(value)


def days_of(notes: Notes, found: Mapping[str, Node]) -> tuple[date | None, date | None]:
    """Read `from` and `until`, both optional."""
    words = [notes.word(found.get(key), key) for key in ("from", "until")]
    start, end = (notes.attempt(values.day, word) if word else None for word in words)
    if start and end and start > end:
        notes.add("from-after-until", found["until"].place, found["from"].place)
    return start, end


def source_of(notes: Notes, found: Mapping[str, Node], place: Place, what: Any) -> Word | None:
    """Read the source of something that needs one; note, at `place`, that there is none."""
    if is_null(found.get("source")):
        notes.add("missing-source", place, name=what)
        return None
    return notes.word(found["source"], "source")


def truth_of(notes: Notes, node: Node | None, default: bool) -> bool:
    """Read an optional yes/no."""
    word = notes.word(node, "yes/no")
    found = notes.attempt(values.truth, word) if word else None
    return default if found is None else found


def place_of(found: Mapping[str, Node], key: str) -> Place | None:
    """Give the place of what a key says; None where it says nothing."""
    return found[key].place if key in found else None
