"""The page of the audit log: found by filters, paged, checked, and without details for whoever may not know them."""

import re

import pytest
from sqlalchemy import text

from casework.audit import looking
from casework.staff.actors import Actor


@pytest.fixture
def log(sqlite):
    """Give a database in which somebody opened a case and an account."""
    with sqlite.work(Actor("Siti <Contoh>", 77)) as work:
        work.record("claim.moved", "case", "K-1", service="rujukan_rahasia", number="3506074203800000")
        work.record("account.blocked", "account", 4, why="gone")
    return sqlite


def rows(page):
    return re.findall(r"<tr.*?</tr>", page.text[page.text.index("<tbody") :], re.DOTALL)


def test_who_did_what_to_what_and_when(log, sign_in):
    """Names are text; numbers are not there in full."""
    page = sign_in("head").get("/kantor/catatan")

    assert page.status_code == 200
    assert "Siti &lt;Contoh&gt;" in page.text and "<Contoh>" not in page.text
    assert "rujukan_rahasia" in page.text and "350607********00" in page.text


@pytest.mark.parametrize("role", ["ppid", "administrator"])
def test_details_of_files_are_not_for_everybody_who_reads_the_log(log, sign_in, role):
    """Those of accounts are."""
    page = sign_in(role).get("/kantor/catatan").text

    assert "claim.moved" in page and "rujukan_rahasia" not in page and "350607" not in page
    assert "gone" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who=siti&what=account.", ["account.blocked"]),
        ("kind=case&about=K-1", ["claim.moved"]),
        ("account=77&until=2026-11-23", ["account.blocked", "claim.moved"]),
        ("until=2026-11-22", []),
        ("account=x&what=claim", ["claim.moved"]),
        ("about=%25", []),
    ],
)
def test_entries_are_found(log, sign_in, query, found):
    """What is no number is not looked for; nothing breaks the page."""
    page = sign_in("head").get(f"/kantor/catatan?{query}")

    assert page.status_code == 200
    assert [re.search(r">([a-z_]+\.[a-z_]+)</a>", row)[1] for row in rows(page)] == found


@pytest.mark.parametrize("query", ["since=yesterday", "until=2026-13-01", "since=2026-11-23T10"])
def test_a_day_that_is_none_is_said_beside_its_field(log, sign_in, query):
    """And the rest is shown."""
    page = sign_in("head").get(f"/kantor/catatan?{query}&lang=en")

    assert page.status_code == 400 and "year-month-day" in page.text


def test_pages_lead_on_with_what_was_asked_for(log, sign_in, monkeypatch):
    """To the last one, and back to the newest."""
    monkeypatch.setattr(looking, "AT_ONCE", 1)
    client = sign_in("head")
    first = client.get("/kantor/catatan?who=siti")
    older = re.search(r'rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&")
    second = client.get(older)

    assert "account.blocked" in rows(first)[0] and "claim.moved" in rows(second)[0]
    assert 'rel="next"' not in second.text and '<a href="/kantor/catatan?who=siti">' in second.text


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "1e9"])
def test_a_forged_page_number_is_the_first_page(log, sign_in, before):
    """Or an empty one; nothing is told."""
    assert sign_in("head").get(f"/kantor/catatan?before={before}").status_code == 200


def test_a_whole_log_is_said_to_be_whole(log, sign_in):
    """After a button is pressed."""
    page = sign_in("head").post("/kantor/catatan?lang=en")

    assert "entries are whole" in page.text and "altered.</li>" not in page.text


def test_tampering_is_said(log, sign_in):
    """On the entry in the list, and with its number after the check."""
    with log.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_log_kept_update"))
        connection.execute(text("UPDATE audit_log SET actor = 'nobody' WHERE id = 1"))
    client = sign_in("head")

    assert "badge stop" in client.get("/kantor/catatan").text
    assert "Entry 1 was altered" in client.post("/kantor/catatan?lang=en").text
