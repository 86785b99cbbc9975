"""The work queue: the cases that wait for an actor, what is due first on top, and how many there are of each kind."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy import case as when
from sqlalchemy.orm import aliased, joinedload, selectinload

from casework.cases import numbers
from casework.cases.models import Case, Claim
from casework.cases.transitions import CASE, CASE_ENDS, CASE_STATES, CLAIM, CLAIM_ENDS, TRANSITIONS
from casework.people.models import Household, NameWord, Person
from casework.people.names import LONGEST_WORD, words_of
from casework.staff.actors import EVERYWHERE, Actor
from casework.staff.areas import claims_of, households_of
from casework.store.work import Work

PAGE = 50
# So many can be paged through; whoever has more before them narrows down what they want to see.
MOST = 1000
VIEWS = WAITING, MINE, OPEN, ALL = "waiting", "mine", "open", "all"
# The states of a claim in which somebody has to do something about it; aid that runs waits for nobody.
_CLAIM_WAITS = ("open", "proposed", "determined")
# Behind a word it sorts after every word that begins so.
_AFTER_ALL = "z" * (LONGEST_WORD + 1)


class Wish(NamedTuple):
    """What of the queue somebody wants to see."""

    view: str = WAITING
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
    """One page of it; `total` is how many there are, counted no further than MOST and one."""

    cases: list[Case]
    total: int
    pages: int

    @property
    def has_more(self) -> bool:
        """Say whether there are more than can be paged through."""
        return self.total > MOST


def queue(work: Work, wish: Wish) -> Queue:
    """Give one page of the cases that an actor wants to see: what is due first comes first."""
    wanted = _wanted(work, wish)
    total = work.session.scalar(select(func.count()).select_from(wanted.limit(MOST + 1).subquery())) or 0
    pages = max(1, -(-min(total, MOST) // PAGE))
    page = min(max(1, wish.page), pages)
    # The numbers first: sorting whole rows costs more than fetching those of one page.
    ordered = wanted.add_columns(Case.due_on, Case.urgent).order_by(
        Case.due_on.is_(None), Case.due_on, Case.urgent.desc(), Case.id
    )
    ids = [row.id for row in work.session.execute(ordered.limit(PAGE).offset((page - 1) * PAGE))]
    rows = select(Case).where(Case.id.in_(ids)).options(joinedload(Case.household), selectinload(Case.claims))
    found = {case.id: case for case in work.session.scalars(rows)}
    return Queue([found[id_] for id_ in ids], total, pages)


def counts(work: Work) -> list[Count]:
    """Count the cases that an actor may see by state, in the order in which a case goes through them."""
    late = func.sum(when((Case.due_on < work.today, 1), else_=0))
    rows = work.session.execute(
        _cases(work, Case.state, func.count(), late).where(*_visible(work)).group_by(Case.state)
    )
    found = {state: Count(state, number, lates) for state, number, lates in rows}
    return [found[state] for state in CASE_STATES if state in found]


def waiting(actor: Actor) -> ColumnElement[bool]:
    """Give the condition on `Case` that its usual way on is this actor's to go, or that of one of its claims."""
    states = {way.before for way in TRANSITIONS if way.of == CASE and way.main and actor.may(way.right)}
    states.discard("dinsos_verified")
    unsettled = exists().where(Claim.case_id == Case.id, Claim.state.not_in(CLAIM_ENDS))
    parts = [and_(Case.state.in_(states), _of_my_programs(actor))] if states else []
    if actor.may("check.office"):
        parts.append(and_(Case.state == "dinsos_verified", ~unsettled, _of_my_programs(actor)))
        parts.append(and_(Case.state == "submitted", or_(Case.urgent, _confidential()), _of_my_programs(actor)))
    rights = {
        way.right: way.before for way in TRANSITIONS if way.of == CLAIM and way.main and way.before in _CLAIM_WAITS
    }
    for right, state in rights.items():
        if actor.may(right):
            waits = exists().where(Claim.case_id == Case.id, Claim.state == state, claims_of(actor, right))
            parts.append(and_(Case.state == "dinsos_verified", waits))
    return or_(false(), *parts)


def _wanted(work: Work, wish: Wish) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = list(_visible(work))
    match wish.view:
        case "waiting":
            conditions.append(waiting(work.actor))
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
    return _cases(work, Case.id).where(*conditions)


def _cases(work: Work, *columns: Any) -> Select[Any]:
    """Begin a question about cases; where they live is looked up only for an actor of one place."""
    asked = select(*columns).select_from(Case)
    return asked if _is_everywhere(work.actor) else asked.join(Household, Household.id == Case.household_id)


def _is_everywhere(actor: Actor) -> bool:
    return actor.everything or any(post.area == EVERYWHERE for post in actor.posts_for("case.read"))


def _visible(work: Work) -> Iterable[ColumnElement[bool]]:
    """Give the conditions that keep a case to those who may see it."""
    if not _is_everywhere(work.actor):
        yield households_of(work.actor, "case.read")
    if not work.actor.may("secrets.read"):
        yield ~_confidential()


def _confidential() -> ColumnElement[bool]:
    """Give the condition that only officers may know of a case: there are few such claims, so they are asked for first."""
    other = aliased(Claim)
    shared = exists().where(other.case_id == Claim.case_id, other.officer_only.is_(False))
    return Case.id.in_(select(Claim.case_id).where(Claim.officer_only, ~shared))


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
        Case.household_id.in_(
            select(Person.household_id)
            .join(NameWord, NameWord.person_id == Person.id)
            .where(NameWord.word >= word, NameWord.word <= word + _AFTER_ALL)
        )
        for word in words_of(search)
    ]
    return and_(*named) if named else false()
