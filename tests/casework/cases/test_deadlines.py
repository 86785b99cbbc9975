"""Working days, time limits, and what is late."""

from datetime import UTC, date, datetime

import pytest

from casework.cases.deadlines import (
    STEPS,
    add_working_days,
    due,
    is_working,
    overdue,
    step_due,
    working_days_after,
    working_days_between,
)
from casework.cases.transitions import CASE_STATES
from engine.knowledge.durations import duration_of

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # nine in the morning in Kediri
HOLIDAYS = (date(2026, 12, 25), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("since", "limit", "last"),
    [
        (MONDAY, "24 hours", date(2026, 11, 24)),
        (MONDAY, "72 hours", date(2026, 11, 26)),
        (MONDAY, "1 day", date(2026, 11, 24)),
        (MONDAY, "14 days", date(2026, 12, 7)),
        (MONDAY, "1 working day", date(2026, 11, 24)),
        (MONDAY, "5 working days", date(2026, 11, 30)),
        (MONDAY, "1 to 14 working days", date(2026, 12, 11)),
        (MONDAY, "2 weeks", date(2026, 12, 7)),
        (MONDAY, "3 months", date(2027, 2, 23)),
        (MONDAY, "1 year", date(2027, 11, 23)),
        (datetime(2026, 11, 27, 2, 0, tzinfo=UTC), "1 working day", date(2026, 11, 30)),
        (datetime(2026, 11, 28, 2, 0, tzinfo=UTC), "1 working day", date(2026, 11, 30)),
        (datetime(2026, 12, 24, 2, 0, tzinfo=UTC), "1 working day", date(2026, 12, 28)),
        (datetime(2026, 12, 31, 2, 0, tzinfo=UTC), "2 working days", date(2027, 1, 5)),
        (datetime(2027, 1, 30, 2, 0, tzinfo=UTC), "1 month", date(2027, 2, 28)),
        (datetime(2026, 11, 23, 18, 0, tzinfo=UTC), "1 day", date(2026, 11, 25)),
        (MONDAY, None, None),
        (MONDAY, "sebentar lagi", None),
    ],
)
def test_the_last_day_in_time(since, limit, last):
    """Of a range the longest; weekends and holidays do not count; the day is that of Kediri, seven hours ahead."""
    assert due(since, limit, HOLIDAYS) == last


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), 0),
        (date(2026, 11, 23), date(2026, 11, 24), 1),
        (date(2026, 11, 27), date(2026, 11, 30), 1),
        (date(2026, 12, 24), date(2026, 12, 28), 1),
        (date(2026, 11, 30), date(2026, 11, 27), -1),
    ],
)
def test_working_days_between_two_days(first, last, count):
    """The first day does not count, the last does."""
    assert working_days_between(first, last, HOLIDAYS) == count


def test_adding_and_counting_agree():
    """So many working days later there are so many working days between."""
    day = date(2026, 12, 1)

    assert [working_days_between(day, working_days_after(day, n, HOLIDAYS), HOLIDAYS) for n in range(60)] == [
        *range(60)
    ]


def test_the_knowledge_brings_its_own_calendar(office):
    """The same, with the holidays of an edition."""
    day = date(2026, 11, 23)

    assert add_working_days(office.knowledge, day, 3) == working_days_after(day, 3, office.knowledge.holidays)
    assert not is_working(date(2026, 11, 28), ()) and not is_working(HOLIDAYS[0], HOLIDAYS) and is_working(day, ())


def test_late_begins_the_day_after():
    """On the last day itself it still is in time; without a time limit nothing is late."""
    last = date(2026, 11, 24)

    assert [overdue(one, last) for one in (last, date(2026, 11, 23), date(2026, 11, 25), None)] == [
        False,
        True,
        False,
        False,
    ]


def test_every_step_has_a_limit_that_can_be_read():
    """Every state in which a case waits for somebody; what is over may stay."""
    assert [state for state in CASE_STATES if state not in STEPS] == ["closed", "withdrawn"]
    assert all(duration_of(limit) for limit in STEPS.values())
    assert step_due(MONDAY, "closed") is None


def test_what_is_urgent_is_due_within_a_day():
    """Whatever the step; and what may stay may stay."""
    assert step_due(MONDAY, "submitted", urgent=True) == date(2026, 11, 24)
    assert step_due(MONDAY, "submitted") == date(2026, 12, 2)
    assert step_due(MONDAY, "withdrawn", urgent=True) is None
