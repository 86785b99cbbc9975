"""The sample households one can look at instead of filling in a form, each file a shelf.

Households that tell what only officers may know are not on the shelves, made up though they are.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from engine.household import Household
from engine.household_files import read_households
from engine.knowledge.model import HOUSEHOLD, Knowledge
from engine.knowledge.problems import Refused
from engine.samples import sample_files
from engine.words import Speaker, joined


@dataclass(frozen=True)
class Shelf:
    """The households of one file: the first, and those that differ from it in one thing."""

    first: Household
    others: tuple[Household, ...]


class Shelves:
    """The shelves of one folder, read when somebody first looks."""

    def __init__(self, folder: Path | None, knowledge: Knowledge, today: Callable[[], date]) -> None:
        self._folder, self._knowledge, self._today = folder, knowledge, today

    @cached_property
    def all(self) -> list[Shelf]:
        return shelves_of(self._folder, self._knowledge, self._today())

    @cached_property
    def named(self) -> dict[str, Household]:
        """Give the sample households by id."""
        return {one.id: one for shelf in self.all for one in (shelf.first, *shelf.others)}


def shelves_of(folder: Path | None, knowledge: Knowledge, today: date) -> list[Shelf]:
    """Read the samples of a folder; a file that is refused is left out, and the log says so."""
    found: list[Shelf] = []
    for path in sample_files([folder] if folder and folder.is_dir() else []):
        try:
            households = read_households(path, knowledge, today)
        except Refused:
            logging.getLogger(__name__).warning("the sample file %s is refused", path.name)
            continue
        public = [one for one in households if not _confidential(one, knowledge)]
        if public:
            found.append(Shelf(public[0], tuple(public[1:])))
    return found


def _confidential(household: Household, knowledge: Knowledge) -> bool:
    facts = (knowledge.facts.get(name) for _, name in household.facts)
    return any(fact is not None and fact.sensitive == "officer_only" for fact in facts)


def name_of(household: Household) -> str:
    """Name a sample household by its id, in words."""
    return household.id.replace("-", " ").capitalize()


def cards(shelf: Shelf, speaker: Speaker) -> dict[str, Any]:
    """Describe the households of a shelf."""
    return {"first": _card(shelf.first, speaker), "others": [_card(one, speaker) for one in shelf.others]}


def _card(household: Household, speaker: Speaker) -> dict[str, str]:
    """Describe a household: its name, and who lives where."""
    home = household.given(HOUSEHOLD, "residence")
    where = speaker.value("residence", home.value) if home else ""
    who = joined((speaker.who(member) for member in household.members), speaker.lang)
    return {"id": household.id, "name": name_of(household), "who": "; ".join(one for one in (who, where) if one)}
