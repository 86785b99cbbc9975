"""What was typed into the form, kept as it was typed.

A field is named `h.fact` for the household, `m2.fact` for one member, and `w.fact` where everybody is asked
about at once: the seats of those who were ticked, or `-` for nobody. A tick of received aid is a service, or
`service@seat`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.household import MEMBER_LIMIT

_OWN = ("as_of", "evidence", "papers", "aid", "members", "unlisted")
_BY_SEAT = ("w", "aid")
_MOST_VALUES = 4 * MEMBER_LIMIT


@dataclass
class Answers:
    """What was typed, and what there is to say about it, by field."""

    typed: Mapping[str, list[str]]
    members: int
    errors: dict[str, str] = field(default_factory=dict)

    def one(self, name: str) -> str:
        return next(iter(self.typed.get(name, [])), "")

    def all(self, name: str) -> list[str]:
        return list(self.typed.get(name, []))

    def hidden(self) -> list[tuple[str, str]]:
        """Give everything that was typed, for hidden fields."""
        return [(name, value) for name, values in self.typed.items() for value in values]


def answers_of(sent: Mapping[str, list[str]]) -> Answers:
    """Gather what was sent; only the form's own names are kept, and at most so many members."""
    kept = {
        name: values[:_MOST_VALUES]
        for name, values in sent.items()
        if name in _OWN or (name[:1] in ("h", "m", "w") and "." in name)
    }
    count = next(iter(sent.get("members", [])), "")
    members = int(count) if count.isascii() and count.isdecimal() and len(count) < 4 else 1
    return Answers(kept, max(1, min(members, MEMBER_LIMIT)))


def without_member(answers: Answers, seat: int) -> Answers:
    """Give the answers without one member; those behind it move up, in their own fields and where they are ticked."""
    moved: dict[str, list[str]] = {}
    for name, values in answers.typed.items():
        head, _, tail = name.partition(".")
        if head in _BY_SEAT:
            values = [kept for one in values if (kept := _moved_up(one, seat)) is not None]
        elif head[:1] == "m" and tail:
            number = _moved_up(head[1:], seat)
            if number is None:
                continue
            name = f"m{number}.{tail}"
        moved[name] = values
    return Answers(moved, max(1, answers.members - 1))


def _moved_up(said: str, seat: int) -> str | None:
    """Give a seat number, alone or behind `@`, as it is once one seat is gone; None for that seat itself."""
    service, at, number = said.rpartition("@")
    if not (number.isascii() and number.isdecimal()):
        return said
    return None if int(number) == seat else f"{service}{at}{int(number) - (int(number) > seat)}"
