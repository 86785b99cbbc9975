"""Which services exclude each other, and for whom (design 5.5)."""

import pytest

from engine.knowledge.exclusion import clashes, components, excludes
from engine.knowledge.parse import parse
from engine.knowledge.read import read_text

TWO = "{id: Satu, en: One}"
GROUPS = f"exclusivity: {{each: {{name: {TWO}, one_per: person}}, home: {{name: {TWO}, one_per: household}}}}\n"


def clashing(**services):
    """Give the clashes between services, each written as whom it is for and its keys."""
    lines = [
        f"  {name}: {{program: p, name: {TWO}, for: {for_}{', ' + keys if keys else ''}}}\n"
        for name, (for_, keys) in services.items()
    ]
    knowledge, problems = parse([read_text(GROUPS + "services:\n" + "".join(lines), "x")], "edition")
    assert problems == []
    return clashes(knowledge)


def test_not_with_goes_both_ways_whoever_says_it():
    """And only for one subject, or between the household's and a member's."""
    found = clashing(a=("person", "not_with: [b]"), b=("person", ""), c=("person", ""))

    assert set(found) == {("a", "b"), ("b", "a")}
    assert excludes(found["a", "b"], "ibu", "ibu") and excludes(found["a", "b"], "household", "ibu")
    assert not excludes(found["a", "b"], "ibu", "ayah")


def test_a_group_joins_each_with_each():
    """`one_per: person` as `not_with` does; `one_per: household` any two members' as well, of one service too."""
    each = clashing(a=("person", "exclusive: [each]"), b=("household", "exclusive: [each]"), c=("person", ""))
    home = clashing(a=("person", "exclusive: [home]"), b=("household", "exclusive: [home]"))

    assert set(each) == {("a", "b"), ("b", "a")} and not each["a", "b"].anywhere
    assert set(home) == {("a", "b"), ("b", "a"), ("a", "a")} and home["a", "a"].anywhere
    assert excludes(home["a", "a"], "ibu", "ayah")


@pytest.mark.parametrize("who", ["a", "b"])
def test_what_may_be_combined_wins_over_groups(who):
    """Whichever of the two says it."""
    keys = dict.fromkeys("ab", "exclusive: [each, home]")
    keys[who] += f", may_combine: [{'b' if who == 'a' else 'a'}]"

    assert set(clashing(a=("household", keys["a"]), b=("household", keys["b"]))) == set()


def test_no_clash_excludes_nobody():
    """Two services that have nothing to do with each other."""
    assert not excludes(None, "ibu", "ibu")


def test_components_are_what_is_connected():
    """Each in the order of its first vertex."""
    edges = dict.fromkeys([("a", "c"), ("c", "a"), ("d", "e"), ("e", "d")])

    assert components("abcde", edges) == [{"a", "c"}, {"b"}, {"d", "e"}]
