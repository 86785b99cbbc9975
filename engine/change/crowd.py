"""Many households as more than one edition reads them: from files, or from tables.

An edition may read a household that another one refuses, because a fact came or went. A crowd therefore is not read
once; it is asked for its households edition by edition, and always under the same names.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, Protocol

import polars as pl

from engine.diagnosis import Office
from engine.household import Household
from engine.household_files import read_each
from engine.knowledge.model import HOUSEHOLD, Knowledge
from engine.knowledge.problems import Problem
from engine.many.batch import MOST_TOLD
from engine.many.columns import CERTAINTY, PAPER_COLUMN
from engine.many.sheet import KEY
from engine.many.table_files import TABLES, open_tables
from engine.many.table_rows import Judge
from engine.many.tables import HOUSEHOLD_ID, Tables, households_of, tables_of
from engine.samples import sample_files


class Reading(NamedTuple):
    """A crowd as one edition reads it: its tables, and who was refused and why."""

    tables: Tables
    refused: dict[str, tuple[Problem, ...]]


class Crowd(Protocol):
    """Households that can be read against any edition; names are the same in all."""

    def read(self, office: Office) -> Reading: ...

    def household(self, name: str, knowledge: Knowledge) -> Household | None: ...


class Files:
    """The households of files and folders of files.

    Args:
        paths: Household files, and folders of them.
        today: The day for a household that names none.
        as_of: A day that wins over the files.
    """

    def __init__(self, paths: Iterable[Path], today: date, as_of: date | None = None) -> None:
        self.paths, self.today, self.as_of = sample_files(paths), today, as_of
        self._homes: dict[str, tuple[Path, int]] = {}
        self._read: dict[tuple[str, Path], list[tuple[str, Household | None, tuple[Problem, ...]]]] = {}

    def read(self, office: Office) -> Reading:
        """Read all files. Raises: Refused, when a file itself cannot be read."""
        knowledge, homes, refused = office.knowledge, [], {}
        for name, (path, place) in self._named(knowledge).items():
            _, household, problems = self._of(path, knowledge)[place]
            if household is None:
                refused[name] = tuple(problem for problem in problems if not problem.is_warning)
            else:
                homes.append(replace(household, id=name))
        return Reading(tables_of(homes, knowledge), refused)

    def household(self, name: str, knowledge: Knowledge) -> Household | None:
        """Read one household; None when the edition refuses it."""
        path, place = self._named(knowledge)[name]
        household = self._of(path, knowledge)[place][1]
        return household and replace(household, id=name)

    def _of(self, path: Path, knowledge: Knowledge) -> list[tuple[str, Household | None, tuple[Problem, ...]]]:
        key = knowledge.edition, path
        if key not in self._read:
            self._read[key] = read_each(path, knowledge, self.today, self.as_of)
        return self._read[key]

    def _named(self, knowledge: Knowledge) -> dict[str, tuple[Path, int]]:
        """Name every household: by its id, and its file too where two files use one id."""
        if not self._homes:
            ids = [
                (path, place, id_) for path in self.paths for place, (id_, _, _) in enumerate(self._of(path, knowledge))
            ]
            times = Counter(id_ for _, _, id_ in ids)
            for path, place, id_ in ids:
                self._homes[id_ if times[id_] == 1 else f"{id_} ({path.name} {place + 1})"] = (path, place)
        return self._homes


class Folder:
    """The households of a folder of two tables; what only another of the editions knows is left unread.

    Args:
        folder: The tables.
        editions: The editions that will read them.
        today: The day for a household that names none.
        as_of: A day that wins over the tables.
    """

    def __init__(self, folder: Path, editions: Iterable[Knowledge], today: date, as_of: date | None = None) -> None:
        self.folder, self.today, self.as_of = folder, today, as_of
        self._names = {name for one in editions for name in _columns(one)}
        self._read: dict[str, Tables] = {}

    def read(self, office: Office) -> Reading:
        """Read both tables whole. Raises: Refused, when one of them or a column of it cannot be read."""
        files = open_tables(self.folder, office.knowledge, self._names - set(_columns(office.knowledge)))
        with TemporaryDirectory() as place:
            ((homes, people),) = files.chunks(files.rows, Path(place))
        judged = Judge(office, files, self.today, self.as_of).judge(homes, people)
        self._read[office.knowledge.edition] = judged.tables
        refused: dict[str, tuple[Problem, ...]] = {}
        for one in judged.findings:
            refused |= {problem.place.path: (problem,) for _, problem in one.first(MOST_TOLD).problems()}
        return Reading(judged.tables, refused)

    def household(self, name: str, knowledge: Knowledge) -> Household | None:
        """Read one household; None when the edition refuses it. An edition made for trial reads what the last one did."""
        tables = self._read.get(knowledge.edition) or list(self._read.values())[-1]
        homes = tables.households.filter(pl.col(HOUSEHOLD_ID) == name)
        people = tables.persons.join(homes.select(KEY), on=KEY, how="semi")
        return next(households_of(Tables(homes, people), knowledge), None)


def _columns(knowledge: Knowledge) -> list[str]:
    """Give the names of all columns that an edition alone makes known."""
    names = [*knowledge.facts, *(PAPER_COLUMN + name for name in knowledge.papers)]
    return [*names, *(name + CERTAINTY for name in names)]


def holds_tables(folder: Path) -> bool:
    """Say whether a folder is one of tables."""
    return any((folder / f"{TABLES[HOUSEHOLD]}{ending}").is_file() for ending in (".parquet", ".csv"))
