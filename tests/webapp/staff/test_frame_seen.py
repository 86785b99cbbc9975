"""Pages of the office as they are seen: nothing that axe finds wrong, and nothing wider than the screen, on both screens."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from casework.staff.rights import ROLES
from tests.webapp.staff.family_file import addresses, family_file
from tests.webapp.stage import DESK, PHONE, served
from webapp.staff.frame import COOKIE


def menu_of(client):
    page = client.get("/kantor/saya").text
    menu = page[page.find('class="office-menu"') : page.find("<main")]
    return re.findall(r'<li><a href="([^"]+)"', menu)


@pytest.mark.parametrize(
    ("role", "size", "lang"),
    [
        ("bidang_staff", PHONE, "id"),
        ("bidang_staff", DESK, "en"),
        ("head", DESK, "id"),
        ("rt_rw", PHONE, "en"),
        ("village_operator", PHONE, "id"),
        ("administrator", PHONE, "en"),
        ("administrator", DESK, "id"),
    ],
)
def test_all_pages_of_a_role_can_be_read_by_everybody(staff_app, sign_in, sqlite, office, browser, role, size, lang):
    """Those in the menu and those of one family's file."""
    values, _ = family_file(sqlite, office)
    client = sign_in(role)
    paths = ["/kantor/saya", *menu_of(client)]
    paths += [path for path, rights in addresses(staff_app, values, tuple(values)) if ROLES[role] & set(rights)]
    wrong, seen = [], 0
    with served(staff_app) as address:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        context.add_cookies([{"name": COOKIE, "value": client.client.get_cookie(COOKIE).value, "url": address}])
        page = context.new_page()
        for path in paths:
            if client.get(path).mimetype != "text/html":
                continue
            answer = page.goto(f"{address}{path}?lang={lang}")
            assert answer.status == 200 and page.locator('form[action="/keluar"]').count() == 1, path
            seen += 1
            wrong += [(path, one["id"], [node["html"][:120] for node in one["nodes"]]) for one in _found(page)]
            wide = page.evaluate("document.documentElement.scrollWidth")
            wrong += [(path, "wide", wide)] if wide > size[0] else []
        context.close()

    assert wrong == []
    assert seen >= len(menu_of(client)) > 0


def _found(page):
    return Axe().run(page).response["violations"]
