"""Bring in a village's list of many people who are not in the register yet, as a file of theirs would."""

import io
import random
import time
from datetime import date, timedelta

import xlsxwriter

from casework.people import imports
from casework.people.import_rows import SHOWN
from casework.people.models import Import
from casework.store.database import Database
from engine.diagnosis import Office

PEOPLE_A_CARD = 3
COLUMNS = ("kk", "nik", "name", "birth_date", "sex", "mother_name", "village", "hamlet", "rt", "rw")


def bring_in(database: Database, office: Office, rows: int) -> dict[str, float | int | str]:
    """Read and bring in an Excel list; gives how many seconds each took, and what became of it."""
    content = _excel(rows)
    with database.work() as work:
        id_ = imports.upload(work, "daftar.xlsx", content).id
    began = time.perf_counter()
    imports.read(database, office.knowledge, id_)
    read = time.perf_counter()
    with database.work() as work:
        imports.confirm(work, work.session.get_one(Import, id_))
    imports.bring_in(database, office.knowledge, id_)
    done = time.perf_counter()
    with database.reading() as work:
        state = work.session.get_one(Import, id_).state
    return {
        "rows": rows,
        "checking s": round(read - began, 1),
        "bringing in s": round(done - read, 1),
        "state": state,
    }


def _excel(rows: int) -> bytes:
    """Write cards of 2003 and before, which the district of the measurement has none of, and NIKs of a neighbour."""
    draw = random.Random(4)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [SHOWN[column] for column in COLUMNS])
    for number in range(rows):
        card, seat = divmod(number, PEOPLE_A_CARD)
        issued = date(2003, 12, 31) - timedelta(days=card // 26)
        born = date(1950, 1, 1) + timedelta(days=number // 20)
        sex = "LP"[number % 2]
        day = born.day + (40 if sex == "P" else 0)
        village = f"35.06.{card % 26 + 1:02}.{2001 + card % 13}"
        row = (
            f"3506{card % 26 + 1:02}{issued:%d%m%y}0000",
            f"3505{number % 20 + 1:02}{day:02}{born:%m%y}0000",
            f"Warga Baru {draw.choice('ABCDEFGH')}{seat} {draw.choice('KLMNOPQR')}",
            f"{born:%d-%m-%Y}",
            sex,
            "Ibu Warga",
            village,
            "Dusun 1",
            f"{card % 8 + 1:02}",
            f"{card % 6 + 1:02}",
        )
        for column, value in enumerate(row):
            sheet.write_string(number + 1, column, value)
    book.close()
    return out.getvalue()
