"""The meaning of rules, point by point, with numbers worked out by hand (design 4)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from engine.diagnosis import Office
from engine.forward import infer, rulebase_of
from engine.household_files import household_of
from engine.knowledge.read import from_plain
from engine.present import as_json
from tests.engine.generated import Case, Size, knowledge_of

DAY = date(2026, 1, 1)
BASE = """
facts:
  soil: {of: household, type: boolean, label: {id: Tanah}, question: {id: "?"}}
  hungry: {of: household, type: boolean, label: {id: Lapar}, question: {id: "?"}}
  soldier: {of: person, type: boolean, presume: no, label: {id: Tentara}, question: {id: "?"}}
  clerk: {of: person, type: boolean, presume: no, answered_by: registry, label: {id: Pegawai}}
  age: {of: person, type: integer, label: {id: Umur}, question: {id: "?"}}
  carrying: {of: person, type: boolean, only_if: "age >= 10", else: no, label: {id: Hamil}, question: {id: "?"}}
  elders: {of: household, type: integer, computed: "count_of_members(age >= 60)", label: {id: Tua}}
evidence:
  presumed: {certainty: 0.3, name: {id: Dianggap}}
  told: {certainty: 0.6, name: {id: Dikatakan}}
  seen: {certainty: 1, name: {id: Dilihat}}
default_evidence: told
sources: {law: {title: UU, kind: regulation, status: in_force, seen: yes}}
programs: {p: {name: {id: P}}}
conclusions: {idea: {about: household, name: {id: Gagasan}}}
services: {aid: {program: p, name: {id: Bantuan}, for: household}}
documents: {card: {name: {id: Kartu}}}
"""


def office(*rules):
    head = "topic: x\nrules:\n"
    body = "".join(f"  - {{id: R{n}, title: {{id: R}}, source: law, {rule}}}\n" for n, rule in enumerate(rules))
    return Office(knowledge_of({"facts_schema.yaml": BASE, "rules/x.yaml": head + body}))


def trace(desk, day=DAY, **told):
    data = {"as_of": day.isoformat(), "household": {}, "members": [], **told}
    household, problems = household_of(from_plain(data), desk.knowledge, DAY)
    assert household is not None, problems
    return infer(desk.plan(household.as_of), household)


def test_a_comparison_is_as_sure_as_its_evidence():
    """True gives +c, false -c, unknown 0; as told, given facts count as certain."""
    desk = office("when all: [{soil: yes}], decides: idea")
    yes, no, unknown = (trace(desk, household=h) for h in ({"soil": True}, {"soil": False}, {}))

    assert [(t.cf("idea", "household"), t.told("idea", "household")) for t in (yes, no, unknown)] == [
        (0.6, 1.0),
        (-0.6, -1.0),
        (0.0, 0.0),
    ]


def test_blocks_join_by_least_greatest_and_negation():
    """`when all` is the least, `when any` the greatest, `unless any` minus the greatest."""
    desk = office("when all: [{soil: yes}], unless any: [{hungry: yes}], decides: idea")
    found = trace(desk, household={"soil": True, "hungry": {"value": False, "evidence": "seen"}})

    assert found.cf("idea", "household") == 0.6


def test_evidence_for_and_against_is_combined():
    """0.8 * 0.6 for and 0.5 * 1 against: (0.48 - 0.5) / (1 - 0.48)."""
    desk = office(
        "when all: [{soil: yes}], then: idea, certainty: 0.8", "when all: [{hungry: yes}], then: idea, otherwise: -0.5"
    )
    found = trace(desk, household={"soil": True, "hungry": {"value": False, "evidence": "seen"}})

    assert found.cf("idea", "household") == pytest.approx((0.48 - 0.5) / (1 - 0.48), abs=1e-6)


@pytest.mark.parametrize(("fact", "cf", "told"), [("soldier", 0.3, 0.3), ("clerk", 0.3, 1.0)])
def test_what_is_presumed_counts_as_told_only_if_the_applicant_cannot_answer(fact, cf, told):
    """A presumed exclusion is weakly no; as told it stays so unless officers or registries must know it."""
    desk = office(f"unless any: [{{{fact}: any member}}], decides: idea")
    found = trace(desk, members=[{"id": "ibu"}])

    assert (found.cf("idea", "household"), found.told("idea", "household")) == (cf, told)


def test_a_conditional_fact_is_its_else_value_where_it_does_not_apply():
    """A child of nine is not pregnant, as surely as its age is known, whatever was said."""
    desk = office("when all: [{carrying: any member}], decides: idea")
    found = trace(desk, members=[{"id": "anak", "age": 9, "carrying": True}])

    assert found.cf("idea", "household") == -0.6


def test_a_formula_over_members_is_unknown_while_one_is_unknown_or_unlisted():
    """A count of members needs all of them."""
    desk = office("when all: [{elders: at least 1}], decides: idea")
    both = [{"id": "a", "age": 70}, {"id": "b", "age": 20}]

    assert trace(desk, members=both).cf("idea", "household") == 0.6
    assert trace(desk, members=[*both, {"id": "c"}]).cf("idea", "household") == 0.0
    assert trace(desk, members=both, members_listed="some").cf("idea", "household") == 0.0


def test_a_service_without_a_rule_in_force_is_surely_no_and_a_conclusion_says_nothing():
    """Out of force: -1 for a service, 0 with a warning for a conclusion."""
    desk = office(
        "when all: [{soil: yes}], decides: aid, until: 2025-12-31",
        "when all: [{soil: yes}], decides: idea, from: 2026-02-01",
    )
    found = trace(desk, household={"soil": True})
    before = trace(desk, day=date(2025, 12, 31), household={"soil": True})

    assert (found.cf("aid", "household"), found.cf("idea", "household")) == (-1.0, 0.0)
    assert ("no-rule-in-force", "idea") in found.plan.warnings
    assert before.cf("aid", "household") == 0.6


def test_papers_count_for_the_household_or_any_member():
    """`in hand` is the strongest of the papers given; none given is unknown."""
    desk = office("when all: [{card: in hand}], decides: idea")

    assert trace(desk, members=[{"id": "a"}]).cf("idea", "household") == 0.0
    assert trace(desk, members=[{"id": "a", "papers": {"card": True}}]).cf("idea", "household") == 0.6
    assert trace(desk, papers={"card": False}).cf("idea", "household") == -0.6


def test_every_inferred_fact_knows_what_it_fired_on():
    """The trace is working memory: each contribution and conclusion keeps the ids of its facts."""
    desk = office("when all: [{soil: yes}], decides: idea")
    found = trace(desk, household={"soil": True})
    contribution = found.index["household", "rule:R0"]

    assert {found.facts[id_]["name"] for id_ in contribution["by"] if "name" in found.facts[id_]} == {"soil"}
    assert contribution["__factid__"] in found.index["household", "idea"]["by"]


def test_a_plan_is_compiled_once_for_a_stretch_of_days():
    """Days between which no rule or value changes share one plan and one rule base."""
    desk = office("when all: [{soil: yes}], decides: idea, from: 2026-02-01")

    assert desk.plan(date(2026, 1, 1)) is desk.plan(date(2026, 1, 31))
    assert desk.plan(date(2026, 2, 1)) is not desk.plan(date(2026, 1, 31))
    assert rulebase_of(desk.plan(DAY)) is rulebase_of(desk.plan(DAY))


def test_threads_share_an_office_and_get_the_same_answers():
    """Eight threads over one office answer as one thread does."""
    case = Case(11, Size(households=8))
    alone = case.answers()
    shared = Office(case.knowledge)
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda one: as_json(shared.diagnose(one), "id", everything=True), case.households))

    assert together == alone
