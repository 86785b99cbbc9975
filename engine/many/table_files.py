"""Two files of a folder, households and persons: opened, their columns judged, their rows dealt into chunks.

A chunk holds some households whole, with all of their members, wherever these stand in their file. When all fit
into one chunk nothing is written; else rows are dealt by their household's id into a folder, so that memory does
not grow with the files. Rows keep the number they have in their file: the row in CSV, as a spreadsheet counts them
(the header is row 1), the place in Parquet (from 1).
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from engine.knowledge.model import HOUSEHOLD, PERSON, Knowledge
from engine.knowledge.problems import Problem, Refused, closest
from engine.knowledge.values import shortened
from engine.many.columns import AID, AS_OF, CERTAINTY, PAPER_COLUMN
from engine.many.table_cells import fits, form_of, text
from engine.many.table_findings import problem_at
from engine.many.tables import APPLICANT, HOUSEHOLD_ID, PERSON_ID, ROW, fact_of
from engine.many.whole_folder import writing

TABLES = {HOUSEHOLD: "households", PERSON: "persons"}
BEYOND = " beyond"
LISTED = "members_listed"
CHUNK = 20_000
_PERSONS_A_HOUSEHOLD = 6
_BATCH = 100_000
_OWN = {HOUSEHOLD: (HOUSEHOLD_ID, AS_OF, APPLICANT, LISTED, AID), PERSON: (HOUSEHOLD_ID, PERSON_ID, AID)}
_NEEDED = {HOUSEHOLD: (HOUSEHOLD_ID,), PERSON: (HOUSEHOLD_ID, PERSON_ID)}
_SEPARATORS = ",;\t"
_BUCKET = " bucket"


class TableFile(NamedTuple):
    """One file: what it holds, its columns with their types, how many rows, and how it is read."""

    of: str
    path: Path
    columns: dict[str, pl.DataType]
    rows: int
    scan: Callable[[], pl.LazyFrame]


class TableFiles(NamedTuple):
    """The two files of a folder, whose columns are all known and fit."""

    households: TableFile
    persons: TableFile

    @property
    def rows(self) -> int:
        """How many rows both have."""
        return self.households.rows + self.persons.rows

    def chunks(
        self, size: int, folder: Path, dealt: Callable[[int], None] = lambda rows: None
    ) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
        """Give the rows in chunks of about so many households.

        Args:
            size: How many households make a chunk.
            folder: An empty folder for what does not fit into memory.
            dealt: Called with the number of rows just dealt.

        Returns:
            Pairs of frames, households and persons, with `ROW`; ids are stripped text, null where there is none.
        """
        count = max(-(-self.households.rows // size), -(-self.persons.rows // (size * _PERSONS_A_HOUSEHOLD)), 1)
        if count == 1:
            yield tuple(pl.concat(_batches(one, dealt), how="vertical") for one in self)
            return
        for one in self:
            _deal(one, count, folder, dealt)
        for number in range(count):
            yield tuple(_dealt(one, number, folder) for one in self)


def open_tables(folder: Path, knowledge: Knowledge, ignored: Iterable[str] = ()) -> TableFiles:
    """Open the two files of a folder and judge their columns.

    Args:
        folder: Holds `households` and `persons`, each as `.parquet` or `.csv`.
        knowledge: The edition whose facts may be columns.
        ignored: Columns to leave out unread.

    Raises:
        Refused: with every mistake of the files and their columns; rows are not looked at.
    """
    problems, found = [], []
    for of in TABLES:
        try:
            one = _opened(folder, of, frozenset(ignored))
            problems += _misfits(one, knowledge)
            found.append(one)
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return TableFiles(*found)


def _opened(folder: Path, of: str, ignored: frozenset[str]) -> TableFile:
    name = TABLES[of]
    paths = [path for path in (folder / f"{name}.parquet", folder / f"{name}.csv") if path.is_file()]
    if len(paths) != 1:
        raise Refused([problem_at(str(folder), "two-tables" if paths else "no-table", name=name)])
    (path,) = paths
    try:
        if path.suffix == ".csv":
            columns, scan = _csv(path)
        else:
            columns = dict(pl.read_parquet_schema(path))
            scan = _parquet(path)
        kept = {column: dtype for column, dtype in columns.items() if column not in ignored}
        rows = scan().select(pl.len()).collect().item()
    except (OSError, pl.exceptions.PolarsError, UnicodeDecodeError, csv.Error) as error:
        raise Refused([_unreadable(path, error)]) from None
    if of == HOUSEHOLD and not rows:
        raise Refused([problem_at(path.name, "table-without-rows")])
    return TableFile(of, path, kept, rows, scan)


def _parquet(path: Path) -> Callable[[], pl.LazyFrame]:
    return lambda: pl.scan_parquet(path, glob=False, row_index_name=ROW, row_index_offset=1)


def _csv(path: Path) -> tuple[dict[str, pl.DataType], Callable[[], pl.LazyFrame]]:
    """Read the header of a CSV file; its cells stay text, and one column more shows where a row has too many."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        separator = max(_SEPARATORS, key=first.count)
        header = [name.strip() for name in next(csv.reader([first], delimiter=separator), [])]
    if not any(header):
        raise Refused([problem_at(path.name, "empty-file")])
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        raise Refused([problem_at(f"{path.name}: {name}", "repeated-column", name=name) for name in repeated])
    schema = dict.fromkeys((*header, BEYOND), pl.String())

    def scan() -> pl.LazyFrame:
        frame = pl.scan_csv(
            path,
            separator=separator,
            schema=schema,
            has_header=False,
            skip_rows=1,
            truncate_ragged_lines=True,
            missing_columns="insert",
            raise_if_empty=False,
            row_index_name=ROW,
            row_index_offset=2,
            glob=False,
        )
        return frame.filter(~pl.all_horizontal(pl.col(*schema).is_null()))

    return schema, scan


def _unreadable(path: Path, error: Exception) -> Problem:
    """Say in one line why a file cannot be read; where text is not UTF-8, in which line."""
    reason = str(getattr(error, "strerror", None) or error).strip().split("\n")[0]
    if path.suffix == ".csv" and ("utf-8" in reason.lower() or isinstance(error, UnicodeDecodeError)):
        return problem_at(path.name, "not-text", line=_line_not_utf8(path))
    if isinstance(error, pl.exceptions.NoDataError) or path.stat().st_size == 0:
        return problem_at(path.name, "empty-file")
    return problem_at(path.name, "unreadable-table", reason=reason)


def _line_not_utf8(path: Path) -> int:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 1


def _misfits(one: TableFile, knowledge: Knowledge) -> Iterator[Problem]:
    """Judge the columns of a file: all needed are there, each is known and of a type that fits."""
    for column in _NEEDED[one.of]:
        if column not in one.columns:
            others = [name for name in one.columns if fact_of(name, one.of, knowledge) is None]
            guess = closest(column, others)
            yield problem_at(one.path.name, "missing-column", name=column, did_you_mean=guess)
    for column, dtype in one.columns.items():
        where = f"{one.path.name}: {column}"
        problem = None if column == BEYOND else _misfit(column, dtype, one, knowledge)
        if problem is not None:
            code, details = problem
            yield problem_at(where, code, name=column, **details)


def _misfit(column: str, dtype: pl.DataType, one: TableFile, knowledge: Knowledge) -> tuple[str, dict[str, Any]] | None:
    base = column.removesuffix(CERTAINTY)
    if base != column and (base != AID or one.of == HOUSEHOLD) and _kind_of(base, one.of, knowledge) is not None:
        if base not in one.columns and base != AID:
            return "certainty-alone", {"base": base}
        return (
            None if fits("number", dtype) else ("wrong-column-type", {"type": "number", "found": shortened(str(dtype))})
        )
    kind = _kind_of(column, one.of, knowledge)
    if kind is None:
        other = next(side for side in TABLES if side != one.of)
        if _kind_of(column, other, knowledge) is not None:
            return "column-elsewhere", {"table": TABLES[other]}
        return "unknown-column", {"did_you_mean": closest(column, _columns(one.of, knowledge))}
    if column in (HOUSEHOLD_ID, PERSON_ID) and form_of(dtype) == "number":
        return "id-is-number", {}
    return None if fits(kind, dtype) else ("wrong-column-type", {"type": kind, "found": shortened(str(dtype))})


def _kind_of(column: str, of: str, knowledge: Knowledge) -> str | None:
    """Give the type of fact that a column of a file holds; None when there is no such column."""
    if column in _OWN[of]:
        return {AS_OF: "date", AID: "choices"}.get(column, "text")
    fact = fact_of(column, of, knowledge)
    return None if fact is None else fact.type


def _columns(of: str, knowledge: Knowledge) -> list[str]:
    papers = [PAPER_COLUMN + name for name in knowledge.papers]
    facts = [fact.name for fact in knowledge.facts.values() if fact.of == of]
    return [*_OWN[of], *facts, *papers, *(name + CERTAINTY for name in (*facts, *papers))]


def _frame(one: TableFile) -> pl.LazyFrame:
    """Give the rows of a file with their numbers; ids are text, null where they say nothing."""
    ids = [text(column).alias(column) for column in _NEEDED[one.of]]
    return one.scan().select(ROW, *one.columns).with_columns(ids)


def _batches(one: TableFile, dealt: Callable[[int], None]) -> Iterator[pl.DataFrame]:
    frame = _frame(one)
    if one.path.suffix == ".csv":
        batches = frame.collect_batches(chunk_size=_BATCH)
    else:
        # Slice by slice: read as a stream, Parquet is held decoded far ahead of what is asked for.
        batches = (frame.slice(start, _BATCH).collect() for start in range(0, one.rows, _BATCH))
    try:
        yield frame.clear().collect()
        for batch in batches:
            yield batch
            dealt(len(batch))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise Refused([_unreadable(one.path, error)]) from None


def _deal(one: TableFile, count: int, folder: Path, dealt: Callable[[int], None]) -> None:
    """Write the rows of a file into one folder for each chunk, by their household's id."""
    for number in range(count):
        (folder / f"{one.of}-{number}").mkdir()
    for place, batch in enumerate(_batches(one, dealt)):
        batch = batch.with_columns((pl.col(HOUSEHOLD_ID).hash(seed=0) % count).alias(_BUCKET))
        for (number,), some in batch.partition_by(_BUCKET, as_dict=True, include_key=False).items():
            with writing():
                some.write_parquet(folder / f"{one.of}-{number}" / f"{place:06}.parquet", compression="lz4")


def _dealt(one: TableFile, number: int, folder: Path) -> pl.DataFrame:
    parts = [pl.read_parquet(path) for path in sorted((folder / f"{one.of}-{number}").iterdir())]
    return pl.concat([_frame(one).clear().collect(), *parts], how="vertical")
