"""Claims that were determined, with what the engine said of their priority and amount: what lists are drawn up from."""

from datetime import date

from casework.cases.diagnoses import Standing
from casework.cases.models import Edition, StoredDiagnosis
from tests.casework import stage

YEAR = {"since": date(2027, 1, 1), "until": date(2027, 12, 31)}
OFFICE = "office"
CASH = {"amount": 1_200_000, "per": "year", "kind": "cash", "confirmed": True, "unit": "IDR", "components": []}


def claim(
    work,
    service,
    *names,
    home=None,
    person=None,
    priority=None,
    benefit=CASH,
    asked_on=date(2026, 11, 2),
    state="determined",
    program=stage.PROGRAM,
):
    """Grant a household (or one person of it, by index) a service."""
    home = home or stage.household(work, *(names or ("Siti",)))
    who = home.people[person] if person is not None else None
    case = stage.case(work, home, "dinsos_verified")
    granted = stage.claim(work, case, service, who, state, program, asked_on)
    said(work, case, priority, benefit)
    return granted


def said(work, case, priority, benefit):
    """Keep an answer of the engine on a case that says only this, of each of its claims."""
    if work.session.get(Edition, "e") is None:
        work.session.add(Edition(hash="e", kept_at=work.now, files=b""))
        work.session.flush()
    stored = StoredDiagnosis(
        case_id=case.id,
        occasion=OFFICE,
        day=work.today,
        edition="e",
        engine="1",
        claims=[[claim.id, *Standing(None, None, priority, benefit)] for claim in case.claims],
        answer_sha256="",
        made_at=work.now,
        made_by=OFFICE,
    )
    for field in ("facts", "answer"):
        stored.seal(work.keys, field, b"")
    work.session.add(stored)
    work.session.flush()
