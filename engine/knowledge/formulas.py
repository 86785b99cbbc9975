"""The formulas of computed facts: read with Python's grammar, allowed by a list, never run as Python.

A formula text becomes a small tree of this module's own nodes. Evaluation is three-valued (Kleene 1938) and
carries certainty: every value comes with how sure it is, unknown is a value with certainty 0.
"""

import ast
import math
import operator
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from engine import certainty
from engine.knowledge.problems import Problem, closest
from engine.knowledge.read import Word

Known = tuple[Any, float]
UNKNOWN: Known = (None, 0.0)
MEMBER_FUNCTIONS = {
    "sum_of_members": (1, 1),
    "count_of_members": (0, 1),
    "count_yes_of_members": (1, 1),
    "min_of_members": (1, 1),
    "max_of_members": (1, 1),
    "of_member": (2, 2),
}
FUNCTIONS = {
    "min": (2, 99),
    "max": (2, 99),
    "abs": (1, 1),
    "round": (1, 1),
    "floor": (1, 1),
    "ceil": (1, 1),
    "years_between": (2, 2),
    "months_between": (2, 2),
    "days_between": (2, 2),
    "lookup": (2, 9),
    "brackets": (2, 2),
    **MEMBER_FUNCTIONS,
}
PARAMETER_FUNCTIONS = ("lookup", "brackets")
LARGEST = 1e18
_CHAINS = 3
_BARE_DATE = re.compile(r"(?<!['\"\d])\d{4}-\d{2}-\d{2}(?!['\"\d])")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%"}
_COMPARISONS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Const:
    value: Any
    at: int = 0
    width: int = 1


@dataclass(frozen=True, slots=True)
class Name:
    id: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Arithmetic:
    op: str
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True, slots=True)
class Minus:
    item: "Tree"


@dataclass(frozen=True, slots=True)
class Compare:
    op: str
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True, slots=True)
class Logic:
    op: str
    items: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Not:
    item: "Tree"


@dataclass(frozen=True, slots=True)
class Choose:
    test: "Tree"
    then: "Tree"
    other: "Tree"


@dataclass(frozen=True, slots=True)
class Among:
    item: "Tree"
    options: tuple["Tree", ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    args: tuple["Tree", ...]
    at: int = 0


Tree = Const | Name | Arithmetic | Minus | Compare | Logic | Not | Choose | Among | Call


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as written and as understood."""

    word: Word
    tree: Tree


class Scope(Protocol):
    """What a formula can see while it is worked out: one subject, one day, one pass."""

    day: date

    def known(self, name: str) -> Known: ...

    def members(self) -> "list[Scope]": ...

    @property
    def some_unlisted(self) -> bool: ...

    def table(self, parameter: str, keys: list[Known]) -> Known: ...

    def brackets(self, parameter: str) -> tuple[tuple[float, float], ...] | None: ...


class _NotAllowed(Exception):
    def __init__(self, code: str, node: ast.AST, **details: Any) -> None:
        self.code, self.node, self.details = code, node, details


def parse_formula(word: Word) -> Formula | Problem:
    """Read a formula (design 3.1, *Formulas*).

    Returns:
        The formula, or the first problem in it.
    """
    text = word.text.strip()
    begin = word.text.find(text)
    if found := _BARE_DATE.search(text):
        return Problem("bare-date", word.part(begin + found.start(), 10), {"date": found[0]})
    if len(text) > 2000:
        return Problem("unreadable-formula", word.place, {"what": text[:40] + "…"})
    try:
        return Formula(word, _node(_parsed(text, begin), 0))
    except SyntaxError as error:
        inside = error.lineno == 1 and error.offset is not None and error.offset <= len(text)
        place = word.part(begin + max(0, error.offset - 1)) if inside else word.place
        return Problem("unreadable-formula", place, {"what": text[:60]})
    except (RecursionError, MemoryError, ValueError):
        return Problem("unreadable-formula", word.place, {"what": text[:60]})
    except _NotAllowed as refused:
        place = word.part(getattr(refused.node, "col_offset", 0), _width(refused.node))
        return Problem(refused.code, place, refused.details)


def _parsed(text: str, begin: int) -> ast.expr:
    """Parse with Python's grammar; its places, in bytes, become places in the word, in characters."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text, mode="eval").body
    raw = text.encode()
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            node.col_offset = begin + len(raw[: node.col_offset].decode(errors="ignore"))
            node.end_col_offset = begin + len(raw[: node.end_col_offset].decode(errors="ignore"))
    return tree


def _width(node: ast.AST) -> int:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return len(node.func.id)
    return max(1, (getattr(node, "end_col_offset", None) or 0) - getattr(node, "col_offset", 0))


def _node(node: ast.AST, depth: int) -> Tree:
    if depth > 60:
        raise _NotAllowed("unreadable-formula", node, what="…")
    deeper = depth + 1
    match node:
        case ast.Constant(value=bool() | int() | float() as value):
            if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) > LARGEST:
                raise _NotAllowed("unreadable-formula", node, what=str(value)[:20])
            return Const(value, node.col_offset, _width(node))
        case ast.Constant(value=str() as value):
            return Const(_date_or_text(value, node), node.col_offset, _width(node))
        case ast.Name(id="true" | "false" as word):
            return Const(word == "true", node.col_offset, len(word))
        case ast.Name(id=name):
            return Name(name, node.col_offset)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            return Arithmetic(_ARITHMETIC[type(op)], _node(left, deeper), _node(right, deeper))
        case ast.UnaryOp(op=ast.USub(), operand=item):
            return Minus(_node(item, deeper))
        case ast.UnaryOp(op=ast.Not(), operand=item):
            return Not(_node(item, deeper))
        case ast.BoolOp(op=op, values=items):
            return Logic("and" if isinstance(op, ast.And) else "or", tuple(_node(item, deeper) for item in items))
        case ast.IfExp(test=test, body=then, orelse=other):
            return Choose(_node(test, deeper), _node(then, deeper), _node(other, deeper))
        case ast.Compare():
            return _comparison(node, deeper)
        case ast.Call(func=ast.Name(id=function), args=args, keywords=[]):
            return _call(function, args, node, deeper)
    raise _NotAllowed("unreadable-formula", node, what=_shown(node))


def _comparison(node: ast.Compare, depth: int) -> Tree:
    sides = [node.left, *node.comparators]
    # The inner sides of a chain are worked out twice, so chains within chains double with every level.
    inner = [part for side in sides[1:-1] for part in ast.walk(side) if isinstance(part, ast.Compare)]
    if sum(len(part.ops) > 1 for part in inner) > _CHAINS:
        raise _NotAllowed("unreadable-formula", node, what=_shown(node))
    links: list[Tree] = []
    for left, op, right in zip(sides, node.ops, sides[1:], strict=False):
        if isinstance(op, ast.In | ast.NotIn) and isinstance(right, ast.List | ast.Tuple):
            options = tuple(_node(item, depth) for item in right.elts)
            links.append(Among(_node(left, depth), options, isinstance(op, ast.NotIn)))
        elif type(op) in _COMPARISONS:
            links.append(Compare(_COMPARISONS[type(op)], _node(left, depth), _node(right, depth)))
        else:
            raise _NotAllowed("unreadable-formula", node, what=_shown(node))
    return links[0] if len(links) == 1 else Logic("and", tuple(links))


def _call(function: str, args: list[ast.expr], node: ast.AST, depth: int) -> Tree:
    if function not in FUNCTIONS:
        known = ", ".join(FUNCTIONS)
        raise _NotAllowed(
            "unknown-function", node, name=function, known=known, did_you_mean=closest(function, FUNCTIONS)
        )
    fewest, most = FUNCTIONS[function]
    if not fewest <= len(args) <= most:
        expected = fewest if len(args) < fewest else most
        raise _NotAllowed("wrong-number-of-inputs", node, name=function, expected=expected, found=len(args))
    return Call(function, tuple(_node(arg, depth) for arg in args), getattr(node, "col_offset", 0))


def _date_or_text(value: str, node: ast.AST) -> date | str:
    found = _DATE.fullmatch(value)
    if not found:
        return value
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        raise _NotAllowed("impossible-date", node, value=value) from None


def _shown(node: ast.AST) -> str:
    try:
        return ast.unparse(node)[:60]
    except (ValueError, RecursionError):
        return type(node).__name__


def names_in(tree: Tree, inside_member: bool = False) -> Iterator[tuple[Name, bool]]:
    """Walk the names of a formula; with each, whether it stands inside a member function."""
    match tree:
        case Name():
            yield tree, inside_member
        case Call(function=function, args=args):
            inner = inside_member or function in MEMBER_FUNCTIONS
            for arg in args:
                yield from names_in(arg, inner)
        case _:
            for child in children(tree):
                yield from names_in(child, inside_member)


def calls_in(tree: Tree, functions: tuple[str, ...]) -> Iterator[Call]:
    """Walk the calls of some functions."""
    if isinstance(tree, Call) and tree.function in functions:
        yield tree
    for child in children(tree):
        yield from calls_in(child, functions)


def children(tree: Tree) -> tuple[Tree, ...]:
    """Give the parts of a node."""
    match tree:
        case Arithmetic(_, left, right) | Compare(_, left, right):
            return (left, right)
        case Minus(item) | Not(item):
            return (item,)
        case Logic(_, items):
            return items
        case Choose(test, then, other):
            return (test, then, other)
        case Among(item, options, _):
            return (item, *options)
        case Call(_, args, _):
            return args
    return ()


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
