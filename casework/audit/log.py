"""The audit log: what a unit of work recorded is added at its end, signed in one chain; and the chain is checked."""

import json
from typing import Any, NamedTuple

from sqlalchemy import select, text

from casework.audit.models import AuditEntry
from casework.store.keys import Keyring
from casework.store.work import Work
from engine.population_number import without_numbers

# One number that all who add to the log lock in PostgreSQL; SQLite has one writer anyway.
_LOCK = 7_083_745


class Broken(NamedTuple):
    """Where the chain does not hold: the entry, and what is wrong with it (`altered`, `gap`)."""

    id: int
    fault: str


def append(work: Work) -> None:
    """Add what a unit of work recorded. It comes last in a transaction, because it lets others wait until its end."""
    if not work.records:
        return
    session = work.session
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = session.execute(
        select(AuditEntry.id, AuditEntry.signature).order_by(AuditEntry.id.desc()).limit(1)
    ).one_or_none()
    number, signature = last or (0, "")
    for record in work.records:
        number += 1
        entry = AuditEntry(
            id=number,
            at=work.now,
            actor=work.actor.name,
            account_id=work.actor.account,
            action=record.action,
            kind=record.kind,
            about=without_numbers(record.about),
            details=_masked(record.details),
        )
        entry.signature = signature = _signature(work.keys, entry, signature)
        session.add(entry)
    session.flush()
    work.records.clear()


def verify(work: Work) -> tuple[int, list[Broken]]:
    """Check the whole chain; gives how many entries there are, and every place where it does not hold."""
    broken: list[Broken] = []
    number, signature = 0, ""
    for entry in work.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).yield_per(1000):
        if entry.id != number + 1:
            broken.append(Broken(entry.id, "gap"))
        elif entry.signature != _signature(work.keys, entry, signature):
            broken.append(Broken(entry.id, "altered"))
        number, signature = entry.id, entry.signature
    return number, broken


def _signature(keys: Keyring, entry: AuditEntry, before: str) -> str:
    parts = [before, entry.id, entry.at.isoformat(), entry.actor, entry.account_id]
    parts += [entry.action, entry.kind, entry.about, entry.details]
    return keys.sign(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode())


def _masked(details: Any) -> Any:
    if isinstance(details, str):
        return without_numbers(details)
    if isinstance(details, dict):
        return {key: _masked(value) for key, value in details.items()}
    if isinstance(details, list | tuple):
        return [_masked(value) for value in details]
    return details
