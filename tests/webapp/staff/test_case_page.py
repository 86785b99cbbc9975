"""The page of one case, its forms, and opening a case at the desk."""

import pytest
from sqlalchemy import select

from casework.audit.models import AuditEntry
from casework.cases.diagnoses import diagnose
from casework.cases.models import Case, Claim, Move, Note, Referral
from casework.cases.opening import open_case, submit
from casework.people.observations import observe_many
from casework.staff.actors import Area
from tests.casework import stage

PROTECTION = "perlindungan_jaminan_sosial"


@pytest.fixture
def number(sqlite, office):
    """Hand in a case of a household that told some facts."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti Aminah", "Budi")
        told = [(None, "needs_dtsen_letter", True), (None, "total_spending", 900_000), (None, "floor_material", "soil")]
        observe_many(work, office.knowledge, home, told, "self_declared")
        case = open_case(work, office, home, [("layanan_surat_dtsen", None), ("rutilahu", None)], "counter")
        submit(work, office, case)
        return case.number


@pytest.fixture
def judged(sqlite, office, number):
    """Have the engine judge the case."""
    with sqlite.work() as work:
        diagnose(work, office, work.session.scalars(select(Case)).one(), "opened")
    return number


def row(sqlite, table=Case, **values):
    with sqlite.reading() as work:
        found = work.session.scalars(select(table).filter_by(**values).order_by(table.id.desc())).first()
        work.session.expunge_all()
        return found


def send(sqlite, client, number, **form):
    """Send a form of the page as it was shown."""
    version = form.pop("version", None) or row(sqlite, number=number).version
    return client.post(f"/kantor/kasus/{number}/langkah", {"version": version, **form})


def test_one_page_says_who_what_why_and_what_next(sqlite, sign_in, judged):
    """The household, what is asked, what is verified, what the engine says and why, the steps; and it is on the record."""
    page = sign_in("bidang_staff").get(f"/kantor/kasus/{judged}")

    assert page.status_code == 200
    for part in ("Siti Aminah", "Budi", "RT 02, RW 01, Dusun 1", "Surat keterangan terdaftar dalam data sosial"):
        assert part in page.text
    assert "Terpenuhi: </span>" in page.text and "Belum diketahui: </span>Terdaftar dalam data sosial" in page.text
    assert "perlu surat terdaftar dalam data sosial nasional (dtsen)" in page.text.lower()
    assert (
        "Kembalikan untuk dilengkapi" in page.text and "Menunggu RT/RW. 2 Desember 2026, 7 hari kerja lagi" in page.text
    )
    with sqlite.reading() as work:
        assert "case.read" in set(work.session.scalars(select(AuditEntry.action).where(AuditEntry.about == judged)))


def test_what_is_not_ones_own_step_is_no_button(sign_in, number):
    """A head of RT sees the task, and none of the office's forms."""
    page = sign_in("rt_rw", Area(stage.VILLAGE, "", stage.RW, stage.RT)).get(f"/kantor/kasus/{number}").text

    assert "/lapangan/tugas/1" in page
    assert "Kembalikan untuk dilengkapi" not in page and "Tulis catatan" not in page


def test_what_officers_write_to_each_other_stays_at_the_office(sqlite, sign_in, number):
    """A note is read at the desk, not by whoever checks in the village."""
    send(sqlite, sign_in("bidang_staff"), number, do="note", text="Suaminya tidak boleh tahu")

    assert "tidak boleh tahu" in sign_in("applicant_desk").get(f"/kantor/kasus/{number}").text
    assert "tidak boleh tahu" not in sign_in("rt_rw", Area(stage.VILLAGE)).get(f"/kantor/kasus/{number}").text


def test_a_step_is_done_with_its_reason(sqlite, sign_in, number):
    """Without one the page comes back, says so beside the field, and keeps what else was typed."""
    client = sign_in("bidang_staff")
    refused = send(sqlite, client, number, do="move", form="move-returned", after="returned", reason=" ")
    assert refused.status_code == 400 and "Tulis alasannya." in refused.text
    assert row(sqlite, number=number).state == "submitted"

    done = send(sqlite, client, number, do="move", form="move-returned", after="returned", reason="KK belum ada")
    assert done.status_code == 302 and row(sqlite, number=number).state == "returned"
    assert "KK belum ada" in client.get(f"/kantor/kasus/{number}").text


def test_the_second_writer_is_told(sqlite, sign_in, number):
    """The page that was open since before somebody else wrote changes nothing."""
    client, version = sign_in("bidang_staff"), row(sqlite, number=number).version
    assert send(sqlite, client, number, version=version, do="move", after="returned", reason="Satu").status_code == 302

    late = send(sqlite, client, number, version=version, do="move", after="withdrawn", reason="Dua")
    assert late.status_code == 409 and "Orang lain sudah mengubah data ini" in late.text
    assert row(sqlite, number=number).state == "returned"


def test_when_the_office_has_verified_the_engine_looks_again(sqlite, sign_in, number):
    """The step and the diagnosis are both in the history of its certainty."""
    with sqlite.work() as work:
        work.session.scalars(select(Case)).one().state = "musdes_approved"
    client = sign_in("bidang_staff")

    assert send(sqlite, client, number, do="move", after="dinsos_verified").status_code == 302
    assert row(sqlite, Move).after == "dinsos_verified"
    with sqlite.reading() as work:
        actions = list(work.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert actions.count("diagnosis.made") == 1


def test_notes_contacts_officers_and_other_bidang(sqlite, sign_in, number):
    """Every form of the page does what it says."""
    client = sign_in("bidang_staff")
    claim = row(sqlite, Claim, service="rutilahu")
    for form in (
        {"do": "note", "text": "Rumah jauh"},
        {"do": "contact", "channel": "phone", "note": "Ditelepon"},
        {"do": "assign", "account": client.actor.account},
        {
            "do": "transfer",
            "claim": claim.id,
            "claim_version": claim.version,
            "program": "pemberdayaan_sosial",
            "reason": "x",
        },
        {"do": "refer", "to": "Puskesmas", "reason": "Perlu diperiksa", "claim": ""},
    ):
        assert send(sqlite, client, number, **form).status_code == 302, form
    page = client.get(f"/kantor/kasus/{number}").text

    assert row(sqlite, Note).text == "Rumah jauh" and "Rumah jauh" in page and "Ditelepon" in page
    assert "Petugas: bidang_staff." in page and "diserahkan dari Perlindungan dan Jaminan Sosial" in page
    slip = client.get(f"/kantor/kasus/{number}/rujukan/{row(sqlite, Referral).number}.pdf")
    assert slip.mimetype == "application/pdf" and slip.data.startswith(b"%PDF")


@pytest.mark.parametrize(
    "form", [{"do": "burn"}, {"do": "claim", "claim": "99", "after": "withdrawn"}, {"do": "move", "after": "heaven"}]
)
def test_a_forged_form_does_nothing(sqlite, sign_in, number, form):
    """An action, a claim or a state that is not there."""
    assert send(sqlite, sign_in("bidang_staff"), number, **form).status_code in (400, 404)
    assert row(sqlite, number=number).state == "submitted"


def test_a_number_that_is_none_is_not_found(sign_in, number):
    """Nor is a case of another village, or one written wrongly."""
    client = sign_in("bidang_staff", Area(stage.OTHER_VILLAGE))

    assert [client.get(f"/kantor/kasus/{one}").status_code for one in (number, "KDR-2026-999999-9", "..%2f")] == [
        404
    ] * 3


def test_a_case_that_only_officers_may_know_of_is_theirs_alone(sqlite, office, sign_in):
    """For the desk it is not there, neither as a page nor in a form; the Bidang sees that it is for officers only."""
    with sqlite.work() as work:
        home = stage.household(work, "Ani")
        number = open_case(work, office, home, [("rujukan_hiv_napza", home.people[0])], "counter").number
    at_desk = sign_in("applicant_desk")

    assert at_desk.get(f"/kantor/kasus/{number}").status_code == 404
    assert send(sqlite, at_desk, number, do="note", text="x").status_code == 404
    assert "khusus petugas" in sign_in("bidang_staff").get(f"/kantor/kasus/{number}").text


def test_of_a_mixed_case_the_secret_part_is_shown_to_officers_only(sqlite, office, sign_in):
    """On the whole page, with the parts of all rooms: neither the service nor anything it asks for."""
    with sqlite.work() as work:
        home = stage.household(work, "Ani")
        asked = [("pkh", None), ("rujukan_hiv_napza", home.people[0])]
        case = open_case(work, office, home, asked, "counter")
        submit(work, office, case)
        diagnose(work, office, case, "opened")
        number = case.number
    label = office.knowledge.services["rujukan_hiv_napza"].label.id
    pages = {
        "applicant_desk": sign_in("applicant_desk").get(f"/kantor/kasus/{number}").text,
        "rt_rw": sign_in("rt_rw", Area(stage.VILLAGE)).get(f"/kantor/kasus/{number}").text,
        "bidang_staff": sign_in("bidang_staff").get(f"/kantor/kasus/{number}").text,
    }

    assert label in pages["bidang_staff"]
    for role in ("applicant_desk", "rt_rw"):
        assert "Program Keluarga Harapan" in pages[role]
        assert label not in pages[role] and "HIV" not in pages[role] and "NAPZA" not in pages[role]


def test_a_case_is_opened_at_the_desk(sqlite, office, sign_in):
    """From what the engine says may be asked for; handed in it is judged and waits for the village."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti").id
    client = sign_in("applicant_desk")
    page = client.get(f"/kantor/keluarga/{home}/kasus-baru").text
    assert 'value="pkh@household"' in page and "rujukan_hiv_napza" not in page

    nothing = client.post(f"/kantor/keluarga/{home}/kasus-baru", {"channel": "counter", "urgent": "Segera"})
    assert (
        nothing.status_code == 400 and "Pilih paling sedikit satu layanan." in nothing.text and "Segera" in nothing.text
    )
    form = {"ask": ["pkh@household", "alat_bantu_disabilitas@p1"], "channel": "counter", "submit": "1"}
    opened = client.post(f"/kantor/keluarga/{home}/kasus-baru", form)
    case = row(sqlite)

    assert opened.location == f"/kantor/kasus/{case.number}" and case.state == "submitted"
    assert all(row(sqlite, Claim, service=name).status for name in ("pkh", "alat_bantu_disabilitas"))
    twice = client.post(f"/kantor/keluarga/{home}/kasus-baru", form)
    assert twice.status_code == 400 and case.number in twice.text


def test_a_household_of_elsewhere_gets_no_case(sqlite, sign_in):
    """Nor one that is not there."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti").id
    client = sign_in("village_operator", Area(stage.OTHER_VILLAGE))

    assert [client.get(f"/kantor/keluarga/{one}/kasus-baru").status_code for one in (home, 99)] == [404, 404]
