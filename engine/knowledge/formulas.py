"""The formulas of computed facts: read with Python's grammar, allowed by a list, never run as Python.

A formula text becomes a small tree of this module's own nodes. What it gives, `evaluate` knows for one subject and
`many.column_formulas` for many.
"""

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.knowledge.problems import Problem, closest
from engine.knowledge.read import Word

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
