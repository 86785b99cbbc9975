"""Tepat itself, behind the same face as its peers: one household with its trace, or many as columns.

Tepat works everything out twice, as proven and as told, and keeps the whole trace of one household; its peers
do neither.
"""

import tempfile
from pathlib import Path

import narwhals as nw
import polars as pl

from benchmarks.tables import write_households
from benchmarks.w120 import AS_OF, CONCLUSION_NAMES, FACT_NAMES, NOBODY, W120Rule, write_knowledge
from engine.diagnosis import Office
from engine.forward import Trace, infer
from engine.household import Household, read_households
from engine.model import HOUSEHOLD


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
        from engine.columns import Brought, ColumnPlan, name_of

        brought = Brought(frozenset(FACT_NAMES), frozenset(), AS_OF)
        self.columns = ColumnPlan(office(book).plan(AS_OF), brought, conclusions=CONCLUSION_NAMES)
        self.names = {name_of(cf): name for name, (cf, _) in self.columns.conclusions.items()}

    def given(self, frame: pl.DataFrame) -> tuple[nw.DataFrame, nw.DataFrame]:
        nobody = pl.DataFrame(schema={"h": pl.UInt32, "seat": pl.String})
        households = frame.with_row_index("h").select("h", *FACT_NAMES)
        return nw.from_native(households), nw.from_native(nobody)

    def conclude(self, given: tuple[nw.DataFrame, nw.DataFrame]) -> pl.DataFrame:
        return self.columns.run(*given)[HOUSEHOLD].to_native()

    def cfs(self, answer: pl.DataFrame) -> pl.DataFrame:
        return answer.sort("h").select(self.names).rename(self.names)


def office(book: tuple[W120Rule, ...]) -> Office:
    """Make the rules ready as an edition of knowledge."""
    with tempfile.TemporaryDirectory() as folder:
        write_knowledge(Path(folder), book)
        return Office.open(Path(folder))
