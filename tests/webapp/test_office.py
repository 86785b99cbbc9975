"""Where an office is, on a page: what is known can be used, what is not is said plainly."""

from dataclasses import replace

import pytest
from flask import render_template

from engine.knowledge.check import load
from engine.knowledge.model import Text
from engine.offices import own_office
from tests.webapp.conftest import CHECKOUT
from webapp.words import words_in


@pytest.fixture(scope="module")
def office():
    return own_office(load(CHECKOUT))


def shown(app, office, lang="id"):
    """Give the words of the partial page, without its tags' whitespace."""
    with app.test_request_context():
        return " ".join(render_template("office.html", office=office, lang=lang, t=words_in(lang)).split())


def test_what_nobody_knows_is_said_and_whom_to_ask(app, office):
    """A gap is a sentence, never an empty place."""
    page = shown(app, office)

    assert "<strong>Dinas Sosial Kabupaten Kediri</strong>" in page
    assert all(f"{what}: belum dicatat di sini" in page for what in ("Alamat", "Jam buka", "Telepon", "Petugas piket"))
    assert "tanyakan ke kantor desa" in page and "dipastikan" not in page
    assert "Address: not written down here yet" in shown(app, office, "en")


def test_a_telephone_number_can_be_pressed(app, office):
    """And what no officer has confirmed says so."""
    page = shown(app, replace(office, phone="(0354) 123-456", hours=Text("Pagi", "Mornings")))

    assert '<a href="tel:0354123-456">(0354) 123-456</a>' in page
    assert "Jam buka: Pagi" in page and "Alamat: belum dicatat" in page and "belum dipastikan petugas" in page


def test_nothing_is_missing_of_an_office_that_is_known(app, office):
    """Then nobody has to be asked, and once it is confirmed nothing is doubted."""
    here = Text("Di sini", "Here")
    page = shown(app, replace(office, address=here, hours=here, phone="0354 1234567", duty_person=here, confirmed=True))

    assert "tanyakan" not in page and "belum" not in page


def test_where_no_office_is_known_nothing_is_shown(app):
    """Not even a heading."""
    assert shown(app, None) == ""
