"""Letters: who may write and read them, and that they are given out again as they were written."""

import pytest
from sqlalchemy import text

from casework.audit.models import AuditEntry
from casework.cases import letters, objections
from casework.cases.letter_blanks import Matter
from casework.cases.models import Letter, Referral
from casework.refusals import NotAllowed, NotFound, Refused
from casework.staff.actors import APPLICANT, Area
from engine.knowledge.blanks import KINDS
from tests.casework import stage
from tests.casework.cases.lettered import all_letters, decided, written
from tests.casework.decided import NAME, SECRET, case_in, case_of, claim_of


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
        letters.write(work, office, "decision_granted", Matter(case_of(work, one), claim_of(work, other)))


@pytest.mark.parametrize(("letter", "code"), [("no_such_letter", "letter-what"), ("request", "letter-no-wording")])
def test_a_letter_without_a_wording_is_not_written(sqlite, office, ani, letter, code):
    """No kind of that name, or no wording for this service."""
    number = case_in(sqlite, office)

    with pytest.raises(Refused) as refused:
        written(sqlite, office, ani, letter, number, "sembako")
    assert refused.value.code == code


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
            getattr(letters, letter)(work, office, "objection_answer", Matter(about=wish))
        assert refused.value.code == "letter-not-decided"
    with sqlite.work(bambang) as work:
        objections.answer(work, office.knowledge, objections.objection_of(work, wish), "rejected", "Sudah dilihat.")
        answer = letters.write(work, office, "objection_answer", Matter(about=wish)).number

    assert sheets[-1]["recipient"] == [NAME, "RT 02, RW 01, Dusun 1, Desa 35.06.07.2001"]
    with sqlite.reading(ani) as work:
        assert [one.number for one in letters.letters_of(work, case_of(work, number))] == [answer]
        assert letters.letter_of(work, answer).number == answer
        with pytest.raises(NotAllowed):
            letters.preview(work, office, "objection_answer", Matter(about=wish))


def test_two_letters_written_at_once_have_two_numbers(database, office):
    """On both databases; none is left out."""
    with database.work() as work:
        officers = [stage.actor(work, "bidang_staff", name=name) for name in ("Satu", "Dua")]
    number = case_in(database, office)
    found = [written(database, office, officer, "keterangan_dtsen", number) for officer in officers]

    assert found == ["SRT-2026-000001-7", "SRT-2026-000002-5"]
