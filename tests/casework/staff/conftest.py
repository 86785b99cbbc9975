"""People who sign in: accounts with passwords that are quick to compare, and the way in to its end."""

import pyotp
import pytest
from argon2 import PasswordHasher

from casework.staff import passwords, sign_ins, signing_in
from casework.staff.accounts import make_account
from casework.staff.actors import Post
from casework.staff.models import Account

OWN = "empat kuda makan rumput"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Reckon with little memory: that it takes long is the office's setting, not what is tested."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    monkeypatch.setattr(passwords, "_NOBODYS", passwords.hashed("of nobody"))


def made(database, login="siti", *posts):
    """Make an account with posts; gives it with the password to hand over."""
    with database.work() as work:
        return make_account(work, login, f"Contoh {login}", [Post(role) for role in posts])


def settled(database, login="rt", *posts):
    """Make an account that has a password of its own (`OWN`); roles here need no second factor unless said."""
    one = made(database, login, *(posts or ("rt_rw",)))
    token = signing_in.choose_password(database, signing_in.give_password(database, login, one.password), OWN)
    return one, token


def keyed(database, login="kepala", role="head"):
    """Make an account with a password of its own and a second factor; gives it, its token and its key."""
    one, token = settled(database, login, role)
    key = pyotp.random_base32()
    return one, signing_in.take_key(database, token, key, code(database, key)), key


def code(database, key, later=0):
    return pyotp.TOTP(key).at(database.now(), counter_offset=later)


def account_of(database, login):
    with database.reading() as work:
        found = work.session.query(Account).filter_by(login=login).one()
        work.session.expunge_all()
        return found


def left(database, token):
    """What is left to give; None when nothing is, or nobody is half signed in."""
    with database.reading() as work:
        half = sign_ins.half_way(work, token)
        return half and half.left
