"""One meaning: what follows as columns is what follows by forward chaining."""

from datetime import date

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given

from engine.household_files import household_of
from engine.knowledge.model import HOUSEHOLD
from engine.knowledge.read import from_plain
from engine.many.answers import Many
from engine.many.column_plan import ColumnPlan
from engine.many.columns import Brought
from engine.many.sheet import name_of
from engine.many.tables import Tables, tables_of
from tests.engine.generated import CROWD, Case, Size, cases, examples
from tests.engine.many.conformance import tried

CHECKED = Size(households=6)


@examples(25)
@given(cases(CHECKED))
def test_both_evaluators_say_the_same_of_made_up_households(case: Case) -> None:
    """Outcome, status, advice, amount, papers and paid components are equal, and every CF to the last digit."""
    assert tried(case).differences == []


@examples(10)
@given(cases(CROWD))
def test_both_evaluators_say_the_same_of_large_households(case: Case) -> None:
    """The same with up to twelve members."""
    assert tried(case).differences == []


@pytest.fixture(scope="module")
def case():
    """An edition whose households name every service."""
    return Case(3, Size(households=12))


def test_households_of_different_days_are_answered_each_by_the_law_of_its_day(case):
    """Answers of all together equal those of each alone, whatever the order of their days."""
    together = Many(case.office).answer(tables_of(case.households, case.knowledge)).services
    alone = [Many(case.office).answer(tables_of([one], case.knowledge)).services for one in case.households]
    order = ["household_id", "service", "subject"]

    assert len({household.as_of for household in case.households}) > 2
    assert together.sort(order).equals(pl.concat(alone).sort(order))


def test_only_what_the_asked_services_rest_on_is_worked_out(case):
    """Asking for one service takes fewer steps than asking for all, and gives the same rows of it."""
    tables = tables_of(case.households, case.knowledge)
    name = next(iter(case.knowledge.services))
    order = ["household_id", "subject"]
    whole = Many(case.office).answer(tables).services.filter(pl.col("service") == name)

    assert steps_of(case, tables, [name]) < steps_of(case, tables, list(case.knowledge.services))
    assert (
        whole.select("cf", "status", *order)
        .sort(order)
        .equals(Many(case.office, [name]).answer(tables).services.select("cf", "status", *order).sort(order))
    )


def steps_of(case: Case, tables: Tables, services: list[str]) -> int:
    brought = Brought(frozenset(tables.households.columns), frozenset(tables.persons.columns), None)
    plan = ColumnPlan(case.office.plan(date(2025, 3, 1)), brought, services)
    return sum(len(stage.steps) for stage in plan.schedule.stages)


def test_the_number_of_steps_does_not_grow_with_the_households(case):
    """The same plan serves one household and a thousand: its stages are those of the knowledge."""
    few = tables_of(case.households[:1] * 2, case.knowledge)
    many = tables_of(case.households[:1] * 1000, case.knowledge)

    assert steps_of(case, few, ["service_0"]) == steps_of(case, many, ["service_0"])
    assert Many(case.office).answer(many).services["household_id"].len() % 1000 == 0


def test_tables_without_persons_and_empty_tables_are_answered(case):
    """Nobody listed is a household without members; no household gives no row."""
    told = {"id": "kosong", "household": {}, "members": []}
    household, _ = household_of(from_plain(told), case.knowledge, date(2025, 3, 1))
    tables = tables_of([household], case.knowledge)
    empty = Tables(tables.households.clear(), tables.persons.clear())

    assert {row.service.name for row in case.office.diagnose(household).shown} == set(
        Many(case.office).answer(tables).services["service"]
    )
    assert Many(case.office).answer(empty).services.is_empty()


def test_the_steps_can_be_written_in_another_dialect(case):
    """Written through narwhals they run on lazy frames too, as an engine of many machines would run them."""
    household = case.households[0]
    tables = tables_of([household], case.knowledge)
    brought = Brought(frozenset(tables.households.columns), frozenset(tables.persons.columns), household.as_of)
    name = next(name for name, one in case.knowledge.conclusions.items() if one.about == HOUSEHOLD)
    plan = case.office.plan(household.as_of)
    own = ColumnPlan(plan, brought, conclusions=[name])
    expected = own.run(tables.households, tables.persons)[HOUSEHOLD][name_of(own.conclusions[name][0])].to_list()
    other = ColumnPlan(plan, brought, conclusions=[name], dialect=nw)
    frames = (nw.from_native(frame.lazy()) for frame in tables)
    worked = other.run(*frames)[HOUSEHOLD].collect()

    assert worked[name_of(other.conclusions[name][0])].to_list() == expected
