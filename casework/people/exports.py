"""Lists of people taken out, as CSV or Excel: what the actor may see, numbers masked, nothing that a spreadsheet runs."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import xlsxwriter
from sqlalchemy import select

from casework.people.imports import defused
from casework.people.models import Household, Person
from casework.refusals import Refused
from casework.staff.areas import households_of
from casework.store.work import Work

RIGHT = "register.import"
COLUMNS = (
    *("household", "kk", "person", "nik", "name", "birth_date", "sex", "mother_name", "relation", "died_on"),
    *("village", "hamlet", "rw", "rt", "address"),
)
FORMATS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export_people(work: Work, form: str, word: Callable[[str], str], village: str | None = None) -> bytes:
    """Give the people of the actor's area as a file, on the record.

    Args:
        form: `csv` or `xlsx`.
        word: Gives the heading of a column (`COLUMNS`) in the language of the file.
        village: Only those of one village.

    Raises:
        Refused: `export-format`.
    """
    work.require(RIGHT)
    if form not in FORMATS:
        raise Refused("export-format", "form")
    rows = _rows(work, village)
    headings = [word(column) for column in COLUMNS]
    data, count = (_csv if form == "csv" else _excel)(headings, rows)
    work.record("register.exported", "register", village or "", form=form, people=count)
    return data


def _rows(work: Work, village: str | None) -> Iterator[list[str]]:
    query = (
        select(Person, Household)
        .join(Household, Household.id == Person.household_id)
        .where(households_of(work.actor, RIGHT), Person.merged_into.is_(None), Household.closed_at.is_(None))
        .order_by(Household.village, Household.id, Person.id)
    )
    if village:
        query = query.where(Household.village == village)
    cards: dict[int, str] = {}
    for person, home in work.session.execute(query).yield_per(1000):
        if home.id not in cards:
            cards = {home.id: home.shown(work.keys, "kk") or ""}
        numbers = {
            "household": home.id,
            "kk": cards[home.id],
            "person": person.id,
            "nik": person.shown(work.keys, "nik"),
        }
        yield [_cell(numbers.get(name, getattr(person, name, getattr(home, name, None)))) for name in COLUMNS]


def _cell(value: Any) -> str:
    return defused("" if value is None else str(value))


def _csv(headings: Sequence[str], rows: Iterator[list[str]]) -> tuple[bytes, int]:
    out, count = io.StringIO(), 0
    lines = csv.writer(out, delimiter=";", lineterminator="\r\n")
    lines.writerow(headings)
    for row in rows:
        lines.writerow(row)
        count += 1
    return out.getvalue().encode("utf-8-sig"), count


def _excel(headings: Sequence[str], rows: Iterator[list[str]]) -> tuple[bytes, int]:
    out, count = io.BytesIO(), 0
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading)
        for count, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                sheet.write_string(count, place, cell)
    return out.getvalue(), count
