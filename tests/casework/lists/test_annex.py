"""The annex of a decree: what was signed, on paper and as a sheet."""

import io
from datetime import date

import fastexcel
import pytest

from casework.lists import annex, annex_files, states
from casework.lists.lists import draft_list
from casework.lists.models import BeneficiaryList
from casework.people.models import Attachment, Person
from casework.staff.actors import SYSTEM
from tests.casework import stage
from tests.casework.lists.granted import CASH, YEAR, claim

NIK = "3506074203800000"
SK = {"sk_number": "188.45/12", "sk_date": date(2026, 11, 20)}


@pytest.fixture
def signed(sqlite, office):
    """Give the number of a signed list: a family by its head, and one whose name begins like a formula."""
    with sqlite.work(SYSTEM) as work:
        home = stage.household(work, "Siti Contoh", "Budi")
        home.people[0].seal(work.keys, "nik", NIK)
        claim(work, "sembako", home=home, priority=0.9)
        claim(work, "sembako", "=cmd|'/c calc'!A1", priority=0.5, benefit={**CASH, "amount": None})
        on = draft_list(work, office, "sembako", **YEAR)
        states.verify(work, office, on)
        states.sign(work, office, on, **SK)
        return on.number


def annex_now(database, office, number):
    with database.reading() as work:
        on = work.session.query(BeneficiaryList).filter_by(number=number).one()
        return annex.annex_of(work, office.knowledge, on, "pdf")


def test_it_names_who_gets_what_and_no_whole_number(sqlite, office, signed):
    """The household by its head's name and masked NIK; the village by its code while its name is unknown."""
    kept = annex_now(sqlite, office, signed)

    assert kept.lines[0] == (1, "Siti Contoh", stage.VILLAGE, "350607********00", 1_200_000)
    assert kept.total == 1_200_000
    assert (kept.sk_number, kept.sk_date, kept.signed_by) == (*SK.values(), "sistem")


def test_it_stays_as_it_was_signed(sqlite, office, signed):
    """Whatever is corrected in the register later; and it lies sealed."""
    before = annex_now(sqlite, office, signed)
    with sqlite.work(SYSTEM) as work:
        person = work.session.query(Person).filter_by(name="Siti Contoh").one()
        person.name = person.household.name = "Siti Baru"
        kept = work.session.query(Attachment).one()
        assert b"Siti" not in kept.content_sealed

    assert annex_now(sqlite, office, signed) == before


def test_a_sheet_has_only_what_it_shows(sqlite, office, signed):
    """Amounts are numbers, and no text becomes a formula, wherever it is copied to."""
    content = annex_files.as_excel(annex_now(sqlite, office, signed))
    rows = fastexcel.read_excel(content).load_sheet(0, header_row=None, dtypes="string").to_polars().rows()
    first, second = rows[-2:]

    assert first == ("1", "Siti Contoh", stage.VILLAGE, "350607********00", "1200000")
    assert second[1] == "'=cmd|'/c calc'!A1"
    assert second[4] is None
    assert any("188.45/12 tanggal 20 November 2026" in (row[0] or "") for row in rows)
    import zipfile

    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet


def test_a_paper_is_set_and_a_draft_says_that_it_is_one(sqlite, office, signed, monkeypatch):
    """What is signed bears number and day; a long annex comes in parts."""
    set_ = []
    monkeypatch.setattr(annex_files, "pdf", lambda template, data: set_.append(data) or b"%PDF")
    monkeypatch.setattr(annex_files, "LINES_OF_PART", 1)
    kept = annex_now(sqlite, office, signed)
    annex_files.as_pdf(kept, 2)
    annex_files.as_pdf(kept._replace(signed_by=None, sk_number=None))

    assert annex_files.parts_of(kept) == 2
    assert set_[0]["subtitle"] == "Keputusan nomor 188.45/12 tanggal 20 November 2026"
    assert set_[0]["lines"] == [["2", "=cmd|'/c calc'!A1", stage.VILLAGE, "-", "-"]]
    assert (set_[0]["draft"], set_[1]["draft"]) == (None, "RANCANGAN: belum ditandatangani, belum berlaku.")


def test_a_paper_is_a_pdf(sqlite, office, signed):
    """Set for real."""
    assert annex_files.as_pdf(annex_now(sqlite, office, signed)).startswith(b"%PDF")
