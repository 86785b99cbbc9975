"""The key that seals answers: made once, readable by its owner only, or given by the environment."""

import stat

import pytest
from cryptography.fernet import Fernet

from webapp.asking.keys import ENVIRONMENT, BadKey, keys_of


def test_a_key_is_made_once_and_found_again(tmp_path):
    """The second start opens what the first one sealed."""
    file = tmp_path / "var" / "seal.key"
    first = keys_of(file)

    assert keys_of(file) == first and len(first) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["seal.key"]


def test_the_environment_goes_before_the_file(tmp_path, monkeypatch):
    """Several keys are parted by commas, the newest first; no file is made."""
    keys = [Fernet.generate_key() for _ in range(2)]
    monkeypatch.setenv(ENVIRONMENT, b", ".join(keys).decode())

    assert keys_of(tmp_path / "seal.key") == keys
    assert not (tmp_path / "seal.key").exists()


@pytest.mark.parametrize("said", ["secret", ",", "q0dXmCjJ1yVfJb4yYl2mU0m3m3Yp0lq1pKk0lTn4c5k=,short"])
def test_what_is_no_key_is_refused_without_being_shown(tmp_path, monkeypatch, said):
    """The message says where it stands and which one it is."""
    monkeypatch.setenv(ENVIRONMENT, said)

    with pytest.raises(BadKey, match=ENVIRONMENT) as refused:
        keys_of(tmp_path / "seal.key")
    assert said not in str(refused.value)
