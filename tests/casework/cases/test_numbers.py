"""Numbers that the office gives out."""

import threading
from datetime import UTC, datetime

import pytest

from casework.cases import numbers
from casework.cases.numbers import next_number


def test_a_number_says_its_series_year_and_serial(sqlite):
    """And ends in a check digit; another series counts for itself."""
    with sqlite.work() as work:
        found = [next_number(work, "case"), next_number(work, "case"), next_number(work, "objection")]

    assert found == ["KDR-2026-000001-7", "KDR-2026-000002-5", "SGH-2026-000001-7"]


def test_a_new_year_begins_anew(sqlite, clock):
    """Of every year the first number is 1, by the clock of Kediri."""
    with sqlite.work() as work:
        next_number(work, "case")
    clock.moment = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
    with sqlite.work() as work:
        assert next_number(work, "case").startswith("KDR-2027-000001-")


def test_nothing_is_skipped_or_given_out_twice(database):
    """Eight threads take numbers at once, some change their mind: what is kept is 1 to 20 without a gap."""
    kept, lock = [], threading.Lock()

    def take(times):
        for at in range(times):
            try:
                with database.work() as work:
                    number = next_number(work, "case")
                    if at % 3 == 2:
                        raise LookupError
            except LookupError:
                continue
            with lock:
                kept.append(number)

    threads = [threading.Thread(target=take, args=(4,)) for _ in range(7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(kept) == [numbers.written("case", 2026, at) for at in range(1, 22)]


@pytest.mark.parametrize("typed", ["KDR-2026-000123-7", " kdr 2026 000123 7", "kdr/2026/000123/7", "KDR20260001237"])
def test_a_number_is_read_however_it_is_set_apart(typed):
    """People type what they see on paper."""
    assert numbers.read(typed) == "KDR-2026-000123-7"


@pytest.mark.parametrize("at", range(4, 15))
def test_one_wrong_digit_is_noticed(at):
    """Whichever it is, and whatever stands there instead."""
    right = "KDR20260001237"
    wrong = [f"{right[: at - 1]}{digit}{right[at:]}" for digit in "0123456789" if digit != right[at - 1]]

    assert [numbers.read(one) for one in wrong] == [None] * 9


def test_words_are_no_number():
    """Nor is half of one."""
    assert [numbers.read(one) for one in ("", "Siti", "KDR-2026", "KDR-2026-000123")] == [None] * 4
