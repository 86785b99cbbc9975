"""How long something takes is a number, or a range, of one unit."""

import pytest

from engine.knowledge.durations import Duration, duration_of


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("24 hours", Duration(24, 24, "hour")),
        ("1 day", Duration(1, 1, "day")),
        ("1 days", Duration(1, 1, "day")),
        ("3 working days", Duration(3, 3, "working day")),
        ("1 to 14 days", Duration(1, 14, "day")),
        ("2 weeks", Duration(2, 2, "week")),
        ("6 to 12 months", Duration(6, 12, "month")),
        ("5 years", Duration(5, 5, "year")),
    ],
)
def test_a_duration_is_a_number_or_a_range_of_a_unit(written, read):
    """Hours, days, working days, weeks, months, years; one or many."""
    assert duration_of(written) == read


@pytest.mark.parametrize(
    "written",
    ["", "days", "two weeks", "0 days", "14 to 1 days", "7 to 7 days", "3 decades", "1 to days", "٣ days", "lifetime"],
)
def test_anything_else_is_none(written):
    """No word for a number, no nothing, no range that falls or stands still."""
    assert duration_of(written) is None
