"""What the database itself refuses, whoever asks: to change what is only ever added to, and to hold aid twice."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

APPEND_ONLY = ("observations", "secret_observations", "audit_log", "moves")

_TWICE_SQLITE = """
CREATE TRIGGER holds_twice_{event} BEFORE {event} ON holds
WHEN EXISTS (SELECT 1 FROM holds WHERE slot = NEW.slot AND holder = NEW.holder AND id IS NOT NEW.id
             AND since <= NEW.until AND until >= NEW.since)
BEGIN SELECT RAISE(ABORT, 'holds_twice'); END
"""
_TWICE_POSTGRESQL = """
ALTER TABLE holds ADD CONSTRAINT holds_twice
EXCLUDE USING gist (slot WITH =, holder WITH =, daterange(since, until, '[]') WITH &&)
"""
_KEPT_SQLITE = """
CREATE TRIGGER {table}_kept_{event} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END
"""
# Erasure (UU 27/2022) sets `tepat.erasing` for its own transaction; on SQLite it takes the triggers off and on in one.
_KEPT_FUNCTION = """
CREATE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('tepat.erasing', true) = 'yes' AND TG_TABLE_NAME <> 'audit_log' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME;
END $$
"""
_KEPT_POSTGRESQL = """
CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION only_added_to()
"""


def make_guards(connection: Connection) -> None:
    """Put the guards up."""
    if connection.dialect.name == "sqlite":
        for event in ("INSERT", "UPDATE"):
            connection.execute(text(_TWICE_SQLITE.format(event=event)))
        for table in APPEND_ONLY:
            keep(connection, table)
        return
    connection.execute(text("CREATE EXTENSION IF NOT EXISTS btree_gist"))
    connection.execute(text(_TWICE_POSTGRESQL))
    connection.execute(text(_KEPT_FUNCTION))
    for table in APPEND_ONLY:
        connection.execute(text(_KEPT_POSTGRESQL.format(table=table)))


def keep(connection: Connection, table: str) -> None:
    """Put up SQLite's guard of a table that is only ever added to."""
    for event in ("UPDATE", "DELETE"):
        connection.execute(text(_KEPT_SQLITE.format(table=table, event=event)))


@contextmanager
def erasing(session: Session) -> Iterator[None]:
    """Let this transaction change what is only ever added to; never the audit log."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT set_config('tepat.erasing', 'yes', true)"))
        yield
        session.flush()
        connection.execute(text("SELECT set_config('tepat.erasing', '', true)"))
        return
    tables = [table for table in APPEND_ONLY if table != "audit_log"]
    for table in tables:
        for event in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER {table}_kept_{event}"))
    yield
    session.flush()
    for table in tables:
        keep(connection, table)


def drop_guards(connection: Connection) -> None:
    """Take the guards down, before their tables."""
    if connection.dialect.name == "sqlite":
        return
    for table in APPEND_ONLY:
        connection.execute(text(f"DROP TRIGGER {table}_kept ON {table}"))
    connection.execute(text("DROP FUNCTION only_added_to()"))
