"""The checklist: each paper once, of whom, by when; steps merged; an address without people; nothing for officers only."""

import html
import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from engine.household import Given
from engine.household_files import read_households
from engine.knowledge.model import Follows, Requires
from tests.webapp.conftest import CHECKOUT
from webapp.asking.told import Told
from webapp.telling.checklist import checklist_of
from webapp.telling.message import message
from webapp.telling.wanted import wanted_by_address, wanted_by_household

DAY = date(2026, 11, 23)
GRANDMOTHER = {"h.residence": ["35.06.07"], "m0.id": ["Nenek Sumirah"], "m0.age": ["70"], "papers": ["ktp"]}


@pytest.fixture(scope="module")
def office(app):
    return app.extensions["tepat"].office


def sample(office, path, id_=None):
    found = read_households(CHECKOUT / "samples" / path, office.knowledge, DAY)
    return office.diagnose_for_everybody(next(one for one in found if id_ in (None, one.id)))


@pytest.fixture(scope="module")
def family(office):
    return sample(office, "keluarga/h01-keluarga-besar.yaml")


def listed(office, wanted, lang="id", have=None):
    return checklist_of(wanted, office.knowledge, lang, have)


def addressed(office, **named):
    services, sure, perhaps = ([one for one in named.get(key, "").split(".") if one] for key in "lsm")
    papers = dict.fromkeys(perhaps, False) | dict.fromkeys(sure, True)
    return wanted_by_address(office.plan(DAY), DAY, services, papers)


def sealed(app, typed=GRANDMOTHER, members=1):
    return app.extensions["tepat"].sealer.seal(Told(typed, members, by="form"))


def ticked(page):
    return re.findall(r'name="have" value="(\w+)" checked', page)


def test_each_paper_stands_once_over_all_services(office, family):
    """A family that qualifies for several services reads each paper once, with everybody it is needed of."""
    shown = listed(office, wanted_by_household(family, []))
    papers = {paper.id: paper for paper in shown.papers}

    assert len(shown.services) > 3
    assert len(papers) == len(shown.papers)
    assert papers["ktp"].who == "ayah, ibu dan nenek"
    assert papers["kk"].who == "semua anggota keluarga"


def test_papers_are_those_of_the_chosen_services_only(office, family):
    """Who chooses one service sees what that service asks for; ids that nobody knows are passed over."""
    wanted = wanted_by_household(family, ["sembako", "tidak-ada", "../x"])
    row = family.row("sembako", "household")

    assert wanted.services == ("sembako",)
    assert set(wanted.papers) == {one.name for one in row.documents}
    assert wanted_by_household(family, ["tidak-ada"]) == wanted_by_household(family, [])


def test_papers_for_later_and_papers_perhaps_needed_stand_apart(office, family):
    """What is brought at once is not mixed with what comes before payment or may not be needed."""
    groups = {
        name: [paper.id for paper in papers] for name, papers in listed(office, wanted_by_household(family, [])).needed
    }

    assert "ktp" in groups["proposal"]
    assert groups["payment"] == ["kks"]
    assert groups["perhaps"] == ["foto_rumah"]


def test_a_ticked_paper_moves_to_what_is_in_hand(client, app):
    """What was told to be in hand is ticked at first; a press on update takes the ticks of the page instead."""
    first = client.post("/surat", data={"sealed": sealed(app)})
    then = client.post("/surat", data={"sealed": sealed(app), "ticked": "1", "have": ["kk", "foto_kk", "nonsens"]})
    none = client.post("/surat", data={"sealed": sealed(app), "ticked": "1"})

    assert first.status_code == then.status_code == 200
    assert ticked(first.text) == ["ktp"]
    assert set(ticked(then.text)) == {"kk", "foto_kk"}
    assert then.text.index('id="have"') < then.text.index('value="kk" checked')
    assert ticked(none.text) == []


def test_a_step_of_several_services_stands_once_in_its_order(office, family):
    """PKH and Sembako go the same way at first; each step is numbered once and keeps its place in both."""
    wanted = wanted_by_household(family, ["pkh", "sembako"])
    (procedure,) = listed(office, wanted).procedures
    titles = [step.title for step in procedure.steps]

    assert len(titles) == len(set(titles))
    for service in ("pkh", "sembako"):
        own = [office.knowledge.steps[name].label.id for name in wanted.steps[service]]
        assert [title for title in titles if title in own] == own
    assert [step.whose for step in procedure.steps].count(None) == len(wanted.steps["sembako"])


def test_services_without_a_common_step_have_lists_of_their_own(office, family):
    """Nothing is gained by mixing procedures that share nothing."""
    shown = listed(office, wanted_by_household(family, ["sembako", "slrt_puskesos"]))

    assert [len(procedure.services) for procedure in shown.procedures] == [1, 1]


def test_what_is_not_known_is_said_to_be_unknown(client, app):
    """No time and no place is invented: the page says that it does not know."""
    page = client.post("/surat", data={"sealed": sealed(app), "lang": "id"}).text

    assert "Lama seluruhnya: belum diketahui." in page
    assert "Masa berlaku yang tidak ditulis belum diketahui." in page
    assert "Semua layanan gratis." in page
    assert "berhak menerima" not in page.lower()


def test_the_address_holds_nothing_of_people(client, app):
    """The code leads to services and papers by their ids; no role, age, place or answer is in it."""
    page = client.post("/surat", data={"sealed": sealed(app)}).text
    address = html.unescape(re.search(r'class="address">(.*?)<', page)[1])
    asked = parse_qs(urlsplit(address).query)
    office = app.extensions["tepat"].office

    assert "<svg" in page
    assert set(asked) <= {"l", "s", "m"}
    assert all(one in office.knowledge.services for one in asked["l"][0].split("."))
    papers = [one for key in ("s", "m") for field in asked.get(key, []) for one in field.split(".")]
    assert all(one in office.knowledge.papers for one in papers)


def test_the_address_leads_to_the_same_papers_without_people(office, client, family):
    """Whoever scans the code reads the same papers and steps, and of nobody."""
    wanted = wanted_by_household(family, [])
    shared = addressed(office, **wanted.address())

    assert shared.services == wanted.services
    assert set(shared.papers) == set(wanted.papers)
    assert {ask.paper for ask in shared.asks if ask.sure} == {ask.paper for ask in wanted.asks if ask.sure}
    assert all(set(wanted.steps[name]) <= set(shared.steps[name]) for name in wanted.services)
    assert {paper.who for paper in listed(office, shared).papers} == {""}
    page = client.get("/surat", query_string=wanted.address())
    assert page.status_code == 200
    assert not any(f" {member}" in page.text for member in ("ayah", "nenek", "anak 13"))


def test_an_address_without_papers_lists_all_of_the_service(office):
    """A short address that is typed by hand shows what depends on the family as perhaps needed."""
    groups = dict(listed(office, addressed(office, l="pkh")).needed)

    assert "ktp" in [paper.id for paper in groups["proposal"]]
    assert "buku_kia" in [paper.id for paper in groups["perhaps"]]


def test_an_address_with_nothing_known_in_it_is_no_page(client):
    """Unknown services and papers are passed over; with none left there is no page, and no mistake is shown."""
    some = client.get("/surat?l=pkh.tidak_ada&s=ktp.__proto__.%3Cscript%3E")

    assert some.status_code == 200
    assert "__proto__" not in html.unescape(re.search(r'class="address">(.*?)<', some.text)[1])
    assert "<script>" not in some.text
    assert [client.get(path).status_code for path in ("/surat", "/surat?l=", "/surat?l=tidak_ada")] == [404] * 3


def test_what_only_officers_may_see_is_on_no_list(office, client):
    """No hidden service can be asked for, and no list has a paper or step of a rule that rests on a secret."""
    hidden = office.plan(DAY).officer_only & office.knowledge.services.keys()

    assert {"rujukan_hiv_napza", "rehab_pmks_lain"} <= hidden
    assert client.get("/surat", query_string={"l": ".".join(hidden)}).status_code == 404
    mixed = addressed(office, l=".".join(["pkh", *sorted(hidden)]), s="ktp")
    assert mixed.services == ("pkh",)
    of_hidden = {
        word.text
        for rule in office.knowledge.rules.values()
        if isinstance(rule.effect, Requires | Follows) and rule.effect.service.text in hidden
        for word in (rule.effect.steps if isinstance(rule.effect, Follows) else rule.effect.documents)
    }
    everything = addressed(office, l=".".join(office.knowledge.services))
    of_public = {
        word.text
        for rule in office.knowledge.rules.values()
        if isinstance(rule.effect, Requires | Follows) and rule.effect.service.text in everything.services
        for word in (rule.effect.steps if isinstance(rule.effect, Follows) else rule.effect.documents)
    }
    shown = {*everything.papers, *(step for steps in everything.steps.values() for step in steps)}
    assert shown.isdisjoint(of_hidden - of_public)


def test_a_secret_told_changes_no_list(office):
    """The list of a person who told a secret is that of the same person who did not."""
    path = CHECKOUT / "samples/rehabilitasi_sosial/h12-orang-telantar.yaml"
    plain = read_households(path, office.knowledge, DAY)[0].without(office.confidential)
    told = plain
    for member in plain.members:
        for name in ("hiv", "napza_history"):
            told = told.with_given(member, name, Given(True, 1.0, "registry"))

    lists = [listed(office, wanted_by_household(office.diagnose_for_everybody(one), [])) for one in (told, plain)]
    assert lists[0] == lists[1]


def test_services_that_exclude_each_other_are_not_listed_silently(office):
    """Where two of the chosen services may not be received together, the list says so."""
    widow = sample(office, "keluarga/h03-janda-lanjut-usia.yaml")

    assert wanted_by_household(widow, ["sembako", "permakanan_lansia_kemensos"]).clash
    assert not wanted_by_household(widow, ["sembako"]).clash


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_message_says_all_of_it_in_short_lines(office, family, lang):
    """The text to copy names every paper and step, the honest sentence and the address."""
    shown = listed(office, wanted_by_household(family, []), lang)
    text = message(shown, "https://tepat.example/surat?l=pkh")

    assert all(paper.title in text for paper in shown.papers)
    assert all(step.title in text for procedure in shown.procedures for step in procedure.steps)
    assert text.endswith("https://tepat.example/surat?l=pkh\n")
    assert max(map(len, text.splitlines())) < 260


@pytest.mark.parametrize(("lang", "title"), [("id", "Surat dan langkah"), ("en", "Papers and steps")])
def test_the_page_speaks_both_languages(client, app, lang, title):
    """The language button keeps what was told, chosen and ticked."""
    page = client.post(
        "/surat", data={"sealed": sealed(app), "lang": "id", "lang_to": lang, "ticked": "1", "have": "kk"}
    )

    assert f"<h1>{title}</h1>" in page.text
    assert ticked(page.text) == ["kk"]


def test_the_language_of_an_open_list_is_changed_without_losing_it(client):
    """The button on a page that anybody may open leads back to the same list."""
    page = client.get("/surat?l=pkh&s=ktp").text
    button = html.unescape(re.search(r'hreflang="en" href="(.*?)"', page)[1])

    assert client.get(button).headers["Location"] == "/surat?l=pkh&s=ktp"
    assert "<h1>Papers and steps</h1>" in client.get("/surat?l=pkh&s=ktp").text


def test_a_seal_that_does_not_open_is_refused_in_plain_words(client):
    """Neither the page nor the sheet is made of something altered."""
    for path in ("/surat", "/surat.pdf"):
        for data in ({}, {"sealed": "abc"}):
            answer = client.post(path, data=data)
            assert answer.status_code == 400
            assert "mulai lagi" in answer.text


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 900)])
def test_the_page_fits_its_screen_is_accessible_and_works_without_javascript(browser, address, width, height):
    """Axe finds nothing on it; a tick and a press on update move a paper, without a script."""
    context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{address}/surat?l=pkh.sembako.dtsen_usulan&s=ktp.kk.foto_kk&m=foto_rumah")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page).response["violations"]

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    context.close()
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/surat?l=pkh")
    page.get_by_label("KTP elektronik").check()
    page.get_by_role("button", name="Perbarui").last.click()
    assert page.get_by_role("heading", name="Sudah ada").is_visible()
    assert page.get_by_label("KTP elektronik").is_checked()
    with page.expect_download() as download:
        page.get_by_role("button", name="Unduh PDF struk 80 mm").click()
    assert download.value.suggested_filename == "daftar-surat-2026-11-23.pdf"
    page.get_by_role("button", name="English").click()
    assert page.get_by_role("heading", name="In hand").is_visible()
    context.close()


def test_on_paper_the_page_leaves_its_buttons_out(browser, address):
    """Printed from the browser it is the list: no buttons, no fold for copying, but ticks, steps and the code."""
    page = browser.new_page()
    page.goto(f"{address}/surat?l=pkh")
    page.emulate_media(media="print")

    assert page.locator("button:visible").count() == 0
    assert not page.get_by_text("Salin sebagai pesan").is_visible()
    assert page.get_by_label("KTP elektronik").is_visible()
    assert page.locator("svg").is_visible()
    page.close()
