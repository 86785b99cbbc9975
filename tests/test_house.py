"""The laws of the house: who imports whom, and where certainty is reckoned."""

import ast
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
ALLOWED = {
    "engine": {"engine"},
    "casework": {"casework", "engine"},
    "webapp": {"webapp", "casework", "engine"},
    "tepat": {"tepat", "webapp", "casework", "engine"},
    "benchmarks": {"benchmarks", "engine", "casework", "webapp"},
}
CFS = {"cf", "cfs", "told", "premise", "contribution", "certainty", "sure", "c"}


def modules(room):
    return sorted((CHECKOUT / room).rglob("*.py"))


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.split(".")[0]


def test_imports_point_one_way():
    """webapp -> casework -> engine; the command may import all three, and nobody imports it."""
    rooms = set(ALLOWED) | {"tests"}
    wrong = [
        (path.name, name)
        for room, allowed in ALLOWED.items()
        for path in modules(room)
        for name in imported(path)
        if name in rooms and name not in allowed
    ]

    assert wrong == []


def test_the_engine_knows_no_web_and_no_database():
    """No Flask, no SQLAlchemy in engine/."""
    assert not {"flask", "sqlalchemy", "waitress"} & {name for path in modules("engine") for name in imported(path)}


def test_casework_knows_no_web():
    """No Flask in casework/."""
    assert not {"flask", "waitress"} & {name for path in modules("casework") for name in imported(path)}


def test_experta_has_one_door():
    """Only engine/inference.py imports experta."""
    found = {path.name for room in ALLOWED for path in modules(room) if "experta" in set(imported(path))}

    assert found == {"inference.py"}


def test_certainty_is_reckoned_in_one_room():
    """Outside certainty.py no operator, `min`, `max` or `abs` touches a CF by its name."""
    wrong = []
    for path in modules("engine"):
        if path.name == "certainty.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for operand in _reckoned(node):
                if _name(operand) in CFS:
                    wrong.append((path.name, node.lineno, ast.unparse(node)))

    assert wrong == []


def _reckoned(node):
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        return [node.left, node.right]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return [node.operand]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("min", "max", "abs"):
        return node.args
    return []


def _name(node):
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return node.slice.value
    return None
