"""An applicant at a browser's client, over a database of its own, with the villages that the office knows."""

import io
import re

import pytest
from PIL import Image
from sqlalchemy import select

from casework.cases.models import Case
from casework.people.models import Village
from casework.staff import sign_ins
from casework.staff.models import Account
from engine.household_files import read_households
from engine.samples import sample_files
from tests.casework import stage
from tests.webapp.stage import CHECKOUT, DAY, journey_of, served
from webapp import create_app
from webapp.staff.frame import COOKIE

SAMPLES, SECRET = CHECKOUT / "samples", b"A" * 43 + b"="
KK, NIK = "3506160101150000", "3506165006490000"
SURE = [f"kk:register-number-never-issued:{KK}", f"nik-0:register-number-never-issued:{NIK}"]
FAMILY, VILLAGE, NAMED = "keluarga-h03", "35.06.16.2001", "35.06.16.2009"


def fields_of(page, form="answers"):
    """Give what the form of a page would send as it stands: hidden fields and ticks."""
    inside = page[page.index(f'<form id="{form}"') :]
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside)
    ticked = re.findall(r'<input type="checkbox"(?: form="answers")? name="(service)" value="([^"]+)" checked', inside)
    found = {}
    for name, value in (*hidden, *ticked):
        found.setdefault(name, []).append(value)
    return found


def photo(colour="red"):
    """Make a photo that a phone could have made."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return io.BytesIO(out.getvalue())


@pytest.fixture
def house(sqlite):
    """Give a database with villages: one known by its code, one with its name too, and one of another kecamatan."""
    with sqlite.work() as work:
        work.session.add_all([Village(code=VILLAGE), Village(code=NAMED, name="Contoh"), Village(code=stage.VILLAGE)])
    return sqlite


@pytest.fixture
def app(office, house):
    """Give the application over the database of this test; its day is that of the clock."""
    return create_app(office, SAMPLES, lambda: house.now().date(), [SECRET], house)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="session")
def family(office):
    """Give an old woman who lives alone in Plemahan."""
    files = sample_files([SAMPLES / "keluarga"])
    return next(one for path in files for one in read_households(path, office.knowledge, DAY) if one.id == FAMILY)


@pytest.fixture(scope="session")
def answers(office, family):
    """Give her sealed answers, as she told them herself."""
    return journey_of(create_app(office, SAMPLES, lambda: DAY, [SECRET]), family).sealed


@pytest.fixture
def result(client, answers):
    """Give the page of the result."""
    return client.post("/hasil", data={"sealed": answers}).text


@pytest.fixture
def filled(client, result):
    """Give the form as it is filled in by somebody who has everything at hand."""
    page = client.post("/ajukan", data=fields_of(result)).text
    typed = {"name": "Wagiyem", "phone": "0812-3456-7890", "kk": KK, "name-0": "Wagiyem", "nik-0": NIK, "sure": SURE}
    place = {"village": VILLAGE, "hamlet": "Dusun 1", "rw": "1", "rt": "2"}
    return {**fields_of(page), **typed, **place, "consent": "1", "do": "send"}


@pytest.fixture
def at_counter(app, house):
    """Give a client at which somebody of the desk is signed in."""
    with house.work() as work:
        actor = stage.actor(work, "applicant_desk", name="Rahayu")
        token = sign_ins.begin(work, work.session.get_one(Account, actor.account), complete=True)
    client = app.test_client()
    client.set_cookie(COOKIE, token)
    return client


def handed_in(page):
    """Give the number and the PIN that a page shows."""
    return re.findall(r'class="headline">([^<]+)', page)


def csrf_in(page):
    return re.search(r'name="csrf" value="([^"]+)"', page)[1]


@pytest.fixture
def handed(client, filled):
    """Give the number and the PIN of what was handed in."""
    return tuple(handed_in(client.post("/ajukan", data=filled).text))


@pytest.fixture
def opened(client, handed):
    """Give a client at which the case is open."""
    number, pin = handed
    assert client.post("/permohonan", data={"number": number, "pin": pin}).status_code == 302
    return client


@pytest.fixture
def case_of_house(house):
    """Give the only case, in a unit of work of the caller's."""
    return lambda work: work.session.scalar(select(Case))


@pytest.fixture
def app_address(app):
    with served(app) as address:
        yield address
