"""Pages of payments: a batch from the list to the bank's answer, by two people, without a whole account number on screen."""

import re

import pytest

from casework.audit.models import AuditEntry
from casework.cases.models import Case
from casework.lists.models import BeneficiaryList
from casework.payments.batches import payments_of
from casework.payments.models import Batch, Payment
from casework.staff.actors import Area
from casework.staff.models import Account
from tests.casework import stage
from tests.casework.payments import paying
from tests.casework.payments.paying import PROGRAM, beneficiary

PROGRAMS = frozenset({PROGRAM})
NUMBER = re.compile(r"BYR-\d{4}-\d{6}-\d")


@pytest.fixture
def listed(sqlite):
    """Give a signed list of three households, one of them without an account."""
    one = paying.payable(sqlite, "Ani Contoh", "Budi Contoh")
    with sqlite.work() as work:
        list_ = paying.the_list(work, one)
        beneficiary(work, list_, "Citra Contoh", number=None)
        return list_.number


@pytest.fixture
def staff(sign_in):
    """Sign in who prepares."""
    return sign_in("bidang_staff", programs=PROGRAMS)


def prepare(client, listed, number=1, of=1, layout="contoh"):
    """Fill in the form that makes a batch."""
    data = {"list": listed, "number": number, "of": of, "layout": layout}
    return client.post("/kantor/bayar/baru", data)


def do(client, number, what, **data):
    """Send one of the forms of the page of a batch, with the version that it shows."""
    version = re.search(r'name="version" value="(\d+)"', client.get(f"/kantor/bayar/{number}").text)
    return client.post(f"/kantor/bayar/{number}/{what}", {"version": version[1] if version else "0", **data})


def first_case(database):
    """Give the address of the case of the first beneficiary."""
    with database.reading() as work:
        return f"/kantor/kasus/{work.session.query(Case).order_by(Case.id).first().number}"


def made(client, listed, **more):
    """Prepare a batch; gives its number."""
    return NUMBER.search(prepare(client, listed, **more).location)[0]


def signed(sign_in, staff, listed, **more):
    """Prepare a batch and let two people sign it."""
    number = made(staff, listed, **more)
    do(staff, number, "tanda-tangan")
    do(sign_in("head"), number, "tanda-tangan")
    return number


def answer(client, number, data, name="jawaban.csv"):
    """Upload an answer, as a browser would."""
    fields = [('name="csrf"', client.csrf.encode()), (f'name="file"; filename="{name}"', data)]
    parts = [f"--b\r\nContent-Disposition: form-data; {field}\r\n\r\n".encode() + body for field, body in fields]
    body = b"\r\n".join([*parts, b"--b--\r\n"])
    path = f"/kantor/bayar/{number}/jawaban"
    return client.client.post(path, data=body, content_type="multipart/form-data; boundary=b")


def answer_text(sqlite, number, *codes):
    with sqlite.reading() as work:
        payments = payments_of(work, paying.the_batch(work, number))
        rows = [f"{one.reference};{one.amount};{code};tutup" for one, code in zip(payments, codes, strict=True)]
    return "\r\n".join(["REFERENSI;NOMINAL;STATUS;KETERANGAN", *rows]).encode()


def test_from_the_list_to_the_answer(sqlite, sign_in, staff, listed):
    """Prepared by one, signed by two, exported, answered: what failed is named with the way to its case."""
    number = signed(sign_in, staff, listed)
    page = staff.get(f"/kantor/bayar/{number}").text
    assert "Citra Contoh" in page
    assert "Belum ada rekening" in page

    exported = do(staff, number, "kirim", form="csv")
    assert exported.location.endswith(f"/kantor/bayar/{number}?done=exported")
    file = staff.get(f"/kantor/bayar/{number}/berkas")
    assert file.headers["Content-Disposition"] == f'attachment; filename="{number}.csv"'
    assert file.data.splitlines()[2].startswith(b"1;0012345600;Ani Contoh;")

    result = answer(staff, number, answer_text(sqlite, number, "GAGAL", "BERHASIL"))
    assert result.location.endswith("done=answered")
    overview = staff.get("/kantor/bayar").text
    assert "Ani Contoh" in overview
    assert first_case(sqlite) in overview
    assert "Budi Contoh" not in overview


def test_screens_show_no_whole_account_number(sqlite, sign_in, staff, listed):
    """Only its last three digits; whole it stands in the file alone."""
    number = signed(sign_in, staff, listed)

    page = staff.get(f"/kantor/bayar/{number}").text

    assert "*******600" in page
    assert "0012345600" not in page


def test_a_second_press_gives_the_same_file_and_says_so(sqlite, sign_in, staff, listed):
    """Two files of one batch would be paid twice."""
    number = signed(sign_in, staff, listed)
    do(staff, number, "kirim", form="excel")
    first = staff.get(f"/kantor/bayar/{number}/berkas").data

    again = staff.post(f"/kantor/bayar/{number}/kirim", {"version": "0", "form": "csv"})

    assert again.location.endswith("done=again")
    assert staff.get(f"/kantor/bayar/{number}/berkas").data == first
    assert "berkas yang sama" in staff.get(again.location).text
    with sqlite.reading() as work:
        actions = [entry.action for entry in work.session.query(AuditEntry).filter_by(kind="batch")]
    assert actions.count("payments.exported") == 1
    assert actions.count("payments.downloaded") == 3


@pytest.mark.parametrize(
    ("data", "said", "field"),
    [
        ({"list": ""}, "Pilih daftar yang dibayar", "list"),
        ({"layout": "bank_lain"}, "Pilih bentuk berkas", "layout"),
        ({"number": "3", "of": "2"}, "paling banyak 52", "number"),
        ({"number": "satu"}, "paling banyak 52", "number"),
    ],
)
def test_a_form_that_cannot_be_taken_comes_back_as_it_was(staff, listed, data, said, field):
    """The sentence stands beside its field, and what was chosen stays."""
    sent = {"list": listed, "number": "1", "of": "1", "layout": "contoh", **data}

    response = staff.post("/kantor/bayar/baru", sent)

    assert response.status_code == 400
    assert said in response.text
    assert f'id="{field}-error"' in response.text
    if sent["list"]:
        assert f'value="{listed}" selected' in response.text


def test_an_answer_that_does_not_fit_is_shown_row_by_row(sqlite, sign_in, staff, listed):
    """Nothing of it is saved."""
    number = signed(sign_in, staff, listed)
    do(staff, number, "kirim", form="csv")

    response = answer(staff, number, answer_text(sqlite, number, "BERHASIL", "ENTAH"))

    assert response.status_code == 400
    assert "Kode &#34;ENTAH&#34; tidak dikenal" in response.text
    assert "1 baris tidak cocok" in response.text
    with sqlite.reading() as work:
        assert {payment.state for payment in work.session.query(Payment)} == {"exported"}


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (b"", 400, "Judul kolom tidak lengkap"),
        (b"PK\x03\x04", 400, "bukan CSV atau Excel"),
        (b"x,y,z,0000000\r\n" * 45_000, 400, "Judul kolom tidak lengkap"),
        (b"x" * 6_000_000, 413, "terlalu besar"),
    ],
    ids=["empty", "no workbook", "larger than other forms", "too large"],
)
def test_a_file_that_is_no_answer_is_refused(sign_in, staff, listed, data, status, said):
    """A file may be larger than other forms of the office, but not much larger."""
    number = signed(sign_in, staff, listed)
    do(staff, number, "kirim", form="csv")

    response = answer(staff, number, data)

    assert response.status_code == status
    assert said.lower() in response.text.lower()


def test_no_file_is_asked_for(sign_in, staff, listed):
    """The form without its file."""
    number = signed(sign_in, staff, listed)
    do(staff, number, "kirim", form="csv")

    response = staff.post(f"/kantor/bayar/{number}/jawaban", {}, content_type="multipart/form-data")

    assert response.status_code == 400
    assert "Pilih berkas jawaban bank" in response.text


def test_what_changed_is_left_out_with_one_button(sqlite, sign_in, staff, listed):
    """The page names it and why; afterwards the totals are signed anew."""
    number = signed(sign_in, staff, listed)
    with sqlite.work() as work:
        list_ = work.session.query(BeneficiaryList).one()
        list_.entries[0].claim.state = "terminated"

    refused = do(staff, number, "kirim", form="csv")
    assert refused.status_code == 400
    assert "1 pembayaran yang keadaannya berubah" in refused.text
    page = staff.get(f"/kantor/bayar/{number}").text
    assert "Layanan ini sudah berakhir" in page
    chosen = re.search(r'type="hidden" name="payment" value="(\d+)"', page)[1]
    assert do(staff, number, "keluarkan", payment=chosen, reason="Berakhir").location.endswith("done=left_out")

    with sqlite.reading() as work:
        batch = work.session.query(Batch).one()
        assert (batch.state, batch.count, batch.total) == ("draft", 1, 600_000)


def test_leaving_out_needs_a_choice_and_a_reason(staff, listed):
    """What was chosen stays chosen."""
    number = made(staff, listed)
    page = staff.get(f"/kantor/bayar/{number}").text
    chosen = re.search(r'type="checkbox" name="payment" value="(\d+)"', page)[1]

    assert "Pilih pembayaran yang dikeluarkan" in do(staff, number, "keluarkan", reason="x").text
    without = do(staff, number, "keluarkan", payment=chosen)

    assert without.status_code == 400
    assert "Tulis alasannya" in without.text
    assert re.search(rf'value="{chosen}"[^>]* checked', without.text)
    assert do(staff, number, "keluarkan", payment="999999", reason="x").status_code == 404


def test_a_batch_can_be_dropped(staff, listed):
    """With a reason; then it can be prepared anew."""
    number = made(staff, listed)

    assert do(staff, number, "batal", reason="").status_code == 400
    assert do(staff, number, "batal", reason="salah bagian").location.endswith("done=dropped")
    assert made(staff, listed, of=2) != number


def test_who_saw_older_totals_signs_nothing(sqlite, sign_in, staff, listed):
    """The second is told that it changed."""
    number = made(staff, listed)
    head = sign_in("head")
    page = head.get(f"/kantor/bayar/{number}").text
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    chosen = re.search(r'name="payment" value="(\d+)"', staff.get(f"/kantor/bayar/{number}").text)[1]
    do(staff, number, "keluarkan", payment=chosen, reason="diperiksa")

    late = head.post(f"/kantor/bayar/{number}/tanda-tangan", {"version": version})

    assert late.status_code == 409
    assert head.post(f"/kantor/bayar/{number}/tanda-tangan").status_code == 409


def test_the_head_signs_and_does_not_export(sign_in, staff, listed):
    """Who may sign gets the page without its other forms; who has nothing to do with payments gets nothing."""
    number, head = made(staff, listed), sign_in("head")
    others = sign_in("ppid"), sign_in("rt_rw"), sign_in("analyst"), sign_in("applicant_desk")

    page = head.get(f"/kantor/bayar/{number}").text
    assert "/tanda-tangan" in page
    for what in ("kirim", "keluarkan", "batal", "jawaban", "berkas"):
        assert f"/{what}" not in page
        assert do(head, number, what, reason="x", payment="1").status_code in (403, 405)
    assert all(other.get(f"/kantor/bayar/{number}").status_code == 403 for other in others)
    assert all(other.post(f"/kantor/bayar/{number}/tanda-tangan").status_code == 403 for other in others)


@pytest.mark.parametrize(
    ("area", "programs"),
    [(Area(stage.VILLAGE), PROGRAMS), (Area("35"), PROGRAMS), (Area(), frozenset({"rehabilitasi_sosial"}))],
    ids=["of one village", "of all villages by their code", "of another program"],
)
def test_what_lies_outside_is_not_there(sqlite, sign_in, staff, listed, area, programs):
    """Neither the batch nor its file, nor the list to prepare one of."""
    number = signed(sign_in, staff, listed)
    do(staff, number, "kirim", form="csv")
    with sqlite.work() as work:
        mine = work.session.query(Account).filter_by(login="bidang_staff").one()
        mine.login = "petugas.pertama"
    other = sign_in("bidang_staff", area, programs)

    assert number not in other.get("/kantor/bayar").text
    assert listed not in other.get("/kantor/bayar").text
    for path in ("", "/berkas"):
        assert other.get(f"/kantor/bayar/{number}{path}").status_code == 404
    for what in ("kirim", "tanda-tangan", "keluarkan", "batal", "jawaban"):
        assert other.post(f"/kantor/bayar/{number}/{what}", {"reason": "x", "payment": "1"}).status_code == 404
    assert prepare(other, listed).status_code == 404


def test_a_number_that_is_none_is_not_there(staff):
    """A made-up number, a page far away, a strange word."""
    assert staff.get("/kantor/bayar/BYR-2026-000099-9").status_code == 404
    assert staff.get("/kantor/bayar/BYR-2026-000099-9/berkas").status_code == 404


def test_a_page_that_is_none_shows_the_nearest(staff, listed):
    """Nothing falls over a forged page or word."""
    number = made(staff, listed)

    for page in ("0", "-1", "999999", "x", "９"):
        assert staff.get(f"/kantor/bayar/{number}?page={page}&done=<b>").status_code == 200


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_state_can_be_shown_in_both_languages(sqlite, sign_in, staff, listed, lang):
    """Draft, signed, exported, answered, dropped."""
    staff.client.set_cookie("lang", lang)
    first = made(staff, listed, of=2)
    pages = [staff.get(f"/kantor/bayar/{first}").text]
    do(staff, first, "batal", reason="x")
    pages.append(staff.get(f"/kantor/bayar/{first}").text)
    number = signed(sign_in, staff, listed)
    pages.append(staff.get(f"/kantor/bayar/{number}").text)
    do(staff, number, "kirim", form="excel")
    pages.append(staff.get(f"/kantor/bayar/{number}").text)
    answer(staff, number, answer_text(sqlite, number, "GAGAL", "BERHASIL"))
    pages += [staff.get(f"/kantor/bayar/{number}").text, staff.get("/kantor/bayar").text]

    assert all(f'<html lang="{lang}">' in page for page in pages)


def test_a_case_shows_its_payments(sqlite, sign_in, staff, listed):
    """With what failed and the account's last digits; who may not see batches gets no link."""
    number = signed(sign_in, staff, listed)
    do(staff, number, "kirim", form="csv")
    answer(staff, number, answer_text(sqlite, number, "GAGAL", "BERHASIL"))

    page = staff.get(first_case(sqlite)).text
    desk = sign_in("applicant_desk").get(first_case(sqlite)).text

    for shown in (page, desk):
        assert f"{number}-00001" in shown
        assert "Ada transfer yang gagal" in shown
        assert "*******600" in shown
    assert f"/kantor/bayar/{number}" in page
    assert f"/kantor/bayar/{number}" not in desk
