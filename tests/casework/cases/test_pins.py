"""The PIN of a case: it opens that case alone, and whoever guesses is locked out longer and longer without learning why."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.cases import pins
from casework.cases.models import Case, DayCount
from casework.cases.opening import open_case
from casework.refusals import NotAllowed, NotFound
from casework.staff.actors import APPLICANT, Area
from tests.casework import stage

PIN, WRONG = "12345678", "87654321"
# What says the same whatever the database is tried on one of them.
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def number(database, office):
    """Give the number of a case with a PIN."""
    with database.work() as work:
        case = open_case(work, office, stage.household(work, "Siti"), [("pkh", None)], "self")
        pins.set_pin(case, PIN)
        return case.number


def tried(database, number, pin):
    with database.work(APPLICANT) as work:
        found = pins.opens(work, number, pin)
        return found and found.number


def fail(database, number, times):
    assert [tried(database, number, WRONG) for _ in range(times)] == [None] * times


def test_number_and_pin_open_the_case(database, number):
    """However they are set apart, and the number without its letters too."""
    typed = [number, number.lower(), number.replace("-", " "), number.removeprefix("KDR-")]

    assert [tried(database, one, pin) for one in typed for pin in (PIN, "1234 5678")] == [number] * 8


@pytest.mark.parametrize("pin", ["", WRONG, PIN[:-1], PIN + "0", " ", "' OR 1=1"])
def test_nothing_else_opens_it(sqlite, office, pin):
    """Neither part of it nor more."""
    with sqlite.work() as work:
        case = open_case(work, office, stage.household(work, "Siti"), [("pkh", None)], "self")
        pins.set_pin(case, PIN)

    assert tried(sqlite, case.number, pin) is None


def test_a_case_without_a_pin_is_opened_by_none(sqlite, office):
    """One that the desk opened, until a PIN is given."""
    with sqlite.work() as work:
        number = open_case(work, office, stage.household(work, "Siti"), [("pkh", None)], "counter").number

    assert [tried(sqlite, number, pin) for pin in ("", "nobody's PIN", PIN)] == [None] * 3


@pytest.mark.parametrize("number", ["", "KDR-2026-000999-1", "x", "KDR-2026-000001-0", "%"])
def test_an_unknown_number_is_answered_as_a_wrong_pin_is(sqlite, number):
    """With nothing."""
    assert tried(sqlite, number, PIN) is None


def test_after_some_failures_even_the_right_pin_waits(database, number, clock):
    """A minute, and then it opens."""
    fail(database, number, pins.FREE_FAILURES)
    assert tried(database, number, PIN) == number
    fail(database, number, pins.FREE_FAILURES + 1)
    assert tried(database, number, PIN) is None
    clock.moment += timedelta(seconds=61)

    assert tried(database, number, PIN) == number


@ON_SQLITE
def test_each_further_failure_locks_for_longer_up_to_a_day(database, number, clock):
    """One, two, four minutes; what is tried while it is locked counts neither way."""
    fail(database, number, pins.FREE_FAILURES)
    waits = []
    for _ in range(14):
        fail(database, number, 3)
        with database.reading() as work:
            until = work.session.scalar(select(Case.pin_locked_until))
        waits.append(until - clock.moment)
        clock.moment = until

    assert waits[:4] == [timedelta(minutes=2**at) for at in range(4)]
    assert waits[-1] == timedelta(hours=24)


@ON_SQLITE
def test_a_right_pin_forgives_the_failures_before(database, number):
    """Whoever mistypes now and then is never locked."""
    for _ in range(5):
        fail(database, number, pins.FREE_FAILURES)
        assert tried(database, number, PIN) == number


def test_on_a_day_only_so_many_wrong_ones_are_taken_over_all_cases(sqlite, office, monkeypatch, clock):
    """Who guesses at many cases is stopped too; the next day it is open again."""
    monkeypatch.setattr(pins, "WRONG_A_DAY", 3)
    with sqlite.work() as work:
        cases = [open_case(work, office, stage.household(work, name), [("pkh", None)], "self") for name in "ABCD"]
        for case in cases:
            pins.set_pin(case, PIN)
    for case in cases[:3]:
        fail(sqlite, case.number, 1)
    assert tried(sqlite, cases[3].number, PIN) is None
    clock.moment += timedelta(days=1)

    assert tried(sqlite, cases[3].number, PIN) == cases[3].number


def test_the_pin_is_nowhere_in_the_clear(database, number):
    """Only its hash is kept, and the count of failures says of nobody."""
    tried(database, number, WRONG)
    with database.reading() as work:
        hash_ = work.session.scalar(select(Case.pin_hash))
        counted = work.session.execute(select(DayCount.day, DayCount.what, DayCount.count)).all()
    assert hash_.startswith("$argon2id$") and PIN not in hash_
    assert counted == [(database.now().date(), "wrong_pin", 1)]


@ON_SQLITE
def test_at_the_desk_a_new_pin_is_given_and_the_old_one_is_void(database, number):
    """Which unlocks the case too, and is on the record."""
    fail(database, number, pins.FREE_FAILURES + 1)
    with database.work() as work:
        desk = stage.actor(work, "applicant_desk")
    with database.work(desk) as work:
        new = pins.give_anew(work, work.session.scalar(select(Case)))
        assert [one.action for one in work.records] == ["case.pin_given"]

    assert len(new) == pins.DIGITS and new.isdecimal()
    assert (tried(database, number, PIN), tried(database, number, new)) == (None, number)


@pytest.mark.parametrize(
    ("role", "area", "why"),
    [("rt_rw", Area(stage.VILLAGE), NotAllowed), ("applicant_desk", Area(stage.OTHER_VILLAGE), NotFound)],
)
def test_a_new_pin_is_given_only_by_a_desk_that_has_the_case(sqlite, office, role, area, why):
    """Others cannot open a case to themselves."""
    with sqlite.work() as work:
        actor = stage.actor(work, role, area)
        open_case(work, office, stage.household(work, "Siti"), [("pkh", None)], "self")
    with pytest.raises(why), sqlite.work(actor) as work:
        pins.give_anew(work, work.session.scalar(select(Case)))


def test_two_groups_are_easily_copied():
    """Four digits and four."""
    assert pins.spaced("12345678") == "1234 5678"
