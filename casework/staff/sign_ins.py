"""Who is signed in at which browser: a random token that only the browser has, until when it counts, and what is still
left to give before it counts for anything: a code, a password of one's own, a key for the codes to come."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, delete, select, update

from casework.staff.actors import Actor, Area, Post
from casework.staff.models import Account, SignIn
from casework.staff.rights import SECOND_FACTOR
from casework.store.database import Database
from casework.store.work import Work

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
# How long somebody may take from the password to the last step; an app must perhaps be found and installed.
HALF_WAY = timedelta(minutes=15)
_NOTED_EVERY = timedelta(minutes=1)
_KEPT_FOR = timedelta(days=30)

CODE, PASSWORD, KEY = "code", "password", "key"


@dataclass(frozen=True)
class HalfWay:
    """Who gave a right password at a browser, in which sign-in, and what is left: `code`, `password` or `key`."""

    id: int
    account: int
    login: str
    name: str
    left: str


class Browser(NamedTuple):
    """A browser that is signed in: since when, last seen when, and whether it is the one that asks."""

    made_at: datetime
    seen_at: datetime
    here: bool


def begin(work: Work, account: Account, complete: bool, factor: bool = False) -> str:
    """Sign an account in at a browser; gives its token, always a new one.

    Args:
        account: Whose password was right.
        complete: Nothing is left to give.
        factor: The second factor was given.
    """
    token = secrets.token_urlsafe(32)
    moments = {"made_at": work.now, "seen_at": work.now}
    work.session.execute(delete(SignIn).where(SignIn.made_at < work.now - _KEPT_FOR))
    work.session.add(
        SignIn(token_hash=_hash(token), account_id=account.id, complete=complete, factor=factor, **moments)
    )
    return token


def end(work: Work, token: str) -> None:
    """Sign a browser out."""
    work.session.execute(update(SignIn).where(SignIn.token_hash == _hash(token)).values(ended_at=work.now))


def leave(work: Work, token: str) -> None:
    """Sign a browser out because whoever sits there wants to."""
    account = account_of(work, token)
    if account is not None:
        end(work, token)
        work.record("sign_in.ended", "account", account)


def end_all(work: Work, account: int) -> None:
    """Sign an account out at every browser."""
    running = update(SignIn).where(SignIn.account_id == account, SignIn.ended_at.is_(None))
    work.session.execute(running.values(ended_at=work.now))


def end_others(work: Work, token: str) -> None:
    """Sign the account of a browser out at every other one."""
    others = update(SignIn).where(SignIn.account_id == account_of(work, token), SignIn.token_hash != _hash(token))
    work.session.execute(others.where(SignIn.ended_at.is_(None)).values(ended_at=work.now))


def running(work: Work, account: int, token: str) -> list[Browser]:
    """Give where an account is signed in, this browser first."""
    found = work.session.scalars(_counting(work).where(SignIn.account_id == account, SignIn.complete))
    mine = _hash(token)
    browsers = [Browser(one.made_at, one.seen_at, one.token_hash == mine) for one in found]
    return sorted(browsers, key=lambda one: (not one.here, one.made_at))


def left_of(account: Account, factor: bool) -> str | None:
    """Say what somebody must still give, of whom the password was right; None: nothing."""
    if account.totp_sealed is not None and not factor:
        return CODE
    if account.must_change:
        return PASSWORD
    return KEY if account.totp_sealed is None and needs_second(account) else None


def needs_second(account: Account) -> bool:
    """Say whether one of an account's roles needs the second factor."""
    return any(post.role in SECOND_FACTOR for post in account.posts)


def actor_of(database: Database, token: str) -> Actor | None:
    """Give who is signed in with a token; None when nobody is (any more), or something is still to come."""
    with database.reading() as work:
        found = _sign_in(work, token)
        if found is None or not found.complete:
            return None
        account = work.session.get_one(Account, found.account_id)
        actor, id_, seen_at = actor_for(account), found.id, found.seen_at
    if database.now() - seen_at > _NOTED_EVERY:
        with database.work() as work:
            work.session.execute(update(SignIn).where(SignIn.id == id_).values(seen_at=work.now))
    return actor


def half_way(work: Work, token: str) -> HalfWay | None:
    """Give who is half signed in with a token; None when nobody is, or it took too long."""
    found = _sign_in(work, token)
    if found is None or found.complete or found.made_at <= work.now - HALF_WAY:
        return None
    account = work.session.get_one(Account, found.account_id)
    left = left_of(account, found.factor)
    return HalfWay(found.id, account.id, account.login, account.name, left) if left else None


def account_of(work: Work, token: str) -> int | None:
    """Give whose token this is, or was not long ago: signed in or no more."""
    return work.session.scalar(select(SignIn.account_id).where(SignIn.token_hash == _hash(token)))


def actor_for(account: Account) -> Actor:
    """Give an account as one who acts."""
    posts = tuple(
        Post(post.role, Area(post.village, post.hamlet, post.rw, post.rt), frozenset(post.programs), post.secrets)
        for post in account.posts
    )
    return Actor(account.name, account.id, posts)


def _sign_in(work: Work, token: str) -> SignIn | None:
    return work.session.scalars(_counting(work).where(SignIn.token_hash == _hash(token))).one_or_none()


def _counting(work: Work) -> Select[tuple[SignIn]]:
    """Select the sign-ins that count now."""
    return (
        select(SignIn)
        .join(Account, Account.id == SignIn.account_id)
        .where(
            SignIn.ended_at.is_(None),
            SignIn.seen_at > work.now - IDLE,
            SignIn.made_at > work.now - LONGEST,
            Account.active,
        )
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
