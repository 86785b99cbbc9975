"""Backup and restore: everything comes back, into a database of either kind, and a damaged copy is refused whole."""

import json
import threading
import zipfile

import pytest
from sqlalchemy import func, select

from benchmarks.office import postgres
from casework.keeping import backup
from casework.keeping.verification import verify
from casework.people.models import Household, Person
from casework.refusals import Refused
from casework.store.database import Database
from tests.casework import stage
from tests.casework.databases import KEYS


@pytest.fixture
def full(database):
    """Give a database with two households and their numbers, a merged person, and a look that is on record."""
    with database.work() as work:
        home = stage.household(work, "Siti Aminah", "Budi", kk="3506070203800000")
        home.people[0].seal(work.keys, "nik", "3506074203800000")
        home.people[0].merged_into = home.people[1].id
        stage.household(work, "Wagiyem", village=stage.OTHER_VILLAGE)
        work.record("household.registered", "household", home.id)
    return database


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path, postgres_template):
    """Give another database, without a schema, of each kind."""
    name = "empty"
    url = f"sqlite:///{tmp_path}/empty.db" if request.param == "sqlite" else postgres.create(postgres_template, name)
    database = Database(url, KEYS)
    yield database
    database.close()
    if request.param == "postgresql":
        postgres.drop(postgres_template, name)


def everything(database):
    with database.reading() as work:
        return {
            table.name: [tuple(row) for row in work.session.execute(select(table).order_by(*table.primary_key))]
            for table in backup.Base.metadata.sorted_tables
        }


def test_everything_comes_back_into_a_database_of_either_kind(full, empty, tmp_path):
    """Row by row, sealed as it was; and work can go on."""
    before = everything(full)
    backup.write(full, tmp_path / "copy.zip")
    backup.restore(empty, tmp_path / "copy.zip")

    assert everything(empty) == before
    assert [finding.faults for finding in verify(empty)] == [(), (), (), ()]
    with empty.work() as work:
        stage.household(work, "Baru")
        assert work.session.scalar(select(func.count()).select_from(Household)) == 3


def test_a_backup_while_people_work_holds_one_state(full, tmp_path):
    """A household that is entered meanwhile is in it whole, with its people, or not at all."""
    stop = threading.Event()

    def enter():
        while not stop.is_set():
            with full.work() as work:
                stage.household(work, "Meanwhile", "Meanwhile too")

    thread = threading.Thread(target=enter)
    thread.start()
    try:
        manifests = [backup.write(full, tmp_path / f"copy{number}.zip") for number in range(5)]
    finally:
        stop.set()
        thread.join()

    # Two households of before with three people; every other has two.
    assert all(one.rows["people"] - 3 == 2 * (one.rows["households"] - 2) for one in manifests)


def test_a_backup_is_never_overwritten(full, tmp_path):
    """The older copy may be the good one."""
    backup.write(full, tmp_path / "copy.zip")
    with pytest.raises(FileExistsError):
        backup.write(full, tmp_path / "copy.zip")


def test_a_restore_goes_into_an_empty_database_only(sqlite, tmp_path):
    """What is there is never overwritten."""
    with sqlite.work() as work:
        stage.household(work, "Siti")
    backup.write(sqlite, tmp_path / "copy.zip")
    with pytest.raises(Refused) as refused:
        backup.restore(sqlite, tmp_path / "copy.zip")

    assert refused.value.code == "not-empty"


@pytest.mark.parametrize("damage", ["cut", "line", "manifest"])
def test_a_damaged_backup_brings_back_nothing(sqlite, tmp_path, damage):
    """Neither a cut file, nor a table with another line, nor a wrong manifest."""
    with sqlite.work() as work:
        stage.household(work, "Siti")
    good, bad = tmp_path / "copy.zip", tmp_path / "bad.zip"
    backup.write(sqlite, good)
    if damage == "cut":
        bad.write_bytes(good.read_bytes()[:-200])
    else:
        with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                if damage == "line" and name == "households.jsonl":
                    data = data.replace(b"Siti", b"Suto")
                if damage == "manifest" and name == "manifest.json":
                    data = json.dumps({"format": 1}).encode()
                new.writestr(name, data)
    other = Database(f"sqlite:///{tmp_path}/other.db", KEYS)
    with pytest.raises(Refused) as refused:
        backup.restore(other, bad)

    assert refused.value.code == "backup-unreadable"
    with other.reading() as work:
        assert work.session.scalar(select(func.count()).select_from(Person)) == 0
    other.close()


def test_a_backup_of_another_schema_says_what_to_do(sqlite, tmp_path):
    """The release that made it restores it."""
    backup.write(sqlite, tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as new, zipfile.ZipFile(tmp_path / "old.zip", "w") as old:
        old.writestr("manifest.json", new.read("manifest.json").replace(b'"revision": "', b'"revision": "0-'))
    other = Database(f"sqlite:///{tmp_path}/other.db", KEYS)
    with pytest.raises(Refused) as refused:
        backup.restore(other, tmp_path / "old.zip")
    other.close()

    assert refused.value.code == "backup-revision"
