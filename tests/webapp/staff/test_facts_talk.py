"""For this talk only: nothing that is supposed is stored, and the answer follows it."""

import io

import pytest
from sqlalchemy import func, select

from casework.people.models import Observation, SecretObservation
from casework.people.observations import observe
from casework.staff.actors import Area
from tests.casework import stage
from tests.casework.cases import kept


@pytest.fixture
def home(sqlite, office):
    """Give the address of a household that qualifies for PKH."""
    with sqlite.work() as work:
        return f"/kantor/keluarga/{kept.poor(work, office).id}/andai"


def count(sqlite):
    """Count everything that was ever observed."""
    with sqlite.reading() as work:
        return sum(
            work.session.scalar(select(func.count()).select_from(one)) for one in (Observation, SecretObservation)
        )


def row(page, title):
    """Give the text of one row of the answer."""
    return next(one for one in page.get_data(as_text=True).split("<tr") if f'row">{title}' in one)


def test_supposing_changes_the_answer_and_stores_nothing(sign_in, sqlite, home):
    """With the ninth decile PKH falls; the page says what it was, and what is supposed."""
    before = count(sqlite)
    page = sign_in("bidang_staff").post(home, {"do": "see", "evidence": "registry", "h.decile": "9"})
    assert page.status_code == 200
    pkh = row(page, "Program Keluarga Harapan")
    assert "belum memenuhi syarat" in pkh
    assert "sebelumnya: memenuhi syarat menurut jawaban 60%" in pkh
    assert "Keluarga, Tingkat kesejahteraan (desil): 9" in page.get_data(as_text=True)
    assert count(sqlite) == before


def test_with_nothing_supposed_it_is_the_answer_of_what_is_recorded(sign_in, home):
    """Nothing is marked as changed."""
    page = sign_in("bidang_staff").post(home, {"do": "see"})
    assert "memenuhi syarat menurut jawaban" in row(page, "Program Keluarga Harapan")
    assert "sebelumnya" not in page.get_data(as_text=True)


def test_it_can_be_supposed_that_something_is_not_known(sign_in, home):
    """Then the answer stays open."""
    page = sign_in("bidang_staff").post(home, {"do": "see", "back": "h.decile"})
    assert "belum dapat ditentukan" in row(page, "Program Keluarga Harapan")


def test_what_is_supposed_of_others_travels_with_the_page(sign_in, home):
    """Going to a member's fields loses nothing that was typed about the household."""
    page = sign_in("bidang_staff").post(
        home, {"tab": "p1", "about": "household", "h.decile": "9", "back": "h.has_shelter"}
    )
    text = page.get_data(as_text=True)
    assert '<input type="hidden" name="h.decile" value="9">' in text
    assert '<input type="hidden" name="back" value="h.has_shelter">' in text
    assert 'name="m0.pregnant"' in text
    assert text.count('name="h.decile"') == 1


def test_another_day_can_be_supposed(sign_in, home):
    """In two years the child is at school age, and no longer of preschool age."""
    page = sign_in("bidang_staff").post(home, {"do": "see", "as_of": "23-11-2029"})
    assert "sebelumnya" in row(page, "Program Keluarga Harapan")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"h.decile": "19"}, "h.decile"),
        ({"m0.birth_date": "1-1-2030"}, "m0.birth_date"),
        ({"as_of": "besok"}, "as_of"),
        ({"aid": ["-", "sembako"]}, "aid"),
    ],
)
def test_what_cannot_be_supposed_is_said_beside_its_field(sign_in, home, form, field):
    """And what was typed is still there."""
    about = "p1" if field.startswith("m0") else "aid" if field == "aid" else "household"
    page = sign_in("bidang_staff").post(home, {"do": "see", "about": about, **form})
    assert page.status_code == 400
    assert f'id="{field}-error"' in page.get_data(as_text=True)


def test_what_only_officers_may_know_plays_no_part_for_others(sign_in, sqlite, office, home):
    """Nor can the desk find out by supposing."""
    with sqlite.work() as work:
        person = stage.household(work, "Budi").people[0]
        observe(work, office.knowledge, person.household, person, "hiv", True, "field_visit")
        path = f"/kantor/keluarga/{person.household_id}/andai"
    assert "HIV" in sign_in("bidang_staff").post(path, {"do": "see"}).get_data(as_text=True)
    clerk = sign_in("applicant_desk")
    assert "HIV" not in clerk.post(path, {"do": "see", "m0.hiv": "yes"}).get_data(as_text=True)


def test_a_household_elsewhere_is_not_found(sign_in, home):
    """And who only looks may not suppose."""
    assert sign_in("bidang_staff", Area(stage.OTHER_VILLAGE)).get(home).status_code == 404
    assert sign_in("rt_rw").get(home).status_code == 403


def test_a_quick_diagnosis_needs_no_household(sign_in, sqlite):
    """What is known of somebody at the counter is enough for an answer, and nothing is stored."""
    client = sign_in("applicant_desk")
    assert client.get("/kantor/diagnosis").status_code == 200
    form = {"do": "see", "members": "1", "h.decile": "3", "m0.birth_date": "1-1-2024", "m0.sex": "L"}
    page = client.post("/kantor/diagnosis", form)
    assert page.status_code == 200
    assert "belum dapat ditentukan" in row(page, "Program Sembako")
    assert "Anggota 1" in page.get_data(as_text=True)
    assert count(sqlite) == 0


def test_members_can_be_added_to_a_quick_diagnosis(sign_in):
    """Up to as many as the engine takes; what was typed stays."""
    client = sign_in("applicant_desk")
    text = client.post("/kantor/diagnosis", {"do": "add", "members": "1", "h.decile": "3"}).get_data(as_text=True)
    assert "Anggota 2" in text
    assert 'value="3"' in text
    most = client.post("/kantor/diagnosis", {"do": "add", "members": "60"}).get_data(as_text=True)
    assert "Anggota 60" in most
    assert "Anggota 61" not in most
    assert client.post("/kantor/diagnosis", {"members": "many"}).status_code == 200


FILE = "id: x\nas_of: 2026-11-23\nhousehold: {decile: 9}\nmembers: [{id: ibu}]\n"


@pytest.mark.parametrize("way", ["pasted", "uploaded"])
def test_a_household_file_is_diagnosed(sign_in, sqlite, way):
    """Pasted, or sent."""
    sent = {"text": FILE} if way == "pasted" else {"file": (io.BytesIO(FILE.encode()), "keluarga.yaml")}
    page = sign_in("bidang_staff").post("/kantor/diagnosis", sent, content_type="multipart/form-data")
    assert page.status_code == 200
    assert "belum memenuhi syarat" in row(page, "Program Keluarga Harapan")
    assert count(sqlite) == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("household: {decile: 19}", "berkas:1:21"),
        ("household: {deciel: 2}", "decile"),
        ("[", "berkas:1"),
        ("- {household: {}}", "Satu berkas berisi satu keluarga"),
        ("based_on: x\nhousehold: {}", "Satu berkas berisi satu keluarga"),
        ("household: {kk_number: '3506'}", "berkas:1"),
        ("\x00", "berkas:1"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_line(sign_in, text, said):
    """And the file stays on the page, to be mended there."""
    page = sign_in("bidang_staff").post("/kantor/diagnosis", {"text": text})
    assert page.status_code == 400
    assert said in page.get_data(as_text=True)
