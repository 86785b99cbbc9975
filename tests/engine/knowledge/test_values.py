"""A word either is what its type says, or it is refused with the reason; nothing is guessed."""

from datetime import date

import pytest

from engine.knowledge import values
from engine.knowledge.model import Fact, Region, Text
from engine.knowledge.read import Listing, Place
from engine.knowledge.values import BadValue, nowhere

NOWHERE = Place("")
REGIONS = {code: Region(code, code, None, NOWHERE) for code in ("35.06", "35.06.01")}
FLOORS = {name: Text(name) for name in ("soil", "cement", "tile")}


def fact(type_, **more):
    return Fact("it", "household", type_, Text("It"), NOWHERE, **more)


def read(one, text):
    return values.value_of(one, nowhere(text), REGIONS, date(2026, 3, 1))


@pytest.mark.parametrize(
    ("one", "text", "value"),
    [
        (fact("boolean"), "Ya", True),
        (fact("boolean"), "no", False),
        (fact("integer"), "1_500_000", 1_500_000),
        (fact("integer"), "3.0", 3),
        (fact("integer"), "-2", -2),
        (fact("money"), "1200000", 1_200_000),
        (fact("number"), "2.50", 2.5),
        (fact("number"), "7", 7),
        (fact("date"), "2024-02-29", date(2024, 2, 29)),
        (fact("choice", choices=FLOORS), "soil", "soil"),
        (fact("region"), "35.06.01", "35.06.01"),
        (fact("region"), "35.06.01.2003", "35.06.01.2003"),
        (fact("text"), "0012", "0012"),
        (fact("choices", choices=FLOORS), "tile", ("tile",)),
        (fact("choices", choices=FLOORS), "none", ()),
    ],
)
def test_a_word_is_read_as_its_type(one, text, value):
    """Truths in either language, thousands with underscores, codes and texts as they are written."""
    found = read(one, text)

    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("one", "text", "code"),
    [
        (fact("boolean"), "1", "bad-boolean"),
        (fact("integer"), "1.5", "bad-whole-number"),
        (fact("integer"), "1.200.000", "bad-whole-number"),
        (fact("money"), "1,2 juta", "bad-whole-number"),
        (fact("number"), "1e3", "bad-number"),
        (fact("number"), "nan", "bad-number"),
        (fact("integer"), "9" * 30, "number-too-large"),
        (fact("date"), "1-3-1958", "bad-date"),
        (fact("date"), "2023-02-29", "impossible-date"),
        (fact("choice", choices=FLOORS), "soill", "not-a-choice"),
        (fact("choices", choices=FLOORS), "none, soil", "not-a-choice"),
        (fact("region"), "Kediri", "bad-region"),
        (fact("region"), "35.07.01", "unknown-region"),
        (fact("integer", low=1, high=10), "11", "out-of-range"),
        (fact("integer", low=1), "0", "out-of-range"),
        (fact("date", high="as_of"), "2026-03-02", "future-date"),
    ],
)
def test_what_is_no_value_is_refused_with_its_reason(one, text, code):
    """One problem, at the word, named by its code."""
    with pytest.raises(BadValue) as refused:
        read(one, text)

    assert refused.value.problem.code == code


def test_both_ends_of_a_range_lie_within_it():
    """A range is inclusive, and the day of the case may end it."""
    one = fact("integer", low=1, high=10)

    assert [read(one, text) for text in ("1", "10")] == [1, 10]
    assert read(fact("date", high="as_of"), "2026-03-01") == date(2026, 3, 1)


def test_several_choices_come_in_the_order_of_the_schema_each_once():
    """However they were told."""
    told = Listing(tuple(map(nowhere, ("tile", "soil", "tile"))), NOWHERE)

    assert values.value_of(fact("choices", choices=FLOORS), told, {}) == ("soil", "tile")


def test_while_no_region_is_listed_every_code_is_good():
    """A knowledge folder without regions can still hold addresses."""
    assert values.region(nowhere("35.78.01"), {}) == "35.78.01"


def test_a_part_of_a_region_must_be_listed_where_its_parts_are():
    """A village is taken within its listed sub-district; a sub-district that nobody listed is a mistake."""
    assert values.region(nowhere("35.06.01.2003"), REGIONS) == "35.06.01.2003"
    with pytest.raises(BadValue):
        values.region(nowhere("35.06.99"), REGIONS)
