"""Where an actor may look: conditions on households and claims for lists of them, and the same question for one."""

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from casework.cases.models import Case, Claim, Task
from casework.people.models import Household
from casework.refusals import NotFound
from casework.staff.actors import Actor, Area
from casework.store.work import Work


def households_of(actor: Actor, right: str = "register.read") -> ColumnElement[bool]:
    """Give the condition on `Household` of what an actor with a right may see."""
    return _any(actor, right, Household)


def tasks_of(actor: Actor, right: str) -> ColumnElement[bool]:
    """Give the condition on `Task` of what an actor with a right may check."""
    return _any(actor, right, Task)


def claims_of(actor: Actor, right: str = "case.read") -> ColumnElement[bool]:
    """Give the condition on `Claim` of the programs that an actor's posts look after."""
    if actor.everything:
        return true()
    return or_(
        false(), *(Claim.program.in_(post.programs) if post.programs else true() for post in actor.posts_for(right))
    )


def may_see(work: Work, household: Household | None, right: str = "register.read") -> bool:
    """Say whether a household is there for the actor."""
    if household is None:
        return False
    place = household.village, household.hamlet, household.rw, household.rt
    return work.actor.everything or any(post.area.covers(*place) for post in work.actor.posts_for(right))


def sees(work: Work, household: Household, right: str = "register.read") -> Household:
    """Give the household back; raises NotFound when it lies outside of the actor's areas."""
    if not may_see(work, household, right):
        raise NotFound
    return household


def seen_case(work: Work, number: str, right: str = "case.read") -> Case:
    """Give a case that the actor may know of; one that is for officers only is not there for others. Raises: NotFound."""
    case = work.session.scalar(select(Case).where(Case.number == number))
    if case is None:
        raise NotFound
    sees(work, case.household, right)
    if not _may_know(work, case):
        raise NotFound
    return case


def known_cases(work: Work, *which: ColumnElement[bool]) -> list[Case]:
    """Give the cases of some kind that the actor may know of, as `seen_case` does one, the latest first."""
    mine = select(Case).join(Household).where(households_of(work.actor, "case.read"), *which)
    found = work.session.scalars(mine.order_by(Case.opened_at.desc(), Case.id.desc()))
    return [case for case in found if _may_know(work, case)]


def _may_know(work: Work, case: Case) -> bool:
    return not case.is_confidential or work.actor.may("secrets.read")


def _any(actor: Actor, right: str, table: type) -> ColumnElement[bool]:
    if actor.everything:
        return true()
    return or_(false(), *(_in(post.area, table) for post in actor.posts_for(right)))


def _in(area: Area, table: type) -> ColumnElement[bool]:
    village = or_(table.village == area.village, table.village.startswith(area.village + ".", autoescape=True))
    return and_(
        true(),
        *([village] if area.village else []),
        *(getattr(table, part) == value for part, value in zip(Area._fields[1:], area[1:], strict=True) if value),
    )
