"""Many households as more than one edition reads them: from files, or from tables.

An edition may read a household that another one refuses, because a fact came or went. A crowd therefore is not read
once; it is asked for its households edition by edition, and always under the same names.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple, Protocol

from engine.household import Household, read_each
from engine.knowledge.model import Knowledge
from engine.knowledge.problems import Problem
from engine.many.tables import Tables, tables_of
from engine.samples import sample_files


class Reading(NamedTuple):
    """A crowd as one edition reads it: its tables, and who was refused and why."""

    tables: Tables
    refused: dict[str, tuple[Problem, ...]]


class Crowd(Protocol):
    """Households that can be read against any edition; names are the same in all."""

    def read(self, knowledge: Knowledge) -> Reading: ...

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

    def read(self, knowledge: Knowledge) -> Reading:
        """Read all files. Raises: Refused, when a file itself cannot be read."""
        homes, refused = [], {}
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
