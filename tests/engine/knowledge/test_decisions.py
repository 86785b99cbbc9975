"""Open decisions: what they concern must exist, and they are settled where that is confirmed."""

from datetime import date

import pytest

from engine.change.edits import edits, mixed
from engine.compile import Compiler
from engine.knowledge.check import inspect_documents
from engine.knowledge.decisions import confirmations, is_settled
from engine.knowledge.read import read_text
from tests.engine.knowledge.test_check import FILES

DAY = date(2026, 1, 1)
QUESTION = "question: {id: Apa?, en: What?}"
THINGS = """
parameters: {p: {name: {id: P, en: P}, values: [%s]}}
exclusivity: {g: {name: {id: G, en: G}, one_per: person, source: law%s}}
offices: {desk: {name: {id: D, en: D}, for: "35.06"}}
services: {s: {program: help, name: {id: S, en: S}, for: household, exclusive: [g]%s}}
"""
VALUE = "{from: %s, value: 1, source: law%s}"
YES, NO = ", confirmed: yes", ", confirmed: no"


def inspected(concerns, things="", **over):
    text = f"decisions: {{d: {{{QUESTION}, concerns: [{concerns}], was: C1}}}}\n{things}"
    files = FILES | {"x.yaml": text} | over
    knowledge, found = inspect_documents([read_text(body, name) for name, body in sorted(files.items())])
    return knowledge, [one for one in found if not one.is_warning]


def things(value=NO, group=NO, service=NO):
    return THINGS % (VALUE % ("2020-01-01", value), group, service)


@pytest.mark.parametrize("name", ["limit", "aid", "A-1", "poor", "card", "visit", "told", "law", "income"])
def test_a_decision_concerns_anything_that_has_a_name(name):
    """Parameters, services, rules, conclusions, documents, steps, evidence, sources, facts."""
    knowledge, wrong = inspected(name)

    assert wrong == []
    assert (knowledge.decisions["d"].was, knowledge.decisions["d"].question.en) == ("C1", "What?")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("decisions: {d: {question: {id: A, en: A}, concerns: [limt]}}", ["unknown-concern"]),
        ("decisions: {d: {question: {id: A, en: A}, concerns: []}}", ["empty-block"]),
        ("decisions: {d: {question: {id: A, en: A}}}", ["missing-key"]),
        ("decisions: {d: {concerns: [limit]}}", ["missing-key"]),
        ("decisions: {d: {question: {id: A, en: A}, concerns: [limit], answer: x}}", ["unknown-key"]),
    ],
)
def test_a_decision_has_a_question_and_names_that_exist(text, found):
    """What is not understood is told like anything else."""
    _, wrong = inspected("limit", **{"y.yaml": text.replace("{d:", "{e:")})

    assert [one.code for one in wrong] == found


def test_one_name_is_one_decision_in_all_files_together():
    """Both places are shown."""
    _, wrong = inspected("limit", **{"y.yaml": f"decisions: {{d: {{{QUESTION}, concerns: [aid]}}}}"})

    assert [(one.code, one.place.file, one.also.file) for one in wrong] == [("repeated-name", "y.yaml", "x.yaml")]


def test_a_rule_that_cannot_be_read_leaves_a_gap_and_no_second_mistake():
    """Whoever names it made no mistake."""
    rules = FILES["rules/all.yaml"].replace("income: at most limit", "income: mostly limit")
    _, wrong = inspected("A-1", **{"rules/all.yaml": rules})

    assert [one.code for one in wrong] == ["unreadable-phrase"]


@pytest.mark.parametrize(
    ("concerns", "confirmed", "settled"),
    [
        ("p", {}, False),
        ("p", {"value": YES}, True),
        ("desk", {}, False),
        ("g, s", {"group": YES}, False),
        ("g, s", {"group": YES, "service": YES}, True),
        ("s, poor, law", {"service": YES}, True),
        ("poor, law", {}, False),
    ],
)
def test_a_decision_is_settled_when_all_it_concerns_is_confirmed(concerns, confirmed, settled):
    """As far as it can be; one about nothing that can be confirmed stays open."""
    knowledge, _ = inspected(concerns, things(**confirmed))

    assert is_settled(knowledge.decisions["d"], knowledge) is settled


def test_every_value_of_a_parameter_is_confirmed_on_its_own():
    """The place is that of the word, or of the value that says nothing about it."""
    values = f"{VALUE % ('2020-01-01', YES)}, {VALUE % ('2021-01-01', '')}"
    knowledge, _ = inspected("p", THINGS % (values, NO, NO))
    found = list(confirmations("p", knowledge))

    assert [(one.name, one.confirmed) for one in found] == [("p 2020-01-01", True), ("p 2021-01-01", False)]
    assert [one.place.width for one in found] == [len("yes"), len(VALUE % ("2021-01-01", ""))]
    assert not is_settled(knowledge.decisions["d"], knowledge)


def test_decisions_change_the_edition_and_not_its_meaning():
    """They are no edit that could change an answer, and bar none."""
    one, _ = inspected("limit")
    other, _ = inspected("limit, A-1")

    assert one.edition != other.edition
    assert Compiler(one).plan(DAY).meaning == Compiler(other).plan(DAY).meaning
    assert edits(one, other) == ()
    assert mixed(one, other, []).decisions == {}
