"""Who is signed in at which browser: a random token that only the browser has, and until when it counts."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select, update

from casework.staff.actors import Actor, Area, Post
from casework.staff.models import Account, SignIn
from casework.store.database import Database
from casework.store.work import Work

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
_NOTED_EVERY = timedelta(minutes=1)


def begin(work: Work, account: Account, complete: bool) -> str:
    """Sign an account in at a browser; gives its token. `complete`: no second factor is left to give."""
    token = secrets.token_urlsafe(32)
    work.session.add(
        SignIn(token_hash=_hash(token), account_id=account.id, complete=complete, made_at=work.now, seen_at=work.now)
    )
    return token


def end(work: Work, token: str) -> None:
    """Sign a browser out."""
    work.session.execute(update(SignIn).where(SignIn.token_hash == _hash(token)).values(ended_at=work.now))


def actor_of(database: Database, token: str) -> Actor | None:
    """Give who is signed in with a token; None when nobody is (any more), or the second factor is still to come."""
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


def actor_for(account: Account) -> Actor:
    """Give an account as one who acts."""
    posts = tuple(
        Post(post.role, Area(post.village, post.hamlet, post.rw, post.rt), frozenset(post.programs))
        for post in account.posts
    )
    return Actor(account.name, account.id, posts)


def _sign_in(work: Work, token: str) -> SignIn | None:
    return work.session.scalars(
        select(SignIn)
        .join(Account, Account.id == SignIn.account_id)
        .where(
            SignIn.token_hash == _hash(token),
            SignIn.ended_at.is_(None),
            SignIn.seen_at > work.now - IDLE,
            SignIn.made_at > work.now - LONGEST,
            Account.active,
        )
    ).one_or_none()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
