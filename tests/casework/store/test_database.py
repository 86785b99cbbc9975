"""The database: its schema in steps, work as a whole or not at all, and the later of two writers is told."""

from datetime import timedelta

import pytest
from sqlalchemy import func, inspect, select

from benchmarks.office import postgres
from casework.people.models import Household
from casework.refusals import ChangedMeanwhile
from casework.store.database import Database
from tests.casework import stage
from tests.casework.databases import KEYS


@pytest.fixture(params=["sqlite", "postgresql"])
def blank(request, tmp_path):
    """Give a database without a schema."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/blank.db"
    else:
        cluster = request.getfixturevalue("postgres_template")
        url = postgres.create(cluster, "blank")
        request.addfinalizer(lambda: postgres.drop(cluster, "blank"))
    database = Database(url, KEYS)
    yield database
    database.close()


def households(database):
    with database.reading() as work:
        return work.session.scalar(select(func.count()).select_from(Household))


def test_the_schema_goes_up_and_down_in_steps(blank):
    """Nothing is left of it at the bottom, and it can be made again."""
    from alembic import command

    assert blank.revision() is None
    blank.upgrade()
    assert blank.revision() == blank.newest_revision()
    command.downgrade(blank.alembic(), "base")
    assert set(inspect(blank.engine).get_table_names()) == {"alembic_version"}
    blank.upgrade()
    assert households(blank) == 0


def test_work_that_is_given_up_leaves_nothing(database):
    """Not even its first half."""
    with pytest.raises(ZeroDivisionError), database.work() as work:
        stage.household(work, "Siti")
        raise ZeroDivisionError

    assert households(database) == 0


def test_the_later_of_two_writers_is_told(database):
    """Both had the same household before them; nothing of the first is overwritten."""
    with database.work() as work:
        home = stage.household(work, "Siti")
    before_them = []
    for _ in range(2):
        with database.reading() as work:
            before_them.append(work.session.get(Household, home.id))
            work.session.expunge_all()
    for mine, name in zip(before_them, "AB", strict=True):
        mine.name = name

    with database.work() as work:
        work.session.add(before_them[0])
    with pytest.raises(ChangedMeanwhile), database.work() as work:
        work.session.add(before_them[1])
    with database.reading() as work:
        assert work.session.get(Household, home.id).name == "A"


def test_what_was_shown_before_is_compared_with_what_is_there(sqlite):
    """A form carries the version that it showed."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti")
    with sqlite.work() as work:
        home = work.session.get(Household, home.id)
        work.same(home, home.version)
        work.same(home, str(home.version))
        with pytest.raises(ChangedMeanwhile):
            work.same(home, home.version + 1)


def test_readers_do_not_wait_for_a_writer(database):
    """They see what was there before."""
    with database.work() as work:
        stage.household(work, "Siti")
        work.session.flush()
        assert households(database) == 0

    assert households(database) == 1


def test_moments_keep_their_instant(database, clock):
    """Whatever the zone; the day is that of Kediri."""
    clock.moment += timedelta(hours=16)  # 18:00 UTC: one in the morning of the 24th in Kediri
    with database.work() as work:
        home = stage.household(work, "Siti")
        assert work.today.isoformat() == "2026-11-24"
    with database.reading() as work:
        assert work.session.get(Household, home.id).registered_at == clock.moment
