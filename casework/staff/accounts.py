"""The accounts of the people who work here: made, given posts, blocked and helped back in, by an administrator.

Nobody changes an account of one's own, so nobody gives oneself a right; and one administrator always stays.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from casework.refusals import NotFound, Refused
from casework.staff import passwords, sign_ins
from casework.staff.actors import Post
from casework.staff.models import Account, AccountPost
from casework.staff.passwords import OneTime
from casework.staff.rights import KNOWING, ROLES
from casework.store.work import Work
from engine.population_number import without_numbers

WRITE = "accounts.write"
# How long a password counts that was handed over.
ONE_TIME = timedelta(days=7)
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_LONGEST_NAME = 100
_ADMINISTRATING = [role for role, rights in ROLES.items() if WRITE in rights]


class Made(NamedTuple):
    """An account that was made or helped back in, with the password to hand over: nobody can see it again."""

    account: int
    login: str
    password: str


def make_account(
    work: Work, login: str, name: str, posts: Sequence[Post] = (), password: OneTime | None = None
) -> Made:
    """Make an account.

    Args:
        login: With what it signs in.
        name: Of the person, as it will stand beside what the person does.
        posts: The first posts (`casework.staff.posts.checked_post`).
        password: The one to hand over; made before, because that takes a while. None makes it now.

    Raises:
        Refused: at the field that must be mended.
    """
    work.require(WRITE)
    login, name = login_of(login), " ".join(name.split())
    if not _LOGIN.fullmatch(login):
        raise Refused("staff-login", "login")
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise Refused("staff-name", "name")
    if without_numbers(login + " " + name) != login + " " + name:
        raise Refused("staff-number", "name")
    password = password or passwords.one_time()
    rows = [_row_of(post) for post in posts]
    account = Account(login=login, name=name, password_hash="", made_at=work.now, posts=rows)
    _hand_over(work, account, password)
    work.session.add(account)
    try:
        work.session.flush()
    except IntegrityError:
        raise Refused("staff-login-taken", "login") from None
    work.record("account.made", "account", account.id, login=login, posts=[_said(post) for post in posts])
    return Made(account.id, login, password.plain)


def give_post(work: Work, id_: int, post: Post, version: int | str | None = None) -> None:
    """Give somebody a post. Whoever now needs a second factor signs in again to set it up."""
    account = _for_change(work, id_, version)
    if any(one[:3] == post[:3] for one in sign_ins.actor_for(account).posts):
        raise Refused("staff-post-twice", "role")
    had_to = sign_ins.needs_second(account)
    account.posts.append(_row_of(post))
    _changed(account)
    work.session.flush()
    if sign_ins.needs_second(account) and not had_to:
        sign_ins.end_all(work, account.id)
    work.record("account.post_given", "account", account.id, post=_said(post))


def take_post(work: Work, id_: int, post: int, version: int | str | None = None) -> None:
    """Take a post from somebody; it ends at once. Raises: Refused, when nobody would be left to administrate."""
    account = _for_change(work, id_, version)
    row = next((one for one in account.posts if one.id == post), None)
    if row is None:
        raise NotFound
    others = [one for one in account.posts if one is not row]
    if row.role in _ADMINISTRATING and not any(one.role in _ADMINISTRATING for one in others):
        _refuse_last(work, account)
    said = _said(sign_ins.actor_for(account).posts[account.posts.index(row)])
    account.posts.remove(row)
    _changed(account)
    work.session.flush()
    work.record("account.post_taken", "account", account.id, post=said)


def block(work: Work, id_: int, version: int | str | None = None) -> None:
    """Let somebody in no more, from this moment. Raises: Refused, when nobody would be left to administrate."""
    account = _for_change(work, id_, version)
    if any(post.role in _ADMINISTRATING for post in account.posts):
        _refuse_last(work, account)
    account.active = False
    work.session.flush()
    sign_ins.end_all(work, account.id)
    work.record("account.blocked", "account", account.id)


def unblock(work: Work, id_: int, version: int | str | None = None) -> None:
    """Let somebody in again, with the posts and the password there were."""
    account = _for_change(work, id_, version)
    account.active = True
    work.session.flush()
    work.record("account.unblocked", "account", account.id)


def reset(
    work: Work, id_: int, factor: bool, version: int | str | None = None, password: OneTime | None = None
) -> Made:
    """Help somebody back in with a password to hand over; it also ends the wait after many failures.

    Args:
        id_: Whom.
        factor: The telephone is lost too: a new second factor is set up at the next sign-in.
        version: Of the account, as it was shown.
        password: As for `make_account`.
    """
    account = _for_change(work, id_, version)
    password = password or passwords.one_time()
    _hand_over(work, account, password)
    account.failures, account.locked_until = 0, None
    if factor:
        account.totp_sealed = account.totp_used = None
    work.session.flush()
    sign_ins.end_all(work, account.id)
    work.record("account.reset", "account", account.id, second_factor=factor)
    return Made(account.id, account.login, password.plain)


def accounts(work: Work, text: str = "") -> list[Account]:
    """Give the accounts whose login or name has a text in it, the active ones first."""
    work.require(WRITE)
    like = or_(Account.login.icontains(text, autoescape=True), Account.name.icontains(text, autoescape=True))
    query = select(Account).order_by(Account.active.desc(), Account.name, Account.id)
    return list(work.session.scalars(query.where(like) if text else query))


def account(work: Work, id_: int) -> Account:
    """Give an account. Raises: NotFound."""
    work.require(WRITE)
    found = work.session.get(Account, id_)
    if found is None:
        raise NotFound
    return found


def account_of(work: Work, login: str) -> Account:
    """Give an account by its login. Raises: NotFound."""
    work.require(WRITE)
    found = work.session.scalars(select(Account).where(Account.login == login_of(login))).one_or_none()
    if found is None:
        raise NotFound
    return found


def names_of(work: Work, ids: Iterable[int | None]) -> dict[int, str]:
    """Give the names of those behind some accounts: whoever works on a case may read who else does."""
    wanted = {one for one in ids if one is not None}
    rows = work.session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted))) if wanted else ()
    return {row.id: row.name for row in rows}


def login_of(typed: str) -> str:
    """Give a login as it is kept."""
    return typed.strip().lower()


def _for_change(work: Work, id_: int, version: int | str | None) -> Account:
    found = account(work, id_)
    if found.id == work.actor.account:
        raise Refused("staff-own")
    work.same(found, version)
    return found


def _hand_over(work: Work, account: Account, password: OneTime) -> None:
    account.password_hash, account.must_change = password.kept, True
    account.one_time_until = work.now + ONE_TIME


def _refuse_last(work: Work, account: Account) -> None:
    """Raise unless somebody else can administrate."""
    administrates = exists().where(AccountPost.account_id == Account.id, AccountPost.role.in_(_ADMINISTRATING))
    query = select(Account.id).where(Account.active, administrates).order_by(Account.id)
    # Two who remove each other at once wait here for one another; the later one then asks again, and sees what is left.
    work.session.scalars(query.with_for_update()).all()
    if not set(work.session.scalars(query)) - {account.id}:
        raise Refused("staff-last-administrator")


def _changed(account: Account) -> None:
    """A post is part of its account: whoever has the account before them sees that it is another version."""
    flag_modified(account, "name")


def _row_of(post: Post) -> AccountPost:
    return AccountPost(role=post.role, **post.area._asdict(), programs=sorted(post.programs), secrets=post.secrets)


def _said(post: Post) -> dict[str, object]:
    area = {part: value for part, value in post.area._asdict().items() if value}
    secrets = {"secrets": post.secrets} if post.role in KNOWING else {}
    return {"role": post.role, **area, **({"programs": sorted(post.programs)} if post.programs else {}), **secrets}
