"""Every change that is reported is real, every real change is reported, and the edits named are behind it."""

import copy

from hypothesis import given

from engine.change.compare import compare
from engine.change.crowd import Reading
from engine.change.edits import edits, mixed
from engine.change.flips import answer_of, aspects
from engine.diagnosis import Office
from engine.many.tables import tables_of
from tests.engine.generated import Case, Dice, Size, cases, examples, household_from, knowledge_of

SMALL = Size(inputs=8, parameters=4, derived=3, ideas=4, services=3, members=3, households=4)


class Told:
    """Households of a case that every edition reads."""

    def __init__(self, case: Case) -> None:
        self.told = case.told

    def read(self, office: Office) -> Reading:
        homes = [household_from(told, office.knowledge) for told in self.told]
        return Reading(tables_of(homes, office.knowledge), {})

    def household(self, name, knowledge):
        return next(household_from(told, knowledge) for told in self.told if told["id"] == name)


def edited(case: Case) -> Office | None:
    """Give an edition with some numbers of the case's changed: certainties, grades, values of parameters."""
    dice = Dice("edits", case.seed)
    changed = copy.copy(case)
    tables = copy.deepcopy(case.tables)
    for rule in tables["rules"]:
        if "certainty" in rule and dice.chance(0.3):
            rule["certainty"] = dice.choice((-0.7, 0.35, 0.95))
    for parameter in tables["parameters"].values():
        for value in parameter["values"]:
            if isinstance(value.get("value"), int) and not isinstance(value["value"], bool) and dice.chance(0.5):
                value["value"] += 1
    changed.__dict__["tables"] = tables
    return Office(knowledge_of(changed.files()))


def answers(office: Office, case: Case):
    found = {}
    for told in case.told:
        diagnosis = office.diagnose(household_from(told, office.knowledge))
        for row in diagnosis.shown:
            key = diagnosis.household.id, row.subject, row.service.name
            found[key] = answer_of(diagnosis, row.service.name, row.subject)
    return found


@examples(12)
@given(cases(SMALL))
def test_the_changes_are_those_that_diagnoses_show(case: Case) -> None:
    """The same households, services and aspects as when every household is diagnosed under both editions."""
    draft = edited(case)
    before, after = answers(case.office, case), answers(draft, case)
    expected = {key: set(found) for key in {*before, *after} if (found := aspects(before.get(key), after.get(key)))}
    found = compare(case.office, draft, Told(case))

    assert {
        (row["household_id"], row["subject"], row["service"]): set(row["aspects"].split())
        for row in found.changes.to_dicts()
    } == expected
    assert found.same == (not expected)


@examples(12)
@given(cases(SMALL))
def test_the_edits_named_are_enough_for_the_change_and_none_can_be_left_out(case: Case) -> None:
    """The old edition with just the named edits gives the new answer; with one edit fewer it does not."""
    draft = edited(case)
    crowd = Told(case)
    for kind in compare(case.office, draft, crowd).kinds:
        for found in kind.found:
            for cause in found.causes:
                household, subject = found.households[0]
                new = told(draft.knowledge, crowd, household, kind.service, subject, found.aspect)
                made = mixed(case.knowledge, draft.knowledge, cause.edits)

                assert told(made, crowd, household, kind.service, subject, found.aspect) == new
                for left_out in cause.edits:
                    fewer = mixed(case.knowledge, draft.knowledge, [one for one in cause.edits if one != left_out])
                    if fewer is not None:
                        assert told(fewer, crowd, household, kind.service, subject, found.aspect) != new


def told(knowledge, crowd, household, service, subject, aspect):
    diagnosis = Office(knowledge).diagnose(crowd.household(household, knowledge))
    answer = answer_of(diagnosis, service, subject)
    return answer and answer.aspect(aspect)


@examples(15)
@given(cases(SMALL))
def test_texts_and_order_are_no_edits(case: Case) -> None:
    """Rules dealt over other files and other labels: another edition, no edit, the same meaning of its plans."""
    tables = copy.deepcopy(case.tables)
    for fact in tables["facts"].values():
        fact["label"] = {"id": "Lain", "en": "Other"}
    changed = copy.copy(case)
    changed.__dict__["tables"] = tables
    other = knowledge_of(changed.files(5))
    day = case.households[0].as_of

    assert other.edition != case.knowledge.edition
    assert edits(case.knowledge, other) == ()
    assert Office(other).plan(day).meaning == case.office.plan(day).meaning


def test_all_edits_together_make_the_new_edition() -> None:
    """The old edition with every edit of the new one says what the new one says."""
    case = Case(5, SMALL)
    draft = edited(case).knowledge
    made = mixed(case.knowledge, draft, [edit.key for edit in edits(case.knowledge, draft)])

    assert edits(case.knowledge, draft)
    assert edits(made, draft) == ()
