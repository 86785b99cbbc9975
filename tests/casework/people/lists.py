"""Lists as villages send them, made for the tests: CSV, and Excel with all that a spreadsheet can hide."""

import io
import zipfile

import xlsxwriter

from tests.casework.people import entered

HEADINGS = ["No. KK", "NIK", "Nama Lengkap", "Tgl Lahir", "JK", "Nama Ibu Kandung", "SHDK", "Desa", "Dusun", "RW", "RT"]
MORE = [*HEADINGS, "Alamat", "Bank", "No Rekening"]
SUKARTI = [
    entered.KK,
    entered.WOMAN,
    "Sukarti",
    "12-03-1980",
    "P",
    "Painem",
    "Istri",
    "35.06.07.2001",
    "Dusun 1",
    "1",
    "002",
]
SUWARNO = [
    entered.KK,
    entered.MAN,
    "Suwarno",
    "5/6/1975",
    "L",
    "",
    "Kepala Keluarga",
    "3506072001",
    "DUSUN 1",
    "01",
    "02",
]


def csv(*rows, between=";", headings=HEADINGS):
    """Give a CSV with these rows."""
    return "\r\n".join(between.join(row) for row in (headings, *rows)).encode()


def excel(*rows, headings=HEADINGS, above=(), change=lambda sheet, book: None):
    """Give an .xlsx with these rows below titles; `change` may do more to the sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((*above, headings, *rows)):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
        change(sheet, book)
    return out.getvalue()


def repacked(content, change):
    """Give an .xlsx of which a part was written anew: `change` gets the name and the bytes, gives the bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, change(name, before.read(name)))
    return out.getvalue()
