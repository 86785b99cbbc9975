"""The second factor: a code of six digits from an app on a telephone (TOTP, RFC 6238). Each code counts once."""

import secrets
from datetime import datetime

import pyotp
from sqlalchemy import or_, update

from casework.staff.models import Account
from casework.store.work import Work

_STEP = 30
# Clocks of telephones are not always right: the code before and the one after count too.
_TOLERANCE = 1
_BITS = 160


def new_key() -> str:
    """Make the key that the app and the office share, as it is typed in: base32."""
    return pyotp.random_base32(_BITS // 5)


def address_of(key: str, login: str, office: str) -> str:
    """Give what the square code for the app says."""
    return pyotp.TOTP(key).provisioning_uri(name=login, issuer_name=office)


def step_of(key: str, code: str, now: datetime) -> int | None:
    """Give the step of time whose code this is; None when it is none of now."""
    code = "".join(code.split())
    present = int(now.timestamp()) // _STEP
    steps = range(present - _TOLERANCE, present + _TOLERANCE + 1)
    found = [step for step in steps if secrets.compare_digest(pyotp.HOTP(key).at(step).encode(), code.encode())]
    return found[0] if found else None


def use(work: Work, account: Account, code: str) -> bool:
    """Say whether a code counts for an account, and let it count no more; nor any code of an earlier step."""
    key = account.opened(work.keys, "totp")
    step = None if key is None else step_of(key, code, work.now)
    if step is None:
        return False
    unused = or_(Account.totp_used.is_(None), Account.totp_used < step)
    used = update(Account).where(Account.id == account.id, unused).values(totp_used=step)
    return work.session.execute(used.execution_options(synchronize_session=False)).rowcount == 1
