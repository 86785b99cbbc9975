"""What a service gives, for anybody to read."""

import pytest

from engine.words import Speaker
from tests.webapp.catalogue.small import small_plan
from webapp.catalogue.amounts import Amounts
from webapp.catalogue.public import public


@pytest.fixture(scope="module")
def given():
    """Give the benefit of a service of the small edition."""
    shown = public(small_plan())

    def benefit(service, lang="id"):
        return Amounts(shown, Speaker(shown.knowledge, lang)).of(shown.knowledge.services[service])

    return benefit


def test_an_amount_that_depends_on_the_family_says_on_what(given):
    """Numbers in force are filled in, facts are named."""
    assert (given("meals").amount, given("meals").per) == ("Rp15.000 × jumlah orang", "per hari")
    assert given("meals", "en").amount == "Rp15,000 × number of people"


def test_a_number_says_since_when_it_counts_from_where_and_that_nobody_confirmed_it(given):
    """The same for every number of the formula."""
    (number,) = given("meals").numbers

    assert (number.title, number.since, number.source, number.confirmed) == (
        "Harga makan",
        "1 Januari 2025",
        "law-2",
        False,
    )


def test_a_table_is_laid_out_line_by_line(given):
    """Keys are said in words."""
    assert given("roof").amount == "harga atap"
    assert given("roof").numbers[0].values == (("Wilayah: Bukit", "Rp500"), ("Wilayah: Kota", "Rp700"))


def test_a_service_without_a_benefit_gives_nothing_by_itself(given):
    """It shows no amount, not an unknown one."""
    assert given("whisper") is None


def test_parts_name_their_limits(app):
    """PKH pays for each kind of member, up to a number of them."""
    shown = public(app.extensions["tepat"].office.plan(app.extensions["tepat"].today()))
    pkh = Amounts(shown, Speaker(shown.knowledge, "id")).of(shown.services["pkh"])
    by_title = {part.title: part for part in pkh.parts}

    assert by_title["Komponen anak usia dini"].at_most == "2"
    assert by_title["Komponen murid SMA"].amount == "Rp2.000.000"
    assert by_title["Komponen murid SMA"].not_with[0][0] == "yapi"
    assert pkh.pay_at_most == "4"
