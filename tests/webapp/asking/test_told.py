"""What was told travels sealed: nobody can read it, change it, or open it when it is old."""

import json
import time
import zlib

import pytest
from cryptography.fernet import Fernet

from webapp.asking.told import HOURS_OPEN, LONGEST_SEALED, Sealer, Told, Unreadable

KEY, OLD_KEY = Fernet.generate_key(), Fernet.generate_key()
TOLD = Told(
    typed={"h.total_spending": ["600 ribu"], "m0.id": ["Ibu 😀"], "aid": ["pkh", "pbi_jk@0"]},
    members=2,
    applicant="disaster",
    trail=(("where", "where", "residence|h"), ("member", "who", "birth_date|0", "sex|0")),
    then=(("among", "event", "begs|0,1"),),
    now=("facts", "home", "floor_area|h"),
    helping=True,
)


@pytest.fixture
def sealer():
    return Sealer([KEY])


def test_what_is_sealed_opens_as_it_was(sealer):
    """Every part comes back, as the same values."""
    assert sealer.open(sealer.seal(TOLD)) == TOLD


def test_nothing_of_it_can_be_read(sealer):
    """Neither as it stands, nor unpacked."""
    sealed = sealer.seal(TOLD)

    assert "600" not in sealed and "Ibu" not in sealed
    with pytest.raises(zlib.error):
        zlib.decompress(sealed.encode())


@pytest.mark.parametrize(
    "change", [lambda s: s[:-4] + "AAA=", lambda s: "", lambda s: "x" * 50, lambda s: s[:40] + "é" + s[41:]]
)
def test_what_was_altered_does_not_open(sealer, change):
    """One letter is enough; so is another office's key."""
    with pytest.raises(Unreadable) as refused:
        sealer.open(change(sealer.seal(TOLD)))
    assert not refused.value.expired

    with pytest.raises(Unreadable):
        Sealer([OLD_KEY]).open(sealer.seal(TOLD))


def test_what_is_too_old_says_that_it_is(sealer):
    """A page left open on a borrowed phone closes by itself."""
    packed = zlib.compress(json.dumps({"typed": {}}).encode())
    old = Fernet(KEY).encrypt_at_time(packed, int(time.time()) - HOURS_OPEN * 3600 - 1).decode()

    with pytest.raises(Unreadable) as refused:
        sealer.open(old)
    assert refused.value.expired


def test_an_older_key_still_opens_what_it_sealed():
    """The newest seals, all of them open."""
    both = Sealer([KEY, OLD_KEY])

    assert both.open(Sealer([OLD_KEY]).seal(TOLD)) == TOLD
    assert Sealer([KEY]).open(both.seal(TOLD)) == TOLD


def test_a_seal_that_is_far_too_long_is_not_even_opened(sealer):
    """Nobody can make the server unpack what it never sealed."""
    with pytest.raises(Unreadable):
        sealer.open("A" * (LONGEST_SEALED + 1))


def test_a_large_family_still_fits_a_page(sealer):
    """Forty members with forty answers each stay far below what a request may hold."""
    typed = {f"m{seat}.fact_{number}": ["yes"] for seat in range(40) for number in range(40)}

    assert len(sealer.seal(TOLD.with_(typed=typed, members=40))) < 20_000
