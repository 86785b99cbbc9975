"""Every mistake a policy officer can make is found, all of them in one run, and nobody is blamed for another's."""

from pathlib import Path

import pytest

from engine.knowledge.check import check, inspect_documents, inspect_folder, load
from engine.knowledge.problems import Refused
from engine.knowledge.read import read_text

BASE = Path(__file__).with_name("golden") / "base"
FILES = {path.relative_to(BASE).as_posix(): path.read_text("utf-8") for path in sorted(BASE.rglob("*.yaml"))}


def inspected(text, **over):
    """Inspect the small correct folder with one more file, and others laid over it."""
    files = FILES | {"x.yaml": text} | over
    return inspect_documents([read_text(body, name) for name, body in sorted(files.items())])


def errors(text, **over):
    return [one.code for one in inspected(text, **over)[1] if not one.is_warning]


def warnings(text):
    return [one.code for one in inspected(text)[1] if one.is_warning]


def rule(body, about="household"):
    return f"topic: x\nrules: [{{id: X, title: {{id: X, en: X}}, about: {about}, source: law, {body}}}]\n"


def needing(phrase, name="income", about="household"):
    return rule(f"when all: [{{{name}: {phrase}}}], then: {'needy' if about == 'household' else 'frail'}", about)


def fact(body):
    return f"facts: {{extra: {{of: household, label: {{id: X, en: X}}, {body}}}}}\n"


def service(body, for_="household"):
    return f"services: {{s: {{program: help, name: {{id: S, en: S}}, for: {for_}, {body}}}}}\n"


def parameter(body):
    return f"parameters: {{p: {{name: {{id: P, en: P}}, {body}}}}}\n"


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("at least 5", []),
        ("at most limit", []),
        ("at most 80% of limit", []),
        ("between 5 and limit", []),
        ("is one of 5, 6", []),
        ("is known", []),
        ("yes", ["phrase-does-not-fit"]),
        ("is within 35.06", ["phrase-does-not-fit"]),
        ("includes 5", ["phrase-does-not-fit"]),
        ("in hand", ["phrase-does-not-fit"]),
        ("is received", ["phrase-does-not-fit"]),
        ("any member at least 5", ["not-of-members"]),
        ("at least limt", ["unknown-parameter"]),
        ("at most 80% of limt", ["unknown-parameter"]),
        ("at least rent", ["different-units"]),
        ("at least aid_year", ["different-units"]),
        ("at least floor", ["types-differ"]),
        ("at most 80% of floor", ["types-differ"]),
        ("at least 60_000_000", ["out-of-range"]),
        ("at least -1", ["out-of-range"]),
        ("at least 1.000.000", ["bad-whole-number"]),
        ("is one of 5, many", ["unknown-parameter"]),
        ("between 9 and 5", ["nothing-between"]),
        ("between 9 and", ["unreadable-phrase"]),
        ("more than enough", ["unreadable-phrase"]),
        ("[5, 6]", ["unreadable-phrase"]),
        ("{is: 5}", ["word-expected"]),
    ],
)
def test_a_phrase_fits_the_name_it_is_about(phrase, found):
    """Type, choices, range, unit and members, for an amount of money of the household."""
    assert errors(needing(phrase)) == found


@pytest.mark.parametrize(
    ("name", "phrase", "found"),
    [
        ("floor", "is soil", []),
        ("floor", "is sand", ["not-a-choice"]),
        ("floor", "is one of soil, sand", ["not-a-choice"]),
        ("floor", "at least 1", ["phrase-does-not-fit"]),
        ("home", "is within 35.06.01", []),
        ("home", "is within 35.07", ["unknown-region"]),
        ("home", "is within Kediri", ["bad-region"]),
        ("home", "is floor", ["types-differ"]),
        ("poor", "yes", []),
        ("poor", "is known", ["phrase-does-not-fit"]),
        ("aid", "is received", []),
        ("aid", "in hand", ["phrase-does-not-fit"]),
        ("card", "in hand", []),
        ("card", "any member in hand", []),
        ("card", "yes", ["phrase-does-not-fit"]),
        ("limit", "at least 5", ["parameter-as-condition"]),
        ("incom", "at least 5", ["unknown-fact"]),
        ("age", "at least 60", ["wrong-entity"]),
        ("age", "any member at least 60", []),
        ("age", "at least 2 members at least 60", []),
        ("age", "at least aid_year members at least 60", ["bad-number-of"]),
        ("age", "at least age members at least 60", ["bad-number-of"]),
        ("age", "at least many members at least 60", ["unknown-parameter"]),
        ("age", "at least 1.5 members at least 60", ["bad-whole-number"]),
        ("illness", "any member includes lung", []),
        ("illness", "any member includes flu", ["not-a-choice"]),
        ("birth_date", "any member above 2020-01-01", []),
        ("birth_date", "any member above 2020-02-30", ["impossible-date"]),
        ("birth_date", "any member above 1899-12-31", ["out-of-range"]),
    ],
)
def test_each_sort_of_name_has_its_phrases(name, phrase, found):
    """Choices, regions, conclusions, services, documents, parameters, and what is about a person."""
    assert errors(needing(phrase, name)) == found


def test_a_rule_about_one_person_sees_the_household_and_no_members():
    """The household's names are visible, and there is nobody to count."""
    assert errors(needing("at least 5", "income", "person")) == []
    assert errors(needing("any member", "sick", "person")) == ["members-in-person-rule"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("when all: [{income: at least 5}], then: needy", []),
        ("then: needy", []),
        ("when all: [], then: needy", ["empty-block"]),
        ("when all: [{}], then: needy", ["empty-block"]),
        ("when all: [income], then: needy", ["table-expected"]),
        ("when all: {income: at least 5}, then: needy", ["list-expected"]),
        ("when all: [{income: at least 5, rent: at least 5}], then: needy", ["one-condition-a-line"]),
        ("when at least 1 of: [{income: at least 5}], then: needy", []),
        ("when at least 0 of: [{income: at least 5}], then: needy", ["bad-count"]),
        ("when at least 2 of: [{income: at least 5}], then: needy", ["bad-count"]),
        ("when at least income of: [{income: at least 5}], then: needy", ["bad-number-of"]),
        ("when at least limt of: [{income: at least 5}], then: needy", ["unknown-parameter"]),
        ("whenever: [{income: at least 5}], then: needy", ["unknown-key"]),
        ("then: needy, decides: poor", ["one-effect"]),
        ("certainty: 0.5", ["one-effect"]),
        ("then: needi", ["undeclared-conclusion"]),
        ("then: frail", ["about-differs"]),
        ("then: needy, certainty: 1.1", ["certainty-out-of-range"]),
        ("then: needy, otherwise: 0.1", ["certainty-out-of-range"]),
        ("then: needy, from: 2025-02-01, until: 2025-01-31", ["from-after-until"]),
        ("then: needy, provided all: [{card: in hand}]", ["wrong-block"]),
        ("then: needy, concerns all: [{floor: is soil}]", ["wrong-block"]),
        ("then: needy, for: aid", ["wrong-block"]),
        ("then: needy, count of: [{income: at least 5}]", ["count-needs-grades"]),
        ("then: needy, grades: {1: 0.5}", ["count-needs-grades"]),
        ("then: needy, count of: [{income: at least 5}], grades: {0: 0.6, 1: 0.5}", ["grades-not-rising"]),
        ("then: needy, count of: [{income: at least 5}], grades: {2: 0.5}", ["bad-grade"]),
        ("then: needy, count of: [{income: at least 5}], grades: {1: 0.5}, certainty: 1", ["wrong-block"]),
        ("for: aid, requires: [card]", []),
        ("for: aid, requires: [crad]", ["unknown-document"]),
        ("for: aidd, requires: [card]", ["unknown-service"]),
        ("requires: [card]", ["missing-key"]),
        ("for: aid, requires: []", ["empty-block"]),
        ("for: aid, requires: [card], before: never", ["not-one-of"]),
        ("for: aid, follow: [vist]", ["unknown-step"]),
        ("for: aid, follow: [visit], unneeded any: [{floor: is soil}]", ["wrong-block"]),
    ],
)
def test_a_rule_has_its_blocks_one_effect_and_a_target(body, found):
    """Blocks in the right kind of rule, counts that can be reached, certainties in range, names that exist."""
    assert errors(rule(body)) == found


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (("until: 2024-12-31", "from: 2025-01-01"), []),
        (("until: 2025-01-01", "from: 2025-01-01"), ["overlapping-dates"]),
        (("from: 2025-01-01", "until: 2024-12-31"), []),
        (("from: 2020-01-01, until: 2029-12-31", "from: 2024-01-01, until: 2024-01-01"), ["overlapping-dates"]),
        (("from: 2020-01-01", "certainty: 1"), ["wrong-block", "overlapping-dates"]),
    ],
)
def test_one_rule_at_a_time_decides(days, found):
    """Both ends count, an open end is without end."""
    rules = [f"{{id: X{n}, title: {{id: X, en: X}}, source: law, decides: idea, {day}}}" for n, day in enumerate(days)]
    text = f"topic: x\nconclusions: {{idea: {{about: household, name: {{id: I, en: I}}}}}}\nrules: [{', '.join(rules)}]"

    assert sorted(errors(text)) == sorted(found)


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("income + 1", []),
        ("income / rent", []),
        ("1 if floor == 'soil' else 2", []),
        ("count_of_members(old)", []),
        ("brackets(p, income)", ["unknown-parameter"]),
        ("lookup(limit, 1)", ["wrong-number-of-inputs"]),
        ("lookup(income, 1)", ["formula-type"]),
        ("incom + rnt", ["unknown-fact", "unknown-fact"]),
        ("age + birth_date", ["wrong-entity", "wrong-entity"]),
        ("floor", ["formula-type"]),
        ("floor == 'sand'", ["not-a-choice"]),
        ("home in ['35.06', '99']", ["unknown-region"]),
        ("1 if home == floor else 2", ["formula-type"]),
        ("1 if income > rent else 2", ["different-units"]),
        ("income if sick else 1", ["wrong-entity"]),
        ("income if floor else 1", ["formula-type"]),
        ("income + 'a'", ["formula-type"]),
        ("min(income, as_of)", ["formula-type"]),
        ("sum_of_members(sick)", ["formula-type"]),
        ("sum_of_members(income + agee)", ["unknown-fact"]),
        ("sum_of_members(count_of_members())", ["member-function-here"]),
        ("card", ["unknown-fact"]),
        ("extra + 1", ["circular-rules"]),
    ],
)
def test_a_formula_reads_what_it_can_see_and_fits_together(formula, found):
    """All names that cannot be read are told together; then types, choices and units."""
    assert errors(fact(f'type: integer, computed: "{formula}"')) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (fact("type: integer, question: {id: Q, en: Q}, range: 0 to 5, presume: 6"), ["out-of-range"]),
        (fact("type: integer, question: {id: Q, en: Q}, range: 5 to 0"), ["bad-range"]),
        (fact("type: integer, question: {id: Q, en: Q}, else: 1"), ["missing-key"]),
        (fact("type: integer"), ["missing-key"]),
        (fact("type: integer, answered_by: registry"), []),
        (fact("type: choice, question: {id: Q, en: Q}"), ["missing-key"]),
        (fact("type: choice, question: {id: Q, en: Q}, choices: {}"), ["empty-block"]),
        (fact("type: integer, question: {id: Q, en: Q}, ask: who_among"), ["not-of-members"]),
        (fact("type: integer, question: {id: Q, en: Q}, verified_by: [tld]"), ["unknown-evidence"]),
        (fact('type: integer, question: {id: Q, en: Q}, only_if: "income", else: 0'), ["formula-type"]),
        (fact("type: region, question: {id: Q, en: Q}, presume: 35.07"), ["unknown-region"]),
        (
            fact("type: integr, theme: zoo, verified_by: [[a]], sensitive: very, computed: '1'"),
            ["word-expected"] + 3 * ["not-one-of"],
        ),
        (parameter("values: [{from: 2020-01-01, value: 1, source: lwa}]"), ["unknown-source"]),
        (parameter("values: [{from: 2020-01-01, value: 1}]"), ["missing-source"]),
        (parameter("values: []"), ["empty-block"]),
        (parameter("keys: [floor], values: [{from: 2020-01-01, value: 1, source: law}]"), ["one-form-of-value"]),
        (parameter("keys: [floor], values: [{from: 2020-01-01, table: {sand: 1}, source: law}]"), ["not-a-choice"]),
        (
            parameter("keys: [floor], values: [{from: 2020-01-01, table: {above 1: 1}, source: law}]"),
            ["phrase-does-not-fit"],
        ),
        (parameter("keys: [home], values: [{from: 2020-01-01, table: {35.07: 1}, source: law}]"), ["unknown-region"]),
        (parameter("keys: [flor], values: [{from: 2020-01-01, table: {soil: 1}, source: law}]"), ["unknown-fact"]),
        (parameter("keys: [poor], values: [{from: 2020-01-01, table: {yes: 1}, source: law}]"), ["bad-key"]),
        (
            parameter("values: [{from: 2020-01-01, value: 1, source: law}, {from: 2020-01-01, value: 2, source: law}]"),
            ["repeated-day"],
        ),
        ("regions: {35.07: {name: A, within: 36}}", ["unknown-region"]),
        ("evidence: {shown: {certainty: 1.5, name: {id: A, en: A}}}", ["certainty-out-of-range"]),
        ("sources: {s: {title: S, kind: news, status: repealed, seen: yes, repealed_by: t}}", ["unknown-source"]),
        ("calendar: {holidays: [{date: 2026-02-30, name: {id: A, en: A}}]}", ["impossible-date"]),
    ],
)
def test_what_the_office_knows_is_complete_and_consistent(text, found):
    """Facts, parameters, regions, evidence, sources, the calendar."""
    assert sorted(errors(text)) == sorted(found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (service("activity: cash"), []),
        (service("activity: food"), ["unknown-activity"]),
        (service("priority: pooor"), ["unknown-conclusion"]),
        (service("priority: old"), ["about-differs"]),
        (service("priority: poor", "person"), []),
        (service("quota: limt"), ["unknown-parameter"]),
        (service("quota: income"), ["bad-number-of"]),
        (service("exclusive: [one]"), ["unknown-group"]),
        (service("not_with: [adi]"), ["unknown-service"]),
        (service("not_with: [s]"), ["names-itself"]),
        (service("not_with: [aid], may_combine: [aid]"), ["contradicting-not-with"]),
        (service("offer: refer"), ["missing-key"]),
        (service("time_limit: 3 weeks, urgent: yes"), []),
        (
            service("time_limit: three weeks, duty: perhaps, urgent: soon"),
            ["bad-boolean", "bad-boolean", "bad-duration"],
        ),
        (service("valid_for: 6 to 12 months"), []),
        (service("valid_for: {id: Seumur hidup, en: For life}"), []),
        (service("valid_for: for life"), ["bad-validity"]),
        (service("valid_for: [3 months]"), ["text-expected"]),
        (service("benefit: {kind: cash, per: year, amount: aid_year}"), []),
        (service("benefit: {kind: cash, per: month, amount: aid_year}"), ["per-and-unit-differ"]),
        (service("benefit: {kind: cash, per: decade, amount: aid_yer}"), ["not-one-of", "unknown-fact"]),
        (service("benefit: {kind: cash, amount: floor}"), ["formula-type"]),
        (
            service("benefit: {kind: cash, components: {a: {member: old, amount: '1', at_most: 1.5}}}"),
            ["bad-number-of"],
        ),
        (service("benefit: {kind: cash, components: {a: {member: poor, amount: '1'}}}"), ["about-differs"]),
        (service("benefit: {kind: cash, components: {a: {member: older, amount: '1'}}}"), ["unknown-conclusion"]),
        (
            service("benefit: {kind: cash, components: {a: {member: old, amount: '1', not_with: [x]}}}"),
            ["unknown-service"],
        ),
        (
            service("benefit: {kind: cash, components: {a: {member: old, amount: '1'}}}", "person"),
            ["components-of-person"],
        ),
        (
            "documents: {paper: {name: {id: A, en: A}, proves: [x], instead_of: [y]}}",
            ["unknown-fact", "unknown-document"],
        ),
        ("exclusivity: {one: {name: {id: A, en: A}, one_per: house, source: [a]}}", ["not-one-of", "word-expected"]),
    ],
)
def test_what_is_offered_names_what_exists(text, found):
    """Services, benefits, documents, groups."""
    assert sorted(errors(text)) == sorted(found)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('for: "35.06"', []),
        ('for: "35.06", address: unknown, phone: unknown', []),
        ('for: "35.06", address: {id: Jalan Satu, en: Jalan Satu}, phone: +62 354 123-456, source: law', []),
        ('for: "35.06", phone: (0354) 123456', ["bad-phone", "missing-source"]),
        ('for: "35.06", hours: {id: Pagi, en: Morning}', ["missing-source"]),
        ('for: "35.06", hours: mornings, source: lore', ["text-expected", "unknown-source"]),
        ('for: "35.07"', ["unknown-region"]),
        ('for: "35.06", confirmed: perhaps, fax: unknown', ["bad-boolean", "unknown-key"]),
        ("address: unknown", ["missing-key"]),
    ],
)
def test_an_office_serves_a_region_and_says_where_what_it_tells_comes_from(body, found):
    """What is unknown needs no source, and is nothing."""
    assert sorted(errors(f"offices: {{desk: {{name: {{id: A, en: A}}, {body}}}}}")) == found


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("steps: {visit: {name: {id: A, en: A}}}", ("x.yaml", "knowledge_base/all.yaml")),
        ("documents: {income: {name: {id: A, en: A}}}", ("x.yaml", "facts_schema.yaml")),
        (rule("then: poor"), ("x.yaml", "rules/all.yaml")),
        (rule("decides: poor"), ("x.yaml", "rules/all.yaml")),
        (needing("at most rent"), ("x.yaml", "facts_schema.yaml")),
        (needing("at least 1", "age"), ("x.yaml", "facts_schema.yaml")),
        (rule("then: frail"), ("x.yaml", "knowledge_base/all.yaml")),
        (fact('type: boolean, computed: "income > rent"'), ("x.yaml", "facts_schema.yaml")),
        ("services:\n  aid: {}\n", ("x.yaml", None)),
    ],
)
def test_where_two_places_disagree_both_are_shown(text, places):
    """The one that was written, and the one it does not go with."""
    found = next(one for one in inspected(text)[1] if not one.is_warning)

    assert (found.place.file, found.also and found.also.file) == places


def test_all_mistakes_of_all_files_are_told_in_one_run_in_their_order():
    """Broken YAML in one file, a tag in another and slips in two more do not hide each other."""
    text = "topic: x\nrules:\n  - {id: X, title: {id: X}, then: needy, certainty: 2, source: !law law}\n  - {id: X}\n"
    _, found = inspected(text, **{"a.yaml": "a: b: c", "z.yaml": "steps: {A: {name: x}}\nstep: {}"})

    assert [(one.place.file, one.place.line, one.code) for one in found] == [
        ("a.yaml", 1, "unreadable-yaml"),
        ("x.yaml", 3, "missing-english"),
        ("x.yaml", 3, "certainty-out-of-range"),
        ("x.yaml", 3, "tag"),
        ("x.yaml", 4, "missing-key"),
        ("x.yaml", 4, "missing-source"),
        ("x.yaml", 4, "one-effect"),
        ("z.yaml", 1, "bad-name"),
        ("z.yaml", 1, "text-expected"),
        ("z.yaml", 2, "unknown-key"),
    ]


def test_whoever_names_what_could_not_be_read_is_not_blamed():
    """A fact with a slip in it, and a file that cannot be read at all, leave the rules about them alone."""
    slip = FILES["facts_schema.yaml"].replace("type: choice,", "type: choise,", 1)
    broken = FILES["facts_schema.yaml"] + "\n  x: ["

    assert errors("", **{"facts_schema.yaml": slip})[:1] == ["not-one-of"]
    assert set(errors("topic: x\nrules: []", **{"facts_schema.yaml": slip})) == {"not-one-of"}
    assert set(errors("topic: x\nrules: []", **{"facts_schema.yaml": broken})) == {"unreadable-yaml"}


def test_a_circle_is_shown_whole():
    """Through a formula, a condition for asking and a rule, each with what it reads the next by."""
    text = """
facts:
  a: {of: household, type: integer, computed: "1 if b else 2", label: {id: A, en: A}}
  b: {of: household, type: boolean, only_if: c, else: no, label: {id: B, en: B}, question: {id: B, en: B}}
conclusions: {c: {about: household, name: {id: C, en: C}}}
topic: x
rules: [{id: R, title: {id: R, en: R}, when all: [{a: at least 1}], decides: c, source: law}]
"""
    (circle,) = (one for one in inspected(text)[1] if one.code == "circular-rules")

    assert circle.details["circle"] == "a (computed) -> b (only_if) -> c (R) -> a"


@pytest.mark.parametrize("line", ["{aid: is received}", "{card: in hand}"])
def test_what_is_received_or_in_hand_closes_no_circle(line):
    """A service may read whether it is received already, and a paper is never worked out."""
    text = rule(f"when all: [{line}], decides: aid, from: 2030-01-01")
    rules = FILES["rules/all.yaml"].replace("decides: aid,", "decides: aid, until: 2029-12-31,")

    assert errors(text, **{"rules/all.yaml": rules}) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (rule("when all: [{poor: yes}], then: needy, because: {id: Halo}"), ["missing-english"]),
        ("steps: {go: {name: {id: A, en: A}}}", ["unused-step"]),
        ("documents: {paper: {name: {id: A, en: A}}}", ["unused-document"]),
        ("documents: {paper: {name: {id: A, en: A}, instead_of: [card]}}", []),
        (fact("type: boolean, question: {id: Q, en: Q}"), ["unused-fact"]),
        ("conclusions: {idea: {about: household, name: {id: A, en: A}}}", ["never-concluded"]),
        ("categories: {idea: {about: household, name: {id: A, en: A}}}\n" + rule("decides: idea"), []),
        (
            "conclusions: {idea: {about: household, name: {id: A, en: A}}}\n" + rule("decides: idea"),
            ["unused-conclusion"],
        ),
        (rule("when all: [{old: any member}, {sick: any member}], then: needy"), ["two-any-members"]),
        (rule("when any: [{old: any member}, {sick: any member}], then: needy"), []),
        (rule("when all: [{old: any member}], unless any: [{sick: any member}], then: needy"), []),
        ("regions: {}", []),
    ],
)
def test_what_was_hardly_meant_is_a_warning(text, found):
    """It can be used, so it does not stop anybody."""
    assert (errors(text), warnings(text)) == ([], found)


@pytest.mark.parametrize(
    ("name", "phrase", "found"),
    [
        ("income", "at most 20", []),
        ("income", "at most 21", ["bare-literal"]),
        ("income", "is one of 5, 1_000_000", ["bare-literal"]),
        ("income", "between 21 and 1_000_000", ["bare-literal", "bare-literal"]),
        ("income", "at most 80% of limit", []),
        ("income", "at most limit", []),
        ("age", "any member at least 60", ["bare-literal"]),
        ("age", "at least 20 members at least 6", []),
        ("age", "at most 21 members at least 6", ["bare-literal"]),
        ("sick", "at least 21 members", ["bare-literal"]),
        ("birth_date", "any member above 2020-01-01", []),
        ("home", "is within 35.06.01", []),
    ],
)
def test_a_number_of_the_law_belongs_into_a_parameter(name, phrase, found):
    """A percentage, a date and a region code are no such numbers, and twenty and less may be a plain count."""
    assert (errors(needing(phrase, name)), warnings(needing(phrase, name))) == ([], found)


def test_the_number_of_lines_may_be_too_large_and_grades_are_no_conditions():
    """`when at least N of` counts like a condition; certainty, grades and the keys of tables do not."""
    lines = ", ".join(["{income: at least 5}"] * 30)
    table = "parameters: {p: {name: {id: P, en: P}, keys: [income], values: [{from: 2020-01-01, source: law, table: {at least 0: 500}}]}}\n"

    assert warnings(rule(f"when at least 20 of: [{lines}], then: needy")) == []
    assert warnings(rule(f"when at least 21 of: [{lines}], then: needy")) == ["bare-literal"]
    assert warnings(table + rule(f"count of: [{lines}], grades: {{1: 0.2, 30: 0.5}}, then: needy")) == []


RUMOURED = "{id: X, title: {id: X, en: X}, source: rumour, %s}"


@pytest.mark.parametrize(
    ("sure", "body"),
    [
        ("s", "rules: [" + RUMOURED % "when all: [{poor: yes}], decides: s" + "]"),
        ("s", "rules: [" + RUMOURED % "when all: [{poor: yes}], then: s, otherwise: -1" + "]"),
        ("s", "rules: [" + RUMOURED % "for: s, requires: [card]" + "]"),
        ("s", "rules: [" + RUMOURED % "for: s, follow: [visit]" + "]"),
        ("p", "parameters: {p: {name: {id: P, en: P}, values: [{from: 2020-01-01, value: 1, source: rumour%s}]}}"),
        ("g", "exclusivity: {g: {name: {id: G, en: G}, one_per: person, source: rumour%s}}"),
    ],
)
def test_only_what_is_confirmed_must_rest_on_what_somebody_has_seen(sure, body):
    """A service with all its rules, a value, a group; what is not confirmed says so itself."""

    def found(confirmed):
        whole = "topic: x\nservices: {s: {program: help, name: {id: S, en: S}, for: household%s}}\n"
        mark = ", confirmed: yes" if confirmed else ""
        text = whole % mark if sure == "s" else ""
        text += body if sure == "s" else (body % mark) + "\nrules: []\ntopic: x\n"
        return [one.details["what"] for one in inspected(text)[1] if one.code == "confirmed-unseen"]

    assert (found(False), found(True)) == ([], [sure])


NUMBERS = """facts:
  nik: {of: person, type: text, format: nik, answered_by: officer, label: {id: N, en: N}}
  other: {of: person, type: text, format: nik, answered_by: officer, label: {id: N, en: N}}
  remark: {of: person, type: text, answered_by: officer, label: {id: N, en: N}}
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (needing("is known", "nik", "person"), []),
        (needing("is unknown", "nik", "person"), []),
        (needing("any member is known", "nik"), []),
        (needing("is 3506071203900000", "nik", "person"), ["phrase-does-not-fit"]),
        (needing("is other", "nik", "person"), ["phrase-does-not-fit"]),
        (needing("is nik", "remark", "person"), ["types-differ"]),
        (needing("is x", "remark", "person"), []),
        ("  extra: {of: person, type: boolean, label: {id: X}, computed: \"nik == 'x'\"}\n", ["formula-type"]),
        ("  extra: {of: person, type: text, format: kk, label: {id: X}, computed: nik}\n", ["not-for-computed"]),
        ("  extra: {of: person, type: text, format: npwp, answered_by: officer, label: {id: X}}\n", ["not-one-of"]),
        (parameter("keys: [nik], values: [{from: 2020-01-01, source: law, table: {x: 1}}]"), ["bad-key"]),
    ],
)
def test_a_number_of_population_registration_is_known_or_not_and_nothing_else(text, found):
    """Nobody compares it, counts with it or looks anything up by it, and no rule needs to read it."""
    assert errors(NUMBERS + text)[:1] == found
    if not text:
        assert [one.details["name"] for one in inspected(NUMBERS)[1]] == ["remark"]


def test_a_service_that_tests_what_can_never_be_no_is_told_whichever_block_tests_it():
    """Counted lines are tests too; evidence against in any rule is enough."""
    idea = "conclusions: {idea: {about: household, name: {id: A, en: A}}}\n"
    tested = idea + "services: {s: {program: help, name: {id: S, en: S}, for: household}}\ntopic: x\nrules:\n"
    for_idea = "  - {id: X1, title: {id: X, en: X}, source: law, when all: [{floor: is soil}], then: idea}\n"
    against = (
        "  - {id: X2, title: {id: X, en: X}, source: law, when all: [{floor: is tile}], then: idea, certainty: -1}\n"
    )
    plain = "  - {id: X3, title: {id: X, en: X}, source: law, unless any: [{idea: yes}], decides: s}\n"
    counted = "  - {id: X3, title: {id: X, en: X}, source: law, count of: [{idea: yes}], grades: {1: 1}, then: s}\n"

    assert warnings(tested + for_idea + plain) == ["never-no"]
    assert warnings(tested + for_idea + counted) == ["never-no"]
    assert warnings(tested + for_idea + against + plain) == []


def test_only_a_vocabulary_evidence_and_one_rule_are_needed(tmp_path):
    """Everything else may be absent until something names it."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "facts_schema.yaml").write_text(
        "facts: {sick: {of: household, type: boolean, label: {id: S, en: S}, question: {id: S, en: S}}}\n"
        "evidence: {told: {certainty: 0.6, name: {id: T, en: T}}}\n"
        "conclusions: {ill: {about: household, name: {id: I, en: I}}}\n"
        "sources: {law: {title: L, kind: regulation, status: in_force, seen: yes}}\n",
        encoding="utf-8",
    )
    (tmp_path / "rules" / "one.yaml").write_text(
        "topic: x\nrules: [{id: R, title: {id: R, en: R}, when all: [{sick: yes}], decides: ill, source: law}]\n",
        encoding="utf-8",
    )

    assert list(load(tmp_path).rules) == ["R"]


@pytest.mark.parametrize("room", ["facts_schema.yaml", "rules"])
def test_a_folder_without_its_rooms_is_no_knowledge_folder(tmp_path, room):
    """One sentence says which is missing, not hundreds what follows from it."""
    for name, text in FILES.items():
        if not name.startswith(room):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
    _, found = inspect_folder(tmp_path)

    assert [(one.code, one.details) for one in found] == [("no-knowledge", {"room": room})]


def test_knowledge_with_an_error_is_not_given_out(tmp_path):
    """Loading it raises every problem, with the texts to show them in."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text.replace("decides: care", "decides: cure"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load(tmp_path)

    assert "undeclared-conclusion" in {one.code for one in refused.value.problems}
    assert set(FILES) == set(refused.value.texts)


def test_a_check_changes_nothing_and_says_the_same_again():
    """Twice over the same knowledge gives the same list."""
    knowledge, _ = inspected(needing("at least rent"))

    assert check(knowledge) == check(knowledge) != ()
