"""Read offices: where people are sent to. What nobody knows yet stays absent, so that a page can show the gap."""

import re
from typing import TYPE_CHECKING

from engine.knowledge.model import ContactPoint, Text
from engine.knowledge.parse_values import place_of, truth_of
from engine.knowledge.read import Node, Word
from engine.knowledge.shapes import Notes

if TYPE_CHECKING:
    from engine.knowledge.parse import Shelves

NOT_KNOWN = "unknown"
_TOLD = ("address", "hours", "duty_person", "phone")
# What a telephone can dial: digits, with spaces, hyphens and brackets for the eye.
_PHONE = re.compile(r"\+?[0-9](?:[ ()-]{0,2}[0-9]){4,14}")


def read_offices(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `offices:`, each with the region that it serves."""
    for name, body in notes.named(node, "offices"):
        found = notes.table(body, name.text, ("name", "for"), (*_TOLD, "source", "confirmed"), name.place)
        told = {key: found[key] for key in _TOLD if key in found and not _is_gap(found[key])}
        source = notes.word(found.get("source"), "source")
        if told and source is None:
            notes.add("missing-source", name.place, name=name.text)
        region = notes.word(found.get("for"), "for")
        office = ContactPoint(
            name=name.text,
            label=notes.text(found.get("name"), "name") or Text(name.text),
            region=region or Word("", name.place),
            place=name.place,
            address=notes.text(told.get("address"), "address"),
            hours=notes.text(told.get("hours"), "hours"),
            phone=_phone(notes, told.get("phone")),
            duty_person=notes.text(told.get("duty_person"), "duty_person"),
            source=source,
            confirmed=truth_of(notes, found.get("confirmed"), False),
            confirmed_at=place_of(found, "confirmed"),
        )
        if region:
            shelves.put("offices", name.text, office, name.place)


def _is_gap(node: Node) -> bool:
    return isinstance(node, Word) and (node.is_null or node.text == NOT_KNOWN)


def _phone(notes: Notes, node: Node | None) -> str | None:
    word = notes.word(node, "phone")
    if word and not _PHONE.fullmatch(word.text):
        notes.add("bad-phone", word.place, value=word.text)
        return None
    return word.text if word else None
