"""A backup bears witness: a log that was put back to before it is found, though it is whole by itself."""

import contextlib
import json
import sqlite3
import zipfile

import pytest

from casework.audit import log, witness
from casework.audit.log import End
from casework.keeping import backup
from casework.refusals import Refused
from casework.store.database import Database
from casework.store.keys import Keyring
from tests.casework.databases import KEYS


def do(database, times=1, action="looked"):
    for _ in range(times):
        with database.work() as work:
            work.record(action, "household", 7)


def goes_on(database, file):
    with database.reading() as work:
        return witness.goes_on_from(work, file)


def test_a_log_that_was_only_added_to_goes_on_from_every_backup(database, tmp_path):
    """Also from one that was made before the first entry."""
    files = []
    for number in range(3):
        files.append(tmp_path / f"{number}.zip")
        backup.write(database, files[-1])
        do(database, 2)

    assert [goes_on(database, file) for file in files] == [True] * 3
    with database.reading() as work:
        assert [witness.end_in_backup(work, file).last for file in files] == [0, 2, 4]


def test_a_database_that_was_put_back_is_found(sqlite, tmp_path):
    """A copy of the whole file from before; it was worked in since, so that there is no lack of entries."""
    do(sqlite, 2)
    earlier, file = tmp_path / "earlier.db", tmp_path / "backup.zip"
    connect = sqlite3.connect
    with contextlib.closing(connect(sqlite.url.database)) as ours, contextlib.closing(connect(earlier)) as copy:
        ours.backup(copy)
    do(sqlite, 3)
    backup.write(sqlite, file)
    put_back = Database(f"sqlite:///{earlier}", KEYS, sqlite.now)
    do(put_back, 4, "something else")
    with put_back.reading() as work:
        assert log.verify(work) == (6, [])

    assert (goes_on(sqlite, file), goes_on(put_back, file)) == (True, False)
    put_back.close()


@pytest.mark.parametrize("row", [{"last": 1}, {"last": 1, "entry_signature": "x", "signature": "y"}, [], "no"])
def test_a_backup_whose_end_is_not_ours_bears_no_witness(sqlite, tmp_path, row):
    """It is refused, and does not say that all is well."""
    file = tmp_path / "forged.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("audit_head.jsonl", json.dumps(row) if row != "no" else "no")

    with pytest.raises(Refused, match="damaged"):
        goes_on(sqlite, file)


def test_what_is_no_backup_bears_no_witness(sqlite, tmp_path):
    """Neither a file of something else nor none."""
    other = tmp_path / "other.zip"
    other.write_bytes(b"not a zip")
    for file in (other, tmp_path / "nothing.zip"):
        with pytest.raises(Refused, match="damaged"):
            goes_on(sqlite, file)


def test_an_end_signed_with_other_keys_is_not_ours(sqlite, tmp_path):
    """Whoever has a Tepat of their own cannot sign for this one."""
    do(sqlite)
    file = tmp_path / "backup.zip"
    backup.write(sqlite, file)
    other = Database(str(sqlite.url), Keyring([b"k" * 32], b"another secret"), sqlite.now)

    with pytest.raises(Refused, match="signature"), other.reading() as work:
        witness.end_in_backup(work, file)
    with sqlite.reading() as work:
        assert witness.end_in_backup(work, file) == log.end(work) != End(0, "")
    other.close()
