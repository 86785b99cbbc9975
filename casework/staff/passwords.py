"""What a password may be, and whether one fits: argon2id, a few at a time, and as slow for nobody as for somebody."""

import secrets
import threading
import unicodedata
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from casework.refusals import Refused

SHORTEST, LONGEST = 12, 200
_FEWEST_LETTERS = 5
# RFC 9106, second recommended: each takes 64 MiB for a moment, so only a few are reckoned at once in each process.
_HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)
_AT_ONCE = threading.BoundedSemaphore(2)
# Of a password that was thrown away: what is compared when there is no account, so that it takes as long.
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$yc/zhaLD66XIC7s9mfqaMA$sJsBEO3gEey5SNj8qkbtpJeG0WatOoClLwDFPNElazo"
# Without letters and digits that look alike when they are read out or copied by hand.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
_PARTS, _OF_EACH = 4, 4


def hashed(password: str) -> str:
    """Give what is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(_one_way(password))


def fits(kept: str | None, password: str) -> bool:
    """Say whether a password is the one that is kept; None takes as long, and nothing fits it."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or _NOBODYS, _one_way(password)) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


class OneTime(NamedTuple):
    """A password that an administrator hands over, and what is kept of it."""

    plain: str
    kept: str


def one_time() -> OneTime:
    """Make a password to hand over: some 79 bits, in parts that can be read out."""
    plain = "-".join("".join(secrets.choice(_READABLE) for _ in range(_OF_EACH)) for _ in range(_PARTS))
    return OneTime(plain, hashed(plain))


def refuse_weak(password: str, *of_the_account: str) -> None:
    """Raise Refused at `password` when it is too short or too long, of few different signs, or has the login in it."""
    if len(password) < SHORTEST:
        raise Refused("staff-password-short", "password", least=SHORTEST)
    if len(password) > LONGEST:
        raise Refused("staff-password-long", "password", most=LONGEST)
    if len(set(password.casefold())) < _FEWEST_LETTERS:
        raise Refused("staff-password-plain", "password")
    if any(word and word.casefold() in password.casefold() for word in of_the_account):
        raise Refused("staff-password-own", "password")


def refuse_same(kept: str, password: str) -> None:
    """Raise Refused at `password` when it is the one that is kept."""
    if fits(kept, password):
        raise Refused("staff-password-same", "password")


def _one_way(password: str) -> str:
    """Keyboards write the same sign in more than one way."""
    return unicodedata.normalize("NFKC", password)
