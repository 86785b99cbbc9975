"""The keys: what is sealed opens only in its own place and with its own key, and can be found without being opened."""

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.people.models import Person
from casework.refusals import Refused
from casework.store import keys
from casework.store.base import sealed_columns
from casework.store.keys import BadKey, Keyring, keyring_of

RING = Keyring([b"a" * 32, b"b" * 32], b"s" * 32)


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_is_sealed_opens_in_its_place(plain, about):
    """And it does not stand there in the clear, nor twice the same."""
    sealed = RING.seal(plain, about)

    assert RING.open(sealed, about) == plain
    assert sealed != RING.seal(plain, about)
    assert len(plain) < 4 or plain not in sealed


@pytest.mark.parametrize("change", [lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]), lambda sealed: sealed[:-1]])
def test_what_was_altered_does_not_open(change):
    """One bit is enough."""
    with pytest.raises(Refused) as refused:
        RING.open(change(RING.seal(b"3506074203800000", "people:1:nik")), "people:1:nik")

    assert refused.value.code == "altered"


def test_a_value_moved_to_another_row_does_not_open():
    """A swapped account number would send money elsewhere."""
    one = Person(name="Siti", uid="one")
    other = Person(name="Budi", uid="other")
    one.seal(RING, "nik", "3506074203800000")
    other.nik_sealed = one.nik_sealed
    with pytest.raises(Refused):
        other.opened(RING, "nik")


def test_an_old_key_opens_what_it_sealed_and_a_new_one_seals():
    """So keys can be changed while people work."""
    old = Keyring([b"b" * 32], b"s" * 32).seal(b"x", "y")

    assert RING.open(old, "y") == b"x"
    assert (RING.is_newest(old), RING.is_newest(RING.seal(b"x", "y"))) == (False, True)


def test_equal_values_have_one_index_of_their_own_kind():
    """A NIK finds its person; the same digits as an account number find nobody."""
    assert RING.index("nik", "1") == RING.index("nik", "1") != RING.index("number", "1")
    assert Keyring([b"a" * 32], b"t" * 32).index("nik", "1") != RING.index("nik", "1")


def test_rows_written_in_bulk_are_sealed_like_others():
    """With the same index, opened by the same call."""
    bulk = sealed_columns(Person, RING, "one", "nik", "3506074203800000")
    person = Person(name="Siti", uid="one", **bulk)

    assert person.opened(RING, "nik") == "3506074203800000"
    assert person.shown(RING, "nik") == "350607********00"
    person.seal(RING, "nik", person.opened(RING, "nik"))
    assert person.nik_index == bulk["nik_index"]


def test_a_key_file_is_made_once_for_its_owner_only(tmp_path):
    """The second opening reads what the first made."""
    file = tmp_path / "var" / "data.keys"
    first = keyring_of(file)

    assert keyring_of(file).newest == first.newest
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("lines", "wrong"), [(["abc", "def"], "line 1 is no key"), ([keys.new_key()], "it takes a key and a secret")]
)
def test_a_bad_key_is_named_by_its_line(tmp_path, lines, wrong):
    """Where it stands, not what it is."""
    file = tmp_path / "data.keys"
    keys.write(file, lines)
    with pytest.raises(BadKey, match=wrong):
        keyring_of(file)


def test_keys_may_come_from_the_environment(tmp_path, monkeypatch):
    """Then no file is made."""
    monkeypatch.setenv(keys.ENVIRONMENT, f"{keys.new_key()},{keys.new_key()}")
    keyring_of(tmp_path / "data.keys")

    assert list(tmp_path.iterdir()) == []
