"""The tables of lists of beneficiaries."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.cases.models import Claim
from casework.people.models import Household, Person
from casework.store.base import Base, Guarded


class BeneficiaryList(Guarded, Base):
    """The beneficiaries of one service in one period; a revision supersedes the list before it.

    States: `casework.lists.states`. What was signed stands as it was in an attachment (`annex_id`).
    """

    __tablename__ = "lists"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    service: Mapped[str] = mapped_column(index=True)
    program: Mapped[str] = mapped_column(index=True)
    since: Mapped[date]
    until: Mapped[date]
    quota: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(index=True)  # draft | verified | signed | published | revised | dropped
    edition: Mapped[str | None]  # whose exclusivity the holds of its entries follow
    brought_in: Mapped[bool] = mapped_column(Boolean, default=False)  # somebody else decided who stands on it
    revision: Mapped[int] = mapped_column(Integer, default=0)
    revises_id: Mapped[int | None] = mapped_column(ForeignKey("lists.id", deferrable=True, initially="DEFERRED"))
    sk_number: Mapped[str | None]
    sk_date: Mapped[date | None]
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[str]
    hands: Mapped[list[Any]] = mapped_column(default=list)  # the accounts that drew it up or changed it
    verified_by: Mapped[str | None]
    signed_by: Mapped[str | None]
    annex_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))
    published_at: Mapped[datetime | None]
    public: Mapped[bool] = mapped_column(Boolean, default=False)  # names may be seen by everybody
    entries: Mapped[list["Entry"]] = relationship(back_populates="list", order_by="Entry.rank")


class Entry(Guarded, Base):
    """One beneficiary on a list, or somebody who waits for a place.

    An entry lives on when its list is revised: payments and holds stay with it. While a revision is drafted it has
    copies there (`copy_of_id`); when it is signed, the entries go over to it and the copies stay behind with what the
    list before said.
    """

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
    conflict: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # what is held instead
    copy_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("entries.id", deferrable=True, initially="DEFERRED"), index=True
    )
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
