"""Letters on the pages: looked at, written, given out again; and the copy sheet for SIKS-NG."""

import pytest

from casework.audit.models import AuditEntry
from casework.cases import decisions
from casework.cases.models import Letter
from casework.staff.actors import Area
from tests.casework import stage
from tests.casework.decided import PROGRAM, SECRET, case_in, case_of, claim_of, proposed

NIK, KK = "3506074203800000", "3506070101200000"


@pytest.fixture
def ani(sign_in):
    """Sign an officer of a Bidang in."""
    return sign_in("bidang_staff", programs=frozenset({PROGRAM}))


@pytest.fixture
def number(sqlite, office, ani, sign_in):
    """Give a case with one granted claim."""
    number = case_in(sqlite, office, "sembako", "pkh", kk=KK)
    id_ = proposed(sqlite, number, ani.actor)
    with sqlite.work(sign_in("head").actor) as work:
        decisions.approve(work, decisions.decision_of(work, id_))
        case_of(work, number).household.people[0].seal(work.keys, "nik", NIK)
    return number


def letter_of(sqlite, number, service="sembako", name="putusan_disetujui"):
    with sqlite.reading() as work:
        return f"{name}:{claim_of(work, number, service).id}"


def count(sqlite):
    with sqlite.reading() as work:
        return work.session.query(Letter).count()


def test_the_case_offers_the_letters_that_make_sense(sqlite, ani, number):
    """The decision about what was decided, the statement about the household; nothing about what is still open."""
    page = ani.get(f"/kantor/kasus/{number}").text

    assert f'value="{letter_of(sqlite, number)}" checked' in page
    assert 'value="keterangan_dtsen:"' in page
    assert letter_of(sqlite, number, "pkh") not in page
    assert "putusan_ditolak" not in page


def test_a_letter_is_looked_at_before_it_is_written(sqlite, ani, number):
    """A look has no number and is kept nowhere; written, it stands on the case, byte for byte the same each time."""
    form = {"letter": letter_of(sqlite, number), "letter_lang": "en"}
    look = ani.post(f"/kantor/kasus/{number}/surat-kantor", form | {"do": "look"})
    assert look.mimetype == "application/pdf" and look.data.startswith(b"%PDF-")
    assert count(sqlite) == 0

    assert ani.post(f"/kantor/kasus/{number}/surat-kantor", form | {"do": "write"}).status_code == 302
    page = ani.get(f"/kantor/kasus/{number}").text
    assert "/kantor/surat/SRT-2026-000001-7" in page and "Decision on the application for Sembako" in page
    one, other = (ani.get("/kantor/surat/SRT-2026-000001-7") for _ in range(2))
    assert one.data == other.data and one.mimetype == "application/pdf"
    assert one.headers["Cache-Control"] == "no-store"
    assert "SRT-2026-000001-7.pdf" in one.headers["Content-Disposition"]


def test_a_letter_that_cannot_be_written_is_told_beside_the_choice(sqlite, ani, number):
    """About what nobody has decided; the choice stays."""
    letter = letter_of(sqlite, number, "pkh", "putusan_ditolak")
    for do in ("look", "write"):
        refused = ani.post(f"/kantor/kasus/{number}/surat-kantor", {"letter": letter, "do": do})
        assert refused.status_code == 400
        assert "Surat putusan baru dapat dibuat setelah ada putusan." in refused.text
    assert ani.post(f"/kantor/kasus/{number}/surat-kantor", {"letter": "x:", "do": "write"}).status_code == 400
    assert ani.post(f"/kantor/kasus/{number}/surat-kantor", {"letter": "rujukan:999", "do": "write"}).status_code == 404
    assert count(sqlite) == 0


def test_a_secret_service_is_offered_no_letter(sqlite, office, sign_in):
    """Nor written when the form is sent all the same."""
    bidang = sign_in("bidang_staff")
    number = case_in(sqlite, office, SECRET, secret=True)
    letter = letter_of(sqlite, number, SECRET)

    assert letter not in bidang.get(f"/kantor/kasus/{number}").text
    refused = bidang.post(f"/kantor/kasus/{number}/surat-kantor", {"letter": letter, "do": "write"})
    assert refused.status_code == 400 and "hanya boleh diketahui petugas" in refused.text


def test_letters_of_elsewhere_are_not_there(sqlite, ani, number, sign_in):
    """Neither by number nor by the case; heads of RT write none."""
    ani.post(f"/kantor/kasus/{number}/surat-kantor", {"letter": letter_of(sqlite, number), "do": "write"})
    far = sign_in("bidang_staff", Area(stage.OTHER_VILLAGE))
    assert far.get("/kantor/surat/SRT-2026-000001-7").status_code == 404
    assert far.post(f"/kantor/kasus/{number}/surat-kantor", {"letter": "keterangan_dtsen:"}).status_code == 404
    rt = sign_in("rt_rw", Area(stage.VILLAGE, stage.HAMLET, stage.RW, stage.RT))
    assert rt.post(f"/kantor/kasus/{number}/surat-kantor", {"letter": "keterangan_dtsen:"}).status_code == 403


def test_the_copy_sheet_is_the_only_page_with_whole_numbers(sqlite, ani, number, sign_in):
    """For those who write in the register; each look is on record, and no address has a number in it."""
    page = ani.get(f"/kantor/kasus/{number}/siks")
    assert NIK in page.text and KK in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert ani.get(f"/kantor/kasus/{number}/siks.pdf").data.startswith(b"%PDF-")
    assert NIK not in ani.get(f"/kantor/kasus/{number}").text

    assert sign_in("ppid").get(f"/kantor/kasus/{number}/siks").status_code == 403
    assert sign_in("applicant_desk", Area(stage.OTHER_VILLAGE)).get(f"/kantor/kasus/{number}/siks").status_code == 404
    with sqlite.reading() as work:
        looks = work.session.query(AuditEntry).filter_by(action="numbers.shown").all()
        assert [(one.about, one.actor) for one in looks] == [(number, ani.actor.name)] * 2
