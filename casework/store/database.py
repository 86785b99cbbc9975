"""The database: SQLite in WAL mode beside the knowledge, or the PostgreSQL that `DATABASE_URL` names."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from casework.audit import log
from casework.refusals import ChangedMeanwhile
from casework.staff.actors import SYSTEM, Actor
from casework.store.keys import Keyring
from casework.store.work import Work

# How long a writer waits for the others, in milliseconds; SQLite has one writer at a time.
_PATIENCE = 20_000


class Database:
    """One database with its keys and its clock. Safe under threads; make it once in each process."""

    def __init__(self, url: str, keys: Keyring, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.keys, self.now = keys, now
        self.url = make_url(url)
        if self.url.drivername == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.engine = _engine(self.url)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def work(self, actor: Actor = SYSTEM) -> Iterator[Work]:
        """Do something as a whole: committed when the block ends, rolled back when it raises.

        Raises:
            ChangedMeanwhile: when somebody else changed the same row first.
        """
        with Session(self.engine, expire_on_commit=False) as session:
            work = Work(session, actor, self.now(), self.keys)
            try:
                yield work
                session.flush()
                log.append(work)
                session.commit()
            except StaleDataError:
                raise ChangedMeanwhile from None

    @contextmanager
    def reading(self, actor: Actor = SYSTEM) -> Iterator[Work]:
        """Look at something; what was recorded (who looked at whose file) is written in a transaction of its own."""
        with Session(self.engine.execution_options(reads=True)) as session:
            work = Work(session, actor, self.now(), self.keys, seen={})
            yield work
            session.rollback()
        if work.records:
            with self.work(actor) as writing:
                writing.records.extend(work.records)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Give a connection that sees one state of everything, whatever others write meanwhile."""
        options: dict[str, Any] = {"reads": True}
        if not self.is_sqlite:
            options["isolation_level"] = "REPEATABLE READ"
        with self.engine.connect().execution_options(**options) as connection:
            yield connection
            connection.rollback()

    def revision(self) -> str | None:
        """Give the revision of the schema; None when there is none yet."""
        with self.engine.execution_options(reads=True).connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def newest_revision(self) -> str | None:
        return ScriptDirectory.from_config(self.alembic()).get_current_head()

    def upgrade(self, revision: str = "head") -> None:
        """Bring the schema to a revision, the newest unless said otherwise."""
        command.upgrade(self.alembic(), revision)

    def alembic(self) -> Config:
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
        config.attributes["engine"] = self.engine
        return config

    def close(self) -> None:
        self.engine.dispose()


def _engine(url: Any) -> Engine:
    if url.get_backend_name() != "sqlite":
        engine = create_engine(url, pool_size=8, max_overflow=16, pool_pre_ping=True)
        event.listen(engine, "reset", _end)
        return engine
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": _PATIENCE / 1000}, pool_size=8, max_overflow=56)
    event.listen(engine, "reset", _end)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver's guess
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_PATIENCE}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A reader that turns writer halfway would be refused at once; writers therefore queue from the beginning.
        reads = connection.get_execution_options().get("reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _end(connection: Any, _record: Any, _state: Any) -> None:
    """End what a commit that failed has left open: SQLAlchemy takes it for ended, and the next to write would find it."""
    connection.rollback()
