"""Lists of people taken out: masked, within one's area, harmless in a spreadsheet, on record."""

import csv
import io

import fastexcel
import pytest
from sqlalchemy import select

from casework.audit.models import AuditEntry
from casework.people import register
from casework.people.exports import COLUMNS, export_people
from casework.refusals import NotAllowed, Refused
from casework.staff.actors import Actor, Area, Post
from tests.casework import stage
from tests.casework.people import entered

NEAR = Actor("near", posts=(Post("village_operator", Area(stage.VILLAGE)),))


@pytest.fixture
def people(sqlite, office):
    """Give SQLite with two people of one village, one of whom is called like a formula, and one elsewhere."""
    entered.villages(sqlite)
    with sqlite.work() as work:
        home = entered.home(work, office).household
        register.register_person(work, office.knowledge, home, entered.person("=cmd Budi", None), None)
        far = register.register_household(work, office.knowledge, entered.family(entered.ELSEWHERE, None), None)
        register.register_person(work, office.knowledge, far, entered.person("Parti", None), None)
    return sqlite


def exported(database, form, actor=NEAR, village=None):
    with database.reading(actor) as work:
        return export_people(work, form, str, village)


def test_a_csv_holds_whom_the_actor_may_see_with_masked_numbers(people):
    """What a spreadsheet would run comes as text."""
    rows = list(csv.DictReader(io.StringIO(exported(people, "csv").decode("utf-8-sig")), delimiter=";"))

    assert list(rows[0]) == list(COLUMNS)
    assert [row["name"] for row in rows] == ["Sukarti", "'=cmd Budi"]
    assert (rows[0]["nik"], rows[0]["kk"]) == ("350607********00", "350607********00")
    assert (rows[0]["birth_date"], rows[0]["rt"], rows[0]["village"]) == ("1980-03-12", "02", stage.VILLAGE)


def test_excel_holds_the_same(people):
    """Every cell is a text."""
    sheet = fastexcel.read_excel(exported(people, "xlsx")).load_sheet(0, dtypes="string").to_polars()

    assert sheet.columns == list(COLUMNS)
    assert sheet["name"].to_list() == ["Sukarti", "'=cmd Budi"]


def test_one_village_can_be_taken_out_and_it_is_on_record(people):
    """Who took how many out; never who they are."""
    everywhere = Actor("all", posts=(Post("bidang_staff"),))
    data = exported(people, "csv", everywhere, stage.OTHER_VILLAGE).decode()
    with people.reading() as work:
        last = work.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (last.action, last.actor, last.about) == ("register.exported", "all", stage.OTHER_VILLAGE)
        assert last.details == {"form": "csv", "people": 1}
    assert "Parti" in data and "Sukarti" not in data


def test_nobody_takes_out_without_the_right_nor_in_another_form(people):
    """The desk reads, and takes nothing along."""
    with pytest.raises(NotAllowed):
        exported(people, "csv", Actor("desk", posts=(Post("applicant_desk"),)))
    with pytest.raises(Refused) as refused:
        exported(people, "pdf")

    assert refused.value.code == "export-format"
