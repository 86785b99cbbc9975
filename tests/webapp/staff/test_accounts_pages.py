"""The administrator's pages: an account is made, given a post, blocked, helped back in; nobody does it to oneself."""

import html
import re

import pytest

from casework.people.models import Village
from casework.staff.models import Account
from tests.casework import stage
from tests.webapp.staff import door
from tests.webapp.staff.door import come_in


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Passwords that are compared quickly."""
    door.quick(monkeypatch)


@pytest.fixture
def admin(sign_in, sqlite):
    """Give the client of an administrator, in an office that knows one village."""
    with sqlite.work() as work:
        work.session.add(Village(code=stage.VILLAGE))
    return sign_in("administrator")


def kept(sqlite, login):
    with sqlite.reading() as work:
        found = work.session.query(Account).filter_by(login=login).one_or_none()
        work.session.expunge_all()
        return found


def password_on(page):
    return re.search(r'"code">([a-z2-9]{4}(?:-[a-z2-9]{4}){3})<', page.text)[1]


def make(admin, login="rt", name="Budi Contoh"):
    return admin.post("/kantor/akun", {"login": login, "name": name})


def act(admin, sqlite, login, **form):
    one = kept(sqlite, login)
    return admin.post(f"/kantor/akun/{one.id}", {"version": str(one.version), **form})


def test_from_a_new_account_to_a_head_of_rt_at_work(admin, staff_app, sqlite):
    """Made, given a post, signed in with what was handed over."""
    password = password_on(make(admin))
    page = act(admin, sqlite, "rt", do="give", role="rt_rw", village=stage.VILLAGE, rw="1", rt="2")
    assert page.status_code == 302
    shown = admin.get(page.location).text
    assert "Ketua RT atau RW" in shown and "RW 01" in shown and "RT 02" in shown

    client = staff_app.test_client()
    come_in(client, "rt", password)
    assert "Budi Contoh" in client.get("/kantor/saya").text


def test_a_password_is_shown_once(admin):
    """On the answer to the form; no other page has it."""
    page = make(admin)
    password = password_on(page)

    assert page.headers["Cache-Control"] == "no-store"
    assert password not in admin.get("/kantor/akun").text
    assert password not in admin.get("/kantor/akun/2").text


@pytest.mark.parametrize(("login", "name", "field"), [("x", "Budi", "login"), ("budi", " ", "name")])
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(admin, login, name, field):
    """With a summary on top that leads there."""
    page = make(admin, login, name)

    assert page.status_code == 400
    assert f'href="#{field}"' in page.text and f'id="{field}-error"' in page.text
    assert f'value="{login}"' in page.text


def test_a_post_that_cannot_be_keeps_what_was_chosen(admin, sqlite):
    """Role, places and programs."""
    make(admin)
    form = {"role": "bidang_staff", "village": "99.99.99.9999", "hamlet": "<b>", "programs": ["rehabilitasi_sosial"]}
    page = act(admin, sqlite, "rt", do="give", **form)

    assert page.status_code == 400
    assert '<option value="bidang_staff" selected>' in page.text
    assert 'value="rehabilitasi_sosial" checked' in page.text
    assert 'value="&lt;b&gt;"' in page.text and 'id="village-error"' in page.text


def test_to_know_what_is_confidential_is_given_on_purpose(admin, sqlite):
    """Nobody has it by a role alone."""
    for login, more in (("satu", {}), ("dua", {"secrets": "1"})):
        make(admin, login)
        act(admin, sqlite, login, do="give", role="head", **more)

    assert [kept(sqlite, login).posts[0].secrets for login in ("satu", "dua")] == [False, True]


def test_a_post_is_taken_an_account_blocked_and_let_in(admin, staff_app, sqlite):
    """Each by its button; it holds at once."""
    password = password_on(make(admin))
    act(admin, sqlite, "rt", do="give", role="rt_rw", village=stage.VILLAGE, rw="1")
    client = staff_app.test_client()
    come_in(client, "rt", password)

    act(admin, sqlite, "rt", do=f"take-{kept(sqlite, 'rt').posts[0].id}")
    assert kept(sqlite, "rt").posts == [] and client.get("/kantor/saya").status_code == 200
    act(admin, sqlite, "rt", do="block")
    assert client.get("/kantor/saya").status_code == 302
    act(admin, sqlite, "rt", do="unblock")
    assert kept(sqlite, "rt").active


@pytest.mark.parametrize("do", ["password", "factor"])
def test_somebody_is_helped_back_in(admin, sqlite, do):
    """With a password that is shown once."""
    first = password_on(make(admin))

    assert password_on(act(admin, sqlite, "rt", do=do)) != first


@pytest.mark.parametrize(
    "form", [{"do": "give", "role": "head"}, {"do": "block"}, {"do": "password"}, {"do": "take-1"}]
)
def test_nobody_changes_an_account_of_ones_own(admin, sqlite, form):
    """The page says so, offers nothing, and refuses."""
    login = "administrator"
    page = act(admin, sqlite, login, **form)

    assert page.status_code == 400 and "akun Anda sendiri" in page.text
    assert "<button name=" not in page.text
    assert len(kept(sqlite, login).posts) == 1 and kept(sqlite, login).active


def test_the_later_of_two_administrators_is_told(admin, sqlite):
    """What was shown to them is no longer so."""
    make(admin)
    shown = kept(sqlite, "rt")
    act(admin, sqlite, "rt", do="give", role="ppid")
    page = admin.post(f"/kantor/akun/{shown.id}", {"version": str(shown.version), "do": "block"})

    assert page.status_code == 409 and kept(sqlite, "rt").active


def test_accounts_are_listed_and_found(admin):
    """With their state; a name is text and nothing else."""
    make(admin, "budi", "Budi <i>Contoh</i>")
    page = admin.get("/kantor/akun?q=BUDI").text

    assert "Budi &lt;i&gt;Contoh" in page and "<i>" not in page
    assert "administrator" not in html.unescape(page[page.index("<tbody") : page.index("</tbody")])
