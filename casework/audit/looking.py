"""Looking into the audit log: by who, what, about what and when, a page at a time, the newest first.

What a case or a person's file is about can follow from the details of an entry. So they are shown to those only who may
know what is confidential; of everybody else's own business, such as accounts, they are shown to all who read the log.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from casework.audit import log
from casework.audit.models import AuditEntry
from casework.store.work import ZONE, Work

READ = "audit.read"
AT_ONCE = 50
# What no resident's business is in.
OF_THE_OFFICE = frozenset({"account", "audit", "office", "knowledge", "import", "batch"})


@dataclass(frozen=True)
class Wanted:
    """Which entries to show; what is not said does not matter.

    Attributes:
        who: A part of the name of who did it.
        account: The account of who did it.
        what: How the action begins, such as `case.` or `case.read`.
        kind: The kind of thing it was done to.
        about: Which of that kind, in full.
        since: The first day.
        until: The last day.
    """

    who: str = ""
    account: int | None = None
    what: str = ""
    kind: str = ""
    about: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Shown:
    """One entry as it is shown; `details` None: this reader does not see them."""

    id: int
    at: datetime
    actor: str
    account: int | None
    action: str
    kind: str
    about: str
    details: dict[str, Any] | None
    whole: bool


@dataclass(frozen=True)
class Page:
    """Some entries, how many there are in all, and before which entry the next page goes on (None: it is the last)."""

    entries: tuple[Shown, ...]
    count: int
    before: int | None


def look(work: Work, wanted: Wanted, before: int | None = None) -> Page:
    """Give a page of the log; that somebody looked is on record too."""
    work.require(READ)
    query = _matching(wanted)
    count = work.session.scalar(select(func.count()).select_from(query.subquery()))
    if before is not None:
        query = query.where(AuditEntry.id < before)
    rows = work.session.scalars(query.order_by(AuditEntry.id.desc()).limit(AT_ONCE + 1)).all()
    page = rows[:AT_ONCE]
    broken = log.broken_among(work, [entry.id for entry in page])
    entries = tuple(_shown(work, entry, entry.id not in broken) for entry in page)
    if before is None:
        work.record("audit.read", "audit", "", **_said(wanted))
    return Page(entries, count, page[-1].id if len(rows) > AT_ONCE else None)


def kinds(work: Work) -> list[str]:
    """Give the kinds of things that entries are about."""
    work.require(READ)
    return list(work.session.scalars(select(AuditEntry.kind).distinct().order_by(AuditEntry.kind)))


def check(work: Work) -> tuple[int, list[log.Broken]]:
    """Check the whole log, as somebody who may read it; that it was checked is on record."""
    work.require(READ)
    last, broken = log.verify(work)
    work.record("audit.verified", "audit", "", last=last, broken=len(broken))
    return last, broken


def _matching(wanted: Wanted) -> Select[tuple[AuditEntry]]:
    query = select(AuditEntry)
    if wanted.who:
        query = query.where(AuditEntry.actor.icontains(wanted.who, autoescape=True))
    if wanted.account is not None:
        query = query.where(AuditEntry.account_id == wanted.account)
    if wanted.what:
        query = query.where(AuditEntry.action.startswith(wanted.what, autoescape=True))
    if wanted.kind:
        query = query.where(AuditEntry.kind == wanted.kind)
    if wanted.about:
        query = query.where(AuditEntry.about == wanted.about)
    if wanted.since:
        query = query.where(AuditEntry.at >= _midnight(wanted.since))
    if wanted.until:
        query = query.where(AuditEntry.at < _midnight(wanted.until + timedelta(days=1)))
    return query


def _shown(work: Work, entry: AuditEntry, whole: bool) -> Shown:
    open_ = entry.kind in OF_THE_OFFICE or work.actor.may("secrets.read")
    return Shown(
        entry.id,
        entry.at,
        entry.actor,
        entry.account_id,
        entry.action,
        entry.kind,
        entry.about,
        entry.details if open_ else None,
        whole,
    )


def _midnight(day: date) -> datetime:
    """A day is one of the office's clock."""
    return datetime.combine(day, time(), ZONE)


def _said(wanted: Wanted) -> dict[str, Any]:
    said = {name: value for name, value in vars(wanted).items() if value not in ("", None)}
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}
    return {"wanted": plain} if plain else {}
