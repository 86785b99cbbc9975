"""What rests on what: an order for everything that can be worked out, and no circle."""

import pytest

from engine.knowledge.dependencies import circles, closure, strata

DIAMOND = {"top": {"left", "right"}, "left": {"base"}, "right": {"left", "input"}, "base": set()}


def test_each_stands_above_all_it_rests_on():
    """Inputs are not listed and count as nothing."""
    assert strata(DIAMOND) == {"base": 1, "left": 2, "right": 3, "top": 4}


def test_a_circle_has_no_order():
    """`check` refuses it before anybody asks."""
    with pytest.raises(ValueError, match="circle"):
        strata({"a": {"b"}, "b": {"a"}, "c": {"a"}})


@pytest.mark.parametrize(
    ("graph", "found"),
    [
        (DIAMOND, []),
        ({"a": {"a"}}, [["a", "a"]]),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}}, [["a", "b", "c", "a"]]),
        ({"a": {"b"}, "b": {"a"}, "c": {"d"}, "d": {"c"}}, [["a", "b", "a"], ["c", "d", "c"]]),
        ({"a": {"b", "c"}, "b": {"a"}, "c": {"a"}}, [["a", "b", "a"], ["c", "a", "c"]]),
        ({"x": {"a"}, "a": {"b"}, "b": {"a"}}, [["a", "b", "a"]]),
    ],
)
def test_every_circle_is_found_as_a_path_back_to_its_beginning(graph, found):
    """The shortest through its first name; what only leads into a circle is not in it."""
    assert circles(graph) == found


def test_a_closure_is_all_that_can_be_reached():
    """The beginning is part of it, inputs are too."""
    assert closure(DIAMOND, {"right"}) == {"right", "left", "base", "input"}
