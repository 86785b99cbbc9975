"""A formula is read by Python's grammar and allowed by a list; what is not on it is refused where it stands."""

import pytest

from engine.knowledge.formulas import Formula, parse_formula
from engine.knowledge.problems import Problem
from engine.knowledge.read import read_text
from engine.knowledge.values import nowhere


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("born > 2016-12-01", "bare-date"),
        ("income +", "unreadable-formula"),
        ("__import__('os')", "unknown-function"),
        ("income.real", "unreadable-formula"),
        ("[x for x in income]", "unreadable-formula"),
        ("lambda: 1", "unreadable-formula"),
        ("max(1)", "wrong-number-of-inputs"),
        ("years_between(born)", "wrong-number-of-inputs"),
        ("medium(1, 2)", "unknown-function"),
        ("income ** 9", "unreadable-formula"),
        ("abs(" * 80 + "1" + ")" * 80, "unreadable-formula"),
        ("1 + " * 600 + "1", "unreadable-formula"),
    ],
)
def test_what_is_not_on_the_list_is_refused(text, code):
    """Nothing of Python runs; a slip is told with its code."""
    found = parse_formula(nowhere(text))

    assert isinstance(found, Problem) and found.code == code


def test_a_chain_may_stand_within_a_chain_but_not_without_end():
    """Each level doubles what is worked out, so a few are enough."""
    deep = "size"
    for _ in range(6):
        deep = f"0 <= abs(1 if 0 < {deep} < 9 else 2) < 9"

    assert isinstance(parse_formula(nowhere("0 <= abs(1 if 0 < size < 9 else 2) < 9")), Formula)
    assert isinstance(parse_formula(nowhere(deep)), Problem)


def test_a_mistake_stands_under_its_part_of_the_formula():
    """Behind letters of several bytes too."""
    word = read_text("computed: \"floor == 'tanah é' and medium(size, 2)\"\n", "x").node.get("computed")
    place = parse_formula(word).place

    assert (place.column, place.width) == (35, len("medium"))
