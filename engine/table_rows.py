"""The rows of a chunk, judged: what can be used becomes `Tables`, what cannot is found with file, row and column.

A household with any mistake, its own or a member's, is left out whole: half a household would be answered
wrongly. Whole columns are judged at once; only the cells that are refused are put into words, one by one.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from engine.column_formulas import plain
from engine.columns import AID, AS_OF, CERTAINTY, UNLISTED
from engine.diagnosis import Office
from engine.household import MEMBER_LIMIT
from engine.model import HOUSEHOLD, PERSON, Fact
from engine.parse_offer import APPLICANTS
from engine.problems import Problem, closest
from engine.sheet import KEY, SEAT
from engine.table_cells import NOWHERE, all_in, cells, form_of, items, node_of, text, why_refused
from engine.table_computed import Workable
from engine.table_files import BEYOND, LISTED, ROW, TABLES, TableFile, TableFiles, fact_of
from engine.tables import APPLICANT, HOUSEHOLD_ID, PERSON_ID, Tables, with_seats
from engine.values import shortened

CELL = " cell"
_REFUSED = " refused"
_LISTED = ("all", "some")
_LONGEST_ID = 60
# A NIK that passed through a spreadsheet as a number: 3.50612E+15.
_AS_NUMBER = r"^[0-9](?:[.,][0-9]+)?[eE][+]?[0-9]+$"


class Finding(NamedTuple):
    """Refused cells of one column: their rows (`h`, null for nobody's; `ROW`, `CELL`, `as_of`), and how each is told."""

    file: str
    column: str
    rows: pl.DataFrame
    why: Callable[[Any, date], Problem]

    def first(self, count: int) -> "Finding":
        """Give only so many cells of it."""
        return self._replace(rows=self.rows.head(max(0, count)))

    def problems(self) -> Iterator[tuple[int, Problem]]:
        """Give row and problem of every cell, in the order of the file; the place of a problem is its path."""
        days = self.rows.get_column(AS_OF, default=None)
        told = zip(self.rows[ROW], self.rows[CELL], days if days is not None else [None] * len(self.rows), strict=True)
        for row, cell, day in told:
            problem = self.why(cell, date.min if day is None else date.fromordinal(int(day)))
            where = ": ".join(part for part in (f"{self.file}:{row}", self.column) if part)
            yield row, Problem(problem.code, NOWHERE._replace(path=where), problem.details)


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
        tables, more = self._received(tables)
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
        found.append(_finding(one, HOUSEHOLD_ID, repeated, pl.col(HOUSEHOLD_ID), _named("repeated-household")))
        frame, more = self._day(frame)
        found += more
        settled, more = [], []
        for column, allowed, default in ((APPLICANT, APPLICANTS, "family"), (LISTED, _LISTED, "all")):
            told = text(column) if column in one.columns else pl.lit(None, dtype=pl.String)
            settled.append(told.fill_null(default).alias(column))
            wrong = frame.filter(~told.is_in(allowed)) if column in one.columns else frame.clear()
            cell = text(column) if column in one.columns else pl.lit("")
            more.append(_finding(one, column, wrong, cell, _not_one_of(column, allowed)))
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
        wrong = frame.filter(read.refused)
        found = _finding(
            one,
            AS_OF,
            wrong,
            pl.col(AS_OF).cast(pl.String),
            lambda cell, _: why_refused(fact, cell, {}, self.today),
            day=False,
        )
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
        found.append(_finding(one, HOUSEHOLD_ID, stray, of, _named("person-without-household")))
        strange = frame.filter((id_ == HOUSEHOLD) | (id_.str.len_chars() > _LONGEST_ID) | id_.str.contains("[:\n]"))
        found.append(_finding(one, PERSON_ID, strange, id_, _named("bad-member-id")))
        homed = frame.filter(pl.col(KEY).is_not_null() & id_.is_not_null())
        twice = homed.filter(~pl.struct(KEY, PERSON_ID).is_first_distinct())
        found.append(_finding(one, PERSON_ID, twice, id_, _named("repeated-member")))
        crowd = homed.with_columns(pl.len().over(KEY).alias(CELL)).filter(pl.col(CELL) > MEMBER_LIMIT)
        crowd = crowd.unique(KEY, keep="first", maintain_order=True)
        found.append(_finding(one, HOUSEHOLD_ID, crowd, pl.col(CELL), _too_many))
        frame, more = self._read(one, frame.with_columns(pl.col(AS_OF).fill_null(plain(self.today))))
        # A place for each row until the members that are kept are numbered.
        seat = pl.int_range(pl.len()).cast(pl.String).alias(SEAT)
        return frame.select(KEY, ROW, PERSON_ID, AS_OF, *_brought(one, self.facts[PERSON])).with_columns(seat), [
            *found,
            *more,
        ]

    def _read(self, one: TableFile, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
        """Read the facts, papers and certainties of a table; a value given with certainty 0 is unknown."""
        regions, values, refused, whys = self.knowledge.regions, [], {}, {}
        for column, fact in self.facts[one.of].items():
            read = cells(fact, one.columns[column], regions)
            sure = column + CERTAINTY
            value = read.value
            if sure in one.columns:
                share = _share(sure, one.columns[sure])
                told = pl.when(value.is_not_null()).then(share.value).fill_null(self.default_certainty)
                value = pl.when(told > 0).then(value)
                values.append(told.cast(pl.Float64).alias(sure))
                refused[sure], whys[sure] = share.refused, _why_not_a_share(sure)
            values.append(value.alias(column))
            refused[column] = read.refused
            whys[column] = lambda cell, day, fact=fact: why_refused(fact, cell, regions, day)
        read_ = frame.with_columns(values)
        marks = frame.select(test.fill_null(False).alias(column) for column, test in refused.items())
        found = []
        for column in marks.columns:
            if marks[column].any():
                wrong = frame.filter(marks[column])
                found.append(_finding(one, column, wrong, _as_text(column, one.columns[column]), whys[column]))
        return read_, found

    # --- what rests on both tables ---

    def _received(self, tables: Tables) -> tuple[Tables, list[Finding]]:
        """Settle the services received: aid is told of for all of a household as soon as it is for anybody in it."""
        if not any(AID in one.columns for one in self.files):
            return tables, []
        services = self.knowledge.services
        found, frames = [], []
        for one, frame in zip(self.files, tables, strict=True):
            listed = pl.lit(None, dtype=pl.List(pl.String))
            if AID in one.columns:
                listed = items(AID, form_of(one.columns[AID])) if form_of(one.columns[AID]) != "nothing" else listed
                wrong = frame.filter(~all_in(listed, services))
                found.append(_finding(one, AID, wrong, _as_text(AID, one.columns[AID]), self._unknown_service))
            frames.append(frame.with_columns(listed.alias(AID)))
        homes, people = frames
        anybody = people.group_by(KEY).agg(pl.col(AID).is_not_null().any().alias(_REFUSED))
        told = pl.col(AID).is_not_null() | pl.col(_REFUSED).fill_null(False)
        nothing = pl.lit([], dtype=pl.List(pl.String))
        homes = homes.join(anybody, on=KEY, how="left", maintain_order="left")
        homes = homes.with_columns(pl.when(told).then(pl.col(AID).fill_null(nothing)).alias(AID)).drop(_REFUSED)
        homes, more = self._aid_certainty(homes)
        shared = homes.unique(KEY, keep="first").select(KEY, pl.col(AID).alias(_REFUSED), AID + CERTAINTY)
        people = people.join(shared, on=KEY, how="left", maintain_order="left")
        told = pl.when(pl.col(_REFUSED).is_not_null()).then(pl.col(AID).fill_null(nothing)).alias(AID)
        people = people.with_columns(told).drop(_REFUSED)
        (homes, people), others = self._to_receivers(homes, people)
        return Tables(homes, people), [*found, *more, *others]

    def _aid_certainty(self, homes: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
        one, sure = self.files.households, AID + CERTAINTY
        if sure not in one.columns:
            return homes.with_columns(pl.lit(self.default_certainty).alias(sure)), []
        share = _share(sure, one.columns[sure])
        wrong = homes.filter(share.refused.fill_null(False))
        found = _finding(one, sure, wrong, _as_text(sure, one.columns[sure]), _why_not_a_share(sure))
        return homes.with_columns(share.value.cast(pl.Float64).fill_null(self.default_certainty).alias(sure)), [found]

    def _to_receivers(self, homes: pl.DataFrame, people: pl.DataFrame) -> tuple[Tables, list[Finding]]:
        """Give each service to whom it is for: a household's to the household, a person's to the only member."""
        for_household = [name for name, service in self.knowledge.services.items() if service.for_ == HOUSEHOLD]
        mine = pl.element().is_in(for_household)
        of_homes, of_people = (
            pl.col(AID).list.eval(pl.element().filter(mine)),
            pl.col(AID).list.eval(pl.element().filter(~mine)),
        )
        up = people.filter(pl.col(KEY).is_not_null() & (of_homes.list.len() > 0))
        down = homes.filter(of_people.list.len() > 0)
        found = []
        if len(down):
            size = people.group_by(KEY).agg(pl.len().alias(_REFUSED))
            down = down.join(size, on=KEY, how="left")
            many = down.filter(pl.col(_REFUSED).fill_null(0) != 1).with_columns(of_people.list.first().alias(CELL))
            found.append(_finding(self.files.households, AID, many, pl.col(CELL), _named("service-needs-subject")))
            down = down.filter(pl.col(_REFUSED) == 1)
        extra_up = up.group_by(KEY).agg(of_homes.explode().unique().alias(_REFUSED))
        extra_down = down.unique(KEY).select(KEY, of_people.alias(_REFUSED))
        homes = _with_more(homes.with_columns(of_homes), extra_up)
        people = _with_more(people.with_columns(of_people), extra_down)
        return Tables(homes, people), found

    def _unknown_service(self, cell: Any, _: date) -> Problem:
        services = self.knowledge.services
        words = node_of(cell, several=True).items
        name = next((word.text for word in words if word.text not in services), "")
        details = {"value": shortened(name), "did_you_mean": closest(name, services)}
        return Problem("unknown-service", NOWHERE, details)

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
            yield _finding(one, name, rows, pl.lit(name), _named("given-and-computed"))


def _finding(
    one: TableFile, column: str, rows: pl.DataFrame, cell: pl.Expr, why: Callable, day: bool = True
) -> Finding:
    named = [pl.col(KEY).cast(pl.UInt32), pl.col(ROW), cell.alias(CELL)]
    return Finding(one.path.name, column, rows.select(*named, *([AS_OF] if day and AS_OF in rows.columns else [])), why)


def _brought(one: TableFile, facts: Iterable[str]) -> list[str]:
    """Give the columns of facts, papers and their certainties that a table brings."""
    pairs = [(name, name + CERTAINTY) for name in (*facts, AID) if name in one.columns]
    return [column for pair in pairs for column in pair if column in one.columns]


def _with_more(frame: pl.DataFrame, extra: pl.DataFrame) -> pl.DataFrame:
    if not len(extra):
        return frame
    both = pl.concat_list(AID, pl.col(_REFUSED).fill_null(pl.lit([], dtype=pl.List(pl.String)))).list.unique()
    return frame.join(extra, on=KEY, how="left", maintain_order="left").with_columns(both.alias(AID)).drop(_REFUSED)


def _as_text(column: str, dtype: pl.DataType) -> pl.Expr:
    """Give refused cells as they are told: text, or lists of text."""
    return pl.col(column).cast(pl.List(pl.String) if isinstance(dtype, pl.List) else pl.String)


def _share(column: str, dtype: pl.DataType) -> Any:
    """Read a column of certainties."""
    return cells(Fact(column, HOUSEHOLD, "number", None, NOWHERE, low=0, high=1), dtype, {})


def _bad_ids(one: TableFile, frame: pl.DataFrame, column: str) -> Iterator[Finding]:
    yield _finding(one, column, frame.filter(pl.col(column).is_null()), pl.lit(column), _named("missing-id"))
    as_number = frame.filter(pl.col(column).str.contains(_AS_NUMBER))
    yield _finding(one, column, as_number, pl.col(column), _named("id-is-number"))


def _too_many_cells(one: TableFile, frame: pl.DataFrame) -> Iterator[Finding]:
    if BEYOND in one.columns:
        yield _finding(one, "", frame.filter(pl.col(BEYOND).is_not_null()), pl.col(BEYOND), _named("too-many-cells"))


def _named(code: str) -> Callable[[Any, date], Problem]:
    return lambda cell, _: Problem(code, NOWHERE, {"name": shortened(str(cell))})


def _too_many(cell: Any, _: date) -> Problem:
    return Problem("too-many-members", NOWHERE, {"count": cell, "limit": MEMBER_LIMIT})


def _not_one_of(column: str, allowed: Iterable[str]) -> Callable[[Any, date], Problem]:
    def why(cell: Any, _: date) -> Problem:
        details = {"what": column, "value": shortened(str(cell)), "known": ", ".join(allowed)}
        return Problem("not-one-of", NOWHERE, {**details, "did_you_mean": closest(str(cell), allowed)})

    return why


def _why_not_a_share(column: str) -> Callable[[Any, date], Problem]:
    fact = Fact(column, HOUSEHOLD, "number", None, NOWHERE)

    def why(cell: Any, day: date) -> Problem:
        problem = why_refused(fact, cell, {}, day)
        if problem.code != "one-value-expected":
            return problem
        return Problem("certainty-out-of-range", NOWHERE, {"value": shortened(str(cell)), "low": "0", "high": "1"})

    return why
