"""The tables of the register."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Float, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.store.base import Base, Guarded, Sealing


class Village(Base):
    """A desa or kelurahan by its Kemendagri code; the name is None while the office does not know it."""

    __tablename__ = "villages"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str | None]


class Household(Sealing, Guarded, Base):
    """One family card (KK); for a group or an organisation, the unit that applies."""

    __tablename__ = "households"
    SEALED = ("kk",)
    id: Mapped[int] = mapped_column(primary_key=True)
    kk_sealed: Mapped[bytes | None]
    kk_index: Mapped[bytes | None] = mapped_column(unique=True)
    applicant: Mapped[str] = mapped_column(default="family", index=True)
    name: Mapped[str] = mapped_column(default="")  # of the head, or of the group
    village: Mapped[str] = mapped_column(ForeignKey("villages.code"), index=True)
    hamlet: Mapped[str | None]
    rw: Mapped[str | None]
    rt: Mapped[str | None]
    address: Mapped[str | None]
    members_listed: Mapped[str] = mapped_column(default="all")  # all | some
    registered_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    people: Mapped[list["Person"]] = relationship(
        back_populates="household",
        order_by="Person.id",
        primaryjoin="and_(Household.id == foreign(Person.household_id), Person.merged_into.is_(None))",
    )
    __table_args__ = (Index("ix_households_place", "village", "hamlet", "rw", "rt"),)


class Person(Sealing, Guarded, Base):
    """One resident. `member` is the id in the facts of the household; a merged person points to the one that was kept."""

    __tablename__ = "people"
    SEALED = ("nik",)
    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int | None] = mapped_column(ForeignKey("households.id"), index=True)
    nik_sealed: Mapped[bytes | None]
    nik_index: Mapped[bytes | None] = mapped_column(unique=True)
    name: Mapped[str]
    birth_date: Mapped[date | None] = mapped_column(index=True)
    sex: Mapped[str | None]  # as the fact `sex`: L | P
    mother_name: Mapped[str | None]
    relation: Mapped[str | None]  # to the head of the household
    died_on: Mapped[date | None]
    merged_into: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", deferrable=True, initially="DEFERRED"), index=True
    )
    registered_at: Mapped[datetime]
    household: Mapped[Household | None] = relationship(back_populates="people")

    @property
    def member(self) -> str:
        return f"p{self.id}"


class NameWord(Base):
    """A word of a person's name, spelt one way (`casework.people.names`), to search by its beginning."""

    __tablename__ = "name_words"
    word: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True)


class Residence(Base):
    """Where a person lived, and in which household, from one day to another (None: still)."""

    __tablename__ = "residences"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"), index=True)
    village: Mapped[str]
    hamlet: Mapped[str | None]
    rw: Mapped[str | None]
    rt: Mapped[str | None]
    address: Mapped[str | None]
    since: Mapped[date]
    until: Mapped[date | None]


class BankAccount(Sealing, Guarded, Base):
    """An account that aid is transferred to; a new one ends the one before."""

    __tablename__ = "bank_accounts"
    SEALED = ("number",)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    bank: Mapped[str]
    holder: Mapped[str]
    number_sealed: Mapped[bytes]
    number_index: Mapped[bytes] = mapped_column(index=True)
    since: Mapped[date]
    until: Mapped[date | None]


class _Observed:
    """One observation of a fact: never changed, never deleted while the person is kept."""

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    fact: Mapped[str]  # a fact, `paper:<document>`, or `received` (the list active_services)
    value: Mapped[str]  # JSON as in a household file
    evidence: Mapped[str]
    observed_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
    account_id: Mapped[int | None]  # who recorded it, for two may have one name
    case_id: Mapped[int | None] = mapped_column(index=True)
    document: Mapped[str | None]  # the paper that shows it
    attachment_id: Mapped[int | None]
    note: Mapped[str | None]


class Observation(_Observed, Base):
    __tablename__ = "observations"


class SecretObservation(_Observed, Base):
    """Observations of facts that only officers may know, in a table of their own."""

    __tablename__ = "secret_observations"


class Attachment(Sealing, Base):
    """A picture or file, sealed; `kind` is what it is of: paper, letter, list, meeting."""

    __tablename__ = "attachments"
    SEALED = ("content",)
    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int | None] = mapped_column(ForeignKey("households.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str]
    content_sealed: Mapped[bytes]
    added_at: Mapped[datetime]
    added_by: Mapped[str]


class Import(Sealing, Guarded, Base):
    """A file with a list of people: read into rows, looked at, then brought in as a whole or not at all.

    The file waits sealed and goes when it was brought in or dropped; who uploaded it says which villages it may name.
    """

    __tablename__ = "imports"
    SEALED = ("content",)
    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    sha256: Mapped[str]
    state: Mapped[str]  # reading | read | applying | applied | refused | dropped
    rows: Mapped[int] = mapped_column(Integer, default=0)
    faulty: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
    fault: Mapped[str | None]
    report: Mapped[list[Any]] = mapped_column(default=list)  # [{row, column, code, details, doubt}], at most so many
    doubtful: Mapped[int] = mapped_column(Integer, default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what it would do, or did
    content_sealed: Mapped[bytes | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))  # None: the system itself
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[str]
    applied_at: Mapped[datetime | None]

    @property
    def is_mended(self) -> bool:
        """It was read, and every row is right: it can be brought in."""
        return self.state == "read" and not self.faulty


class Likeness(Base):
    """Two entries that may be one person, and what was decided about them."""

    __tablename__ = "likenesses"
    id: Mapped[int] = mapped_column(primary_key=True)
    one_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    probability: Mapped[float] = mapped_column(Float)
    why: Mapped[dict[str, Any]]
    found_at: Mapped[datetime]
    decision: Mapped[str | None]  # same | different
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    __table_args__ = (UniqueConstraint("one_id", "other_id"), CheckConstraint("one_id < other_id", name="ordered"))


class Merge(Base):
    """Two entries made one; `moved` holds what is needed to undo it."""

    __tablename__ = "merges"
    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    moved: Mapped[dict[str, Any]]
    merged_at: Mapped[datetime]
    merged_by: Mapped[str]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class Erasure(Base):
    """A report of what was erased or made nameless, when, and on what ground; no personal data in it."""

    __tablename__ = "erasures"
    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str]
    ground: Mapped[str]
    report: Mapped[dict[str, Any]]
    done_at: Mapped[datetime]
    done_by: Mapped[str]
    requested: Mapped[bool] = mapped_column(Boolean, default=False)
