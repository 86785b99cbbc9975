"""The desk's pages of papers: ask, take in with a receipt, see the original, give a PIN; pictures only to who may see them."""

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from sqlalchemy import select

from casework.audit.models import AuditEntry
from casework.cases import diagnoses, pins
from casework.cases.models import Case, PaperReceived, PaperRequest
from casework.cases.opening import open_case
from casework.people.models import Attachment
from casework.staff.actors import APPLICANT, Area
from tests.casework import stage
from tests.webapp.stage import DESK, PATIENCE, PHONE, served
from webapp.staff.frame import COOKIE

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def photo():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def number(sqlite, office):
    """Give the number of a case with two people and a diagnosis."""
    with sqlite.work() as work:
        case = open_case(work, office, stage.household(work, "Siti", "Budi"), [("pkh", None)], "counter")
        diagnoses.diagnose(work, office, case, "opened")
        return case.number


@pytest.fixture
def siti(sqlite, number):
    """Give the number of the first person of the case."""
    with sqlite.reading() as work:
        return work.session.scalar(select(Case)).household.people[0].id


def all_of(sqlite, what):
    with sqlite.reading() as work:
        found = work.session.scalars(select(what)).all()
        work.session.expunge_all()
        return found


def take_in(client, number, paper, *files):
    data = {"paper": paper, f"file-{paper}": [(io.BytesIO(content), name) for name, content in files]}
    return client.post(f"/kantor/kasus/{number}/surat/terima", data, content_type="multipart/form-data")


def test_the_case_page_shows_what_is_missing_and_leads_to_the_papers(sign_in, number):
    """In its part of papers."""
    page = sign_in("applicant_desk").get(f"/kantor/kasus/{number}").text
    part = page[page.index('id="papers-of-case"') :]

    assert "Belum ada" in part and "Kartu Keluarga" in part
    assert f"/kantor/kasus/{number}/surat" in part and f"/kantor/kasus/{number}/pin" in part


def test_papers_are_taken_in_with_photos_and_get_a_receipt_to_print(sign_in, sqlite, number, siti):
    """The receipt is a PDF that names the case's papers."""
    desk = sign_in("applicant_desk")
    answer = take_in(desk, number, f"ktp:{siti}", ("../KTP.jpg", photo()), ("b.jpg", photo()))
    page = desk.get(answer.location).text
    receipt = re.search(r"/kantor/tanda-terima/(TT-[\d-]+)\.pdf", page)[1]
    sheet = desk.get(f"/kantor/tanda-terima/{receipt}.pdf")

    assert [one.receipt for one in all_of(sqlite, PaperReceived)] == [receipt] * 2
    assert (sheet.mimetype, sheet.data[:5]) == ("application/pdf", b"%PDF-")
    assert (
        sign_in("applicant_desk", Area(stage.OTHER_VILLAGE)).get(f"/kantor/tanda-terima/{receipt}.pdf").status_code
        == 404
    )


def test_a_paper_is_asked_for_with_a_note(sign_in, sqlite, number, siti):
    """The page shows it afterwards."""
    desk = sign_in("applicant_desk")
    data = {"document": f"akta_kelahiran:{siti}", "note": "Yang ada capnya"}
    desk.post(f"/kantor/kasus/{number}/surat/minta", data)
    page = desk.get(f"/kantor/kasus/{number}/surat").text

    assert [(one.document, one.person_id) for one in all_of(sqlite, PaperRequest)] == [("akta_kelahiran", siti)]
    assert "Yang ada capnya" in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"document": "kk"}, "sudah diminta"),
        ({"document": "bukan_surat", "note": "catatan saya"}, "tidak ada di daftar"),
        ({"document": "", "note": "catatan saya"}, "tidak ada di daftar"),
    ],
)
def test_what_cannot_be_asked_for_is_said_at_its_field_and_nothing_typed_is_lost(sign_in, number, data, said):
    """The form comes back as it was."""
    desk = sign_in("applicant_desk")
    desk.post(f"/kantor/kasus/{number}/surat/minta", {"document": "kk"})
    answer = desk.post(f"/kantor/kasus/{number}/surat/minta", data)

    assert answer.status_code == 400
    assert re.search(rf'id="document-error">[^<]*{said}', answer.text)
    assert data.get("note", "") in answer.text


def test_nothing_ticked_and_no_picture_are_said(sign_in, sqlite, number):
    """Nothing is kept."""
    desk = sign_in("applicant_desk")
    nothing = desk.post(f"/kantor/kasus/{number}/surat/terima", {})
    broken = take_in(desk, number, "kk:", ("kk.jpg", b"<script>"))

    assert (nothing.status_code, broken.status_code) == (400, 400)
    assert "Pilih paling sedikit satu surat" in nothing.text and "Hanya foto" in broken.text
    assert all_of(sqlite, PaperReceived) == all_of(sqlite, Attachment) == []


def test_several_photos_of_a_phone_at_once_are_let_in(sign_in, sqlite, number):
    """Larger than any other form of the office may be."""
    desk, large = sign_in("applicant_desk"), PDF[:-6] + b"%" * 3_000_000 + b"\n%%EOF\n"
    parts = {'name="csrf"': desk.csrf.encode(), 'name="paper"': b"kk:", 'name="file-kk:"; filename="kk.pdf"': large}
    body = b"".join(
        b"--x\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (name.encode(), said)
        for name, said in parts.items()
    )
    answer = desk.client.post(
        f"/kantor/kasus/{number}/surat/terima",
        data=body + b"--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )

    assert answer.status_code == 302
    assert [one.size > 3_000_000 for one in all_of(sqlite, Attachment)] == [True]


def test_a_photo_is_shown_and_a_pdf_is_given_to_keep(sign_in, sqlite, number):
    """As what they are, by a safe name, never guessed at by the browser, never stored; and each look is on the record."""
    desk = sign_in("applicant_desk")
    take_in(desk, number, "kk:", ("kk.html", photo()), ("kk.html", PDF))
    picture, pdf = all_of(sqlite, Attachment)
    shown, kept = (desk.get(f"/kantor/kasus/{number}/berkas/{one.id}") for one in (picture, pdf))

    assert (shown.mimetype, shown.headers["Content-Disposition"]) == ("image/jpeg", 'inline; filename="kk.jpg"')
    assert (kept.mimetype, kept.headers["Content-Disposition"]) == ("application/pdf", 'attachment; filename="kk.pdf"')
    assert {one.headers["X-Content-Type-Options"] for one in (shown, kept)} == {"nosniff"}
    assert {one.headers["Cache-Control"] for one in (shown, kept)} == {"no-store"}
    assert kept.data == PDF
    looked = [one.about for one in all_of(sqlite, AuditEntry) if one.action == "attachment.opened"]
    assert looked == [str(picture.id), str(pdf.id)]


def test_a_picture_is_not_there_for_others_nor_under_another_case(sign_in, sqlite, office, number):
    """A forged number in the address opens nothing."""
    desk = sign_in("applicant_desk")
    take_in(desk, number, "kk:", ("kk.jpg", photo()))
    with sqlite.work() as work:
        other = open_case(work, office, stage.household(work, "Joko"), [("pkh", None)], "counter").number
    id_ = all_of(sqlite, Attachment)[0].id
    away = sign_in("applicant_desk", Area(stage.OTHER_VILLAGE))

    assert away.get(f"/kantor/kasus/{number}/berkas/{id_}").status_code == 404
    assert desk.get(f"/kantor/kasus/{other}/berkas/{id_}").status_code == 404
    assert desk.get(f"/kantor/kasus/{number}/berkas/{id_ + 7}").status_code == 404
    assert sign_in("analyst").get(f"/kantor/kasus/{number}/berkas/{id_}").status_code == 403


def test_the_original_is_marked_as_seen_once(sign_in, sqlite, number):
    """The page says by whom; a second time is refused."""
    desk = sign_in("applicant_desk")
    take_in(desk, number, "kk:")
    paper = all_of(sqlite, PaperReceived)[0].id
    first, second = (desk.post(f"/kantor/kasus/{number}/surat/{paper}/asli") for _ in range(2))
    page = desk.get(f"/kantor/kasus/{number}/surat").text

    assert (first.status_code, second.status_code) == (302, 400)
    assert f"Asli dilihat 23 November 2026, {desk.actor.name}" in page


def test_whoever_may_only_look_has_no_forms(sign_in, number):
    """And may not send them either."""
    head = sign_in("head")
    page = head.get(f"/kantor/kasus/{number}/surat").text

    assert "<form" not in page.split("<main")[1]
    assert head.post(f"/kantor/kasus/{number}/surat/minta", {"document": "kk"}).status_code == 403
    assert head.post(f"/kantor/kasus/{number}/pin").status_code == 403


def test_a_form_that_is_not_ours_does_nothing(sign_in, sqlite, number):
    """Without what our pages carry."""
    desk = sign_in("applicant_desk")
    answer = desk.client.post(f"/kantor/kasus/{number}/surat/minta", data={"document": "kk"})

    assert answer.status_code == 400
    assert all_of(sqlite, PaperRequest) == []


def test_a_new_pin_is_shown_once_and_opens_the_case(sign_in, sqlite, number):
    """No other page has it."""
    desk = sign_in("applicant_desk")
    page = desk.post(f"/kantor/kasus/{number}/pin").text
    pin = re.search(r'class="headline">(\d{4} \d{4})<', page)[1]
    with sqlite.work(APPLICANT) as work:
        assert pins.opens(work, number, pin).number == number

    assert pin not in desk.get(f"/kantor/kasus/{number}/surat").text


@pytest.mark.parametrize(("size", "lang"), [(PHONE, "id"), (DESK, "en")])
def test_axe_finds_nothing_on_the_pages_of_papers(browser, staff_app, sign_in, number, siti, size, lang):
    """As they are first seen, with a mistake, with papers that came, and with a new PIN."""
    desk = sign_in("applicant_desk")
    desk.post(f"/kantor/kasus/{number}/surat/minta", {"document": f"akta_kelahiran:{siti}", "note": "Asli"})
    take_in(desk, number, "kk:", ("kk.jpg", photo()))
    context = browser.new_context(viewport=dict(zip(("width", "height"), size, strict=True)), bypass_csp=True)
    context.set_default_timeout(PATIENCE)
    with served(staff_app) as address:
        context.add_cookies([{"name": COOKIE, "value": desk.client.get_cookie(COOKIE).value, "url": address}])
        page, found = context.new_page(), {}
        page.goto(f"{address}/bahasa/{lang}?back=/kantor/kasus/{number}/surat")
        for name, button in (("papers", "form[action$='/terima'] button"), ("mistake", None)):
            found[name] = _violations(page, size)
            if button:
                page.locator(button).click()
                page.locator(".summary").wait_for()
        page.goto(f"{address}/kantor/kasus/{number}")
        page.locator("form[action$='/pin'] button").click()
        page.locator(".headline").first.wait_for()
        found["pin"] = _violations(page, size)
    context.close()

    assert not any(found.values()), found


def _violations(page, size):
    """Give what axe finds on a page, and that it is wider than its screen."""
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth") > size[0]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in violations] + (["wide"] if wide else [])
