"""The way in, step by step: password, code, a password of one's own, a key. Each step gives a new token or nothing.

These functions take the database and not a `Work`: a password is compared outside of any transaction, because that takes
a while, and an attempt stays counted though it is refused.
"""

from datetime import timedelta

from sqlalchemy import or_, select, update

from casework.cases import floods
from casework.refusals import Refused
from casework.staff import passwords, second_factor, sign_ins
from casework.staff.accounts import login_of
from casework.staff.models import Account
from casework.store.database import Database
from casework.store.work import Work

# After this many failures in a row an account waits, twice as long after each more; wherever they came from.
FREE_FAILURES = 5
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


def give_password(database: Database, typed: str, password: str) -> str | None:
    """Begin to sign in; gives a token, or None: the account is unknown, blocked or waits, or the password is wrong.

    The reasons cannot be told apart, by what is answered or by how long it takes.
    """
    account = _attempt(database, Account.login == login_of(typed))
    right = passwords.fits(account.password_hash if account else None, password)
    if account is None:
        return None
    if not right or _too_late(account, database):
        _failed(database, account.id, "password")
        return None
    with database.work(sign_ins.actor_for(account)) as work:
        return _go_on(work, account.id, factor=False)


def give_code(database: Database, token: str, code: str) -> str | None:
    """Give the second factor; gives a new token, or None: the code is wrong or was used, or the account waits."""
    half = _half_way(database, token, sign_ins.CODE)
    account = half and _attempt(database, Account.id == half.id)
    if not account:
        return None
    with database.work(sign_ins.actor_for(account)) as work:
        if second_factor.use(work, work.session.get_one(Account, account.id), code):
            sign_ins.end(work, token)
            return _go_on(work, account.id, factor=True)
    _failed(database, account.id, "code")
    return None


def choose_password(database: Database, token: str, password: str) -> str | None:
    """Take a password of one's own in place of the one that was handed over; gives a new token.

    Raises:
        Refused: when it is too weak, or the one that was handed over.
    """
    account = _half_way(database, token, sign_ins.PASSWORD)
    return None if account is None else _change(database, account, password)


def change_password(database: Database, account: int, password: str, new: str) -> str | None:
    """Change the password of somebody who is signed in; gives the token of a new sign-in, all others end.

    Gives None when `password` is not the one that counts until now, which is counted as when signing in.

    Raises:
        Refused: when the new one is too weak or no new one.
    """
    found = _attempt(database, Account.id == account)
    if not passwords.fits(found.password_hash if found else None, password):
        if found:
            _failed(database, account, "password")
        return None
    return _change(database, found, new)


def sealed_key(work: Work, half: sign_ins.HalfWay, key: str) -> str:
    """Seal a key for the codes to come, so that a form of this sign-in can carry it and of no other."""
    return work.keys.seal(key.encode(), _place(half)).hex()


def opened_key(work: Work, half: sign_ins.HalfWay, sealed: str) -> str | None:
    """Open what `sealed_key` gave; None when it is something else."""
    try:
        return work.keys.open(bytes.fromhex(sealed), _place(half)).decode()
    except (ValueError, Refused):
        return None


def take_key(database: Database, token: str, key: str, code: str) -> str | None:
    """Keep the key of the second factor when a code shows that the app has it; gives a new token, or None."""
    account = _half_way(database, token, sign_ins.KEY)
    step = second_factor.step_of(key, code, database.now())
    if account is None or step is None:
        return None
    with database.work(sign_ins.actor_for(account)) as work:
        account = work.session.get_one(Account, account.id)
        account.seal(work.keys, "totp", key)
        account.totp_used = step
        work.session.flush()
        work.record("account.factor_taken", "account", account.id)
        sign_ins.end_all(work, account.id)
        return _go_on(work, account.id, factor=True)


def wait_after(failures: int) -> timedelta | None:
    """Say how long an account waits after so many failures in a row."""
    more = failures - FREE_FAILURES
    return None if more < 0 else min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(more, 16))


def _attempt(database: Database, which: object) -> Account | None:
    """Count an attempt before it is looked at, so that many at once are not more than one after the other.

    Gives None when there is no such account or none may be tried now; that costs as much.
    """
    with database.work() as work:
        account = work.session.scalars(select(Account).where(which)).one_or_none()
        if account is None or not account.active:
            floods.count(work, "sign_in")
            return None
        free = or_(Account.locked_until.is_(None), Account.locked_until <= work.now)
        counted = update(Account).where(Account.id == account.id, free).values(failures=Account.failures + 1)
        failures = work.session.execute(_quietly(counted.returning(Account.failures))).scalar_one_or_none()
        if failures is None:
            floods.count(work, "sign_in")
            return None
        wait = wait_after(failures)
        if wait:
            _set(work, account.id, locked_until=work.now + wait)
        return account


def _failed(database: Database, account: int, step: str) -> None:
    """The attempt stays counted; it goes on record, and that the account waits."""
    with database.work() as work:
        row = work.session.get_one(Account, account)
        waits = row.locked_until is not None and row.locked_until > work.now
        work.record("sign_in.failed", "account", account, step=step, failures=row.failures, waits=waits)


def _too_late(account: Account, database: Database) -> bool:
    """A password that was handed over does not count for ever."""
    return account.must_change and account.one_time_until is not None and account.one_time_until <= database.now()


def _half_way(database: Database, token: str, left: str) -> Account | None:
    """Give the account that is half signed in with a token, when this is what it must give next."""
    with database.reading() as work:
        half = sign_ins.half_way(work, token)
        if half is None or half.left != left:
            return None
        account = work.session.get_one(Account, half.account)
        work.session.expunge_all()
        return account


def _change(database: Database, account: Account, password: str) -> str:
    passwords.refuse_weak(password, account.login)
    passwords.refuse_same(account.password_hash, password)
    kept = passwords.hashed(password)
    with database.work(sign_ins.actor_for(account)) as work:
        _set_password(work, account.id, kept)
        return _go_on(work, account.id, factor=account.totp_sealed is not None)


def _set_password(work: Work, account: int, kept: str) -> None:
    """Keep the hash of a password somebody chose; every browser that is signed in must sign in again."""
    row = work.session.get_one(Account, account)
    row.password_hash, row.must_change, row.one_time_until = kept, False, None
    work.session.flush()
    sign_ins.end_all(work, account)
    work.record("account.password_changed", "account", account)


def _go_on(work: Work, account: int, factor: bool) -> str:
    """Give the token of the next step; at the last one the failures are forgotten, before it only this attempt."""
    row = work.session.get_one(Account, account, populate_existing=True)
    left = sign_ins.left_of(row, factor)
    if left is None:
        _set(work, account, failures=0, locked_until=None)
        work.record("sign_in.done", "account", account, second=factor)
    else:
        _set(work, account, failures=max(0, row.failures - 1), locked_until=None)
    return sign_ins.begin(work, row, complete=left is None, factor=factor)


def _set(work: Work, account: int, **values: object) -> None:
    """Write what no form shows, without a new version: whoever edits the account meanwhile is not disturbed."""
    work.session.execute(_quietly(update(Account).where(Account.id == account).values(**values)))


def _quietly(statement: object) -> object:
    return statement.execution_options(synchronize_session=False)


def _place(half: sign_ins.HalfWay) -> str:
    return f"sign_ins:{half.id}:totp"
