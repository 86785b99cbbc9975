"""Letters in the knowledge: their kinds, blanks and parts, and what a policy officer is told."""

import pytest

from engine.knowledge.blanks import KINDS, blanks_in, stray_brace
from engine.knowledge.check import inspect_documents
from engine.knowledge.decisions import confirmations, is_settled
from engine.knowledge.read import read_text
from tests.engine.knowledge.test_check import FILES

TITLE = "name: {id: Surat, en: Letter}"


def inspected(letter, **over):
    files = FILES | {"letters.yaml": f"letters:\n  slip: {{{letter}}}\n"} | over
    knowledge, found = inspect_documents([read_text(body, name) for name, body in sorted(files.items())])
    return knowledge, [one for one in found if not one.is_warning]


def test_a_letter_is_read_part_by_part():
    """In the order of the file; what is left out is nothing."""
    knowledge, wrong = inspected(
        f"kind: receipt, {TITLE}, confirmed: yes, services: [aid], parts: ["
        "{heading: {id: A, en: A}, list: papers, otherwise: {id: Tidak ada., en: None.}},"
        '{text: {id: "Dari {recipient}", en: "From {recipient}"}, only_if: recipient}]'
    )
    letter = knowledge.letters["slip"]
    first, second = letter.parts

    assert wrong == []
    assert (letter.kind, letter.label.en, letter.confirmed) == ("receipt", "Letter", True)
    assert [word.text for word in letter.services] == ["aid"]
    assert (first.heading.id, first.list, first.text, first.otherwise.en) == ("A", "papers", None, "None.")
    assert (second.text.in_("en"), second.only_if, second.list) == ("From {recipient}", "recipient", None)
    assert [text.id for text in letter.texts] == ["A", "Tidak ada.", "Dari {recipient}"]


@pytest.mark.parametrize(
    ("letter", "codes"),
    [
        (f"kind: postcard, {TITLE}, parts: [{{list: papers}}]", ["not-one-of"]),
        (f"{TITLE}, parts: [{{list: papers}}]", ["missing-key"]),
        (f"kind: receipt, {TITLE}", ["missing-key"]),
        (f"kind: receipt, {TITLE}, parts: []", ["empty-block"]),
        (f"kind: receipt, {TITLE}, parts: [{{only_if: receipt}}]", ["empty-block"]),
        (f"kind: receipt, {TITLE}, parts: [{{list: reasons}}]", ["not-one-of"]),
        (f"kind: receipt, {TITLE}, parts: [{{list: papers, only_if: decile}}]", ["not-one-of"]),
        (f"kind: receipt, {TITLE}, parts: [{{text: Halo}}]", ["text-expected"]),
        (f"kind: receipt, {TITLE}, parts: [{{list: papers, footer: x}}]", ["unknown-key"]),
        (f"kind: receipt, {TITLE}, services: [nobody], parts: [{{list: papers}}]", ["unknown-service"]),
        (f"kind: statement, {TITLE}, facts: [nobody], parts: [{{list: facts}}]", ["unknown-fact"]),
        (
            f"kind: statement, {TITLE}, facts: [income], evidence: rumours, parts: [{{list: facts}}]",
            ["unknown-evidence"],
        ),
        ('kind: receipt, name: {id: "{reciept}", en: "{receipt}"}, parts: [{list: papers}]', ["no-such-blank"]),
    ],
)
def test_what_is_not_understood_is_told_like_anything_else(letter, codes):
    """With its place; a blank that a kind does not have as well, in the title, too."""
    assert [one.code for one in inspected(letter)[1]] == codes


def test_a_blank_is_found_where_it_stands_with_a_guess():
    """Line and column of the word itself, in both languages."""
    _, wrong = inspected(
        f'kind: receipt, {TITLE}, parts: [{{text: {{id: "Dari {{recipent}}.", en: "From {{Recipient}}{{officr}}."}}}}]'
    )
    indonesian, english, _ = wrong

    assert (indonesian.code, indonesian.place.line, indonesian.place.width) == ("no-such-blank", 2, len("recipent"))
    assert indonesian.hint("en") == 'did you mean "recipient"?'
    assert english.code == "bad-blank"


def test_one_letter_of_a_kind_for_one_purpose():
    """One for a service beside the one for all is fine; a second for the same is not."""
    parts = f"{TITLE}, parts: [{{list: papers}}]"
    for second, codes in (("services: [aid], ", []), ("", ["letter-twice"])):
        more = f"letters:\n  other: {{kind: receipt, {second}{parts}}}\n"
        assert [one.code for one in inspected(f"kind: receipt, {parts}", **{"more.yaml": more})[1]] == codes


def test_a_decision_waits_for_the_wording_to_be_confirmed():
    """It is settled where the letter says so."""
    asked = "decisions: {d: {question: {id: Apa?, en: What?}, concerns: [slip]}}"
    for said, settled in (("no", False), ("yes", True)):
        letter = f"kind: receipt, {TITLE}, confirmed: {said}, parts: [{{list: papers}}]"
        knowledge, wrong = inspected(letter, **{"asked.yaml": asked})
        assert wrong == []
        assert [one.confirmed for one in confirmations("slip", knowledge)] == [settled]
        assert is_settled(knowledge.decisions["d"], knowledge) is settled


def test_blanks_and_stray_braces():
    """A blank is one name in small letters; any other brace is none."""
    assert list(blanks_in("{a} and {b_2}")) == [("a", 1), ("b_2", 9)]
    assert [stray_brace(text) for text in ("{a}", "{a", "a}", "{a.b}", "{A}", "{{a}}")] == [None, 0, 1, 0, 0, 0]


def test_every_kind_knows_the_words_of_all_letters():
    """Its number, day, office, officer and reader."""
    for kind in KINDS.values():
        assert {"number", "today", "office", "officer", "recipient", "case"} <= kind.words
        assert not kind.words & kind.lists
