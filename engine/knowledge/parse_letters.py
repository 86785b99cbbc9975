"""Read letters: their wording in both languages, with blanks that casework fills. Every blank is checked here."""

from typing import TYPE_CHECKING, Any

from engine.knowledge.blanks import KINDS, Kind, blanks_in, stray_brace
from engine.knowledge.model import LetterPart, LetterTemplate, Text
from engine.knowledge.parse_values import place_of, truth_of
from engine.knowledge.problems import closest
from engine.knowledge.read import Node, Table, Word
from engine.knowledge.shapes import Notes

if TYPE_CHECKING:
    from engine.knowledge.parse import Shelves

_PART = {"id": "bagian surat", "en": "a part of a letter"}
_SAID = ("heading", "text", "list")


def read_letters(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `letters:`, each of one kind, which says what its blanks can be."""
    for name, body in notes.named(node, "letters"):
        found = notes.table(
            body, name.text, ("kind", "name", "parts"), ("services", "facts", "evidence", "confirmed"), name.place
        )
        kind = notes.one_of(found.get("kind"), "kind", KINDS)
        label = _text(notes, found.get("name"), "name", kind)
        if kind is None or label is None:
            continue
        letter = LetterTemplate(
            name=name.text,
            kind=kind,
            label=label,
            parts=_parts(notes, found.get("parts"), kind),
            place=name.place,
            services=notes.words(found.get("services"), "services"),
            facts=notes.words(found.get("facts"), "facts"),
            evidence=notes.word(found.get("evidence"), "evidence"),
            confirmed=truth_of(notes, found.get("confirmed"), False),
            confirmed_at=place_of(found, "confirmed"),
        )
        shelves.put("letters", name.text, letter, name.place)


def _parts(notes: Notes, node: Node | None, kind: str) -> tuple[LetterPart, ...]:
    parts = []
    for item in notes.items(node, "parts"):
        found = notes.table(item, _PART, optional=(*_SAID, "only_if", "otherwise"))
        if isinstance(item, Table) and not set(_SAID) & set(found):
            notes.add("empty-block", item.place, key="parts")
        known = KINDS[kind]
        parts.append(
            LetterPart(
                heading=_text(notes, found.get("heading"), "heading", kind),
                text=_text(notes, found.get("text"), "text", kind),
                list=notes.one_of(found.get("list"), "list", sorted(known.lists)),
                only_if=notes.one_of(found.get("only_if"), "only_if", sorted(known.words | known.lists)),
                otherwise=_text(notes, found.get("otherwise"), "otherwise", kind),
                place=item.place,
            )
        )
    if node is not None and not parts:
        notes.add("empty-block", node.place, key="parts")
    return tuple(parts)


def _text(notes: Notes, node: Node | None, what: Any, kind: str | None) -> Text | None:
    text = notes.text(node, what)
    if isinstance(node, Table) and kind:
        for word in (node.get("id"), node.get("en")):
            if isinstance(word, Word):
                _check_blanks(notes, word, KINDS[kind], kind)
    return text


def _check_blanks(notes: Notes, word: Word, kind: Kind, name: str) -> None:
    if (at := stray_brace(word.text)) is not None:
        notes.add("bad-blank", word.part(at))
    for blank, at in blanks_in(word.text):
        if blank not in kind.words:
            known = ", ".join(sorted(kind.words))
            guess = closest(blank, kind.words)
            notes.add(
                "no-such-blank", word.part(at, len(blank)), name=blank, kind=name, known=known, did_you_mean=guess
            )
