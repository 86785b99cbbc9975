"""What the pages show of payments: batches, who was left out, what came back, the payments of a case."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased, joinedload

from casework.cases.models import Case, Claim
from casework.lists.lists import IN_FORCE
from casework.lists.models import BeneficiaryList, Entry
from casework.payments.access import PREPARE, batches_of
from casework.payments.batches import OVER
from casework.payments.models import BankAnswer, Batch, LeftOut, Payment
from casework.refusals import NotFound
from casework.staff.rights import SECRETS
from casework.store.work import Work

MOST = 200
PAGE = 100


class Page(NamedTuple):
    """Some of the payments of a batch, and how many pages of them there are."""

    payments: Sequence[Payment]
    number: int
    pages: int


def batches(work: Work) -> Sequence[Batch]:
    """Give the newest batches that the actor works with."""
    query = select(Batch).join(BeneficiaryList, BeneficiaryList.id == Batch.list_id).where(batches_of(work.actor))
    query = query.options(joinedload(Batch.list)).order_by(Batch.id.desc()).limit(MOST)
    return work.session.scalars(query).all()


def lists_to_pay(work: Work) -> list[BeneficiaryList]:
    """Give the lists of which the actor may make batches, the newest first."""
    query = select(BeneficiaryList).where(BeneficiaryList.state.in_(IN_FORCE), batches_of(work.actor))
    found = work.session.scalars(query.order_by(BeneficiaryList.id.desc()).limit(MOST))
    return [list_ for list_ in found if work.actor.may_for_all(PREPARE, list_.program)]


def list_to_pay(work: Work, number: str) -> BeneficiaryList:
    """Give a list by its number. Raises: NotFound, when there is none or it is none of the actor's programs."""
    query = select(BeneficiaryList).where(BeneficiaryList.number == number, batches_of(work.actor))
    found = work.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def page_of(work: Work, batch: Batch, number: int) -> Page:
    """Give one page of the payments of a batch, those that failed first."""
    mine = Payment.batch_id == batch.id
    count = work.session.scalar(select(func.count()).select_from(Payment).where(mine)) or 0
    pages = max(1, -(-count // PAGE))
    number = min(max(1, number), pages)
    query = _with_all(select(Payment).where(mine)).order_by((Payment.state != "failed"), Payment.id)
    return Page(work.session.scalars(query.offset((number - 1) * PAGE).limit(PAGE)).all(), number, pages)


def some(work: Work, ids: Sequence[int]) -> Sequence[Payment]:
    """Give payments by their ids, at most as many as are shown."""
    return work.session.scalars(_with_all(select(Payment).where(Payment.id.in_(ids[:MOST])))).all()


def left_out(work: Work, batch: Batch) -> Sequence[LeftOut]:
    """Give who was left out of a batch when it was made."""
    query = select(LeftOut).where(LeftOut.batch_id == batch.id).order_by(LeftOut.reason, LeftOut.entry_id)
    query = query.options(joinedload(LeftOut.entry).joinedload(Entry.claim).joinedload(Claim.case))
    return work.session.scalars(query.options(joinedload(LeftOut.entry).joinedload(Entry.household))).all()


def answers(work: Work, batch: Batch) -> Sequence[BankAnswer]:
    """Give what the bank has answered to a batch, in the order in which it was read."""
    return work.session.scalars(select(BankAnswer).where(BankAnswer.batch_id == batch.id).order_by(BankAnswer.id)).all()


def returned(work: Work) -> Sequence[Payment]:
    """Give the payments that failed and that no other has made up for: somebody must correct the account."""
    other = aliased(Payment)
    same = other.payee == Payment.payee, other.instalment == Payment.instalment
    made_up = exists().where(*same, other.state.not_in(OVER))
    later = exists().where(*same, other.state == "failed", other.id > Payment.id)
    query = select(Payment).join(Batch).join(BeneficiaryList, BeneficiaryList.id == Batch.list_id)
    query = query.where(batches_of(work.actor), Payment.state == "failed", ~made_up, ~later)
    return work.session.scalars(_with_all(query).order_by(Payment.id.desc()).limit(MOST)).all()


def payments_of_case(work: Work, case: Case) -> Sequence[Payment]:
    """Give the payments for the claims of a case; those that only officers may know of to officers."""
    query = select(Payment).join(Entry).join(Claim).where(Claim.case_id == case.id, Payment.state != "cancelled")
    if not work.actor.may(SECRETS):
        query = query.where(~Claim.officer_only)
    return work.session.scalars(_with_all(query).order_by(Payment.id)).all()


def batches_seen(work: Work, payments: Sequence[Payment]) -> frozenset[int]:
    """Give, by their ids, which of the batches that payments are in the actor works with."""
    query = select(Batch.id).join(BeneficiaryList, BeneficiaryList.id == Batch.list_id).where(batches_of(work.actor))
    return frozenset(work.session.scalars(query.where(Batch.id.in_({payment.batch_id for payment in payments}))))


def _with_all(query):
    return query.options(
        joinedload(Payment.entry).joinedload(Entry.household),
        joinedload(Payment.entry).joinedload(Entry.person),
        joinedload(Payment.entry).joinedload(Entry.claim).joinedload(Claim.case),
        joinedload(Payment.account),
        joinedload(Payment.batch),
    )
