"""The whole way at a real browser, on a small phone: self-check, handing in, number and PIN, photos, and withdrawing."""

import pytest
from playwright.sync_api import Error
from sqlalchemy import select

from casework.cases import papers
from casework.cases.models import Case
from tests.casework import stage
from tests.webapp.answering import hands_at
from tests.webapp.applications.conftest import KK, NIK, VILLAGE, photo

DONE, MINE, START = "Permohonan sudah diterima", "Permohonan saya", "Sebelum mulai"


@pytest.fixture
def sit_down(open_page, app_address):
    """Give the hands of somebody new."""
    return hands_at(open_page, app_address)


@pytest.fixture
def hand_in(sit_down, family, app, answers):
    """Hand in at a browser; gives the hands, the number and the PIN."""

    def hand(scripts=False):
        hands = sit_down(scripts)
        hands.arrive("/hasil", sealed=answers)
        hands.go_to("/ajukan")
        fill_in(hands)
        hands.press("send")
        # The numbers of invented people end in 0000, which is asked about once more.
        assert hands.page.locator(".summary[role=alert]").is_visible()
        hands.press("send")
        number, pin = (one.inner_text() for one in hands.page.locator(".headline").all())
        return hands, number, pin

    return hand


def fill_in(hands):
    hands.fill(
        {
            "name": ["Wagiyem"],
            "phone": ["081234567890"],
            "kk": [KK],
            "name-0": ["Wagiyem"],
            "nik-0": [NIK],
            "village": [VILLAGE],
            "hamlet": ["Dusun 1"],
            "rw": ["1"],
            "rt": ["2"],
            "consent": ["1"],
        }
    )


def open_case_page(hands, number, pin):
    page = hands.page
    page.goto(f"{hands.address}/permohonan")
    page.get_by_label("Nomor permohonan").fill(number)
    page.get_by_label("PIN", exact=True).fill(pin)
    hands.come_by(page.get_by_role("button", name="Buka permohonan").click, remembered=False)


def test_from_the_first_question_to_a_withdrawn_application(sit_down, house, app, family):
    """Without JavaScript, 360 pixels wide, page by page."""
    hands = sit_down()
    hands.walk(family, app.extensions["tepat"].office.knowledge.facts)
    hands.to_result()
    hands.go_to("/ajukan")
    fill_in(hands)
    hands.press("send")
    hands.press("send")
    assert hands.heading == DONE
    number, pin = (one.inner_text() for one in hands.page.locator(".headline").all())

    open_case_page(hands, number, pin)
    assert hands.heading == number
    with house.work() as work:
        desk = stage.actor(work, "applicant_desk")
    with house.work(desk) as work:
        papers.request(work, app.extensions["tepat"].office, work.session.scalar(select(Case)), "kk")
    hands.come_by(hands.page.reload, remembered=False)
    files = [
        {"name": f"foto-{colour}.jpg", "mimeType": "image/jpeg", "buffer": photo(colour).getvalue()}
        for colour in ("red", "blue")
    ]
    hands.page.get_by_label("Foto surat").set_input_files(files)
    hands.come_by(hands.page.get_by_role("button", name="Kirim foto").click, remembered=False)
    assert hands.page.get_by_role("status").inner_text().startswith("Foto sudah diterima")
    assert hands.page.get_by_text("tanda terima TT-2026-").count() == 1

    hands.come_by(hands.page.get_by_role("link", name="Tarik permohonan").click, remembered=False)
    hands.come_by(hands.page.get_by_role("button", name="Ya, tarik").click, remembered=False)
    assert hands.page.locator(".headline").inner_text() == "Permohonan sudah ditarik"
    hands.come_by(hands.page.get_by_role("button", name="Selesai, tutup halaman ini").click, remembered=False)
    assert hands.heading == MINE


def test_after_handing_in_the_browsers_back_leads_to_a_new_beginning(hand_in):
    """Whoever has the phone next finds neither answers nor names."""
    hands, _, pin = hand_in(scripts=True)
    assert hands.heading == DONE and len(pin) == 9
    hands.page.go_back()
    hands.page.get_by_role("heading", name=START).wait_for()

    assert not any(said in hands.page.content() for said in (KK, NIK, "Wagiyem", pin))


def test_after_handing_in_without_javascript_the_browser_has_kept_no_page(hand_in):
    """Going back finds nothing: no page of answers is stored."""
    hands, _, _ = hand_in()
    assert hands.heading == DONE

    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        hands.page.go_back()


@pytest.mark.parametrize("scripts", [False, True])
def test_a_mistake_is_an_alert_and_its_link_leads_to_the_field(sit_down, answers, scripts):
    """What is typed stays."""
    hands = sit_down(scripts)
    hands.arrive("/hasil", sealed=answers)
    hands.go_to("/ajukan")
    fill_in(hands)
    hands.fill({"kk": ["350616"]})
    hands.press("send")
    hands.page.locator(".summary a[href='#kk']").click()

    assert hands.page.title().startswith("Perlu diperbaiki")
    assert hands.page.evaluate("document.querySelector(':target, :focus').id") == "kk"
    assert hands.page.locator("#kk").input_value() == "350616"
    assert hands.page.locator("#nik-0").input_value() == NIK


@pytest.mark.parametrize("scripts", [False, True])
def test_the_way_back_to_the_result_keeps_the_answers(sit_down, answers, scripts):
    """Nothing was handed in."""
    hands = sit_down(scripts)
    hands.arrive("/hasil", sealed=answers)
    hands.go_to("/ajukan")
    hands.go_to("/hasil")

    assert hands.heading == "Hasil"


def test_photos_that_are_too_large_are_said_where_they_were_chosen(hand_in, house, app):
    """The browser gets a page, not a broken line; the request is still there."""
    hands, number, pin = hand_in()
    with house.work() as work:
        desk = stage.actor(work, "applicant_desk")
    with house.work(desk) as work:
        papers.request(work, app.extensions["tepat"].office, work.session.scalar(select(Case)), "kk")
    open_case_page(hands, number, pin)
    large = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff" + bytes(13_000_000)}
    hands.page.get_by_label("Foto surat").set_input_files([large])
    hands.come_by(hands.page.get_by_role("button", name="Kirim foto").click, remembered=False)

    assert "lebih dari 12 MB" in hands.page.locator(".card .error").inner_text()
    assert hands.heading == number


def test_enter_in_a_field_sends_and_does_not_change_the_language(sit_down, answers):
    """The first button of the form is the one that sends."""
    hands = sit_down()
    hands.arrive("/hasil", sealed=answers)
    hands.go_to("/ajukan")
    fill_in(hands)
    hands.come_by(lambda: hands.page.locator("#rt").press("Enter"))

    assert hands.page.locator(".summary[role=alert]").is_visible()
    assert hands.page.evaluate("document.documentElement.lang") == "id"
