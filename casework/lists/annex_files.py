"""The annex of a decree as files: a PDF, and an Excel sheet whose cells are nothing but what they show."""

import io
from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter

from casework.lists.annex import Annex, Line
from casework.people.imports import defused
from casework.typeset import pdf
from engine.words import day, money

LANG = "id"
# A long annex comes in parts: setting it takes more than its share of time with every page.
LINES_OF_PART = 5_000
_HEADINGS = ("No.", "Nama", "Desa/kelurahan", "NIK", "Jumlah (Rp)")
_WIDTHS = (7, 36, 24, 20, 18)
_TEXTS = {
    "title": "Lampiran Daftar Penerima",
    "draft": "RANCANGAN: belum ditandatangani, belum berlaku.",
    "sk": "Keputusan nomor {number} tanggal {day}",
    "no_sk": "Keputusan nomor ........ tanggal ........",
    "list": "Nomor daftar",
    "revision": "perubahan ke-{revision}",
    "service": "Bantuan",
    "program": "Program",
    "period": "Masa",
    "days": "{since} sampai {until}",
    "count": "Jumlah penerima",
    "total": "Jumlah seluruhnya",
    "signed": "Ditandatangani oleh",
    "part": "Bagian",
    "of_parts": "{part} dari {parts}",
    "page": "Halaman {page} dari {pages}",
}
# Everything stays what it is written as: no text turns into a formula, an address or a number.
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def parts_of(annex: Annex) -> int:
    """Say in how many parts an annex is set."""
    return parts_for(len(annex.lines))


def parts_for(lines: int) -> int:
    """Say in how many parts so many lines are set."""
    return max(1, ceil(lines / LINES_OF_PART))


def as_pdf(annex: Annex, part: int = 1) -> bytes:
    """Set one part of an annex on paper, the first unless said otherwise."""
    parts, first = parts_of(annex), (part - 1) * LINES_OF_PART
    lines = annex.lines[first : first + LINES_OF_PART]
    facts = _facts(annex)
    if parts > 1:
        facts.append((_TEXTS["part"], _TEXTS["of_parts"].format(part=part, parts=parts)))
    data = {
        "lang": LANG,
        "title": _TEXTS["title"],
        "subtitle": _decree(annex),
        "draft": None if annex.signed_by else _TEXTS["draft"],
        "facts": facts,
        "headings": _HEADINGS,
        "lines": [[str(line.number), line.name, line.village, line.nik or "-", _rupiah(line.amount)] for line in lines],
        "page": _TEXTS["page"],
    }
    return pdf(Path(__file__).with_name("annex.typ"), data)


def as_excel(annex: Annex) -> bytes:
    """Write an annex as a sheet; amounts are numbers."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _PLAIN) as book:
        sheet = book.add_worksheet("Lampiran")
        bold, rupiah = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, f"{_TEXTS['title']} - {_decree(annex)}", bold)
        row = 1 if annex.signed_by else 2
        if not annex.signed_by:
            sheet.write_string(1, 0, _TEXTS["draft"], bold)
        for name, value in _facts(annex):
            sheet.write_string(row, 0, f"{name}: {value}")
            row += 1
        row += 1
        for column, heading in enumerate(_HEADINGS):
            sheet.write_string(row, column, heading, bold)
        sheet.freeze_panes(row + 1, 0)
        for line in annex.lines:
            row += 1
            _write(sheet, row, line, rupiah)
    return out.getvalue()


def _write(sheet: Any, row: int, line: Line, rupiah: Any) -> None:
    sheet.write_number(row, 0, line.number)
    for column, text in enumerate((line.name, line.village, line.nik), 1):
        sheet.write_string(row, column, defused(text))
    if line.amount is not None:
        sheet.write_number(row, 4, line.amount, rupiah)


def _decree(annex: Annex) -> str:
    if annex.sk_number is None or annex.sk_date is None:
        return _TEXTS["no_sk"]
    return _TEXTS["sk"].format(number=annex.sk_number, day=day(annex.sk_date, LANG))


def _facts(annex: Annex) -> list[tuple[str, str]]:
    number = annex.number
    if annex.revision:
        number += f" ({_TEXTS['revision'].format(revision=annex.revision)})"
    facts = [
        (_TEXTS["list"], number),
        (_TEXTS["service"], annex.service),
        (_TEXTS["program"], annex.program),
        (_TEXTS["period"], _TEXTS["days"].format(since=day(annex.since, LANG), until=day(annex.until, LANG))),
        (_TEXTS["count"], _whole(len(annex.lines))),
        (_TEXTS["total"], money(annex.total, LANG)),
    ]
    return [*facts, (_TEXTS["signed"], annex.signed_by)] if annex.signed_by else facts


def _rupiah(amount: int | None) -> str:
    return "-" if amount is None else _whole(amount)


def _whole(number: int) -> str:
    return f"{number:,}".replace(",", ".")
