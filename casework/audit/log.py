"""The audit log: what a unit of work recorded is added at its end, signed in one chain; and the chain is checked.

Whoever writes to the database around the office but has no keys cannot change an entry, take one out, add one or cut the
end off without it being found: each signature covers the entry before, and the last one is signed once more as the end.
What the database alone cannot show is that all of it was put back to an earlier state, log and end together. For that an
end is compared that was kept elsewhere: every backup has one (`stands`). Whoever has the keys can forge everything.
"""

import json
import re
from collections.abc import Collection, Iterable
from datetime import UTC
from typing import Any, NamedTuple

from sqlalchemy import Row, insert, select, text, update

from casework.audit.models import AuditEntry, AuditHead
from casework.store.keys import Keyring
from casework.store.work import Work
from engine.population_number import LENGTH, masked, without_numbers

# One number that all who add to the log lock in PostgreSQL; SQLite has one writer anyway.
_LOCK = 7_083_745
# Of an account or a telephone: digits that stand alone. A checksum has such runs too, but letters beside them.
_ALONE = re.compile(r"(?<![0-9A-Za-z])[0-9]{10,}(?![0-9A-Za-z])")
_LAST = 2
_SIGNED = (AuditEntry.id, AuditEntry.at, AuditEntry.actor, AuditEntry.account_id, AuditEntry.action)
_SIGNED += (AuditEntry.kind, AuditEntry.about, AuditEntry.details, AuditEntry.signature)


class End(NamedTuple):
    """An end of the log: the number of the last entry, and its signature."""

    last: int
    signature: str


class Broken(NamedTuple):
    """Where the chain does not hold: the entry, and what is wrong with it.

    `altered`: it is not what was signed; `gap`: entries before it are gone; `cut`: entries after it are gone; `end`: what
    says where the log ends is not ours.
    """

    id: int
    fault: str


def append(work: Work) -> None:
    """Add what a unit of work recorded. It comes last in a transaction, because it lets others wait until its end."""
    if not work.records:
        return
    session = work.session
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    before = _end(work)
    number, signature = before or _loose_end(work)
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
            details=_masked(json.loads(json.dumps(record.details))),
        )
        entry.signature = signature = _signature(work.keys, entry, signature)
        session.add(entry)
    session.flush()
    _put_end(work, End(number, signature))
    work.records.clear()


def verify(work: Work) -> tuple[int, list[Broken]]:
    """Check the whole chain; gives the number of the last entry, and every place where it does not hold."""
    rows = work.session.execute(select(*_SIGNED).order_by(AuditEntry.id).execution_options(yield_per=1000))
    end, broken = _walk(work.keys, rows)
    return end.last, broken + _faults_of_the_end(work, end)


def broken_among(work: Work, ids: Collection[int]) -> set[int]:
    """Say which of some entries are not what was signed, or do not follow on the one before; in the time of a page."""
    known = {row.id: row for row in work.session.execute(select(*_SIGNED).where(AuditEntry.id.in_(_with_before(ids))))}
    befores = {id_: known[id_ - 1].signature if id_ - 1 in known else "" for id_ in ids if id_ in known}
    return {id_ for id_, before in befores.items() if known[id_].signature != _signature(work.keys, known[id_], before)}


def end(work: Work) -> End:
    """Give where the log ends now, to be kept elsewhere."""
    return _end(work) or _loose_end(work)


def stands(work: Work, kept: End) -> bool:
    """Say whether the log still has an entry that was once its end: False when it was put back to before that."""
    found = work.session.scalar(select(AuditEntry.signature).where(AuditEntry.id == kept.last))
    return kept == End(0, "") or found == kept.signature


def is_signed(keys: Keyring, end: End, signature: str) -> bool:
    """Say whether an end is one that was signed here."""
    return signature == keys.sign(_said_of(end))


def _with_before(ids: Collection[int]) -> set[int]:
    return {*ids, *(id_ - 1 for id_ in ids)}


def _walk(keys: Keyring, rows: Iterable[Row[Any]]) -> tuple[End, list[Broken]]:
    before, broken = End(0, ""), []
    for row in rows:
        if row.id != before.last + 1:
            broken.append(Broken(row.id, "gap"))
        elif row.signature != _signature(keys, row, before.signature):
            broken.append(Broken(row.id, "altered"))
        before = End(row.id, row.signature)
    return before, broken


def _faults_of_the_end(work: Work, found: End) -> list[Broken]:
    said = _end(work)
    if said is None:
        return [Broken(found.last, "end")] if found.last or _has_end(work) else []
    return [] if said == found else [Broken(found.last, "cut")]


def _end(work: Work) -> End | None:
    """Give the end that is signed; None when there is none, or it is not ours."""
    found = work.session.execute(select(AuditHead.last, AuditHead.entry_signature, AuditHead.signature)).one_or_none()
    if found is None or not is_signed(work.keys, End(found.last, found.entry_signature), found.signature):
        return None
    return End(found.last, found.entry_signature)


def _has_end(work: Work) -> bool:
    return work.session.scalar(select(AuditHead.id)) is not None


def _loose_end(work: Work) -> End:
    """Where to go on when no end is signed: at the beginning, or after entries that nobody vouches for any more.

    Then the signature before is none of theirs, so that the place is found for ever after.
    """
    last = work.session.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1))
    return End(last or 0, "")


def _put_end(work: Work, end: End) -> None:
    values = {"last": end.last, "entry_signature": end.signature, "signature": work.keys.sign(_said_of(end))}
    if work.session.execute(update(AuditHead).where(AuditHead.id == 1).values(**values)).rowcount == 0:
        work.session.execute(insert(AuditHead).values(id=1, **values))


def _signature(keys: Keyring, entry: Any, before: str) -> str:
    parts = [before, entry.id, entry.at.astimezone(UTC).isoformat(), entry.actor, entry.account_id]
    parts += [entry.action, entry.kind, entry.about, entry.details]
    return keys.sign(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode())


def _said_of(end: End) -> bytes:
    return f"end of the audit log: {end.last} {end.signature}".encode()


def _masked(details: Any) -> Any:
    """Hide every whole number of a person or an account, however deep it stands."""
    if isinstance(details, str):
        return _ALONE.sub(lambda found: "*" * (len(found[0]) - _LAST) + found[0][-_LAST:], without_numbers(details))
    if isinstance(details, dict):
        return {_masked(key): _masked(value) for key, value in details.items()}
    if isinstance(details, list | tuple):
        return [_masked(value) for value in details]
    if isinstance(details, int) and len(str(details)) == LENGTH:
        return masked(str(details))
    return details
