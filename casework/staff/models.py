"""The tables of accounts, posts and sign-ins."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.store.base import Base, Guarded, Sealing


class Account(Guarded, Sealing, Base):
    """A person who works with the system."""

    __tablename__ = "accounts"
    SEALED = ("totp",)
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    totp_sealed: Mapped[bytes | None]
    totp_used: Mapped[int | None]  # the last time step whose code was used: no code counts twice
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    must_change: Mapped[bool] = mapped_column(Boolean, default=False)
    one_time_until: Mapped[datetime | None]  # until when a password counts that an administrator gave
    failures: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None]
    made_at: Mapped[datetime]
    posts: Mapped[list["AccountPost"]] = relationship(
        cascade="all, delete-orphan", order_by="AccountPost.id", lazy="selectin"
    )


class AccountPost(Base):
    """A role that an account has in an area (`casework.staff.actors.Post`)."""

    __tablename__ = "account_posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]
    village: Mapped[str] = mapped_column(default="")
    hamlet: Mapped[str] = mapped_column(default="")
    rw: Mapped[str] = mapped_column(default="")
    rt: Mapped[str] = mapped_column(default="")
    programs: Mapped[list[Any]] = mapped_column(default=list)
    secrets: Mapped[bool] = mapped_column(Boolean, default=True)


class SignIn(Base):
    """One browser that is signed in; only a hash of its token is kept."""

    __tablename__ = "sign_ins"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    factor: Mapped[bool] = mapped_column(Boolean, default=False)  # the second factor was given
    complete: Mapped[bool] = mapped_column(Boolean, default=False)  # nothing is left to give
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
