"""The tables of cases."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.people.models import Household, Person
from casework.store.base import Base, Guarded, Sealing
from engine.knowledge.model import HOUSEHOLD


class Case(Guarded, Base):
    """One application of one household; what it asks for are its claims. States: `casework.cases.transitions`."""

    __tablename__ = "cases"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"), index=True)
    state: Mapped[str]
    urgent: Mapped[bool] = mapped_column(Boolean, default=False)
    channel: Mapped[str]  # self | assisted | counter
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    moved_at: Mapped[datetime]
    due_on: Mapped[date | None] = mapped_column(index=True)
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    pin_hash: Mapped[str | None]
    pin_failures: Mapped[int] = mapped_column(Integer, default=0)
    pin_locked_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    household: Mapped[Household] = relationship()
    claims: Mapped[list["Claim"]] = relationship(back_populates="case", order_by="Claim.id")
    __table_args__ = (Index("ix_cases_state_due", "state", "due_on"),)

    @property
    def is_confidential(self) -> bool:
        """Say whether all that it asks for is for officers only: then the village must not hear of it."""
        return bool(self.claims) and all(claim.officer_only for claim in self.claims)


class Claim(Guarded, Base):
    """A service that a case asks for, for one person or the household, with the latest answer of the engine."""

    __tablename__ = "claims"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    service: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    program: Mapped[str]  # whose Bidang works on it now
    state: Mapped[str] = mapped_column(index=True)
    status: Mapped[str | None]  # of the latest diagnosis
    cf: Mapped[float | None]
    officer_only: Mapped[bool] = mapped_column(Boolean, default=False)
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    asked_on: Mapped[date]
    due_on: Mapped[date | None] = mapped_column(index=True)
    case: Mapped[Case] = relationship(back_populates="claims")
    person: Mapped[Person | None] = relationship()
    __table_args__ = (
        Index("ix_claims_program_state", "program", "state"),
        Index(
            "ix_claims_hidden", "case_id", sqlite_where=text("officer_only = 1"), postgresql_where=text("officer_only")
        ),
    )

    @property
    def subject(self) -> str:
        """Whom it is for, as the engine names them."""
        return self.person.member if self.person else HOUSEHOLD

    @property
    def vertex(self) -> tuple[str, str]:
        """What of an answer of the engine is about it: the service, and whom it is for."""
        return self.service, self.subject


class Move(Base):
    """A change of state of a case or of one of its claims: who, when, on what evidence."""

    __tablename__ = "moves"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"))
    before: Mapped[str]
    after: Mapped[str]
    moved_at: Mapped[datetime]
    moved_by: Mapped[str]
    reason: Mapped[str | None]
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))


class Note(Base):
    """What somebody wrote down about a case."""

    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    text: Mapped[str]
    written_at: Mapped[datetime]
    written_by: Mapped[str]


class Contact(Base):
    """One time the applicant was in touch about a case, or was visited."""

    __tablename__ = "contacts"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    channel: Mapped[str]  # self | assisted | counter | phone | visit
    at: Mapped[datetime]
    by: Mapped[str]
    note: Mapped[str | None]


class Transfer(Base):
    """A claim handed from one Bidang to another."""

    __tablename__ = "transfers"
    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"), index=True)
    before: Mapped[str]
    after: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]


class Referral(Base):
    """A slip that sends the applicant to somebody else."""

    __tablename__ = "referrals"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    service: Mapped[str | None]
    to: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]


class Task(Guarded, Base):
    """Something to check for a case, in one area, by one level of the chain: rt_rw, kepala_dusun, meeting, office."""

    __tablename__ = "tasks"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    level: Mapped[str]
    village: Mapped[str]
    hamlet: Mapped[str | None]
    rw: Mapped[str | None]
    rt: Mapped[str | None]
    facts: Mapped[list[Any]]  # once done: [[subject, fact, agree | other | unseen], ...]
    opened_at: Mapped[datetime]
    due_on: Mapped[date | None] = mapped_column(index=True)
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]
    result: Mapped[str | None]  # checked | sent_back | approved | rejected | lapsed
    case: Mapped[Case] = relationship()
    __table_args__ = (Index("ix_tasks_place", "level", "village", "hamlet", "rw", "rt"),)


class Meeting(Base):
    """A village meeting (musdes) and its minutes (berita acara)."""

    __tablename__ = "meetings"
    id: Mapped[int] = mapped_column(primary_key=True)
    village: Mapped[str] = mapped_column(ForeignKey("villages.code"), index=True)
    held_on: Mapped[date]
    minutes_number: Mapped[str]
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))
    entered_at: Mapped[datetime]
    entered_by: Mapped[str]
    __table_args__ = (UniqueConstraint("village", "minutes_number"),)


class MeetingItem(Base):
    """What a meeting decided about one case."""

    __tablename__ = "meeting_items"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    approved: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str | None]


class Edition(Base):
    """The knowledge files of one edition, packed, so that an answer can be worked out again."""

    __tablename__ = "editions"
    hash: Mapped[str] = mapped_column(primary_key=True)
    kept_at: Mapped[datetime]
    files: Mapped[bytes]


class StoredDiagnosis(Sealing, Base):
    """An answer of the engine: the facts as they stood, the day, the edition, and the whole JSON with its proof.

    `public` is the same without anything that only officers may know; `claims` what was said of each claim, to be listed
    without opening the rest: [[claim, status, cf, priority, benefit]] (`casework.cases.diagnoses.Standing`).
    """

    __tablename__ = "diagnoses"
    SEALED = ("facts", "answer", "public")
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    occasion: Mapped[str]  # opened | told | rt_rw | kepala_dusun | meeting | office | decision | asked
    day: Mapped[date]
    edition: Mapped[str] = mapped_column(ForeignKey("editions.hash"))
    engine: Mapped[str]
    facts_sealed: Mapped[bytes]
    answer_sealed: Mapped[bytes]
    public_sealed: Mapped[bytes | None]
    claims: Mapped[list[Any]] = mapped_column(default=list)
    answer_sha256: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class PaperRequest(Base):
    """A paper that the applicant was asked for; `answered_at` when it came."""

    __tablename__ = "paper_requests"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    document: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str | None]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    answered_at: Mapped[datetime | None]


class PaperReceived(Base):
    """A paper handed in, with the number of its receipt (tanda terima); seen: an officer compared it with the original."""

    __tablename__ = "papers_received"
    id: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[str] = mapped_column(index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    document: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))
    received_at: Mapped[datetime]
    received_by: Mapped[str]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[str | None]


class Submission(Sealing, Base):
    """A self-check that was handed in: by whom, how to reach them, and what they were told when they agreed to it.

    `key` travels with the sealed answers, so that whoever sends them twice has one case.
    """

    __tablename__ = "submissions"
    SEALED = ("name", "phone")
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    name_sealed: Mapped[bytes | None]
    phone_sealed: Mapped[bytes | None]
    consent: Mapped[str]  # the edition of the consent text that was agreed to
    made_at: Mapped[datetime]


class DayCount(Base):
    """How often the public did something on one day, to stop a flood; says nothing of who."""

    __tablename__ = "day_counts"
    day: Mapped[date] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(Integer)


class Decision(Guarded, Base):
    """A proposal about a claim and what became of it; whoever proposes money does not decide about it."""

    __tablename__ = "decisions"
    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"), index=True)
    diagnosis_id: Mapped[int] = mapped_column(ForeignKey("diagnoses.id"))
    proposal: Mapped[str]  # grant | decline
    override: Mapped[bool] = mapped_column(Boolean, default=False)  # against what the engine says
    reason: Mapped[str | None]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    outcome: Mapped[str | None]  # granted | declined | returned
    outcome_reason: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    claim: Mapped[Claim] = relationship()


class Letter(Sealing, Base):
    """A letter as it was sent; `content` is the PDF. One with an `objection_id` goes to an objector, who is protected."""

    __tablename__ = "letters"
    SEALED = ("content",)
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    template: Mapped[str]
    kind: Mapped[str]  # as of its wording: decision_granted, receipt, ...
    subject: Mapped[str]
    lang: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"))
    objection_id: Mapped[int | None] = mapped_column(ForeignKey("objections.id"), index=True)
    content_sealed: Mapped[bytes]
    sha256: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class Objection(Sealing, Guarded, Base):
    """An objection (sanggah) by anybody, or the applicant's wish that a human looks again; the objector is protected."""

    __tablename__ = "objections"
    SEALED = ("objector", "contact")
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]  # objection | review
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))
    objector_sealed: Mapped[bytes | None]
    contact_sealed: Mapped[bytes | None]
    text: Mapped[str]
    channel: Mapped[str]
    received_at: Mapped[datetime]
    due_on: Mapped[date | None] = mapped_column(index=True)  # None: no number of days was in force
    state: Mapped[str]  # open | answered | withdrawn
    answer: Mapped[str | None]
    outcome: Mapped[str | None]  # upheld | rejected | checked_again
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]


class Serial(Base):
    """The last number given out of a series, such as `case:2026`."""

    __tablename__ = "serials"
    series: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
