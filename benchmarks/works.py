"""What is measured: works, each made ready for every system that does it, and compared before it is timed.

A turn of a system is all its calls of a work, one after the other: one call for a work over many households,
forty for `w120_one`, which takes forty different households so that no lucky one speaks for all.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl

from benchmarks import kediri, tepat, w120
from engine.diagnosis import Office
from engine.household import Given, Household
from engine.household_files import read_households
from engine.present import as_json

CHECKOUT = Path(__file__).resolve().parent.parent
H01 = CHECKOUT / "samples" / "keluarga" / "h01-keluarga-besar.yaml"
TODAY = date(2026, 11, 23)
TEPAT = "tepat"
PEERS = ("experta", "clips", "zen", "openfisca", "polars", "numpy")
ONE_BY_ONE = 40
VERIFIED = 100
SAMPLES = {"experta": 200, "clips": 2_000, "zen": 2_000}
GROWTH = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}


class Disagreement(Exception):
    """Two systems gave different results for one work, so that their times say nothing."""


@dataclass(frozen=True)
class Prepared:
    """A work made ready for one system: the calls of one turn, and how what a call gives is checked.

    `cfs` reads a table of CFs that all systems must share; `differing` lists what Tepat itself answers otherwise.
    """

    calls: tuple[Callable[[], object], ...]
    cfs: Callable[[object], pl.DataFrame] | None = None
    differing: Callable[[object], list] | None = None


@dataclass(frozen=True)
class Work:
    """Something to measure.

    `households` and `samples` belong to works over many households: a system that answers one at a time does
    so for the first few only, and its time is scaled up to all.
    """

    name: str
    systems: tuple[str, ...]
    turns: int
    prepare: Callable[[str], Prepared]
    households: int = 1
    samples: Mapping[str, int] = field(default_factory=dict)

    def scale(self, system: str) -> float:
        """Give how many times the timed households make all of them."""
        return self.households / self.samples.get(system, self.households)


def agree(work: Work, prepared: Mapping[str, Prepared]) -> None:
    """Run every system once and compare all CFs with those of the first system.

    CFs are whole millionths; two agree when they are at most one apart.

    Raises:
        Disagreement: naming the work, the systems, and the first household and conclusion that differ.
    """
    for system, one in prepared.items():
        wrong = one.differing(one.calls[0]()) if one.differing else []
        if wrong:
            raise Disagreement(f"{work.name}: {system} differs from itself in {wrong[0]} and {len(wrong) - 1} more")
    found = {system: pl.concat([one.cfs(call()) for call in one.calls]) for system, one in prepared.items() if one.cfs}
    for system, table in found.items():
        first, expected = next(iter(found.items()))
        for name in w120.CONCLUSION_NAMES:
            apart = _millionths(table[name]) - _millionths(expected[name].head(table.height))
            wrong = (apart.abs() > 1).arg_true()
            if len(wrong):
                raise Disagreement(f"{work.name}: {system} and {first} differ in {name} of household {wrong[0]}")


def _millionths(cfs: pl.Series) -> pl.Series:
    return (cfs * 10**w120.DIGITS).round().cast(pl.Int64)


def _one(system: str) -> Prepared:
    peer = _peer(system, tepat.Alone)
    table = w120.households(ONE_BY_ONE)
    inputs = [peer.given(table.slice(row, 1)) for row in range(ONE_BY_ONE)]
    return Prepared(tuple(partial(peer.conclude, given) for given in inputs), peer.cfs)


def _many(households: int, system: str) -> Prepared:
    peer = _peer(system, tepat.Columns)
    table = w120.households(households)
    given = peer.given(table.head(SAMPLES.get(system, households)))
    return Prepared((partial(peer.conclude, given),), peer.cfs)


def _peer(system: str, ours: type):
    made = ours if system == TEPAT else importlib.import_module(f"benchmarks.peers.{system}").Peer
    return made(w120.rules())


def _kediri(system: str) -> Prepared:
    population = tepat.Population(CHECKOUT)
    return Prepared((population.answer,), differing=partial(population.differing, count=VERIFIED))


def _load(system: str) -> Prepared:
    return Prepared((lambda: Office.open(CHECKOUT).plan(TODAY),))


def _h01_full(system: str) -> Prepared:
    office = Office.open(CHECKOUT)
    household = read_households(H01, office.knowledge, TODAY)[0]
    return Prepared((lambda: as_json(office.diagnose(household)),))


def _h01_one_change(system: str) -> Prepared:
    """Diagnose again after one answer changed: a call for every answer of the household."""
    office = Office.open(CHECKOUT)
    household = read_households(H01, office.knowledge, TODAY)[0]
    before = office.diagnose(household)
    changed = [_changed(household, office, *key) for key in household.facts]
    return Prepared(tuple(partial(office.diagnose_again, before, after) for after in changed if after is not None))


def _changed(household: Household, office: Office, of: str, name: str) -> Household | None:
    fact, given = office.knowledge.facts.get(name), household.facts[of, name]
    match fact and fact.type:
        case "boolean":
            other = not given.value
        case "choice":
            other = next(choice for choice in fact.choices if choice != given.value)
        case "integer" | "money" | "number":
            other = given.value + 1
        case "date":
            other = given.value.replace(year=given.value.year - 1, day=1)
        case _:
            return None
    return household.with_given(of, name, Given(other, given.certainty, given.evidence))


WORKS = (
    Work("load", (TEPAT,), 10, _load),
    Work("h01_full", (TEPAT,), 40, _h01_full),
    Work("h01_one_change", (TEPAT,), 5, _h01_one_change),
    Work("w120_one", (TEPAT, *PEERS), 5, _one),
    Work("w120_200k", (TEPAT, *PEERS), 5, partial(_many, 200_000), 200_000, SAMPLES),
    *(
        Work(f"w120_growth_{name}", (TEPAT, "polars"), 5, partial(_many, count), count)
        for name, count in GROWTH.items()
    ),
    Work("kediri_55k", (TEPAT,), 5, _kediri, kediri.HOUSEHOLDS),
)
