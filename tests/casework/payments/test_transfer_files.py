"""The file for the bank, byte for byte as its layout says."""

import io
from datetime import date

import fastexcel
import pytest

from casework.payments.transfer_files import Head, Line, defused, rupiah, written
from casework.refusals import Refused
from engine.knowledge.banks import Money
from tests.casework.payments.paying import DESK, layout

HEAD = Head("BYR-2026-000001-1", date(2026, 11, 23), 2, 1_050_000)
LINES = [
    Line("BYR-2026-000001-1-00001", "0012345678", "Siti Contoh", "Bank Contoh", 600_000),
    Line("BYR-2026-000001-1-00002", "0000000001", '=cmd|"/c calc"!A1', "Bank Contoh", 450_000),
]
FIXED = """
bank_layouts:
  fixed:
    name: {id: Tetap, en: Fixed}
    transfer:
      formats: csv
      separator: none
      headings: no
      dates: DDMMYYYY
      decimals: 2
      header: [[{text: "0", width: 1}, {value: date, width: 8}, {value: count, width: 5, fill: zero}, {value: total, width: 15, fill: zero}]]
      columns:
        - {heading: type, text: "1", width: 1}
        - {heading: account, value: account_number, width: 15}
        - {heading: amount, value: amount, width: 12, fill: zero}
        - {heading: name, value: holder, width: 10}
        - {heading: reference, value: reference, width: 24}
    answer:
      columns: {reference: R, amount: A, code: C}
      paid: "00"
"""


def sheet(data, name):
    """Give the cells of a sheet, with their kinds."""
    return fastexcel.read_excel(data).load_sheet(name, header_row=None).to_polars().rows()


def test_a_text_file_is_what_the_layout_says():
    """Rows before, headings, one row a payment, rows after; zeros in front stay, a formula becomes text."""
    assert written(DESK.transfer, "csv", HEAD, LINES).decode() == (
        "BATCH,BYR-2026-000001-1,2026-11-23\r\n"
        "NO,ACCOUNT,NAME,BANK,AMOUNT,REFERENCE\r\n"
        "1,0012345678,Siti Contoh,Bank Contoh,600000,BYR-2026-000001-1-00001\r\n"
        '2,0000000001,"\'=cmd|""/c calc""!A1",Bank Contoh,450000,BYR-2026-000001-1-00002\r\n'
        "TOTAL,2,1050000\r\n"
    )


def test_in_a_sheet_accounts_are_text_and_amounts_are_numbers():
    """Nothing is a formula, and no zero in front is lost."""
    data = written(DESK.transfer, "excel", HEAD, LINES)
    amounts = fastexcel.read_excel(data).load_sheet("Transfer", header_row=1, n_rows=2).to_polars()

    assert sheet(data, "Transfer")[2][:5] == ("1", "0012345678", "Siti Contoh", "Bank Contoh", "600000")
    assert amounts["AMOUNT"].to_list() == [600_000, 450_000]
    assert amounts["ACCOUNT"].to_list() == ["0012345678", "0000000001"]
    assert amounts["NAME"].to_list()[1].startswith("'=cmd")


def test_where_nothing_parts_cells_each_has_its_place():
    """Numbers are filled up with zeros from the left, texts with blanks to the right, names are cut short."""
    assert written(layout(FIXED).transfer, "csv", HEAD, LINES).decode().split("\r\n") == [
        "02311202600002000000105000000",
        "10012345678     000060000000Siti ContoBYR-2026-000001-1-00001 ",
        "10000000001     000045000000'=cmd|\"/c BYR-2026-000001-1-00002 ",
        "",
    ]


@pytest.mark.parametrize("form", ["csv", "excel"])
def test_the_same_payments_give_the_same_bytes(form):
    """Nothing of the moment is in the file."""
    assert written(DESK.transfer, form, HEAD, LINES) == written(DESK.transfer, form, HEAD, LINES)


def test_no_number_is_cut_short():
    """An account or amount that does not fit is refused; a shorter one would be somebody else's."""
    long = [LINES[0]._replace(account_number="1234567890123456")]

    with pytest.raises(Refused, match="account_number"):
        written(layout(FIXED).transfer, "csv", HEAD, long)
    with pytest.raises(Refused, match="amount"):
        written(layout(FIXED).transfer, "csv", HEAD, [LINES[0]._replace(amount=10**11)])


@pytest.mark.parametrize("text", ["=1+1", "+62", "-2", "@SUM(A1)", "\t=1+1", "\r\n=1", "＝1+1", " =1"])
def test_what_a_spreadsheet_would_reckon_is_text(text):
    """Blanks and line ends in front do not help."""
    assert defused(text).startswith("'")


@pytest.mark.parametrize("text", ["Siti", "0012", "O'Neil", "(a) = b", "Siti\nContoh"])
def test_other_texts_stay_as_they_are_on_one_line(text):
    """Only blanks become one."""
    assert defused(text) == text.replace("\n", " ")


@pytest.mark.parametrize(
    ("money", "said"),
    [
        (Money(), "1234567"),
        (Money(0, "", "."), "1.234.567"),
        (Money(2, ",", "."), "1.234.567,00"),
        (Money(2, ".", ""), "1234567.00"),
        (Money(2, "", ""), "123456700"),
    ],
)
def test_rupiah_are_written_with_the_marks_of_the_bank(money, said):
    """Decimals are always zeros: amounts are whole rupiah."""
    assert rupiah(1_234_567, money) == said


def test_the_sheet_opens_as_a_workbook():
    """It has the one sheet of the layout."""
    data = written(DESK.transfer, "excel", HEAD, LINES)

    assert fastexcel.read_excel(io.BytesIO(data).getvalue()).sheet_names == ["Transfer"]
