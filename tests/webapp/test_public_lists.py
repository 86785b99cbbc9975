"""The public page of beneficiaries: what it shows, what it never shows, in both languages, on screen and paper."""

from datetime import date

import pytest

from casework.lists import public, states
from casework.lists.lists import draft_list
from casework.people.models import Person, Village
from casework.staff.actors import SYSTEM
from tests.casework import stage
from tests.casework.lists.granted import YEAR, claim
from webapp import create_app

NIK = "3506074203000000"


@pytest.fixture
def app(sqlite, office):
    """Give the application over a database."""
    return create_app(office, today=lambda: date(2026, 11, 23), database=sqlite)


@pytest.fixture
def client(app):
    """Give anybody's browser."""
    return app.test_client()


def publish(database, app, service, *homes, public=True, person=None):
    office = app.extensions["tepat"].office
    with database.work(SYSTEM) as work:
        for index, (names, village) in enumerate(homes):
            home = stage.household(work, *names, village=village)
            home.people[0].seal(work.keys, "nik", f"{NIK[:10]}{index:02}0000")
            home.address = "Jalan Contoh 7"
            claim(work, service, home=home, person=person)
        on = draft_list(work, office, service, **YEAR)
        states.verify(work, office, on)
        states.sign(work, office, on, "188.45/12", date(2026, 11, 20))
        states.publish(work, office, on, public)
        return on.number


def test_it_shows_name_village_and_aid_and_nothing_else(sqlite, app, client):
    """No NIK, masked or not, no address; the village by its code while nobody knows its name."""
    publish(sqlite, app, "sembako", (["Siti Contoh"], stage.VILLAGE))
    page = client.get("/penerima").text

    assert "Siti Contoh" in page and f"Desa {stage.VILLAGE}" in page and "Sembako" in page
    assert NIK not in page and "350607*" not in page and "Jalan Contoh" not in page


def test_it_says_the_village_when_its_name_is_known(sqlite, app, client):
    """And everything in English too."""
    publish(sqlite, app, "sembako", (["Siti Contoh"], stage.VILLAGE))
    with sqlite.work(SYSTEM) as work:
        work.session.get(Village, stage.VILLAGE).name = "Contohrejo"
    page = client.get("/penerima?lang=en").text

    assert "Contohrejo" in page and "Who receives aid" in page


def test_without_a_public_list_it_says_so(sqlite, app, client):
    """A list whose names are not open is no public list."""
    publish(sqlite, app, "sembako", (["Siti Contoh"], stage.VILLAGE), public=False)
    page = client.get("/penerima").text

    assert "Belum ada daftar yang diumumkan." in page and "Siti" not in page


def test_one_looks_by_name_and_a_short_word_is_refused(sqlite, app, client):
    """What was typed stays in the field."""
    publish(sqlite, app, "sembako", (["Siti Contoh"], stage.VILLAGE), (["Budi Contoh"], stage.VILLAGE))
    found = client.get("/penerima?name=budi").text
    assert "Budi Contoh" in found and "Siti Contoh" not in found
    refused = client.get("/penerima?name=bu")
    assert refused.status_code == 400 and 'value="bu"' in refused.text
    assert "Tidak ada nama yang cocok" in client.get("/penerima?name=nobody").text


def test_children_stand_with_initials(sqlite, app, client):
    """And are not found by name."""
    number = publish(sqlite, app, "yapi", (["Anak Contoh"], stage.VILLAGE), person=0)
    with sqlite.work(SYSTEM) as work:
        work.session.query(Person).one().birth_date = date(2015, 5, 1)
    assert "A. C." in client.get(f"/penerima?list={number}").text
    page = client.get("/penerima?name=anak").text
    assert "A. C." not in page and "Anak Contoh" not in page


def test_pages_follow_each_other_and_paper_has_more(sqlite, app, client, monkeypatch):
    """Fifty a page on screen, a thousand on paper; a page that is none is the first or last."""
    monkeypatch.setattr(public, "PAGE", 2)
    publish(sqlite, app, "sembako", *([[f"Siti {letter}"], stage.VILLAGE] for letter in "ABC"))
    first, last = client.get("/penerima").text, client.get("/penerima?page=2").text

    assert "Siti B" in first and "Siti C" not in first and 'rel="next"' in first
    assert "Siti C" in last and 'rel="prev"' in last
    assert "Siti C" in client.get("/penerima?print=yes").text
    assert "Siti C" in client.get("/penerima?page=99").text
    assert "Siti A" in client.get("/penerima?page=x").text


def test_what_is_typed_is_shown_as_it_is(sqlite, app, client):
    """No markup of others."""
    publish(sqlite, app, "sembako", (["Siti <b>Contoh</b>"], stage.VILLAGE))
    page = client.get("/penerima?name=<script>siti&village='&list=\"><x>").text

    assert "<script>siti" not in page and "<x>" not in page
    assert "Siti &lt;b&gt;" in client.get("/penerima").text
