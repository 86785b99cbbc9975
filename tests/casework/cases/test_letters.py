"""Letters: what they say, and that they tell no secret."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest

from casework.cases import decisions
from casework.cases.letter_blanks import Filler
from casework.cases.letter_templates import GAP
from casework.cases.models import PaperReceived
from casework.people.observations import observe
from casework.refusals import Refused
from casework.staff.actors import SYSTEM
from engine.diagnosis import Office
from engine.knowledge.blanks import KINDS
from tests.casework.cases.lettered import KK, NIK, all_letters, decided, lines, written
from tests.casework.decided import NAME, SECRET, case_in, case_of, proposed


def test_a_decision_says_what_why_by_whom_and_how_to_object(sqlite, office, ani, bambang, sheets):
    """Reasons from the stored proof, their source, and the day until which one may object: 21 working days."""
    number = decided(sqlite, office, ani, bambang, "sembako")
    assert written(sqlite, office, ani, "decision_granted", number, "sembako") == "SRT-2026-000001-7"
    (sheet,) = sheets
    said = lines(sheet)

    assert sheet["facts"][0] == ["Nomor", "SRT-2026-000001-7"]
    assert f"Keluarga {NAME} memenuhi syarat untuk diusulkan menerima Program Sembako (BPNT)." in said[1]
    assert "Putusan ini diambil oleh Bambang Kepala pada 23 November 2026." in said[1]
    assert said[said.index("Alasan") + 1 :][:2] == ["Tinggal di Kabupaten Kediri", "Tingkat kesejahteraan (desil): 1"]
    assert said[said.index("Dasar aturan") + 1].startswith("Perpres 63/2017")
    assert "Kartu Keluarga (KK)" in said
    assert "Sanggahan diterima paling lambat 22 Desember 2026." in said
    assert any(line.startswith("Kami menjawab dalam 14 hari kerja.") for line in said)
    assert any("meminta agar seorang petugas melihat kembali" in line for line in said)
    assert sheet["signature"] == {"role": "Kepala Dinas", "name": "Bambang Kepala"}
    assert "Susunan kata surat ini belum disahkan kantor." in sheet["notes"]


def test_a_decision_to_decline_says_what_stood_in_the_way(sqlite, office, ani, bambang, sheets):
    """With the distance to the limit; nothing to bring."""
    number = decided(sqlite, office, ani, bambang, "sembako", proposal="decline", decile=9)
    written(sqlite, office, ani, "decision_declined", number, "sembako", lang="en")
    said = lines(sheets[0])

    assert said[said.index("Reasons") + 1] == "Level of welfare (decile): 9 (5 above the limit)"
    assert "What you still need to bring" not in said
    assert "berhak" not in json.dumps(sheets[0])


def test_whom_a_service_does_not_concern_is_told_why(sqlite, office, ani, bambang, sheets):
    """Pages leave it out; a letter that declines does not."""
    number = decided(sqlite, office, ani, bambang, "layanan_surat_dtsen", proposal="decline")
    written(sqlite, office, ani, "decision_declined", number, "layanan_surat_dtsen")
    said = lines(sheets[0])

    assert said[1].startswith(f"Keluarga {NAME} belum dapat diusulkan menerima")
    assert said[said.index("Alasan") + 1] not in ("Dasar aturan", GAP)


def test_what_an_officer_decided_against_the_engine_is_said_in_their_words(sqlite, office, ani, bambang, sheets):
    """Reasons that speak against the decision would only confuse."""
    number = case_in(sqlite, office, decile=9)
    id_ = proposed(sqlite, number, ani, "grant", "Desilnya salah catat.")
    with sqlite.work(bambang) as work:
        decisions.approve(work, decisions.decision_of(work, id_))
    written(sqlite, office, ani, "decision_granted", number, "sembako")
    said = lines(sheets[0])

    assert "Alasan" not in said
    assert "Pertimbangan petugas: Desilnya salah catat." in said


def test_a_letter_says_what_was_so_when_it_was_decided(sqlite, office, ani, bambang, sheets):
    """What is observed later changes no letter about an earlier decision."""
    number = decided(sqlite, office, ani, bambang, "sembako")
    with sqlite.work(SYSTEM) as work:
        observe(work, office.knowledge, case_of(work, number).household, None, "decile", 9, "registry")
    written(sqlite, office, ani, "decision_granted", number, "sembako")

    assert "Tingkat kesejahteraan (desil): 1" in lines(sheets[0])


def test_a_decision_letter_needs_such_a_decision(sqlite, office, ani, bambang):
    """None yet, or the other way round: no letter, and no number is used up."""
    number = case_in(sqlite, office)
    for letter in ("decision_granted", "decision_declined"):
        with pytest.raises(Refused) as refused:
            written(sqlite, office, ani, letter, number, "sembako")
        assert refused.value.code == "letter-not-decided"
    id_ = proposed(sqlite, number, ani)
    with sqlite.work(bambang) as work:
        decisions.approve(work, decisions.decision_of(work, id_))
    with pytest.raises(Refused):
        written(sqlite, office, ani, "decision_declined", number, "sembako")

    assert written(sqlite, office, ani, "decision_granted", number, "sembako") == "SRT-2026-000001-7"


def test_no_letter_tells_what_only_officers_may_know(sqlite, office, ani, bambang, sheets):
    """Every kind, in both languages: the same whether the secret is known or not, and none of its words in it."""
    services = ("sembako", "pbi_jk_reaktivasi")
    for secret in (False, True):
        asked = (*services, SECRET) if secret else services
        number = decided(sqlite, office, ani, bambang, *asked, secret=secret)
        all_letters(sqlite, office, ani, bambang, number)
    half = len(sheets) // 2
    plain = [json.dumps(sheet, ensure_ascii=False) for sheet in sheets]

    assert half == 12
    assert [unnumbered(one) for one in plain[:half]] == [unnumbered(one) for one in plain[half:]]
    hidden = office.plan(sqlite.now().date()).officer_only | office.confidential
    k = office.knowledge
    shelves = (k.facts, k.conclusions, k.services)
    labels = {label for name in hidden for shelf in shelves if name in shelf for label in shelf[name].label if label}
    assert len(labels) > 30
    assert [(label, one) for one in plain for label in labels if label in one] == []


def unnumbered(said):
    """Take out what differs from case to case: numbers of letters, cases and papers."""
    return re.sub(r"[A-Z]{2,3}-(2026-\d{6}-\d|\d+)", "#", said)


def test_a_secret_paper_is_counted_and_not_named(sqlite, office, ani, sheets):
    """Whoever holds the receipt knows what it was."""
    hiding = replace(office.knowledge.papers["sktm"], officer_only=True)
    knowledge = replace(office.knowledge, papers={**office.knowledge.papers, "sktm": hiding})
    number = case_in(sqlite, office)
    with sqlite.work() as work:
        for document in ("ktp", "sktm", "no_such_paper"):
            at = {"received_at": work.now, "received_by": "Ani"}
            work.session.add(PaperReceived(receipt="TT-1", case_id=case_of(work, number).id, document=document, **at))
    written(sqlite, Office(knowledge), ani, "receipt", number, about="TT-1")

    assert sheets[0]["parts"][1]["list"] == ["KTP elektronik", "2 surat lain"]


def test_a_statement_states_only_what_an_officer_saw_in_the_registry(sqlite, office, ani, sheets):
    """What somebody told, or nobody knows, is refused by its name; with whom it is about masked as everywhere."""
    number = case_in(sqlite, office, kk=KK)
    written(sqlite, office, ani, "keterangan_dtsen", number, lang="en")
    with sqlite.work(SYSTEM) as work:
        observe(work, office.knowledge, case_of(work, number).household, None, "decile", None, "registry")
        observe(work, office.knowledge, case_of(work, number).household, None, "decile", 2, "self_declared")
    with pytest.raises(Refused) as refused:
        written(sqlite, office, ani, "keterangan_dtsen", number)

    assert (refused.value.code, refused.value.details["fact"]) == ("letter-not-seen", "Tingkat kesejahteraan (desil)")
    said = lines(sheets[0])
    assert "Level of welfare (decile): 1 (Matches an official registry, 23 November 2026)" in said
    assert "Family card number: 350607********00" in said


def test_no_letter_holds_a_whole_number(sqlite, office, ani, bambang, sheets):
    """NIK and KK stand by their ends; only the copy sheet for SIKS-NG has them whole."""
    number = decided(sqlite, office, ani, bambang, "sembako", "pbi_jk_reaktivasi", kk=KK)
    with sqlite.work() as work:
        case_of(work, number).household.people[0].seal(work.keys, "nik", NIK)
    all_letters(sqlite, office, ani, bambang, number)

    plain = json.dumps(sheets)
    assert NIK not in plain and KK not in plain
    assert "NIK: 350607********00" in plain


def test_the_head_of_the_paper_invents_nothing(sqlite, office, ani, sheets):
    """An address nobody told is a row of dots; whom a request goes to as well."""
    number = case_in(sqlite, office, "pbi_jk_reaktivasi")
    written(sqlite, office, ani, "request", number, "pbi_jk_reaktivasi")
    (sheet,) = sheets

    assert sheet["office"] == "Dinas Sosial Kabupaten Kediri"
    assert sheet["contact"] == [f"Alamat, telepon: {GAP}"]
    assert sheet["recipient"] == [GAP]


def test_every_blank_of_a_kind_is_filled_where_it_is_known(sqlite, office, ani, bambang, monkeypatch):
    """Whatever `tepat check` lets a policy officer write: with everything known, none stays a row of dots."""
    filled, plain = {}, Filler.filling

    def noted(filler):
        filling = plain(filler)
        known = {name for name, value in filling.words.items() if value} | {"number"}
        kind = filler.template.kind
        filled.setdefault(kind, [set(), set()])
        filled[kind][0] |= known
        filled[kind][1] |= {name for name, value in filling.lists.items() if value}
        return filling

    monkeypatch.setattr(Filler, "filling", noted)
    number = decided(sqlite, office, ani, bambang, "sembako", "pbi_jk_reaktivasi", "pkh", kk=KK)
    with sqlite.work() as work:
        case_of(work, number).household.people[0].seal(work.keys, "nik", NIK)
    for service, proposal in (("pbi_jk_reaktivasi", "grant"), ("pkh", "decline")):
        id_ = proposed(sqlite, number, ani, proposal, "Karena keadaannya.", service)
        with sqlite.work(bambang) as work:
            decisions.approve(work, decisions.decision_of(work, id_), "Sudah dibahas.")
    all_letters(sqlite, office, ani, bambang, number)
    written(sqlite, office, ani, "decision_granted", number, "pbi_jk_reaktivasi")
    written(sqlite, office, ani, "decision_declined", number, "pkh")
    written(sqlite, office, ani, "keterangan_dtsen", number, "pbi_jk_reaktivasi")

    # The answer to an objection names no case on purpose: its reader is protected.
    left_open = {"objection_answer": {"case", "recipient_place"}}
    assert set(filled) == set(KINDS)
    assert {kind: KINDS[kind].words - filled[kind][0] - left_open.get(kind, set()) for kind in KINDS} == {
        kind: set() for kind in KINDS
    }
    # Nothing is left to bring once a service is declined.
    nothing = {"decision_declined": {"to_bring"}}
    assert {kind: KINDS[kind].lists - filled[kind][1] - nothing.get(kind, set()) for kind in KINDS} == {
        kind: set() for kind in KINDS
    }


def test_without_numbers_of_days_a_letter_says_that_none_is_set(sqlite, office, ani, bambang, sheets):
    """Never an invented one."""
    parameters = {name: one for name, one in office.knowledge.parameters.items() if not name.startswith("objection_")}
    number = decided(sqlite, office, ani, bambang, "sembako")
    written(
        sqlite, Office(replace(office.knowledge, parameters=parameters)), ani, "decision_granted", number, "sembako"
    )

    said = lines(sheets[0])
    assert "Batas waktu sanggahan belum ditetapkan kantor." in said
    assert "Menyanggah tidak dipungut biaya dan tidak mengurangi hak Anda." in said


def test_signs_that_no_font_has_do_not_stop_a_letter(sqlite, office, ani, sheets):
    """A name may be written in another script."""
    number = case_in(sqlite, office)
    with sqlite.work() as work:
        case_of(work, number).household.name = "Siti ꦱꦶꦠꦶ"

    assert written(sqlite, office, ani, "keterangan_dtsen", number)


def test_the_last_day_to_object_skips_weekends_and_holidays(sqlite, office, ani, bambang, sheets):
    """Twenty-one working days after Monday 23 November end on Tuesday 22 December; a holiday between puts it off."""
    knowledge = replace(office.knowledge, holidays=(date(2026, 12, 9),))
    number = decided(sqlite, office, ani, bambang, "sembako")
    for edition in (office, Office(knowledge)):
        written(sqlite, edition, ani, "decision_granted", number, "sembako")

    days = [line for sheet in sheets for line in lines(sheet) if line.startswith("Sanggahan diterima")]
    assert days == [f"Sanggahan diterima paling lambat {day} Desember 2026." for day in (22, 23)]
