"""Passwords: what they may be, what is kept of them, and that nobody's takes as long as somebody's."""

import threading

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from casework.refusals import Refused
from casework.staff import passwords


def test_what_is_kept_is_argon2id_as_the_standard_recommends(monkeypatch):
    """RFC 9106, second recommended; of nobody's password too, else it would be quicker."""
    monkeypatch.undo()
    own, nobodys = extract_parameters(passwords.hashed("x")), extract_parameters(passwords._NOBODYS)

    assert own == nobodys
    assert (own.type, own.memory_cost, own.time_cost, own.parallelism) == (Type.ID, 65536, 3, 4)


def test_a_password_fits_only_itself():
    """However a keyboard writes its signs; two hashes of it differ."""
    kept = passwords.hashed("rumah e\u0301lok")

    assert passwords.fits(kept, "rumah \u00e9lok")
    assert not passwords.fits(kept, "rumah elok")
    assert kept != passwords.hashed("rumah e\u0301lok")


@pytest.mark.parametrize("kept", [None, "!", ""])
def test_nothing_fits_where_nothing_is_kept(kept):
    """No account, or one that was never given a password."""
    assert not passwords.fits(kept, "of nobody")
    assert not passwords.fits(kept, "")


def test_nobodys_password_is_compared_all_the_same(monkeypatch):
    """As often as somebody's: no account is known by how quick an answer is."""
    compared = []

    class Counting(PasswordHasher):
        def verify(self, kept, password):
            compared.append(kept)
            return super().verify(kept, password)

    monkeypatch.setattr(passwords, "_HASHER", Counting(time_cost=1, memory_cost=64, parallelism=1))
    kept = passwords.hashed("something")
    for one in (None, kept):
        passwords.fits(one, "wrong")

    assert compared == [passwords._NOBODYS, kept]


def test_only_a_few_are_reckoned_at_once(monkeypatch):
    """Each takes 64 MiB: twelve people at the door do not take 768."""
    inside, most, lock = [], [], threading.Lock()
    full = threading.Event()

    class Slow:
        def hash(self, password):
            with lock:
                inside.append(password)
                most.append(len(inside))
                if len(inside) == 2:
                    full.set()
            full.wait(5)
            with lock:
                inside.remove(password)

    monkeypatch.setattr(passwords, "_HASHER", Slow())
    threads = [threading.Thread(target=passwords.hashed, args=(str(number),)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(most) == 12 and max(most) == 2


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("sebelas huru", None),
        ("sebelas hur", "staff-password-short"),
        ("a" * 201, "staff-password-long"),
        ("aaaabbbbaaaabbbb", "staff-password-plain"),
        ("rumah SITI.contoh 7", "staff-password-own"),
    ],
)
def test_what_a_password_may_be(password, code):
    """Long enough, of some different signs, without the login in it."""
    if code is None:
        return passwords.refuse_weak(password, "siti.contoh")
    with pytest.raises(Refused) as refused:
        passwords.refuse_weak(password, "siti.contoh")
    assert (refused.value.code, refused.value.field) == (code, "password")


def test_a_password_to_hand_over_can_be_read_out_and_is_strong_enough():
    """Four parts without signs that look alike; never the same twice; what is kept fits it."""
    one, other = passwords.one_time(), passwords.one_time()

    assert one.plain != other.plain
    assert [len(part) for part in one.plain.split("-")] == [4, 4, 4, 4]
    assert not set(one.plain) & set("0O1lIi")
    assert passwords.fits(one.kept, one.plain)
    passwords.refuse_weak(one.plain, "siti")
