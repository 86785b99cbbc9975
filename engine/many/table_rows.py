"""The rows of a chunk, judged: what can be used becomes `Tables`, what cannot is found with file, row and column.

A household with any mistake, its own or a member's, is left out whole: half a household would be answered
wrongly. Whole columns are judged at once; only the cells that are refused are put into words, one by one.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from engine.diagnosis import Office
from engine.household import MEMBER_LIMIT
from engine.knowledge.model import HOUSEHOLD, PERSON, Fact
from engine.knowledge.parse_offer import APPLICANTS
from engine.knowledge.problems import Problem
from engine.many import table_aid
from engine.many.column_formulas import plain
from engine.many.columns import AID, AS_OF, CERTAINTY, UNLISTED
from engine.many.sheet import KEY, SEAT
from engine.many.table_cells import NOWHERE, cells, share, text
from engine.many.table_computed import Workable
from engine.many.table_files import BEYOND, LISTED, TABLES, TableFile, TableFiles
from engine.many.table_findings import CELL, Finding, finding, named, not_one_of, told, why_no_share, why_refused
from engine.many.tables import APPLICANT, HOUSEHOLD_ID, PERSON_ID, ROW, Tables, fact_of, with_seats

_LISTED = ("all", "some")
_LONGEST_ID = 60
_REFUSED = " refused "
# A NIK that passed through a spreadsheet as a number: 3.50612E+15.
_AS_NUMBER = r"^[0-9](?:[.,][0-9]+)?[eE][+]?[0-9]+$"


class Judged(NamedTuple):
    """A chunk after its judgement: the households that can be answered, what was found, how many rows were left out."""

    tables: Tables
    findings: list[Finding]
    left_out: int
    persons_left_out: int


class Judge:
    """Judges the chunks of two files against an edition.

    Args:
        office: The edition.
        files: The files that the chunks come from.
        today: The day for a household that names none.
        as_of: A day that wins over the table.
    """

    def __init__(self, office: Office, files: TableFiles, today: date, as_of: date | None = None) -> None:
        self.office, self.knowledge, self.files = office, office.knowledge, files
        self.today, self.as_of = today, as_of
        default = self.knowledge.evidence[self.knowledge.default_evidence]
        self.default_certainty = default.certainty
        self.workable = Workable(office)
        self.facts = {one.of: self._facts_of(one) for one in files}

    def _facts_of(self, one: TableFile) -> dict[str, Fact]:
        found = {column: fact_of(column, one.of, self.knowledge) for column in one.columns}
        return {column: fact for column, fact in found.items() if fact is not None}

    def judge(self, households: pl.DataFrame, persons: pl.DataFrame) -> Judged:
        """Judge one chunk, as `TableFiles.chunks` gives it."""
        households, found = self._households(households)
        persons, more = self._persons(persons, households)
        found += more
        tables = Tables(households, persons)
        tables, more = table_aid.settled(tables, self.files, self.knowledge)
        found += [*more, *self._given_and_computed(tables)]
        found = [one for one in found if len(one.rows)]
        return self._whole(tables, found)

    def _whole(self, tables: Tables, found: list[Finding]) -> Judged:
        """Leave every household out of which something was found."""
        homes, people = tables
        bad = pl.concat([pl.Series([], dtype=pl.UInt32), *(one.rows[KEY].drop_nulls() for one in found)]).unique()
        good = homes.filter(~pl.col(KEY).is_in(bad.implode()))
        kept = people.filter(pl.col(KEY).is_not_null()).join(good.select(KEY), on=KEY, how="semi")
        return Judged(
            Tables(good.drop(ROW), kept.drop(ROW, SEAT).pipe(with_seats)),
            found,
            len(homes) - len(good),
            len(people) - len(kept),
        )

    # --- the two tables ---

    def _households(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
        one = self.files.households
        frame = frame.sort(ROW).with_row_index(KEY)
        first = pl.col(KEY).first().over(HOUSEHOLD_ID)
        frame = frame.with_columns(
            pl.when(pl.col(HOUSEHOLD_ID).is_null()).then(pl.col(KEY)).otherwise(first).alias(KEY)
        )
        found = [*_bad_ids(one, frame, HOUSEHOLD_ID), *_too_many_cells(one, frame)]
        repeated = frame.filter(pl.col(HOUSEHOLD_ID).is_not_null() & ~pl.col(HOUSEHOLD_ID).is_first_distinct())
        found.append(finding(one.path, HOUSEHOLD_ID, repeated, pl.col(HOUSEHOLD_ID), named("repeated-household")))
        frame, more = self._day(frame)
        found += more
        settled, more = [], []
        for column, allowed, default in ((APPLICANT, APPLICANTS, "family"), (LISTED, _LISTED, "all")):
            if column not in one.columns:
                settled.append(pl.lit(default).alias(column))
                continue
            cell = text(column)
            settled.append(cell.fill_null(default).alias(column))
            wrong = frame.filter(~cell.is_in(allowed))
            more.append(finding(one.path, column, wrong, cell, not_one_of(column, allowed)))
        frame = frame.with_columns(settled).with_columns((pl.col(LISTED) == "some").alias(UNLISTED))
        frame, others = self._read(one, frame)
        kept = [KEY, ROW, HOUSEHOLD_ID, AS_OF, APPLICANT, UNLISTED, *_brought(one, self.facts[HOUSEHOLD])]
        return frame.select(kept), [*found, *more, *others]

    def _day(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
        """Settle the day of each household: what is asked, else what its row says, else today."""
        one, day = self.files.households, plain(self.as_of or self.today)
        if AS_OF not in one.columns or self.as_of:
            return frame.with_columns(pl.lit(day).alias(AS_OF)), []
        fact = Fact(AS_OF, HOUSEHOLD, "date", None, NOWHERE)
        read = cells(fact, one.columns[AS_OF], {})

        def why(cell: Any, _: date) -> Problem:
            return why_refused(fact, cell, {}, self.today)

        found = finding(one.path, AS_OF, frame.filter(read.refused), told(AS_OF, one.columns[AS_OF]), why)
        return frame.with_columns(read.value.fill_null(day).cast(pl.Float64).alias(AS_OF)), [found]

    def _persons(self, frame: pl.DataFrame, households: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
        one = self.files.persons
        homes = households.unique(KEY, keep="first").filter(pl.col(HOUSEHOLD_ID).is_not_null())
        frame = frame.sort(ROW).join(
            homes.select(HOUSEHOLD_ID, KEY, AS_OF), on=HOUSEHOLD_ID, how="left", maintain_order="left"
        )
        found = [*_bad_ids(one, frame, HOUSEHOLD_ID), *_bad_ids(one, frame, PERSON_ID), *_too_many_cells(one, frame)]
        id_, of = pl.col(PERSON_ID), pl.col(HOUSEHOLD_ID)
        stray = frame.filter(pl.col(KEY).is_null() & of.is_not_null())
        found.append(finding(one.path, HOUSEHOLD_ID, stray, of, named("person-without-household")))
        strange = frame.filter((id_ == HOUSEHOLD) | (id_.str.len_chars() > _LONGEST_ID) | id_.str.contains("[:\n]"))
        found.append(finding(one.path, PERSON_ID, strange, id_, named("bad-member-id")))
        homed = frame.filter(pl.col(KEY).is_not_null() & id_.is_not_null())
        twice = homed.filter(~pl.struct(KEY, PERSON_ID).is_first_distinct())
        found.append(finding(one.path, PERSON_ID, twice, id_, named("repeated-member")))
        crowd = homed.with_columns(pl.len().over(KEY).alias(CELL)).filter(pl.col(CELL) > MEMBER_LIMIT)
        crowd = crowd.unique(KEY, keep="first", maintain_order=True)
        found.append(finding(one.path, HOUSEHOLD_ID, crowd, pl.col(CELL), _too_many))
        frame, more = self._read(one, frame.with_columns(pl.col(AS_OF).fill_null(plain(self.today))))
        # A place for each row until the members that are kept are numbered.
        seat = pl.int_range(pl.len()).cast(pl.String).alias(SEAT)
        frame = frame.select(KEY, ROW, PERSON_ID, AS_OF, *_brought(one, self.facts[PERSON])).with_columns(seat)
        return frame, [*found, *more]

    def _read(self, one: TableFile, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
        """Read the facts, papers and certainties of a table; a value given with certainty 0 is unknown."""
        regions, values, refused, whys = self.knowledge.regions, [], {}, {}
        for column, fact in self.facts[one.of].items():
            read = cells(fact, one.columns[column], regions)
            sure = column + CERTAINTY
            value = read.value
            if sure in one.columns:
                read_sure = share(sure, one.columns[sure])
                c = pl.when(value.is_not_null()).then(read_sure.value).fill_null(self.default_certainty)
                value = pl.when(c > 0).then(value)
                values.append(c.cast(pl.Float64).alias(sure))
                refused[sure], whys[sure] = read_sure.refused, why_no_share(sure)
            values.append(value.alias(column))
            refused[column] = read.refused
            whys[column] = lambda cell, day, fact=fact: why_refused(fact, cell, regions, day)
        # Lazily, for then what several expressions share is worked out once.
        marks = [test.fill_null(False).alias(_REFUSED + column) for column, test in refused.items()]
        done = frame.lazy().with_columns(*values, *marks).collect()
        found = []
        for column, why in whys.items():
            mark = done[_REFUSED + column]
            if mark.any():
                rows, cell = frame.filter(mark), told(column, one.columns[column])
                found.append(finding(one.path, column, rows, cell, why, days=True))
        return done, found

    # --- what rests on both tables ---

    def _given_and_computed(self, tables: Tables) -> Iterator[Finding]:
        """Find computed facts given beside what they can be worked out from, with certainty 0 too."""
        asked = {of: [name for name, fact in self.facts[of].items() if fact.computed] for of in TABLES}
        if not any(asked.values()):
            return
        homes = tables.households.unique(KEY, keep="first", maintain_order=True)
        people = tables.persons.filter(pl.col(KEY).is_not_null())
        for of, name, workable in self.workable.found(Tables(homes, people), asked):
            keys = [KEY] if of == HOUSEHOLD else [KEY, SEAT]
            given = pl.col(name).is_not_null()
            if name + CERTAINTY in tables.of(of).columns:
                given |= pl.col(name + CERTAINTY) == 0
            rows = tables.of(of).filter(given).join(workable, on=keys, how="semi")
            one = self.files.households if of == HOUSEHOLD else self.files.persons
            yield finding(one.path, name, rows, pl.lit(name), named("given-and-computed"))


def _brought(one: TableFile, facts: Iterable[str]) -> list[str]:
    """Give the columns of facts, papers and their certainties that a table brings."""
    return [column for name in (*facts, AID) for column in (name, name + CERTAINTY) if column in one.columns]


def _bad_ids(one: TableFile, frame: pl.DataFrame, column: str) -> Iterator[Finding]:
    yield finding(one.path, column, frame.filter(pl.col(column).is_null()), pl.lit(column), named("missing-id"))
    as_number = frame.filter(pl.col(column).str.contains(_AS_NUMBER))
    yield finding(one.path, column, as_number, pl.col(column), named("id-is-number"))


def _too_many_cells(one: TableFile, frame: pl.DataFrame) -> Iterator[Finding]:
    if BEYOND in one.columns:
        yield finding(one.path, "", frame.filter(pl.col(BEYOND).is_not_null()), pl.col(BEYOND), named("too-many-cells"))


def _too_many(cell: Any, _: date) -> Problem:
    return Problem("too-many-members", NOWHERE, {"count": cell, "limit": MEMBER_LIMIT})
