"""The door of the office: its pages in turn, what the browser keeps, and what strangers can do with it: nothing."""

import html
import re
from datetime import timedelta

import pyotp
import pytest

from casework.staff import sign_ins
from tests.webapp.staff import door
from tests.webapp.staff.door import OWN, come_in, cookie_of, enter, follow, hidden, new_account, send
from webapp.staff.frame import csrf_of


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Passwords that are compared quickly."""
    door.quick(monkeypatch)


@pytest.fixture
def client(staff_app):
    """Give a browser that was never here."""
    return staff_app.test_client()


def said(page):
    return html.unescape(re.sub(r"<[^>]+>", " ", page.text[page.text.index("<main") :]))


def test_a_new_member_of_staff_comes_in(client, sqlite, clock):
    """Password, one of their own, a key that is shown as a square and to be typed; and the next day a code."""
    one = new_account(sqlite, "kepala", "head")
    page, path = follow(client, enter(client, "kepala", one.password))
    assert path == "/masuk/sandi" and "Contoh kepala" in page.text
    page, path = follow(client, send(client, path, page, new=OWN, again=OWN))
    assert path == "/masuk/kunci" and "<svg" in page.text
    key = re.search(r'<strong class="code">([A-Z2-7 ]+)</strong>', page.text)[1].replace(" ", "")
    wrong = send(client, path, page, code="000000")
    assert wrong.status_code == 401 and key in wrong.text.replace(" ", "")
    inside = send(client, path, wrong, code=pyotp.TOTP(key).at(clock()))
    assert inside.status_code == 302 and client.get("/kantor/saya").status_code == 200

    clock.moment += timedelta(days=1)
    assert client.get("/kantor/saya").status_code == 302
    page, path = follow(client, enter(client, "kepala", OWN))
    assert path == "/masuk/kode"
    assert send(client, path, page, code="000000").status_code == 401
    assert client.get("/kantor/saya").status_code == 302
    send(client, path, page, code=pyotp.TOTP(key).at(clock()))
    assert client.get("/kantor/saya").status_code == 200


def test_the_key_stands_in_no_address_and_the_square_in_the_page_itself(client, sqlite):
    """Nothing of it is at an address that a log could keep."""
    one = new_account(sqlite, "kepala", "head")
    page, path = follow(client, enter(client, "kepala", one.password))
    page, path = follow(client, send(client, path, page, new=OWN, again=OWN))

    assert not re.findall(r"<img|data:|style=", page.text)
    assert page.headers["Cache-Control"] == "no-store"
    assert "otpauth" not in page.text


def test_every_step_has_a_token_of_its_own(client, sqlite):
    """Whoever put one into this browser beforehand has nothing of it."""
    one = new_account(sqlite, "rt", "rt_rw")
    client.set_cookie("masuk", "planted")
    page = client.get("/masuk")
    assert cookie_of(client).value == "planted"
    page, path = follow(client, send(client, "/masuk", page, login="rt", password=one.password))
    half = cookie_of(client).value
    send(client, path, page, new=OWN, again=OWN)
    whole = cookie_of(client).value

    assert len({"planted", half, whole}) == 3
    assert sign_ins.actor_of(sqlite, whole).account == one.account
    assert [sign_ins.actor_of(sqlite, token) for token in ("planted", half)] == [None, None]


@pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
def test_the_cookie_is_for_this_site_and_not_for_scripts(client, scheme, secure):
    """And where the line is safe, for safe lines only."""
    given = client.get("/masuk", base_url=f"{scheme}://tepat.example").headers["Set-Cookie"]

    assert "HttpOnly" in given and "SameSite=Lax" in given and "Path=/" in given
    assert ("Secure" in given) == secure
    assert "Expires" not in given and "Max-Age" not in given and "Domain" not in given


def test_nobody_is_told_which_logins_there_are(client, sqlite):
    """Unknown, wrong and blocked look the same, in status and words."""
    new_account(sqlite, "rt", "rt_rw")
    pages = [enter(client, login, "wrong") for login in ("rt", "nobody", "")]

    assert [page.status_code for page in pages] == [401] * 3
    assert len({said(page) for page in pages}) == 1
    assert 'value="rt"' in pages[0].text and "wrong" not in pages[0].text


def test_after_five_mistakes_the_right_password_waits_too(client, sqlite, clock):
    """With the same words as before; a minute later it is let in."""
    one = new_account(sqlite, "rt", "rt_rw")
    for _ in range(5):
        enter(client, "rt", "wrong")

    assert enter(client, "rt", one.password).status_code == 401
    clock.moment += timedelta(minutes=1)
    assert enter(client, "rt", one.password).status_code == 302


def test_nobody_is_signed_in_by_a_page_of_somebody_else(client, staff_app, sqlite):
    """A form from elsewhere, or one with another browser's token, is asked again; nothing is tried."""
    one = new_account(sqlite, "rt", "rt_rw")
    typed = {"login": "rt", "password": one.password}
    other = hidden(staff_app.test_client().get("/masuk"))["csrf"]

    assert client.post("/masuk", data=typed).status_code == 400
    client.get("/masuk")
    for csrf in ("", other, "é", csrf_of("")):
        page = client.post("/masuk", data={**typed, "csrf": csrf})
        assert page.status_code == 400 and hidden(page)["csrf"]
    assert enter(client, "rt", one.password).status_code == 302


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/kantor/saya", "/kantor/saya"),
        ("/kantor/saya?changed=1", "/kantor/saya?changed=1"),
        ("https://evil.example/kantor", None),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("/kantor/nothing", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_after_signing_in_one_is_where_one_wanted_to_go(client, sqlite, wanted, reached):
    """If that is a page of ours; else where one's work begins."""
    one = new_account(sqlite, "rt", "rt_rw")
    page = client.get("/masuk", query_string={"next": wanted})
    page, path = follow(client, send(client, "/masuk", page, login="rt", password=one.password))
    inside = send(client, path, page, new=OWN, again=OWN)

    assert inside.status_code == 302 and inside.location.startswith(reached or ("/kantor", "/lapangan"))
    assert "evil" not in inside.location


def test_a_page_of_the_office_sends_a_stranger_to_the_door_and_back(client, sqlite):
    """With where they wanted to go; an address from elsewhere finds whoever is signed in."""
    one = new_account(sqlite, "rt", "rt_rw")
    sent = client.get("/kantor/saya")
    assert sent.location == "/masuk?next=/kantor/saya"
    come_in(client, "rt", one.password)
    assert client.get("/masuk?next=/kantor/saya").location == "/kantor/saya"


def test_half_signed_in_is_not_signed_in(client, sqlite):
    """No page of the office is there; the door goes on where it was."""
    one = new_account(sqlite, "kepala", "head")
    enter(client, "kepala", one.password)

    assert client.get("/kantor/saya").status_code == 302
    assert client.get("/masuk/kode").location == "/masuk/sandi"
    assert client.get("/masuk/kunci").location == "/masuk/sandi"
    assert client.get("/masuk/sandi").status_code == 200


@pytest.mark.parametrize("path", ["/masuk/kode", "/masuk/sandi", "/masuk/kunci"])
def test_a_later_step_begins_at_the_door(client, path):
    """For whoever comes from nowhere, reading or sending."""
    assert client.get(path).location.startswith("/masuk")
    assert client.post(path, data={"code": "123456", "new": OWN, "again": OWN}).location.startswith("/masuk")


def test_a_weak_or_miswritten_password_is_asked_again(client, sqlite):
    """With what is wrong beside the field, and nothing of it on the page."""
    one = new_account(sqlite, "rt", "rt_rw")
    page, path = follow(client, enter(client, "rt", one.password))

    short = send(client, path, page, new="pendek saja", again="pendek saja")
    assert short.status_code == 400 and "12" in said(short) and "pendek saja" not in short.text
    differ = send(client, path, page, new=OWN, again=OWN + "x")
    assert differ.status_code == 400 and OWN not in differ.text


def test_signing_out_ends_it_on_the_server_too(client, sqlite):
    """The token is worth nothing, wherever it was kept; a link of somebody else's page does not do it."""
    one = new_account(sqlite, "rt", "rt_rw")
    come_in(client, "rt", one.password)
    token = cookie_of(client).value
    client.get("/keluar")
    assert sign_ins.actor_of(sqlite, token)

    out = client.post("/keluar", data={"csrf": csrf_of(token)})
    assert out.location == "/masuk" and cookie_of(client) is None
    assert sign_ins.actor_of(sqlite, token) is None


def test_the_password_is_changed_on_ones_own_page(client, staff_app, sqlite):
    """This browser goes on, others do not; a wrong present one changes nothing."""
    one = new_account(sqlite, "rt", "rt_rw")
    come_in(client, "rt", one.password)
    other = staff_app.test_client()
    enter(other, "rt", OWN)
    assert other.get("/kantor/saya").status_code == 200

    new = "lima sapi minum air"
    page = client.get("/kantor/saya")
    wrong = send(client, "/kantor/saya", page, old="wrong", new=new, again=new)
    assert wrong.status_code == 400 and new not in wrong.text
    assert send(client, "/kantor/saya", page, old=OWN, new=new, again=new).status_code == 302
    assert client.get("/kantor/saya").status_code == 200
    assert other.get("/kantor/saya").status_code == 302


def test_other_browsers_are_seen_and_signed_out(client, staff_app, sqlite):
    """From one's own page."""
    one = new_account(sqlite, "rt", "rt_rw")
    come_in(client, "rt", one.password)
    other = staff_app.test_client()
    enter(other, "rt", OWN)
    page = client.get("/kantor/saya")
    assert page.text.count("<time") == 2

    send(client, "/kantor/saya", page, do="end")
    assert (client.get("/kantor/saya").status_code, other.get("/kantor/saya").status_code) == (200, 302)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_door_speaks_both_languages_and_works_without_scripts(client, lang):
    """The public promise that nothing is kept is not made here."""
    page = client.get(f"/masuk?lang={lang}")

    assert ("Masuk" if lang == "id" else "Sign in") in page.text
    assert "<script" not in page.text and "onclick" not in page.text
    assert ("tidak disimpan" if lang == "id" else "not stored") not in page.text
