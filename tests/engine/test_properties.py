"""What must hold of any knowledge and any household, tried on made-up ones (`generated`)."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from hypothesis import given

from engine import memory
from engine.again import Supposition, infer_again
from engine.benefits import worth_of
from engine.certainty import outcome
from engine.compile import SELF, Plan, Task
from engine.diagnosis import Office
from engine.forward import Inference, PatternInference, RuleBase, Trace, given_facts, infer
from engine.household import Given, Household
from engine.knowledge import formulas
from engine.knowledge.exclusion import excludes
from engine.knowledge.model import HOUSEHOLD, PERSON, Benefit
from engine.knowledge.vocabulary import PREMISE
from engine.missing import Openness
from engine.present import as_json
from tests.engine.generated import (
    CROWD,
    Case,
    Dice,
    Size,
    cases,
    digests,
    examples,
    household_from,
    inputs_of,
    knowledge_of,
    told_otherwise,
    values_for,
)

ROOT = Path(__file__).parents[2]
SIGNED = {"cf", "cf_as_told", "premise", "contribution", "cf_then", "priority"}
UNSIGNED = {"certainty", "confidence"}
SMALL = Size(inputs=8, parameters=4, derived=3, ideas=3, services=2, members=3, households=1)


def numbers_in(data: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Walk all values of plain data that stand under a key."""
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield from numbers_in(value, name)
    elif isinstance(data, list):
        for value in data:
            yield from numbers_in(value, key)
    else:
        yield key, data


@examples(60)
@given(cases(CROWD))
def test_every_household_gets_an_answer_whose_certainties_are_certainties(case: Case) -> None:
    """Nothing crashes, in either language; CFs lie in -1..1, certainties in 0..1; the answer is JSON."""
    for lang in ("id", "en"):
        for answer in case.answers(lang):
            json.dumps(answer, allow_nan=False)
            for key, value in numbers_in(answer):
                if key in SIGNED and value is not None:
                    assert -1 <= value <= 1, (key, value)
                if key in UNSIGNED:
                    assert 0 <= value <= 1, (key, value)


@examples(30)
@given(cases())
def test_working_memory_holds_only_certainties_in_range(case: Case) -> None:
    """Each fact of working memory has CFs in -1..1, its certainty as told in 0..1, and a value wherever it is sure."""
    for household in case.households:
        for fact in infer(case.office.plan(household.as_of), household).index.values():
            for slot in ("cf", "told", "premise"):
                assert -1 <= fact.get(slot, 0) <= 1
            if "c" in fact:
                assert 0 <= fact["c"] <= 1
                assert (fact["value"] is None) == (fact["c"] == 0)
                assert (fact["value_told"] is None) == (fact["told"] == 0)


def comparable(answer: dict[str, Any], by_subject: bool = False) -> dict[str, Any]:
    """Take from an answer what the layout of files may change: the edition, and the order of the programs.

    With `by_subject`, also the order in which members, and warnings about what they told, are listed.
    """
    found = {key: value for key, value in answer.items() if key != "edition"}
    found["programs"] = sorted(found["programs"], key=str)
    if not by_subject:
        return found
    return unordered(found | {"warnings": sorted(found["warnings"], key=str)})


def unordered(data: Any) -> Any:
    """Sort every list of plain data whose entries name subjects."""
    if isinstance(data, dict):
        return {key: unordered(value) for key, value in data.items()}
    if isinstance(data, list):
        items = [unordered(item) for item in data]
        named = all(isinstance(item, str) or (isinstance(item, dict) and "subject" in item) for item in items)
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True)) if named else items
    return data


@examples(30)
@given(cases())
def test_the_order_of_rules_tables_and_files_changes_nothing(case: Case) -> None:
    """Rules dealt out anew over other files, in another order, beside shuffled tables: the same JSON but the edition."""
    expected = [comparable(answer) for answer in case.answers()]
    for layout in (1, 2):
        knowledge = knowledge_of(case.files(layout))
        office = Office(knowledge)
        households = [household_from(told, knowledge) for told in case.told]
        answers = [as_json(office.diagnose(household), everything=True) for household in households]

        assert [comparable(answer) for answer in answers] == expected


@examples(20)
@given(cases())
def test_the_order_of_rules_does_not_change_the_meaning_of_a_plan(case: Case) -> None:
    """The hash of a plan's meaning is the same for every layout of the same knowledge."""
    day = case.households[0].as_of
    shuffled = Office(knowledge_of(case.files(3)))

    assert shuffled.plan(day).meaning == case.office.plan(day).meaning


@examples(40)
@given(cases(CROWD))
def test_the_order_of_members_changes_nothing(case: Case) -> None:
    """Members listed in another order: the same rows for the same people."""
    dice = Dice("members", case.seed)
    for told in case.told:
        turned = told | {"members": dice.sample(told["members"], len(told["members"]))}
        one, other = (
            as_json(case.office.diagnose(household_from(each, case.knowledge)), everything=True)
            for each in (told, turned)
        )

        assert comparable(other, by_subject=True) == comparable(one, by_subject=True)


def test_no_number_depends_on_the_hash_seed() -> None:
    """Three processes with different PYTHONHASHSEED say the same about twenty cases, byte for byte."""
    script = "from tests.engine.generated import digests; print(digests(range(20)))"
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("0", "1", "12345")
    }

    assert said == {str(digests(range(20)))}


# More certainty.
#
# Write x <= y for CFs when x is 0, or y lies on x's side of 0 and at least as far from it. Raise the certainty of
# one given value from c > 0, and let its value be. Then every reading r becomes some r' with r <= r':
#
# 1. A comparison is +m or -m with m the least certainty of its facts; its sign depends on values alone.
# 2. Least, greatest, n-th largest, minus, max(., 0) and min(., 0) keep <=: when the result is above 0, the CF that
#    gives it and all larger ones were above 0 and grew; below 0 likewise; and 0 <= anything.
# 3. `gate` scales p by a factor with one sign on each side of 0, and is 0 within the threshold; `graded` is the
#    strongest of such terms, and grade 0 and the others stand on different sides. So a contribution keeps <=.
# 4. Combined contributions keep <= when they all have one sign, since 1 - prod(1 - x) grows in each x. With both
#    signs they do not: more certainty for the weaker side moves the CF towards 0. A single rule is fine.
# 5. A formula keeps its value, and is at least as sure, when its inputs keep theirs. An unknown input may become
#    known where it rests on a conclusion, whose outcome is known beyond the threshold only; by Kleene's tables this
#    can turn unknown into known and nothing else. Three things look at knowing itself and break the chain there:
#    `is known`, `only_if` and `count_yes_of_members`. Over names that rest on no conclusion they do not change.
#
# So: a conclusion is *steady* when each conclusion it rests on is decided by one rule, built by a single rule, or
# built by rules whose contributions all have one sign, and when what breaks the chain (5) stands over no conclusion.
# For a steady conclusion cf <= cf'. That is what "without negative rules" has to mean.


class Steadiness:
    """Finds which names of a plan are steady, and which rest on no conclusion at all (*firm*)."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.vocabulary = plan, plan.vocabulary
        self.knowledge = plan.knowledge

    def firm(self, name: str) -> bool:
        if name in self.knowledge.conclusions:
            return False
        fact = self.knowledge.facts.get(name)
        trees = [one for one in (fact.computed, fact.only_if) if one] if fact else []
        return all(self.firm(read.name) for tree in trees for read in self.vocabulary.reads_of_formula(tree))

    def steady(self, name: str) -> bool:
        if name in self.knowledge.conclusions:
            return self.steady_conclusion(self.plan.by_name["settle", name])
        fact = self.knowledge.facts.get(name)
        if fact is None or not (fact.computed or fact.only_if):
            return True
        if fact.only_if:
            return self.firm(name)
        reads = [read.name for read in self.vocabulary.reads_of_formula(fact.computed)]
        counts = "count_yes_of_members" in fact.computed.word.text
        return all(map(self.steady, reads)) and (not counts or all(map(self.firm, reads)))

    def steady_conclusion(self, task: Task) -> bool:
        rules = task.contributions
        if len(rules) > 1 and not rules[0].effect.exactly:
            signs = {sign for rule in rules for sign in self.signs(rule)}
            if len(signs) > 1:
                return False
        for rule in rules:
            if not all(
                self.steady(read.name)
                for read in self.vocabulary.reads_of_rule(rule, PREMISE)
                if not read.what or read.what == "known"
            ):
                return False
            lines = [line for block in rule.blocks for line in block.lines] + list(
                rule.grades.lines if rule.grades else ()
            )
            if not all(self.firm(line.name.text) for line in lines if line.phrase.test in ("is known", "is unknown")):
                return False
        return True

    def signs(self, rule: Any) -> set[bool]:
        numbers = (
            [grade for _, grade in rule.grades.steps] if rule.grades else [rule.effect.certainty, rule.effect.otherwise]
        )
        return {number > 0 for number in numbers if number}


def away(before: float, after: float) -> bool:
    """Say whether a CF stayed on its side and did not come nearer to 0."""
    return before == 0 or (after >= before if before > 0 else after <= before)


@examples(60)
@given(cases())
def test_more_certainty_never_moves_a_cf_away_from_its_sign(case: Case) -> None:
    """For a steady conclusion (see above) any given value known more surely leaves its CF where it was or farther out."""
    moved = 0
    for household in case.households:
        plan = case.office.plan(household.as_of)
        trace, steadiness = infer(plan, household), Steadiness(plan)
        steady = [name for name in plan.knowledge.conclusions if steadiness.steady(name)]
        for (of, key), given_ in household.facts.items():
            if not 0 < given_.certainty < 1:
                continue
            surer = household.with_given(of, key, given_._replace(certainty=(1 + given_.certainty) / 2))
            after = Supposition(trace, surer)
            for name in steady:
                for subject in trace.subjects(plan.knowledge.conclusions[name].about):
                    before = trace.cf(name, subject)
                    moved += before != after.cf(name, subject)
                    assert away(before, after.cf(name, subject)), (of, key, name, subject)


def test_more_certainty_is_tried_on_conclusions_that_move() -> None:
    """The property before is not empty: in forty cases steady conclusions of either sign do move."""
    signs = Counter()
    for seed in range(40):
        case = Case(seed)
        for household in case.households:
            plan = case.office.plan(household.as_of)
            trace, steadiness = infer(plan, household), Steadiness(plan)
            surer = household
            for (of, key), given_ in household.facts.items():
                if given_.certainty:
                    surer = surer.with_given(of, key, given_._replace(certainty=1.0))
            after = Supposition(trace, surer)
            for name, conclusion in plan.knowledge.conclusions.items():
                for subject in trace.subjects(conclusion.about):
                    before, then = trace.cf(name, subject), after.cf(name, subject)
                    if steadiness.steady(name) and before != then:
                        signs[before > 0] += 1

    assert signs[True] > 5 and signs[False] > 20


@examples(30)
@given(cases())
def test_every_rule_fires_exactly_once_for_each_subject(case: Case) -> None:
    """Right sides counted as they run: each task of the plan once for each subject it is about, and nothing else.

    But for the papers and steps of a service that is not to be had: those rules do not fire.
    """
    for household in case.households:
        fired: Counter = Counter()
        plan = case.office.plan(household.as_of)
        engine = Inference(CountingRules(plan, fired), household)
        start(engine, plan, household)
        engine.strategy.update_agenda(engine.agenda, engine.matcher.start(), [])
        engine.run()
        subjects = {HOUSEHOLD: (HOUSEHOLD,), PERSON: household.members}

        expected = [(task, of) for task in plan.tasks for of in subjects[task.about] if wanted(task, of, engine)]
        assert fired == Counter((task.kind, task.name, of) for task, of in expected)


def wanted(task: Task, of: str, engine: Inference) -> bool:
    """Say whether a rule is to fire: one about papers or steps only while its service may still be had."""
    if task.open is None:
        return True
    return outcome(engine.index[of if task.open.of == SELF else HOUSEHOLD, task.open.key]["cf"]) != "no"


class CountingRules(RuleBase):
    """A rule base whose rules count how often each fires for whom."""

    def __init__(self, plan: Plan, fired: Counter) -> None:
        super().__init__(plan)
        for task, rule in zip(plan.tasks, self.rules, strict=True):
            rule._wrapped = self.counting(task, rule._wrapped, fired)

    def counting(self, task: Task, fire: Any, fired: Counter) -> Any:
        def count(engine: Inference, facts: tuple | None = None, of: str = HOUSEHOLD, **bound: Any) -> None:
            fired[task.kind, task.name, of] += 1
            fire(engine, facts, of, **bound)

        return count


def start(engine: Inference, plan: Plan, household: Household) -> None:
    engine.reset()
    engine.declare(*given_facts(plan, household))


def remembered(facts: Any) -> list[tuple]:
    """Give facts of working memory as plain values: the ids of the facts they fired on become what those facts are."""
    by_id = {fact["__factid__"]: fact for fact in facts}

    def name(fact: Mapping) -> tuple:
        return type(fact).__name__, fact["of"], fact.key, fact.get("seat")

    found = []
    for fact in by_id.values():
        slots = {key: value for key, value in fact.items() if key not in ("__factid__", "by")}
        by = [name(by_id[id_]) for id_ in fact.get("by", ())]
        found.append((*name(fact), repr(sorted(slots.items())), by))
    return sorted(found, key=repr)


@examples(12)
@given(cases(SMALL))
def test_both_matchers_leave_the_same_working_memory(case: Case) -> None:
    """experta's own RETE matcher and `Countdown` conclude the same facts from the same facts."""
    for household in case.households:
        plan = case.office.plan(household.as_of)
        engine = PatternInference(RuleBase(plan), household)
        start(engine, plan, household)
        engine.run()
        found = [fact for fact in engine.facts.values() if isinstance(fact, memory.Remembered)]

        assert remembered(found) == remembered(infer(plan, household).index.values())


@examples(40)
@given(cases())
def test_inferring_again_after_changes_equals_inferring_anew(case: Case) -> None:
    """A chain of changes, each worked out from the one before, leaves the working memory of a fresh start."""
    dice = Dice("again", case.seed)
    for household in case.households:
        plan = case.office.plan(household.as_of)
        trace = infer(plan, household)
        for changes in (1, 1, 3):
            household = told_otherwise(dice, household, case.knowledge, changes)
            trace = infer_again(trace, household)

            assert remembered(trace.index.values()) == remembered(infer(plan, household).index.values())


@examples(30)
@given(cases())
def test_diagnosing_again_after_changes_equals_diagnosing_anew(case: Case) -> None:
    """The JSON of an interview's next step is that of a whole new diagnosis."""
    dice = Dice("diagnose again", case.seed)
    for household in case.households:
        diagnosis = case.office.diagnose(household)
        for changes in (1, 2):
            household = told_otherwise(dice, household, case.knowledge, changes)
            diagnosis = case.office.diagnose_again(diagnosis, household)

            assert as_json(diagnosis, everything=True) == as_json(case.office.diagnose(household), everything=True)


@examples(40)
@given(cases())
def test_a_supposition_agrees_with_inferring_anew(case: Case) -> None:
    """What would follow if some facts were otherwise is what follows once they are."""
    dice = Dice("suppose", case.seed)
    for household in case.households:
        plan = case.office.plan(household.as_of)
        trace = infer(plan, household)
        changed = told_otherwise(dice, household, case.knowledge, dice.randint(1, 4))
        supposed, anew = Supposition(trace, changed), infer(plan, changed)
        for (of, key), fact in anew.index.items():
            if isinstance(fact, memory.Conclusion | memory.Computed | memory.Contribution):
                assert supposed.reading(of, key) == fact.reading, (of, key)


def open_inputs(trace: Trace) -> list[tuple[str, str]]:
    """List the inputs (subject, key) whose value is unknown, or only presumed."""
    found = []
    for of, key in inputs_of(trace.household, trace.plan.knowledge):
        given_ = trace.household.given(of, key)
        if given_ is None or not given_.certainty:
            found.append((of, key))
    return found


def service_rows(trace: Trace) -> list[tuple[str, str]]:
    return [(s.name, of) for s in trace.plan.knowledge.services.values() for of in trace.subjects(s.for_)]


@examples(40)
@given(cases())
def test_every_fact_whose_single_value_would_flip_an_outcome_is_missing(case: Case) -> None:
    """Each open input is given each of its values, surely: whenever an outcome flips, it stood in `missing`."""
    for household in case.households:
        plan = case.office.plan(household.as_of)
        trace = infer(plan, household)
        openness = Openness(trace)
        before = {row: outcome(trace.cf(*row)) for row in ideas_and_services(trace)}
        listed = {row: openness.missing(*row) for row in before}
        for of, key in open_inputs(trace):
            entry = (key.split(":")[-1], of)
            for value in values_for(key, case.knowledge):
                after = Supposition(trace, household.with_given(of, key, Given(value, 1.0, None)))
                for row, was in before.items():
                    if outcome(after.cf(*row)) != was:
                        assert entry in listed[row], (row, was, outcome(after.cf(*row)), entry, value)


def ideas_and_services(trace: Trace) -> list[tuple[str, str]]:
    return [(c.name, of) for c in trace.plan.knowledge.conclusions.values() for of in trace.subjects(c.about)]


@examples(40)
@given(cases())
def test_an_outcome_that_misses_nothing_never_flips(case: Case) -> None:
    """Where `missing` is empty, no answers to all open questions at once change the outcome."""
    dice = Dice("all at once", case.seed)
    for household in case.households:
        plan = case.office.plan(household.as_of)
        trace = infer(plan, household)
        openness = Openness(trace)
        settled = [row for row in ideas_and_services(trace) if not openness.missing(*row)]
        for _ in range(6):
            told = household
            for of, key in open_inputs(trace):
                if dice.chance(0.8):
                    told = told.with_given(of, key, Given(dice.choice(values_for(key, case.knowledge)), 1.0, None))
            after = Supposition(trace, told)
            for row in settled:
                assert outcome(after.cf(*row)) == outcome(trace.cf(*row)), row


@examples(30)
@given(cases())
def test_only_what_is_open_is_missing(case: Case) -> None:
    """`missing` names inputs that are unknown or presumed, of the right subject, and no computed fact."""
    for household in case.households:
        diagnosis = case.office.diagnose(household)
        unsure = {(key.split(":")[-1], of) for of, key in open_inputs(diagnosis.trace)}
        for row in (*diagnosis.rows, *diagnosis.conclusions):
            assert set(row.missing) <= unsure


@examples(60)
@given(cases(Size(services=8, households=3)))
def test_packages_are_maximal_sets_without_a_conflict(case: Case) -> None:
    """No package holds two services that exclude each other; whatever is left out excludes something in it."""
    for household in case.households:
        diagnosis = case.office.diagnose(household)
        choice, clashes = diagnosis.choice, case.office.clashes
        vertices = {row.vertex for row in diagnosis.rows if row.outcome == "yes" or row.held}

        def apart(one: tuple[str, str], other: tuple[str, str], clashes: dict = clashes) -> bool:
            return excludes(clashes.get((one[0], other[0])), one[1], other[1])

        assert not choice.cut
        assert {vertex for bundle in choice.bundles for vertex in bundle.services} == vertices
        for bundle in choice.bundles:
            assert not any(apart(one, other) for one, other in combinations(sorted(bundle.services), 2))
            assert all(any(apart(left, one) for one in bundle.services) for left in vertices - bundle.services)
        assert len({bundle.services for bundle in choice.bundles}) == len(choice.bundles)
        assert sum(bundle.recommended for bundle in choice.bundles) <= 1


@examples(60)
@given(cases(Size(ideas=8, services=6, members=5, households=3)))
def test_the_components_paid_have_the_largest_total(case: Case) -> None:
    """Among all selections that the limits allow, tried one by one, none is worth more than what is paid."""
    for household in case.households:
        trace = infer(case.office.plan(household.as_of), household)
        for service in case.knowledge.services.values():
            if service.benefit and service.benefit.components:
                worth = worth_of(trace, service, HOUSEHOLD, frozenset())
                paid = [part for part in worth.parts if part.paid]
                able = [part for part in worth.parts if part.known and part.amount is not None]

                assert allowed(trace, service.benefit, paid)
                assert sum(part.amount for part in paid) == best_total(trace, service.benefit, able)


def allowed(trace: Trace, benefit: Benefit, parts: list) -> bool:
    """Say whether a selection keeps to one a member, so many a component, so many in all."""
    members, names = Counter(part.subject for part in parts), Counter(part.component for part in parts)
    most = [limit(trace, component.at_most) for component in benefit.components]
    return (
        max(members.values(), default=0) <= 1
        and len(parts) <= limit(trace, benefit.pay_at_most)
        and all(names[one.name.text] <= many for one, many in zip(benefit.components, most, strict=True))
    )


def limit(trace: Trace, operand: Any) -> float:
    if operand is None:
        return float("inf")
    if operand.word.text.isdigit():
        return int(operand.word.text)
    amount = trace.plan.amounts.in_force[operand.word.text]
    return amount.value if amount else float("inf")


def best_total(trace: Trace, benefit: Benefit, parts: list) -> float:
    """Try every way to give each member one of their parts or none."""
    members = sorted({part.subject for part in parts})

    def walk(left: list[str], chosen: list) -> float:
        if not left:
            return sum(part.amount for part in chosen) if allowed(trace, benefit, chosen) else 0
        own = [part for part in parts if part.subject == left[0]]
        return max(walk(left[1:], chosen + one) for one in ([], *([part] for part in own)))

    return walk(members, [])


def test_generated_knowledge_holds_every_phrase_block_and_function() -> None:
    """A hundred editions use every block, every phrase over every quantifier's members, every function of formulas."""
    blocks, tests, quantified, functions, strata, members = Counter(), Counter(), Counter(), set(), set(), set()
    for seed in range(100):
        case = Case(seed, CROWD)
        for rule in case.knowledge.rules.values():
            blocks.update(f"{block.kind} {block.joins}" for block in rule.blocks)
            for line in [line for block in rule.blocks for line in block.lines]:
                tests[line.phrase.test] += 1
                if line.phrase.members:
                    quantified[line.phrase.members.quantifier] += 1
        for fact in case.knowledge.facts.values():
            for formula in (fact.computed, fact.only_if):
                functions |= {name for name in formulas.FUNCTIONS if formula and f"{name}(" in formula.word.text}
        strata.add(max(task.stratum for task in case.office.plan(case.households[0].as_of).tasks) // 10)
        members |= {len(household.members) for household in case.households}

    assert set(blocks) == {
        *("concerns all", "when all", "when any", "when at least", "unless any", "unneeded any", "provided all"),
    }
    assert len(tests) == 19 and min(tests.values()) > 20
    assert set(quantified) == {"any", "every", "no", "at least", "at most", "exactly"}
    assert functions == set(formulas.FUNCTIONS)
    assert {5, 6, 7, 8} <= strata
    assert members == set(range(13))
