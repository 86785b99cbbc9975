"""What a change is, what may become of a fact, and which of several ways is told first."""

import math
from datetime import date
from typing import NamedTuple

from engine.household import Given
from engine.knowledge.model import Fact, Value

_MOST_VALUES = 12


class Change(NamedTuple):
    """One thing that would have to be otherwise, or better known: `document`, `time`, or for what stays `fixed`."""

    kind: str
    fact: str
    subject: str
    now: Value | None
    then: Value | None
    evidence: str | None = None
    on: date | None = None
    papers: tuple[str, ...] = ()


class Way(NamedTuple):
    """Changes that together make the answer a yes, none of them needless; `time` when one must be waited for."""

    changes: tuple[Change, ...]
    kind: str


class Step(NamedTuple):
    """A change, and what would then be told: under which key of the household; nothing for a day to come."""

    change: Change
    key: str = ""
    given: Given | None = None

    @property
    def slot(self) -> tuple[str, str]:
        """Give what only one step can say something about."""
        return (self.change.subject, self.key) if self.given else ("", "")


Steps = frozenset[Step]
Found = dict[Step, None]


def is_known(given: Given | None) -> bool:
    return given is not None and given.value is not None and given.certainty > 0


def can_be_found(fact: Fact, given: Given | None) -> bool:
    """Say whether an office may come to know a fact otherwise than it is told now.

    What only officers and registries know can be looked up while it is not known. Once known, a register can be brought up
    to date: it takes in whom it lacked, and measures anew. What an officer found stands.
    """
    if fact.computed or fact.format or fact.answered_by == "applicant" or fact.type in ("date", "text", "region"):
        return False
    if not is_known(given):
        return True
    listed = fact.type == "boolean" and given.value is False and fact.sensitive != "specific"
    return fact.answered_by == "registry" and (listed or fact.type in ("integer", "number", "money"))


def is_measured_anew(change: Change) -> bool:
    """Say whether a change is of a number that was known otherwise."""
    return change.now is not None and change.now != change.then and not isinstance(change.now, bool | str | tuple)


def may_become(fact: Fact, now: Value | None, then: Value) -> bool:
    """Say whether a fact that can come out otherwise can become this."""
    low, high = fact.low, fact.high
    return then != now and (low is None or then >= low) and (high is None or then <= high)


def any_value(fact: Fact) -> list[Value]:
    """Give the values a fact can take, when they are few."""
    match fact.type:
        case "boolean":
            return [True, False]
        case "choice":
            return list(fact.choices)
        case "integer" if fact.low is not None and fact.high is not None and fact.high - fact.low < _MOST_VALUES:
            return list(range(fact.low, fact.high + 1))
    return []


def nearest_values(test: str, limits: tuple, up: bool) -> list[Value] | None:
    """Give the values nearest to its limits with which a test holds (`up`) or fails; None when any value might do."""
    match test, up:
        case (("yes" | "no"), _):
            return [(test == "yes") == up]
        case ("at most", True) | ("above", False):
            return [math.floor(limits[0])]
        case ("at most", False) | ("above", True):
            return [math.floor(limits[0]) + 1]
        case ("at least", True) | ("below", False):
            return [math.ceil(limits[0])]
        case ("at least", False) | ("below", True):
            return [math.ceil(limits[0]) - 1]
        case "between", True:
            return [math.ceil(limits[0]), math.floor(limits[1])]
        case "between", False:
            return [math.ceil(limits[0]) - 1, math.floor(limits[1]) + 1]
        case ("is" | "is one of", True) | ("is not" | "is none of", False):
            return list(limits)
    return None


def soonest(found: list[Steps]) -> list[Steps]:
    """Leave out what asks for as much as another way and a later day, or for the same in other values."""

    def day(steps: Steps) -> date | None:
        return next((step.change.on for step in steps if step.change.on), None)

    def told(steps: Steps) -> frozenset:
        return frozenset(step.slot for step in steps if step.given)

    kept: list[Steps] = []
    for steps in sorted(found, key=lambda one: (len(one), day(one) or date.min)):
        if not any(told(one) <= told(steps) and (day(one) or date.min) <= (day(steps) or date.min) for one in kept):
            kept.append(steps)
    return kept


def way(steps: Steps) -> Way:
    changes = tuple(sorted((step.change for step in steps), key=_order_of_change))
    return Way(changes, "time" if any(change.on for change in changes) else "document")


def _order_of_change(change: Change) -> tuple:
    return (change.on or date.min, change.fact, change.subject, str(change.then))


def order(way: Way) -> tuple:
    return (
        len(way.changes),
        way.kind,
        max(change.on or date.min for change in way.changes),
        [_order_of_change(one) for one in way.changes],
    )
