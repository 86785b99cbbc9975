"""Claims that were determined, with what the engine said of their priority and amount: what lists are drawn up from."""

import json
import zlib
from datetime import date

from casework.cases.models import Edition, StoredDiagnosis
from engine.knowledge.model import HOUSEHOLD
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
    said(work, case, service, who.member if who else HOUSEHOLD, priority, benefit)
    return granted


def said(work, case, service, subject, priority, benefit):
    """Keep an answer of the engine on a case that says only this."""
    if work.session.get(Edition, "e") is None:
        work.session.add(Edition(hash="e", kept_at=work.now, files=b""))
        work.session.flush()
    answer = {"services": [{"service": service, "subject": subject, "priority": priority, "benefit": benefit}]}
    stored = StoredDiagnosis(
        case_id=case.id,
        occasion=OFFICE,
        day=work.today,
        edition="e",
        engine="1",
        claims=[],
        answer_sha256="",
        made_at=work.now,
        made_by=OFFICE,
    )
    for field in ("facts", "answer"):
        stored.seal(work.keys, field, zlib.compress(json.dumps(answer).encode()))
    work.session.add(stored)
    work.session.flush()
