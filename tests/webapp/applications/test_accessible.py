"""The applicant's pages for whoever reads otherwise than with eyes and a finger, on a small phone, and on a slow line."""

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from casework.cases import own_case, papers
from casework.cases.models import Case
from casework.staff.actors import APPLICANT
from tests.casework import stage
from tests.webapp.answering import Hands
from tests.webapp.applications.conftest import fields_of, handed_in
from tests.webapp.stage import DESK, PATIENCE, PHONE

NEXT_PAGE = 15_000
WAYS = [(PHONE, "id"), (DESK, "en")]
PAGES = ["privacy", "form", "mistakes", "submitted", "open", "wrong", "status", "refused", "withdraw"]


@pytest.fixture
def page(browser):
    """Give a page of a browser without the scripts of the page; axe needs those of its own."""
    context = browser.new_context(bypass_csp=True)
    context.set_default_timeout(PATIENCE)
    context.route("**/static/*.js", lambda route: route.abort())
    yield context.new_page()
    context.close()


@pytest.fixture
def arrive(page, app, app_address, house, answers, filled):
    """Stand on one of the pages, in a language."""
    hands = Hands(page, app_address)

    def case():
        number, pin = handed_in(app.test_client().post("/ajukan", data=filled).text)
        office = app.extensions["tepat"].office
        with house.work() as work:
            desk = stage.actor(work, "applicant_desk")
        with house.work(desk) as work:
            for document in ("kk", "ktp"):
                papers.request(work, office, work.session.scalar(select(Case)), document, None, "Yang terbaru")
        with house.work(APPLICANT) as work:
            own_case.ask_again(work, office, work.session.scalar(select(Case)), "Tolong lihat lagi")
        return number, pin

    def open_(lang):
        number, pin = case()
        page.goto(f"{app_address}/permohonan?lang={lang}")
        page.locator("#number").fill(number)
        page.locator("#pin").fill(pin)
        hands.come_by(page.locator("main form button").first.click, remembered=False)

    def arrive_at(name, lang):
        page.goto(f"{app_address}/bahasa/{lang}?back=/privasi")
        sent = {key: one[0] if isinstance(one, list) else one for key, one in filled.items()} | {"lang": lang}
        if name == "form":
            hands.arrive("/ajukan", sealed=sent["sealed"], lang=lang)
        elif name == "mistakes":
            hands.arrive("/ajukan", **{**sent, "kk": "1", "name": "", "village": "", "consent": ""})
        elif name == "submitted":
            hands.arrive("/ajukan", sealed=sent["sealed"], lang=lang)
            hands.fill({key: [one] for key, one in sent.items() if key in FILLED})
            hands.press("send")
            hands.press("send")
        elif name == "open":
            page.goto(f"{app_address}/permohonan")
        elif name == "wrong":
            hands.arrive("/permohonan", number="x", pin="1", lang=lang)
        elif name in ("status", "refused", "withdraw"):
            open_(lang)
            if name == "refused":
                hands.come_by(page.locator("article.card form button").first.click, remembered=False)
            elif name == "withdraw":
                hands.come_by(page.locator("a[href$='/tarik']").click, remembered=False)

    return arrive_at


FILLED = ("name", "phone", "kk", "name-0", "nik-0", "village", "hamlet", "rw", "rt", "consent")


@pytest.mark.parametrize(("size", "lang"), WAYS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_no_page_is_wider_than_its_screen(page, arrive, name, size, lang):
    """What opens is open."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    arrive(name, lang)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]

    assert page.evaluate("document.documentElement.lang") == lang
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("name", ["form", "status", "withdraw"])
def test_text_of_twice_the_size_stays_on_the_screen(page, arrive, name):
    """Lines break; nothing has to be moved sideways to be read."""
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    arrive(name, "id")
    page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.locator("main button:visible").last.click(trial=True)


def test_number_and_pin_stand_on_paper_too(page, arrive):
    """Without what only works on a screen."""
    arrive("submitted", "id")
    page.emulate_media(media="print")

    assert page.locator(".headline:visible").count() == 2
    assert page.locator("button:visible, header:visible, footer:visible").count() == 0


def test_every_page_is_light_on_a_slow_line(client, filled, result):
    """As those of the self-check are."""
    form = client.post("/ajukan", data=fields_of(result))
    done = client.post("/ajukan", data=filled)
    number, pin = handed_in(done.text)
    client.post("/permohonan", data={"number": number, "pin": pin})
    pages = [form, done, client.get("/permohonan"), client.get("/permohonan/tarik")]

    assert [len(gzip.compress(one.data)) for one in pages if len(gzip.compress(one.data)) >= NEXT_PAGE] == []
