"""Whoever reads a page otherwise than with eyes and a finger: axe on every kind of page, keys, large text, paper."""

import functools
import html
import re
from itertools import cycle

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.webapp.answering import Hands
from tests.webapp.stage import DESK, PATIENCE, PHONE

OPEN_PAGES = (
    *("/", "/mulai", "/formulir", "/privasi", "/contoh", "/sampel/keluarga-h01", "/tidak-ada"),
    *("/layanan", "/layanan/pkh", "/program/pkh", "/surat-surat", "/surat-surat/kk", "/langkah/ajukan_pub"),
    *("/sumber", "/sumber/permensos-1-2018", "/cari?q=lansia", "/sematan", "/sematan/cara", "QR"),
)
# By name: the household whose answers the page carries, the kind of step at hand (none: at the end), and what is sent.
FORMS = {
    **{
        f"step {kind}": ("keluarga-h01", kind, "/periksa", {"do": "show"})
        for kind in ("where", "who", "urgent", "member", "among", "each", "facts", "tick", "aid")
    },
    "receivers": ("keluarga-h01", "aid", "/periksa", {"do": "next", "aid": "pbi_jk", "papers": "-"}),
    "mistakes": ("keluarga-h01", "member", "/periksa", {"do": "next", "m0.age": "tua"}),
    "mistakes on a list": ("keluarga-h01", "tick", "/periksa", {"do": "next"}),
    "elsewhere": ("keluarga-h01", "where", "/periksa", {"do": "next", "h.residence": "35.71"}),
    "emergency": ("keluarga-h02", "emergency", "/periksa", {"do": "show"}),
    "check": ("keluarga-h01", None, "/periksa", {"do": "check"}),
    "result": ("keluarga-h01", None, "/hasil", {}),
    "checklist": ("keluarga-h01", None, "/surat", {}),
    "cleared": ("keluarga-h01", None, "/hapus", {"helping": "1"}),
    "expired": ("keluarga-h01", None, "/periksa", {"sealed": "forged"}),
}
# Every page is seen on both screens, in both languages, with and without scripts, but not in every combination.
WAYS = cycle([((PHONE, "id", False), (DESK, "en", True)), ((PHONE, "en", True), (DESK, "id", False))])
SEEN = [(page, *way) for page, ways in zip((*OPEN_PAGES, *FORMS), WAYS, strict=False) for way in ways]


def arrive(hands, journey, name, lang):
    """Stand on a page of this name."""
    if name in FORMS:
        household, kind, path, fields = FORMS[name]
        walked = journey(household)
        hands.arrive(path, **{"sealed": walked.kinds[kind] if kind else walked.sealed, "lang": lang, **fields})
        return
    path = name
    if name == "QR":
        address = re.search(r'class="address">([^<]+)', journey("keluarga-h01").pages[-1])[1]
        path = html.unescape(address).removeprefix("http://localhost")
    hands.page.goto(f"{hands.address}{path}{'&' if '?' in path else '?'}lang={lang}")


def width(page):
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.fixture(scope="module")
def screens(browser):
    """Give a page on a screen of some size; axe needs a browser that runs scripts, so those of the page stay away."""

    @functools.cache
    def open_(size, scripts):
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
        context.set_default_timeout(PATIENCE)
        if not scripts:
            context.route("**/static/*.js", lambda route: route.abort())
        return context.new_page()

    return open_


@pytest.mark.parametrize(("name", "size", "lang", "scripts"), SEEN)
def test_axe_finds_nothing_on_any_kind_of_page_and_none_is_wider_than_its_screen(
    screens, address, journey, name, size, lang, scripts
):
    """What opens is open; of many alike, the first."""
    page = screens(size, scripts)
    arrive(Hands(page, address, scripts), journey, name, lang)
    page.evaluate("document.querySelectorAll('details:not(.samples li + li details)').forEach(one => one.open = true)")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]

    assert page.evaluate("document.documentElement.lang") == lang
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert width(page) <= size[0]


@pytest.mark.parametrize("name", ["/", "/mulai", "step each", "step tick", "check", "result", "checklist"])
def test_text_of_twice_the_size_stays_on_the_screen_and_its_buttons_can_be_pressed(open_page, address, journey, name):
    """Lines break; nothing has to be moved sideways to be read."""
    hands = Hands(open_page(DESK), address)
    arrive(hands, journey, name, "id")
    hands.page.evaluate("document.documentElement.style.fontSize = '200%'")
    for across, down in (DESK, PHONE):
        hands.page.set_viewport_size({"width": across, "height": down})

        assert width(hands.page) <= across
        hands.page.locator("main :is(button, a.button):visible").last.click(trial=True)


def test_a_step_is_answered_with_the_keyboard_alone(open_page, address, journey):
    """Tab reaches everything in its order, Space chooses, Enter sends."""
    hands = Hands(open_page(), address)
    hands.arrive("/periksa", sealed=journey("keluarga-h01").kinds["who"], do="show")
    focused = "(({ name, value, className }) => name ? `${name}=${value}` : className)(document.activeElement)"

    def tab_to(wanted):
        for _ in range(20):
            hands.page.keyboard.press("Tab")
            if hands.page.evaluate(focused) == wanted:
                return
        pytest.fail(f"no way to {wanted}")

    tab_to("skip")
    tab_to("exit")
    tab_to("applicant=family")
    hands.page.keyboard.press("Space")
    tab_to("do=next")
    hands.come_by(lambda: hands.page.keyboard.press("Enter"))

    assert hands.heading == "Apakah ada yang mendesak?"


def test_enter_in_a_field_goes_on_and_does_not_go_back(open_page, address, journey):
    """The first button of the form is the one that goes on."""
    hands = Hands(open_page(), address)
    hands.arrive("/periksa", sealed=journey("keluarga-h01").kinds["member"], do="show")
    hands.fill({"m0.age": ["40"], "m0.sex": ["P"]})
    hands.come_by(lambda: hands.page.locator("[id='m0.age']").press("Enter"))

    assert "m0.age" not in hands.page.content()


@pytest.mark.parametrize("scripts", [False, True])
def test_who_listens_is_told_what_to_mend_and_brought_to_its_field(open_page, address, journey, scripts):
    """The list of mistakes is an alert, and its link leads to the field that is described by the mistake."""
    hands = Hands(open_page(scripts=scripts), address, scripts)
    arrive(hands, journey, "mistakes", "id")
    hands.page.locator(".summary a[href='#m0.age']").click()
    field = hands.page.locator("[id='m0.age']")

    assert hands.page.locator(".summary[role=alert]").is_visible()
    assert hands.page.title().startswith("Perlu diperbaiki")
    assert "m0.age-error" in field.get_attribute("aria-describedby")
    assert hands.page.evaluate("document.querySelector(':target, :focus').id") == "m0.age"


@pytest.mark.parametrize(("name", "shown"), [("result", "article.card h3"), ("checklist", ".ticks strong")])
def test_on_paper_stands_what_is_told_and_no_button(open_page, address, journey, name, shown):
    """Whoever prints the page has the cards, or the papers, without what only works on a screen."""
    page = open_page(DESK)
    arrive(Hands(page, address), journey, name, "id")
    page.emulate_media(media="print")

    assert page.locator(f"main {shown}").first.is_visible()
    assert page.locator("button:visible, header:visible, footer:visible").count() == 0
