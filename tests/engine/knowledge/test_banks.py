"""Layouts of banks' files: what they say, and what is refused."""

import pytest

from engine.knowledge.banks import Money
from engine.knowledge.parse import parse
from engine.knowledge.read import read_text
from tests.casework.stage import CHECKOUT

COLUMNS = "{heading: A, value: account_number}, {heading: B, value: amount}, {heading: C, value: reference}"
ANSWER = "columns: {reference: R, amount: A, code: C}, paid: [OK]"


def read(transfer, answer=ANSWER):
    """Give the layout `desk` of a text and the codes of the problems."""
    text = f"bank_layouts: {{desk: {{name: {{id: A, en: A}}, transfer: {{{transfer}}}, answer: {{{answer}}}}}}}"
    knowledge, problems = parse([read_text(text, "x.yaml")], "")
    return knowledge.bank_layouts.get("desk"), sorted(problem.code for problem in problems)


def test_the_layout_that_comes_with_it_is_an_example_and_says_so():
    """Nobody knows yet which bank pays in the district, so no bank's name stands in front of an invented file."""
    folder = CHECKOUT / "knowledge_base" / "banks"
    documents = [read_text(path.read_text(encoding="utf-8"), path.name) for path in sorted(folder.glob("*.yaml"))]
    knowledge, problems = parse(documents, "")

    assert problems == []
    assert list(knowledge.bank_layouts) == ["contoh"]
    assert not knowledge.bank_layouts["contoh"].confirmed
    assert knowledge.bank_layouts["contoh"].label.id.startswith("Contoh")


def test_what_a_layout_does_not_say_is_as_plain_as_can_be():
    """Commas, headings, whole rupiah without marks, dates as they are sorted, not confirmed."""
    layout, problems = read(f"formats: csv, columns: [{COLUMNS}]")

    assert problems == []
    assert (layout.transfer.separator, layout.transfer.headings, layout.transfer.date) == (",", True, "%Y-%m-%d")
    assert layout.transfer.money == layout.answer.money == Money(0, "", "")
    assert (layout.answer.reason, layout.answer.failed, layout.confirmed) == (None, frozenset(), False)


def test_the_file_and_the_answer_may_write_amounts_in_different_ways():
    """Separator and marks belong to each of the two files."""
    layout, problems = read(
        f"formats: [excel, csv], separator: tab, decimals: 2, decimal: dot, thousands: comma, columns: [{COLUMNS}]",
        ANSWER + ", separator: bar, decimals: 0, thousands: dot, last_rows: 1",
    )

    assert problems == []
    assert (layout.transfer.separator, layout.transfer.money) == ("\t", Money(2, ".", ","))
    assert (layout.answer.separator, layout.answer.money, layout.answer.last_rows) == ("|", Money(0, "", "."), 1)


@pytest.mark.parametrize(
    ("transfer", "answer", "found"),
    [
        (f"formats: pdf, columns: [{COLUMNS}]", ANSWER, ["not-one-of"]),
        (f"columns: [{COLUMNS}]", ANSWER, ["missing-key"]),
        ("formats: csv", ANSWER, ["missing-key"]),
        (f"formats: csv, colums: [], columns: [{COLUMNS}]", ANSWER, ["unknown-key"]),
        (f"formats: csv, columns: [{COLUMNS}, {{heading: D, value: nik}}]", ANSWER, ["not-one-of"]),
        (f"formats: csv, columns: [{COLUMNS}, {{heading: D}}]", ANSWER, ["bank-cell"]),
        (f"formats: csv, columns: [{COLUMNS}, {{heading: D, text: x, fill: zero}}]", ANSWER, ["missing-key"]),
        (f"formats: csv, columns: [{COLUMNS}], footer: [[{{value: account_number}}]]", ANSWER, ["not-one-of"]),
        (f"formats: csv, decimals: 1, columns: [{COLUMNS}]", ANSWER, ["not-one-of"]),
        (f"formats: csv, dates: DD-MM-YY, columns: [{COLUMNS}]", ANSWER, ["not-one-of"]),
        (f"formats: csv, columns: [{COLUMNS}]", "columns: {reference: R, amount: A}, paid: [OK]", ["missing-key"]),
        (f"formats: csv, columns: [{COLUMNS}]", "columns: {reference: R, amount: A, code: C}", ["missing-key"]),
        (f"formats: csv, columns: [{COLUMNS}]", ANSWER + ", separator: none", ["not-one-of"]),
        (f"formats: csv, columns: [{COLUMNS}]", ANSWER + ", last_rows: 99", ["bank-count"]),
        (f"formats: csv, columns: [{COLUMNS}]", ANSWER + ", failed: [ok]", ["bank-code-twice"]),
        ("formats: csv, columns: [{heading: A, value: amount}]", ANSWER, ["bank-column-missing"] * 2),
    ],
)
def test_a_layout_that_cannot_be_used_is_refused(transfer, answer, found):
    """Each mistake is told as those of rules are; codes of the bank count the same in small letters."""
    assert read(transfer, answer)[1] == found


def test_without_a_separator_every_cell_has_a_width():
    """Only a text file needs it: in a sheet, cells are apart anyway."""
    header = "header: [[{text: H, width: 1}, {value: total}]]"

    assert read(f"formats: csv, separator: none, {header}, columns: [{COLUMNS}]")[1] == ["bank-width-missing"] * 4
    assert read(f"formats: excel, separator: none, {header}, columns: [{COLUMNS}]")[1] == []
