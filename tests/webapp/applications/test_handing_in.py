"""Handing a finished self-check in: what goes along is shown first, who it is from is asked last, and nothing is lost."""

import html
import re

import pytest
from sqlalchemy import func, select

from casework.cases.models import Case, Submission
from casework.people.models import Household, Person, Village
from tests.webapp.applications.conftest import KK, NAMED, NIK, SAMPLES, SURE, VILLAGE, fields_of, handed_in
from webapp import create_app
from webapp.asking.told import Told


def count(house, what=Case):
    with house.reading() as work:
        return work.session.scalar(select(func.count()).select_from(what))


def send(client, filled, **changes):
    return client.post("/ajukan", data={**filled, **changes})


def test_the_result_offers_to_hand_it_in(result):
    """Where something can be asked for."""
    assert 'formaction="/ajukan"' in result


def test_the_form_shows_first_what_is_handed_in(client, result):
    """The services with their ticks, and every answer in words; then it asks for names and numbers."""
    page = client.post("/ajukan", data=fields_of(result)).text
    before, after = page.split('id="name"')

    assert 'name="service"' in before and "Plemahan" in before
    assert 'name="kk"' in after and 'name="nik-0"' in after and "nenek" in after
    assert 'name="consent" value="1" checked' not in page


def test_what_was_ticked_on_the_result_is_ticked_here(client, result):
    """And nothing else."""
    sent = fields_of(result)
    one = sent["service"][0]
    page = client.post("/ajukan", data={**sent, "service": [one]}).text

    assert fields_of(page)["service"] == [one]


def test_villages_are_those_of_where_one_lives_by_name_where_it_is_known(client, result):
    """No name is made up."""
    page = client.post("/ajukan", data=fields_of(result)).text
    options = re.findall(r'<option value="([\d.]+)">([^<]+)', page)

    assert options == [(NAMED, "Contoh"), (VILLAGE, f"Desa {VILLAGE}")]


def test_where_no_village_is_known_the_way_to_the_village_office_is_said(client, house, result):
    """Instead of a choice without choices."""
    with house.work() as work:
        for one in work.session.scalars(select(Village)):
            work.session.delete(one)

    assert "Silakan mengajukan di kantor desa" in client.post("/ajukan", data=fields_of(result)).text


def test_handing_in_gives_a_number_and_a_pin_once(client, house, filled):
    """The case is there; the browser is told to forget the answers."""
    answer = send(client, filled)
    number, pin = handed_in(answer.text)
    with house.reading() as work:
        case = work.session.scalar(select(Case))
        assert (case.number, case.channel, case.state) == (number, "self", "submitted")
        assert case.household.opened(work.keys, "kk") == KK
        assert work.session.scalar(select(Person)).opened(work.keys, "nik") == NIK
        assert work.session.scalar(select(Submission.consent)) == "2026-11"
    assert re.fullmatch(r"\d{4} \d{4}", pin)
    assert "hanya ditunjukkan sekali" in answer.text and "data-cleared" in answer.text
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert KK not in answer.text and NIK not in answer.text


def test_only_what_is_ticked_is_asked_for(client, house, filled):
    """One service, one claim."""
    send(client, filled, service=filled["service"][:1])
    with house.reading() as work:
        assert [one.service for one in work.session.scalar(select(Case)).claims] == filled["service"][:1]


def test_a_service_that_was_not_offered_is_not_asked_for(client, house, filled):
    """A forged tick is no tick."""
    answer = send(client, filled, service=["uang_duka_veteran_x", "hiv_x"])

    assert answer.status_code == 422
    assert "Pilih paling sedikit satu layanan" in answer.text
    assert count(house) == 0


def test_sent_twice_it_is_one_case(client, house, filled):
    """Two clicks, or a reload."""
    first, second = (handed_in(send(client, filled).text) for _ in range(2))

    assert first == second
    assert count(house) == 1


def test_the_same_result_loaded_again_is_the_same_case(client, house, answers, filled):
    """Whoever goes back and comes again finds that it was handed in."""
    number = handed_in(send(client, filled).text)[0]
    again = client.post("/ajukan", data=fields_of(client.post("/hasil", data={"sealed": answers}).text)).text

    assert handed_in(again)[0] == number
    assert count(house) == 1


def test_another_household_with_a_helper_is_another_case(client, app, house, filled):
    """And the channel says that somebody helped."""
    sealer = app.extensions["tepat"].sealer
    told = sealer.open(filled["sealed"][0]).with_(key="another", helping=True)
    answer = send(client, filled, sealed=sealer.seal(told))
    with house.reading() as work:
        assert work.session.scalars(select(Case.channel)).all() == ["assisted"]
    assert 'name="helping"' in answer.text


def test_at_the_counter_the_case_stands_under_the_officers_name(at_counter, house, filled):
    """And the page leads on to the case."""
    answer = send(at_counter, filled)
    with house.reading() as work:
        case = work.session.scalar(select(Case))
        assert (case.channel, case.opened_by) == ("counter", "Rahayu")
        assert f"/kantor/kasus/{case.number}" in answer.text


def test_every_mistake_is_said_at_its_field_and_nothing_typed_is_lost(client, house, filled):
    """With a list of all above the form."""
    wrong = {
        "name": "",
        "kk": "35061",
        "nik-0": "12ab",
        "village": "",
        "rt": "tiga",
        "consent": "",
        "address": "Jl. <b>",
    }
    answer = send(client, filled, **wrong)
    page = answer.text

    assert answer.status_code == 422
    assert set(re.findall(r'id="([\w-]+)-error"', page)) == {"name", "kk", "nik-0", "village", "consent"}
    assert 'value="35061"' in page and 'value="12ab"' in page and 'value="tiga"' in page
    assert 'value="Jl. &lt;b&gt;"' in page and 'value="Wagiyem"' in page
    assert page.index('role="alert"') < page.index('id="name"')
    assert count(house, Household) == 0


def test_without_consent_nothing_is_kept(client, house, filled):
    """The tick is never there beforehand."""
    answer = send(client, filled, consent="")

    assert 'id="consent-error"' in answer.text
    assert count(house, Household) == count(house) == 0


def test_a_number_that_looks_odd_is_asked_about_once(client, house, filled):
    """Whoever looked and sends again is believed; another number is looked at anew."""
    sent = {name: value for name, value in filled.items() if name != "sure"}
    first = client.post("/ajukan", data=sent)
    assert first.status_code == 422 and "Periksa sekali lagi" in first.text
    confirmed = [html.unescape(one) for one in re.findall(r'name="sure" value="([^"]+)"', first.text)]
    assert confirmed == SURE
    other = client.post("/ajukan", data={**sent, "sure": confirmed, "kk": KK[:-5] + "60000"})
    assert other.status_code == 422 and count(house) == 0

    assert client.post("/ajukan", data={**sent, "sure": confirmed}).status_code == 200
    assert count(house) == 1


def test_nobody_learns_whether_a_number_is_known_here(client, app, house, filled):
    """The pages for a known family and for an unknown one are alike but for number and PIN."""
    sealer = app.extensions["tepat"].sealer
    pages = []
    for key, services in (("one", filled["service"][:1]), ("two", filled["service"][:1]), ("three", filled["service"])):
        told = sealer.open(filled["sealed"][0]).with_(key=key)
        page = send(client, filled, sealed=sealer.seal(told), service=services).text
        for said in handed_in(page):
            page = page.replace(said, "X")
        pages.append(page)

    assert pages[0] == pages[1] == pages[2]
    assert count(house) == 3


def test_another_language_in_the_middle_keeps_what_is_typed(client, filled):
    """And sends nothing."""
    page = send(client, filled, lang_to="en").text

    assert "Send the application" in page and f'value="{KK}"' in page


def test_who_lives_elsewhere_is_told_where_to_go(client, app, filled, house):
    """This office does not take it."""
    sealer = app.extensions["tepat"].sealer
    told = sealer.open(filled["sealed"][0])
    told = told.with_(typed={**told.typed, "h.residence": ["35.71"]}, key="elsewhere")
    answer = send(client, filled, sealed=sealer.seal(told))

    assert answer.status_code == 400 and "Kantor lain yang melayani Anda" in answer.text
    assert count(house) == 0


@pytest.mark.parametrize("sealed", ["", "forged", "x" * 300_000])
def test_answers_that_are_not_ours_are_refused_kindly(client, house, sealed):
    """Nobody's answers are guessed."""
    answer = client.post("/ajukan", data={"sealed": sealed, "do": "send"})

    assert answer.status_code == 400 and 'href="/mulai"' in answer.text


def test_answers_that_never_came_to_a_result_are_not_taken(client, app):
    """They carry no key."""
    sealed = app.extensions["tepat"].sealer.seal(Told())

    assert client.post("/ajukan", data={"sealed": sealed}).status_code == 400


def test_a_flood_is_answered_with_what_to_do(client, house, filled, monkeypatch):
    """And what was typed stays."""
    monkeypatch.setattr("casework.cases.submissions.A_DAY", 0)
    answer = send(client, filled)

    assert answer.status_code == 422
    assert "datang ke kantor" in answer.text and 'value="Wagiyem"' in answer.text


def test_an_address_never_holds_a_number(client, filled):
    """Everything is sent, nothing is asked for by address."""
    assert client.get("/ajukan").status_code == 405


@pytest.mark.parametrize("path", ["/", "/mulai", "/privasi"])
def test_what_is_promised_about_keeping_is_true_with_and_without_a_database(client, office, path):
    """Without one nothing is ever kept, and no page speaks of handing in."""
    alone = create_app(office, SAMPLES).test_client()
    with_, without = client.get(path).text, alone.get(path).text

    assert "Jawaban tidak disimpan." in without and "Jawaban tidak disimpan." not in with_
    assert "Jawaban baru disimpan bila Anda mengajukannya." in with_
    assert "permohonan" not in without.split("<footer>")[1]
    assert alone.get("/permohonan").status_code == 404
