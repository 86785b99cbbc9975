"""The one-page form without a browser: what is answered, kept and refused."""

import html
import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from webapp.asking.answers import answers_of
from webapp.asking.forms import Form
from webapp.words import words_in

CHECKOUT = Path(__file__).resolve().parents[3]
FAMILY = {
    "members": "2",
    "h.residence": "35.06.07",
    "h.has_shelter": "yes",
    "h.total_spending": "1,2 juta",
    "h.food_spending": "600 ribu",
    "m0.id": "Ibu",
    "m0.birth_date": "2 Maret 1990",
    "m0.sex": "P",
    "w.pregnant": "0",
    "m0.pregnancy_number": "1",
    "m1.id": "Nenek",
    "m1.age": "70",
    "m1.sex": "P",
    "h.decile": "2",
}
EXCLUSIONS = (
    *("is_asn_tni_polri", "is_state_pensioner", "owns_company", "is_village_official"),
    *("is_certified_teacher_or_health_worker", "has_state_budget_income", "is_social_facilitator"),
)
NOT_EXCLUDED = {
    **{f"w.{name}": "-" for name in EXCLUSIONS},
    **{f"m{seat}.monthly_wage": "0" for seat in (0, 1)},
    "h.refused_aid": "no",
    "h.received_pena": "no",
    "h.dukcapil_match": "yes",
}


def read(knowledge, data):
    """Read a form as the page does."""
    sent = {name: value if isinstance(value, list) else [value] for name, value in data.items()}
    answers = answers_of(sent)
    household = Form(knowledge, "id", words_in("id"), today=date(2026, 11, 23)).read(answers)
    assert answers.errors == {}
    return household


def errors_in(response):
    return [html.unescape(one) for one in re.findall(r'class="error"[^>]*>(.*?)</p>', response.text)]


def test_the_first_pages_lead_to_the_form_and_to_the_samples(client):
    """From the first page one reaches every sample, from where the interview begins the form."""
    assert 'href="/formulir"' in client.get("/mulai").text
    assert 'href="/contoh"' in client.get("/").text
    assert 'href="/sampel/keluarga-h01"' in client.get("/contoh").text


def test_the_form_asks_every_fact_an_applicant_may_know(client, app):
    """The form comes from the schema: no fact that serves a family is left out, and none that serves others is in."""
    page = client.get("/formulir").text
    facts = app.extensions["tepat"].office.knowledge.facts.values()
    served = app.extensions["tepat"].served("family").facts
    asked = [fact for fact in facts if not fact.computed and fact.name in served]

    assert len(asked) > 100 and "org_type" not in served and "hiv" not in served and 'h.org_type"' not in page
    places = {fact.name: "h" if fact.of == "household" else "w" if fact.ask else "m0" for fact in asked}

    assert [name for name, place in places.items() if f'name="{place}.{name}"' not in page] == []


def test_a_question_about_everybody_is_asked_once_with_a_tick_for_each_member(client):
    """Three members make three ticks and one for nobody, not three questions."""
    page = client.post("/formulir", data={**FAMILY, "do": "add"}).text

    assert page.count('name="w.is_asn_tni_polri"') == 4
    assert page.count("Siapa yang menjadi pegawai negeri") == 1
    assert re.search(r'name="w.is_asn_tni_polri" value="1"> Nenek', page)


def test_whoever_is_not_ticked_counts_as_no_and_an_empty_question_as_not_known(client, app):
    """A tick for one member answers for all; no tick at all answers for nobody."""
    knowledge = app.extensions["tepat"].office.knowledge
    household = read(knowledge, {**FAMILY, "w.has_caregiver": "1"})

    assert household.given("Nenek", "has_caregiver").value is True
    assert household.given("Ibu", "has_caregiver").value is False
    assert household.given("Ibu", "lives_alone") is None
    assert read(knowledge, {**FAMILY, "w.has_caregiver": "-"}).given("Nenek", "has_caregiver").value is False


def test_aid_that_a_person_receives_is_booked_on_that_person(client, app):
    """Services for a person are ticked for each member, those for the household once."""
    knowledge = app.extensions["tepat"].office.knowledge
    household = read(knowledge, {**FAMILY, "aid": ["sembako", "pbi_jk@1"]})

    assert household.given("household", "received:sembako").value is True
    assert household.given("Nenek", "received:pbi_jk").value is True
    assert household.given("Ibu", "received:pbi_jk").value is False
    assert read(knowledge, FAMILY).given("Nenek", "received:pbi_jk") is None
    assert read(knowledge, {**FAMILY, "aid": "-"}).given("household", "received:pkh").value is False


def test_a_family_that_qualifies_is_told_so_with_reasons_and_how_many_papers(client):
    """A filled form is answered with a diagnosis in the same response."""
    page = client.post("/formulir", data=FAMILY | NOT_EXCLUDED)

    assert page.status_code == 200
    assert "Menurut jawaban Anda, memenuhi syarat untuk diusulkan" in page.text
    assert "Permensos 1/2018" in page.text
    assert "surat perlu disiapkan" in page.text


def test_every_word_of_the_pages_and_of_the_engine_is_there_in_both_languages():
    """Each text has both languages, and both are filled in with the same details."""
    rooms = [yaml.safe_load(path.read_text("utf-8")) for path in (CHECKOUT / "webapp" / "texts").glob("*.yaml")]
    pages = {key: text for room in rooms for key, text in room.items()}
    engine = yaml.safe_load((CHECKOUT / "engine" / "words.yaml").read_text(encoding="utf-8"))
    texts = [*pages.items(), *(pair for group in engine.values() for pair in group.items())]

    assert len(texts) > 250
    for key, text in texts:
        filled = {lang: set(re.findall(r"{(\w+)}", said)) for lang, said in text.items()}
        assert (key, set(text), filled["id"]) == (key, {"id", "en"}, filled["en"])


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("h.total_spending", "1.200", "Rp1.200 atau Rp1.200.000"),
        ("h.total_spending", "banyak", "belum dapat dibaca sebagai angka"),
        ("h.total_spending", "-5", "tanpa tanda kurang"),
        ("h.total_spending", "9" * 10_000, "terlalu panjang"),
        ("m0.birth_date", "2 Maret 2050", "belum terjadi"),
        ("m0.birth_date", "31-2-1990", "tidak ada di kalender"),
        ("m0.birth_date", "😀", "belum dapat dibaca sebagai tanggal"),
        ("m0.age", "30", "dihitung dari fakta lain"),
        ("h.decile", "11", "di luar batas"),
        ("w.pregnant", ["0", "-"], "jangan keduanya"),
        ("aid", ["pkh", "-"], "jangan keduanya"),
        ("aid", "nosuch", "tidak dikenal"),
        ("aid", "pbi_jk@7", "tidak ada anggota"),
        ("m0.nik", "350607520390000", "terdiri atas 16 angka"),
        ("m0.nik", "3506077203900000", "tidak ada hari 32 bulan 3"),
        ("h.kk_number", "35060752O3900000", "hanya memuat angka"),
    ],
)
def test_what_cannot_be_taken_is_asked_back_beside_its_field_and_stays_typed(client, name, text, sentence):
    """The answer is 422, one sentence stands beside the field, and the text comes back as it was typed."""
    page = client.post("/formulir", data={**FAMILY, name: text})

    assert page.status_code == 422
    assert any(sentence in one for one in errors_in(page))
    assert f'id="{name}-error"' in page.text
    assert isinstance(text, list) or name == "aid" or html.escape(text, quote=True) in page.text


def test_the_list_of_what_to_mend_names_the_question_and_the_person_in_the_order_of_the_page(client):
    """Members come first, then questions about everybody, then the household."""
    wrong = {"h.total_spending": "1.200", "m1.age": "tua", "w.pregnant": ["0", "-"]}
    page = client.post("/formulir", data={**FAMILY, **wrong, "lang": "en"}).text
    listed = [html.unescape(one) for one in re.findall(r'<li><a href="#[^"]*-error">(.*?)</a>', page)]

    assert [one.split(":")[0] for one in listed] == ["Nenek, Age", "Pregnant", "Family spending a month"]
    assert listed[2].endswith('Do you mean Rp1,200 or Rp1,200,000? Write for example "1.2 million".')


@pytest.mark.parametrize("text", ["1.200.000", "1,2 juta", "1200000", "Rp 1.200.000", "1 juta 200 ribu"])
def test_money_is_understood_as_people_write_it(client, text):
    """Clear amounts need no asking back."""
    assert client.post("/formulir", data={**FAMILY, "h.total_spending": text}).status_code == 200


def test_a_number_that_raises_doubts_is_taken_and_the_doubts_are_shown_without_it(client):
    """The result says what to ask again; the number itself is nowhere to be seen."""
    page = client.post("/formulir", data={**FAMILY, "m0.nik": "3571 0743 0390 0000", "m0.sex": "L"})
    seen = html.unescape(re.sub(r"<input[^>]*>", "", page.text))

    assert page.status_code == 200
    assert "NIK 357107********00 pertama kali terdaftar di luar Kabupaten Kediri" in seen
    assert "tanggal lahir menurut NIK 1990-03-03, tetapi yang diisi 1990-03-02" in seen
    assert "jenis kelamin menurut NIK 357107********00 lain dari yang diisi" in seen
    assert "3571074303900000" not in seen and "3571 0743" not in seen


def test_members_can_be_added_and_removed_without_losing_an_answer(client):
    """Both are done on the server; the other members keep what was typed."""
    more = client.post("/formulir", data={**FAMILY, "do": "add"})
    fewer = client.post("/formulir", data={**FAMILY, "do": "remove-0"})

    assert 'name="m2.id"' in more.text and 'value="Nenek"' in more.text
    assert 'value="Nenek"' in fewer.text and 'value="Ibu"' not in fewer.text
    assert 'name="m1.id"' not in fewer.text


def test_ticks_move_up_with_the_members_behind_the_one_who_is_removed(client):
    """The seat of a tick is the seat of its member."""
    ticked = {**FAMILY, "w.has_caregiver": ["0", "1"], "aid": ["pbi_jk@1", "pkh"]}
    page = client.post("/formulir", data={**ticked, "do": "remove-0"}).text

    assert re.search(r'name="w.has_caregiver" value="0" checked> Nenek', page)
    assert re.search(r'name="aid" value="pbi_jk@0" checked> Nenek', page)
    assert re.search(r'name="w.pregnant" value="0"> Nenek', page)


def test_the_language_can_change_in_the_middle_without_losing_an_answer(client):
    """The switch is a button of the same form, on the form and on the result."""
    form = client.post("/formulir", data={**FAMILY, "page": "form", "lang_to": "en"})
    result = client.post("/formulir", data={**FAMILY, **NOT_EXCLUDED, "page": "result", "lang_to": "en"})

    assert '<html lang="en">' in form.text and 'value="1,2 juta"' in form.text
    assert '<html lang="en">' in result.text and "qualify to be proposed" in result.text


def test_pages_are_not_stored_and_run_no_script(client):
    """Answers are private: nothing may keep a page, frame it, or run anything in it."""
    headers = client.post("/formulir", data=FAMILY).headers

    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "script-src 'self';" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"members": "99999"},
        {"members": "²"},
        {"members": "60", "m59.id": "x"},
        {"do": "remove-9999"},
        {"do": "remove-²"},
        {"m0.nosuch": "1", "h.nosuch": "x", "m": "y", "h": "z", "mx.id": "q"},
        {"h.decile": ["1", "2"], "m0.sex": "X", "evidence": "gosip", "aid": ["pkh", "nosuch"], "papers": ["nosuch"]},
        {"m0.id": "<script>alert(1)</script>", "m1.id": "household", "members": "2"},
        {"lang": "xx", "lang_to": "yy", "page": "zz"},
        {"h.residence": "35.06.99.9999"},
        {"w.pregnant": ["99", "x", "0@0"], "w.nosuch": "0", "w.": "-", "aid": ["@", "pkh@", "@0", "pbi_jk@0@0"]},
        {"do": "remove-0", "members": "3", "w.pregnant": ["²", "99"], "aid": "pbi_jk@²"},
    ],
)
def test_a_forged_form_never_breaks_a_page(client, data):
    """Whatever is sent, the answer is a page in plain words."""
    page = client.post("/formulir", data=data)

    assert page.status_code in (200, 422)
    assert "<script>" not in page.text


def test_two_members_with_one_role_stay_two_people(client):
    """Roles are made different, so nobody is mistaken for somebody else."""
    page = client.post("/formulir", data={**FAMILY, "m1.id": "Ibu"})

    assert page.status_code == 200
    assert "Ibu lain" in page.text


def test_missing_pages_and_too_large_requests_are_told_in_plain_words(client):
    """No traceback, no English jargon."""
    missing = client.get("/sampel/tidak-ada")
    large = client.post("/formulir", data={"h.total_spending": "9" * 600_000})

    assert (missing.status_code, "tidak ada" in missing.text) == (404, True)
    assert (large.status_code, "terlalu besar" in large.text) == (413, True)
