"""The work queue: the cases that wait for an actor, what is due first on top, and how many there are of each kind."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy import case as when
from sqlalchemy.orm import joinedload, selectinload

from casework.cases import numbers
from casework.cases.models import Case, Claim
from casework.cases.transitions import CASE, CASE_ENDS, CASE_STATES, CLAIM, CLAIM_ENDS, TRANSITIONS
from casework.people.models import Household, NameWord, Person
from casework.people.names import words_of
from casework.staff.actors import Actor
from casework.staff.areas import claims_of, households_of
from casework.store.work import Work

PAGE = 50
TODO, MINE, OPEN, ALL = "todo", "mine", "open", "all"
VIEWS = (TODO, MINE, OPEN, ALL)
# The states of a claim in which somebody has to do something about it; aid that runs waits for nobody.
_WAITING = ("open", "proposed", "determined")


class Wish(NamedTuple):
    """What of the queue somebody wants to see."""

    view: str = TODO
    state: str = ""
    program: str = ""
    late: bool = False
    search: str = ""
    page: int = 1


class Count(NamedTuple):
    """How many cases are in a state, and how many of them are late."""

    state: str
    cases: int
    late: int


class Queue(NamedTuple):
    """One page of it."""

    cases: list[Case]
    total: int
    pages: int


def queue(work: Work, wish: Wish) -> Queue:
    """Give one page of the cases that an actor wants to see: what is due first comes first."""
    wanted = _wanted(work, wish)
    total = work.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, wish.page), pages)
    found = (
        wanted.with_only_columns(Case)
        .options(joinedload(Case.household), selectinload(Case.claims))
        .order_by(Case.due_on.is_(None), Case.due_on, Case.urgent.desc(), Case.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return Queue(list(work.session.scalars(found)), total, pages)


def counts(work: Work) -> list[Count]:
    """Count the cases that an actor may see by state, in the order in which a case goes through them."""
    late = func.sum(when((Case.due_on < work.today, 1), else_=0))
    rows = work.session.execute(
        select(Case.state, func.count(), late)
        .join(Household, Household.id == Case.household_id)
        .where(*_visible(work))
        .group_by(Case.state)
    )
    found = {state: Count(state, number, lates) for state, number, lates in rows}
    return [found[state] for state in CASE_STATES if state in found]


def todo(actor: Actor, today: date | None = None) -> ColumnElement[bool]:
    """Give the condition on `Case` that its usual way on is this actor's to go, or that of one of its claims."""
    states = {way.before for way in TRANSITIONS if way.of == CASE and way.main and actor.may(way.right)}
    states.discard("dinsos_verified")
    unsettled = exists().where(Claim.case_id == Case.id, Claim.state.not_in(CLAIM_ENDS))
    parts = [and_(Case.state.in_(states), _of_my_programs(actor))] if states else []
    if actor.may("check.office"):
        parts.append(and_(Case.state == "dinsos_verified", ~unsettled, _of_my_programs(actor)))
        parts.append(and_(Case.state == "submitted", or_(Case.urgent, _confidential()), _of_my_programs(actor)))
    rights = {way.right: way.before for way in TRANSITIONS if way.of == CLAIM and way.main and way.before in _WAITING}
    for right, state in rights.items():
        if actor.may(right):
            waits = and_(Claim.state == state, claims_of(actor, right))
            parts.append(and_(Case.state == "dinsos_verified", Case.id.in_(select(Claim.case_id).where(waits))))
    return or_(false(), *parts)


def _wanted(work: Work, wish: Wish) -> Select[tuple[int]]:
    conditions: list[ColumnElement[bool]] = list(_visible(work))
    match wish.view:
        case "todo":
            conditions.append(todo(work.actor))
        case "mine":
            mine = exists().where(Claim.case_id == Case.id, Claim.assigned_to == work.actor.account)
            conditions.append(and_(or_(Case.assigned_to == work.actor.account, mine), Case.state.not_in(CASE_ENDS)))
        case "open":
            conditions.append(Case.state.not_in(CASE_ENDS))
    if wish.state:
        conditions.append(Case.state == wish.state)
    if wish.program:
        conditions.append(exists().where(Claim.case_id == Case.id, Claim.program == wish.program, _shown(work)))
    if wish.late:
        conditions.append(Case.due_on < work.today)
    if wish.search.strip():
        conditions.append(_found(wish.search))
    return select(Case.id).join(Household, Household.id == Case.household_id).where(*conditions)


def _visible(work: Work) -> Iterable[ColumnElement[bool]]:
    """Give the conditions that keep a case to those who may see it."""
    yield households_of(work.actor, "case.read")
    if not work.actor.may("secrets.read"):
        yield ~_confidential()


def _confidential() -> ColumnElement[bool]:
    hidden = exists().where(Claim.case_id == Case.id, Claim.officer_only)
    return and_(hidden, ~exists().where(Claim.case_id == Case.id, Claim.officer_only.is_(False)))


def _shown(work: Work) -> ColumnElement[bool]:
    return true() if work.actor.may("secrets.read") else Claim.officer_only.is_(False)


def _of_my_programs(actor: Actor) -> ColumnElement[bool]:
    if actor.everything or any(not post.programs for post in actor.posts_for("case.read")):
        return true()
    return exists().where(Claim.case_id == Case.id, claims_of(actor))


def _found(search: str) -> ColumnElement[bool]:
    """Give the condition that a case has this number, or a member of its household such a name (its words' beginnings)."""
    number = numbers.read(search)
    if number:
        return Case.number == number
    named = [
        exists().where(
            Person.household_id == Case.household_id,
            NameWord.person_id == Person.id,
            NameWord.word.startswith(word, autoescape=True),
        )
        for word in words_of(search)
    ]
    return and_(*named) if named else false()
