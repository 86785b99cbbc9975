"""Letters: what they say, that they tell no secret, and that they are given out again as they were written."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from casework import typeset
from casework.audit.models import AuditEntry
from casework.cases import decisions, letters, objections, siks
from casework.cases.letter_blanks import Filler
from casework.cases.letter_templates import GAP, Filling, paragraphs, wording
from casework.cases.models import Letter, PaperReceived, Referral
from casework.people.observations import observe
from casework.refusals import NotAllowed, NotFound, Refused
from casework.staff.actors import APPLICANT, SYSTEM, Area
from engine.diagnosis import Office
from engine.knowledge.blanks import KINDS
from engine.knowledge.model import LetterPart, LetterTemplate, Text
from engine.knowledge.read import Place
from tests.casework import stage
from tests.casework.decided import NAME, PROGRAM, SECRET, case_in, case_of, claim_of, proposed

NIK, KK = "3506074203800000", "3506070101200000"
HERE = Place("x.yaml")


@pytest.fixture
def sheets(monkeypatch):
    """Give what was put into PDFs, sheet by sheet, as the templates got it."""
    found, pdf = [], typeset.pdf

    def noted(template, data):
        found.append(data)
        return pdf(template, data)

    monkeypatch.setattr(typeset, "pdf", noted)
    return found


@pytest.fixture
def ani(sqlite):
    """Give an officer of a Bidang."""
    with sqlite.work() as work:
        return stage.actor(work, "bidang_staff", programs=frozenset({PROGRAM}), name="Ani Petugas")


@pytest.fixture
def bambang(sqlite):
    """Give the head of the office."""
    with sqlite.work() as work:
        return stage.actor(work, "head", name="Bambang Kepala")


def decided(database, office, ani, bambang, *services, proposal="grant", **more):
    """Give the number of a case with a decision about its first service."""
    number = case_in(database, office, *services, **more)
    reason = more.get("reason")
    id_ = proposed(database, number, ani, proposal, reason, *services[:1])
    with database.work(bambang) as work:
        decisions.approve(work, decisions.decision_of(work, id_))
    return number


def written(database, office, actor, letter, number, service=None, **more):
    """Write a letter about a case, or about one of its claims; gives its number."""
    with database.work(actor) as work:
        claim = claim_of(work, number, service) if service else None
        return letters.write(work, office, letter, case_of(work, number), claim, **more).number


def lines(sheet):
    """Give every line of a letter's body."""
    parts = [(part["heading"], part["text"], *part["list"]) for part in sheet["parts"]]
    return [line for part in parts for line in part if line]


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


def all_letters(database, office, ani, bambang, number):
    """Write every kind of letter about a case, in both languages."""
    with database.work(SYSTEM) as work:
        case, head = case_of(work, number), work.session.query(letters.Case).count()
        first = case.household.people[0]
        at = {"received_at": work.now, "received_by": "Ani"}
        work.session.add(PaperReceived(receipt=f"TT-{head}", case_id=case.id, document="ktp", person_id=first.id, **at))
        work.session.add(PaperReceived(receipt=f"TT-{head}", case_id=case.id, document="kk", **at))
        slip = {"to": "Puskesmas", "reason": "Perlu diperiksa.", "service": "sembako"}
        work.session.add(Referral(number=f"RJK-{head}", case_id=case.id, at=work.now, by="Ani", **slip))
        filed = objections.file_objection(
            work, office.knowledge, "objection", "Rumahnya bagus.", channel="counter", case=case, objector="Cici"
        )
        objection = filed.number
    with database.work(bambang) as work:
        found = objections.objection_of(work, objection)
        found.state, found.outcome, found.answer = "answered", "rejected", "Sudah dilihat, rumahnya rusak."
    for lang in ("id", "en"):
        written(database, office, ani, "decision_granted", number, "sembako", lang=lang)
        written(database, office, ani, "keterangan_dtsen", number, lang=lang)
        written(database, office, ani, "receipt", number, about=f"TT-{head}", lang=lang)
        written(database, office, ani, "referral", number, about=f"RJK-{head}", lang=lang)
        written(database, office, ani, "permintaan_reaktivasi_pbi", number, "pbi_jk_reaktivasi", lang=lang)
        with database.work(bambang) as work:
            letters.write(work, office, "objection_answer", about=objection, lang=lang)


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


def test_about_a_secret_service_no_letter_is_written(sqlite, office, ani, bambang):
    """It would be read by whoever opens the envelope; nor is one referred to it on paper."""
    number = case_in(sqlite, office, SECRET, secret=True)
    with pytest.raises(Refused) as refused:
        written(sqlite, office, bambang, "decision_granted", number, SECRET)
    assert refused.value.code == "letter-officer-only"
    with sqlite.work() as work:
        slip = {"to": "Puskesmas", "reason": "-", "service": SECRET}
        work.session.add(Referral(number="RJK-1", case_id=case_of(work, number).id, at=work.now, by="Ani", **slip))
    with pytest.raises(Refused) as refused:
        written(sqlite, office, ani, "referral", number, about="RJK-1")
    assert refused.value.code == "letter-officer-only"


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


def test_a_letter_is_given_out_again_byte_for_byte(sqlite, office, ani, bambang):
    """And each time on the record; kept sealed, so that the file of the database tells nothing."""
    number = decided(sqlite, office, ani, bambang, "sembako")
    letter = written(sqlite, office, ani, "decision_granted", number, "sembako")
    found = []
    for _ in range(2):
        with sqlite.reading(ani) as work:
            found.append(letters.content_of(work, letters.letter_of(work, letter)))
    with sqlite.reading() as work:
        kept = work.session.query(Letter).one()
        looks = work.session.query(AuditEntry).filter_by(action="letter.read", about=letter).count()
        assert not kept.content_sealed.startswith(b"%PDF") and b"/StructTreeRoot" not in kept.content_sealed

    assert found[0] == found[1] and found[0].startswith(b"%PDF-")
    assert b"/StructTreeRoot" in found[0] and b"pdfuaid" in found[0]
    assert looks == 2


def test_a_letter_that_was_altered_is_not_given_out(sqlite, office, ani, bambang):
    """The seal notices."""
    number = decided(sqlite, office, ani, bambang, "sembako")
    letter = written(sqlite, office, ani, "decision_granted", number, "sembako")
    with sqlite.work() as work:
        work.session.execute(text("UPDATE letters SET sha256 = 'other'"))

    with pytest.raises(Refused) as refused, sqlite.reading(ani) as work:
        letters.content_of(work, letters.letter_of(work, letter))
    assert refused.value.code == "altered"


def test_a_letter_is_written_and_read_only_in_ones_own_area(sqlite, office, ani, bambang):
    """Elsewhere it is not there; heads of RT may not write any."""
    number = decided(sqlite, office, ani, bambang, "sembako")
    letter = written(sqlite, office, ani, "decision_granted", number, "sembako")
    with sqlite.work() as work:
        elsewhere = stage.actor(work, "bidang_staff", Area(stage.OTHER_VILLAGE), name="Jauh")
        rt = stage.actor(work, "rt_rw", name="Pak RT")

    with pytest.raises(NotFound):
        written(sqlite, office, elsewhere, "keterangan_dtsen", number)
    with pytest.raises(NotAllowed):
        written(sqlite, office, rt, "keterangan_dtsen", number)
    for name in (letter, "SRT-2026-999999-0"):
        with pytest.raises(NotFound), sqlite.reading(elsewhere) as work:
            letters.letter_of(work, name)


def test_a_letter_about_a_claim_of_another_case_is_not_written(sqlite, office, ani, bambang):
    """A forged id gets nobody a letter."""
    one, other = (decided(sqlite, office, ani, bambang, "sembako") for _ in range(2))

    with pytest.raises(NotFound), sqlite.work(ani) as work:
        letters.write(work, office, "decision_granted", case_of(work, one), claim_of(work, other))


@pytest.mark.parametrize(("letter", "code"), [("no_such_letter", "letter-what"), ("request", "letter-no-wording")])
def test_a_letter_without_a_wording_is_not_written(sqlite, office, ani, letter, code):
    """No kind of that name, or no wording for this service."""
    number = case_in(sqlite, office)

    with pytest.raises(Refused) as refused:
        written(sqlite, office, ani, letter, number, "sembako")
    assert refused.value.code == code


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


def template(*parts, services=()):
    text_ = Text("Surat", "Letter")
    return LetterTemplate("slip", "receipt", text_, parts, HERE, services)


def test_a_part_is_left_out_while_its_list_or_word_is_empty():
    """`otherwise` is said instead; a word that nobody knows is a row of dots; what somebody typed is never a blank."""
    parts = (
        LetterPart(HERE, text=Text("Dari {recipient}.", "From {recipient}.")),
        LetterPart(HERE, text=Text("Kasus {case}")),
        LetterPart(HERE, heading=Text("Surat"), list="papers", otherwise=Text("Tidak ada surat.", "No paper.")),
        LetterPart(HERE, text=Text("Nomor {receipt}"), only_if="receipt"),
    )
    filling = Filling({"recipient": "{case}", "case": None, "receipt": None}, {"papers": ()})
    said = [part["text"] for part in paragraphs(template(*parts), filling, "en")]
    assert said == ["From {case}.", f"Kasus {GAP}", "No paper."]

    full = Filling({"recipient": "A", "case": "K", "receipt": "T"}, {"papers": ("KTP",)})
    last = paragraphs(template(*parts), full, "id")[2:]
    assert last == [
        {"heading": "Surat", "text": None, "list": ["KTP"]},
        {"heading": None, "text": "Nomor T", "list": []},
    ]


def test_a_wording_for_the_service_comes_before_the_one_for_all(office):
    """A policy officer adds one without Python."""
    mine = replace(template(services=office.knowledge.letters["keterangan_dtsen"].services), name="mine")
    knowledge = replace(office.knowledge, letters={"all": template(), "mine": mine})

    assert wording(knowledge, "receipt", "layanan_surat_dtsen") is mine
    assert wording(knowledge, "receipt", "sembako") is knowledge.letters["all"]
    assert wording(knowledge, "all", "layanan_surat_dtsen") is knowledge.letters["all"]


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


def test_the_answer_to_an_objection_is_no_letter_of_the_case(sqlite, office, ani, bambang, sheets):
    """Who objected is known to those who answer: neither the letters of the case nor its officers show them."""
    number = decided(sqlite, office, ani, bambang, "sembako", "pbi_jk_reaktivasi")
    all_letters(sqlite, office, ani, bambang, number)
    with sqlite.reading(ani) as work:
        kinds = {one.kind for one in letters.letters_of(work, case_of(work, number))}
        answer = work.session.query(Letter).filter_by(kind="objection_answer").first().number
        with pytest.raises(NotFound):
            letters.letter_of(work, answer)
    with sqlite.reading(bambang) as work:
        assert letters.content_of(work, letters.letter_of(work, answer)).startswith(b"%PDF-")

    assert kinds == set(KINDS) - {"decision_declined", "objection_answer"}
    assert [sheet["recipient"] for sheet in sheets if "sanggahan SGH" in sheet["subject"]] == [["Cici"]]


def test_the_answer_to_an_applicants_own_wish_stands_with_their_case(sqlite, office, ani, bambang, sheets):
    """That a human looks again: it goes to them, and everybody who works on the case may read it."""
    number = case_in(sqlite, office)
    with sqlite.work(APPLICANT) as work:
        wish = objections.file_objection(
            work, office.knowledge, "review", "Mohon dilihat.", channel="self", case=case_of(work, number)
        ).number
    for letter in ("preview", "write"):
        with pytest.raises(Refused) as refused, sqlite.work(bambang) as work:
            getattr(letters, letter)(work, office, "objection_answer", about=wish)
        assert refused.value.code == "letter-not-decided"
    with sqlite.work(bambang) as work:
        objections.answer(work, office.knowledge, objections.objection_of(work, wish), "rejected", "Sudah dilihat.")
        answer = letters.write(work, office, "objection_answer", about=wish).number

    assert sheets[-1]["recipient"] == [NAME, "RT 02, RW 01, Dusun 1, Desa 35.06.07.2001"]
    with sqlite.reading(ani) as work:
        assert [one.number for one in letters.letters_of(work, case_of(work, number))] == [answer]
        assert letters.letter_of(work, answer).number == answer
        with pytest.raises(NotAllowed):
            letters.preview(work, office, "objection_answer", about=wish)


def test_the_copy_sheet_has_whole_numbers_for_who_may_and_on_record(sqlite, office, ani, sheets):
    """Field by field, without what only officers may know; whoever cannot write in the register gets none."""
    number = case_in(sqlite, office, kk=KK, secret=True)
    with sqlite.work() as work:
        case_of(work, number).household.people[0].seal(work.keys, "nik", NIK)
        head = stage.actor(work, "head", name="Kepala")
        far = stage.actor(work, "applicant_desk", Area(stage.OTHER_VILLAGE), name="Jauh")
    with sqlite.reading(ani) as work:
        sheet = siks.copy_sheet(work, office, case_of(work, number))
        pdf = siks.as_pdf(sheet)
    rows = dict(row for block in sheet.blocks[:2] for row in block.rows)

    assert (rows["Nomor KK"], rows["NIK"], rows["Nama"]) == (KK, NIK, NAME)
    assert dict(sheet.blocks[-1].rows)["Tingkat kesejahteraan (desil)"] == "1"
    assert office.knowledge.facts["hiv"].label.id not in json.dumps(sheets)
    assert pdf.startswith(b"%PDF-")
    with sqlite.reading() as work:
        look = work.session.query(AuditEntry).filter_by(action="numbers.shown").one()
        assert (look.about, look.actor, look.details) == (number, "Ani Petugas", {"people": 2})
    for actor, refusal in ((head, NotAllowed), (far, NotFound)):
        with pytest.raises(refusal), sqlite.reading(actor) as work:
            siks.copy_sheet(work, office, case_of(work, number))


def test_two_letters_written_at_once_have_two_numbers(database, office):
    """On both databases; none is left out."""
    with database.work() as work:
        officers = [stage.actor(work, "bidang_staff", name=name) for name in ("Satu", "Dua")]
    number = case_in(database, office)
    found = [written(database, office, officer, "keterangan_dtsen", number) for officer in officers]

    assert found == ["SRT-2026-000001-7", "SRT-2026-000002-5"]


def test_the_last_day_to_object_skips_weekends_and_holidays(sqlite, office, ani, bambang, sheets):
    """Twenty-one working days after Monday 23 November end on Tuesday 22 December; a holiday between puts it off."""
    knowledge = replace(office.knowledge, holidays=(date(2026, 12, 9),))
    number = decided(sqlite, office, ani, bambang, "sembako")
    for edition in (office, Office(knowledge)):
        written(sqlite, edition, ani, "decision_granted", number, "sembako")

    days = [line for sheet in sheets for line in lines(sheet) if line.startswith("Sanggahan diterima")]
    assert days == [f"Sanggahan diterima paling lambat {day} Desember 2026." for day in (22, 23)]
