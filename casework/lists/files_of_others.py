"""A file with the recipients that somebody else decided on, as rows: where the NIK stands, and the amount if there is one."""

import re
from collections.abc import Sequence

from casework.lists.bringing_in import Row
from casework.people.import_files import Sheet, read_sheet
from casework.people.numbers import plain_number
from casework.refusals import Refused
from engine.population_number import LENGTH

_NIK = ("nik", "nonik", "nomornik", "noktp", "nikkpm", "nikpenerima", "nikpengurus")
_AMOUNT = ("jumlah", "jumlahrp", "nominal", "nominalrp", "nilai", "bantuan", "jumlahbantuan", "nilaibantuan")
_ABOVE = 100
_MONEY = re.compile(r"(?:rp)?\.?\s*([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,00?)?(?:,-)?", re.IGNORECASE)
# An amount that is none; it is refused with its row.
_NO_AMOUNT = -1


def rows_of_file(content: bytes) -> list[Row]:
    """Read a CSV or Excel file.

    Raises:
        Refused: `lists-file`, when no column is headed NIK; as `casework.people.import_files.read_sheet`.
    """
    sheet = read_sheet(content)
    heading, nik, amount = _columns(sheet.rows)
    return [
        Row(number, row[nik], _rupiah(row, amount), _strange(sheet, number, nik, amount))
        for number, row in enumerate(sheet.rows[heading:], heading + 1)
        if nik < len(row) and any(row)
    ]


def _columns(rows: Sequence[Sequence[str]]) -> tuple[int, int, int | None]:
    """Give how many rows stand above the first of the list, the column of the NIK and that of the amount."""
    for number, row in enumerate(rows[:_ABOVE], 1):
        names = [re.sub(r"[^a-z]", "", cell.lower()) for cell in row]
        nik = next((column for column, name in enumerate(names) if name in _NIK), None)
        if nik is not None:
            return number, nik, next((column for column, name in enumerate(names) if name in _AMOUNT), None)
    if rows and all(len(plain_number(row[0]) or "") == LENGTH for row in rows if row and row[0]):
        return 0, 0, None
    raise Refused("lists-file", "file")


def _rupiah(row: Sequence[str], column: int | None) -> int | None:
    text = row[column] if column is not None and column < len(row) else ""
    if not text:
        return None
    found = _MONEY.fullmatch(text.strip())
    return int(found[1].replace(".", "")) if found else _NO_AMOUNT


def _strange(sheet: Sheet, number: int, nik: int, amount: int | None) -> str | None:
    columns = (nik, *(() if amount is None else (amount,)))
    return next((code for column in columns if (code := sheet.strange.get((number, column + 1)))), None)
