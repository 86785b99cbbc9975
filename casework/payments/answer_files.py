"""The file in which a bank answers, read into lines as a layout says. What it means for payments is not known here."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import fastexcel

from casework.refusals import Refused
from engine.knowledge.banks import AnswerLayout, Money

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 100_000
_UNPACKED = 60 * 1024 * 1024
# The headings stand within so many rows from the top.
_HEAD = 20
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BLANKS = re.compile(r"\s+")


class Fault(NamedTuple):
    """What is wrong with a row of the file: the row as a spreadsheet counts it, a code of the sentences, its details."""

    row: int
    code: str
    details: dict[str, str]

    def said(self, lang: str) -> str:
        return Refused(self.code, **self.details).said(lang)


class AnswerRefused(Refused):
    """An answer of which nothing is taken, because of some rows."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("payments-answer-rows", "file", count=len(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class AnswerLine:
    """One row: which payment, how much, whether it arrived, and what the bank says about it."""

    row: int
    reference: str
    amount: int
    paid: bool
    reason: str | None


def lines_of(layout: AnswerLayout, data: bytes) -> list[AnswerLine]:
    """Read an answer, CSV or Excel.

    Raises:
        Refused: `payments-answer-large`, `payments-answer-kind`, `payments-answer-headings`, `payments-answer-empty`.
        AnswerRefused: when a row cannot be understood.
    """
    if len(data) > LARGEST:
        raise Refused("payments-answer-large", "file", limit=LARGEST // 1024 // 1024)
    rows = _excel(data) if data.startswith(_ZIP) else _csv(layout, data)
    if len(rows) > MOST_ROWS:
        raise Refused("payments-answer-large", "file", limit=LARGEST // 1024 // 1024)
    while rows and not any(rows[-1]):
        rows.pop()
    first, places = _headings(layout, rows)
    body = [(number, row) for number, row in enumerate(rows, 1) if number > first and any(row)]
    body = body[: len(body) - layout.last_rows] if layout.last_rows else body
    if not body:
        raise Refused("payments-answer-empty", "file")
    read = [_line(layout, places, number, row) for number, row in body]
    if faults := [one for one in read if isinstance(one, Fault)]:
        raise AnswerRefused(faults)
    return [one for one in read if isinstance(one, AnswerLine)]


def _headings(layout: AnswerLayout, rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Give the row of the headings, counted from 1, and in which place each column stands."""
    wanted = {"reference": layout.reference, "amount": layout.amount, "code": layout.code}
    if layout.reason is not None:
        wanted["reason"] = layout.reason
    for number, row in enumerate(rows[:_HEAD], 1):
        named = {_key(cell): place for place, cell in reversed(list(enumerate(row)))}
        if all(_key(heading) in named for heading in wanted.values()):
            return number, {key: named[_key(heading)] for key, heading in wanted.items()}
    raise Refused("payments-answer-headings", "file", headings=", ".join(wanted.values()))


def _key(heading: str) -> str:
    return _BLANKS.sub(" ", heading).strip().casefold()


def _line(layout: AnswerLayout, places: dict[str, int], number: int, row: Sequence[str]) -> AnswerLine | Fault:
    told = {key: row[place] if place < len(row) else "" for key, place in places.items()}
    code = told["code"].upper()
    if not told["reference"]:
        return Fault(number, "payments-row-no-reference", {})
    if code not in layout.paid | layout.failed:
        return Fault(number, "payments-row-code", {"value": told["code"][:40]})
    amount = rupiah_of(told["amount"], layout.money)
    if amount is None:
        return Fault(number, "payments-row-amount-unread", {"value": told["amount"][:40]})
    return AnswerLine(number, told["reference"], amount, code in layout.paid, told.get("reason") or None)


def rupiah_of(text: str, money: Money) -> int | None:
    """Read whole rupiah as a layout writes them, or without any mark; None when it is something else."""
    if money.decimals and not money.decimal:
        return int(text[:-2]) if re.fullmatch(r"[0-9]+00", text) else None
    whole, mark, rest = text.partition(money.decimal) if money.decimal else (text, "", "")
    if mark and rest != "0" * money.decimals:
        return None
    if money.thousands and re.fullmatch(rf"[0-9]{{1,3}}(?:{re.escape(money.thousands)}[0-9]{{3}})+", whole):
        whole = whole.replace(money.thousands, "")
    return int(whole) if re.fullmatch(r"[0-9]{1,15}", whole) else None


def _csv(layout: AnswerLayout, data: bytes) -> list[list[str]]:
    if data.startswith(_OLD_EXCEL) or b"\0" in data:
        raise Refused("payments-answer-kind", "file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    try:
        rows = csv.reader(io.StringIO(text), delimiter=layout.separator, strict=True)
        return [[cell.strip() for cell in row] for row in rows]
    except csv.Error:
        raise Refused("payments-answer-kind", "file") from None


def _excel(data: bytes) -> list[list[str]]:
    """Read the first sheet; a file that unpacks to far more than it should is not opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > _UNPACKED:
                raise Refused("payments-answer-large", "file", limit=LARGEST // 1024 // 1024)
        sheet = fastexcel.read_excel(data).load_sheet(0, header_row=None, dtypes="string", n_rows=MOST_ROWS + 1)
        rows = sheet.to_polars().rows()
    except (zipfile.BadZipFile, fastexcel.FastExcelError):
        raise Refused("payments-answer-kind", "file") from None
    return [[(cell or "").strip() for cell in row] for row in rows]
