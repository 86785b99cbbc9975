"""Read the vocabulary: facts, evidence, regions, the calendar."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.knowledge import values
from engine.knowledge.model import Evidence, Fact, Region, Text
from engine.knowledge.parse_values import formula, fraction, truth_of
from engine.knowledge.read import Node, Place, Table, Word
from engine.knowledge.shapes import Notes
from engine.population_number import FORMATS

if TYPE_CHECKING:
    from engine.knowledge.parse import Shelves

TYPES = ("boolean", "integer", "number", "money", "date", "choice", "choices", "region", "text")
RANGED = ("integer", "number", "money", "date")
THEMES = ("who", "where", "home", "money", "health", "school", "aid", "event")
_FACT_KEYS = (
    *("question", "help", "theme", "range", "choices", "unit", "verified_by", "answered_by", "find_out", "form"),
    *("format", "sensitive", "ask", "only_if", "else", "presume", "computed", "source"),
    "lasting",
)
_RANGE = re.compile(r"\s*(\S+)\s+to\s+(\S+)\s*")


def read_facts(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `facts:` of `facts_schema.yaml` (design 3.1)."""
    for name, body in notes.named(node, "facts"):
        if fact := _fact(notes, name, body):
            shelves.put("facts", name.text, fact, name.place)


def _fact(notes: Notes, name: Word, node: Node) -> Fact | None:
    """Read one fact; everything is read before the fact is given up, so that all its mistakes are noted."""
    found = notes.table(node, name.text, ("of", "type", "label"), _FACT_KEYS, name.place)
    of = notes.one_of(found.get("of"), "of", ("household", "person"))
    kind = notes.one_of(found.get("type"), "type", TYPES)
    label = notes.text(found.get("label"), "label")
    shell = Fact(
        name=name.text,
        of=of or "household",
        type=kind or "text",
        label=label or Text(name.text),
        place=name.place,
        question=notes.text(found.get("question"), "question"),
        help=notes.text(found.get("help"), "help"),
        theme=notes.one_of(found.get("theme"), "theme", THEMES),
        choices=_choices(notes, found.get("choices"), kind, name),
        unit=notes.plain(found.get("unit"), "unit") or ("IDR" if kind == "money" else None),
        verified_by=notes.words(found.get("verified_by"), "verified_by"),
        answered_by=notes.one_of(found.get("answered_by"), "answered_by", _ANSWERERS, "applicant") or "applicant",
        find_out=notes.text(found.get("find_out"), "find_out"),
        form=notes.plain(found.get("form"), "form"),
        format=_format(notes, found.get("format"), kind),
        sensitive=notes.one_of(found.get("sensitive"), "sensitive", ("personal", "specific", "officer_only")),
        ask=notes.one_of(found.get("ask"), "ask", ("who_among",)),
        only_if=formula(notes, found.get("only_if"), "only_if"),
        computed=formula(notes, found.get("computed"), "computed"),
        source=notes.word(found.get("source"), "source"),
        lasting=truth_of(notes, found.get("lasting"), False),
    )
    _check_partners(notes, shell, found)
    if not (of and kind and label):
        return None
    low, high = _range(notes, found.get("range"), shell)
    shell = replace(shell, low=low, high=high)
    otherwise, presume = (_own_value(notes, found.get(key), shell) for key in ("else", "presume"))
    return replace(shell, otherwise=otherwise, presume=presume)


def _check_partners(notes: Notes, fact: Fact, found: Mapping[str, Node]) -> None:
    """Note keys that need another one, or do not go with another one."""
    for key, partner in (("only_if", "else"), ("else", "only_if")):
        if key in found and partner not in found:
            notes.add("missing-key", fact.place, found[key].place, key=partner, what=fact.name)
    for key in _NOT_FOR_COMPUTED if "computed" in found else ():
        if key in found:
            notes.add("not-for-computed", found[key].place, found["computed"].place, key=key, name=fact.name)
    if "ask" in found and fact.of == "household":
        notes.add("not-of-members", found["ask"].place, name=fact.name)
    if "computed" not in found and "question" not in found and fact.answered_by == "applicant":
        notes.add("missing-key", fact.place, key="question", what=fact.name)


_ANSWERERS = ("applicant", "officer", "registry")
_NOT_FOR_COMPUTED = ("only_if", "else", "presume", "question", "range", "ask", "format", "lasting")
# `is known`, `is unknown` and `is received` are phrases, so these words can be nobody's choice.
_NO_CHOICES = ("known", "unknown", "received")


def _own_value(notes: Notes, node: Node | None, fact: Fact) -> Any:
    return None if node is None else notes.attempt(values.value_of, fact, node, {})


def _choices(notes: Notes, node: Node | None, kind: str | None, name: Word) -> Mapping[str, Any]:
    if kind not in ("choice", "choices"):
        if node is not None and kind is not None:
            notes.add("choices-not-here", node.place, type=kind)
        return {}
    if node is None:
        notes.add("missing-key", name.place, key="choices", what=name.text)
    pairs = notes.pairs(node, "choices")
    if node is not None and not pairs and isinstance(node, Table):
        notes.add("empty-block", node.place, key="choices")
    for key, _ in pairs:
        if key.text in _NO_CHOICES or (kind == "choices" and key.text == values.NOTHING):
            notes.add("reserved-name", key.place, name=key.text)
    return {key.text: text for key, body in pairs if (text := notes.text(body, key.text))}


def _format(notes: Notes, node: Node | None, kind: str | None) -> str | None:
    """Read which number of population registration a text is."""
    if node is not None and kind not in ("text", None):
        notes.add("format-not-here", node.place, type=kind)
        return None
    return notes.one_of(node, "format", FORMATS)


def _range(notes: Notes, node: Node | None, fact: Fact) -> tuple[Any, Any]:
    word = notes.word(node, "range")
    if word is None:
        return None, None
    parts = _RANGE.fullmatch(word.text)
    if parts is None or fact.type not in RANGED:
        notes.add("bad-range", word.place, value=word.text)
        return None, None
    ends = [_end(notes, Word(parts[one], word.part(parts.start(one), len(parts[one]))), fact) for one in (1, 2)]
    if None not in ends and "as_of" not in ends and ends[0] > ends[1]:
        notes.add("bad-range", word.place, value=word.text)
        return None, None
    return ends[0], ends[1]


def _end(notes: Notes, word: Word, fact: Fact) -> Any:
    if word.text == "as_of" and fact.type == "date":
        return "as_of"
    return notes.attempt(values.literal, fact.type, word, fact, {})


def read_regions(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `regions:`, their codes from Kemendagri."""
    for code, body in notes.pairs(node, "regions"):
        found = notes.table(body, code.text, ("name",), ("within",), code.place)
        notes.attempt(values.region, code, {})
        region = Region(
            code.text,
            notes.plain(found.get("name"), "name") or "",
            notes.word(found.get("within"), "within"),
            code.place,
        )
        shelves.put("regions", code.text, region, code.place)


def read_evidence(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `evidence:`, the ways of knowing and how sure each is."""
    for name, body in notes.named(node, "evidence"):
        found = notes.table(body, name.text, ("certainty", "name"), at=name.place)
        certainty = fraction(notes, found.get("certainty"), 0.0, 1.0)
        label = notes.text(found.get("name"), "name")
        if certainty is not None and label:
            shelves.put("evidence", name.text, Evidence(name.text, certainty, label, name.place), name.place)


def read_default_evidence(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `default_evidence:`, used for a value that names none."""
    if word := notes.word(node, "default_evidence"):
        for held in shelves.things.get("default_evidence", {}).values():
            notes.add("repeated-key", word.place, held.place, key="default_evidence")
        shelves.things.setdefault("default_evidence", {}).setdefault(word.text, word)


class Holiday(NamedTuple):
    """A day on which the office is closed."""

    day: date
    place: Place


def read_calendar(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `calendar: {holidays: [...]}`."""
    found = notes.table(node, "calendar", ("holidays",))
    for item in notes.items(found.get("holidays"), "holidays"):
        body = notes.table(item, {"id": "hari libur", "en": "a holiday"}, ("date", "name"))
        notes.text(body.get("name"), "name")
        if (word := notes.word(body.get("date"), "date")) and (day := notes.attempt(values.day, word)):
            shelves.put("holidays", word.text, Holiday(day, word.place), word.place)
