"""From the wording of a letter to the letter: which wording fits, and what stands where its blanks were.

A blank is a name and nothing else: no text is ever run. What nobody filled stays visibly blank.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from casework.refusals import Refused
from engine.knowledge.blanks import BLANK, KINDS
from engine.knowledge.model import Knowledge, LetterPart, LetterTemplate, Text

GAP = "." * 24


@dataclass(frozen=True)
class Filling:
    """What the blanks of one letter hold, in its language; a word that is None is not known. `to`: whom it is addressed to."""

    words: dict[str, str | None]
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    to: tuple[str, ...] = ()

    def is_empty(self, name: str) -> bool:
        return not self.lists.get(name) and not self.words.get(name)


def wording(knowledge: Knowledge, letter: str, service: str | None = None) -> LetterTemplate:
    """Give a wording by its name; by a kind of letter, that for the service, else that for all. Raises: Refused."""
    if letter in knowledge.letters:
        return knowledge.letters[letter]
    of_kind = [one for one in knowledge.letters.values() if one.kind == letter]
    mine = [one for one in of_kind if service in [word.text for word in one.services]]
    found = mine or [one for one in of_kind if not one.services]
    if not found:
        raise Refused("letter-no-wording" if letter in KINDS else "letter-what", "letter")
    return found[0]


def paragraphs(template: LetterTemplate, filling: Filling, lang: str) -> list[dict[str, Any]]:
    """Give what a letter says, part by part, as plain data."""
    return [said for part in template.parts if (said := _part(part, filling, lang))]


def filled(text: Text, filling: Filling, lang: str) -> str:
    """Fill the blanks of a text; what is not known becomes a row of dots."""
    return BLANK.sub(lambda blank: filling.words.get(blank[1]) or GAP, text.in_(lang))


def _part(part: LetterPart, filling: Filling, lang: str) -> dict[str, Any] | None:
    needed = [name for name in (part.list, part.only_if) if name]
    if any(filling.is_empty(name) for name in needed):
        return {"heading": None, "text": filled(part.otherwise, filling, lang), "list": []} if part.otherwise else None
    return {
        "heading": filled(part.heading, filling, lang) if part.heading else None,
        "text": filled(part.text, filling, lang) if part.text else None,
        "list": list(filling.lists[part.list]) if part.list else [],
    }


def word(key: str, lang: str, **details: Any) -> str:
    """Give one of the fixed words of letters."""
    return _words()[key][lang].format(**details)


def role_word(role: str, lang: str) -> str:
    """Name a role as a letter does."""
    return word(f"role_{role}" if f"role_{role}" in _words() else "role_", lang)


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Mapping[str, str]]:
    text = Path(__file__).with_name("letter_words.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CBaseLoader)
