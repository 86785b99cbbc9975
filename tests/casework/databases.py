"""A database for each test, empty but for its schema: SQLite, and a real PostgreSQL; and an office with people in it."""

import itertools
import shutil
from datetime import UTC, datetime

import pytest

from benchmarks.office import postgres
from casework.store.database import Database
from casework.store.keys import Keyring
from engine.diagnosis import Office
from tests.casework import stage

KEYS = Keyring([b"k" * 32], b"s" * 32)
_numbers = itertools.count(1)


class Clock:
    """A clock that stands until it is put forward."""

    def __init__(self, moment):
        self.moment = moment

    def __call__(self):
        return self.moment


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """Give an SQLite file with the newest schema, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{file}", KEYS)
    database.upgrade()
    database.close()
    return file


@pytest.fixture(scope="session")
def postgres_template():
    """Give a cluster's address with a database `template` that has the newest schema."""
    with postgres.cluster() as address:
        database = Database(postgres.create(address, "template"), KEYS)
        database.upgrade()
        database.close()
        yield address


@pytest.fixture
def clock():
    """Give the clock of the tests' databases: Monday 23 November 2026, nine in the morning in Kediri."""
    return Clock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))


@pytest.fixture
def sqlite(sqlite_template, tmp_path, clock):
    """Give an SQLite database of its own."""
    file = tmp_path / "tepat.db"
    shutil.copy(sqlite_template, file)
    database = Database(f"sqlite:///{file}", KEYS, clock)
    yield database
    database.close()


@pytest.fixture
def postgresql(postgres_template, clock):
    """Give a PostgreSQL database of its own."""
    name = f"test{next(_numbers)}"
    database = Database(postgres.create(postgres_template, name, "template"), KEYS, clock)
    yield database
    database.close()
    postgres.drop(postgres_template, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    """Give the database under test, once of each kind: for constraints, concurrency, migrations and the main way."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def office():
    """Give the real knowledge, ready."""
    return Office.open(stage.CHECKOUT)
