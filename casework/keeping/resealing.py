"""Sealing everything anew with the newest key, a few rows at a time, so that work goes on and it can be taken up again."""

from collections.abc import Callable, Iterator

from sqlalchemy import func, select, update

from casework.store.base import Base, Sealing, sealed_columns
from casework.store.database import Database
from casework.store.keys import Keyring
from casework.store.work import Work

_AT_ONCE = 500


def sealing_tables() -> list[type[Sealing]]:
    """Give every table that keeps something sealed."""
    return [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Sealing)]


def count(database: Database) -> int:
    """Give how many rows hold something that another key than the newest sealed."""
    with database.reading() as work:
        return sum(
            work.session.scalar(select(func.count()).select_from(table).where(_old(table, field, work.keys)))
            for table, field in _fields()
        )


def reseal(database: Database, done: Callable[[int], object] = lambda number: None) -> None:
    """Seal with the newest key whatever another one sealed; `done` is told how many values were."""
    for table, field in _fields():
        while True:
            with database.work() as work:
                number = _some(work, table, field)
                if number:
                    work.record("keys.resealed", table.__tablename__, field, values=number)
            if not number:
                break
            done(number)


def _fields() -> Iterator[tuple[type[Sealing], str]]:
    for table in sealing_tables():
        for field in table.SEALED:
            yield table, field


def _some(work: Work, table: type[Sealing], field: str) -> int:
    rows = work.session.scalars(select(table).where(_old(table, field, work.keys)).limit(_AT_ONCE)).all()
    for row in rows:
        plain = row.opened_bytes(work.keys, field)
        sealed = sealed_columns(table, work.keys, row.uid, field, plain)[f"{field}_sealed"]
        # Past the version: what is sealed is the same, so nobody who has the row open is disturbed.
        work.session.execute(update(table).where(table.uid == row.uid).values({f"{field}_sealed": sealed}))
    return len(rows)


def _old(table: type[Sealing], field: str, keys: Keyring) -> object:
    """The condition that a column is sealed, but does not begin with the id of the newest key."""
    column = getattr(table, f"{field}_sealed")
    return column.is_not(None) & (func.substr(column, 1, len(keys.newest)) != keys.newest)
