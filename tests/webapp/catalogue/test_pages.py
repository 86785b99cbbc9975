"""The pages of the catalogue: all of them answer, link, keep secrets, and may be kept by caches."""

import gzip
import html
import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from webapp.catalogue.public import public

SHELVES = {
    "services": "/layanan/",
    "programs": "/program/",
    "papers": "/surat-surat/",
    "steps": "/langkah/",
    "sources": "/sumber/",
}
LISTS = ("/layanan", "/surat-surat", "/sumber")


@pytest.fixture(scope="module")
def office(app):
    return app.extensions["tepat"].office


@pytest.fixture(scope="module")
def plan(app, office):
    return office.plan(app.extensions["tepat"].today())


@pytest.fixture(scope="module")
def paths(plan):
    """The path of every page of the catalogue."""
    shown = public(plan)
    return [*LISTS, *(path + name for shelf, path in SHELVES.items() for name in getattr(shown, shelf))]


@pytest.fixture(scope="module")
def texts(app, paths):
    """Every page in both languages, by language and path."""
    client = app.test_client()
    found = {}
    for lang in ("id", "en"):
        for path in paths:
            response = client.get(path, query_string={"lang": lang})
            assert response.status_code == 200, (path, lang)
            found[lang, path] = response.text
    return found


def words(page):
    """Give what a page says in its main part, without tags."""
    return html.unescape(re.sub(r"<[^>]+>", "\n", page[page.index("<main") : page.index("</main>")]))


def test_every_page_answers_in_both_languages(texts, paths):
    """Every public service, program, paper, step and source."""
    assert len(paths) > 400
    assert all(f'<html lang="{lang}">' in page for (lang, _), page in texts.items())


def test_no_page_names_a_secret(texts, plan):
    """Neither by its name nor by its title, in either language."""
    k = plan.knowledge
    shelves = (k.services, k.conclusions, k.facts)
    hidden = [shelf[name] for shelf in shelves for name in plan.officer_only if name in shelf]
    # A public paper or step may be about what a category is called, such as a neglected child.
    titles = {text for one in hidden if one.name in k.services or one.name in k.facts for text in one.label if text}
    for key, page in texts.items():
        said = words(page)
        lines = {line.strip() for line in said.splitlines()}
        assert not lines & titles, key
        assert not [one.name for one in hidden if re.search(rf"\b{one.name}\b", page) and "_" in one.name], key


def test_a_secret_is_as_unknown_as_what_does_not_exist(client, plan):
    """Secret services answer like no page at all."""
    hidden = sorted(plan.officer_only & set(plan.knowledge.services))

    assert hidden
    assert {client.get(f"/layanan/{name}").status_code for name in hidden} == {404}
    assert client.get(f"/layanan/{hidden[0]}").text == client.get("/layanan/tidak-ada").text.replace(
        "/layanan/tidak-ada", f"/layanan/{hidden[0]}"
    )


def test_no_page_says_that_anybody_is_entitled(texts):
    """Nor shows what was meant for the machine."""
    for key, page in texts.items():
        said = words(page)
        assert not re.search(r"berhak menerima|entitled|\bNone\b(?! is| found)|[{}]|cat_", said), key


def test_every_link_leads_to_a_page(texts, app):
    """Of those within the application; each address is followed once."""
    inside = set()
    for page in texts.values():
        inside |= {html.unescape(one) for one in re.findall(r'(?:href|action)="(/[^"]*)"', page)}
    client = app.test_client()
    known = {path for _, path in texts}
    others = sorted(
        one for one in inside if urlsplit(one).path not in known and not one.startswith(("/bahasa/", "/static/"))
    )

    assert [one for one in others if client.get(one).status_code != 200] == []


def test_links_carry_a_language_that_stands_in_the_address(texts):
    """Whoever came by an English link stays in English, without a cookie."""
    assert 'href="/layanan/pkh?lang=en"' in texts["en", "/layanan"]
    assert "/surat-surat/ktp?lang=en" in texts["en", "/layanan/pkh"]


def test_no_page_is_heavy(texts):
    """Each weighs less than 15 KB on the line."""
    assert max(len(gzip.compress(page.encode())) for page in texts.values()) < 15_000


def test_a_service_says_what_anybody_needs_to_know(texts):
    """PKH: who decides, conditions, exclusions, amounts with their day, papers, steps, sources."""
    page = words(texts["id", "/layanan/pkh"])

    for said in (
        "Kementerian Sosial",
        "tinggal di Kabupaten Kediri",
        "Tidak dapat diusulkan bila",
        "Rp3.000.000",
        "sejak 1 Januari 2022, belum dipastikan petugas",
        "Surat keterangan aktif sekolah",
        "Musyawarah desa",
        "Permensos 1/2018",
        "naskah belum dibaca",
        "Itu belum berarti menerima.",
    ):
        assert said in page, said


def test_an_unknown_amount_is_said_to_be_unknown(texts):
    """Nothing is invented."""
    assert "Besarnya belum diketahui." in texts["id", "/layanan/bansos_individu_kediri"]
    assert "The amount is not known yet." in texts["en", "/layanan/tali_asih_veteran"]


def test_what_is_not_offered_here_says_where_to_go(texts):
    """And offers no check for what does not exist."""
    elsewhere, nowhere = texts["id", "/layanan/bkk_rtlh_kediri"], texts["id", "/layanan/kat_pemberdayaan"]

    assert "Hubungi: Dinas Perumahan" in elsewhere
    assert "tidak tersedia di Kabupaten Kediri" in nowhere and "Hubungi: Dinas Sosial Provinsi" in nowhere
    assert 'class="button"' not in nowhere


def test_a_page_tells_its_edition(texts, plan):
    """So that two people can see whether they read the same."""
    assert plan.knowledge.edition.removeprefix("sha256:")[:12] in texts["id", "/layanan/pkh"]


def test_pages_may_be_kept_but_never_in_the_wrong_language(client):
    """Caches keep a page by its cookie; what is unchanged is not sent again."""
    first = client.get("/layanan/pkh")
    again = client.get("/layanan/pkh", headers={"If-None-Match": first.headers["ETag"]})
    client.set_cookie("lang", "en")
    english = client.get("/layanan/pkh", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=600"
    assert "Cookie" in first.headers["Vary"]
    assert (again.status_code, again.data, again.headers["Cache-Control"]) == (304, b"", "public, max-age=600")
    assert "Cookie" in again.headers["Vary"]
    assert english.status_code == 200 and "Family Hope" in english.text


def test_the_language_in_the_address_wins_over_the_remembered_one(client):
    """And an unknown one is ignored."""
    client.set_cookie("lang", "en")

    assert '<html lang="id">' in client.get("/layanan?lang=id").text
    assert '<html lang="en">' in client.get("/layanan?lang=xx").text


def test_a_missing_page_is_kept_by_nobody(client):
    """It may exist in the next edition."""
    missing = client.get("/surat-surat/tidak-ada")

    assert (missing.status_code, missing.headers["Cache-Control"]) == (404, "no-store")


def test_a_search_shows_what_it_found_with_its_kind(client):
    """And what was typed stands in the field again."""
    page = client.get("/cari?q=rutilhu").text

    assert 'href="/layanan/rutilahu"' in page and 'value="rutilhu"' in page


def test_a_search_without_a_find_says_so_and_offers_the_list(client):
    """In plain words; an empty search only offers the list."""
    nothing, empty = client.get("/cari?q=qwzxvkjh").text, client.get("/cari").text

    assert "Tidak ditemukan apa-apa untuk" in nothing and 'href="/layanan"' in nothing
    assert "Tidak ditemukan" not in empty and 'href="/layanan"' in empty


@pytest.mark.parametrize(
    "searched",
    ['"><script>alert(1)</script>', "{{7*7}}", "😀 rutilahu", "x" * 10_000, "%00", "' OR 1=1 --", "\u202egnp"],
)
def test_a_hostile_search_is_only_words(client, searched):
    """It is shown escaped, and cut where nobody types any more."""
    response = client.get("/cari", query_string={"q": searched})

    assert response.status_code == 200
    assert "<script>alert" not in response.text and len(response.text) < 60_000
    assert "49" not in words(response.text) if searched == "{{7*7}}" else True


def test_what_somebody_searches_for_is_kept_by_no_cache(client):
    """Unlike the pages it leads to."""
    assert client.get("/cari?q=pkh").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 900)])
@pytest.mark.parametrize(
    "path",
    [
        "/layanan",
        "/layanan/pkh",
        "/program/rehabilitasi_sosial",
        "/surat-surat/ktp",
        "/sumber",
        "/cari?q=rumah",
        "/sematan",
        "/sematan/cara",
    ],
)
def test_a_page_fits_its_screen_and_axe_finds_nothing(browser, address, path, width, height):
    """On a small phone and on a desk, everything unfolded."""
    context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
    page = context.new_page()
    page.goto(address + path)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page).response["violations"]

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [one["id"] for one in found] == []
    context.close()
