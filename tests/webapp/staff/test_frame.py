"""What all pages of the office stand in: who may open which, forms of ours only, and nothing typed is lost."""

import re
from datetime import timedelta

import pytest

from casework.staff import sign_ins
from casework.staff.actors import Actor, Post
from casework.staff.models import Account
from casework.staff.rights import RIGHTS, ROLES
from webapp.staff.frame import COOKIE, csrf_of


def pages(app):
    """Give every page of the office that needs somebody signed in: rule, and the rights one of which it asks."""
    for rule in app.url_map.iter_rules():
        rights = getattr(app.view_functions[rule.endpoint], "rights", None)
        if rights is not None:
            yield rule, rights


def filled(rule):
    """Give an address of a page, of things that are not there."""
    return re.sub(r"<(int:|path:)?[^>]+>", lambda found: "999999" if found[1] == "int:" else "tidak-ada", rule.rule)


def test_every_page_under_the_office_is_guarded(staff_app):
    """No address of the office is open by having been forgotten."""
    guarded = {rule.rule for rule, _ in pages(staff_app)}
    there = {rule.rule for rule in staff_app.url_map.iter_rules() if rule.rule.startswith(("/kantor", "/lapangan"))}

    assert there == guarded and len(there) > 10


def test_every_page_asks_for_rights_that_there_are(staff_app):
    """A miswritten right would be nobody's."""
    assert {right for _, rights in pages(staff_app) for right in rights} <= set(RIGHTS)


def test_a_stranger_gets_no_page_and_changes_nothing(staff_app):
    """Reading or sending, all of them lead to the door."""
    client = staff_app.test_client()
    client.set_cookie(COOKIE, "made up")
    for rule, _ in pages(staff_app):
        for method in rule.methods & {"GET", "POST"}:
            answer = client.open(filled(rule), method=method, data={"csrf": "x"} if method == "POST" else None)
            assert answer.status_code == 302 and answer.location.startswith("/masuk"), (method, rule.rule)


def test_a_page_is_there_for_the_roles_that_have_its_right(staff_app, sign_in):
    """For every page and every role: refused as not allowed, exactly when none of its rights is theirs."""
    for role in ROLES:
        client, actor = sign_in(role), Actor(role, 1, (Post(role),))
        for rule, rights in pages(staff_app):
            method = "GET" if "GET" in rule.methods else "POST"
            answer = (client.get if method == "GET" else client.post)(filled(rule))
            refused = bool(rights) and not any(actor.may(right) for right in rights)
            # A page may ask for more by itself; it never lets in whom its rights leave out.
            assert answer.status_code == 403 if refused else answer.status_code < 500, (role, rule.rule)


def test_the_menu_shows_what_one_may_open(staff_app, sign_in):
    """And every page in it opens."""
    pages_of = {}
    for role in ROLES:
        client = sign_in(role)
        page = pages_of[role] = client.get("/kantor/saya").text
        menu = page[page.index('class="office-menu"') :] if "office-menu" in page else ""
        addresses = re.findall(r'<li><a href="([^"]+)"', menu[: menu.find("</nav>")])
        assert [client.get(path).status_code for path in addresses] == [200] * len(addresses), role
    assert '/kantor/akun"' in pages_of["administrator"]
    assert "/kantor/akun" not in pages_of["head"]


def test_whoever_is_signed_in_is_named_on_every_page(sign_in):
    """With the way out, and without what the public pages promise."""
    page = sign_in("administrator").get("/kantor/akun?lang=en").text

    assert "administrator</a>" in page and 'action="/keluar"' in page
    assert "not stored" not in page and "recorded under your name" in page


@pytest.mark.parametrize("csrf", [None, "", "x", "é", csrf_of("another token")])
def test_a_form_of_somebody_else_does_nothing(sign_in, csrf):
    """Whatever it carries, if not what a page of ours gave."""
    client = sign_in("administrator")
    data = {"login": "baru", "name": "Baru"} | ({} if csrf is None else {"csrf": csrf})

    assert client.client.post("/kantor/akun", data=data).status_code == 400
    assert "baru" not in client.get("/kantor/akun").text


def test_what_was_typed_is_kept_when_the_session_ended_meanwhile(sign_in, staff_app, sqlite, clock):
    """It is sent again after signing in anew; every field, also one that was there twice."""
    client = sign_in("administrator")
    clock.moment += timedelta(minutes=31)
    typed = {"login": "baru", "name": "Nama <Baru>\r\nlagi", "more": ["1", "2"]}
    kept = client.post("/kantor/akun", typed)
    assert kept.status_code == 401 and "Nama &lt;Baru&gt;" in kept.text
    assert re.findall(r'name="(more)"', kept.text) == ["more", "more"]
    csrf = re.search(r'name="csrf" value="([^"]+)"', kept.text)[1]
    assert csrf != client.csrf

    again = _sign_in_anew(sqlite, client)
    assert client.client.post("/kantor/akun", data={**typed, "name": "Nama Baru", "csrf": csrf}).status_code == 200
    assert "Nama Baru" in client.get("/kantor/akun").text
    assert again


def test_what_is_sent_again_counts_for_that_account_and_that_page_only(sign_in, sqlite, clock):
    """Nobody sends what somebody else typed."""
    client, other = sign_in("administrator"), sign_in("head")
    clock.moment += timedelta(minutes=31)
    kept = client.post("/kantor/akun", {"login": "baru", "name": "Baru"})
    csrf = re.search(r'name="csrf" value="([^"]+)"', kept.text)[1]
    for one in (client, other):
        _sign_in_anew(sqlite, one)

    assert other.client.post("/kantor/saya", data={"do": "end", "csrf": csrf}).status_code == 400
    assert client.client.post("/kantor/saya", data={"do": "end", "csrf": csrf}).status_code == 400


def test_nothing_is_kept_of_a_form_of_somebody_else_or_with_passwords(sign_in, clock):
    """The first would be sent by whoever signs in next; the others stand on no page."""
    client = sign_in("administrator")
    clock.moment += timedelta(minutes=31)

    assert client.client.post("/kantor/akun", data={"login": "baru", "csrf": "x"}).status_code == 302
    assert client.post("/kantor/saya", {"old": "secret one", "new": "a", "again": "a"}).status_code == 302


def _sign_in_anew(sqlite, client):
    with sqlite.work() as work:
        token = sign_ins.begin(work, work.session.get_one(Account, client.actor.account), complete=True)
    client.client.set_cookie(COOKIE, token)
    return token


@pytest.mark.parametrize(("lang", "said"), [("id", "Tidak dapat dilakukan"), ("en", "This cannot be done")])
def test_a_refusal_is_a_page_with_a_way_back(sign_in, lang, said):
    """In both languages, with the menu of whoever is refused."""
    page = sign_in("head").get(f"/kantor/akun?lang={lang}")

    assert page.status_code == 403 and said in page.text and "<h1>" in page.text


def test_what_is_not_there_says_no_more(sign_in):
    """A forged number in the address."""
    page = sign_in("administrator").get("/kantor/akun/999999")

    assert page.status_code == 404


def test_the_pages_keep_themselves_to_themselves(sign_in):
    """No cache, no frame, no script or style from elsewhere."""
    headers = sign_in("administrator").get("/kantor/akun").headers

    assert headers["Cache-Control"] == "no-store" and headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
