"""The same done to many cases: first seen, then done, each case by itself, with one report of what was done and refused."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from sqlalchemy.orm.exc import StaleDataError

from casework.cases.desk import assign
from casework.cases.models import Case
from casework.cases.moving import move_case
from casework.cases.transitions import CASE, TRANSITIONS
from casework.refusals import ChangedMeanwhile, Refused
from casework.staff.actors import Actor
from casework.staff.areas import seen_case
from casework.store.database import Database
from casework.store.work import Work
from engine.knowledge.model import Knowledge

MOST = 200
Act = Callable[[Work, Case], None]
# What is looked at case by case.
_ALONE = frozenset({"checked", "minutes", "settled"})


class Pick(NamedTuple):
    """A case as it was shown."""

    number: str
    version: int | str | None


class Result(NamedTuple):
    """What became of one case, or would: `name` of its household, its state before and after; or why not."""

    number: str
    name: str
    before: str
    after: str
    refused: Refused | None
    version: int | str | None


class _Undone(Exception):
    """Ends a unit of work that was only to be seen."""


def moves_of(actor: Actor) -> list[str]:
    """Give the states to which somebody may move many cases at once: not where a level has to look first."""
    ways = (way for way in TRANSITIONS if way.of == CASE and actor.may(way.right) and not _ALONE & {*way.needs})
    return list(dict.fromkeys(way.after for way in ways))


def moving(knowledge: Knowledge, after: str, reason: str | None) -> Act:
    """Make the act of moving a case."""
    return lambda work, case: _moved(work, case, knowledge, after, reason)


def assigning(account_id: int | None) -> Act:
    """Make the act of giving a case to somebody."""
    return lambda work, case: assign(work, case, account_id)


def preview(database: Database, actor: Actor, picks: Iterable[Pick], act: Act) -> list[Result]:
    """Say what would become of each case: it is really done, and taken back."""
    results: list[Result] = []
    try:
        with database.work(actor) as work:
            for pick in _few(picks):
                results.append(_one(work, pick, act))
            raise _Undone
    except _Undone:
        return results


def do_all(database: Database, actor: Actor, picks: Iterable[Pick], act: Act) -> list[Result]:
    """Do it to each case that still is as it was shown, each in a transaction of its own."""
    results = []
    for pick in _few(picks):
        with database.work(actor) as work:
            results.append(_one(work, pick, act))
    return results


def _few(picks: Iterable[Pick]) -> list[Pick]:
    found = list(dict.fromkeys(picks))
    if not found:
        raise Refused("case-none-chosen", "case")
    if len(found) > MOST:
        raise Refused("case-too-many", "case", most=MOST)
    return found


def _one(work: Work, pick: Pick, act: Act) -> Result:
    """Do it within a savepoint, so that what is refused leaves nothing behind."""
    name = before = after = ""
    records = len(work.records)
    try:
        with work.session.begin_nested():
            case = seen_case(work, pick.number)
            name, before = case.household.name, case.state
            work.same(case, pick.version)
            act(work, case)
            work.session.flush()
            after = case.state
    except (Refused, StaleDataError) as error:
        refused = error if isinstance(error, Refused) else ChangedMeanwhile()
        del work.records[records:]
        return Result(pick.number, name, before, before, refused, pick.version)
    return Result(pick.number, name, before, after, None, pick.version)


def _moved(work: Work, case: Case, knowledge: Knowledge, after: str, reason: str | None) -> None:
    move_case(work, case, after, reason, holidays=knowledge.holidays)
