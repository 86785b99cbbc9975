"""Pages of the register: entering, correcting, moving; nothing typed is lost, nothing outside one's area is there."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from casework.audit.models import AuditEntry
from casework.people import accounts, register, residences
from casework.people.models import Household, Person
from casework.staff.actors import Area
from tests.casework import stage
from tests.casework.people import entered
from tests.webapp.staff.shown import people, version_on

FAMILY = {
    "kk": "3506071201150001",
    "village": stage.VILLAGE,
    "hamlet": "Dusun 1",
    "rw": "1",
    "rt": "2",
    "applicant": "family",
    "members_listed": "all",
    "name": "Sukarti",
    "nik": "3506075203800001",
    "birth_date": "12-03-1980",
    "sex": "P",
    "relation": "head",
}


@pytest.fixture
def home(sqlite, office):
    """Give the ids of a household and of the woman in it."""
    entered.villages(sqlite)
    with sqlite.work() as work:
        person = entered.home(work, office)
        accounts.set_account(work, person, "Bank X", "1234567890")
        return person.household_id, person.id


def test_a_household_is_entered_with_its_head(sqlite, sign_in):
    """One form, then its page, where the number is masked."""
    entered.villages(sqlite)
    desk = sign_in("applicant_desk")
    assert "Daftarkan keluarga" in desk.get("/kantor/keluarga/baru").text
    answer = desk.post("/kantor/keluarga/baru", FAMILY)
    page = desk.get(answer.location).text

    assert answer.status_code == 302 and people(sqlite) == ["Sukarti"]
    assert "350607********01" in page and FAMILY["nik"] not in page and FAMILY["kk"] not in page
    assert "Kepala keluarga" in page and "12 Maret 1980 (46 tahun)" in page


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"nik": "350607520380"}, "nik", "NIK terdiri atas 16 angka, di sini 12."),
        ({"kk": "12"}, "kk", "Nomor KK terdiri atas 16 angka, di sini 2."),
        ({"village": "35.06.07.2099"}, "village", "belum ada di daftar desa"),
        ({"birth_date": "31-02-1980"}, "birth_date", "Tulis tanggal sebagai hari, bulan, tahun"),
        ({"name": " "}, "name", "Isi namanya"),
        ({"rt": "dua"}, "rt", "RT dan RW adalah angka"),
    ],
)
def test_a_fault_stands_at_its_field_and_what_was_typed_stays(sqlite, sign_in, wrong, field, said):
    """Nothing is entered, not even the household without its head."""
    entered.villages(sqlite)
    answer = sign_in("applicant_desk").post(
        "/kantor/keluarga/baru", {**FAMILY, "address": "Jalan <b>Kelud</b>", **wrong}
    )
    page = answer.text

    assert answer.status_code == 400 and said in page and f'id="{field}-error"' in page
    assert "Jalan &lt;b&gt;Kelud&lt;/b&gt;" in page and ('value="Sukarti"' in page or field == "name")
    assert people(sqlite) == []
    with sqlite.reading() as work:
        assert work.session.scalars(select(Household)).all() == []


def test_all_doubts_are_asked_at_once_and_a_tick_settles_them(sqlite, sign_in):
    """A card of the city, a NIK from elsewhere, another sex: somebody has to have looked."""
    entered.villages(sqlite)
    desk = sign_in("applicant_desk")
    odd = {**FAMILY, "kk": "3571031201150001", "nik": "3201035203800001", "sex": "L"}
    first = desk.post("/kantor/keluarga/baru", odd)
    doubts = re.findall(r'name="confirmed" value="([^"]+)"', first.text)

    assert first.status_code == 400 and people(sqlite) == []
    assert doubts == ["kk:register-kk-neighbour", "nik:register-nik-from-elsewhere", "nik:register-nik-sex-differs"]
    assert "Kota Kediri" in first.text
    assert desk.post("/kantor/keluarga/baru", {**odd, "confirmed": doubts[:2]}).status_code == 400
    assert desk.post("/kantor/keluarga/baru", {**odd, "confirmed": doubts}).status_code == 302
    assert people(sqlite) == ["Sukarti"]


def test_a_person_is_added_corrected_and_moved(sqlite, office, sign_in, home):
    """Each is one form; the page shows where they lived."""
    desk = sign_in("applicant_desk")
    with sqlite.work() as work:
        register.register_household(work, office.knowledge, entered.family(kk=entered.OTHER_KK, name="Parti"), None)
    added = desk.post(f"/kantor/keluarga/{home[0]}/warga-baru", {"name": "Budi", "birth_date": "1-2-2015", "sex": "L"})
    assert added.status_code == 302 and people(sqlite) == ["Budi", "Sukarti"]
    path = f"/kantor/warga/{home[1]}"
    form = {"version": version_on(desk, f"{path}/ubah"), "name": "Sukartini", "birth_date": "12-03-1980", "sex": "P"}
    assert desk.post(f"{path}/ubah", form).status_code == 302
    move = {"version": version_on(desk, f"{path}/pindah"), "kk": "1" * 16, "since": "23-11-2026"}
    assert "belum terdaftar di wilayah Anda" in desk.post(f"{path}/pindah", move).text
    assert desk.post(f"{path}/pindah", {**move, "kk": entered.OTHER_KK}).status_code == 302

    page = desk.get(path).text
    assert "Sukartini" in page and page.count("Jalan Kelud 1") == 2
    assert "Sukartini" in desk.get(f"/kantor/keluarga/{home[0]}").text  # among those who lived there


def test_the_second_who_corrects_the_same_person_is_told_and_loses_nothing(sqlite, sign_in, home):
    """What was typed still stands in the form."""
    desk, path = sign_in("applicant_desk"), f"/kantor/warga/{home[1]}/ubah"
    version = version_on(desk, path)
    form = {"version": version, "birth_date": "12-03-1980", "sex": "P"}
    assert desk.post(path, {**form, "name": "Sukartini"}).status_code == 302
    second = desk.post(path, {**form, "name": "Sukarni"})

    assert second.status_code == 409 and "Orang lain sudah mengubah data ini" in second.text
    assert 'value="Sukarni"' in second.text and people(sqlite) == ["Sukartini"]


def test_a_household_moves_is_closed_and_opened_again(sqlite, sign_in, home):
    """With a reason, and a day that has come."""
    desk, path = sign_in("applicant_desk"), f"/kantor/keluarga/{home[0]}"
    place = {"village": stage.OTHER_VILLAGE, "rw": "1", "rt": "1", "since": "23-11-2026"}
    assert desk.post(f"{path}/pindah", {**place, "version": version_on(desk, f"{path}/pindah")}).status_code == 302
    assert stage.OTHER_VILLAGE in desk.get(path).text
    close = {"do": "close", "version": version_on(desk, path)}
    assert "Pilih alasan penutupan" in desk.post(f"{path}/tutup", close).text
    assert "Tanggal ini belum tiba" in desk.post(f"{path}/tutup", {**close, "reason": "died", "since": "1-1-2030"}).text
    assert desk.post(f"{path}/tutup", {**close, "reason": "moved_away"}).status_code == 302
    assert "Ditutup" in desk.get(path).text and "Tambah orang" not in desk.get(path).text
    assert desk.post(f"{path}/tutup", {"do": "reopen", "version": version_on(desk, path)}).status_code == 302
    assert "Tambah orang" in desk.get(path).text


def test_a_death_and_an_account_are_entered(sqlite, sign_in, home):
    """The account is shown by its end only; a day is needed for a death."""
    desk, path = sign_in("applicant_desk"), f"/kantor/warga/{home[1]}"
    form = {"version": version_on(desk, path), "bank": "Bank Y", "number": "99 88 77 66 55", "holder": ""}
    assert desk.post(f"{path}/rekening", {**form, "number": "1"}).status_code == 400
    assert desk.post(f"{path}/rekening", form).status_code == 302
    page = desk.get(path).text
    assert "*******655" in page and "9988776655" not in page and "1234567890" not in page
    assert "Tulis tanggal" in desk.post(f"{path}/meninggal", {"do": "died", "version": version_on(desk, path)}).text
    died = {"do": "died", "died_on": "20-11-2026", "version": version_on(desk, path)}
    assert desk.post(f"{path}/meninggal", died).status_code == 302
    with sqlite.reading() as work:
        person = work.session.get_one(Person, home[1])
        assert person.died_on == date(2026, 11, 20) and entered.open_account(work, person) is None
    lives = {"do": "lives", "version": version_on(desk, path)}
    assert desk.post(f"{path}/meninggal", lives).status_code == 302
    assert desk.post(f"{path}/rekening/tutup", {"version": version_on(desk, path)}).status_code == 302
    with sqlite.reading() as work:
        person = work.session.get_one(Person, home[1])
        assert person.died_on is None and entered.open_account(work, person) is None


@pytest.mark.parametrize("path", ["keluarga/{0}", "warga/{1}", "keluarga/{0}/ubah", "warga/{1}/pindah", "keluarga/999"])
def test_what_lies_elsewhere_is_not_there(sqlite, sign_in, home, path):
    """A number made up in the address tells nobody whether it exists."""
    far = sign_in("village_operator", Area(stage.OTHER_VILLAGE))

    assert far.get("/kantor/" + path.format(*home)).status_code == 404


def test_who_only_reads_is_offered_no_form_and_can_send_none(sqlite, sign_in, home):
    """The head of an RT sees the people of the RT."""
    head = sign_in("rt_rw", Area(stage.VILLAGE, stage.HAMLET, stage.RW, stage.RT))
    page = head.get(f"/kantor/warga/{home[1]}").text

    assert "Sukarti" in page and "Perbaiki" not in page and "Hentikan rekening" not in page
    assert head.post(f"/kantor/warga/{home[1]}/ubah", {"name": "X"}).status_code == 403
    assert head.get("/kantor/keluarga/baru").status_code == 403


def test_every_file_that_is_opened_is_on_record(sqlite, sign_in, home):
    """Who looked at whom."""
    desk = sign_in("applicant_desk")
    desk.get(f"/kantor/keluarga/{home[0]}")
    desk.get(f"/kantor/warga/{home[1]}")
    with sqlite.reading() as work:
        seen = work.session.execute(select(AuditEntry.actor, AuditEntry.action).order_by(AuditEntry.id)).all()

    assert [tuple(one) for one in seen][-2:] == [
        ("applicant_desk", "household.read"),
        ("applicant_desk", "person.read"),
    ]


def test_people_are_found_and_their_numbers_stay_out_of_addresses(sqlite, office, sign_in, home):
    """A name may stand in an address, a NIK is sent; one that stands there all the same is not looked for."""
    desk = sign_in("applicant_desk")
    found = desk.get("/kantor/cari?q=soekarti").text
    assert "Sukarti" in found and "350607********00" in found and entered.WOMAN not in found
    sent = desk.post("/kantor/cari", {"q": entered.WOMAN})
    assert f'href="/kantor/warga/{home[1]}"' in sent.text and 'method="post"' in sent.text
    refused = desk.get(f"/kantor/cari?q={entered.WOMAN}")
    assert refused.status_code == 302 and entered.WOMAN not in refused.location
    assert "Nomor tidak boleh ditulis di alamat" in desk.get(refused.location).text
    assert desk.get("/kantor/cari?q=x").status_code == 400
    assert "Tidak ditemukan" in desk.get("/kantor/cari?q=suparmi").text
    with sqlite.work() as work:
        residences.close_household(work, work.session.get_one(Household, home[0]), "moved_away")
    assert "Sukarti" in desk.get("/kantor/cari?q=sukarti").text


def test_the_administrator_adds_villages(sqlite, sign_in):
    """One a line; a code that is none is said, and the lines stay."""
    admin = sign_in("administrator")
    assert admin.post("/kantor/desa", {"villages": "35.06.07.2001\n3506072002; Desa 2\n"}).status_code == 302
    page = admin.get("/kantor/desa").text
    assert "35.06.07.2001" in page and "Desa 2" in page
    wrong = admin.post("/kantor/desa", {"villages": "35.06.07.2003\nSugih"})
    assert wrong.status_code == 400 and "bukan kode desa" in wrong.text and "35.06.07.2003\nSugih" in wrong.text
    assert "35.06.07.2003" not in admin.get("/kantor/desa").text
    assert sign_in("applicant_desk").get("/kantor/desa").status_code == 403
