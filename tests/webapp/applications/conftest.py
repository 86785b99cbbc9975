"""An applicant at a browser's client, over a database of its own, with the village that the office knows."""

import re

import pytest

from casework.people.models import Village
from casework.staff import sign_ins
from casework.staff.models import Account
from tests.casework import stage
from tests.webapp.stage import CHECKOUT, journey_of, told_of
from webapp import create_app
from webapp.staff.frame import COOKIE, csrf_of

KK, NIK = "3506070101150001", "3506074203900001"


@pytest.fixture
def house(sqlite):
    """Give a database with two villages: one with its name, one known by its code."""
    with sqlite.work() as work:
        work.session.add_all([Village(code=stage.VILLAGE), Village(code="35.06.07.2009", name="Contoh")])
    return sqlite


@pytest.fixture
def app(house):
    """Give the application over this database."""
    return create_app(CHECKOUT, CHECKOUT / "samples", lambda: house.now().date(), database=house)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def at_counter(app, house):
    """Give a client at which somebody of the desk is signed in, and the name."""
    with house.work() as work:
        actor = stage.actor(work, "applicant_desk", name="Rahayu")
        token = sign_ins.begin(work, work.session.get_one(Account, actor.account), complete=True)
    client = app.test_client()
    client.set_cookie(COOKIE, token)
    client.csrf = csrf_of(token)
    return client
