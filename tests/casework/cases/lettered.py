"""Letters of every kind, for tests of what they say and of who may have them."""

from casework.cases import decisions, letters, objections
from casework.cases.letter_blanks import Matter
from casework.cases.models import PaperReceived, Referral
from casework.staff.actors import SYSTEM
from tests.casework.decided import case_in, case_of, claim_of, proposed

NIK, KK = "3506074203800000", "3506070101200000"


def decided(database, office, ani, bambang, *services, proposal="grant", **more):
    """Give the number of a case with a decision about its first service."""
    number = case_in(database, office, *services, **more)
    reason = more.get("reason")
    id_ = proposed(database, number, ani, proposal, reason, *services[:1])
    with database.work(bambang) as work:
        decisions.approve(work, decisions.decision_of(work, id_))
    return number


def written(database, office, actor, letter, number, service=None, about=None, lang="id"):
    """Write a letter about a case, or about one of its claims; gives its number."""
    with database.work(actor) as work:
        claim = claim_of(work, number, service) if service else None
        return letters.write(work, office, letter, Matter(case_of(work, number), claim, about), lang).number


def lines(sheet):
    """Give every line of a letter's body."""
    parts = [(part["heading"], part["text"], *part["list"]) for part in sheet["parts"]]
    return [line for part in parts for line in part if line]


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
            letters.write(work, office, "objection_answer", Matter(about=objection), lang)
