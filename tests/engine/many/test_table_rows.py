"""What is wrong in a table is told by file, row and column, and nothing else is lost."""

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from engine.diagnosis import Office
from engine.knowledge.check import load
from engine.knowledge.problems import Refused
from engine.many.table_files import open_tables
from engine.many.table_rows import Judge

TODAY = date(2026, 1, 1)
HOMES = "household_id,income\nk1,1_000_000\nk2,2000000\n"
PEOPLE = "household_id,person_id,sick\nk1,siti,ya\nk2,ali,tidak\n"


@pytest.fixture(scope="module")
def office():
    return Office(load(Path(__file__).parents[1] / "knowledge" / "golden" / "base"))


@pytest.fixture
def judged(tmp_path, office):
    """Judge two tables written as CSV; give what can be used, and lines `file:row: column: code`."""

    def judge(homes=HOMES, people=PEOPLE, encoding="utf-8"):
        (tmp_path / "households.csv").write_text(homes, encoding=encoding)
        (tmp_path / "persons.csv").write_text(people, encoding=encoding)
        return judge_folder(tmp_path, office)

    return judge


def judge_folder(folder, office):
    files = open_tables(folder, office.knowledge)
    (chunk,) = files.chunks(100, folder)
    found = Judge(office, files, TODAY).judge(*chunk)
    told = [problem for one in found.findings for _, problem in one.problems()]
    return found, sorted(f"{problem.place.path}: {problem.code}" for problem in told)


def refusal(folder, office, **files):
    """Give the problems of files or columns, as `where: code` and the hint."""
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        open_tables(folder, office.knowledge)
    return [
        (f"{one.place.path.removeprefix(str(folder))}: {one.code}", one.hint("en")) for one in refused.value.problems
    ]


def test_tables_without_a_mistake_are_taken_whole(judged):
    """Two households with a member each."""
    found, told = judged()

    assert (told, found.left_out, found.persons_left_out) == ([], 0, 0)
    assert found.tables.households["income"].to_list() == [1_000_000.0, 2_000_000.0]
    assert found.tables.persons["sick"].to_list() == [True, False]


@pytest.mark.parametrize(
    ("homes", "people", "expected"),
    [
        ("household_id,income\nk1,abc\nk2,60000000\n", PEOPLE, ["households.csv:2: income: bad-whole-number", "households.csv:3: income: out-of-range"]),
        ("household_id,floor\nk1,mud\nk2,soil\n", PEOPLE, ["households.csv:2: floor: not-a-choice"]),
        ("household_id,home\nk1,36.06\nk2,35.06.01\n", PEOPLE, ["households.csv:2: home: unknown-region"]),
        ("household_id,as_of\nk1,1 Mei 2026\nk2,2026-02-30\n", PEOPLE, ["households.csv:2: as_of: bad-date", "households.csv:3: as_of: impossible-date"]),
        ("household_id,applicant,members_listed\nk1,famly,all\nk2,,semua\n", PEOPLE, ["households.csv:2: applicant: not-one-of", "households.csv:3: members_listed: not-one-of"]),
        ("household_id,income,income__certainty\nk1,1,2\nk2,1,rt\n", PEOPLE, ["households.csv:2: income__certainty: certainty-out-of-range", "households.csv:3: income__certainty: bad-number"]),
        ("household_id,income\nk1,1\nk1,1\n,1\nk2,\n", PEOPLE, ["households.csv:3: household_id: repeated-household", "households.csv:4: household_id: missing-id"]),
        ("household_id,income\n3.50612E+15,1\nk1,1\nk2,1\n", PEOPLE, ["households.csv:2: household_id: id-is-number"]),
        ("household_id,income\nk1,1,5\nk2,1\n", PEOPLE, ["households.csv:2: too-many-cells"]),
        ("household_id,active_services\nk1,aid;aide\nk2,none\n", PEOPLE, ["households.csv:2: active_services: unknown-service"]),
        (HOMES, "household_id,person_id\nk3,siti\n,ali\nk1,\n", ["persons.csv:2: household_id: person-without-household", "persons.csv:3: household_id: missing-id", "persons.csv:4: person_id: missing-id"]),
        (HOMES, "household_id,person_id\nk1,household\nk1,a:b\nk2,b\nk2,b\n", ["persons.csv:2: person_id: bad-member-id", "persons.csv:3: person_id: bad-member-id", "persons.csv:5: person_id: repeated-member"]),
        (HOMES, "household_id,person_id,birth_date\nk1,a,2026-01-02\nk2,b,1899-12-31\n", ["persons.csv:2: birth_date: future-date", "persons.csv:3: birth_date: out-of-range"]),
        (HOMES, "household_id,person_id,birth_date,age\nk1,a,2000-01-01,26\nk2,b,,26\n", ["persons.csv:2: age: given-and-computed"]),
        (HOMES, "household_id,person_id\n" + "".join(f"k1,p{n}\n" for n in range(61)), ["persons.csv:2: household_id: too-many-members"]),
        (HOMES, "household_id,person_id,illness\nk1,a,lung;hart\nk2,b,none\n", ["persons.csv:2: illness: not-a-choice"]),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_row_and_column(judged, homes, people, expected):
    """As it would be told of one household; the rows around it are not."""
    assert judged(homes, people)[1] == expected


def test_a_household_with_a_mistake_is_left_out_whole_and_the_others_are_kept(judged):
    """A member's wrong birth date leaves out the household and both of its members."""
    people = "household_id,person_id,birth_date\nk1,a,2030-01-01\nk1,b,2000-01-01\nk2,c,\n"
    found, _ = judged(people=people)

    assert found.tables.households["household_id"].to_list() == ["k2"]
    assert found.tables.persons["person_id"].to_list() == ["c"]
    assert (found.left_out, found.persons_left_out) == (1, 2)


def test_rows_are_counted_as_an_editor_counts_lines(judged):
    """Blank lines are nobody, and are counted; a byte-order mark and semicolons of a spreadsheet are understood."""
    homes = "\ufeffhousehold_id;income\r\nk1;1\r\n\r\nk2;x\r\n"
    found, told = judged(homes)

    assert told == ["households.csv:4: income: bad-whole-number"]
    assert found.tables.households["household_id"].to_list() == ["k1"]


def test_a_nik_with_leading_zeros_stays_as_it_is(judged):
    """Text is never taken for a number."""
    homes, people = "household_id\n0035061234567890\n", "household_id,person_id\n0035061234567890,0001\n"
    found, told = judged(homes, people)

    assert told == []
    assert found.tables.persons["person_id"].to_list() == ["0001"]


def test_a_number_of_population_registration_is_judged_as_in_a_household_file(tmp_path):
    """A fault leaves its household out, told with row and column and without the number."""
    folder = tmp_path / "knowledge"
    shutil.copytree(Path(__file__).parents[1] / "knowledge" / "golden" / "base", folder)
    fact = "facts: {nik: {of: person, type: text, format: nik, answered_by: officer, label: {id: NIK}}}\n"
    (folder / "knowledge_base" / "x.yaml").write_text(fact, encoding="utf-8")
    (tmp_path / "households.csv").write_text("household_id\nk1\nk2\nk3\n", encoding="utf-8")
    rows = ("k1,a,3506075203900000", "k2,b,3506077203900000", "k3,c,3.50607E+15", "k3,d,")
    (tmp_path / "persons.csv").write_text("\n".join(("household_id,person_id,nik", *rows, "")), encoding="utf-8")
    found, told = judge_folder(tmp_path, Office(load(folder)))

    assert told == ["persons.csv:3: nik: number-impossible-date", "persons.csv:4: nik: number-not-digits"]
    assert found.tables.persons["nik"].to_list() == ["3506075203900000"]


def test_nulls_everywhere_are_households_of_whom_nothing_is_known(judged):
    """Every fact may be empty."""
    found, told = judged("household_id,income,floor,as_of\nk1,,,\nk2,~,null,\n", "household_id,person_id,sick\nk1,a,\n")

    assert told == []
    assert found.tables.households.select("income", "floor").rows() == [(None, None)] * 2


def test_a_value_with_certainty_0_is_unknown_and_an_empty_certainty_is_that_of_the_default_evidence(judged):
    """Certainty beside no value says nothing."""
    found, _ = judged("household_id,income,income__certainty\nk1,5,0\nk2,5,\nk3,,0\n", "household_id,person_id\n")

    assert found.tables.households.select("income", "income__certainty").rows() == [
        (None, 0.0),
        (5.0, 0.6),
        (None, 0.6),
    ]


def test_aid_told_of_anybody_is_told_of_the_whole_household(judged):
    """Then no list is an empty one; a household's service goes to the household, a person's to the only member."""
    homes = "household_id,active_services\nk1,\nk2,\nk3,care\nk4,none\n"
    people = "household_id,person_id,active_services\nk1,a,aid\nk1,b,\nk2,c,\nk3,d,\nk4,e,care\n"
    found, told = judged(homes, people)

    assert told == []
    assert found.tables.households["active_services"].to_list() == [["aid"], None, [], []]
    assert found.tables.persons["active_services"].to_list() == [[], [], None, ["care"], ["care"]]


def test_a_service_of_a_person_needs_its_person(judged):
    """In a household of two nobody guesses who receives it."""
    people = "household_id,person_id\nk1,a\nk1,b\nk2,c\n"

    assert judged("household_id,active_services\nk1,care\nk2,aid\n", people)[1] == [
        "households.csv:2: active_services: received-by-person"
    ]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, [(": no-table", None), (": no-table", None)]),
        ({"households": "", "persons": PEOPLE}, [("households.csv: empty-file", None)]),
        ({"households": "household_id\n", "persons": PEOPLE}, [("households.csv: table-without-rows", None)]),
        ({"households": "houshold_id,income\nk1,1\n", "persons": PEOPLE}, [("households.csv: missing-column", "houshold_id"), ("households.csv: houshold_id: unknown-column", "household_id")]),
        ({"households": "household_id,incom\nk1,1\n", "persons": PEOPLE}, [("households.csv: incom: unknown-column", "income")]),
        ({"households": "household_id,nama\nk1,x\n", "persons": PEOPLE}, [("households.csv: nama: unknown-column", "--ignore nama")]),
        ({"households": "household_id,sick\nk1,ya\n", "persons": PEOPLE}, [("households.csv: sick: column-elsewhere", "persons")]),
        ({"households": "household_id,rent__certainty\nk1,1\n", "persons": PEOPLE}, [("households.csv: rent__certainty: certainty-alone", "rent")]),
        ({"households": "household_id,rent,rent\nk1,1,1\n", "persons": PEOPLE}, [("households.csv: rent: repeated-column", None)]),
        ({"households": 'household_id,rent\n"k1,1\nk2,1\n', "persons": PEOPLE}, [("households.csv: unreadable-table", None)]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_whole_file_is_told_before_any_row(tmp_path, office, files, expected):
    """All files and columns in one run, with a hint."""
    found = refusal(tmp_path, office, **files)

    assert [where for where, _ in found] == [where for where, _ in expected]
    assert all(word in hint for (_, hint), (_, word) in zip(found, expected, strict=True) if word)


def test_a_file_that_is_not_utf8_is_told_with_its_line(tmp_path, office):
    """A letter of an older encoding in line 3."""
    (tmp_path / "persons.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "households.csv").write_bytes("household_id,income\nk1,1\nk\xe9,1\n".encode("latin-1"))
    with pytest.raises(Refused) as refused:
        judge_folder(tmp_path, office)

    assert [(one.code, one.details["line"]) for one in refused.value.problems] == [("not-text", 3)]


def write_parquet(folder, homes, people):
    pl.DataFrame(homes).write_parquet(folder / "households.parquet")
    pl.DataFrame(people).write_parquet(folder / "persons.parquet")


@pytest.mark.parametrize(
    ("homes", "expected"),
    [
        ({"household_id": [35061, 2]}, "households.parquet: household_id: id-is-number"),
        ({"household_id": [3.5e15, 2.0]}, "households.parquet: household_id: id-is-number"),
        ({"household_id": ["k1"], "income": [True]}, "households.parquet: income: wrong-column-type"),
        ({"household_id": ["k1"], "floor": [7]}, "households.parquet: floor: wrong-column-type"),
        ({"household_id": ["k1"], "home": [35.06]}, "households.parquet: home: wrong-column-type"),
        ({"household_id": ["k1"], "as_of": [20260101]}, "households.parquet: as_of: wrong-column-type"),
        ({"household_id": ["k1"], "active_services": [[1]]}, "households.parquet: active_services: wrong-column-type"),
        ({"household_id": ["k1"], "income": [1], "income__certainty": [True]}, "households.parquet: income__certainty: wrong-column-type"),
    ],
)  # fmt: skip
def test_a_parquet_column_of_a_wrong_type_is_refused(tmp_path, office, homes, expected):
    """A NIK kept as a number above all: its zeros are lost."""
    write_parquet(tmp_path, homes, {"household_id": ["k1"], "person_id": ["a"]})

    assert [where for where, _ in refusal(tmp_path, office)] == [expected]


def test_rows_of_parquet_are_counted_from_1(tmp_path, office):
    """The second household's income is no whole number."""
    write_parquet(
        tmp_path, {"household_id": ["k1", "k2"], "income": [5.0, 5.5]}, {"household_id": ["k1"], "person_id": ["a"]}
    )

    assert judge_folder(tmp_path, office)[1] == ["households.parquet:2: income: bad-whole-number"]


def test_a_broken_parquet_file_is_told(tmp_path, office):
    """It ends in the middle."""
    write_parquet(tmp_path, {"household_id": ["k1"]}, {"household_id": ["k1"], "person_id": ["a"]})
    whole = (tmp_path / "persons.parquet").read_bytes()
    (tmp_path / "persons.parquet").write_bytes(whole[: len(whole) // 2])

    assert [where for where, _ in refusal(tmp_path, office)] == ["persons.parquet: unreadable-table"]


def test_one_table_in_two_forms_is_refused(tmp_path, office):
    """Nobody guesses which one counts."""
    write_parquet(tmp_path, {"household_id": ["k1"]}, {"household_id": ["k1"], "person_id": ["a"]})

    assert [where for where, _ in refusal(tmp_path, office, households=HOMES)] == [": two-tables"]
