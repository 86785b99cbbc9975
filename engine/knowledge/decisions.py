"""Open decisions of the office: what a decision concerns, where that is confirmed, and whether it is settled.

Whoever answers the question changes what it concerns and writes `confirmed: yes` there; nothing is noted a second time.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from engine.knowledge.model import Decision, Knowledge
from engine.knowledge.read import Place

# What a decision may concern. Rules have ids and everything else a name; the first shelf that has it is meant.
SHELVES = (
    *("parameters", "services", "rules", "exclusivity", "conclusions", "papers", "steps", "evidence", "sources"),
    *("facts", "offices", "letters", "bank_layouts"),
)
_SAID_ONCE = ("services", "exclusivity", "offices", "letters", "bank_layouts")


class Confirmation(NamedTuple):
    """One thing that says whether it is confirmed: its name (with the day a value begins), where it says so, what it says."""

    name: str
    place: Place
    confirmed: bool


def concerned(name: str, k: Knowledge) -> Any | None:
    """Give the thing that a decision names; None when there is none."""
    return next((shelf[name] for key in SHELVES if name in (shelf := getattr(k, key))), None)


def confirmations(name: str, k: Knowledge) -> Iterator[Confirmation]:
    """Give what says of a thing that it is confirmed: a parameter for each value, everything else once."""
    if name in k.parameters:
        for value in k.parameters[name].values:
            yield Confirmation(f"{name} {value.from_}", value.confirmed_at or value.place, value.confirmed)
    elif thing := next((shelf[name] for key in _SAID_ONCE if name in (shelf := getattr(k, key))), None):
        yield Confirmation(name, thing.confirmed_at or thing.place, thing.confirmed)


def is_settled(decision: Decision, k: Knowledge) -> bool:
    """Say whether everything that a decision concerns is confirmed, as far as it can be.

    One that concerns nothing that can be confirmed stays open until it is taken out of the file.
    """
    found = [one.confirmed for word in decision.concerns for one in confirmations(word.text, k)]
    return bool(found) and all(found)
