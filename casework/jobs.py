"""Work that takes longer than somebody waits for a page: queued in a file beside the database, done one after the other.

Only ids are queued, never what somebody uploaded. A job that a crash cut off is found again in the database when the
consumer starts (`resume`), so the file may be deleted at any time.
"""

import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from huey import SqliteHuey
from huey.consumer import Consumer

from casework.people import imports
from casework.store.database import Database
from engine.knowledge.model import Knowledge

FILE = "jobs.db"
_log = logging.getLogger(__name__)


class Jobs:
    """The jobs of one database. Without a file, a job is done at once, by whoever asks for it.

    Args:
        database: What the jobs work on.
        knowledge: The edition they go by.
        file: The queue; None does jobs at once (tests, a machine with one process).
    """

    def __init__(self, database: Database, knowledge: Knowledge, file: Path | None = None) -> None:
        self.database, self.knowledge = database, knowledge
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        self.huey = SqliteHuey("tepat", filename=str(file or ":memory:"), results=False, immediate=file is None)
        self.read_import = self._job("read_import", self._read_import)
        self.apply_import = self._job("apply_import", self._apply_import)
        self.find_likenesses = self._job("find_likenesses", self._find_likenesses)

    def close(self) -> None:
        """Close the queue, before a process divides: each opens it again for itself."""
        self.huey.storage.close()

    def resume(self) -> None:
        """Queue again what a crash cut off."""
        for id_, state in imports.unfinished(self.database):
            (self.read_import if state == "reading" else self.apply_import)(id_)

    def run(self) -> None:
        """Do jobs until the process is told to stop (SIGINT, SIGTERM); for a process of its own."""
        self.resume()
        self.huey.create_consumer(workers=1, periodic=False, max_delay=1.0).run()

    def start(self) -> Callable[[], None]:
        """Do jobs in threads of this process; gives what stops them, after the job at hand."""
        self.resume()
        consumer = _Quiet(self.huey, workers=1, periodic=False, max_delay=1.0)
        consumer.start()
        return lambda: consumer.stop(graceful=True)

    def _job(self, name: str, do: Callable[..., None]) -> Callable[..., Any]:
        def done(*ids: int | None) -> None:
            try:
                do(*ids)
            except Exception as error:
                # What stands in an exception may be somebody's number; where it came from is not.
                where = "".join(traceback.format_tb(error.__traceback__))
                _log.error("the job %s failed: %s\n%s", name, type(error).__name__, where)

        done.__name__ = name
        return self.huey.task(name=name)(done)

    def _read_import(self, id_: int) -> None:
        imports.read(self.database, self.knowledge, id_)

    def _apply_import(self, id_: int) -> None:
        imports.bring_in(self.database, self.knowledge, id_)

    def _find_likenesses(self) -> None:
        from casework.people import likeness  # brings its own database along; only this job needs it

        likeness.find(self.database)


class _Quiet(Consumer):
    """A consumer that leaves the process's signals alone."""

    def _set_signal_handlers(self) -> None:
        pass
