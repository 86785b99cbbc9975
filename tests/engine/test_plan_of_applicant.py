"""The part of a plan for one kind of applicant: nothing that a diagnosis shows is missing, nothing else is worked out."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

from engine.diagnosis import Office
from engine.knowledge.check import load
from engine.knowledge.parse_offer import APPLICANTS
from engine.plan_of_applicant import plan_of, served
from engine.present import as_json
from tests.engine.generated import Case, cases, examples
from tests.engine.generated import knowledge_of as made

DAY = date(2026, 1, 1)
KNOWLEDGE = """
facts:
  soil: {of: household, type: boolean, label: {id: Tanah}, question: {id: "?"}}
  members_of: {of: household, type: integer, label: {id: Anggota}, question: {id: "?"}}
  sick: {of: person, type: boolean, label: {id: Sakit}, question: {id: "?"}}
  twice: {of: household, type: integer, computed: "members_of * 2", label: {id: Dua kali}}
  licence: {of: household, type: boolean, only_if: "members_of > 3", else: no, label: {id: Izin}, question: {id: "?"}}
evidence: {told: {certainty: 1, name: {id: Dikatakan}}}
sources: {law: {title: UU, kind: regulation, status: in_force, seen: yes}}
programs: {p: {name: {id: P}}}
conclusions:
  poor: {about: household, name: {id: Miskin}}
services:
  aid: {program: p, name: {id: Bantuan}, for: household}
  permit: {program: p, name: {id: Izin}, for: household, applicants: [organisation]}
  check_up: {program: p, name: {id: Periksa}, for: person, applicants: [organisation, finder]}
documents: {card: {name: {id: Kartu}}, deed: {name: {id: Akta}}}
topic: x
rules:
  - {id: A, title: {id: A}, source: law, when all: [{soil: yes}], decides: poor}
  - {id: B, title: {id: B}, source: law, when all: [{poor: yes}], decides: aid}
  - {id: C, title: {id: C}, source: law, when all: [{licence: yes}], decides: permit}
  - {id: D, title: {id: D}, source: law, about: person, when all: [{sick: yes}], decides: check_up}
  - {id: E, title: {id: E}, source: law, for: permit, requires: [deed]}
  - {id: F, title: {id: F}, source: law, for: aid, requires: [card]}
"""


def parts_of(applicant, text=KNOWLEDGE):
    """Give the tasks of a part of the plan by kind and name, and what is declared of household and person."""
    plan = plan_of(Office(made({"facts_schema.yaml": text})).plan(DAY), applicant)
    return {(task.kind, task.name) for task in plan.tasks}, plan.household_inputs, plan.person_inputs


def test_what_only_others_are_offered_is_left_out():
    """Their services, with rules, papers, and the facts that nothing else reads; conclusions and computed facts stay."""
    family, household, person = parts_of("family")

    assert family == {
        *(("weigh", "A"), ("settle", "poor"), ("weigh", "B"), ("settle", "aid"), ("need", "F"), ("work", "twice")),
    }
    assert (household, person) == (("given:twice", "members_of", "soil"), ())


def test_each_applicant_has_a_part_of_its_own():
    """An organisation is asked for its licence, a finder whether somebody is sick."""
    organisation, household, _ = parts_of("organisation")
    finder, _, person = parts_of("finder")

    assert {("settle", "permit"), ("need", "E"), ("work", "licence"), ("settle", "check_up")} <= organisation
    assert "given:licence" in household
    assert {("settle", "check_up"), ("weigh", "D")} <= finder and ("settle", "permit") not in finder
    assert person == ("sick",)


def test_a_service_of_others_that_is_read_is_worked_out():
    """Whoever reads it as a conclusion needs it, whomever it appears for."""
    family, *_ = parts_of("family", KNOWLEDGE.replace("[{poor: yes}]", "[{poor: yes}, {permit: no}]"))

    assert {("settle", "permit"), ("weigh", "C"), ("work", "licence")} <= family
    assert ("need", "E") not in family


def test_where_nothing_can_be_left_out_the_plan_is_the_whole_one():
    """All services for everybody: no second plan."""
    everybody = f"applicants: [{', '.join(APPLICANTS)}]"
    text = KNOWLEDGE.replace("for: household}", f"for: household, {everybody}}}")
    text = text.replace("applicants: [organisation]}", everybody + "}").replace(
        "[organisation, finder]", everybody[12:]
    )
    plan = Office(made({"facts_schema.yaml": text})).plan(DAY)

    assert plan_of(plan, "finder") is plan
    assert plan.whole is None


@examples(30)
@given(cases())
def test_a_diagnosis_by_the_part_is_that_by_the_whole(case: Case) -> None:
    """Every field of the JSON, for every kind of applicant, at once and after a change."""
    for household in case.households:
        for applicant in APPLICANTS:
            asked = replace(household, applicant=applicant)
            part, whole = (as_json(case.office.diagnose(asked, everything=e), everything=True) for e in (False, True))
            for one in (part, whole):
                one["warnings"] = [warning for warning in one["warnings"] if warning["code"] != "else-wins"]

            assert part == whole


def test_threads_and_repeats_share_one_part():
    """It is made once for each kind of applicant."""
    case = Case(3)
    household = case.households[0]

    assert case.office.plan_of(household) is case.office.plan_of(household)
    assert case.office.diagnose(household).trace.plan is case.office.plan_of(household)


@pytest.mark.parametrize("applicant", APPLICANTS)
def test_a_diagnosis_for_another_applicant_is_made_anew(applicant):
    """What was worked out for one kind of applicant does not serve another."""
    case = Case(5)
    before = case.office.diagnose(replace(case.households[0], applicant="family"))
    household = replace(case.households[0], applicant=applicant)

    assert as_json(case.office.diagnose_again(before, household)) == as_json(case.office.diagnose(household))


def test_an_applicant_is_asked_what_its_own_services_read_and_nothing_else():
    """Facts, papers and services of others, and what only officers may see, are left out."""
    plan = Office(load(Path(__file__).parents[2])).plan(date(2026, 11, 23))
    family, group = served(plan, "family"), served(plan, "group")

    assert {"decile", "floor_material", "father_alive", "nik"} <= family.facts
    assert not {"org_type", "member_in_dtsen", "hiv", "abused"} & family.facts
    assert "kube" in group.services and "kube" not in family.services and "rehab_pmks_lain" not in family.services
    assert "proposal_kube" in group.papers and "proposal_kube" not in family.papers and "ktp" in family.papers
