"""How the amount of a period is split into instalments of whole rupiah, so that the parts are the amount again."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from casework.refusals import Refused

MOST = 52
_WRITTEN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})")


class Instalment(NamedTuple):
    """One of so many parts, counted from 1."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def instalment(number: object, of: object) -> Instalment:
    """Read an instalment as somebody asks for it. Raises: Refused `payments-instalment`."""
    return read(f"{str(number).strip()}/{str(of).strip()}")


def read(written: str) -> Instalment:
    """Read an instalment as it is kept, `2/4`. Raises: Refused `payments-instalment`."""
    found = _WRITTEN.fullmatch(written)
    one = Instalment(int(found[1]), int(found[2])) if found else Instalment(0, 0)
    if not 1 <= one.number <= one.of <= MOST:
        raise Refused("payments-instalment", "number", most=MOST)
    return one


def split(amount: int, parts: int) -> tuple[int, ...]:
    """Split rupiah by largest remainder: no two parts differ by more than one, the larger come first."""
    each, over = divmod(amount, parts)
    return tuple(each + (part < over) for part in range(parts))


def part_of(amount: int, one: Instalment, given: Mapping[int, int]) -> int:
    """Give what is due in an instalment: its part of what the others have not given.

    An amount that a revised list changed is thereby made up for by the instalments that are left, and whatever their
    order, all of them together are the amount. Nothing (or less) is due of what was given already.

    Args:
        amount: The whole amount.
        one: The instalment; it was not given yet.
        given: What other instalments gave or are giving, by their numbers.
    """
    left = [number for number in range(1, one.of + 1) if number not in given]
    rest = amount - sum(given.values())
    return split(rest, len(left))[left.index(one.number)] if rest > 0 else 0
