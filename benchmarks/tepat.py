"""Tepat itself, behind the same face as its peers: one household with its trace, or many as columns.

Tepat works everything out twice, as proven and as told, and keeps the whole trace of one household; its peers
do neither.
"""

import tempfile
from datetime import date
from pathlib import Path

import polars as pl

from benchmarks import kediri
from benchmarks.tables import write_households
from benchmarks.w120 import AS_OF, CONCLUSION_NAMES, FACT_NAMES, NOBODY, W120Rule, write_knowledge
from engine.certainty import rounded
from engine.diagnosis import Office
from engine.forward import Trace, infer
from engine.household import Household
from engine.household_files import read_households
from engine.knowledge.model import HOUSEHOLD, PERSON
from engine.many.answers import Answers, Many
from engine.many.column_plan import ColumnPlan
from engine.many.columns import Brought
from engine.many.sheet import KEY, SEAT, name_of
from engine.many.tables import HOUSEHOLD_ID, Tables, type_of_column, with_seats


class Alone:
    """One household after the other, by forward chaining."""

    def __init__(self, book: tuple[W120Rule, ...]) -> None:
        self.office = office(book)
        self.plan = self.office.plan(AS_OF)

    def given(self, frame: pl.DataFrame) -> list[Household]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "households.json"
            write_households(path, frame, NOBODY)
            return read_households(path, self.office.knowledge, AS_OF)

    def conclude(self, given: list[Household]) -> list[Trace]:
        return [infer(self.plan, household) for household in given]

    def cfs(self, answer: list[Trace]) -> pl.DataFrame:
        return pl.DataFrame([{name: trace.cf(name, HOUSEHOLD) for name in CONCLUSION_NAMES} for trace in answer])


class Columns:
    """Any number of households at once, by the column evaluator."""

    def __init__(self, book: tuple[W120Rule, ...]) -> None:
        brought = Brought(frozenset(FACT_NAMES), frozenset(), AS_OF)
        self.columns = ColumnPlan(office(book).plan(AS_OF), brought, conclusions=CONCLUSION_NAMES)
        self.shown = [pl.col(name_of(cf)).alias(name) for name, (cf, _) in self.columns.conclusions.items()]

    def given(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        nobody = pl.DataFrame(schema={KEY: pl.UInt32, SEAT: pl.String})
        households = frame.with_row_index(KEY).select(KEY, *FACT_NAMES)
        return households, nobody

    def conclude(self, given: tuple[pl.DataFrame, pl.DataFrame]) -> pl.DataFrame:
        return self.columns.run(*given)[HOUSEHOLD]

    def cfs(self, answer: pl.DataFrame) -> pl.DataFrame:
        return answer.sort(KEY).select(self.shown)


class Population:
    """Every service of the real knowledge for every household and person of `kediri`."""

    def __init__(self, folder: Path) -> None:
        self.office = Office.open(folder)
        self.households, self.persons = kediri.tables(self.office.knowledge)
        self.many = Many(self.office)
        self.tables = self._normalised()

    def answer(self) -> Answers:
        """Work out what follows for everybody."""
        return self.many.answer(self.tables)

    def differing(self, answers: Answers, count: int, seed: int = 5) -> list[tuple[str, str, str]]:
        """Diagnose some households alone too; give (household, subject, service) wherever the answers differ."""
        some = self.households.sample(count, seed=seed)
        members = self.persons.join(some, on="household_id", how="semi")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "households.json"
            write_households(path, some, members)
            alone = read_households(path, self.office.knowledge, kediri.AS_OF)
        one_by_one = {
            (household.id, row.subject, row.service.name): (
                *(rounded(row.cf), rounded(row.told), row.status, row.worth and row.worth.amount, row.advice),
            )
            for household in alone
            for row in self.office.diagnose(household).shown
        }
        rows = answers.services.join(some, on="household_id", how="semi").iter_rows(named=True)
        together = {
            (row["household_id"], row["subject"], row["service"]): (
                *(rounded(row["cf"]), rounded(row["cf_as_told"]), row["status"], row["amount"], row["advice"]),
            )
            for row in rows
        }
        keys = one_by_one.keys() | together.keys()
        return sorted(key for key in keys if one_by_one.get(key) != together.get(key))

    def _normalised(self) -> Tables:
        """Bring the tables into the few types that columns know."""
        households = self.households.with_row_index(KEY)
        persons = self.persons.join(households.select(KEY, HOUSEHOLD_ID), on=HOUSEHOLD_ID, how="left")
        return Tables(self._typed(households, HOUSEHOLD), with_seats(self._typed(persons, PERSON)))

    def _typed(self, frame: pl.DataFrame, of: str) -> pl.DataFrame:
        days = pl.selectors.date().to_physical().cast(pl.Float64) + date(1970, 1, 1).toordinal()
        types = {name: type_of_column(name, of, self.office.knowledge) for name in frame.columns}
        return frame.with_columns(days).cast({name: type_ for name, type_ in types.items() if type_ is not None})


def office(book: tuple[W120Rule, ...]) -> Office:
    """Make the rules ready as an edition of knowledge."""
    with tempfile.TemporaryDirectory() as folder:
        write_knowledge(Path(folder), book)
        return Office.open(Path(folder))
