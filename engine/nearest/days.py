"""The days ahead on which something becomes otherwise only because time passes."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from engine.knowledge import formulas
from engine.knowledge.formulas import Tree
from engine.knowledge.model import Value
from engine.nearest.otherwise import AS_OF

_DAY = timedelta(days=1)


def goes_one_way(tree: Tree) -> bool:
    """Say whether a formula can only rise, or only fall, as the days pass: time since something, held to a limit or not."""
    match tree:
        case formulas.Call("years_between" | "months_between" | "days_between", (start, end)):
            shifted = (
                isinstance(end, formulas.Arithmetic) and end.op in ("+", "-") and isinstance(end.right, formulas.Const)
            )
            return not _reads_day(start) and (end.left if shifted else end) == formulas.Name(AS_OF, _at(end))
        case formulas.Compare("<" | "<=" | ">" | ">=", left, right):
            return (goes_one_way(left) and not _reads_day(right)) or (goes_one_way(right) and not _reads_day(left))
    return False


def _at(tree: Tree) -> int:
    return tree.left.at if isinstance(tree, formulas.Arithmetic) else getattr(tree, "at", 0)


def _reads_day(tree: Tree) -> bool:
    return any(name.id == AS_OF for name, _ in formulas.names_in(tree))


def halving(value: Callable[[date], Value | None], first: date, last: date) -> Iterator[date]:
    """Give the days on which a value that goes one way is another than the day before."""
    if value(first) == value(last):
        return
    if last - first == _DAY:
        yield last
        return
    middle = first + (last - first) // 2
    yield from halving(value, first, middle)
    yield from halving(value, middle, last)


def day_by_day(value: Callable[[date], Value | None], first: date, last: date) -> Iterator[date]:
    """Give the days on which a value is another than the day before."""
    before = value(first)
    while first < last:
        first += _DAY
        now = value(first)
        if now != before:
            yield first
        before = now


def years_after(day: date, years: int) -> date:
    """Give the same day some years later; the last of February for a day that year does not have."""
    try:
        return day.replace(year=min(day.year + years, date.max.year))
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def after(day: date | None) -> date | None:
    return day + _DAY if day and day < date.max else None
