"""Many things, so many at a time: a database takes only so many values in one statement."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

_AT_ONCE = 2000
Thing = TypeVar("Thing")


def chunks(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    """Give things as lists of at most so many."""
    each = iter(things)
    while some := list(islice(each, _AT_ONCE)):
        yield some
