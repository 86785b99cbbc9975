"""Work a formula out for one subject: three-valued (Kleene 1938), and with certainty.

Every value comes with how sure it is; unknown is a value with certainty 0.
"""

import math
import operator
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Protocol

from engine import certainty
from engine.knowledge.formulas import (
    LARGEST,
    MEMBER_FUNCTIONS,
    PARAMETER_FUNCTIONS,
    Among,
    Arithmetic,
    Call,
    Choose,
    Compare,
    Const,
    Logic,
    Minus,
    Name,
    Not,
    Tree,
)

Known = tuple[Any, float]
UNKNOWN: Known = (None, 0.0)
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Scope(Protocol):
    """What a formula can see while it is worked out: one subject, one day, one pass."""

    day: date

    def known(self, name: str) -> Known: ...

    def members(self) -> "list[Scope]": ...

    @property
    def some_unlisted(self) -> bool: ...

    def table(self, parameter: str, keys: list[Known]) -> Known: ...

    def brackets(self, parameter: str) -> tuple[tuple[float, float], ...] | None: ...


def evaluate(tree: Tree, scope: Scope) -> Known:
    """Work a formula out for one subject.

    Returns:
        The value and its certainty in 0..1 (the least among the inputs used); `(None, 0.0)` when unknown.

    Raises:
        Nothing, once `check` has accepted the formula.
    """
    return _EVALUATE[type(tree)](tree, scope)


def _const(tree: Const, scope: Scope) -> Known:
    return tree.value, 1.0


def _name(tree: Name, scope: Scope) -> Known:
    return (scope.day, 1.0) if tree.id == "as_of" else scope.known(tree.id)


def _minus(tree: Minus, scope: Scope) -> Known:
    value, sure = evaluate(tree.item, scope)
    return UNKNOWN if value is None else (-value, sure)


def _arithmetic(tree: Arithmetic, scope: Scope) -> Known:
    left, sure_left = evaluate(tree.left, scope)
    right, sure_right = evaluate(tree.right, scope)
    if left is None or right is None:
        return UNKNOWN
    return _finite(computed(tree.op, left, right), certainty.least((sure_left, sure_right)))


def computed(op: str, left: Any, right: Any) -> Any:
    """Work one operation out; None where it has no result.

    Division with a fraction on either side floors the quotient, and the rest is what is left of it, so that one
    household and many get the same from the same floats.
    """
    try:
        match op:
            case "+" | "-" if isinstance(left, date) and not isinstance(right, date):
                return left + timedelta(days=math.floor(right if op == "+" else -right))
            case "+" if isinstance(right, date):
                return right + timedelta(days=math.floor(left))
            case "+":
                return left + right
            case "-":
                return (left - right).days if isinstance(left, date) else left - right
            case "*":
                return left * right
            case "/":
                return left / right
            case "//" | "%" if isinstance(left, float) or isinstance(right, float):
                quotient = math.floor(left / right)
                return quotient if op == "//" else left - quotient * right
            case "//":
                return left // right
        return left % right
    except (ZeroDivisionError, OverflowError):
        return None


def _finite(value: Any, sure: float) -> Known:
    if value is None or (isinstance(value, int | float) and not (math.isfinite(value) and abs(value) <= LARGEST)):
        return UNKNOWN
    return value, sure


def _compare(tree: Compare, scope: Scope) -> Known:
    left, sure_left = evaluate(tree.left, scope)
    right, sure_right = evaluate(tree.right, scope)
    if left is None or right is None:
        return UNKNOWN
    return COMPARE[tree.op](left, right), certainty.least((sure_left, sure_right))


def _logic(tree: Logic, scope: Scope) -> Known:
    cfs = [certainty.compare(*evaluate(item, scope)) for item in tree.items]
    return certainty.claimed(certainty.least(cfs) if tree.op == "and" else certainty.greatest(cfs))


def _not(tree: Not, scope: Scope) -> Known:
    return certainty.claimed(certainty.negate(certainty.compare(*evaluate(tree.item, scope))))


def _choose(tree: Choose, scope: Scope) -> Known:
    holds, sure = evaluate(tree.test, scope)
    if holds is None:
        return UNKNOWN
    value, sure_branch = evaluate(tree.then if holds else tree.other, scope)
    return UNKNOWN if value is None else (value, certainty.least((sure, sure_branch)))


def _among(tree: Among, scope: Scope) -> Known:
    value, sure = evaluate(tree.item, scope)
    if value is None:
        return UNKNOWN
    cfs = []
    for option in tree.options:
        other, sure_other = evaluate(option, scope)
        holds = None if other is None else value == other
        cfs.append(certainty.compare(holds, certainty.least((sure, sure_other))))
    cf = certainty.greatest(cfs)
    return certainty.claimed(certainty.negate(cf) if tree.negated else cf)


def _called(tree: Call, scope: Scope) -> Known:
    if tree.function in MEMBER_FUNCTIONS:
        return _over_members(tree, scope)
    if tree.function in PARAMETER_FUNCTIONS:
        return _from_parameter(tree, scope)
    inputs = [evaluate(arg, scope) for arg in tree.args]
    if any(value is None for value, _ in inputs):
        return UNKNOWN
    result = _PLAIN[tree.function](*(value for value, _ in inputs))
    return _finite(result, certainty.least(sure for _, sure in inputs))


def _from_parameter(tree: Call, scope: Scope) -> Known:
    parameter = tree.args[0].id
    keys = [evaluate(arg, scope) for arg in tree.args[1:]]
    if any(value is None for value, _ in keys):
        return UNKNOWN
    if tree.function == "lookup":
        return scope.table(parameter, keys)
    scale = scope.brackets(parameter)
    amount, sure = keys[0]
    if scale is None:
        return UNKNOWN
    edges = [above for above, _ in scale[1:]] + [math.inf]
    parts = (max(0, min(amount, edge) - above) * rate for (above, rate), edge in zip(scale, edges, strict=True))
    return _finite(sum(parts), sure)


def _over_members(tree: Call, scope: Scope) -> Known:
    members = scope.members()
    if tree.function == "count_yes_of_members":
        known = [
            (value, sure) for value, sure in (evaluate(tree.args[0], member) for member in members) if value is not None
        ]
        return sum(value for value, _ in known), certainty.least(sure for _, sure in known)
    if scope.some_unlisted:
        return UNKNOWN
    if not tree.args:
        return len(members), 1.0
    inputs = [evaluate(tree.args[0], member) for member in members]
    if any(value is None for value, _ in inputs):
        return UNKNOWN
    sure = certainty.least(sure for _, sure in inputs)
    values = [value for value, _ in inputs]
    match tree.function:
        case "sum_of_members" | "count_of_members":
            return _finite(sum(values), sure)
        case "of_member":
            chosen = [member for member, value in zip(members, values, strict=True) if value]
            value, sure_value = evaluate(tree.args[1], chosen[0]) if len(chosen) == 1 else UNKNOWN
            return UNKNOWN if value is None else (value, certainty.least((sure, sure_value)))
    best = min if tree.function == "min_of_members" else max
    return (best(values), sure) if values else UNKNOWN


def months_between(start: date, end: date) -> int:
    """Count full months; a start day that the end month lacks counts on its last day; floored when reversed."""
    months = (end.year - start.year) * 12 + end.month - start.month
    last_day = (
        (date(end.year + end.month // 12, end.month % 12 + 1, 1) - timedelta(days=1)).day if end.year < 9999 else 31
    )
    return months - (end.day < min(start.day, last_day))


_PLAIN: dict[str, Callable[..., Any]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "round": round,
    "floor": math.floor,
    "ceil": math.ceil,
    "years_between": lambda start, end: months_between(start, end) // 12,
    "months_between": months_between,
    "days_between": lambda start, end: (end - start).days,
}
_EVALUATE: dict[type, Callable[[Any, Scope], Known]] = {
    Const: _const,
    Name: _name,
    Minus: _minus,
    Arithmetic: _arithmetic,
    Compare: _compare,
    Logic: _logic,
    Not: _not,
    Choose: _choose,
    Among: _among,
    Call: _called,
}
