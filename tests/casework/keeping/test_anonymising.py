"""Tables for analysts: the engine answers on them as on the register, and they name nobody."""

import polars as pl
import pytest

from casework.keeping.anonymising import anonymise
from casework.people.observations import Said, observe_many
from engine.change.crowd import Folder
from tests.casework import stage

NAMES = ("Siti Aminah", "Budi Santoso")


@pytest.fixture
def written(sqlite, office, tmp_path):
    """Give the two tables of a register with one household of two, of whom much is known."""
    with sqlite.work() as work:
        home = stage.household(work, *NAMES, kk="3506070203800000")
        siti, budi = home.people
        siti.seal(work.keys, "nik", "3506074203800000")
        said = [
            Said(None, "decile", 2),
            Said(None, "residence", "35.06.07"),
            Said(siti, "pregnant", True),
            Said(siti, "birth_date", "1990-03-02"),
            Said(budi, "abused", True),
            Said(siti, "paper:ktp", True),
        ]
        observe_many(work, office.knowledge, home, said, "registry")
    assert anonymise(sqlite, office, tmp_path / "out", b"s" * 32) == 1
    return [pl.read_parquet(tmp_path / "out" / f"{name}.parquet") for name in ("households", "persons")]


def test_no_name_number_or_secret_is_told(written):
    """Neither as a value nor as a column."""
    said = "".join(frame.write_csv() for frame in written)

    assert not any(word in said for word in (*NAMES, "Siti", "Budi", "3506", "1990-03-02", "abused", "nik", "p1"))


def test_what_rules_ask_for_is_told(written):
    """A day of birth by its month."""
    homes, people = written
    row = people.filter(pl.col("pregnant")).row(0, named=True)

    assert homes.row(0, named=True)["decile"] == 2
    assert str(row["birth_date"]) == "1990-03-15"
    assert row["paper__ktp"] is True


def test_batch_and_compare_read_the_tables(written, office, tmp_path, sqlite):
    """Without one household refused."""
    reading = Folder(tmp_path / "out", [office.knowledge], sqlite.now().date()).read(office)

    assert reading.refused == {}
    assert reading.tables.households.height == 1
