"""The file that goes to the bank, written as a layout says: the same payments give the same bytes.

Account numbers and references keep their leading zeros; a name that a spreadsheet would take for a formula is defused.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import xlsxwriter

from casework.refusals import Refused
from engine.knowledge.banks import Cell, Money, TransferLayout

SUFFIXES = {"csv": ".csv", "excel": ".xlsx"}
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "excel": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What makes a spreadsheet reckon, in the signs of East Asia too.
_FORMULA = frozenset("=+-@＝＋－＠")
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")
_NUMBERS = ("row", "amount", "count", "total")
# What must not be cut short to fit.
_WHOLE = (*_NUMBERS, "reference", "account_number", "batch", "date")


class Line(NamedTuple):
    """One payment as it is written."""

    reference: str
    account_number: str
    holder: str
    bank: str
    amount: int


class Head(NamedTuple):
    """What is written of the batch."""

    batch: str
    date: date
    count: int
    total: int


Written = str | int


def written(layout: TransferLayout, form: str, head: Head, lines: Sequence[Line]) -> bytes:
    """Write the file in one of the layout's formats. Raises: Refused `payments-too-wide`."""
    rows = list(rows_of(layout, head, lines))
    return _csv(layout, rows) if form == "csv" else _excel(layout, rows, head)


def rows_of(layout: TransferLayout, head: Head, lines: Sequence[Line]) -> Iterator[list[Written]]:
    """Give all rows, each cell as it is written; whole numbers where the layout does not spell them."""
    of_batch = {**head._asdict(), "date": head.date.strftime(layout.date)}
    for row in layout.header:
        yield [_cell(layout, cell, of_batch) for cell in row]
    if layout.headings:
        yield [_fitted(layout, cell, cell.heading) for cell in layout.columns]
    for number, line in enumerate(lines, 1):
        values = {**of_batch, **line._asdict(), "row": number}
        yield [_cell(layout, cell, values) for cell in layout.columns]
    for row in layout.footer:
        yield [_cell(layout, cell, of_batch) for cell in row]


def rupiah(amount: int, money: Money) -> str:
    """Write rupiah with a layout's marks."""
    whole = f"{amount:,}".replace(",", money.thousands)
    return whole + money.decimal + "0" * money.decimals if money.decimals else whole


def _cell(layout: TransferLayout, cell: Cell, values: Mapping[str, object]) -> Written:
    if cell.value is None:
        return _fitted(layout, cell, cell.text)
    value = values[cell.value]
    if cell.value in ("amount", "total"):
        spelt = rupiah(value, layout.money)
        if spelt == str(value) and cell.width is None:
            return value
        return _fitted(layout, cell, spelt)
    if isinstance(value, int):
        return value if cell.width is None else _fitted(layout, cell, str(value))
    if cell.value in ("holder", "bank"):
        return _fitted(layout, cell, defused(value))
    return _fitted(layout, cell, str(value))


def defused(text: str) -> str:
    """Give a text on one line that no spreadsheet takes for a formula."""
    text = _BLANKS.sub(" ", text).strip()
    return "'" + text if text[:1] in _FORMULA else text


def _fitted(layout: TransferLayout, cell: Cell, text: str) -> str:
    """Give a text its cell's width: filled up where the layout says so, names cut short, numbers never."""
    if cell.width is None:
        return text
    if len(text) > cell.width:
        if cell.value in _WHOLE and text != cell.heading:
            raise Refused("payments-too-wide", value=cell.value, width=cell.width)
        text = text[: cell.width]
    fill = cell.fill or (" " if layout.separator == "" else None)
    if fill is None:
        return text
    to_the_right = fill != " " or cell.value in _NUMBERS
    return text.rjust(cell.width, fill if text != cell.heading else " ") if to_the_right else text.ljust(cell.width)


def _csv(layout: TransferLayout, rows: Sequence[Sequence[Written]]) -> bytes:
    out = io.StringIO()
    if layout.separator:
        csv.writer(out, delimiter=layout.separator, lineterminator="\r\n").writerows(rows)
    else:
        out.writelines("".join(str(cell) for cell in row) + "\r\n" for row in rows)
    return out.getvalue().encode()


def _excel(layout: TransferLayout, rows: Sequence[Sequence[Written]], head: Head) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": head.batch, "created": datetime(head.date.year, head.date.month, head.date.day)})
    sheet, text = book.add_worksheet(layout.sheet), book.add_format({"num_format": "@"})
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, int):
                sheet.write_number(row, column, cell)
            else:
                sheet.write_string(row, column, cell, text)
    book.close()
    return out.getvalue()
