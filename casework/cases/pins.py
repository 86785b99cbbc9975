"""The PIN that opens a case to its applicant: given out once, kept as a hash, guessed by nobody.

A case is locked for longer and longer after wrong PINs, and on one day only so many wrong ones are taken in all. Whoever
asks is never told whether a number is unknown, a PIN wrong or a case locked.
"""

import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from casework.cases import floods
from casework.cases.models import Case
from casework.cases.numbers import CASE, PREFIXES, read
from casework.staff.areas import sees
from casework.store.work import Work

DIGITS = 8
FREE_FAILURES = 4
_FIRST_LOCK, _LONGEST_LOCK = timedelta(minutes=1), timedelta(hours=24)
WRONG_A_DAY = 5000
# Light enough for a small server, heavy enough for eight digits behind a lock.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# What is verified where there is nothing to verify, so that a number that is none takes as long as one that is.
_NOBODYS = _HASHER.hash("nobody's PIN")


def new_pin() -> str:
    """Make a PIN."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def set_pin(case: Case, pin: str) -> None:
    """Let a case be opened with a PIN from now on, and no longer with the one before; its lock is gone."""
    case.pin_hash, case.pin_failures, case.pin_locked_until = _HASHER.hash(pin), 0, None


def give_anew(work: Work, case: Case) -> str:
    """Make a new PIN for an applicant who stands at the desk; it is shown once. Raises: NotAllowed, NotFound."""
    work.require("case.open")
    sees(work, case.household, "case.open")
    pin = new_pin()
    set_pin(case, pin)
    work.record("case.pin_given", "case", case.number)
    return pin


def spaced(pin: str) -> str:
    """Write a PIN as it is easily copied: in two groups."""
    return f"{pin[: len(pin) // 2]} {pin[len(pin) // 2 :]}"


def opens(work: Work, number: str, pin: str) -> Case | None:
    """Give the case of a number and its PIN; None for anything else, whatever was wrong. A failure is counted.

    Args:
        work: To be committed, also when it gives None.
        number: As typed.
        pin: As typed; blanks in it do not count.
    """
    case = _case(work, number)
    digits = "".join(pin.split())
    fits = _fits(case.pin_hash if case and case.pin_hash else _NOBODYS, digits)
    if case is None:
        return None
    locked = case.pin_locked_until is not None and case.pin_locked_until > work.now
    if locked or not case.pin_hash or not floods.within(work, "wrong_pin", WRONG_A_DAY):
        return None
    if fits:
        case.pin_failures, case.pin_locked_until = 0, None
        work.record("case.opened_by_pin", "case", case.number)
        return case
    case.pin_failures += 1
    case.pin_locked_until = _lock(work, case.pin_failures)
    floods.count(work, "wrong_pin")
    work.record("case.wrong_pin", "case", case.number, failures=case.pin_failures)
    return None


def case_opened(work: Work, id_: int) -> Case | None:
    """Give the case that somebody opened with its PIN before; None when it has none any more."""
    case = work.session.get(Case, id_)
    return case if case is not None and case.pin_hash else None


def fits(case: Case, pin: str) -> bool:
    """Say whether a PIN is that of a case, without counting."""
    return bool(case.pin_hash) and _fits(case.pin_hash, pin)


def _case(work: Work, typed: str) -> Case | None:
    number = read(typed) or read(f"{PREFIXES[CASE]}-{typed}")
    # Locked while it is judged: two guesses at once count as two.
    return work.session.scalars(select(Case).where(Case.number == number).with_for_update()).one_or_none()


def _lock(work: Work, failures: int) -> datetime | None:
    """Give until when a case is locked after so many failures in a row."""
    over = failures - FREE_FAILURES
    return work.now + min(_FIRST_LOCK * 2 ** min(over - 1, 20), _LONGEST_LOCK) if over > 0 else None


def _fits(hash_: str, pin: str) -> bool:
    try:
        return _HASHER.verify(hash_, pin)
    except (VerificationError, InvalidHashError):
        return False
