"""Pages of lists and of double entries: uploaded, checked, brought in; decided by a human."""

import io
import re

import pytest
from sqlalchemy import select

from casework.people import imports, likeness, merges
from casework.people.models import Import, Likeness, Person
from casework.staff.actors import Area
from tests.casework import stage
from tests.casework.people import entered, lists
from tests.webapp.staff.shown import people, version_on
from webapp.staff import imports as pages

HERE = Area(stage.VILLAGE)


@pytest.fixture
def operator(sqlite, sign_in):
    """Sign in who brings lists of a village in."""
    entered.villages(sqlite)
    return sign_in("village_operator", HERE)


def upload(client, content, name="daftar.csv"):
    return client.post("/kantor/impor", {"list": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def test_a_list_is_uploaded_looked_at_and_brought_in(sqlite, operator):
    """Nothing is in the register before somebody agreed."""
    path = upload(operator, lists.excel(lists.SUKARTI, lists.SUWARNO), "desa.xlsx").location
    page = operator.get(path).text
    assert "Semua baris dapat dimasukkan" in page and "Orang baru" in page and people(sqlite) == []
    assert entered.WOMAN not in page
    form = {"version": version_on(operator, path)}
    assert operator.post(f"{path}/masukkan", form).location == path

    assert people(sqlite) == ["Sukarti", "Suwarno"] and "Sudah masuk" in operator.get(path).text
    assert operator.post(f"{path}/masukkan", form).status_code == 409
    assert "desa.xlsx" in operator.get("/kantor/impor").text


def test_what_is_wrong_is_shown_by_row_and_can_be_downloaded(sqlite, operator):
    """A list with a fault cannot be brought in; a command in it is shown as text."""
    row = [entered.CITY_KK, entered.WOMAN, "=cmd|' /C calc'!A0", "31-02-1980", *lists.SUKARTI[4:]]
    path = upload(operator, lists.csv(row, lists.SUWARNO)).location
    page = operator.get(path).text

    assert "1 baris salah" in page and "Kota Kediri" in page and "Masukkan semua" not in page
    report = operator.get(f"{path}/salah.csv")
    assert report.headers["Content-Disposition"].startswith("attachment") and "2;Tgl Lahir;salah;" in report.text
    assert report.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'badge stop">1 baris salah<' in operator.get("/kantor/impor").text
    assert operator.post(f"{path}/masukkan", {"version": version_on(operator, path)}).status_code == 400
    assert operator.post(f"{path}/buang", {"version": version_on(operator, path)}).status_code == 302
    assert people(sqlite) == []


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"PK\x03\x04 broken", "x.xlsx", "Berkas ini rusak"),
        (b"\x89PNG\r\n\0\0", "x.csv", "Ini bukan daftar"),
        (lists.csv(headings=["Nama"]), "x.csv", "Judul kolom tidak ditemukan: No. KK, NIK, Desa"),
    ],
)
def test_a_file_that_is_no_list_says_so(operator, content, name, said):
    """On the page of the list."""
    assert said in operator.get(upload(operator, content, name).location).text


def test_a_file_that_is_too_large_is_turned_away_before_it_is_read(operator, sqlite, monkeypatch):
    """200 MB by their own account are not even taken; what is a little too large is said beside the field."""
    huge = {"CONTENT_LENGTH": str(200 * 1024**2), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    early = operator.client.post("/kantor/impor", environ_overrides=huge)
    monkeypatch.setattr(pages, "LARGEST", 1000)
    late = upload(operator, b"x" * 1001)

    assert early.status_code == late.status_code == 413
    assert "Berkas ini lebih dari" in late.text
    with sqlite.reading() as work:
        assert work.session.scalars(select(Import)).all() == []


def test_no_file_at_all_is_said_and_a_path_in_its_name_leads_nowhere(operator, sqlite):
    """Only the last part of a name is kept."""
    assert upload(operator, b"", "").status_code == 400
    upload(operator, lists.csv(lists.SUKARTI), "../../../etc/cron.d/x.csv")
    with sqlite.reading() as work:
        assert work.session.scalars(select(Import.file_name)).all() == ["x.csv"]


def test_a_list_of_somebody_else_is_not_there(operator, sign_in):
    """Its page, its report and its buttons."""
    path = upload(operator, lists.csv(lists.SUKARTI)).location
    other = sign_in("village_operator", Area(stage.OTHER_VILLAGE))

    assert [other.get(one).status_code for one in (path, f"{path}/salah.csv")] == [404, 404]
    assert other.post(f"{path}/masukkan", {"version": "1"}).status_code == 404
    assert sign_in("applicant_desk").get("/kantor/impor").status_code == 403


def test_a_list_that_still_waits_says_how_far_it_is_and_looks_again(operator, sqlite, staff_app):
    """Without JavaScript too."""
    with sqlite.work(operator.actor) as work:
        one = imports.upload(work, "besar.csv", lists.csv(lists.SUKARTI))
        one.state, one.rows, one.done = "applying", 50_000, 12_000
        id_ = one.id
    page = operator.get(f"/kantor/impor/{id_}")

    assert page.headers["Refresh"] == "3" and "12000 dari 50000 baris" in page.text


def test_the_empty_list_that_can_be_downloaded_is_one_that_can_be_uploaded(operator, sqlite):
    """Its headings are those that are looked for."""
    sample = operator.get("/kantor/impor/contoh.csv").text.lstrip("\ufeff").strip()
    row = dict.fromkeys(sample.split(";"), "") | {
        "No. KK": entered.KK,
        "NIK": entered.WOMAN,
        "Nama": "Sukarti",
        "Desa": stage.VILLAGE,
    }
    path = upload(operator, f"{sample}\r\n{';'.join(row.values())}".encode()).location

    assert "Semua baris dapat dimasukkan" in operator.get(path).text


def test_a_list_is_taken_out(operator):
    """As CSV or Excel, and in no other form."""
    path = upload(operator, lists.csv(lists.SUKARTI)).location
    operator.post(f"{path}/masukkan", {"version": version_on(operator, path)})
    out = operator.post("/kantor/ekspor", {"form": "csv"})

    assert "Sukarti" in out.text and entered.WOMAN not in out.text and "350607********00" in out.text
    assert operator.post("/kantor/ekspor", {"form": "xlsx"}).data.startswith(b"PK")
    assert operator.post("/kantor/ekspor", {"form": "pdf"}).status_code == 400


@pytest.fixture
def twins(sqlite):
    """Give the ids of two entries of one person, and of their likeness."""
    with sqlite.work() as work:
        ids = [stage.household(work, name).people[0].id for name in ("Sukarti", "Soekarti")]
    likeness.find(sqlite)
    with sqlite.reading() as work:
        return ids, work.session.scalars(select(Likeness.id)).one()


def test_two_entries_are_compared_merged_and_made_two_again(sqlite, sign_in, twins):
    """Side by side; which one is kept must be said."""
    (one, other), id_ = twins
    staff, path = sign_in("bidang_staff"), f"/kantor/ganda/{id_}"
    assert "Sukarti – Soekarti" in staff.get("/kantor/ganda").text
    page = staff.get(path).text
    form = dict(re.findall(r'name="(version-\d+)" value="(\d+)"', page)) | {"do": "same"}
    assert "Satu orang atau dua?" in page and staff.post(path, form).status_code == 400
    assert staff.post(path, {**form, "keep": str(one)}).location == f"/kantor/warga/{one}"
    assert staff.get(f"/kantor/warga/{other}").location == f"/kantor/warga/{one}"
    assert "Soekarti" in staff.get(f"/kantor/warga/{one}").text and "Diputuskan: satu orang" in staff.get(path).text
    with sqlite.reading() as work:
        made = merges.merges_of(work, work.session.get_one(Person, one))[0].merge.id
    assert staff.post(f"/kantor/gabung/{made}/batal").location == f"/kantor/warga/{other}"

    assert staff.get(f"/kantor/warga/{other}").status_code == 200
    assert staff.post("/kantor/gabung/999/batal").status_code == 404


def test_two_people_are_not_asked_about_again(sqlite, sign_in, twins):
    """However often the register is searched."""
    staff = sign_in("bidang_staff")
    assert staff.post(f"/kantor/ganda/{twins[1]}", {"do": "different"}).status_code == 302
    staff.post("/kantor/ganda/cari")

    assert "Tidak ada yang menunggu keputusan" in staff.get("/kantor/ganda").text


def test_nobody_decides_about_entries_elsewhere(sign_in, twins):
    """Nor without the right to."""
    assert sign_in("bidang_staff", Area(stage.OTHER_VILLAGE)).get(f"/kantor/ganda/{twins[1]}").status_code == 404
    assert sign_in("applicant_desk").get("/kantor/ganda").status_code == 403
