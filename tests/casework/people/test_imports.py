"""Lists of people: every row is checked, and a list is brought in as a whole or not at all."""

from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from casework.audit import log
from casework.people import import_writing, imports
from casework.people.models import BankAccount, Household, Import, NameWord, Person, Residence
from casework.people.search import search
from casework.refusals import ChangedMeanwhile, NotAllowed, NotFound, Refused
from casework.staff.actors import Area
from tests.casework import stage
from tests.casework.people import entered, lists

DAY = date(2026, 11, 23)
TABLES = (Household, Person, NameWord, Residence, BankAccount)


def operator(database, area=stage.VILLAGE):
    """Give who brings lists of a village in; the villages of the tests are there."""
    with database.work() as work:
        if work.session.get(imports.Village, stage.VILLAGE) is None:
            work.session.add_all([imports.Village(code=code) for code in (stage.VILLAGE, stage.OTHER_VILLAGE)])
        return stage.actor(work, "village_operator", Area(area))


def read(database, office, actor, content, name="daftar.csv"):
    """Upload a list and read it; gives its id."""
    with database.work(actor) as work:
        id_ = imports.upload(work, name, content).id
    imports.read(database, office.knowledge, id_)
    return id_


def bring_in(database, office, actor, content):
    """Upload, read, confirm and bring in a list; gives it as it is then."""
    id_ = read(database, office, actor, content)
    with database.work(actor) as work:
        imports.confirm(work, imports.seen_import(work, id_))
    imports.bring_in(database, office.knowledge, id_)
    return state(database, id_)


def state(database, id_):
    with database.reading() as work:
        one = work.session.get_one(Import, id_)
        work.session.expunge(one)
        return one


def counted(database):
    with database.reading() as work:
        return [work.session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def faults(database, id_):
    return [(one.row, one.column, one.code) for one in imports.faults_of(state(database, id_)) if not one.doubt]


def changed(row, **values):
    """Give a row with some cells written differently."""
    places = {"kk": 0, "nik": 1, "name": 2, "born": 3, "sex": 4, "village": 7, "hamlet": 8, "rw": 9, "rt": 10}
    row = list(row)
    for name, value in values.items():
        row[places[name]] = value
    return row


def test_a_list_is_brought_in(database, office):
    """Households, people, words, residences, accounts; sealed, searchable, on record; the file is gone."""
    actor = operator(database)
    rows = [[*lists.SUKARTI, "Jalan 1", "Bank X", "1234567890"], [*lists.SUWARNO, "Jalan 1", "", ""]]
    one = bring_in(database, office, actor, lists.csv(*rows, headings=lists.MORE))

    assert (one.state, one.rows, one.done, one.faulty, one.content_sealed) == ("applied", 2, 2, 0, None)
    assert one.counts["new_people"] == 2 and one.counts["new_households"] == 1 and one.counts["accounts"] == 1
    with database.work(actor) as work:
        home = work.session.scalars(select(Household)).one()
        assert (home.name, home.village, home.hamlet, home.rw, home.rt, home.address) == (
            "Suwarno",
            *entered.HOME[:4],
            "Jalan 1",
        )
        assert home.opened(work.keys, "kk") == entered.KK
        sukarti, suwarno = home.people
        assert (sukarti.name, sukarti.birth_date, sukarti.sex, sukarti.mother_name, sukarti.relation) == (
            "Sukarti",
            date(1980, 3, 12),
            "P",
            "Painem",
            "wife",
        )
        assert suwarno.opened(work.keys, "nik") == entered.MAN and suwarno.mother_name is None
        account = work.session.scalars(select(BankAccount)).one()
        assert (account.person_id, account.opened(work.keys, "number")) == (sukarti.id, "1234567890")
        stays = work.session.scalars(select(Residence)).all()
        assert {(one.person_id, one.household_id, one.since, one.until) for one in stays} == {
            (person.id, home.id, DAY, None) for person in home.people
        }
        assert [one.name for one in search(work, entered.WOMAN).people] == ["Sukarti"]
        assert [one.name for one in search(work, "soekarti").people] == ["Sukarti"]
    with database.reading() as work:
        assert log.verify(work)[1] == []


def test_an_excel_list_is_brought_in_like_a_csv(sqlite, office):
    """With a merged title above and a date that Excel keeps as a date."""

    def change(sheet, book):
        sheet.merge_range(0, 0, 0, 5, "Daftar Desa")
        sheet.write_datetime(3, 3, datetime(1980, 3, 12), book.add_format({"num_format": "dd/mm/yyyy"}))

    content = lists.excel(lists.SUKARTI, above=[[], []], change=change)
    one = bring_in(sqlite, office, operator(sqlite), content)

    assert (one.state, one.fault) == ("applied", None)
    with sqlite.reading() as work:
        assert work.session.scalars(select(Person)).one().birth_date == date(1980, 3, 12)


def test_the_same_list_again_changes_nothing(database, office):
    """People are matched by NIK and households by card, never doubled."""
    actor, content = operator(database), lists.csv(lists.SUKARTI, lists.SUWARNO)
    bring_in(database, office, actor, content)
    before = counted(database)
    one = bring_in(database, office, actor, content)

    assert counted(database) == before
    assert one.counts["same_people"] == 2 and sum(one.counts.values()) == 2


def test_a_newer_list_corrects_moves_and_adds(database, office):
    """What it does not say stays; who moved has a history; what is replaced is said beforehand."""
    actor = operator(database)
    bring_in(database, office, actor, lists.csv(lists.SUKARTI, lists.SUWARNO))
    newer = lists.csv(
        changed(lists.SUKARTI, name="Sukartini", kk=entered.OTHER_KK, rt="05"), changed(lists.SUWARNO, rt="04", sex="")
    )
    id_ = read(database, office, actor, newer)
    told = {(one.row, one.code) for one in imports.faults_of(state(database, id_)) if one.code.startswith("import")}
    one = bring_in(database, office, actor, newer)

    assert told == {(2, "import-name-changes"), (2, "import-moves")}
    assert (one.counts["moved_people"], one.counts["new_households"], one.counts["moved_households"]) == (1, 1, 1)
    with database.reading() as work:
        sukarti, suwarno = work.session.scalars(select(Person).order_by(Person.name)).all()
        assert (sukarti.name, sukarti.household.rt, suwarno.household.rt) == ("Sukartini", "05", "04")
        assert (suwarno.sex, sukarti.mother_name, sukarti.version) == ("L", "Painem", 2)
        stays = work.session.execute(
            select(Residence.person_id, Residence.rt, Residence.until).order_by(Residence.id)
        ).all()
        assert sorted(tuple(stay) for stay in stays if stay.until is None) == sorted(
            [(sukarti.id, "05", None), (suwarno.id, "04", None)]
        )
        assert {tuple(stay) for stay in stays if stay.rt == "02"} == {
            (sukarti.id, "02", DAY),
            (suwarno.id, "02", DAY),
        }
        assert set(work.session.scalars(select(NameWord.word))) == {"sukartini", "suwarno"}


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (changed(lists.SUKARTI, nik="350607520380"), "NIK", "register-nik-number-length"),
        (changed(lists.SUKARTI, nik="35060752038x0000"), "NIK", "register-nik-number-not-digits"),
        (changed(lists.SUKARTI, nik=""), "NIK", "import-missing"),
        (changed(lists.SUKARTI, kk=entered.CITY_KK), "No. KK", "register-kk-neighbour"),
        (changed(lists.SUKARTI, kk=entered.FAR_KK), "No. KK", "register-kk-elsewhere"),
        (changed(lists.SUKARTI, name="=cmd|' /C calc'!A0"), "Nama Lengkap", "import-command"),
        (changed(lists.SUKARTI, name="@SUM(A1)"), "Nama Lengkap", "import-command"),
        (changed(lists.SUKARTI, name="123"), "Nama Lengkap", "register-name"),
        (changed(lists.SUKARTI, born="31-02-1980"), "Tgl Lahir", "register-date"),
        (changed(lists.SUKARTI, born="12-03-2027"), "Tgl Lahir", "register-birth"),
        (changed(lists.SUKARTI, sex="X"), "JK", "import-sex"),
        (changed(lists.SUKARTI, village="35.06.07.2099"), "Desa", "register-village-unknown"),
        (changed(lists.SUKARTI, village="Antah Berantah"), "Desa", "register-village-unknown"),
        (changed(lists.SUKARTI, kk=entered.OTHER_KK, village=stage.OTHER_VILLAGE), "Desa", "import-outside"),
        (changed(lists.SUKARTI, rt="dua"), "RT", "register-unit"),
    ],
)
def test_a_row_that_is_wrong_is_named_with_its_column_and_nothing_is_brought_in(sqlite, office, row, column, code):
    """The rest of the list is right, and waits all the same."""
    actor = operator(sqlite)
    id_ = read(sqlite, office, actor, lists.csv(lists.SUWARNO, row))

    assert faults(sqlite, id_) == [(3, column, code)]
    assert (state(sqlite, id_).state, state(sqlite, id_).faulty) == ("read", 1)
    with sqlite.work(actor) as work, pytest.raises(Refused) as refused:
        imports.confirm(work, imports.seen_import(work, id_))
    assert refused.value.code == "import-faulty" and counted(sqlite) == [0] * 5
    for fault in imports.faults_of(state(sqlite, id_)):
        assert Refused(fault.code, **fault.details).said("id")
        assert entered.WOMAN not in str(fault) and entered.KK not in str(fault)


def test_cells_that_a_spreadsheet_hides_are_named(sqlite, office):
    """A card merged over its family, a formula, a number that Excel has rounded."""

    def change(sheet, book):
        sheet.merge_range(1, 0, 2, 0, entered.KK)
        sheet.write_formula(1, 2, "=A1", None, "Sukarti")
        sheet.write_number(2, 1, 3506070506750000)

    id_ = read(sqlite, office, operator(sqlite), lists.excel(lists.SUKARTI, lists.SUWARNO, change=change), "d.xlsx")

    assert faults(sqlite, id_) == [
        (2, "Nama Lengkap", "import-formula"),
        (2, "No. KK", "import-merged"),
        (3, "NIK", "import-rounded"),
        (3, "No. KK", "import-merged"),
    ]


def test_one_nik_twice_and_one_card_in_two_places_are_named(sqlite, office):
    """With the row in which it stood first."""
    rows = [lists.SUKARTI, changed(lists.SUKARTI, name="Parti"), changed(lists.SUWARNO, rt="09")]
    id_ = read(sqlite, office, operator(sqlite), lists.csv(*rows))

    assert faults(sqlite, id_) == [(3, "NIK", "import-nik-twice"), (4, "No. KK", "import-card-in-two-places")]
    assert imports.faults_of(state(sqlite, id_))[0].details == {"first": 2}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import-empty"),
        (b"PK\x03\x04 broken", "import-broken"),
        (lists.csv(headings=["NIK", "Nama"]), "import-no-headings"),
        (lists.csv(), "import-no-rows"),
        (lists.csv(headings=[*lists.HEADINGS, "nik"]), "import-heading-twice"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_is_not_kept(sqlite, office, content, code):
    """Whoever uploaded it still has it."""
    id_ = read(sqlite, office, operator(sqlite), content)
    one = state(sqlite, id_)

    assert (one.state, one.fault, one.content_sealed) == ("refused", code, None)
    (fault,) = imports.faults_of(one)
    assert Refused(fault.code, **fault.details).said("id")


def test_people_and_cards_of_another_area_are_not_touched_and_not_named(sqlite, office):
    """A village operator cannot move somebody here out of a village that is not theirs."""
    bring_in(sqlite, office, operator(sqlite), lists.csv(lists.SUKARTI))
    stranger = operator(sqlite, stage.OTHER_VILLAGE)
    row = changed(lists.SUKARTI, village=stage.OTHER_VILLAGE)
    id_ = read(sqlite, office, stranger, lists.csv(row))

    assert faults(sqlite, id_) == [(2, "NIK", "import-nik-elsewhere"), (2, "No. KK", "import-card-elsewhere")]
    assert "Sukarti" not in str(state(sqlite, id_).report)


def test_somebody_who_died_is_not_brought_back(sqlite, office):
    """Nor does a closed household open by itself."""
    actor = operator(sqlite)
    bring_in(sqlite, office, actor, lists.csv(lists.SUKARTI))
    with sqlite.work() as work:
        work.session.scalars(select(Person)).one().died_on = DAY
        work.session.scalars(select(Household)).one().closed_at = work.now
    id_ = read(sqlite, office, actor, lists.csv(lists.SUKARTI))

    assert faults(sqlite, id_) == [(2, "NIK", "import-dead"), (2, "No. KK", "import-card-closed")]


def test_a_list_that_fails_halfway_leaves_nothing(database, office, monkeypatch):
    """The households were written already; then the power goes. Afterwards it can be brought in."""
    actor = operator(database)
    id_ = read(database, office, actor, lists.csv(lists.SUKARTI, lists.SUWARNO))
    with database.work(actor) as work:
        imports.confirm(work, imports.seen_import(work, id_))
    with monkeypatch.context() as broken:
        broken.setattr(import_writing._Writing, "_live", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            imports.bring_in(database, office.knowledge, id_)

    assert (state(database, id_).state, state(database, id_).fault) == ("read", "import-failed")
    assert counted(database) == [0] * 5
    with database.work(actor) as work:
        imports.confirm(work, imports.seen_import(work, id_))
    imports.bring_in(database, office.knowledge, id_)
    assert counted(database) == [1, 2, 2, 2, 0]


@pytest.mark.parametrize("what", ["person", "new"])
def test_what_somebody_else_changed_meanwhile_stops_the_whole_list(database, office, monkeypatch, what):
    """Between comparing and writing: a person corrected, or a NIK entered at the counter."""
    actor = operator(database)
    bring_in(database, office, actor, lists.csv(lists.SUKARTI))
    id_ = read(database, office, actor, lists.csv(changed(lists.SUKARTI, name="Sukartini"), lists.SUWARNO))
    with database.work(actor) as work:
        imports.confirm(work, imports.seen_import(work, id_))
    real = imports.sealed

    def meanwhile(*args):
        with database.work() as work:
            if what == "person":
                work.session.scalars(select(Person)).one().mother_name = "Painah"
            else:
                stage.household(work, "Suwarno").people[0].seal(work.keys, "nik", entered.MAN)
        return real(*args)

    monkeypatch.setattr(imports, "sealed", meanwhile)
    imports.bring_in(database, office.knowledge, id_)

    assert (state(database, id_).state, state(database, id_).fault) == ("read", "import-changed")
    with database.reading() as work:
        assert "Sukartini" not in work.session.scalars(select(Person.name)).all()


def test_a_list_is_brought_in_once(sqlite, office):
    """However often it is asked for; and one that was dropped not at all."""
    actor = operator(sqlite)
    one = bring_in(sqlite, office, actor, lists.csv(lists.SUKARTI))
    imports.bring_in(sqlite, office.knowledge, one.id)
    imports.read(sqlite, office.knowledge, one.id)
    dropped = read(sqlite, office, actor, lists.csv(lists.SUWARNO))
    with sqlite.work(actor) as work:
        imports.drop(work, imports.seen_import(work, dropped))
    with sqlite.work(actor) as work, pytest.raises(Refused) as refused:
        imports.confirm(work, imports.seen_import(work, dropped))

    assert refused.value.code == "import-not-read"
    assert counted(sqlite)[1] == 1 and state(sqlite, dropped).content_sealed is None


def test_a_list_belongs_to_whoever_uploaded_it(sqlite, office):
    """It names people of their area; and two windows of one person do not confirm and drop at once."""
    actor, other = operator(sqlite), operator(sqlite, stage.OTHER_VILLAGE)
    id_ = read(sqlite, office, actor, lists.csv(lists.SUKARTI))
    with sqlite.reading(other) as work:
        assert imports.imports_of(work) == []
        with pytest.raises(NotFound):
            imports.seen_import(work, id_)
    with sqlite.work() as work:
        desk = stage.actor(work, "applicant_desk")
    with sqlite.work(desk) as work, pytest.raises(NotAllowed):
        imports.upload(work, "x.csv", b"x")
    with sqlite.work(actor) as work:
        one = imports.seen_import(work, id_)
        with pytest.raises(ChangedMeanwhile):
            imports.confirm(work, one, one.version - 1)


def test_a_waiting_file_lies_sealed(sqlite, office):
    """Nobody reads names in a copy of the database."""
    id_ = read(sqlite, office, operator(sqlite), lists.csv(lists.SUKARTI), "../../Sukarti.csv")
    one = state(sqlite, id_)

    assert one.file_name == "Sukarti.csv"
    assert b"Painem" not in one.content_sealed
    assert one.opened_bytes(sqlite.keys, "content") == lists.csv(lists.SUKARTI)


def test_what_is_wrong_can_be_downloaded_and_runs_nowhere(sqlite, office):
    """A heading or a cell of the list that is a command comes back as a text."""
    rows = changed(lists.SUKARTI, village="=1+1", rt="x")
    headings = [*lists.HEADINGS[:10], "RT"]
    id_ = read(sqlite, office, operator(sqlite), lists.csv(rows, headings=headings))
    report = imports.report_csv(state(sqlite, id_), "id", ["baris", "kolom", "jenis", "salah"], str).decode("utf-8-sig")

    lines = report.splitlines()
    assert lines[0] == "baris;kolom;jenis;salah" and lines[1].startswith("2;Desa;False;Isi sel tidak boleh")
    assert lines[2] == "2;RT;False;RT dan RW adalah angka, misalnya 03."
    assert imports.defused("=1+1") == "'=1+1" and imports.defused("aman") == "aman"
