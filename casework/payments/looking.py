"""What the pages show of payments: batches, who was left out, what came back, the payments of a case."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased, joinedload

from casework.cases.models import Case, Claim
from casework.lists.models import BeneficiaryList, Entry
from casework.payments.access import PREPARE, batches_of, may_for
from casework.payments.batches import OVER
from casework.payments.models import Batch, LeftOut, Payment
from casework.payments.payees import PAYING
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
    query = select(BeneficiaryList).where(BeneficiaryList.state.in_(PAYING), batches_of(work.actor))
    found = work.session.scalars(query.order_by(BeneficiaryList.id.desc()).limit(MOST))
    return [list_ for list_ in found if may_for(work.actor, PREPARE, list_.program)]


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
    if not work.actor.may("secrets.read"):
        query = query.where(~Claim.officer_only)
    return work.session.scalars(_with_all(query).order_by(Payment.id)).all()


def _with_all(query):
    return query.options(
        joinedload(Payment.entry).joinedload(Entry.household),
        joinedload(Payment.entry).joinedload(Entry.person),
        joinedload(Payment.entry).joinedload(Entry.claim).joinedload(Claim.case),
        joinedload(Payment.account),
        joinedload(Payment.batch),
    )
