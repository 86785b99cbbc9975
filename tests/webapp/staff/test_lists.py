"""Pages of lists: from the draft to the published list, and what each may see and do on them."""

import io
import re

import pytest

from casework.audit.models import AuditEntry
from casework.lists.lists import draft_list
from casework.lists.models import BeneficiaryList, Entry
from casework.staff.actors import SYSTEM, Area
from tests.casework import decided, stage
from tests.casework.lists.granted import YEAR, claim

PROGRAM = "perlindungan_jaminan_sosial"
DAYS = {"since": "2027-01-01", "until": "2027-12-31"}
NIK = "3506074203800000"


@pytest.fixture
def claims(sqlite):
    """Grant three families Sembako."""
    with sqlite.work(SYSTEM) as work:
        for name, priority in (("Siti Contoh", 0.9), ("Budi Contoh", 0.8), ("Rahayu Contoh", 0.7)):
            claim(work, "sembako", name, priority=priority)


@pytest.fixture
def staff(sign_in):
    """Sign in who drafts."""
    return sign_in("bidang_staff", programs=frozenset({PROGRAM}))


def draft(client, quota="2", service="sembako", **more):
    """Fill in the form; gives the number of the list."""
    response = client.post("/kantor/daftar/baru", {"service": service, "quota": quota, **DAYS, **more})
    return re.search(r"DFT-[0-9-]+", response.location)[0]


def act(client, number, what, **typed):
    """Press a button of the page, with the version that it shows."""
    page = client.get(f"/kantor/daftar/{number}").text
    version = re.search(r'name="version" value="(\d+)"', page)
    return client.post(f"/kantor/daftar/{number}/{what}", {"version": version[1] if version else "0", **typed})


def signed(staff, head, **more):
    number = draft(staff, **more)
    act(staff, number, "periksa")
    act(head, number, "tandatangan", sk_number="188.45/12", sk_date="2026-11-20")
    return number


def state(database, number):
    with database.reading() as work:
        return work.session.query(BeneficiaryList).filter_by(number=number).one().state


def entry_of(database, number, name):
    with database.reading() as work:
        rows = work.session.query(Entry).join(Entry.list).filter(BeneficiaryList.number == number)
        return next((entry.id, entry.version) for entry in rows if entry.household.name == name)


def test_a_list_goes_its_whole_way(sqlite, claims, staff, sign_in):
    """Drafted and verified by the Bidang, signed and published by the head; everybody finds it."""
    head = sign_in("head")
    number = signed(staff, head)
    act(head, number, "umumkan", public="yes")
    page = head.get(f"/kantor/daftar/{number}").text

    assert state(sqlite, number) == "published"
    assert "188.45/12" in page and "Siti Contoh" in page
    assert "Siti Contoh" in head.client.get("/penerima").text
    assert number in staff.get("/kantor/daftar").text


def test_who_waits_and_why_stands_on_pages_of_their_own(sqlite, claims, staff):
    """Rank, quota and key; nobody else's name."""
    number = draft(staff)
    waiting = staff.get(f"/kantor/daftar/{number}?place=waiting").text
    entry, _ = entry_of(sqlite, number, "Rahayu Contoh")
    why = staff.get(f"/kantor/daftar/{number}/penerima/{entry}").text

    assert "Rahayu Contoh" in waiting and "Siti Contoh" not in waiting
    assert "Kuotanya 2 dan sudah terisi" in why
    assert "0,70" in why and "Siti" not in why


def office_of(client):
    return client.client.application.extensions["tepat"].office


def test_the_bidang_sees_why_two_aids_exclude_each_other(sqlite, sign_in):
    """In the language of the page."""
    client = sign_in("bidang_staff", programs=frozenset({"pemberdayaan_sosial"}))
    with sqlite.work(SYSTEM) as work:
        home = stage.household(work, "Siti Contoh")
        for service in ("kube", "pena"):
            claim(work, service, home=home, program="pemberdayaan_sosial")
        first = draft_list(work, office_of(client), "kube", **YEAR).number
        other = draft_list(work, office_of(client), "pena", **YEAR).number
    page = client.get(f"/kantor/daftar/{other}/tabrakan?lang=en").text

    assert f"on list {first}" in page
    assert "one service for each family" in page


def test_an_entry_is_removed_with_a_reason_and_the_next_moves_up(sqlite, claims, staff):
    """Without one the form says so, and keeps what was typed."""
    number = draft(staff)
    entry, version = entry_of(sqlite, number, "Siti Contoh")
    address = f"/kantor/daftar/{number}/penerima/{entry}"
    refused = staff.post(f"{address}/keluarkan", {"version": version, "reason": " "})
    assert (refused.status_code, "Tulis alasannya." in refused.text) == (400, True)

    staff.post(f"{address}/keluarkan", {"version": version, "reason": "Pindah ke Blitar"})
    page = staff.get(f"/kantor/daftar/{number}").text
    assert "Siti Contoh" not in page and "Rahayu Contoh" in page
    assert "Pindah ke Blitar" in staff.get(f"/kantor/daftar/{number}?place=removed").text

    _, version = entry_of(sqlite, number, "Siti Contoh")
    staff.post(f"{address}/masukkan", {"version": version})
    assert "Siti Contoh" in staff.get(f"/kantor/daftar/{number}?place=waiting").text


def test_an_amount_is_typed_as_people_write_it(sqlite, claims, staff):
    """Points between thousands; anything else is refused beside the field."""
    number = draft(staff)
    entry, version = entry_of(sqlite, number, "Siti Contoh")
    address = f"/kantor/daftar/{number}/penerima/{entry}/jumlah"
    staff.post(address, {"version": version, "amount": "Rp 900.000", "reason": "Mulai April"})
    assert "Rp900.000" in staff.get(f"/kantor/daftar/{number}").text

    for wrong in ("banyak", "-5", "1,5", ""):
        refused = staff.post(address, {"version": "2", "amount": wrong, "reason": "x"})
        assert (refused.status_code, "rupiah penuh" in refused.text) == (400, True)


def test_the_quota_is_changed_and_a_case_is_added(sqlite, claims, staff):
    """Both on the draft's page."""
    number = draft(staff, quota="1")
    with sqlite.work(SYSTEM) as work:
        case = claim(work, "sembako", "Wagiman Contoh").case.number
    act(staff, number, "tambah", case=case)
    act(staff, number, "kuota", quota="")

    assert "Wagiman Contoh" in staff.get(f"/kantor/daftar/{number}").text
    assert act(staff, number, "tambah", case="KDR-2026-999999-9").status_code == 400


def test_the_second_who_changes_what_was_shown_is_told(sqlite, claims, staff):
    """Nothing is overwritten unseen."""
    number = draft(staff)
    act(staff, number, "kuota", quota="3")

    assert staff.post(f"/kantor/daftar/{number}/kuota", {"version": "1", "quota": "1"}).status_code == 409
    assert "Rahayu Contoh" in staff.get(f"/kantor/daftar/{number}").text


def test_a_signed_list_has_no_form_that_changes_it(sqlite, claims, staff, sign_in):
    """And whoever sends one all the same is refused."""
    number = signed(staff, sign_in("head"))
    page = staff.get(f"/kantor/daftar/{number}").text

    assert "/kuota" not in page and "/tambah" not in page
    assert act(staff, number, "kuota", quota="9").status_code == 400
    entry, version = entry_of(sqlite, number, "Siti Contoh")
    address = f"/kantor/daftar/{number}/penerima/{entry}/keluarkan"
    assert staff.post(address, {"version": version, "reason": "x"}).status_code == 400
    assert state(sqlite, number) == "signed"


def test_a_revision_leads_to_the_new_list(sqlite, claims, staff, sign_in):
    """Which names the one that it will supersede."""
    number = signed(staff, sign_in("head"))
    response = act(staff, number, "ubah", reason="Pindah")
    again = re.search(r"DFT-[0-9-]+", response.location)[0]

    assert again != number
    assert number in staff.get(f"/kantor/daftar/{again}").text
    assert again in staff.get(f"/kantor/daftar/{number}").text


def test_a_signature_that_lacks_something_keeps_what_was_typed(sqlite, claims, staff, sign_in):
    """Said beside its field."""
    number = draft(staff)
    act(staff, number, "periksa")
    refused = act(sign_in("head"), number, "tandatangan", sk_number="188.45/12", sk_date="2027-01-01")

    assert refused.status_code == 400
    assert 'value="188.45/12"' in refused.text and "paling lambat hari ini" in refused.text


def test_the_annex_is_given_as_paper_and_sheet_and_stands_on_the_record(sqlite, claims, staff, sign_in):
    """Names leave the house."""
    head = sign_in("head")
    number = signed(staff, head)
    paper, sheet = (head.get(f"/kantor/daftar/{number}/lampiran.{form}") for form in ("pdf", "xlsx"))

    assert paper.data.startswith(b"%PDF") and sheet.data.startswith(b"PK")
    assert head.get(f"/kantor/daftar/{number}/lampiran.pdf?part=9").status_code == 404
    with sqlite.reading() as work:
        assert work.session.query(AuditEntry).filter_by(action="list.annex", about=number).count() == 3


def test_each_step_is_there_for_whoever_may_take_it(sqlite, claims, staff, sign_in):
    """The Bidang verifies, the head signs; neither sees the other's button."""
    head, number = sign_in("head"), draft(staff)
    assert "/periksa" in staff.get(f"/kantor/daftar/{number}").text
    assert "/periksa" not in head.get(f"/kantor/daftar/{number}").text
    assert act(head, number, "periksa").status_code == 403
    act(staff, number, "periksa")
    assert "/tandatangan" in head.get(f"/kantor/daftar/{number}").text
    assert "/tandatangan" not in staff.get(f"/kantor/daftar/{number}").text
    assert act(staff, number, "tandatangan", sk_number="1", sk_date="2026-11-20").status_code == 403


def test_who_does_not_work_with_lists_is_refused_and_another_bidang_finds_none(sqlite, claims, staff, sign_in):
    """The pages are not there for the desk, the list not for the other Bidang."""
    number = draft(staff)
    assert sign_in("applicant_desk").get("/kantor/daftar").status_code == 403
    other = sign_in("bidang_staff", Area("35"), frozenset({"rehabilitasi_sosial"}))
    assert other.get(f"/kantor/daftar/{number}").status_code == 404
    assert number not in other.get("/kantor/daftar").text


def test_of_a_list_only_entries_of_ones_area_are_seen(sqlite, staff, sign_in):
    """The others are not there, and the annex with everybody is not given."""
    with sqlite.work(SYSTEM) as work:
        claim(work, "sembako", "Siti Contoh")
        claim(work, "sembako", home=stage.household(work, "Lain Contoh", village=stage.OTHER_VILLAGE))
    number = draft(staff)
    here = sign_in("bidang_staff", Area(stage.VILLAGE), frozenset({PROGRAM}))
    page = here.get(f"/kantor/daftar/{number}").text
    entry, _ = entry_of(sqlite, number, "Lain Contoh")

    assert "Siti Contoh" in page and "Lain Contoh" not in page
    assert here.get(f"/kantor/daftar/{number}/penerima/{entry}").status_code == 404
    assert here.get(f"/kantor/daftar/{number}/lampiran.xlsx").status_code == 403


def test_a_draft_that_makes_no_sense_says_so_and_keeps_what_was_typed(staff):
    """Beside the field."""
    response = staff.post("/kantor/daftar/baru", {"service": "sembako", **DAYS, "quota": "dua"})
    assert (response.status_code, "Tulis kuota sebagai angka bulat" in response.text) == (400, True)
    assert 'value="dua"' in response.text
    response = staff.post("/kantor/daftar/baru", {"service": "sembako", **DAYS, "until": "2027-02-31"})
    assert (response.status_code, "tanggal yang benar" in response.text) == (400, True)


def bring(client, content, name="kpm.csv", **more):
    return client.client.post(
        "/kantor/daftar/masuk",
        data={"csrf": client.csrf, "service": "pkh", **DAYS, **more, "file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )


def test_a_list_of_others_is_brought_in_or_its_faults_are_shown(sqlite, staff):
    """Row by row, with the number masked; left out only when somebody says so."""
    with sqlite.work(SYSTEM) as work:
        home = stage.household(work, "Siti Contoh")
        home.people[0].seal(work.keys, "nik", NIK)
    content = f"NIK;Nama\n{NIK};Siti\n3506074203810000;Budi\n".encode()
    refused = bring(staff, content)

    assert refused.status_code == 400
    assert "350607********00" in refused.text and "3506074203810000" not in refused.text
    assert bring(staff, content, leave_out="yes").status_code == 302
    assert bring(staff, b"", "x.csv").status_code == 400
    assert bring(staff, b"\x00\x01garbage", "x.xlsx").status_code == 400


def test_the_case_shows_its_places_on_lists(sqlite, staff):
    """With the way to why."""
    with sqlite.work(SYSTEM) as work:
        verified = decided.verified(work, office_of(staff), "sembako")
        verified.claims[0].state, case = "determined", verified.number
    number = draft(staff)

    assert number in staff.get(f"/kantor/kasus/{case}").text


@pytest.mark.parametrize("path", ["DFT-2026-000001-0", "DFT-2026-000001-0/penerima/1", "nothing/tabrakan"])
def test_a_forged_address_leads_nowhere(staff, path):
    """Not found, whatever it names."""
    assert staff.get(f"/kantor/daftar/{path}").status_code == 404
    assert staff.post("/kantor/daftar/DFT-2026-000001-0/periksa").status_code == 404
