"""What people do to an interview besides answering it: they change the language, go back, reload, click twice, leave."""

import time

import pytest
from cryptography.fernet import Fernet
from playwright.sync_api import Error

from tests.webapp.answering import Hands, hands_at
from webapp.asking.told import HOURS_OPEN, Sealer, Told

MEMBER, WHO, WHERE = "Siapa saja orangnya", "Siapa yang membutuhkan", "Tempat tinggal"
CHECK, CLEARED, START = "Periksa jawaban Anda", "Semua jawaban sudah dihapus", "Sebelum mulai"
TURN_ROUND = """() => {
  let left = 2;
  const twice = new Promise((done) => document.addEventListener("htmx:afterSettle", () => --left || done()));
  document.addEventListener("htmx:afterSwap", () => history.forward(), { once: true });
  history.back();
  return { twice };
}"""
WITH_AND_WITHOUT = pytest.mark.parametrize("scripts", [False, True])


@pytest.fixture
def sit_down(open_page, address):
    """Give the hands of somebody new."""
    return hands_at(open_page, address)


@pytest.fixture
def end(journey):
    """Give all answers of a man without a home, sealed."""
    return journey("keluarga-h02").sealed


def value(hands, name):
    return hands.page.locator(f"[id='{name}']").input_value()


@WITH_AND_WITHOUT
def test_another_language_in_the_middle_keeps_what_is_typed(sit_down, journey, scripts):
    """The button of the language sends the page along, answers and all."""
    hands = sit_down(scripts)
    hands.arrive("/periksa", sealed=journey("keluarga-h01").kinds["member"], do="show")
    hands.fill({"m0.id": ["Nenek"], "m0.age": ["tujuh puluh"], "m0.sex": ["P"]})
    hands.come_by(lambda: hands.page.get_by_role("button", name="English").click())

    assert hands.heading == "Who belongs to it"
    assert hands.page.evaluate("document.documentElement.lang") == "en"
    assert (value(hands, "m0.id"), value(hands, "m0.age")) == ("Nenek", "tujuh puluh")
    assert hands.page.locator("[name='m0.sex'][value=P]").is_checked()


@WITH_AND_WITHOUT
def test_the_pages_own_back_shows_what_was_answered_and_keeps_what_is_typed(sit_down, scripts):
    """One step back, and on again: nothing is lost on either page."""
    hands = sit_down(scripts)
    hands.begin()
    hands.answer(h__residence="35.06.07")
    hands.answer(applicant="group")
    assert hands.heading == MEMBER
    hands.fill({"m0.id": ["Ketua"], "m0.age": ["50"]})
    hands.press("back")
    assert hands.heading == WHO
    hands.press("back")
    assert value(hands, "h.residence") == "35.06.07"
    hands.press("next")
    hands.answer(applicant="group")

    assert (value(hands, "m0.id"), value(hands, "m0.age")) == ("Ketua", "50")


@WITH_AND_WITHOUT
def test_back_from_the_first_step_leads_to_where_one_began(sit_down, scripts):
    """Though that page has the same address with JavaScript."""
    hands = sit_down(scripts)
    hands.begin()
    hands.come_by(hands.page.locator("main a.back").click)

    assert hands.heading == START


def test_the_browsers_back_and_forward_find_every_page_again_with_javascript(sit_down):
    """Each page is a place in the history of the tab; before the first one is the page from which one came."""
    hands = sit_down(scripts=True)
    hands.begin()
    hands.answer(h__residence="35.06.07")
    hands.answer(applicant="organisation")
    seen = [hands.heading]
    for move in (hands.page.go_back, hands.page.go_back, hands.page.go_forward, hands.page.go_back, hands.page.go_back):
        hands.come_by(move, remembered=False)
        seen.append(hands.heading)

    assert seen[1:] == [WHO, WHERE, WHO, WHERE, START]


def test_who_turns_round_in_the_history_before_a_page_has_settled_leaves_no_other_trace_in_it(sit_down):
    """One forward while the page that one went back to is still being put in its place."""
    hands = sit_down(scripts=True)
    hands.begin()
    hands.answer(h__residence="35.06.07")
    hands.answer(applicant="organisation")
    long = hands.page.evaluate("history.length")
    settled = hands.page.evaluate_handle(TURN_ROUND)
    hands.page.evaluate("settled => settled.twice", settled)

    assert hands.page.evaluate("history.length") == long
    hands.come_by(hands.page.go_back, remembered=False)
    assert hands.heading == WHO


def test_who_goes_back_in_the_browser_and_answers_otherwise_goes_another_way(sit_down):
    """What was answered on the way that was left is not mixed in."""
    hands = sit_down(scripts=True)
    hands.begin()
    hands.answer(h__residence="35.06.07")
    hands.answer(applicant="organisation")
    hands.come_by(hands.page.go_back, remembered=False)
    hands.answer(applicant="group")

    assert hands.heading == MEMBER


@WITH_AND_WITHOUT
def test_a_reload_in_the_middle_shows_the_same_step(sit_down, scripts):
    """With JavaScript from the history of the tab; without, the browser sends the form once more."""
    hands = sit_down(scripts)
    hands.begin()
    hands.answer(h__residence="35.06.07")
    hands.come_by(hands.page.reload, remembered=False)
    hands.page.get_by_role("heading", name=WHO).wait_for()
    hands.answer(applicant="group")

    assert hands.heading == MEMBER


@WITH_AND_WITHOUT
def test_two_clicks_are_one_answer(sit_down, scripts):
    """The step that follows the first click is the one that is shown."""
    hands = sit_down(scripts)
    hands.begin()
    hands.fill({"h.residence": ["35.06.07"]})
    hands.come_by(lambda: hands.page.locator("main button[name=do][value=next]").dblclick())
    assert hands.heading == WHO
    hands.press("back")

    assert hands.heading == WHERE


@WITH_AND_WITHOUT
def test_two_tabs_do_not_disturb_each_other(sit_down, scripts):
    """Each tab carries its own answers."""
    one = sit_down(scripts)
    other = Hands(one.page.context.new_page(), one.address, scripts)
    one.begin()
    other.begin()
    one.answer(h__residence="35.06.07")
    other.answer(h__residence="35.06.02")
    one.answer(applicant="group")
    other.answer(applicant="organisation")
    for hands in (one, other):
        hands.press("back")
        hands.press("back")

    assert (value(one, "h.residence"), value(other, "h.residence")) == ("35.06.07", "35.06.02")


@WITH_AND_WITHOUT
def test_a_page_that_was_open_for_too_long_is_closed_kindly(sit_down, app, monkeypatch, scripts):
    """It says why, and leads to a new beginning."""
    hands = sit_down(scripts)
    hands.begin()
    key = Fernet.generate_key()
    monkeypatch.setattr(app.extensions["tepat"], "sealer", Sealer([key]))
    sealed = app.extensions["tepat"].sealer.seal(Told())
    old = Fernet(key).encrypt_at_time(Fernet(key).decrypt(sealed), int(time.time()) - HOURS_OPEN * 3600 - 60).decode()
    hands.page.locator("#answers [name=sealed]").evaluate("(one, old) => { one.value = old }", old)
    hands.press("next")

    assert hands.heading.startswith("Halaman ini sudah terlalu lama terbuka.")
    hands.page.locator("main a.button").click()
    hands.page.get_by_role("heading", name=START).wait_for()


@WITH_AND_WITHOUT
def test_a_page_whose_answers_were_altered_is_refused_kindly(sit_down, scripts):
    """Nobody's answers are guessed."""
    hands = sit_down(scripts)
    hands.begin()
    hands.page.locator("#answers [name=sealed]").evaluate("one => { one.value = 'x' + one.value }")
    hands.press("next")

    assert hands.heading.startswith("Jawaban di halaman ini tidak dapat dibaca.")
    assert hands.page.locator("main a.button").get_attribute("href") == "/mulai"


@pytest.mark.parametrize("path", ["/periksa", "/hasil"])
def test_after_clearing_the_browsers_back_shows_no_answer(sit_down, end, path):
    """The history of the tab forgets what it remembered."""
    hands = sit_down(scripts=True)
    hands.arrive(path, sealed=end, do="check")
    hands.go_to("/hapus")
    assert hands.heading == CLEARED
    hands.page.go_back()
    hands.page.get_by_role("heading", name=START).wait_for()

    assert hands.page.locator("#answers").count() == 0


@pytest.mark.parametrize("path", ["/periksa", "/hasil"])
def test_after_clearing_without_javascript_the_browser_has_kept_no_page(sit_down, end, path):
    """Going back finds nothing: no page of answers is stored."""
    hands = sit_down()
    hands.arrive(path, sealed=end, do="check")
    hands.go_to("/hapus")
    assert hands.heading == CLEARED

    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        hands.page.go_back()


@WITH_AND_WITHOUT
def test_the_quick_exit_leaves_at_once_and_with_javascript_back_shows_no_answer(sit_down, end, scripts):
    """It leads to the weather; who goes back finds the beginning."""
    hands = sit_down(scripts)
    hands.page.context.route(
        "https://www.bmkg.go.id/**", lambda route: route.fulfill(body="<title>Cuaca</title>", content_type="text/html")
    )
    hands.arrive("/periksa", sealed=end, do="check")
    hands.page.locator("header a.exit").click()
    hands.page.wait_for_url("https://www.bmkg.go.id/")
    assert hands.page.title() == "Cuaca"
    if scripts:
        hands.page.go_back()
        hands.page.get_by_role("heading", name=START).wait_for()

        assert hands.page.locator("#answers").count() == 0
