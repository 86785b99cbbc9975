"""What is read of a household told otherwise is what working everything out anew gives."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given

from engine.forward import infer
from engine.household import Household
from engine.knowledge.model import HOUSEHOLD, PERSON
from engine.nearest.otherwise import World
from tests.engine.generated import Case, Dice, Size, cases, examples, told_otherwise

SMALL = Size(inputs=10, parameters=4, derived=4, ideas=5, services=3, members=3, households=1)


def told(before: Household, after: Household) -> frozenset:
    changed = {key for key in after.facts if before.facts.get(key) != after.facts[key]}
    return frozenset((*key, after.facts[key]) for key in changed)


@examples(30)
@given(cases(SMALL))
def test_every_answer_of_another_telling_and_another_day_is_that_of_everything_worked_out_anew(case: Case) -> None:
    """Other answers, a later day, or both; with the plan at hand or with the later day's own."""
    dice = Dice("otherwise", case.seed)
    for household in case.households:
        trace = infer(case.office.plan(household.as_of), household)
        for days, changes in ((0, 1), (0, 3), (40, 0), (400, 2)):
            after = told_otherwise(dice, household, case.knowledge, changes)
            # A world is told more or told otherwise, never less.
            after = replace(after, facts={**household.facts, **after.facts})
            day = household.as_of + timedelta(days=days)
            plan = case.office.plan(day)
            anew = infer(plan, replace(after, as_of=day))
            world = World(plan, trace if plan is trace.plan else None, household, day, told(household, after))

            for name, conclusion in case.knowledge.conclusions.items():
                subjects = {HOUSEHOLD: (HOUSEHOLD,), PERSON: household.members}[conclusion.about]
                for subject in subjects:
                    assert world.reading(subject, name) == anew.reading(subject, name), (name, subject, days)
