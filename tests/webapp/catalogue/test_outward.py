"""What other sites and search engines get."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest

from tests.webapp.conftest import CHECKOUT
from webapp import create_app
from webapp.catalogue.public import public

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(scope="module")
def listed(app):
    """The addresses of the sitemap."""
    answer = app.test_client().get("/sitemap.xml", base_url="https://tepat.example/")
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    return [one.text for one in ElementTree.fromstring(answer.text).iterfind("s:url/s:loc", SITEMAP)]


def test_the_sitemap_lists_every_public_page_by_its_absolute_address(listed, app):
    """Each entry of the catalogue, the lists, the first page; nothing secret."""
    plan = app.extensions["tepat"].office.plan(app.extensions["tepat"].today())
    shown = public(plan)
    entries = [*shown.services, *shown.programs, *shown.papers, *shown.steps, *shown.sources]

    assert len(set(listed)) == len(listed)
    assert {"https://tepat.example/", "https://tepat.example/layanan", "https://tepat.example/layanan/pkh"} <= set(
        listed
    )
    assert len([one for one in listed if one.count("/") == 4 and "/sematan/" not in one]) == len(entries)
    assert not [one for one in listed if one.rsplit("/", 1)[1] in plan.officer_only]


def test_every_address_of_the_sitemap_answers(listed, app):
    """As it stands, without having told anything before."""
    client = app.test_client()

    assert [one for one in listed if client.get(one.removeprefix("https://tepat.example")).status_code != 200] == []


def test_the_sitemap_names_each_page_in_both_languages(client):
    """By an address that says the language itself."""
    page = client.get("/sitemap.xml").text
    first = ElementTree.fromstring(page).find("s:url", SITEMAP)

    assert [(one.get("hreflang"), one.get("href")) for one in first.iterfind("x:link", SITEMAP)] == [
        ("id", first.find("s:loc", SITEMAP).text + "?lang=id"),
        ("en", first.find("s:loc", SITEMAP).text + "?lang=en"),
    ]


def test_robots_are_told_the_sitemap_and_kept_from_what_is_no_page(client, listed):
    """Places that take answers, and searches; none of them is the beginning of a page that is listed."""
    text = client.get("/robots.txt", base_url="https://tepat.example/").text
    closed = re.findall(r"Disallow: (\S+)", text)

    assert "Sitemap: https://tepat.example/sitemap.xml" in text
    assert {"/hasil", "/cari", "/bahasa/"} <= set(closed)
    assert not [one for one in listed if one.removeprefix("https://tepat.example").startswith(tuple(closed))]


def test_the_page_for_frames_may_stand_in_any_frame(client):
    """It runs no script and asks for no cookie."""
    answer = client.get("/sematan")

    assert answer.status_code == 200
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers and "Set-Cookie" not in answer.headers


def test_the_office_can_say_which_sites_may_frame_it():
    """As a list or as one text."""
    for allowed in (
        ["https://kedirikab.example", "https://desa.example"],
        "https://kedirikab.example https://desa.example",
    ):
        app = create_app(CHECKOUT, None, lambda: date(2026, 11, 23))
        app.config["FRAME_ANCESTORS"] = allowed
        policy = app.test_client().get("/sematan").headers["Content-Security-Policy"]

        assert policy.endswith("frame-ancestors https://kedirikab.example https://desa.example")


@pytest.mark.parametrize(
    "path", ["/", "/layanan", "/layanan/pkh", "/cari?q=pkh", "/sematan/cara", "/tidak-ada", "/sitemap.xml"]
)
def test_every_other_page_stays_out_of_frames(client, path):
    """So that nobody can lay something over a form."""
    assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"]


def test_what_the_frame_opens_opens_in_a_tab_of_its_own(client):
    """In the language of the frame, which gets no cookie inside another site."""
    page = client.get("/sematan?lang=en").text

    assert page.count("<a ") + page.count("<form") == page.count('target="_blank"')
    assert 'href="/bahasa/en?back=/"' in page and 'name="lang" value="en"' in page
    assert 'href="/layanan?lang=en"' in page


def test_the_snippet_to_copy_is_shown_not_run(client):
    """Once in each language, with absolute addresses."""
    page = client.get("/sematan/cara", base_url="https://tepat.example/").text

    assert "<iframe" not in page
    assert '&lt;iframe src="https://tepat.example/sematan?lang=id"' in page
    assert '&lt;iframe src="https://tepat.example/sematan?lang=en"' in page
