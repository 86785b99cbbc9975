"""What counts as an edit, what an edit cannot be made without, and that edits of every sort are found behind changes."""

import copy

from hypothesis import given

from engine.change.compare import compare
from engine.change.edits import Changed, Edit, edits, mixed, needing
from engine.change.flips import fewest
from engine.diagnosis import Office
from tests.engine.change.test_compare import SMALL, Told, told
from tests.engine.generated import Case, Dice, Formulas, cases, examples, household_from, knowledge_of

BLOCKS = ("when all", "when any", "unless any", "concerns all", "unneeded any")


def without_a_line(tables, dice):
    rule = dice.choice(tables["rules"])
    block = dice.choice([key for key in rule if key in BLOCKS and len(rule[key]) > 1])
    rule[block].remove(dice.choice(rule[block]))


def with_a_line_of_another_rule(tables, dice):
    one, other = (dice.choice([rule for rule in tables["rules"] if set(BLOCKS) & set(rule)]) for _ in range(2))
    block, source = (dice.choice([key for key in rule if key in BLOCKS]) for rule in (one, other))
    one[block].append(dice.choice(other[source]))


def without_a_rule(tables, dice):
    tables["rules"].remove(dice.choice(tables["rules"]))


def turned_round(tables, dice):
    rule = dice.choice([rule for rule in tables["rules"] if {"when all", "when any"} & set(rule)])
    blocks = {"when all": rule.pop("when any", None), "when any": rule.pop("when all", None)}
    rule.update({key: lines for key, lines in blocks.items() if lines})


def presumed_otherwise(tables, dice):
    fact = dice.choice(
        [fact for fact in tables["facts"].values() if fact["type"] == "boolean" and "computed" not in fact]
    )
    fact["presume"] = not fact.get("presume", False)


def worked_out_otherwise(tables, dice):
    fact = dice.choice([fact for fact in tables["facts"].values() if "computed" in fact])
    maker = Formulas(dice, [], fact["of"])
    kind = {"boolean": "boolean", "date": "date", "choice": "text"}.get(fact["type"], "number")
    fact["computed"] = maker.make(kind, 1)


def surer_evidence(tables, dice):
    tables["evidence"]["self_declared"]["certainty"] = dice.choice((0.5, 0.9))


def other_benefit(tables, dice):
    service = dice.choice([one for one in tables["services"].values() if "amount" in one.get("benefit", {})])
    service["benefit"]["amount"] = "123456"


def excluding(tables, dice):
    one, other = dice.sample(sorted(tables["services"]), 2)
    tables["services"][one]["not_with"] = [other]


def other_papers(tables, dice):
    rule = dice.choice([rule for rule in tables["rules"] if "requires" in rule])
    rule["requires"] = [name for name in tables["documents"] if name not in rule["requires"]] or ["paper_0"]


def in_force_later(tables, dice):
    dice.choice(tables["rules"])["from"] = "2025-06-01"


SLIPS = (
    *(without_a_line, with_a_line_of_another_rule, without_a_rule, turned_round, presumed_otherwise),
    *(worked_out_otherwise, surer_evidence, other_benefit, excluding, other_papers, in_force_later),
)


def redone(case: Case) -> Office | None:
    """Give the edition with one to three edits of any sort; None where they make no sound knowledge."""
    dice = Dice("redone", case.seed)
    changed = copy.copy(case)
    tables = changed.__dict__["tables"] = copy.deepcopy(case.tables)
    for slip in dice.some(SLIPS, 1, 3):
        try:
            slip(tables, dice)
        except (IndexError, ValueError):
            continue
    try:
        return Office(knowledge_of(changed.files()))
    except AssertionError:
        return None


@examples(40)
@given(cases(SMALL))
def test_edits_of_every_sort_are_found_behind_what_they_change(case: Case) -> None:
    """Every kind of change has a cause for each of its aspects, and each cause gives the new answer."""
    draft = redone(case)
    crowd = Told(case)
    try:
        readable = draft and [household_from(one, draft.knowledge) for one in case.told]
    except AssertionError:
        readable = None
    if not readable:
        return
    found = compare(case.office, draft, crowd)

    assert found.changes.is_empty() or found.edits
    for kind in found.kinds:
        assert kind.found and all(one.causes for one in kind.found)
        for one in kind.found:
            for cause in one.causes:
                household, subject = one.households[0]
                asked = household, kind.service, subject, one.aspect
                made = mixed(case.knowledge, draft.knowledge, cause.edits)

                assert told(made, crowd, *asked) == told(draft.knowledge, crowd, *asked)


def test_an_edit_needs_the_edits_that_add_what_it_names_and_those_that_let_go_of_what_it_takes_away() -> None:
    """A rule that names a new fact needs that fact; a fact goes only with the rules that named it."""

    def edit(shelf, name, how, names=()):
        return Edit(shelf, name, how, (), None, frozenset(names))

    found = needing(
        [
            edit("facts", "car", "added"),
            edit("facts", "bicycle", "removed"),
            edit("rules", "R1", "changed", {"car"}),
            edit("rules", "R2", "changed", {"bicycle", "income"}),
            edit("parameters", "income", "changed"),
        ]
    )

    assert found["rules", "R1"] == {("rules", "R1"), ("facts", "car")}
    assert found["facts", "bicycle"] == {("facts", "bicycle"), ("rules", "R2")}
    assert found["parameters", "income"] == {("parameters", "income")}


def test_the_fewest_edits_are_found_among_many() -> None:
    """Of forty edits two are needed together: those two are left."""
    keys = [("rules", f"R{number:02}") for number in range(40)]
    needed = {keys[3], keys[31]}

    assert set(fewest(keys, lambda chosen: needed <= set(chosen))) == needed


def test_an_edit_tells_each_line_that_changed() -> None:
    """A rule with another certainty has one changed line, by its key in the file, before and after."""
    case = Case(7, SMALL)
    tables = copy.deepcopy(case.tables)
    rule = next(one for one in tables["rules"] if "certainty" in one)
    before, rule["certainty"] = rule["certainty"], 0.37
    changed = copy.copy(case)
    changed.__dict__["tables"] = tables
    (found,) = edits(case.knowledge, knowledge_of(changed.files()))

    assert (found.key, found.how) == (("rules", rule["id"]), "changed")
    assert found.lines == (Changed("certainty", f"{before:g}", "0.37"),)
