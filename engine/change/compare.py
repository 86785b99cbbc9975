"""What a change of the knowledge does to households: whose answers differ, what that costs, whom to look at first.

Both editions answer for all households as columns. What changed in the same way is one *kind* of change; a few
households of each kind are put to `flips`, which finds the edits and the conditions behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from engine.benefits import is_confirmed
from engine.change.crowd import Crowd, Reading
from engine.change.edits import Edit, edits, reworded
from engine.change.flips import ASPECTS, NOT_CONCERNED, Cause, Detective
from engine.change.sorting import By, sorted_by
from engine.diagnosis import Office
from engine.knowledge.model import MONEY_PERIODS, Knowledge
from engine.knowledge.problems import Problem
from engine.many.answers import Many
from engine.many.columns import AS_OF
from engine.many.tables import HOUSEHOLD_ID, Tables

ABSENT = "absent"
LOOKED_AT = 5
FIRST = 20
OUTCOMES = ("yes", "unknown", "no")
_ROW = [HOUSEHOLD_ID, "subject", "service"]


class Found(NamedTuple):
    """What is behind a kind of change, of one aspect: causes of which each is enough, and for whom they were found."""

    aspect: str
    causes: tuple[Cause, ...]
    households: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Kind:
    """Answers that changed in the same way: one service, one status before and one after, the same aspects.

    `yearly` is by how much the yearly budget changes; `looked_at` are the (household, subject) that were looked into.
    """

    service: str
    before: str
    after: str
    aspects: tuple[str, ...]
    answers: int
    households: int
    yearly: float
    looked_at: tuple[tuple[str, str], ...]
    found: tuple[Found, ...]


class Total(NamedTuple):
    """A service over all households: answers by outcome and the yearly budget of every yes, before and after."""

    service: str
    before: dict[str, int]
    after: dict[str, int]
    changed: int
    yearly_before: float
    yearly_after: float
    unknown_amounts: int
    confirmed: bool


class Group(NamedTuple):
    """The households with one value of a fact (a pair: from, to), and what changes for them."""

    value: Any
    households: int
    changed: int
    gained: int
    lost: int
    yearly_before: float
    yearly_after: float


class First(NamedTuple):
    """A household to look at: how many duties and how many yes it loses, what it gains, its loss or gain in a year."""

    household: str
    lost_duties: tuple[str, ...]
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    changed: int
    yearly: float


@dataclass(frozen=True, eq=False)
class Comparison:
    """All of it. `changes` has a row for each answer that differs, with both answers side by side."""

    old: Knowledge
    new: Knowledge
    edits: tuple[Edit, ...]
    reworded: tuple[str, ...]
    households: int
    changes: pl.DataFrame
    kinds: tuple[Kind, ...]
    totals: tuple[Total, ...]
    groups: dict[str, tuple[Group, ...]]
    first: tuple[First, ...]
    refused_by_new: dict[str, tuple[Problem, ...]]
    refused_by_old: dict[str, tuple[Problem, ...]]
    refused_by_both: dict[str, tuple[Problem, ...]]

    @property
    def same(self) -> bool:
        """Say whether every household gets the same answers, and can be read as before."""
        return not (self.changes.height or self.refused_by_new or self.refused_by_old)


def compare(old: Office, new: Office, crowd: Crowd, by: Sequence[By] = (), looked_at: int = LOOKED_AT) -> Comparison:
    """Compare what two editions say about the same households.

    Args:
        old: The edition in force.
        new: The draft.
        crowd: The households.
        by: What the households are sorted by for `groups`.
        looked_at: Into how many answers of each kind of change to look for what is behind it.

    Raises:
        Refused: when the households' files themselves cannot be read.
    """
    was, is_ = crowd.read(old), crowd.read(new)
    both = was.tables.households.select(HOUSEHOLD_ID).join(
        is_.tables.households.select(HOUSEHOLD_ID), on=HOUSEHOLD_ID, how="semi"
    )
    sides = [_answers(office, reading, both) for office, reading in ((old, was), (new, is_))]
    changes = _changes(*sides, old.knowledge, new.knowledge)
    detective = Detective(old, new, crowd.household)

    def places(one: By) -> pl.DataFrame:
        office, reading = (new, is_) if one.fact in new.knowledge.facts else (old, was)
        return sorted_by(one, office, reading.tables).join(both, on=HOUSEHOLD_ID, how="semi")

    return Comparison(
        old=old.knowledge,
        new=new.knowledge,
        edits=edits(old.knowledge, new.knowledge),
        reworded=reworded(old.knowledge, new.knowledge),
        households=both.height,
        changes=changes,
        kinds=_kinds(changes, detective, looked_at),
        totals=_totals(sides, changes, (old, new), is_.tables),
        groups={one.name: _groups(sides, changes, places(one)) for one in by},
        first=_first(changes, old.knowledge, new.knowledge),
        refused_by_new={name: why for name, why in is_.refused.items() if name not in was.refused},
        refused_by_old={name: why for name, why in was.refused.items() if name not in is_.refused},
        refused_by_both={name: why for name, why in is_.refused.items() if name in was.refused},
    )


def _answers(office: Office, reading: Reading, both: pl.DataFrame) -> pl.DataFrame:
    """Give a row for each answer about the households that both editions read."""
    many = Many(office, needs=True).answer(reading.tables)
    papers = pl.concat_str("document", "needed", separator=" ").sort().str.join("\n").alias("documents")
    needs = many.needs.with_columns(pl.col("needed").cast(pl.String)).group_by(_ROW).agg(papers)
    times = {name: MONEY_PERIODS[one.benefit.per] for name, one in office.knowledge.services.items() if one.benefit}
    often = pl.col("service").replace_strict(times, default=1, return_dtype=pl.Float64)
    yes = pl.col("outcome") == "yes"
    return (
        many.services.join(both, on=HOUSEHOLD_ID, how="semi")
        .join(needs, on=_ROW, how="left")
        .select(
            *_ROW,
            pl.col("outcome", "status", "advice").cast(pl.String),
            pl.col("cf").round(6),
            pl.col("cf_as_told").round(6),
            "amount",
            pl.col("documents").fill_null(""),
            pl.when(yes).then(pl.col("amount").fill_null(0) * often).otherwise(0.0).alias("yearly"),
        )
    )


def _changes(was: pl.DataFrame, is_: pl.DataFrame, old: Knowledge, new: Knowledge) -> pl.DataFrame:
    """Put both answers side by side (`_old`, `_new`) and keep those that differ; `aspects` names in what."""
    names = [name for name in was.columns if name not in _ROW]
    sides = [frame.rename({name: f"{name}_{side}" for name in names}) for frame, side in ((was, "old"), (is_, "new"))]
    both = sides[0].join(sides[1], on=_ROW, how="full", coalesce=True)
    one_sided = pl.col("status_old").is_null() | pl.col("status_new").is_null()
    looked_at = {"outcome": ["outcome"], "status": ["status"], "amount": ["amount"], "documents": ["documents"]}
    looked_at["confidence"] = ["cf", "cf_as_told"]
    differs = {
        aspect: pl.any_horizontal([pl.col(f"{one}_old").ne_missing(pl.col(f"{one}_new")) for one in columns])
        for aspect, columns in looked_at.items()
    }
    said = [
        pl.when(differs[aspect] & (~one_sided if aspect != "status" else pl.lit(True))).then(pl.lit(aspect))
        for aspect in ASPECTS
    ]
    return (
        both.with_columns(aspects=pl.concat_str(said, separator=" ", ignore_nulls=True))
        .filter(pl.col("aspects") != "")
        .with_columns(
            _status(pl.col("status_old"), old),
            _status(pl.col("status_new"), new),
            yearly=pl.col("yearly_new").fill_null(0) - pl.col("yearly_old").fill_null(0),
        )
        .sort(_ROW)
    )


def _status(status: pl.Expr, knowledge: Knowledge) -> pl.Expr:
    """Say of an answer that is not there whether its service is not about the subject, or does not exist."""
    there = pl.col("service").is_in(list(knowledge.services))
    return status.fill_null(pl.when(there).then(pl.lit(NOT_CONCERNED)).otherwise(pl.lit(ABSENT)))


def _kinds(changes: pl.DataFrame, detective: Detective, looked_at: int) -> tuple[Kind, ...]:
    """Sort changes by their kind, weightiest first, and look into some of each."""
    key = ["service", "status_old", "status_new", "aspects"]
    told = changes.group_by(key, maintain_order=True).agg(
        pl.len().alias("answers"),
        pl.col(HOUSEHOLD_ID).n_unique().alias("households"),
        pl.col("yearly").sum(),
        pl.struct(HOUSEHOLD_ID, "subject").alias("who"),
    )
    rows = sorted(told.iter_rows(named=True), key=_weight)
    chosen = [_spread([tuple(one.values()) for one in row["who"]], looked_at) for row in rows]
    found = _looked_into(rows, chosen, detective)
    return tuple(
        Kind(
            row["service"],
            row["status_old"],
            row["status_new"],
            tuple(row["aspects"].split()),
            row["answers"],
            row["households"],
            row["yearly"],
            tuple(who),
            tuple(Found(aspect, causes, tuple(people)) for (aspect, causes), people in found[place].items()),
        )
        for place, (row, who) in enumerate(zip(rows, chosen, strict=True))
    )


def _weight(row: dict[str, Any]) -> tuple:
    first = row["aspects"].split()[0]
    return ASPECTS.index(first), -abs(row["yearly"]), -row["answers"], row["service"], row["status_old"], row["aspects"]


def _spread(listed: list, most: int) -> list:
    """Choose so many, evenly over the list."""
    if len(listed) <= most:
        return listed
    return [listed[(2 * place + 1) * len(listed) // (2 * most)] for place in range(most)]


def _looked_into(rows: list[dict], chosen: list[list], detective: Detective) -> list[dict]:
    """Find what is behind each chosen answer; household by household, for they share what editions in between say."""
    found: list[dict[tuple, list]] = [{} for _ in rows]
    asked = sorted((who, place) for place, people in enumerate(chosen) for who in people)
    last = None
    for (household, subject), place in asked:
        if household != last:
            detective.forget()
            last = household
        for why in detective.all_of(household, rows[place]["service"], subject, rows[place]["aspects"].split()):
            same = next((key for key in found[place] if _alike(key, why)), (why.aspect, why.causes))
            found[place].setdefault(same, []).append((household, subject))
    return found


def _alike(key: tuple, why: Any) -> bool:
    return key[0] == why.aspect and [one.edits for one in key[1]] == [one.edits for one in why.causes]


def _totals(
    sides: Sequence[pl.DataFrame], changes: pl.DataFrame, offices: Sequence[Office], tables: Tables
) -> tuple[Total, ...]:
    day = tables.households[AS_OF].max()
    plan = offices[1].plan(date.fromordinal(int(day))) if day is not None else None
    changed = dict(changes.group_by("service").len().iter_rows())
    told = [_by_outcome(side) for side in sides]
    totals = []
    for name in sorted({*offices[0].knowledge.services, *offices[1].knowledge.services}):
        service = offices[1].knowledge.services.get(name) or offices[0].knowledge.services[name]
        (before, yearly_before, _), (after, yearly_after, unknown) = (one.get(name, ({}, 0.0, 0)) for one in told)
        sure = bool(plan and service.benefit and name in plan.knowledge.services and is_confirmed(plan, service))
        totals.append(Total(name, before, after, changed.get(name, 0), yearly_before, yearly_after, unknown, sure))
    return tuple(totals)


def _by_outcome(answers: pl.DataFrame) -> dict[str, tuple[dict[str, int], float, int]]:
    """Give, by service: answers by outcome, the yearly budget, and of how many yes the amount is not known."""
    yes = pl.col("outcome") == "yes"
    told = answers.group_by("service").agg(
        *[(pl.col("outcome") == outcome).sum().alias(outcome) for outcome in OUTCOMES],
        pl.col("yearly").sort().sum(),
        (yes & pl.col("amount").is_null()).sum().alias("unknown_amounts"),
    )
    return {
        row["service"]: ({outcome: row[outcome] for outcome in OUTCOMES}, row["yearly"], row["unknown_amounts"])
        for row in told.iter_rows(named=True)
    }


def _groups(sides: Sequence[pl.DataFrame], changes: pl.DataFrame, values: pl.DataFrame) -> tuple[Group, ...]:
    yes_old, yes_new = (pl.col(f"outcome_{side}").eq_missing("yes") for side in ("old", "new"))
    turned = changes.group_by(HOUSEHOLD_ID).agg(
        (yes_new & ~yes_old).sum().alias("gained"), (yes_old & ~yes_new).sum().alias("lost")
    )
    yearly = [
        side.group_by(HOUSEHOLD_ID).agg(pl.col("yearly").sum().alias(name))
        for side, name in zip(sides, ("before", "after"), strict=True)
    ]
    whole = values
    for frame in (turned, *yearly):
        whole = whole.join(frame, on=HOUSEHOLD_ID, how="left")
    told = whole.group_by("low", "high").agg(
        pl.len().alias("households"),
        pl.col("gained").is_not_null().sum().alias("changed"),
        pl.col("gained", "lost", "before", "after").fill_null(0).sum(),
    )
    groups = [
        Group(
            row["low"] if row["low"] == row["high"] else (row["low"], row["high"]),
            *(row[name] for name in ("households", "changed", "gained", "lost", "before", "after")),
        )
        for row in told.iter_rows(named=True)
    ]
    return tuple(
        sorted(groups, key=lambda one: (-abs(one.yearly_after - one.yearly_before), -one.changed, str(one.value)))
    )


def _first(changes: pl.DataFrame, old: Knowledge, new: Knowledge) -> tuple[First, ...]:
    """Choose the households to look at first: who loses a duty, who loses a yes, who loses most."""
    yes_old, yes_new = (pl.col(f"outcome_{side}").eq_missing("yes") for side in ("old", "new"))
    duties = sorted({one.name for k in (old, new) for one in k.services.values() if one.duty})
    service = pl.col("service")
    told = changes.group_by(HOUSEHOLD_ID).agg(
        service.filter(yes_old & ~yes_new & service.is_in(duties)).unique().sort().alias("lost_duties"),
        service.filter(yes_old & ~yes_new).unique().sort().alias("lost"),
        service.filter(yes_new & ~yes_old).unique().sort().alias("gained"),
        pl.len().alias("changed"),
        pl.col("yearly").sum(),
    )
    counts = [pl.col(name).list.len() for name in ("lost_duties", "lost", "gained")]
    loss, size = pl.min_horizontal("yearly", pl.lit(0.0)), pl.col("yearly").abs()
    order = [*counts[:2], loss, counts[2], size, pl.col("changed"), pl.col(HOUSEHOLD_ID)]
    ranked = told.sort(order, descending=[True, True, False, True, True, True, False]).head(FIRST)
    return tuple(
        First(*(tuple(value) if isinstance(value, list) else value for value in row)) for row in ranked.iter_rows()
    )
