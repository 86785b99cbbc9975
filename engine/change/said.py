"""What a piece of knowledge says, line by line as its file has it, without places and texts for people.

Two things that say the same mean the same, wherever they stand and whatever they are called on screen. On this rest
the hash of a plan's meaning and the list of edits between two editions.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from engine.knowledge import formulas
from engine.knowledge.formulas import Formula
from engine.knowledge.model import (
    Amount,
    Concludes,
    Condition,
    Fact,
    Follows,
    Operand,
    Parameter,
    Program,
    Region,
    Requires,
    Rule,
    Text,
)
from engine.knowledge.read import Place, Word

Line = tuple[str, str]
# Where a thing stands, what it is called, where it was cited from: none of it changes an answer.
_UNSAID = frozenset({"id", "name", "code", "place", "source", "form"})
_UNSAID_OF = {Program: {"unit"}, Region: {"label"}, Concludes: {"conclusion", "exactly"}}
_AS_WRITTEN = {"for_": "for", "from_": "from"}
_AS_WRITTEN_OF = {
    Fact: {"otherwise": "else"},
    Requires: {"service": "for", "documents": "requires"},
    Follows: {"service": "for", "steps": "follow"},
}


def said(thing: Any) -> dict[str, str]:
    """Give what a thing says: by its keys as the file has them, each value as text. The order of lines says nothing."""
    found: dict[str, list[str]] = {}
    for key, text in _of(thing, ""):
        found.setdefault(key, []).append(text)
    return {
        key if place == 1 else f"{key} ({place})": text
        for key, texts in found.items()
        for place, text in enumerate(sorted(texts), 1)
    }


def named_in(thing: Any) -> frozenset[str]:
    """Give every word that a thing says and that may be the name of another."""
    return frozenset(_names(thing))


def _of(thing: Any, path: str) -> Iterator[Line]:
    match thing:
        case None | () | Text() | Place():
            pass
        case Word() | Formula() | Operand():
            yield path, _text(thing)
        case Rule():
            yield from _of_rule(thing)
        case Parameter():
            yield from _fields(thing, "", "values")
            for amount in thing.values:
                yield from _of_amount(amount, amount.from_.isoformat())
        case Amount():
            yield from _of_amount(thing, path)
        case Condition():
            yield f"{path} {thing.name.text}".strip(), _text(thing.text)
        case Mapping():
            yield from [(path, ", ".join(thing))] if thing else ()
        case tuple() if all(_is_made_of_parts(one) for one in thing):
            yield path, ", ".join(one.name.text for one in thing)
            for one in thing:
                yield from _of(one, f"{path} {one.name.text}")
        case _ if _is_made_of_parts(thing):
            yield from _fields(thing, path)
        case tuple():
            yield path, ", ".join(map(_text, thing))
        case _:
            yield path, _text(thing)


def _is_made_of_parts(value: Any) -> bool:
    if isinstance(value, Word | Formula | Operand):
        return False
    return is_dataclass(value) or hasattr(value, "_fields")


def _fields(thing: Any, path: str, *left_out: str) -> Iterator[Line]:
    names = thing._fields if isinstance(thing, tuple) else [field.name for field in fields(thing)]
    written = _AS_WRITTEN | _AS_WRITTEN_OF.get(type(thing), {})
    for name in names:
        if name not in _UNSAID and name not in _UNSAID_OF.get(type(thing), left_out):
            yield from _of(getattr(thing, name), f"{path} {written.get(name, name)}".strip())


def _of_rule(rule: Rule) -> Iterator[Line]:
    yield "about", rule.about
    for block in rule.blocks:
        for line in block.lines:
            yield from _of(line, _tidy(block.label))
    for line in rule.grades.lines if rule.grades else ():
        yield from _of(line, "count of")
    if rule.grades:
        yield "grades", ", ".join(f"{hits}: {_text(grade)}" for hits, grade in rule.grades.steps)
    if isinstance(rule.effect, Concludes):
        yield "decides" if rule.effect.exactly else "then", rule.effect.conclusion.text
    yield from _fields(rule.effect, "")
    yield from _of(rule.from_, "from")
    yield from _of(rule.until, "until")


def _of_amount(amount: Amount, path: str) -> Iterator[Line]:
    yield from _of(amount.value, path)
    yield from _of(amount.until, f"{path} until".strip())
    yield f"{path} confirmed".strip(), _text(amount.confirmed)
    yield from _of_table(amount.table or (), path)
    for above, rate in amount.brackets or ():
        yield f"{path} above {_text(above)}".strip(), _text(rate)


def _of_table(table: tuple, path: str) -> Iterator[Line]:
    for place, (band, inner) in enumerate(table):
        key = f"{path} {_text(band.word)}".strip()
        if isinstance(inner, tuple):
            yield from _of_table(inner, key)
        else:
            yield key, _text(inner)
        # Of several bands that hold the last one counts, so their order says something.
        yield f"{path} order".strip(), f"{place:03} {_text(band.word)}"


def _text(value: Any) -> str:
    match value:
        case Word():
            return _tidy(value.text)
        case Formula():
            return _tidy(value.word.text)
        case Operand():
            return _text(value.word) if value.percent is None else f"{value.percent:g}% of {_text(value.word)}"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.15g}"
        case date():
            return value.isoformat()
    return str(value)


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _names(thing: Any) -> Iterator[str]:
    match thing:
        case Place() | Text():
            pass
        case Word():
            yield thing.text
        case str():
            yield thing
        case Formula():
            yield from (name.id for name, _ in formulas.names_in(thing.tree))
        case Mapping():
            for inner in thing.values():
                yield from _names(inner)
        case tuple():
            for inner in thing:
                yield from _names(inner)
        case _ if is_dataclass(thing):
            for field in fields(thing):
                if field.name not in ("id", "name", "source", "program", "activity", "topic"):
                    yield from _names(getattr(thing, field.name))
