"""Households as tables: written and read back, they are the same households with the same answers."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.household_files import household_of
from engine.knowledge.model import HOUSEHOLD
from engine.knowledge.read import from_plain
from engine.many.agreement import disagreements
from engine.many.answers import Many
from engine.many.column_formulas import plain
from engine.many.table_files import open_tables
from engine.many.table_rows import Judge
from engine.many.tables import households_of, tables_of
from tests.engine.generated import EVIDENCE, TODAY, Case, Size, Teller, cases, examples

FEW = Size(households=6)
KINDS = {"integer": pl.Int64, "number": pl.Float64, "money": pl.Int64, "boolean": pl.Boolean, "date": pl.Date}
KINDS |= {"choices": pl.List(pl.String), "choice": pl.Categorical}


def rows_of(told):
    """Lay what is told of a household out as a row of the household and rows of its members."""
    default = told.get("evidence", "self_declared")
    home = {"household_id": told["id"], "as_of": told["as_of"], "applicant": told["applicant"]}
    home |= {"members_listed": told["members_listed"], **cells_of(told["household"], default)}
    home |= cells_of(told["papers"], default, "paper__")
    people = [
        {"household_id": told["id"], "person_id": member["id"]}
        | cells_of({name: one for name, one in member.items() if name not in ("id", "papers")}, default)
        | cells_of(member["papers"], default, "paper__")
        for member in told["members"]
    ]
    if "active_services" in told:
        home |= {"active_services": [], "active_services__certainty": sure(default)}
        for one in told["active_services"]:
            whose = {**one} if isinstance(one, dict) else {"service": one, "subject": HOUSEHOLD}
            row = next((p for p in people if p["person_id"] == whose["subject"]), home)
            row.setdefault("active_services", []).append(whose["service"])
    return home, people


def cells_of(values, default, prefix=""):
    found = {}
    for name, value in values.items():
        evidence = default
        if isinstance(value, dict):
            value, evidence = value["value"], value["evidence"]
        found |= {prefix + name: value, f"{prefix}{name}__certainty": sure(evidence)}
    return found


def sure(evidence):
    return float(EVIDENCE.get(evidence, evidence) if isinstance(evidence, str) else evidence)


def types_of(rows, knowledge):
    """Give the natural Parquet type of each column."""
    found = {"as_of": pl.Date, "active_services": pl.List(pl.String)}
    for column in dict.fromkeys(name for row in rows for name in row):
        fact = knowledge.facts.get(column)
        if column.endswith("__certainty"):
            found[column] = pl.Float64
        elif column.startswith("paper__"):
            found[column] = pl.Boolean
        elif fact is not None:
            found[column] = KINDS.get(fact.type, pl.String)
        else:
            found.setdefault(column, pl.String)
    return found


def frame_of(rows, knowledge, ids):
    types = dict.fromkeys(ids, pl.String) | types_of(rows, knowledge)
    schema = {column: type_ for column, type_ in types.items() if column in ids or any(column in row for row in rows)}
    days = [column for column, type_ in schema.items() if type_ == pl.Date]
    dated = [{one: date.fromisoformat(str(row[one])) for one in days if row.get(one) is not None} for row in rows]
    return pl.DataFrame([row | more for row, more in zip(rows, dated, strict=True)], schema=schema)


def write(folder, households, knowledge, form):
    """Write what is told of households as the two tables of a folder."""
    laid = [rows_of(told) for told in households]
    ids = ("household_id",), ("household_id", "person_id")
    tables = [home for home, _ in laid], [person for _, people in laid for person in people]
    for name, rows, id_ in zip(("households", "persons"), tables, ids, strict=True):
        frame = frame_of(rows, knowledge, id_)
        if form == "parquet":
            frame.write_parquet(folder / f"{name}.parquet")
        else:
            as_csv(frame).write_csv(folder / f"{name}.csv")


def as_csv(frame):
    """Write lists, truths and money as an office would: `a;b`, `ya`, `1_200_000`."""
    lists = [column for column, type_ in frame.schema.items() if type_ == pl.List(pl.String)]
    truths = [column for column, type_ in frame.schema.items() if type_ == pl.Boolean]
    whole = [column for column, type_ in frame.schema.items() if type_ == pl.Int64]
    return frame.with_columns(
        *(pl.when(pl.col(one).list.len() == 0).then(pl.lit("none")).otherwise(pl.col(one).list.join(";")).alias(one) for one in lists),
        *(pl.col(one).replace_strict({True: "ya", False: "TIDAK"}, return_dtype=pl.String) for one in truths),
        *(pl.col(one).cast(pl.String).str.replace("^([0-9]+)([0-9]{3})$", "${1}_${2}") for one in whole),
    )  # fmt: skip


def judged(folder, case, size=1000):
    """Read and judge the tables of a folder that fits into one chunk."""
    files = open_tables(folder, case.knowledge)
    (chunk,) = files.chunks(size, folder)
    return Judge(case.office, files, TODAY).judge(*chunk)


def known(household):
    """Give what is known of a household: a value with certainty 0 is told, and unknown."""
    facts = {key: (one.value if one.certainty else None, one.certainty) for key, one in household.facts.items()}
    received = household.received and household.received.certainty
    return (
        household.id,
        household.applicant,
        household.as_of,
        set(household.members),
        household.members_listed,
        facts,
        received,
    )


@examples(12)
@given(case=cases(FEW))
def test_tables_of_households_give_the_same_households_again(case):
    """`households_of` undoes `tables_of`."""
    again = households_of(tables_of(case.households, case.knowledge), case.knowledge)

    assert [known(one) for one in again] == [known(one) for one in case.households]


@pytest.mark.parametrize("form", ["parquet", "csv"])
@examples(12)
@given(case=cases(FEW))
def test_households_written_as_tables_are_read_back_and_answered_as_by_forward(form, case, tmp_path_factory):
    """Nothing is refused, the households are the same, and so is everything that follows."""
    folder = tmp_path_factory.mktemp("tables")
    write(folder, case.told, case.knowledge, form)
    found = judged(folder, case)
    answers = Many(case.office, needs=True).answer(found.tables)

    assert [problem for one in found.findings for problem in one.problems()] == []
    assert [known(one) for one in households_of(found.tables, case.knowledge)] == [
        known(one) for one in case.households
    ]
    assert list(disagreements(map(case.office.diagnose, case.households), answers)) == []


@examples(12)
@given(case=cases(FEW), seed=st.integers(0, 999))
def test_computed_facts_are_refused_where_a_household_file_refuses_them(case, seed, tmp_path_factory):
    """Given beside what they can be worked out from, at whatever depth; the others are taken."""
    folder = tmp_path_factory.mktemp("tables")
    teller = Teller(seed, case.size, case.tables)
    told = [teller.with_computed(one, number) for number, one in enumerate(case.told)]
    write(folder, told, case.knowledge, "parquet")
    found = judged(folder, case)
    refused = {}
    for one in told:
        _, problems = household_of(from_plain(one), case.knowledge, TODAY)
        refused |= {one["id"]: {p.details["name"] for p in problems if p.code == "given-and-computed"}}

    assert {problem.code for one in found.findings for _, problem in one.problems()} <= {"given-and-computed"}
    assert {id_ for id_, names in refused.items() if names} == {one["id"] for one in told} - set(
        found.tables.households["household_id"]
    )
    assert {one.column for one in found.findings} == set().union(*refused.values())


@examples(6)
@given(case=cases(Size(households=30)))
def test_chunks_hold_every_household_whole_and_once(case, tmp_path_factory):
    """Small chunks, dealt over the disk, give the answers of one large chunk."""
    folder, rows = tmp_path_factory.mktemp("tables"), tmp_path_factory.mktemp("rows")
    write(folder, case.told, case.knowledge, "parquet")
    files = open_tables(folder, case.knowledge)
    judge, many = Judge(case.office, files, TODAY), Many(case.office)
    chunks = [judge.judge(*chunk).tables for chunk in files.chunks(4, rows)]
    parts = [many.answer(tables).services for tables in chunks]
    whole = many.answer(judged(folder, case).tables).services
    order = ["household_id", "service", "subject"]

    assert pl.concat(parts).sort(order).equals(whole.sort(order))
    assert sum(len(tables.households) for tables in chunks) == len(case.told)


def test_a_day_that_is_asked_for_wins_and_today_stands_in(tmp_path):
    """`as_of` of the run, else of the row, else today."""
    case = Case(3, FEW)
    write(tmp_path, [case.told[0], case.told[1] | {"as_of": None}], case.knowledge, "csv")
    files = open_tables(tmp_path, case.knowledge)
    (chunk,) = files.chunks(10, tmp_path)
    days = [
        Judge(case.office, files, TODAY, day).judge(*chunk).tables.households["as_of"].to_list()
        for day in (None, date(2026, 1, 1))
    ]

    assert days == [
        [plain(date.fromisoformat(str(case.told[0]["as_of"]))), plain(TODAY)],
        [plain(date(2026, 1, 1))] * 2,
    ]
