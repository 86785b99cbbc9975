"""The pages in a real browser, without JavaScript, on a small phone and on a desk."""

import pytest
from axe_playwright_python.sync_playwright import Axe

SIZES = [(360, 740), (1280, 900)]


def fill(page, address):
    page.goto(f"{address}/formulir")
    page.get_by_label("Di kecamatan mana tempat tinggal atau kantornya?").select_option("35.06.07")
    page.get_by_label("Sebutan").fill("Nenek")
    page.get_by_label("Atau umur").fill("70")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_family_is_filled_in_and_its_result_read_without_javascript(browser, address, width, height):
    """The whole way works on both screens, and nothing is wider than the screen."""
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=False)
    page = context.new_page()
    fill(page, address)
    page.get_by_role("button", name="Lihat hasil").last.click()

    assert page.get_by_role("heading", name="Hasil", exact=True).is_visible()
    assert page.get_by_role("heading", name="Usulan atau pembaruan data sosial (DTSEN)").is_visible()
    page.get_by_role("button", name="Ubah jawaban").click()
    assert page.get_by_label("Atau umur").input_value() == "70"
    page.get_by_role("button", name="English").click()
    assert page.get_by_role("heading", name="The family", exact=True).is_visible()
    assert page.get_by_label("Or the age").input_value() == "70"
    context.close()


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("path", ["/", "/formulir", "/sampel/keluarga-h01", "/sampel/keluarga-h03", "/tidak-ada"])
def test_no_page_is_wider_than_its_screen_and_axe_finds_nothing_serious(browser, address, path, width, height):
    """Accessibility is checked by axe on every kind of page."""
    context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
    page = context.new_page()
    page.goto(address + path)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page).response["violations"]

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    context.close()


def test_enter_in_a_field_asks_for_the_result_not_for_another_language(browser, address):
    """The first button of the form is the one that checks."""
    page = browser.new_page(java_script_enabled=False)
    fill(page, address)
    page.get_by_label("Atau umur").press("Enter")
    page.get_by_role("heading", name="Hasil", exact=True).wait_for()

    assert page.get_by_role("button", name="Ubah jawaban").is_visible()
    page.close()
