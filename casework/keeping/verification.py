"""Whether what is kept is whole: the schema, the audit log's chain, every sealed value, the database's own structure."""

from collections.abc import Callable
from dataclasses import dataclass

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text

from casework.audit import log
from casework.keeping.resealing import sealing_tables
from casework.refusals import Refused
from casework.store.database import Database
from casework.store.tables import Base

_MOST = 20


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: how much of it, and what is wrong with it (at most some of the faults)."""

    what: str
    count: int
    faults: tuple[str, ...]


def verify(database: Database) -> list[Finding]:
    """Look at everything."""
    looks: list[Callable[[Database], Finding]] = [_schema, _audit_log, _sealed, _structure]
    return [look(database) for look in looks]


def _schema(database: Database) -> Finding:
    faults = []
    if database.revision() != database.newest_revision():
        faults.append(f"schema {database.revision()}, newest {database.newest_revision()}: run tepat db upgrade")
    with database.snapshot() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    faults += [str(one) for one in differences[:_MOST]]
    return Finding("schema", len(Base.metadata.tables), tuple(faults))


def _audit_log(database: Database) -> Finding:
    with database.reading() as work:
        count, broken = log.verify(work)
    return Finding("audit log", count, tuple(f"entry {one.id}: {one.fault}" for one in broken[:_MOST]))


def _sealed(database: Database) -> Finding:
    """Open every sealed value; where it can be searched for, its index must be that of what is in it."""
    count, faults = 0, []
    with database.reading() as work:
        for table in sealing_tables():
            for row in work.session.scalars(select(table)).yield_per(500):
                for field in table.SEALED:
                    if getattr(row, f"{field}_sealed") is None:
                        continue
                    count += 1
                    try:
                        plain = row.opened_bytes(work.keys, field)
                    except Refused as refused:
                        faults.append(f"{table.__tablename__} {row.uid} {field}: {refused.code}")
                        continue
                    index = getattr(row, f"{field}_index", None)
                    if index is not None and index != work.keys.index(field, plain.decode()):
                        faults.append(f"{table.__tablename__} {row.uid} {field}: index")
    return Finding("sealed values", count, tuple(faults[:_MOST]))


def _structure(database: Database) -> Finding:
    """SQLite checks its pages and foreign keys; PostgreSQL never leaves its constraints unchecked."""
    if not database.is_sqlite:
        return Finding("constraints", 0, ())
    with database.snapshot() as connection:
        pages = [row[0] for row in connection.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
        keys = [f"{row[0]} {row[1]}: no such {row[2]}" for row in connection.execute(text("PRAGMA foreign_key_check"))]
    return Finding("structure", 1, tuple((pages + keys)[:_MOST]))
