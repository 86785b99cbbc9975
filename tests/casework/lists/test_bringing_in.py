"""A list that others decided is brought in as a whole or not at all, and is held like our own."""

import io
from datetime import date

import pytest
import xlsxwriter

from casework.lists.bringing_in import FaultyRows, Row, bring_in_list
from casework.lists.files_of_others import rows_of_file
from casework.lists.lists import draft_list
from casework.lists.models import BeneficiaryList, Hold
from casework.refusals import Refused
from casework.staff.actors import SYSTEM, Area
from tests.casework import stage
from tests.casework.lists.granted import YEAR, claim

NIKS = ("3506074203800000", "3506074203810000", "3506074203820000", "3506074203830000")


@pytest.fixture
def homes(sqlite):
    """Register two households whose people have a NIK; gives their ids."""
    with sqlite.work(SYSTEM) as work:
        found = [stage.household(work, "Siti", "Budi"), stage.household(work, "Rahayu", village=stage.OTHER_VILLAGE)]
        people = [one for home in found for one in home.people]
        for person, nik in zip(people, NIKS, strict=False):
            person.seal(work.keys, "nik", nik)
        return [home.id for home in found]


def bring(database, office, *niks, service="pkh", actor=SYSTEM, **more):
    with database.work(actor) as work:
        rows = [Row(number, nik) for number, nik in enumerate(niks, 2)]
        on = bring_in_list(work, office, service, **YEAR, rows=rows, **more)
        return [(entry.household.name, entry.person and entry.person.name, entry.place) for entry in on.entries]


def test_rows_are_matched_by_nik_and_keep_their_order(sqlite, office, homes):
    """For a household's service any member names the household; blanks in a number do not matter."""
    assert bring(sqlite, office, NIKS[2], "3506 0742 0381 0000") == [
        ("Rahayu", None, "listed"),
        ("Siti", None, "listed"),
    ]
    assert bring(sqlite, office, NIKS[1], service="pbi_jk") == [("Siti", "Budi", "listed")]


def test_one_fault_keeps_everything_out(database, office):
    """Each faulty row is named with its fault, the number masked."""
    with database.work(SYSTEM) as work:
        home = stage.household(work, "Siti", "Budi")
        for person, nik in zip(home.people, NIKS, strict=False):
            person.seal(work.keys, "nik", nik)
        home.people[1].died_on = date(2026, 1, 1)
    with pytest.raises(FaultyRows) as refused:
        bring(database, office, NIKS[0], "12", NIKS[3], NIKS[1], NIKS[0])

    assert [(fault.row, fault.code, fault.other) for fault in refused.value.faults] == [
        (3, "lists-row-number", None),
        (4, "lists-row-unknown", None),
        (5, "lists-row-gone", None),
        (6, "lists-row-twice", 2),
    ]
    assert refused.value.faults[1].nik == "350607********00"
    assert refused.value.faults[3].said("en") == "This beneficiary stands in row 2 already."
    with database.reading() as work:
        assert work.session.query(BeneficiaryList).count() == work.session.query(Hold).count() == 0


def test_faulty_rows_are_left_out_when_somebody_says_so(sqlite, office, homes):
    """The others are brought in."""
    assert bring(sqlite, office, "12", NIKS[0], leave_out=True) == [("Siti", None, "listed")]
    with pytest.raises(Refused, match="no row"):
        bring(sqlite, office, "12", leave_out=True)


def test_who_holds_something_that_excludes_it_is_named_on_the_list(sqlite, office, homes):
    """Without a place, with what is held."""
    with sqlite.work(SYSTEM) as work:
        home = work.session.get(stage.Household, homes[0])
        claim(work, "permakanan_lansia_kemensos", home=home, person=1)
        meals = draft_list(work, office, "permakanan_lansia_kemensos", **YEAR).number

    assert bring(sqlite, office, NIKS[0], NIKS[2]) == [("Siti", None, "waiting"), ("Rahayu", None, "listed")]
    with sqlite.reading() as work:
        on = work.session.query(BeneficiaryList).filter_by(brought_in=True).one()
        assert on.entries[0].conflict["list"] == meals


def test_people_of_another_area_are_not_there(sqlite, office, homes):
    """Neither found nor told apart from those whom nobody knows."""
    with sqlite.work(SYSTEM) as work:
        staff = stage.actor(work, "bidang_staff", Area(stage.VILLAGE))
    with pytest.raises(FaultyRows) as refused:
        bring(sqlite, office, NIKS[0], NIKS[2], actor=staff)

    assert [fault.code for fault in refused.value.faults] == ["lists-row-unknown"]


def test_who_was_merged_is_found_as_the_one_who_was_kept(sqlite, office, homes):
    """By the number of either, and only once."""
    with sqlite.work(SYSTEM) as work:
        home = work.session.get(stage.Household, homes[0])
        siti, budi = home.people
        budi.merged_into = siti.id

    assert bring(sqlite, office, NIKS[1], service="pbi_jk") == [("Siti", "Siti", "listed")]


def test_a_file_is_read_by_its_headings():
    """Whatever stands above them; amounts as people write them."""
    content = f"Daftar KPM;;\nNo;NIK KPM;Jumlah (Rp)\n1;{NIKS[0]};Rp 600.000,00\n2;{NIKS[1]};\n3;x;enam\n;;\n"

    assert rows_of_file(content.encode()) == [
        Row(3, NIKS[0], 600_000),
        Row(4, NIKS[1]),
        Row(5, "x", -1),
    ]


def test_a_file_of_nothing_but_numbers_needs_no_heading():
    """One column."""
    assert [row.nik for row in rows_of_file("\n".join(NIKS).encode())] == list(NIKS)


def test_a_file_without_a_nik_is_refused():
    """What it is about is not guessed."""
    with pytest.raises(Refused, match="column NIK"):
        rows_of_file(b"Nama;Desa\nSiti;2001\n")


def test_a_number_that_excel_rounded_is_no_number(sqlite, office, homes):
    """It is refused with its row, never completed."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "NIK")
        sheet.write_number(1, 0, int(NIKS[0]))
        sheet.write_string(2, 0, NIKS[2])
    rows = rows_of_file(out.getvalue())
    with pytest.raises(FaultyRows) as refused, sqlite.work(SYSTEM) as work:
        bring_in_list(work, office, "pkh", **YEAR, rows=rows)

    assert [(fault.row, fault.code) for fault in refused.value.faults] == [(2, "import-rounded")]
