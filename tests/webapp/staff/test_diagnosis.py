"""The kept answers of a case on their page, and the part of the case page."""

import json
import re
import zlib
from dataclasses import replace

import pytest
from sqlalchemy import select

from casework.cases.diagnoses import diagnose
from casework.cases.models import Case, StoredDiagnosis
from casework.people.observations import observe, observe_many
from casework.staff.actors import Area
from engine.change import edits
from engine.diagnosis import Office
from tests.casework import stage
from tests.casework.cases import kept
from webapp.staff.diagnosis import on_case


@pytest.fixture
def case(sqlite, office):
    """Give the address of the diagnoses of a case: told, then checked by the Kepala Dusun."""
    with sqlite.work() as work:
        home = kept.poor(work, office)
        observe(work, office.knowledge, home, home.people[0], "hiv", True, "field_visit")
        case = kept.case_of(work, home, "pkh", "rujukan_hiv_napza@0")
        diagnose(work, office, case, "opened")
        observe_many(work, office.knowledge, home, kept.said_of(home), "kepala_dusun")
        diagnose(work, office, case, "kepala_dusun")
        return f"/kantor/kasus/{case.number}/diagnosis"


def text_of(page):
    """Give the text of a page that is there."""
    assert page.status_code == 200
    return page.get_data(as_text=True)


def row(text, title):
    """Give the text of one row of a table."""
    return next(one for one in text.split("<tr") if f'row">{title}' in one)


def test_the_page_tells_each_service_with_its_certainty_and_why(sign_in, case):
    """What was asked for comes first; the condition, what was found, and the source stand beneath."""
    text = text_of(sign_in("bidang_staff").get(f"{case}/2"))
    pkh = row(text, "Program Keluarga Harapan")
    for said in ("diminta", "memenuhi syarat", "90%", "tingkat kesejahteraan (desil)", "Sumber:"):
        assert said in pkh
    assert text.index("Program Keluarga Harapan") < text.index("Program Sembako")
    assert "60%" in row(text_of(sign_in("head").get(f"{case}/1")), "Program Keluarga Harapan")


def test_members_are_called_by_their_names(sign_in, case):
    """And the facts it was made of can be read."""
    text = text_of(sign_in("bidang_staff").get(f"{case}/2"))
    assert "Siti" in row(text, "Rujukan HIV/AIDS")
    assert "Pemeriksaan Kepala Dusun" in text
    assert "Hidup dengan HIV/AIDS" in text
    assert not re.search(r"\bp[12]\b", text)


def test_what_only_officers_may_know_is_not_on_the_page_of_others(sign_in, case):
    """Neither the service, nor the fact, nor on the case."""
    text = text_of(sign_in("applicant_desk").get(f"{case}/2"))
    assert "HIV" not in text
    assert "90%" in row(text, "Program Keluarga Harapan")


def test_working_it_out_again_gives_the_same(sign_in, case):
    """The page says so, with the sums of both."""
    assert "sampai huruf terakhir" in text_of(sign_in("bidang_staff").get(f"{case}/1?look=again"))


def test_an_answer_that_does_not_come_out_again_is_shown_as_it_was_kept(sign_in, sqlite, case):
    """As when the engine has changed: its own sentences stand there, and the page says that it differs."""
    with sqlite.work() as work:
        stored = work.session.get_one(StoredDiagnosis, 1)
        _alter(work, stored)
    page = text_of(sign_in("bidang_staff").get(f"{case}/1?look=again"))
    assert "Hasil hitung ulang berbeda" in page
    assert "Yang tampak ialah jawaban yang tersimpan" in page
    assert "77%" in row(page, "Program Keluarga Harapan")


def _alter(work, stored):
    """Keep another answer, as an older engine might have given."""
    answer = json.loads(zlib.decompress(stored.opened_bytes(work.keys, "answer")))
    for one in answer["services"]:
        if one["service"] == "pkh":
            one["cf"] = 0.77
    stored.seal(work.keys, "answer", zlib.compress(json.dumps(answer).encode()))


def test_the_same_edition_needs_no_comparison(sign_in, case):
    """The page says that it is the same."""
    assert "Edisi aturannya masih sama." in text_of(sign_in("bidang_staff").get(f"{case}/1?look=today"))


def test_the_change_of_the_rules_that_makes_the_difference_is_told(sign_in, sqlite, staff_app, office, case):
    """A parameter was raised since: which one, from what to what, and on which condition it turns."""
    was = _edition(office, "sha256:" + "0" * 64)
    desk = staff_app.extensions["tepat"]
    desk.office = was
    text = text_of(sign_in("bidang_staff").get(f"{case}/1?look=today"))
    pkh = row(text, "Program Keluarga Harapan")
    assert "memenuhi syarat menurut jawaban 60%" in pkh
    assert "belum memenuhi syarat 60%" in pkh
    assert "Desil tertinggi untuk PKH diubah (pkh_max_decile): 2026-01-01: 4 → 3" in pkh
    assert "paling banyak 3" in pkh


def _edition(office, name):
    """Give an edition in which PKH reaches the third decile only."""
    k = office.knowledge
    old = k.parameters["pkh_max_decile"]
    values = tuple(replace(one, value=3) if one.value == 4 else one for one in old.values)
    new = replace(k, edition=name, parameters={**k.parameters, "pkh_max_decile": replace(old, values=values)})
    assert edits.edits(k, new)
    return Office(new)


def test_an_answer_can_be_asked_for_at_any_time(sign_in, sqlite, case):
    """By those who work on the case, not by those who check facts."""
    answer = sign_in("bidang_staff").post(case)
    assert answer.status_code == 302
    assert answer.location == f"{case}/3"
    with sqlite.reading() as work:
        assert work.session.scalars(select(StoredDiagnosis.occasion)).all()[-1] == "asked"
    assert sign_in("rt_rw").post(case).status_code == 403


@pytest.mark.parametrize("path", ["/3", "/0", "/999999"])
def test_a_number_made_up_is_not_found(sign_in, case, path):
    """Nor the diagnoses of a case elsewhere."""
    assert sign_in("bidang_staff").get(case + path).status_code == 404
    assert sign_in("head", Area(stage.OTHER_VILLAGE)).get(f"{case}/1").status_code == 404


def test_an_answer_of_another_case_is_not_found(sign_in, sqlite, office, case):
    """Though it exists."""
    with sqlite.work() as work:
        other = kept.case_of(work, kept.poor(work, office), "pkh").number
    assert sign_in("bidang_staff").get(f"/kantor/kasus/{other}/diagnosis/1").status_code == 404


def test_an_erased_answer_is_not_found(sign_in, sqlite, case):
    """Nothing is left to show."""
    with sqlite.work() as work:
        stored = work.session.get_one(StoredDiagnosis, 1)
        for field in StoredDiagnosis.SEALED:
            stored.seal(work.keys, field, b"")
    assert sign_in("bidang_staff").get(f"{case}/1").status_code == 404


def test_a_page_without_a_diagnosis_yet_says_so(staff_app, sqlite, office):
    """The part of the case page before the first answer, and after two: before and after, side by side."""
    with sqlite.work() as work:
        home = kept.poor(work, office)
        made = kept.case_of(work, home, "pkh", "rujukan_hiv_napza@0")
        clerk = stage.actor(work, "applicant_desk")
        with staff_app.test_request_context():
            assert on_case(work, made)["steps"] == ()
            diagnose(work, office, made, "opened")
            observe_many(work, office.knowledge, home, kept.said_of(home), "kepala_dusun")
            diagnose(work, office, made, "kepala_dusun")
            part = on_case(work, made)
            assert part["claims"][0][2] == ["60% memenuhi syarat menurut jawaban", "90% memenuhi syarat"]
            assert len(part["claims"]) == 2
            work.actor = clerk
            assert len(on_case(work, made)["claims"]) == 1


def test_the_case_page_shows_the_part(sign_in, sqlite, case):
    """With links to each answer."""
    with sqlite.reading() as work:
        number = work.session.scalars(select(Case.number)).one()
    text = text_of(sign_in("bidang_staff").get(f"/kantor/kasus/{number}"))
    assert f"{case}/1" in text
    assert f"{case}/2" in text


def test_it_speaks_english_too(sign_in, case):
    """Both languages have every word."""
    text = text_of(sign_in("bidang_staff").get(f"{case}/2?lang=en&look=again"))
    assert "Diagnosis of case" in text
    assert "to the last letter" in text
