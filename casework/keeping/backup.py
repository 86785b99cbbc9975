"""A copy of everything, and the way back: one zip with a file of JSON lines for each table and a manifest.

It is read in one transaction that sees one state, so people may go on working. It belongs to no kind of database: what
SQLite kept can go back into PostgreSQL. What is sealed stays sealed; the keys are not in it.
"""

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Date, LargeBinary, Table, func, insert, select, text

from casework.refusals import Refused
from casework.store.base import Moment
from casework.store.database import Database
from casework.store.tables import Base

FORMAT = 1
_MANIFEST = "manifest.json"
_AT_ONCE = 2000


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: the schema's revision, rows and SHA-256 of each table, and when it was made."""

    format: int
    revision: str
    made_at: str
    rows: dict[str, int]
    sha256: dict[str, str]


def write(database: Database, file: Path) -> Manifest:
    """Write a backup. Raises: FileExistsError, when the file is there already."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(file.name + ".part")
    if file.exists():
        raise FileExistsError(file)
    try:
        with (
            database.snapshot() as connection,
            zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as out,
        ):
            rows, sums = {}, {}
            for table in Base.metadata.sorted_tables:
                rows[table.name], sums[table.name] = _put(connection, table, out)
            manifest = Manifest(FORMAT, database.revision(), database.now().isoformat(), rows, sums)
            out.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))
        unfinished.chmod(0o600)
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def restore(database: Database, file: Path) -> Manifest:
    """Fill a database without rows.

    Raises:
        Refused: when the file is no backup or damaged (`backup-unreadable`), of another schema (`backup-revision`),
            or the database is not empty (`not-empty`).
    """
    database.upgrade()
    try:
        with zipfile.ZipFile(file) as packed:
            manifest = Manifest(**json.loads(packed.read(_MANIFEST)))
            if manifest.revision != database.revision():
                raise Refused("backup-revision", theirs=manifest.revision, ours=database.revision())
            with database.engine.begin() as connection:
                _refuse_rows(connection)
                for table in Base.metadata.sorted_tables:
                    _fill(connection, table, packed, manifest)
                set_sequences(connection)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise Refused("backup-unreadable", fault=type(error).__name__) from None
    return manifest


def _put(connection: Connection, table: Table, out: zipfile.ZipFile) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    found = connection.execution_options(yield_per=_AT_ONCE).execute(select(table).order_by(*table.primary_key))
    with out.open(f"{table.name}.jsonl", "w") as lines:
        for row in found.mappings():
            line = json.dumps({key: _plain(value) for key, value in row.items()}, ensure_ascii=False).encode() + b"\n"
            digest.update(line)
            lines.write(line)
            count += 1
    return count, digest.hexdigest()


def _fill(connection: Connection, table: Table, packed: zipfile.ZipFile, manifest: Manifest) -> None:
    digest, count, rows = hashlib.sha256(), 0, []
    for line in _lines(packed, table):
        digest.update(line)
        row = json.loads(line)
        rows.append({column.name: _read(column.type, row[column.name]) for column in table.columns})
        count += 1
        if len(rows) == _AT_ONCE:
            connection.execute(insert(table), rows)
            rows = []
    if rows:
        connection.execute(insert(table), rows)
    if (count, digest.hexdigest()) != (manifest.rows[table.name], manifest.sha256[table.name]):
        raise ValueError(table.name)


def _lines(packed: zipfile.ZipFile, table: Table) -> Iterator[bytes]:
    with packed.open(f"{table.name}.jsonl") as lines:
        yield from lines


def _refuse_rows(connection: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        if connection.execute(select(func.count()).select_from(table)).scalar():
            raise Refused("not-empty", table=table.name)


def set_sequences(connection: Connection) -> None:
    """Let PostgreSQL go on counting where the rows that came back end."""
    if connection.dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        if "id" in table.columns and table.columns["id"].autoincrement is not False:
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
                    f"coalesce(max(id), 1), max(id) IS NOT NULL) FROM {table.name}"
                )
            )


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date | datetime) else value


def _read(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
