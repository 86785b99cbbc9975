"""Going through the door of the office with a browser's client, as somebody does: a page, its form, the next page."""

import re

from argon2 import PasswordHasher

from casework.staff import passwords
from casework.staff.accounts import make_account
from casework.staff.actors import Post

OWN = "empat kuda makan rumput"


def quick(monkeypatch):
    """Reckon passwords with little memory."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    monkeypatch.setattr(passwords, "_NOBODYS", passwords.hashed("of nobody"))


def new_account(database, login, *roles):
    """Make an account; gives it with the password to hand over."""
    with database.work() as work:
        return make_account(work, login, f"Contoh {login}", [Post(role) for role in roles])


def hidden(page):
    """Give the hidden fields of the first form of a page that has them."""
    main = page.text[page.text.index("<main") :]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main))


def send(client, path, page, **typed):
    """Send the form of a page, with what somebody typed."""
    return client.post(path, data={**hidden(page), **typed})


def enter(client, login, password):
    """Give login and password."""
    return send(client, "/masuk", client.get("/masuk"), login=login, password=password)


def follow(client, response):
    """Go where an answer sends the browser; gives the page there and its address."""
    assert response.status_code == 302, response.text
    return client.get(response.location), response.location.split("?")[0]


def come_in(client, login, password):
    """Sign in as somebody whose role needs no second factor, with a password that was handed over."""
    page, path = follow(client, enter(client, login, password))
    return send(client, path, page, new=OWN, again=OWN)


def cookie_of(client):
    return client.get_cookie("masuk")
