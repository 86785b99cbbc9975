"""The tables of lists of beneficiaries."""

from datetime import date, datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.cases.models import Claim
from casework.people.models import Household, Person
from casework.store.base import Base, Guarded


class BeneficiaryList(Guarded, Base):
    """The beneficiaries of one service in one period; a revision supersedes the list before it."""

    __tablename__ = "lists"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    service: Mapped[str] = mapped_column(index=True)
    program: Mapped[str] = mapped_column(index=True)
    since: Mapped[date]
    until: Mapped[date]
    quota: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str]  # draft | verified | signed | published | revised
    revision: Mapped[int] = mapped_column(Integer, default=0)
    revises_id: Mapped[int | None] = mapped_column(ForeignKey("lists.id", deferrable=True, initially="DEFERRED"))
    sk_number: Mapped[str | None]
    sk_date: Mapped[date | None]
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[str]
    verified_by: Mapped[str | None]
    signed_by: Mapped[str | None]
    published_at: Mapped[datetime | None]
    entries: Mapped[list["Entry"]] = relationship(back_populates="list", order_by="Entry.rank")


class Entry(Guarded, Base):
    """One beneficiary on a list, or somebody who waits for a place."""

    __tablename__ = "entries"
    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("lists.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"), index=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    place: Mapped[str]  # listed | waiting | removed
    rank: Mapped[int | None] = mapped_column(Integer)
    duty: Mapped[bool] = mapped_column(Boolean, default=False)
    priority: Mapped[float | None]
    asked_on: Mapped[date]
    amount: Mapped[int | None]  # whole rupiah for the whole period
    reason: Mapped[str | None]
    list: Mapped[BeneficiaryList] = relationship(back_populates="entries")
    claim: Mapped[Claim | None] = relationship()
    household: Mapped[Household] = relationship()
    person: Mapped[Person | None] = relationship()


class Hold(Base):
    """What keeps aid apart: of one slot, one holder has one entry at a time. The database itself refuses a second.

    A slot is a pair of services that exclude each other (`a|b`), or one service (`a`); a holder a person or a household
    (`p12`, `h7`). PostgreSQL holds it by an exclusion constraint over the period, SQLite by a trigger; both stand in the
    migrations.
    """

    __tablename__ = "holds"
    id: Mapped[int] = mapped_column(primary_key=True)
    slot: Mapped[str]
    holder: Mapped[str]
    since: Mapped[date]
    until: Mapped[date]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"), index=True)
    __table_args__ = (Index("ix_holds_slot_holder", "slot", "holder"),)
