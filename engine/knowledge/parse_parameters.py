"""Read parameters: every number of the law with the days on which it counts, and its source (design 3.3)."""

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.knowledge import values
from engine.knowledge.model import Amount, Band, Parameter
from engine.knowledge.parse_values import days_of, place_of, source_of, truth_of
from engine.knowledge.read import Node, Table, Word
from engine.knowledge.shapes import Notes

if TYPE_CHECKING:
    from engine.knowledge.parse import Shelves

_AMOUNT = {"id": "nilai parameter", "en": "a parameter's value"}
_BAND = re.compile(r"(at least|above|at most|below) (\S+)")


def read_parameters(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `parameters:`, every number of the law with its days and source (design 3.3)."""
    for name, body in notes.named(node, "parameters"):
        found = notes.table(body, name.text, ("name", "values"), ("unit", "keys"), name.place)
        label = notes.text(found.get("name"), "name")
        keys = notes.words(found.get("keys"), "keys")
        items = notes.items(found.get("values"), "values")
        if "values" in found and not items and not isinstance(found["values"], Table):
            notes.add("empty-block", found["values"].place, key="values")
        amounts = tuple(_amount(notes, item, len(keys)) for item in items)
        _check_days(notes, name, [amount for amount in amounts if amount])
        if label:
            kept = tuple(amount for amount in amounts if amount)
            parameter = Parameter(name.text, label, name.place, notes.plain(found.get("unit"), "unit"), keys, kept)
            shelves.put("parameters", name.text, parameter, name.place)


def _check_days(notes: Notes, name: Word, amounts: list[Amount]) -> None:
    """Note two values that begin on one day: neither could be the later one."""
    begun: dict[date, Amount] = {}
    for amount in amounts:
        if amount.from_ in begun:
            place = begun[amount.from_].place
            notes.add("repeated-day", amount.place, place, name=name.text, day=amount.from_.isoformat())
        begun.setdefault(amount.from_, amount)


def _amount(notes: Notes, node: Node, depth: int) -> Amount | None:
    found = notes.table(node, _AMOUNT, ("from",), ("until", "value", "table", "brackets", "source", "confirmed"))
    if not isinstance(node, Table):
        return None
    forms = [key for key in ("value", "table", "brackets") if key in found]
    if len(forms) != 1 or (depth > 0) != (forms == ["table"]):
        notes.add("one-form-of-value", node.place, expected="table" if depth else "value, brackets")
        return None
    start, end = days_of(notes, found)
    if start is None:
        return None
    source = source_of(notes, found, node.place, _AMOUNT)
    return Amount(
        from_=start,
        until=end,
        place=node.place,
        source=source,
        confirmed=truth_of(notes, found.get("confirmed"), False),
        value=_free_value(notes, found.get("value")),
        table=_table(notes, found.get("table"), depth) if "table" in found else None,
        brackets=_brackets(notes, found.get("brackets")) if "brackets" in found else None,
        confirmed_at=place_of(found, "confirmed"),
    )


def _free_value(notes: Notes, node: Node | None) -> Any:
    """Read a number, a date or yes/no by its looks."""
    word = notes.word(node, "value")
    if word is None:
        return None
    if word.text.strip().lower() in values.TRUTHS:
        return values.truth(word)
    return notes.attempt(values.day if "-" in word.text[1:] else values.number, word)


def _table(notes: Notes, node: Node | None, depth: int) -> tuple[tuple[Band, Any], ...]:
    rows = []
    if isinstance(node, Table) and not node.pairs:
        notes.add("empty-block", node.place, key="table")
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
    rows: list[tuple[float, float]] = []
    last = None
    for item in notes.items(node, "brackets"):
        found = notes.table(item, "brackets", ("above", "rate"))
        pair = [
            notes.attempt(values.number, word) for key in ("above", "rate") if (word := notes.word(found.get(key), key))
        ]
        if len(pair) == 2 and None not in pair:
            rows.append((float(pair[0]), float(pair[1])))
            if len(rows) > 1 and rows[-1][0] <= rows[-2][0]:
                notes.add("brackets-not-rising", item.place, last)
            last = item.place
    if not rows and node is not None:
        notes.add("list-expected", node.place, what="brackets")
    return tuple(rows)
