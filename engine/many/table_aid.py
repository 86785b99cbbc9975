"""Who receives what, in tables: told of for a whole household as soon as it is for anybody in it.

A household file says it once for all of its members (`Household.given`); in tables each row has a list. Here the
lists of a household become that one saying: none means surely none, and each service stands with whom it is for.
"""

from datetime import date
from typing import Any

import polars as pl

from engine.knowledge.model import HOUSEHOLD, Knowledge
from engine.knowledge.problems import Problem, closest
from engine.knowledge.values import shortened
from engine.many.columns import AID, CERTAINTY
from engine.many.sheet import KEY
from engine.many.table_cells import NOWHERE, all_in, form_of, items, share
from engine.many.table_files import TableFile, TableFiles
from engine.many.table_findings import CELL, Finding, finding, named, node_of, told, why_no_share
from engine.many.tables import Tables

_MORE = " more"
_NOTHING = pl.lit([], dtype=pl.List(pl.String))


def settled(tables: Tables, files: TableFiles, knowledge: Knowledge) -> tuple[Tables, list[Finding]]:
    """Settle the services received.

    Args:
        tables: Frames with `h`, where known, and the lists and their certainty as the files hold them.
        files: The files that the frames come from.
        knowledge: The edition whose services may be named.

    Returns:
        The frames with lists and certainty as `engine.many.tables` has them; unchanged where no file tells of aid.
    """
    if not any(AID in one.columns for one in files):
        return tables, []
    homes, people, found = *(_listed(frame, one) for one, frame in zip(files, tables, strict=True)), []
    for one, frame, raw in zip(files, (homes, people), tables, strict=True):
        found += _unknown(one, frame, raw, knowledge)
    homes, more = _sure(homes, files.households, knowledge)
    homes, people, others = _to_receivers(*_told_of_all(homes, people), files.households, knowledge)
    return Tables(homes, people), [*found, *more, *others]


def _listed(frame: pl.DataFrame, one: TableFile) -> pl.DataFrame:
    form = form_of(one.columns[AID]) if AID in one.columns else "nothing"
    return frame.with_columns((pl.lit(None, pl.List(pl.String)) if form == "nothing" else items(AID, form)).alias(AID))


def _unknown(one: TableFile, frame: pl.DataFrame, raw: pl.DataFrame, knowledge: Knowledge) -> list[Finding]:
    services = knowledge.services

    def why(cell: Any, _: date) -> Problem:
        words = node_of(cell, several=True).items
        name = next((word.text for word in words if word.text not in services), "")
        return Problem("unknown-service", NOWHERE, {"value": shortened(name), "did_you_mean": closest(name, services)})

    if AID not in one.columns:
        return []
    wrong = frame.select(~all_in(pl.col(AID), services).fill_null(True)).to_series()
    return [finding(one.path, AID, raw.filter(wrong), told(AID, one.columns[AID]), why)]


def _sure(homes: pl.DataFrame, one: TableFile, knowledge: Knowledge) -> tuple[pl.DataFrame, list[Finding]]:
    """Settle how sure it is, one certainty for each household."""
    column, default = AID + CERTAINTY, knowledge.evidence[knowledge.default_evidence].certainty
    if column not in one.columns:
        return homes.with_columns(pl.lit(default).alias(column)), []
    read = share(column, one.columns[column])
    wrong = homes.filter(read.refused)
    found = finding(one.path, column, wrong, told(column, one.columns[column]), why_no_share(column))
    return homes.with_columns(read.value.cast(pl.Float64).fill_null(default).alias(column)), [found]


def _told_of_all(homes: pl.DataFrame, people: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Make nulls empty lists, in every household where one list is told."""
    by_members = people.group_by(KEY).agg(pl.col(AID).is_not_null().any().alias(_MORE))
    homes = homes.join(by_members, on=KEY, how="left", maintain_order="left")
    is_told = pl.col(AID).is_not_null() | pl.col(_MORE).fill_null(False)
    homes = homes.with_columns(pl.when(is_told).then(pl.col(AID).fill_null(_NOTHING)).alias(AID)).drop(_MORE)
    shared = homes.unique(KEY, keep="first").select(KEY, pl.col(AID).is_not_null().alias(_MORE), AID + CERTAINTY)
    people = people.join(shared, on=KEY, how="left", maintain_order="left")
    return homes, people.with_columns(pl.when(_MORE).then(pl.col(AID).fill_null(_NOTHING)).alias(AID)).drop(_MORE)


def _to_receivers(
    homes: pl.DataFrame, people: pl.DataFrame, one: TableFile, knowledge: Knowledge
) -> tuple[pl.DataFrame, pl.DataFrame, list[Finding]]:
    """Give each service to whom it is for: a household's to the household, a person's to the only member."""
    services = knowledge.services.values()
    of_homes = _among(name.name for name in services if name.for_ == HOUSEHOLD)
    of_people = _among(name.name for name in services if name.for_ != HOUSEHOLD)
    up = people.filter(pl.col(KEY).is_not_null() & (of_homes.list.len() > 0))
    up = up.group_by(KEY).agg(of_homes.explode().unique().alias(_MORE))
    size = people.group_by(KEY).agg(pl.len().alias(CELL))
    down = homes.filter(of_people.list.len() > 0).join(size, on=KEY, how="left", maintain_order="left")
    alone = pl.col(CELL).fill_null(0) == 1
    unsaid = finding(one.path, AID, down.filter(~alone), of_people.list.first(), named("received-by-person"))
    down = down.filter(alone).unique(KEY).select(KEY, of_people.alias(_MORE))
    return _with_more(homes.with_columns(of_homes), up), _with_more(people.with_columns(of_people), down), [unsaid]


def _among(names: Any) -> pl.Expr:
    return pl.col(AID).list.eval(pl.element().filter(pl.element().is_in(list(names))))


def _with_more(frame: pl.DataFrame, extra: pl.DataFrame) -> pl.DataFrame:
    if not len(extra):
        return frame
    both = pl.concat_list(AID, pl.col(_MORE).fill_null(_NOTHING)).list.unique()
    return frame.join(extra, on=KEY, how="left", maintain_order="left").with_columns(both.alias(AID)).drop(_MORE)
