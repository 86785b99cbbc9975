"""Formulas over columns: what `formulas` works out for one subject, as expressions for all of a table.

Every part of a formula is a `Cell`: what kind of value it gives, the value (null: unknown) and how sure it is (0
where unknown). Numbers are floats and dates are days counted from 0001-01-01, as `date.toordinal` counts them, so
that the same few operations serve every engine of columns.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple, Protocol

from engine import certainty
from engine.evaluate import COMPARE, computed
from engine.knowledge import formulas
from engine.knowledge.formulas import Tree
from engine.many.sheet import Col, Columns, Members, Sheet

LAST_DAY = date.max.toordinal()


class Cell(NamedTuple):
    """A value of a kind (boolean, number, date, text), and how sure it is; each a column, or the same for all."""

    kind: str
    value: Any
    sure: Any


class Sight(Protocol):
    """What a formula sees from one table, in one pass."""

    of: str
    sheet: Sheet
    on: Columns
    some_unlisted: Any

    def cell(self, name: str) -> Cell: ...

    def as_of(self) -> Any: ...

    def members(self) -> "Sight": ...

    def table(self, parameter: str, keys: list[Cell]) -> Cell: ...

    def brackets(self, parameter: str) -> tuple[tuple[float, float], ...] | None: ...

    def kind_of_parameter(self, parameter: str) -> str: ...


def plain(value: Any) -> Any:
    """Give a value as columns hold it: numbers as floats, dates as days."""
    if isinstance(value, date):
        return float(value.toordinal())
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def kind_of(value: Any) -> str:
    """Name the kind of a plain Python value."""
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case date():
            return "date"
    return "text"


def unknown_where(test: Any, value: Any, on: Columns) -> Any:
    """Give a value, unknown where a test holds."""
    return on.where(test, None, value)


def evaluate(tree: Tree, sight: Sight) -> Cell:
    """Work a formula out for every subject of a table (design 3.1); each part becomes a step."""
    cell = _EVALUATE[type(tree)](tree, sight)
    keep = sight.sheet.keep
    value = keep(cell.value)
    return Cell(cell.kind, value, keep(_sure_where_known(value, cell.sure, sight.on)))


def _sure_where_known(value: Any, sure: Any, on: Columns) -> Any:
    if not isinstance(value, Col):
        return sure if value is not None else 0.0
    return on.where(value.is_null(), 0.0, sure)


def _const(tree: formulas.Const, sight: Sight) -> Cell:
    return Cell(kind_of(tree.value), plain(tree.value), 1.0)


def _name(tree: formulas.Name, sight: Sight) -> Cell:
    return Cell("date", sight.as_of(), 1.0) if tree.id == "as_of" else sight.cell(tree.id)


def _minus(tree: formulas.Minus, sight: Sight) -> Cell:
    item = evaluate(tree.item, sight)
    return item if item.value is None else Cell("number", 0.0 - item.value, item.sure)


def _arithmetic(tree: formulas.Arithmetic, sight: Sight) -> Cell:
    left, right = evaluate(tree.left, sight), evaluate(tree.right, sight)
    dates = (left.kind == "date") + (right.kind == "date")
    kind = "date" if dates == 1 else "number"
    if left.value is None or right.value is None:
        return Cell(kind, None, 0.0)
    on = sight.on
    sure = certainty.least((left.sure, right.sure), on)
    if dates == 1:
        days = left.value + on.floor(right.value) if left.kind == "date" else on.floor(left.value) + right.value
        if tree.op == "-":
            days = left.value + on.floor(0.0 - right.value)
        return Cell(kind, unknown_where((days < 1) | (days > LAST_DAY), days, on), sure)
    return Cell(kind, finite(_computed(tree.op, left.value, right.value, on), on), sure)


def _computed(op: str, left: Any, right: Any, on: Columns) -> Any:
    if not isinstance(left, Col) and not isinstance(right, Col):
        return computed(op, left, right)
    match op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    right = unknown_where(right == 0, right, on)
    if right is None:
        return None
    if op == "/":
        return left / right
    quotient = on.floor(left / right)
    return quotient if op == "//" else left - quotient * right


def finite(value: Any, on: Columns) -> Any:
    """Give a number, unknown where it is beyond all bounds."""
    if value is None:
        return None
    return on.where((value >= -formulas.LARGEST) & (value <= formulas.LARGEST), value, None)


def _compare(tree: formulas.Compare, sight: Sight) -> Cell:
    left, right = evaluate(tree.left, sight), evaluate(tree.right, sight)
    if left.value is None or right.value is None:
        return Cell("boolean", None, 0.0)
    sure = certainty.least((left.sure, right.sure), sight.on)
    return Cell("boolean", COMPARE[tree.op](left.value, right.value), sure)


def _signed(cell: Cell, on: Columns) -> Any:
    return certainty.compare(cell.value, cell.sure, on)


def _claimed(cf: Any, sight: Sight) -> Cell:
    return Cell("boolean", *certainty.claimed(sight.sheet.keep(cf), sight.on))


def _logic(tree: formulas.Logic, sight: Sight) -> Cell:
    cfs = [_signed(evaluate(item, sight), sight.on) for item in tree.items]
    join = certainty.least if tree.op == "and" else certainty.greatest
    return _claimed(join(cfs, sight.on), sight)


def _not(tree: formulas.Not, sight: Sight) -> Cell:
    return _claimed(certainty.negate(_signed(evaluate(tree.item, sight), sight.on)), sight)


def _choose(tree: formulas.Choose, sight: Sight) -> Cell:
    test, then, other = (evaluate(part, sight) for part in (tree.test, tree.then, tree.other))
    on = sight.on
    value = on.where(test.value, then.value, other.value)
    value = unknown_where(on.unknown(test.value), value, on)
    sure = certainty.least((test.sure, on.where(test.value, then.sure, other.sure)), on)
    return Cell(then.kind, value, sure)


def _among(tree: formulas.Among, sight: Sight) -> Cell:
    item = evaluate(tree.item, sight)
    cfs = []
    for option in tree.options:
        other = evaluate(option, sight)
        holds = None if item.value is None or other.value is None else item.value == other.value
        cfs.append(certainty.compare(holds, certainty.least((item.sure, other.sure), sight.on), sight.on))
    cf = certainty.greatest(cfs, sight.on)
    return _claimed(certainty.negate(cf) if tree.negated else cf, sight)


def _called(tree: formulas.Call, sight: Sight) -> Cell:
    if tree.function in formulas.MEMBER_FUNCTIONS:
        return _over_members(tree, sight)
    if tree.function in formulas.PARAMETER_FUNCTIONS:
        return _from_parameter(tree, sight)
    inputs = [evaluate(arg, sight) for arg in tree.args]
    kind = inputs[0].kind if tree.function in ("min", "max") else "number"
    if any(one.value is None for one in inputs):
        return Cell(kind, None, 0.0)
    on = sight.on
    sure = certainty.least([one.sure for one in inputs], on)
    values = [one.value for one in inputs]
    if tree.function in ("min", "max"):
        # A least or greatest value skips what is unknown, which here makes the whole unknown.
        blank = [on.unknown(value) for value in values if isinstance(value, Col)]
        value = (on.smallest if tree.function == "min" else on.largest)(values, 0.0)
        for test in blank:
            value = unknown_where(test, value, on)
        return Cell(kind, value, sure)
    return Cell(kind, finite(_PLAIN[tree.function](sight, *values), on), sure)


def _from_parameter(tree: formulas.Call, sight: Sight) -> Cell:
    parameter = tree.args[0].id
    keys = [evaluate(arg, sight) for arg in tree.args[1:]]
    if tree.function == "lookup":
        return sight.table(parameter, keys)
    scale, (amount,) = sight.brackets(parameter), keys
    if scale is None or amount.value is None:
        return Cell("number", None, 0.0)
    total: Any = 0.0
    for place, (above, rate) in enumerate(scale):
        upper = scale[place + 1][0] if place + 1 < len(scale) else None
        inside = amount.value if upper is None else sight.on.where(amount.value > upper, upper, amount.value)
        total = total + sight.on.where(inside > above, inside - above, 0.0) * rate
    value = unknown_where(sight.on.unknown(amount.value), total, sight.on)
    return Cell("number", finite(value, sight.on), amount.sure)


def _over_members(tree: formulas.Call, sight: Sight) -> Cell:
    """Gather what members give: unknown as soon as one of them is, but for what is surely counted."""
    on, sheet, inside = sight.on, sight.sheet, sight.members()
    across = Members(sheet, on)

    def total(value: Any) -> Any:
        return sheet.gathered(value, "sum", 0.0)

    if tree.function == "count_yes_of_members":
        cell = evaluate(tree.args[0], inside)
        sure = on.where(on.unknown(cell.value), 1.0, cell.sure)
        return Cell("number", total(on.where(cell.value, 1.0, 0.0)), certainty.least(sure, across))
    if not tree.args:
        return Cell("number", unknown_where(sight.some_unlisted, total(1.0), on), 1.0)
    cell = evaluate(tree.args[0], inside)
    open_ = total(on.where(on.unknown(cell.value), 1.0, 0.0)) > 0
    sure = certainty.least(cell.sure, across)
    match tree.function:
        case "count_of_members":
            value, kind = total(on.where(cell.value, 1.0, 0.0)), "number"
        case "sum_of_members":
            value, kind = finite(total(on.where(on.unknown(cell.value), 0.0, cell.value)), on), "number"
        case "of_member":
            chosen = evaluate(tree.args[1], inside)
            kind = chosen.kind
            value = _of_the_only(cell.value, chosen.value, sight)
            sure_value = _of_the_only(cell.value, chosen.sure, sight)
            sure = certainty.least((sure, on.where(on.unknown(sure_value), 0.0, sure_value)), on)
        case _:
            kind = cell.kind
            value = None if cell.value is None else sheet.gathered(cell.value, tree.function[:3], None)
    return Cell(kind, unknown_where(open_ | sight.some_unlisted, value, on), sure)


def _of_the_only(test: Any, value: Any, sight: Sight) -> Any:
    """Give what the only member for whom a test holds has; unknown where there is none, or several."""
    on, sheet = sight.on, sight.sheet
    if value is None or not (isinstance(test, Col) or test):
        return None
    found = sheet.gathered(on.where(test, value, None), "max", None)
    many = sheet.gathered(on.where(test, 1.0, 0.0), "sum", 0.0)
    return unknown_where(many != 1, found, on)


def _round(sight: Sight, number: Any) -> Any:
    """Round half to even, as Python does."""
    if not isinstance(number, Col):
        return float(round(number))
    up = (number + 0.5).floor()
    odd = (up / 2).floor() * 2 != up
    return sight.on.where((up - number == 0.5) & odd, up - 1, up)


def _parts(sight: Sight, days: Any) -> tuple[Any, Any, Any]:
    """Split days into year, month and day of the civil calendar (after Hinnant 2013, `civil_from_days`)."""
    if not isinstance(days, Col):
        day = date.fromordinal(int(days))
        return float(day.year), float(day.month), float(day.day)
    keep, on = sight.sheet.keep, sight.on
    shifted = days + 305
    era = keep((shifted / 146097).floor())
    of_era = keep(shifted - era * 146097)
    year_of_era = keep(
        ((of_era - (of_era / 1460).floor() + (of_era / 36524).floor() - (of_era / 146096).floor()) / 365).floor()
    )
    of_year = keep(of_era - (year_of_era * 365 + (year_of_era / 4).floor() - (year_of_era / 100).floor()))
    place = keep(((of_year * 5 + 2) / 153).floor())
    day = keep(of_year - ((place * 153 + 2) / 5).floor() + 1)
    month = keep(on.where(place < 10, place + 3, place - 9))
    year = keep(year_of_era + era * 400 + on.where(month <= 2, 1.0, 0.0))
    return year, month, day


def _months_between(sight: Sight, start: Any, end: Any) -> Any:
    """Count full months; a start day that the end month lacks counts on its last day."""
    on = sight.on
    year, month, day = _parts(sight, start)
    end_year, end_month, end_day = _parts(sight, end)
    is_last = _parts(sight, end + 1)[2] == 1 if isinstance(end, Col) or end < LAST_DAY else True
    months = (end_year - year) * 12 + end_month - month
    return months - on.where((end_day < day) & _opposite(is_last), 1.0, 0.0)


def _opposite(truth: Any) -> Any:
    return ~truth if isinstance(truth, Col) else not truth


_PLAIN: dict[str, Callable[..., Any]] = {
    "abs": lambda sight, number: certainty.magnitude(number, sight.on),
    "round": _round,
    "floor": lambda sight, number: sight.on.floor(number),
    "ceil": lambda sight, number: 0.0 - sight.on.floor(0.0 - number),
    "years_between": lambda sight, start, end: sight.on.floor(_months_between(sight, start, end) / 12),
    "months_between": _months_between,
    "days_between": lambda sight, start, end: end - start,
}
_EVALUATE: dict[type, Callable[[Any, Sight], Cell]] = {
    formulas.Const: _const,
    formulas.Name: _name,
    formulas.Minus: _minus,
    formulas.Arithmetic: _arithmetic,
    formulas.Compare: _compare,
    formulas.Logic: _logic,
    formulas.Not: _not,
    formulas.Choose: _choose,
    formulas.Among: _among,
    formulas.Call: _called,
}
