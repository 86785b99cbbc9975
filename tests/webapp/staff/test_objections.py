"""Objections on the pages: taken in at the desk, answered by those who may, the objector seen by nobody else."""

import re

import pytest

from casework.cases import objections
from casework.cases.models import Objection
from casework.staff.actors import SYSTEM, Area
from tests.casework import stage
from tests.casework.decided import case_in, case_of

FORM = {"kind": "objection", "channel": "phone", "text": "Rumahnya bagus.", "objector": "Cici", "contact": "Pak RW"}


@pytest.fixture
def number(sqlite, office):
    """Give a case that the office has verified."""
    return case_in(sqlite, office)


@pytest.fixture
def ppid(sign_in):
    """Sign somebody in who answers."""
    return sign_in("ppid")


def filed(sqlite, office, number=None, **more):
    with sqlite.work(SYSTEM) as work:
        case = case_of(work, number) if number else None
        more = {"objector": "Cici", "channel": "phone", **more}
        text = "Rumahnya bagus."
        return objections.file_objection(work, office.knowledge, "objection", text, case=case, **more).number


def answer(client, number, version=1, **form):
    form = {"version": version, "outcome": "upheld", "answer": "Benar, akan diperiksa.", **form}
    return client.post(f"/kantor/sanggah/{number}/jawab", form)


def test_the_desk_takes_an_objection_in(sign_in, sqlite, number, ppid):
    """However the number is typed; it says by when it is answered, and the desk itself does not see it again."""
    desk = sign_in("applicant_desk")
    assert f'value="{number}"' in desk.get(f"/kantor/sanggah/baru?case={number}").text
    taken = desk.post("/kantor/sanggah/baru", FORM | {"case": number.lower().replace("-", " ")}).text
    assert "SGH-2026-000001-7" in taken and "Dijawab paling lambat 11 Desember 2026." in taken

    assert desk.get("/kantor/sanggah/SGH-2026-000001-7").status_code == 403
    assert "SGH-2026" not in desk.get(f"/kantor/kasus/{number}").text
    page = ppid.get("/kantor/sanggah/SGH-2026-000001-7").text
    assert "Cici" in page and "Pak RW" in page and number in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": " "}, "Tulis apa yang disanggah dan mengapa."),
        ({"kind": "x"}, "Pilih: sanggahan"),
        ({"channel": "x"}, "Pilih bagaimana sanggahan ini datang."),
        ({"case": "KDR-2026-999999-0"}, "Kasus dengan nomor ini tidak ditemukan."),
        ({"kind": "review"}, "Sebutkan kasus yang diminta dilihat kembali."),
    ],
)
def test_what_is_missing_is_told_and_nothing_typed_is_lost(sign_in, sqlite, wrong, said):
    """Beside its field."""
    response = sign_in("applicant_desk").post("/kantor/sanggah/baru", FORM | wrong)

    assert response.status_code == 400 and said in response.text and 'class="field wrong"' in response.text
    assert ('value="Cici"' in response.text and 'value="phone" selected' in response.text) or "channel" in wrong
    with sqlite.reading() as work:
        assert work.session.query(Objection).count() == 0


def test_a_case_of_elsewhere_is_not_found_by_the_desk(sign_in, number):
    """The same as one that is not there."""
    far = sign_in("applicant_desk", Area(stage.OTHER_VILLAGE))

    assert "Kasus dengan nomor ini tidak ditemukan." in far.post("/kantor/sanggah/baru", FORM | {"case": number}).text


def test_it_is_answered_and_the_case_goes_back_to_be_checked(sqlite, office, number, ppid, sign_in):
    """Then there is a letter for the objector, which the officers of the case do not see."""
    objection = filed(sqlite, office, number)
    listed = ppid.get("/kantor/sanggah").text
    assert objection in listed and number in listed and "Cici" not in listed
    refused = answer(ppid, objection, answer=" ", outcome="upheld")
    assert refused.status_code == 400 and "Tulis jawabannya." in refused.text
    assert re.search(r'value="upheld" checked', refused.text)
    assert answer(ppid, objection).status_code == 302

    assert objection in ppid.get("/kantor/sanggah?view=answered").text
    with sqlite.reading() as work:
        assert case_of(work, number).state == "submitted"
    letter = ppid.post(f"/kantor/sanggah/{objection}/surat")
    assert letter.mimetype == "application/pdf" and letter.data.startswith(b"%PDF-")
    assert "/kantor/surat/SRT-2026-000001-7" in ppid.get(f"/kantor/sanggah/{objection}").text
    assert ppid.get("/kantor/surat/SRT-2026-000001-7").data == letter.data
    ani = sign_in("bidang_staff")
    assert ani.get("/kantor/surat/SRT-2026-000001-7").status_code == 404
    assert "SRT-2026" not in ani.get(f"/kantor/kasus/{number}").text


def test_whoever_answers_second_is_told(sqlite, office, number, ppid):
    """And the answer that stands is shown."""
    objection = filed(sqlite, office, number)
    answer(ppid, objection)
    late = answer(ppid, objection)

    assert late.status_code == 409 and "Orang lain sudah mengubah data ini" in late.text
    assert "Benar, akan diperiksa." in late.text


def test_it_is_pointed_at_a_case_or_withdrawn(sqlite, office, number, ppid):
    """One that named no case; and one that its objector takes back."""
    objection = filed(sqlite, office)
    path = f"/kantor/sanggah/{objection}"
    assert "Sebutkan kasus" in ppid.post(f"{path}/kasus", {"version": 1, "case": ""}).text
    assert ppid.post(f"{path}/kasus", {"version": 1, "case": "KDR-1"}).status_code == 400
    assert ppid.post(f"{path}/kasus", {"version": 1, "case": number}).status_code == 302
    assert number in ppid.get(path).text
    assert ppid.post(f"{path}/tarik", {"version": 2}).status_code == 302

    assert objection in ppid.get("/kantor/sanggah?view=withdrawn").text
    assert "/jawab" not in ppid.get(path).text


def test_what_is_overdue_stands_in_a_list_of_its_own(sqlite, office, ppid, sign_in, clock):
    """Marked in the list of all, too."""
    objection = filed(sqlite, office)
    assert "Tidak ada sanggahan di sini." in ppid.get("/kantor/sanggah?view=late").text
    clock.moment = clock.moment.replace(month=12, day=14)
    later = sign_in("head")

    assert objection in later.get("/kantor/sanggah?view=late").text
    assert '<tr class="late">' in later.get("/kantor/sanggah?view=nonsense").text


def test_pages_of_objections_are_for_those_who_answer(sqlite, office, number, sign_in):
    """Bidang staff take them in, and read none; what is not there is not found."""
    objection = filed(sqlite, office, number)
    ani = sign_in("bidang_staff")
    for path in ("/kantor/sanggah", f"/kantor/sanggah/{objection}"):
        assert ani.get(path).status_code == 403
    assert answer(ani, objection).status_code == 403
    assert sign_in("head", Area(stage.OTHER_VILLAGE)).get(f"/kantor/sanggah/{objection}").status_code == 404
