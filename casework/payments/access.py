"""Who may deal with payments: by right and program, and for the whole district, because a batch is never a part of one."""

from sqlalchemy import ColumnElement, false, or_, select, true

from casework.lists.models import BeneficiaryList
from casework.payments.models import Batch
from casework.refusals import NotAllowed, NotFound
from casework.staff.actors import EVERYWHERE, Actor
from casework.store.work import Work

PREPARE, SIGN = "payment.prepare", "payment.sign"
RIGHTS = (PREPARE, SIGN)


def require_for(work: Work, right: str, program: str) -> None:
    """Raise NotAllowed unless the actor has a right over payments of a program."""
    if not work.actor.may_for_all(right, program):
        raise NotAllowed


def batches_of(actor: Actor) -> ColumnElement[bool]:
    """Give the condition on `BeneficiaryList` of the programs whose batches an actor sees."""
    if actor.everything:
        return true()
    posts = {post for right in RIGHTS for post in actor.posts_for(right) if post.area == EVERYWHERE}
    return or_(
        false(), *(BeneficiaryList.program.in_(sorted(post.programs)) if post.programs else true() for post in posts)
    )


def seen_batch(work: Work, number: str) -> Batch:
    """Give a batch by its number. Raises: NotFound, when there is none or it is none of the actor's programs."""
    found = select(Batch).join(BeneficiaryList, BeneficiaryList.id == Batch.list_id).where(Batch.number == number)
    batch = work.session.scalars(found.where(batches_of(work.actor))).one_or_none()
    if batch is None:
        raise NotFound
    return batch
