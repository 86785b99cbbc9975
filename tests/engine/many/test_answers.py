"""Many households get, row for row, what each would get alone; those alike are advised once."""

from dataclasses import replace

import pytest

from engine.many import alike
from engine.many.agreement import disagreements
from engine.many.answers import Many
from engine.many.tables import tables_of
from tests.engine.generated import Case, Size


@pytest.fixture(scope="module")
def case():
    return Case(11, Size(services=6, households=8))


def copies(household, number):
    return [replace(household, id=f"{household.id}-{copy}") for copy in range(number)]


def test_households_alike_are_put_to_the_choice_of_packages_once(case, monkeypatch):
    """Three hundred copies of eight households take no more choices than there are different shapes."""
    calls = []
    choose = alike.choose
    monkeypatch.setattr(alike, "choose", lambda *given: calls.append(1) or choose(*given))
    Many(case.office).answer(tables_of(case.households, case.knowledge))
    shapes = len(calls)
    crowd = [copy for household in case.households for copy in copies(household, 300)]
    Many(case.office).answer(tables_of(crowd, case.knowledge))

    assert 0 < shapes <= 8
    assert len(calls) == 2 * shapes


def test_the_ids_of_members_do_not_make_a_shape(case):
    """Members of other names, in the same order of names, get the same advice and the same parts paid."""
    household = next(one for one in case.households if len(one.members) > 1)
    renamed = {member: f"x-{member}" for member in household.members}
    facts = {(renamed.get(of, of), name): given for (of, name), given in household.facts.items()}
    other = replace(household, id="other", members=tuple(renamed.values()), facts=facts)
    answers = Many(case.office).answer(tables_of([household, other], case.knowledge))

    def of(id_):
        rows = [row for row in answers.services.to_dicts() if row["household_id"] == id_]
        return sorted(
            (row["service"], renamed.get(row["subject"], row["subject"]), row["advice"], row["amount"]) for row in rows
        )

    assert of("other") == of(household.id)


def test_services_of_other_applicants_do_not_appear(case):
    """A group sees the services of groups only, a family those of families."""
    household = case.households[0]
    for applicant in ("family", "group", "finder"):
        told = replace(household, applicant=applicant)
        answers = Many(case.office).answer(tables_of([told], case.knowledge))
        shown = {row.service.name for row in case.office.diagnose(told).shown}

        assert set(answers.services["service"]) == shown


def test_a_disagreement_names_the_service_the_subject_and_both_sides(case):
    """What columns say otherwise, leave out, or say too much is found, each with its place."""
    diagnoses = [case.office.diagnose(household) for household in case.households]
    answers = Many(case.office, needs=True).answer(tables_of(case.households, case.knowledge))
    whole = answers.services
    wrong = whole.with_columns((whole["cf"] * 0 + 0.123456).alias("cf"))
    fewer = answers._replace(services=whole.head(whole.height - 1), components=answers.components.clear())

    assert list(disagreements(diagnoses, answers)) == []
    assert {one.what for one in disagreements(diagnoses, answers._replace(services=wrong))} == {"cf"}
    assert "outcome" in {one.what for one in disagreements(diagnoses, fewer)}
    assert [one.what for one in disagreements([], answers)] == ["row"] * whole.height
