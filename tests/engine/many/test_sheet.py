"""A sheet works out what some outputs need, each column once, and lets go of it after its last use."""

import polars as pl
import pytest

from engine.knowledge.model import HOUSEHOLD, PERSON
from engine.many.sheet import Schedule, Sheet, name_of

HOUSEHOLDS = pl.DataFrame({"h": [0, 1, 2], "household.income": [10.0, None, 30.0]}, schema_overrides={"h": pl.UInt32})
PERSONS = pl.DataFrame(
    {"h": [0, 0, 1], "seat": ["001", "002", "001"], "person.age": [40.0, 7.0, None]}, schema_overrides={"h": pl.UInt32}
)


@pytest.fixture
def sheet():
    return Sheet()


def worked(sheet, *outputs):
    tables = {HOUSEHOLD: HOUSEHOLDS, PERSON: PERSONS}
    return Schedule(sheet, outputs).run(tables)


def test_a_kept_column_is_worked_out_once(sheet):
    """Keeping what is kept already adds no step."""
    doubled = sheet.keep(sheet.input("income", HOUSEHOLD) * 2)

    assert sheet.keep(doubled) is doubled
    assert len(sheet.steps) == 1
    assert worked(sheet, doubled)[HOUSEHOLD][name_of(doubled)].to_list() == [20.0, None, 60.0]


def test_members_see_what_their_household_is(sheet):
    """Each person of a household gets the household's value; asked twice it is one step."""
    income = sheet.input("income", HOUSEHOLD)

    assert sheet.seen(income) is sheet.seen(income)
    assert worked(sheet, sheet.seen(income))[PERSON][name_of(sheet.seen(income))].to_list() == [10.0, 10.0, None]


@pytest.mark.parametrize(
    ("how", "empty", "expected"),
    [("min", -1.0, [7.0, -1.0, -1.0]), ("max", None, [40.0, None, None]), ("sum", 0.0, [47.0, 0.0, 0.0])],
)
def test_members_are_gathered_into_their_household(sheet, how, empty, expected):
    """Nulls are passed over; a household without members gets what is said for it."""
    found = sheet.gathered(sheet.input("age", PERSON), how, empty)

    assert worked(sheet, found)[HOUSEHOLD].sort("h")[name_of(found)].to_list() == expected


def test_only_what_the_outputs_need_is_worked_out(sheet):
    """A step that leads to no output is not run, and its input need not be there."""
    wanted = sheet.keep(sheet.input("income", HOUSEHOLD) + 1)
    sheet.keep(sheet.input("nowhere", HOUSEHOLD) + 1)
    schedule = Schedule(sheet, [wanted])

    assert schedule.inputs == {"household.income": "income"}
    assert [len(stage.steps) for stage in schedule.stages] == [1]


def test_columns_are_dropped_after_their_last_use(sheet):
    """At the end the tables hold their keys and the outputs, nothing between."""
    between = sheet.keep(sheet.input("income", HOUSEHOLD) + 1)
    output = sheet.keep(between * 2)

    assert worked(sheet, output)[HOUSEHOLD].columns == ["h", name_of(output)]


def test_crossings_are_put_together(sheet):
    """Whatever members see and whatever is gathered from them takes one join each, however many columns it is."""
    ages = sheet.input("age", PERSON)
    income = sheet.input("income", HOUSEHOLD)
    outputs = [sheet.gathered(ages, how, 0.0) for how in ("min", "max", "sum")]
    outputs += [sheet.seen(income), sheet.seen(sheet.keep(income * 2))]
    crossings = [stage for stage in Schedule(sheet, outputs).stages if stage.kind == "cross"]

    assert [len(stage.steps) for stage in crossings] == [3, 2]


def test_division_is_that_of_floats(sheet):
    """Divided by one number for all, every quotient is the float that Python gives."""
    frame = pl.DataFrame(
        {"h": range(3000), "household.n": [float(n) for n in range(3000)]}, schema_overrides={"h": pl.UInt32}
    )
    quotient = sheet.keep(sheet.input("n", HOUSEHOLD) / 146_097)
    tables = {HOUSEHOLD: frame, PERSON: PERSONS}
    found = Schedule(sheet, [quotient]).run(tables)[HOUSEHOLD][name_of(quotient)].to_list()

    assert found == [n / 146_097 for n in range(3000)]
