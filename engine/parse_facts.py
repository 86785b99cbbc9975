"""Read the vocabulary: facts, evidence, regions, parameters, the calendar."""

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from engine import values
from engine.formulas import Formula, parse_formula
from engine.model import Amount, Band, Evidence, Fact, Parameter, Region
from engine.problems import Problem
from engine.read import Node, Table, Word
from engine.shapes import Notes

if TYPE_CHECKING:
    from engine.parse import Shelves

TYPES = ("boolean", "integer", "number", "money", "date", "choice", "choices", "region", "text")
RANGED = ("integer", "number", "money", "date")
THEMES = ("who", "where", "home", "money", "health", "school", "aid", "event")
_FACT_KEYS = (
    *("question", "help", "theme", "range", "choices", "unit", "verified_by", "answered_by", "find_out", "form"),
    *("sensitive", "ask", "only_if", "else", "presume", "computed", "source"),
)
_BAND = re.compile(r"(at least|above|at most|below) (\S+)")
FIRST_DAY = date(1900, 1, 1)


def read_facts(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `facts:` of `facts_schema.yaml` (design 3.1)."""
    for name, body in notes.named(node, "facts"):
        if fact := _fact(notes, name, body):
            shelves.put("facts", name.text, fact, name.place)


def _fact(notes: Notes, name: Word, node: Node) -> Fact | None:
    found = notes.table(node, name.text, ("of", "type", "label"), _FACT_KEYS)
    of = notes.one_of(found.get("of"), "of", ("household", "person"))
    kind = notes.one_of(found.get("type"), "type", TYPES)
    label = notes.text(found.get("label"), "label")
    if not (of and kind and label):
        return None
    choices = _choices(notes, found.get("choices"), kind, node)
    shell = Fact(name.text, of, kind, label, name.place, choices=choices)
    low, high = _range(notes, found.get("range"), shell)
    computed = formula(notes, found.get("computed"), "computed")
    only_if = formula(notes, found.get("only_if"), "only_if")
    if (only_if is None) != ("else" not in found) and not ("only_if" in found and only_if is None):
        notes.add("missing-key", node.place, key="else" if only_if else "only_if", what=name.text)
    if computed and (
        clash := next((key for key in ("only_if", "else", "presume", "question", "range") if key in found), None)
    ):
        notes.add("not-for-computed", found[clash].place, key=clash, name=name.text)
    answered_by = notes.one_of(found.get("answered_by"), "answered_by", _ANSWERERS, "applicant")
    if "computed" not in found and "question" not in found and answered_by == "applicant":
        notes.add("missing-key", node.place, key="question", what=name.text)
    return Fact(
        name=name.text,
        of=of,
        type=kind,
        label=label,
        place=name.place,
        question=notes.text(found.get("question"), "question"),
        help=notes.text(found.get("help"), "help"),
        theme=notes.one_of(found.get("theme"), "theme", THEMES),
        low=low,
        high=high,
        choices=choices,
        unit=notes.plain(found.get("unit"), "unit") or ("IDR" if kind == "money" else None),
        verified_by=notes.words(found.get("verified_by"), "verified_by"),
        answered_by=answered_by or "applicant",
        find_out=notes.text(found.get("find_out"), "find_out"),
        form=notes.plain(found.get("form"), "form"),
        sensitive=notes.one_of(found.get("sensitive"), "sensitive", ("personal", "specific", "officer_only")),
        ask=notes.one_of(found.get("ask"), "ask", ("who_among",)),
        only_if=only_if,
        otherwise=_own_value(notes, found.get("else"), shell),
        presume=_own_value(notes, found.get("presume"), shell),
        computed=computed,
        source=notes.word(found.get("source"), "source"),
    )


_ANSWERERS = ("applicant", "officer", "registry")


def _own_value(notes: Notes, node: Node | None, fact: Fact) -> Any:
    return None if node is None else notes.attempt(values.value_of, fact, node, {})


def _choices(notes: Notes, node: Node | None, kind: str, whole: Node) -> Mapping[str, Any]:
    if kind not in ("choice", "choices"):
        if node is not None:
            notes.add("choices-not-here", node.place, type=kind)
        return {}
    if node is None:
        notes.add("missing-key", whole.place, key="choices", what=kind)
    return {key.text: text for key, body in notes.pairs(node, "choices") if (text := notes.text(body, key.text))}


def _range(notes: Notes, node: Node | None, fact: Fact) -> tuple[Any, Any]:
    word = notes.word(node, "range")
    if word is None:
        return None, None
    parts = word.text.split(" to ")
    if len(parts) != 2 or fact.type not in RANGED:
        notes.add("bad-range", word.place, value=word.text)
        return None, None
    ends = [_end(notes, Word(part.strip(), word.place), fact) for part in parts]
    if None not in ends and "as_of" not in ends and ends[0] > ends[1]:
        notes.add("bad-range", word.place, value=word.text)
    return ends[0], ends[1]


def _end(notes: Notes, word: Word, fact: Fact) -> Any:
    if word.text == "as_of" and fact.type == "date":
        return "as_of"
    return notes.attempt(values.literal, fact.type, word, fact, {})


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


def read_regions(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `regions:`, their codes from Kemendagri."""
    for code, body in notes.pairs(node, "regions"):
        found = notes.table(body, code.text, ("name",), ("within",))
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
        found = notes.table(body, name.text, ("certainty", "name"))
        certainty = fraction(notes, found.get("certainty"), 0.0, 1.0)
        label = notes.text(found.get("name"), "name")
        if certainty is not None and label:
            shelves.put("evidence", name.text, Evidence(name.text, certainty, label, name.place), name.place)


def read_default_evidence(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `default_evidence:`, used for a value that names none."""
    if word := notes.word(node, "default_evidence"):
        shelves.put("default_evidence", word.text, word, word.place)


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


def read_calendar(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `calendar: {holidays: [...]}`."""
    found = notes.table(node, "calendar", ("holidays",))
    for item in notes.items(found.get("holidays"), "holidays"):
        body = notes.table(item, "holiday", ("date", "name"))
        notes.text(body.get("name"), "name")
        if (word := notes.word(body.get("date"), "date")) and (day := notes.attempt(values.day, word)):
            shelves.put("holidays", word.text, day, word.place)


def read_parameters(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `parameters:`, every number of the law with its days and source (design 3.3)."""
    for name, body in notes.named(node, "parameters"):
        found = notes.table(body, name.text, ("name", "values"), ("unit", "keys"))
        label = notes.text(found.get("name"), "name")
        keys = notes.words(found.get("keys"), "keys")
        amounts = tuple(_amount(notes, item, len(keys)) for item in notes.items(found.get("values"), "values"))
        if label:
            kept = tuple(amount for amount in amounts if amount)
            parameter = Parameter(name.text, label, name.place, notes.plain(found.get("unit"), "unit"), keys, kept)
            shelves.put("parameters", name.text, parameter, name.place)


def _amount(notes: Notes, node: Node, depth: int) -> Amount | None:
    found = notes.table(node, "value", ("from",), ("until", "value", "table", "brackets", "source", "confirmed"))
    forms = [key for key in ("value", "table", "brackets") if key in found]
    if len(forms) != 1 or (depth > 0) != (forms == ["table"]):
        notes.add("one-form-of-value", node.place, expected="table" if depth else "value, brackets")
        return None
    start = date_of(notes, found.get("from"))
    source = notes.word(found.get("source"), "source")
    if source is None:
        notes.add("missing-source", node.place, name="value")
    return Amount(
        from_=start or FIRST_DAY,
        until=date_of(notes, found.get("until")),
        place=node.place,
        source=source,
        confirmed=truth_of(notes, found.get("confirmed"), False),
        value=_free_value(notes, found.get("value")),
        table=_table(notes, found.get("table"), depth) if "table" in found else None,
        brackets=_brackets(notes, found.get("brackets")) if "brackets" in found else None,
    )


def date_of(notes: Notes, node: Node | None) -> date | None:
    """Read an optional date."""
    word = notes.word(node, "date")
    return notes.attempt(values.day, word) if word else None


def truth_of(notes: Notes, node: Node | None, default: bool) -> bool:
    """Read an optional yes/no."""
    word = notes.word(node, "yes/no")
    found = notes.attempt(values.truth, word) if word else None
    return default if found is None else found


def _free_value(notes: Notes, node: Node | None) -> Any:
    """Read a number, a date or yes/no by its looks."""
    word = notes.word(node, "value")
    if word is None:
        return None
    if word.text.lower() in values.TRUTHS:
        return values.TRUTHS[word.text.lower()]
    return notes.attempt(values.day if "-" in word.text[1:] else values.number, word)


def _table(notes: Notes, node: Node | None, depth: int) -> tuple[tuple[Band, Any], ...]:
    rows = []
    for key, body in notes.pairs(node, "table"):
        band = _band(notes, key)
        value = _table(notes, body, depth - 1) if depth > 1 else _free_value(notes, body)
        if depth > 1 and not isinstance(body, Table):
            continue
        if band and value is not None:
            rows.append((band, value))
    return tuple(rows)


def _band(notes: Notes, key: Word) -> Band | None:
    if found := _BAND.fullmatch(key.text):
        limit = notes.attempt(values.number, Word(found[2], key.place))
        return None if limit is None else Band(key, found[1], limit)
    return Band(key, None, key.text)


def _brackets(notes: Notes, node: Node | None) -> tuple[tuple[float, float], ...]:
    rows = []
    for item in notes.items(node, "brackets"):
        found = notes.table(item, "bracket", ("above", "rate"))
        pair = [
            notes.attempt(values.number, word) for key in ("above", "rate") if (word := notes.word(found.get(key), key))
        ]
        if len(pair) == 2 and None not in pair:
            rows.append((float(pair[0]), float(pair[1])))
            if len(rows) > 1 and rows[-1][0] <= rows[-2][0]:
                notes.add("brackets-not-rising", item.place)
    if not rows and node is not None:
        notes.add("list-expected", node.place, what="brackets")
    return tuple(rows)
