"""Read how long something takes or holds: `3 working days`, `1 to 14 days`.

The knowledge keeps such a time as it was written. Whoever has to say it, or to count with it, reads it here.
"""

import re
from typing import NamedTuple

UNITS = ("hour", "day", "working day", "week", "month", "year")
_DURATION = re.compile(rf"([1-9][0-9]{{0,3}})(?: to ([1-9][0-9]{{0,3}}))? ({'|'.join(UNITS)})s?")


class Duration(NamedTuple):
    """So many of one unit, or between two numbers of it."""

    least: int
    most: int
    unit: str


def duration_of(text: str) -> Duration | None:
    """Read a duration; None when the text is none, or when its range does not rise."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    least = int(found[1])
    most = int(found[2] or least)
    return Duration(least, most, found[3]) if most > least or not found[2] else None
