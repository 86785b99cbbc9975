"""The blanks of letters: what each kind of letter can be filled with, and how a blank is written in a text.

Casework fills them (`casework.cases.letter_blanks`); a policy officer writes the text around them.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

BLANK = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


class Kind(NamedTuple):
    """A kind of letter: the words and the lists that it knows, those of every letter included."""

    words: frozenset[str]
    lists: frozenset[str] = frozenset()


_ALWAYS = frozenset({"office", "number", "today", "case", "officer", "officer_role", "recipient", "recipient_place"})
_DECISION = Kind(
    _ALWAYS
    | {"service", "whom", "decided_on", "decided_by", "diagnosed_on", "officer_reason"}
    | {"object_until", "object_days", "answer_days"},
    frozenset({"reasons", "sources", "to_bring", "not_checked"}),
)
KINDS = {
    "decision_granted": _DECISION,
    "decision_declined": _DECISION,
    "statement": Kind(_ALWAYS | {"service", "whom", "birth_date", "nik", "kk"}, frozenset({"facts"})),
    "request": Kind(
        _ALWAYS | {"service", "whom", "birth_date", "nik", "kk", "decided_on", "decided_by"},
        frozenset({"reasons", "sources", "papers"}),
    ),
    "referral": Kind(_ALWAYS | {"service", "whom", "to", "reason", "referral"}),
    "receipt": Kind(_ALWAYS | {"receipt", "received_on"}, frozenset({"papers"})),
    "objection_answer": Kind(_ALWAYS | {"objection", "received_on", "outcome", "answer"}),
}


def blanks_in(text: str) -> Iterator[tuple[str, int]]:
    """Give the blanks of a text, each with where its name begins."""
    yield from ((found[1], found.start(1)) for found in BLANK.finditer(text))


def stray_brace(text: str) -> int | None:
    """Give where a brace stands that belongs to no blank; None when there is none."""
    rest = BLANK.sub(lambda found: " " * len(found[0]), text)
    return next((place for place, mark in enumerate(rest) if mark in "{}"), None)
