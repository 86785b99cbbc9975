"""In the field: tasks on a phone, the printed sheet, the list of the hamlet, the village meeting."""

import io

import pytest
from sqlalchemy import select

from casework.cases.checks import checks_of
from casework.cases.diagnoses import diagnose
from casework.cases.models import Case, Meeting, StoredDiagnosis, Task
from casework.cases.opening import open_case, submit
from casework.people.models import Observation
from casework.people.observations import observe_many
from casework.staff.actors import Area
from tests.casework import stage

RT = Area(stage.VILLAGE, "", stage.RW, stage.RT)
HAMLET, VILLAGE = Area(stage.VILLAGE, stage.HAMLET), Area(stage.VILLAGE)
SPENDING = "f-household-total_spending"


@pytest.fixture
def number(sqlite, office):
    """Hand in a case of a household that told what it spends."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti Aminah")
        told = [(None, "needs_dtsen_letter", True), (None, "total_spending", 900_000), (None, "meals_per_day", 2)]
        observe_many(work, office.knowledge, home, told, "self_declared")
        case = open_case(work, office, home, [("layanan_surat_dtsen", None), ("rutilahu", None)], "counter")
        submit(work, office, case)
        diagnose(work, office, case, "opened")
        return case.number


def task_of(sqlite, level):
    with sqlite.reading() as work:
        found = work.session.scalars(select(Task).where(Task.level == level).order_by(Task.id.desc())).first()
        work.session.expunge_all()
        return found


def agreeing(sqlite, office, task):
    """Give a form that agrees with everything that was said."""
    with sqlite.work() as work:
        mine = work.session.get_one(Task, task.id)
        checks = checks_of(work, office, mine.case, mine.level)
        return {"version": mine.version} | {
            f"f-{one.subject}-{one.fact.name}": "agree" for one in checks if one.value is not None
        }


def answer(sqlite, office, client, level, **other):
    task = task_of(sqlite, level)
    return client.post(f"/lapangan/tugas/{task.id}", agreeing(sqlite, office, task) | other)


def test_my_tasks_are_those_of_my_rt(sqlite, sign_in, number):
    """With the place, what is asked, and a sheet to print; one of another village has none."""
    page = sign_in("rt_rw", RT).get("/lapangan").text

    assert "Siti Aminah" in page and number in page and "/lapangan/lembar.pdf?level=rt_rw" in page
    assert "Tidak ada tugas" in sign_in("rt_rw", Area(stage.OTHER_VILLAGE)).get("/lapangan").text


def test_the_sheet_is_a_pdf_of_ones_own_tasks(sqlite, sign_in, number):
    """For a place that has none, or a level that is not one's own, there is no sheet."""
    client = sign_in("rt_rw", RT)
    sheet = client.get("/lapangan/lembar.pdf?level=rt_rw")

    assert sheet.mimetype == "application/pdf" and sheet.data.startswith(b"%PDF")
    for path in ("?level=rt_rw&rt=09", "?level=kepala_dusun", "?level=meeting", "?level=x", "?level=rt_rw&task=99"):
        assert client.get(f"/lapangan/lembar.pdf{path}").status_code == 404


def test_the_form_asks_only_what_matters_and_no_secret(sqlite, office, sign_in, number):
    """What was said stands there to agree with; nothing that only officers may know is asked."""
    page = sign_in("rt_rw", RT).get(f"/lapangan/tugas/{task_of(sqlite, 'rt_rw').id}").text
    secret = [fact.name for fact in office.knowledge.facts.values() if fact.sensitive == "officer_only"]

    assert SPENDING in page and "Rp900.000" in page
    assert not [name for name in secret if f"-{name}" in page]


def test_what_was_found_is_kept_and_the_case_goes_on(sqlite, office, sign_in, number):
    """Agreed, another value typed as people type, and an unknown fact filled in; then the engine looks again."""
    other = {SPENDING: "other", f"{SPENDING}-value": "1,2 juta", "f-household-has_shelter-value": "yes"}
    done = answer(sqlite, office, sign_in("rt_rw", RT), "rt_rw", **other)

    assert done.location == f"/lapangan?done={number}"
    with sqlite.reading() as work:
        seen = work.session.scalars(select(Observation).where(Observation.evidence == "rt_rw")).all()
        said = {one.fact: one.value for one in seen}
        occasions = list(work.session.scalars(select(StoredDiagnosis.occasion).order_by(StoredDiagnosis.id)))
        assert work.session.scalar(select(Case.state)) == "rt_rw_checked"
    assert (said["total_spending"], said["has_shelter"], said["meals_per_day"]) == ("1200000", "true", "2")
    assert occasions == ["opened", "rt_rw"]
    page = sign_in("bidang_staff").get(f"/kantor/kasus/{number}").text
    spending = page[page.index("Pengeluaran keluarga sebulan") :][:200]
    assert "Rp1.200.000" in spending and "Keterangan RT atau RW" in spending


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({SPENDING: ""}, "belum dijawab"),
        ({SPENDING: "other", f"{SPENDING}-value": ""}, "belum dijawab"),
        ({SPENDING: "other", f"{SPENDING}-value": "banyak"}, "error"),
    ],
)
def test_what_cannot_be_read_comes_back(sqlite, office, sign_in, number, other, sentence):
    """With the sentence beside the field and everything else still chosen; nothing is kept."""
    page = answer(sqlite, office, sign_in("rt_rw", RT), "rt_rw", **other)

    assert page.status_code == 400 and sentence in page.text and f'id="{SPENDING}-error"' in page.text
    assert page.text.count(" checked") >= 2
    with sqlite.reading() as work:
        assert work.session.scalar(select(Case.state)) == "submitted"


def test_a_task_of_another_place_or_level_is_not_there(sqlite, office, sign_in, number):
    """However its number is guessed."""
    task = task_of(sqlite, "rt_rw").id
    for client in (sign_in("rt_rw", Area(stage.OTHER_VILLAGE)), sign_in("kepala_dusun", HAMLET)):
        assert client.get(f"/lapangan/tugas/{task}").status_code == 404
        assert client.post(f"/lapangan/tugas/{task}", {"version": 1}).status_code == 404


def test_the_hamlet_confirms_its_whole_list(sqlite, office, sign_in, number):
    """What is ticked is confirmed, what has changed since is said; what is wrong is sent back with a reason."""
    answer(sqlite, office, sign_in("rt_rw", RT), "rt_rw")
    client, task = sign_in("kepala_dusun", HAMLET), task_of(sqlite, "kepala_dusun")
    page = client.get("/lapangan/dusun").text
    assert "Siti Aminah" in page and "Pengeluaran keluarga sebulan" in page and "Rp900.000" in page

    assert "Orang lain sudah mengubah" in client.post("/lapangan/dusun", {"task": f"{task.id}@99"}).text
    without = client.post(f"/lapangan/tugas/{task.id}", {"version": task.version, "back": "1", "reason": ""})
    assert without.status_code == 400 and "Tulis alasannya." in without.text
    assert "1 kasus dikuatkan." in client.post("/lapangan/dusun", {"task": f"{task.id}@{task.version}"}).text
    with sqlite.reading() as work:
        assert work.session.scalar(select(Case.state)) == "kadus_checked"
        assert "kepala_dusun" in set(work.session.scalars(select(Observation.evidence)))


def test_the_hamlet_sends_back(sqlite, office, sign_in, number):
    """The RT has the task again."""
    answer(sqlite, office, sign_in("rt_rw", RT), "rt_rw")
    task = task_of(sqlite, "kepala_dusun")
    sent = {"version": task.version, "back": "1", "reason": "Rumah keliru"}
    assert sign_in("kepala_dusun", HAMLET).post(f"/lapangan/tugas/{task.id}", sent).status_code == 302

    assert (task_of(sqlite, "rt_rw").done_at, task_of(sqlite, "kepala_dusun").result) == (None, "sent_back")


@pytest.fixture
def waiting(sqlite, office, sign_in, number):
    """Bring the case before the village meeting; gives the form as the operator fills it in."""
    answer(sqlite, office, sign_in("rt_rw", RT), "rt_rw")
    answer(sqlite, office, sign_in("kepala_dusun", HAMLET), "kepala_dusun")
    with sqlite.reading() as work:
        version = work.session.scalar(select(Case.version))
    return {
        "village": stage.VILLAGE,
        "held_on": "20 November 2026",
        "minutes_number": "12/BA/2026",
        f"decision.{number}": "yes",
        f"reason.{number}": "",
        f"version.{number}": str(version),
    }


def test_the_meeting_is_entered_with_its_minutes(sqlite, sign_in, number, waiting):
    """Its page shows what was decided, and gives the minutes back as a download under a safe name."""
    client = sign_in("village_operator", VILLAGE)
    assert number in client.get(f"/kantor/musyawarah/baru?village={stage.VILLAGE}").text
    minutes = (io.BytesIO(b"%PDF-1.7 berita acara %%EOF"), "../../berita acara.pdf")
    done = client.post("/kantor/musyawarah/baru", waiting | {"minutes": minutes}, content_type="multipart/form-data")
    page = client.get(done.location).text

    assert "Berita acara 12/BA/2026" in page and number in page and "disetujui" in page
    file = client.get(f"{done.location}/berita-acara")
    assert (
        file.data.startswith(b"%PDF")
        and file.headers["Content-Disposition"] == 'attachment; filename="berita-acara.pdf"'
    )
    with sqlite.reading() as work:
        assert work.session.scalar(select(Case.state)) == "musdes_approved"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"held_on": "kapan-kapan"}, "Tulis tanggal musyawarah."),
        ({"held_on": "24 November 2026"}, "Tanggal musyawarah belum tiba."),
        ({"minutes_number": ""}, "Tulis nomor berita acara."),
        ({"decision": ""}, "Pilih keputusan untuk paling sedikit satu kasus."),
        ({"decision": "no"}, "Tulis alasan penolakan kasus"),
        ({"version": "99"}, "Orang lain sudah mengubah data ini."),
    ],
)
def test_a_meeting_that_cannot_be_entered_comes_back(sqlite, sign_in, number, waiting, changes, sentence):
    """With what was typed, and nothing half-entered."""
    form = waiting | {
        f"{key}.{number}" if f"{key}.{number}" in waiting else key: value for key, value in changes.items()
    }
    page = sign_in("village_operator", VILLAGE).post("/kantor/musyawarah/baru", form)

    assert page.status_code in (400, 409) and sentence in page.text
    assert form["minutes_number"] in page.text
    with sqlite.reading() as work:
        assert work.session.scalar(select(Meeting.id)) is None
        assert work.session.scalar(select(Case.state)) == "kadus_checked"


def test_other_villages_hold_their_own_meetings(sqlite, sign_in, number, waiting):
    """Their operator neither sees the case nor enters anything about it."""
    client = sign_in("village_operator", Area(stage.OTHER_VILLAGE))

    assert client.get(f"/kantor/musyawarah/baru?village={stage.VILLAGE}").status_code == 404
    assert client.post("/kantor/musyawarah/baru", waiting).status_code == 404
    assert client.get("/kantor/musyawarah").status_code == 200
