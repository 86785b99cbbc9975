"""Answers for tables in files, chunk by chunk, so that memory is bounded: all of them in a folder, or no folder.

A run reads and judges a chunk, answers for it, writes the answers as a part, and puts the parts together at the
end. Some households it diagnoses one by one too, where that is asked for, and says what differs.
"""

import csv
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from engine.diagnosis import Diagnosis, Office
from engine.household import Household
from engine.knowledge.model import MONEY_PERIODS
from engine.knowledge.problems import Problem
from engine.many.agreement import Disagreement, disagreements
from engine.many.answers import Answers, Many
from engine.many.sheet import KEY
from engine.many.table_files import CHUNK, TableFiles, open_tables
from engine.many.table_findings import Finding
from engine.many.table_rows import Judge, Judged
from engine.many.tables import HOUSEHOLD_ID, Tables, households_of
from engine.many.whole_folder import whole_folder, writing

SERVICES, COMPONENTS, PROBLEMS = "services.parquet", "components.parquet", "problems.csv"
MOST_TOLD = 100_000
_PARTS = "parts"


class Asked(NamedTuple):
    """What is asked of a run; `services` None: all, `strict`: stop at the first chunk with a mistake."""

    source: Path
    out: Path
    today: date
    lang: str = "id"
    services: tuple[str, ...] | None = None
    as_of: date | None = None
    strict: bool = False
    verify: int = 0
    seed: int = 0
    ignored: tuple[str, ...] = ()
    replace: bool = False
    chunk: int = CHUNK


class Progress:
    """Told how far a run is, each time a part of all is done; does nothing by itself."""

    def reading(self, done: int, total: int) -> None:
        """So many rows are dealt into chunks."""

    def answering(self, done: int, total: int) -> None:
        """So many households are answered or left out."""

    def verifying(self, done: int, total: int) -> None:
        """So many households are diagnosed one by one too."""


@dataclass
class Result:
    """What a run did, in numbers; `counts` has service, outcome, status, count, yearly (rupiah)."""

    households: int = 0
    left_out: int = 0
    persons_left_out: int = 0
    verified: int = 0
    differences: list[Disagreement] = field(default_factory=list)
    found: Counter = field(default_factory=Counter)
    told: list[Problem] = field(default_factory=list)
    counts: pl.DataFrame | None = None


class Stopped(Exception):
    """A strict run that met a mistake; `result` tells what was found so far."""

    def __init__(self, result: Result) -> None:
        self.result = result
        super().__init__("a mistake in a table")


def run(office: Office, asked: Asked, progress: Progress | None = None) -> Result:
    """Answer for all households of two tables (design 6.3).

    Args:
        office: The edition.
        asked: What to answer, and where to.
        progress: Told how far the run is.

    Returns:
        The numbers. The folder `asked.out` then holds `services.parquet`, `components.parquet`, `problems.csv`.

    Raises:
        Refused: when the files or their columns cannot be used, or nothing can be written.
        Stopped: when the run is strict and a row cannot be used.
    """
    files = open_tables(asked.source, office.knowledge, asked.ignored)
    with whole_folder(asked.out, (SERVICES, COMPONENTS, PROBLEMS), asked.replace) as folder:
        return _Run(office, asked, files, folder, progress or Progress()).all()


class _Run:
    """One run, into a folder that is not yet the one asked for."""

    def __init__(self, office: Office, asked: Asked, files: TableFiles, folder: Path, progress: Progress) -> None:
        self.office, self.asked, self.files, self.folder, self.progress = office, asked, files, folder, progress
        self.many = Many(office, services=_with_rivals(office, asked.services))
        self.judge = Judge(office, files, asked.today, asked.as_of)
        self.result = Result()
        total = files.households.rows
        self.chosen = frozenset(random.Random(asked.seed).sample(range(total), min(asked.verify, total)))
        self.seen = 0
        self.counts: list[pl.DataFrame] = []

    def all(self) -> Result:
        """Answer for every chunk and put the answers together."""
        dealt, parts = self.folder / "rows", self.folder / _PARTS
        dealt.mkdir()
        parts.mkdir()
        with (self.folder / PROBLEMS).open("w", encoding="utf-8", newline="") as file:
            report = csv.writer(file)
            report.writerow(("row", "file", "column", "code", "sentence"))
            for number, chunk in enumerate(self.files.chunks(self.asked.chunk, dealt, self._dealt())):
                self._answered(0)
                self._chunk(self.judge.judge(*chunk), report, parts, number)
        for name in (SERVICES, COMPONENTS):
            with writing():
                pl.scan_parquet(sorted(parts.glob(f"*-{name}"))).sink_parquet(self.folder / name, sync_on_close="all")
        shutil.rmtree(dealt)
        shutil.rmtree(parts)
        counts = pl.concat(self.counts).group_by("service", "outcome", "status").sum()
        self.result.counts = counts.sort("service", "status")
        return self.result

    def _dealt(self) -> Callable[[int], None]:
        done, total = 0, self.files.rows

        def dealt(rows: int) -> None:
            nonlocal done
            done += rows
            self.progress.reading(done, total)

        return dealt

    def _chunk(self, judged: Judged, report: Any, parts: Path, number: int) -> None:
        result = self.result
        result.left_out += judged.left_out
        result.persons_left_out += judged.persons_left_out
        self._tell(judged.findings, report)
        if self.asked.strict and judged.findings:
            raise Stopped(result)
        answers = self._asked(self.many.answer(judged.tables))
        result.households += len(judged.tables.households)
        if self.chosen:
            self._verify(judged.tables, answers)
        for name, frame in zip((SERVICES, COMPONENTS), answers[:2], strict=True):
            with writing():
                frame.write_parquet(parts / f"{number:06}-{name}")
        self.counts.append(_counted(answers.services, self.office))
        self._answered(len(judged.tables.households) + judged.left_out)

    def _answered(self, more: int) -> None:
        self.seen += more
        self.progress.answering(self.seen, self.files.households.rows)

    def _asked(self, answers: Answers) -> Answers:
        """Leave out the services that were worked out only because others depend on them; sort by household."""
        wanted = pl.lit(True) if self.asked.services is None else pl.col("service").is_in(self.asked.services)
        order = [HOUSEHOLD_ID, "service", "subject"]
        return Answers(*(frame.filter(wanted).sort(order) for frame in answers))

    def _tell(self, findings: Iterable[Finding], report: Any) -> None:
        """Put mistakes into words, at most `MOST_TOLD` of them, and count them all."""
        told = []
        for one in findings:
            self.result.found[one.file, one.column] += len(one.rows)
            room = MOST_TOLD - len(self.result.told) - len(told)
            told += [(one.file, row, one.column, problem) for row, problem in one.first(room).problems()]
        told.sort(key=lambda each: each[:3])
        for file, row, column, problem in told:
            report.writerow((row, file, column, problem.code, problem.sentence(self.asked.lang)))
        self.result.told += [problem for *_, problem in told]

    def _verify(self, tables: Tables, answers: Answers) -> None:
        """Diagnose the chosen households of a chunk one by one too, and compare all but their documents."""
        places = [place - self.seen for place in self.chosen if place >= self.seen]
        homes = tables.households.filter(pl.col(KEY).is_in(places))
        people = tables.persons.join(homes.select(KEY), on=KEY, how="semi")
        households = list(households_of(Tables(homes, people), self.office.knowledge))
        chosen = pl.col(HOUSEHOLD_ID).is_in([household.id for household in households])
        together = Answers(*(frame.filter(chosen) for frame in answers))
        wanted = self.asked.services or self.office.knowledge.services
        self.result.differences += (
            one
            for one in disagreements(map(self._diagnosed, households), together)
            if one.what != "documents" and one.service in wanted
        )

    def _diagnosed(self, household: Household) -> Diagnosis:
        diagnosis = self.office.diagnose(household)
        self.result.verified += 1
        self.progress.verifying(self.result.verified, len(self.chosen))
        return diagnosis


def _with_rivals(office: Office, services: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Add to the asked services those on which their advice or their amount depends."""
    if services is None:
        return None
    tied = {name for pair in office.clashes for name in pair}
    for service in office.knowledge.services.values():
        if service.benefit and service.benefit.components:
            tied |= {service.name, *(word.text for one in service.benefit.components for word in one.not_with)}
    wanted = {*services, *(tied if tied & set(services) else ())}
    return tuple(name for name in office.knowledge.services if name in wanted)


def _counted(rows: pl.DataFrame, office: Office) -> pl.DataFrame:
    """Count rows by service and status, with what they give in a year."""
    services = office.knowledge.services.values()
    times = {one.name: float(MONEY_PERIODS[one.benefit.per]) if one.benefit else 0.0 for one in services}
    yearly = pl.col("amount").fill_null(0.0) * pl.col("service").replace_strict(times, return_dtype=pl.Float64)
    counted = rows.group_by("service", "outcome", "status").agg(pl.len().alias("count"), yearly.sum().alias("yearly"))
    return counted.cast({"count": pl.Int64})
