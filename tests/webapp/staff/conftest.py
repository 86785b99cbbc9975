"""The application with a database, and a browser's client for whoever is signed in."""

import pytest

from casework.staff import sign_ins
from casework.staff.actors import EVERYWHERE
from casework.staff.models import Account
from tests.casework import stage
from webapp import create_app
from webapp.staff.frame import COOKIE, csrf_of


@pytest.fixture
def staff_app(sqlite, office):
    """Give the application over an SQLite database of its own; its day is that of the clock."""
    return create_app(office, stage.CHECKOUT / "samples", lambda: sqlite.now().date(), database=sqlite)


class Client:
    """The client of one who is signed in: `get`, and `post` with what a form of ours carries."""

    def __init__(self, client, actor, token):
        self.client, self.actor, self.csrf = client, actor, csrf_of(token)

    def get(self, path, **more):
        return self.client.get(path, **more)

    def post(self, path, data=None, **more):
        """Send a form as it stands on some page of ours."""
        return self.client.post(path, data={"csrf": self.csrf, **(data or {})}, **more)


@pytest.fixture
def sign_in(staff_app, sqlite):
    """Sign somebody in with a role, where and for what programs; gives a client."""

    def sign(role, area=EVERYWHERE, programs=frozenset()):
        with sqlite.work() as work:
            actor = stage.actor(work, role, area, programs)
            token = sign_ins.begin(work, work.session.get_one(Account, actor.account), complete=True)
        client = staff_app.test_client()
        client.set_cookie(COOKIE, token)
        return Client(client, actor, token)

    return sign
