"""The tables of the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.base import Base


class AuditEntry(Base):
    """One thing that was done. `signature` covers it and the signature of the entry before."""

    __tablename__ = "audit_log"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    account_id: Mapped[int | None]
    action: Mapped[str]
    kind: Mapped[str]
    about: Mapped[str]
    details: Mapped[dict[str, Any]]
    signature: Mapped[str]
    __table_args__ = (
        Index("ix_audit_log_about", "kind", "about"),
        Index("ix_audit_log_at", "at"),
        Index("ix_audit_log_account_id", "account_id"),
    )


class AuditHead(Base):
    """Where the log ends: its last entry, signed on its own, so that an end that was cut off is missed."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(Integer, CheckConstraint("id = 1", name="one"), primary_key=True)
    last: Mapped[int]
    entry_signature: Mapped[str]
    signature: Mapped[str]
