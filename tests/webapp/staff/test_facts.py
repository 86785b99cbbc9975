"""The pages of facts: what stands and why, and what staff write down."""

import pytest
from sqlalchemy import select

from casework.audit.models import AuditEntry
from casework.people.models import Household, Observation, SecretObservation
from casework.people.observations import observe, value_of
from casework.staff.actors import Area
from tests.casework import stage


@pytest.fixture
def home(sqlite, office):
    """Give a household of which something is known: its address, and the ids of its two members."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti", "Adi")
        observe(work, office.knowledge, home, None, "decile", 2, "registry")
        observe(work, office.knowledge, home, None, "meals_per_day", 3, "self_declared", note="di loket")
        observe(work, office.knowledge, home, home.people[0], "hiv", True, "field_visit")
        return f"/kantor/keluarga/{home.id}/fakta", *(one.member for one in home.people)


def recorded(sqlite, table=Observation):
    """Give what was recorded through the pages, in order."""
    with sqlite.reading() as work:
        rows = work.session.scalars(select(table).where(table.recorded_by != "sistem").order_by(table.id))
        return [(row.fact, value_of(row), row.evidence, row.person_id) for row in rows]


def test_the_page_says_what_stands_how_it_is_known_and_how_surely(sign_in, home):
    """Each fact with its value, its evidence, its certainty, its day, and everything that was ever said."""
    page = sign_in("bidang_staff").get(home[0])
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    for said in ("Tingkat kesejahteraan (desil)", "Cocok dengan data resmi", "100%", "60%", "di loket", "Siti", "Adi"):
        assert said in text


def test_the_page_warns_of_what_is_disputed(sign_in, sqlite, office, home):
    """Two heads of RT differ: the value is not known, and the page says why."""
    with sqlite.work() as work:
        family = work.session.scalars(select(Household)).one()
        for name, value in (("A", True), ("B", False)):
            work.actor = stage.actor(work, "rt_rw", name=name)
            observe(work, office.knowledge, family, None, "has_shelter", value, "rt_rw")
    text = sign_in("bidang_staff").get(home[0]).get_data(as_text=True)
    assert "Punya tempat tinggal atau berteduh sehari-hari: dua sumber yang sama kuat berbeda." in text
    assert "belum diketahui" in text


def test_what_only_officers_may_know_is_not_on_the_pages_of_others(sign_in, home):
    """Neither the value nor that there is one, nor a field for it."""
    officer, clerk = sign_in("bidang_staff"), sign_in("applicant_desk")
    for path in (home[0], f"{home[0]}/{home[1]}"):
        assert "Hidup dengan HIV/AIDS" in officer.get(path).get_data(as_text=True)
        assert "HIV" not in clerk.get(path).get_data(as_text=True)


def test_who_looks_at_facts_stands_in_the_log(sign_in, sqlite, home):
    """A file that was read is noted with its reader."""
    client = sign_in("bidang_staff")
    client.get(home[0])
    with sqlite.reading() as work:
        entry = work.session.scalars(select(AuditEntry).where(AuditEntry.action == "facts.read")).one()
        assert (entry.actor, entry.kind) == (client.actor.name, "household")


@pytest.mark.parametrize("path", ["", "/household"])
def test_a_household_elsewhere_is_not_found(sign_in, home, path):
    """Nor one that is not there, nor a subject made up in the address."""
    elsewhere = sign_in("bidang_staff", Area(stage.OTHER_VILLAGE))
    assert elsewhere.get(home[0] + path).status_code == 404
    here = sign_in("applicant_desk")
    assert here.get("/kantor/keluarga/999/fakta" + path).status_code == 404
    assert here.get(home[0] + "/p999").status_code == 404
    assert here.post(home[0] + "/p999", {"evidence": "registry"}).status_code == 404


def test_many_facts_are_recorded_at_once_from_one_source(sign_in, sqlite, home):
    """As people write them: an amount in words, a tick, a paper; what is left empty is not recorded."""
    client = sign_in("bidang_staff")
    form = {
        "evidence": "field_visit",
        "observed_on": "20 November 2026",
        "note": "dilihat",
        "h.total_income": "1,2 juta",
        "h.has_shelter": "yes",
        "h.floor_material": "",
        "h.family_problem_signs": ["-"],
        "h.paper:kk": "no",
    }
    answer = client.post(f"{home[0]}/household", form)
    assert answer.status_code == 302
    assert answer.location == f"{home[0]}#household"
    assert recorded(sqlite) == [
        ("has_shelter", True, "field_visit", None),
        ("family_problem_signs", [], "field_visit", None),
        ("total_income", 1200000, "field_visit", None),
        ("paper:kk", False, "field_visit", None),
    ]
    with sqlite.reading() as work:
        row = work.session.scalars(select(Observation).order_by(Observation.id.desc())).first()
        assert (row.observed_on.isoformat(), row.note) == ("2026-11-20", "dilihat")


def test_a_members_facts_and_secrets_are_recorded_each_in_their_place(sign_in, sqlite, home):
    """The officer's secret goes into the table of secrets."""
    form = {"evidence": "field_visit", "m0.pregnant": "yes", "m0.abused": "no"}
    assert sign_in("bidang_staff").post(f"{home[0]}/{home[1]}", form).status_code == 302
    person = int(home[1][1:])
    assert recorded(sqlite) == [("pregnant", True, "field_visit", person)]
    assert recorded(sqlite, SecretObservation) == [("abused", False, "field_visit", person)]


def test_a_forged_field_of_a_secret_records_nothing(sign_in, sqlite, home):
    """The form of the desk has no such field, and what is sent all the same is not read."""
    form = {"evidence": "self_declared", "m0.hiv": "no", "m0.pregnant": "no"}
    assert sign_in("applicant_desk").post(f"{home[0]}/{home[1]}", form).status_code == 302
    assert recorded(sqlite, SecretObservation) == []
    assert recorded(sqlite) == [("pregnant", False, "self_declared", int(home[1][1:]))]


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        ({"h.decile": "19"}, "h.decile", "di luar batas 1 sampai 10"),
        ({"h.total_income": "banyak"}, "h.total_income", "belum dapat dibaca sebagai angka"),
        ({"h.decile": "2", "observed_on": "lusa"}, "observed_on", "belum dapat dibaca sebagai tanggal"),
        ({"h.decile": "2", "observed_on": "24-11-2026"}, "observed_on", "Tanggal ini belum tiba."),
        ({"h.decile": "2", "evidence": "rumour"}, "evidence", "tidak dikenal"),
        ({"h.decile": "2", "document": "xyz"}, "document", "tidak dikenal"),
        ({"h.decile": "2", "back": "h.decile"}, "h.decile", "jangan keduanya"),
        ({}, None, "Belum ada yang diisi."),
    ],
)
def test_what_cannot_be_recorded_is_said_beside_its_field_and_nothing_typed_is_lost(
    sign_in, sqlite, home, form, field, sentence
):
    """Neither the wrong value nor the others; and nothing is recorded."""
    sent = {"evidence": "registry", "h.meals_per_day": "", "note": "catatan saya", **form}
    page = sign_in("applicant_desk").post(f"{home[0]}/household", sent)
    text = page.get_data(as_text=True)
    assert page.status_code == 400
    assert sentence in text
    assert "catatan saya" in text
    if field:
        assert f'id="{field}-error"' in text
    for value in (one for name, one in form.items() if name in ("h.decile", "h.total_income", "observed_on")):
        assert f'value="{value}"' in text
    assert recorded(sqlite) == []


def test_evidence_that_the_role_cannot_vouch_for_is_refused(sign_in, sqlite, home):
    """A clerk who forges the field has not been there."""
    page = sign_in("applicant_desk").post(f"{home[0]}/household", {"evidence": "kepala_dusun", "h.decile": "1"})
    assert page.status_code == 403
    assert recorded(sqlite) == []


def test_what_a_source_said_can_be_taken_back(sign_in, sqlite, home):
    """After that it is as if it had not been said; that it was stays in the history."""
    client = sign_in("applicant_desk")
    assert client.post(f"{home[0]}/household", {"evidence": "registry", "back": "h.decile"}).status_code == 302
    assert recorded(sqlite) == [("decile", None, "registry", None)]
    text = client.get(home[0]).get_data(as_text=True)
    assert "ditarik kembali" in text
    assert "belum diketahui" in text


def test_received_aid_is_recorded_as_a_whole(sign_in, sqlite, home):
    """Of the household and of a member; ticking that there is none is an answer too."""
    client = sign_in("applicant_desk")
    ticked = {"evidence": "self_declared", "aid": ["sembako", "pbi_jk@1"]}
    assert client.post(f"{home[0]}/aid", ticked).status_code == 302
    assert client.post(f"{home[0]}/aid", {"evidence": "registry", "aid": "-"}).status_code == 302
    both = [{"service": "pbi_jk", "subject": home[2]}, "sembako"]
    assert recorded(sqlite) == [
        ("received", both, "self_declared", None),
        ("received", [], "registry", None),
    ]
    assert client.post(f"{home[0]}/aid", {"evidence": "registry", "aid": ["-", "sembako"]}).status_code == 400


def test_a_head_of_rt_writes_down_what_he_saw_in_his_rt(sign_in, sqlite, home):
    """The only evidence he is offered is his own."""
    client = sign_in("rt_rw", Area(stage.VILLAGE, stage.HAMLET, stage.RW, stage.RT))
    page = client.get(f"{home[0]}/household").get_data(as_text=True)
    assert 'value="rt_rw"' in page
    assert 'value="registry"' not in page
    assert client.post(f"{home[0]}/household", {"evidence": "rt_rw", "h.meals_per_day": "1"}).status_code == 302
    assert recorded(sqlite) == [("meals_per_day", 1, "rt_rw", None)]


def test_a_form_that_did_not_come_from_our_page_records_nothing(sign_in, sqlite, home):
    """Without what only our pages carry it is refused."""
    client = sign_in("applicant_desk")
    sent = client.client.post(f"{home[0]}/household", data={"evidence": "registry", "h.decile": "1"})
    assert sent.status_code == 400
    assert recorded(sqlite) == []


def test_who_may_not_record_sees_no_form(sign_in, home):
    """The head of the office reads; the analyst does not even do that."""
    head = sign_in("head")
    assert head.get(home[0]).status_code == 200
    assert "Catat:" not in head.get(home[0]).get_data(as_text=True)
    assert head.get(f"{home[0]}/household").status_code == 403
    assert sign_in("analyst").get(home[0]).status_code == 403


def test_it_speaks_english_too(sign_in, home):
    """Both languages have every word."""
    client = sign_in("bidang_staff")
    for path in (home[0], f"{home[0]}/household", f"{home[0]}/aid"):
        page = client.get(f"{path}?lang=en").get_data(as_text=True)
        assert "Facts of the household of Siti" in page
