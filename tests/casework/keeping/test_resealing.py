"""A new key: everything is sealed anew while people work, and what only the old key opened is gone with it."""

import pytest

from casework.keeping import resealing
from casework.people.models import Person
from casework.refusals import Refused
from casework.store.database import Database
from casework.store.keys import Keyring, add_key, drop_old_keys, keyring_of
from tests.casework import stage

NIK = "3506074203800000"


def nik_in(database, id_):
    with database.reading() as work:
        person = work.session.get(Person, id_)
        return person.opened(work.keys, "nik"), person.version


@pytest.fixture
def sealed(sqlite, tmp_path):
    """Give a database with keys in a file, the file, and a person with a NIK."""
    file = tmp_path / "data.keys"
    database = Database(str(sqlite.url), keyring_of(file))
    with database.work() as work:
        person = stage.household(work, "Siti").people[0]
        person.seal(work.keys, "nik", NIK)
    yield database, file, person.id
    database.close()


def test_a_new_key_seals_everything_and_the_old_one_may_go(sealed):
    """Whoever has the row open is not disturbed: its version stays."""
    database, file, person = sealed
    before = nik_in(database, person)
    add_key(file)
    rotated = Database(str(database.url), keyring_of(file))
    assert resealing.count(rotated) == 1
    resealing.reseal(rotated)
    drop_old_keys(file)
    only_new = Database(str(database.url), keyring_of(file))

    assert resealing.count(rotated) == 0
    assert nik_in(only_new, person) == before == (NIK, before[1])
    for one in (rotated, only_new):
        one.close()


def test_a_server_that_runs_on_opens_what_a_newer_key_sealed(sealed):
    """It reads its key file again when it meets a key that it does not know."""
    database, file, person = sealed
    add_key(file)
    rotated = Database(str(database.url), keyring_of(file))
    resealing.reseal(rotated)
    rotated.close()

    assert nik_in(database, person)[0] == NIK


def test_without_its_key_nothing_opens(sealed):
    """And the refusal says which key is missing."""
    database, _, person = sealed
    stranger = Database(str(database.url), Keyring([b"x" * 32], b"y" * 32))
    with pytest.raises(Refused) as refused:
        nik_in(stranger, person)

    assert refused.value.code == "unknown-key"
    stranger.close()
