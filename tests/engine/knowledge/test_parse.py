"""Nodes become values; where a thing is written, and in which file, means nothing."""

from datetime import date

import pytest

from engine.knowledge.parse import parse
from engine.knowledge.read import read_text

TWO = "{id: Satu, en: One}"


def parsed(*texts):
    """Parse some texts as the files of one folder; nothing of their shape may be wrong."""
    knowledge, problems = parse([read_text(text, f"{n}.yaml") for n, text in enumerate(texts)], "edition")
    assert problems == []
    return knowledge


def noted(*texts):
    _, problems = parse([read_text(text, f"{n}.yaml") for n, text in enumerate(texts)], "edition")
    return [(one.code, one.place.file, one.place.line) for one in problems]


def rule(body):
    return f"topic: x\nrules: [{{id: R, title: {TWO}, source: law, {body}}}]"


def test_what_a_file_holds_is_said_by_its_keys():
    """One file may hold everything, and one shelf may be filled from many files."""
    steps, papers = f"steps: {{a: {{name: {TWO}}}}}", f"documents: {{b: {{name: {TWO}}}}}"
    more = f"steps: {{c: {{name: {TWO}}}}}"

    for knowledge in (parsed(f"{steps}\n{papers}", more), parsed(more, papers, steps)):
        assert (list(knowledge.steps), list(knowledge.papers)) == (["a", "c"], ["b"])


def test_a_fact_that_cannot_change_says_so():
    """`lasting` is a truth; left out, the fact can change."""
    fact = f"of: person, type: boolean, label: {TWO}, question: {TWO}"
    knowledge = parsed(f"facts: {{a: {{{fact}, lasting: yes}}, b: {{{fact}, lasting: no}}, c: {{{fact}}}}}")
    assert [one.lasting for one in knowledge.facts.values()] == [True, False, False]
    assert noted(f"facts:\n  a: {{{fact}, lasting: perhaps}}") == [("bad-boolean", "0.yaml", 2)]
    assert [code for code, *_ in noted(f"facts:\n  a: {{{fact}, lasting: yes, computed: b}}")] == [
        "not-for-computed"
    ] * 2


def test_facts_and_choices_keep_the_order_of_the_file():
    """It is the order of the interview."""
    choices = f"{{z: {TWO}, a: {TWO}}}"
    fact = f"{{of: household, type: choice, label: {TWO}, question: {TWO}, choices: {choices}}}"
    facts = parsed(f"facts: {{zebra: {fact}, ant: {fact}}}").facts

    assert (list(facts), list(facts["ant"].choices)) == (["zebra", "ant"], ["z", "a"])


def test_a_service_is_a_conclusion_too():
    """About whom the service is for; rules conclude it under its own name."""
    knowledge = parsed(f"services: {{aid: {{program: p, name: {TWO}, for: person}}}}")

    assert knowledge.conclusions["aid"].about == "person"


def test_what_is_left_out_has_its_default():
    """Households, families, offered here, certainty 1, nothing otherwise, before the proposal, in force for ever."""
    knowledge = parsed(
        f"services: {{aid: {{program: p, name: {TWO}, for: household}}}}",
        rule("then: aid").replace("id: R", "id: T"),
        rule("for: aid, requires: card"),
    )
    service, concludes, requires = knowledge.services["aid"], knowledge.rules["T"], knowledge.rules["R"]

    assert (service.applicants, service.offer, service.confirmed) == (("family",), "here", False)
    assert (service.duty, service.urgent) == (False, False)
    assert (concludes.about, concludes.effect.certainty, concludes.effect.otherwise) == ("household", 1.0, 0.0)
    assert (requires.effect.before, [word.text for word in requires.effect.documents]) == ("proposal", ["card"])
    assert concludes.in_force(date(1, 1, 1)) and concludes.in_force(date(9999, 12, 31))


def test_what_is_unknown_about_an_office_is_not_there():
    """Left out or called unknown is the same."""
    offices = f"offices: {{z: {{name: {TWO}, for: '1', address: unknown, phone: 0354 1234567}}, a: {{name: {TWO}, for: '2'}}}}"
    z, a = parsed(offices.replace("for: '1'", "for: '1', source: law")).offices.values()

    assert (z.name, z.region.text, z.address, z.phone, z.confirmed) == ("z", "1", None, "0354 1234567", False)
    assert (a.address, a.hours, a.phone, a.duty_person) == (None, None, None, None)


def test_how_long_something_holds_is_kept_as_it_was_written():
    """A duration, or a text in both languages."""
    papers = parsed(
        f"documents: {{a: {{name: {TWO}, valid_for: 1 to 3 months}}, b: {{name: {TWO}, valid_for: {TWO}}}}}"
    ).papers

    assert [papers[name].valid_for for name in "ab"] == ["1 to 3 months", ("Satu", "One")]


def test_a_rule_counts_from_its_first_to_its_last_day():
    """Both ends are inclusive."""
    one = parsed(rule("then: aid, from: 2025-01-01, until: 2025-01-31")).rules["R"]
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 1, 31), date(2025, 2, 1)]

    assert [one.in_force(day) for day in days] == [False, True, True, False]


def test_of_two_values_in_force_the_later_counts_and_outside_of_all_none():
    """Never the latest value for a day that has none."""
    values = """
      - {from: 2020-01-01, until: 2024-12-31, value: 1, source: law}
      - {from: 2023-01-01, until: 2023-12-31, value: 2, source: law}
"""
    limit = parsed(f"parameters:\n  p:\n    name: {TWO}\n    values:{values}").parameters["p"]
    found = [limit.on(date(year, 6, 1)) for year in (2019, 2022, 2023, 2024, 2025)]

    assert [one and one.value for one in found] == [None, 1, 2, 1, None]


@pytest.mark.parametrize(
    ("written", "value"),
    [("1_500_000", 1500000), ("0.25", 0.25), ("2024-05-01", date(2024, 5, 1)), ("yes", True), ("tidak", False)],
)
def test_a_parameter_is_a_number_a_date_or_a_truth_by_its_looks(written, value):
    """Digits, digits with hyphens, or one of the six words."""
    (amount,) = (
        parsed(f"parameters: {{p: {{name: {TWO}, values: [{{from: 2020-01-01, value: {written}, source: law}}]}}}}")
        .parameters["p"]
        .values
    )

    assert amount.value == value and type(amount.value) is type(value)


@pytest.mark.parametrize("written", ["{floor: is one of soil, tile}", "{floor: 'is one of soil, tile'}"])
def test_a_list_within_braces_needs_no_quotes(written):
    """There its commas would begin new keys; each word keeps its place."""
    text = rule(f"when all: [{written}], then: idea")
    ((line,),) = (block.lines for block in parsed(text).rules["R"].blocks)
    words = [operand.word for operand in line.phrase.operands]

    assert [word.text for word in words] == ["soil", "tile"]
    assert [word.place.column for word in words] == [text.split("\n")[1].index(name) + 1 for name in ("soil", "tile")]


def test_only_a_list_is_put_together_again():
    """Two conditions in one pair of braces stay two, and so does half of one."""
    assert ("one-condition-a-line", "0.yaml", 2) in noted(rule("when all: [{floor: is soil, tile}], then: idea"))
    assert ("one-condition-a-line", "0.yaml", 2) in noted(
        rule("when all: [{floor: is one of soil, rent: above 5}], then: idea")
    )


def test_a_value_without_evidence_rests_on_the_default_or_on_the_weakest_there_is():
    """`presumed` stands behind nothing that was said."""
    some = "evidence: {presumed: {certainty: 0.1, name: N}, seen: {certainty: 1, name: N}, told: {certainty: 0.6, name: N}}"
    some = some.replace("N", TWO)

    assert parsed(some).default_evidence == "told"
    assert parsed(some + "\ndefault_evidence: seen").default_evidence == "seen"
    assert parsed(f"evidence: {{presumed: {{certainty: 0.1, name: {TWO}}}}}").default_evidence == "presumed"


def test_everything_wrong_with_a_thing_is_noted_before_it_is_given_up():
    """A fact of an unknown type, a service of nobody, and a rule without an id are read to their ends."""
    fact = (
        "facts:\n  f:\n    of: nobody\n    type: thing\n    label: x\n    theme: zoo\n    computed: 1 +\n    computd: 2"
    )
    service = f"services:\n  s:\n    name: {TWO}\n    for: nobody\n    duty: perhaps\n    benefit:\n      per: age"
    untitled = "topic: x\nrules:\n  - when all: [{a: thing}]\n    from: soon\n    certainty: 7\n    then: idea"

    assert [(code, line) for code, _, line in sorted(noted(fact), key=lambda one: one[2])] == [
        ("not-one-of", 3),
        ("not-one-of", 4),
        ("text-expected", 5),
        ("not-one-of", 6),
        ("unreadable-formula", 7),
        ("unknown-key", 8),
    ]
    assert [(code, line) for code, _, line in sorted(noted(service), key=lambda one: one[2])] == [
        ("missing-key", 2),
        ("not-one-of", 4),
        ("bad-boolean", 5),
        ("missing-key", 7),
        ("not-one-of", 7),
    ]
    assert {code for code, _, _ in noted(untitled)} == {
        *("missing-key", "missing-source", "unreadable-phrase", "bad-date", "certainty-out-of-range"),
    }


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a: 1", {"unknown-key"}),
        ("- a", {"table-expected"}),
        ("hello", {"table-expected"}),
        ("steps: [a]", {"table-expected"}),
        ("steps: {a: }", {"missing-key"}),
        ("steps: {a: {name: x}}", {"text-expected"}),
        ("steps: {a: {name: {en: x}}}", {"missing-key"}),
        ("steps: {a: {name: {id: x, en: y, fr: z}}}", {"text-keys"}),
        ("steps: {A: {name: {id: x, en: y}}}", {"bad-name"}),
        ("steps: {a: {name: {id: x, en: y}, time: [1]}}", {"word-expected"}),
        ("steps: {a: {name: {id: x, en: y}}, a: {name: {id: x, en: y}}}", {"repeated-key"}),
        ("topic: x", {"missing-key"}),
        ("rules: []", {"program-or-topic"}),
        ("topic: x\nprogram: y\nrules: []", {"program-or-topic"}),
        ("topic: x\nrules: [a]", {"table-expected"}),
    ],
)
def test_the_shape_of_a_file_is_judged_without_its_sense(text, codes):
    """Tables, lists, words and texts stand where they are expected, under keys that are known."""
    assert {code for code, _, _ in noted(text)} == codes


def test_one_name_on_two_files_of_a_shelf_is_told_with_both_places():
    """The first stays."""
    step = f"steps: {{a: {{name: {TWO}}}}}"
    _, (problem,) = parse([read_text(step, "one.yaml"), read_text("\n" + step, "two.yaml")], "edition")

    assert (problem.code, problem.place.file, problem.also.file) == ("repeated-name", "two.yaml", "one.yaml")
