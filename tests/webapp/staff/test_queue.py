"""The work queue, and many cases done together."""

import pytest

from casework.cases.models import Case
from casework.cases.opening import open_case, submit
from casework.staff.actors import Area
from tests.casework import stage


@pytest.fixture
def cases(sqlite, office):
    """Hand in three cases of three households; gives their numbers."""
    numbers = []
    with sqlite.work() as work:
        for name in ("Siti", "Budi", "Ani"):
            case = open_case(work, office, stage.household(work, name), [("pkh", None)], "counter")
            submit(work, office, case)
            numbers.append(case.number)
    return numbers


def version_of(sqlite, number):
    with sqlite.reading() as work:
        return work.session.query(Case).filter_by(number=number).one().version


def test_the_queue_shows_what_is_due_first(sign_in, cases, clock):
    """With number, name, place, what is asked and until when; what is late says so."""
    page = sign_in("bidang_staff").get("/kantor?view=open").text

    assert [page.index(number) for number in cases] == sorted(page.index(number) for number in cases)
    assert "Siti" in page and "RT 02, RW 01, Dusun 1, Desa 35.06.07.2001 (Ngancar)" in page
    assert "2 Desember 2026, 7 hari kerja lagi" in page
    clock.moment = clock.moment.replace(month=12, day=4)
    assert "2 Desember 2026, lewat 2 hari kerja" in sign_in("applicant_desk").get("/kantor?view=open").text


def test_a_number_in_the_search_box_opens_the_case(sign_in, cases):
    """However it is typed; a name filters, and nonsense finds nothing."""
    client = sign_in("applicant_desk")

    assert client.get(f"/kantor?search={cases[0].replace('-', ' ')}").location == f"/kantor/kasus/{cases[0]}"
    assert "Tidak ada kasus di sini" in client.get("/kantor?search=kdr-2026").text


def test_what_lies_elsewhere_is_not_in_the_queue(sign_in, cases):
    """Staff of another village see none of it, and cannot open it."""
    client = sign_in("village_operator", Area(stage.OTHER_VILLAGE))

    assert "Tidak ada kasus di sini" in client.get("/kantor?view=all").text
    assert client.get(f"/kantor/kasus/{cases[0]}").status_code == 404


def test_many_are_done_after_a_look(sign_in, sqlite, cases):
    """The preview changes nothing and says which is refused and why; then each is done, and one that changed is not."""
    client = sign_in("bidang_staff")
    picks = [f"{number}@{version_of(sqlite, number)}" for number in cases]
    with sqlite.work() as work:
        work.session.query(Case).filter_by(number=cases[1]).one().urgent = True
    form = {"case": picks, "action": "move:returned", "reason": "KK belum ada"}

    preview = client.post("/kantor/bersama", form).text
    assert "2 kasus dapat dikerjakan, 1 tidak." in preview and "Orang lain sudah mengubah data ini" in preview
    assert states(sqlite) == ["submitted"] * 3

    report = client.post("/kantor/bersama", form | {"sure": "1"}).text
    assert "2 kasus sudah dikerjakan, 1 tidak." in report
    assert states(sqlite) == ["returned", "submitted", "returned"]


def states(sqlite):
    with sqlite.reading() as work:
        return [one.state for one in work.session.query(Case).order_by(Case.id)]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"action": "take"}, "Pilih paling sedikit satu kasus."),
        ({"action": "burn", "case": "KDR-2026-000001-7@1"}, "Pilih tindakan."),
    ],
)
def test_nothing_chosen_is_said(sign_in, cases, form, said):
    """On the page, with a way back."""
    response = sign_in("bidang_staff").post("/kantor/bersama", form)

    assert response.status_code == 400 and said in response.text


def test_without_a_reason_nothing_is_sent_back(sign_in, sqlite, cases):
    """The sentence stands beside each case."""
    form = {"case": f"{cases[0]}@{version_of(sqlite, cases[0])}", "action": "move:returned"}

    assert "Tulis alasannya." in sign_in("bidang_staff").post("/kantor/bersama", form).text
