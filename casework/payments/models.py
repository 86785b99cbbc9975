"""The tables of payments. Amounts are whole rupiah."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.lists.models import BeneficiaryList, Entry
from casework.people.models import BankAccount
from casework.store.base import Base, Guarded, Sealing


class Batch(Guarded, Sealing, Base):
    """Payments that go to one bank in one file; signed by two, exported once, answered by the bank."""

    __tablename__ = "batches"
    SEALED = ("file",)
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("lists.id"), index=True)
    instalment: Mapped[str]  # such as 2/4: which part of the list's amounts is paid
    layout: Mapped[str]
    state: Mapped[str]  # draft | signed | exported | answered | dropped
    count: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    exported_at: Mapped[datetime | None]
    exported_by: Mapped[str | None]
    file_format: Mapped[str | None]
    file_name: Mapped[str | None]
    file_sha256: Mapped[str | None]
    file_sealed: Mapped[bytes | None]
    payments: Mapped[list["Payment"]] = relationship(back_populates="batch", order_by="Payment.id")
    list: Mapped[BeneficiaryList] = relationship()


class Signature(Base):
    """One officer vouches for the totals of a batch as they were."""

    __tablename__ = "signatures"
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    total: Mapped[int]
    signed_at: Mapped[datetime]


def _once(name: str, whose: str) -> Index:
    living = text("state not in ('failed', 'cancelled')")
    return Index(name, whose, "instalment", unique=True, sqlite_where=living, postgresql_where=living)


class Payment(Guarded, Base):
    """One transfer. Of one entry and instalment only one may be under way or done: a failed one makes room for another.

    `payee` names who gets it out of which list and its revisions (`7:h12`), so that one who is put on a list once more
    is not paid once more. `failure` is what the bank said, or why the payment was taken out of its batch.
    """

    __tablename__ = "payments"
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    payee: Mapped[str]
    instalment: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"))
    amount: Mapped[int]
    reference: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]  # planned | exported | paid | failed | cancelled
    failure: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    batch: Mapped[Batch] = relationship(back_populates="payments")
    entry: Mapped[Entry] = relationship()
    account: Mapped[BankAccount] = relationship()
    __table_args__ = (
        CheckConstraint("amount > 0", name="positive"),
        _once("ix_payments_once", "entry_id"),
        _once("ix_payments_payee_once", "payee"),
    )


class LeftOut(Base):
    """A beneficiary who should have been in a batch and is not, and why (`casework.payments.payees`)."""

    __tablename__ = "left_out"
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True, index=True)
    reason: Mapped[str]
    entry: Mapped[Entry] = relationship()


class BankAnswer(Base):
    """A file in which the bank says what became of a batch; the same file is read once."""

    __tablename__ = "bank_answers"
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    file_name: Mapped[str]
    sha256: Mapped[str]
    paid: Mapped[int] = mapped_column(Integer)
    failed: Mapped[int] = mapped_column(Integer)
    read_at: Mapped[datetime]
    read_by: Mapped[str]
    __table_args__ = (UniqueConstraint("batch_id", "sha256"),)
