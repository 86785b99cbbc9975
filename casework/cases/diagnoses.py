"""Answers of the engine on a case: made, kept with their facts, day, edition and proof, and worked out again."""

import hashlib
import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from casework.cases import editions
from casework.cases.facts import document_of, household_of
from casework.cases.models import Case, Claim, StoredDiagnosis
from casework.people.observations import knows_secrets
from casework.refusals import NotFound
from casework.staff.areas import sees
from casework.store.work import Work
from engine import present
from engine.diagnosis import ENGINE_VERSION, Diagnosis, Office

_LANGUAGE = "id"


class Replay(NamedTuple):
    """Whether the same facts under the same edition give the same bytes; where not, which engine it was and is."""

    same: bool
    engine_then: str
    engine_now: str
    sha256_then: str
    sha256_now: str


class Standing(NamedTuple):
    """What one diagnosis said of one claim; nothing of a service that its edition does not have.

    `benefit` is what lists reckon with: amount, per, kind (as in the JSON of an answer).
    """

    status: str | None = None
    cf: float | None = None
    priority: float | None = None
    benefit: dict[str, Any] | None = None


@dataclass(frozen=True)
class Step:
    """One diagnosis on the way of a case, with what it said of each claim, by the claim's id."""

    id: int
    occasion: str
    day: date
    made_at: datetime
    made_by: str
    claims: dict[int, Standing]


def diagnose(work: Work, office: Office, case: Case, occasion: str) -> StoredDiagnosis:
    """Work out what follows for a case today, keep it whole, and bring its claims up to date.

    Args:
        work: Whoever caused it; the engine sees everything, whatever they may see.
        office: The edition in force.
        case: The case.
        occasion: After what: opened, told, rt_rw, kepala_dusun, meeting, office, decision, asked.

    Raises:
        NotFound: when the case lies outside of what the actor may see.
    """
    if work.actor.account is not None:
        sees(work, case.household, "case.read")
    document = document_of(work, office, case.household, secrets=True)
    answer = _answer(office, document)
    rows = {(row["service"], row["subject"]): row for row in answer["services"]}
    for claim in case.claims:
        row = rows.get(claim.vertex)
        claim.status, claim.cf = (row["status"], row["cf"]) if row else (None, None)
        claim.officer_only = bool(row["officer_only"]) if row else claim.officer_only
    stored = StoredDiagnosis(
        case_id=case.id,
        occasion=occasion,
        day=work.today,
        edition=editions.keep(work, office.knowledge),
        engine=ENGINE_VERSION,
        claims=[[claim.id, *_standing(rows.get(claim.vertex))] for claim in case.claims],
        answer_sha256=hashlib.sha256(canonical(answer)).hexdigest(),
        made_at=work.now,
        made_by=work.actor.name,
    )
    stored.seal(work.keys, "facts", zlib.compress(canonical(document)))
    stored.seal(work.keys, "answer", zlib.compress(canonical(answer)))
    stored.seal(work.keys, "public", zlib.compress(canonical(_answer(office, document, public=True))))
    work.session.add(stored)
    work.session.flush()
    work.record("diagnosis.made", "case", case.number, occasion=occasion, edition=stored.edition, diagnosis=stored.id)
    return stored


def canonical(data: Any) -> bytes:
    """Give plain data as the one row of bytes that stands for it."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def latest(work: Work, case: Case) -> StoredDiagnosis | None:
    """Give the newest diagnosis of a case; None when there is none yet."""
    mine = select(StoredDiagnosis).where(StoredDiagnosis.case_id == case.id)
    return work.session.scalars(mine.order_by(StoredDiagnosis.id.desc()).limit(1)).one_or_none()


def diagnosis_of(work: Work, case: Case, id_: int) -> StoredDiagnosis:
    """Give one diagnosis of a case. Raises: NotFound, when it has none of that number."""
    stored = work.session.get(StoredDiagnosis, id_)
    if stored is None or stored.case_id != case.id:
        raise NotFound
    return stored


def answer_of(work: Work, stored: StoredDiagnosis) -> dict[str, Any]:
    """Give the JSON of an answer (design 6.2): all of it to those who know secrets here, else what everybody may see.

    Raises:
        NotFound: when the case lies outside of what the actor may see, or the answer was erased.
        Refused: when it was altered in the database.
    """
    field = "answer" if knows_secrets(work, _seen(work, stored).household) else "public"
    return work.once((answer_of, stored.id, field), lambda: json.loads(_opened(work, stored, field)))


def as_told(work: Work, stored: StoredDiagnosis) -> tuple[dict[str, Any], bool]:
    """Give the facts of an answer to ask them of another edition; and whether what only officers may know is to stay out."""
    secrets = knows_secrets(work, _seen(work, stored).household)
    return _facts(work, stored), not secrets


def told_again(work: Work, stored: StoredDiagnosis, current: Office | None = None) -> Diagnosis | None:
    """Work a kept answer out again, to tell it in words: all of it to those who know secrets, else what everybody may see.

    Args:
        work: Whoever wants to read it.
        stored: The answer.
        current: The edition in force, which need not be opened again.

    Returns:
        The diagnosis; None when it is not, byte for byte, what was kept: then only what was kept may be shown.
    """
    document, public = as_told(work, stored)
    office = editions.office_of(work, stored.edition, current)
    made = _made(office, document, public)
    kept = _opened(work, stored, "public" if public else "answer")
    return made if canonical(present.as_json(made, _LANGUAGE, everything=True)) == kept else None


def before_and_after(work: Work, case: Case) -> tuple[Step, ...]:
    """Give every diagnosis of a case in order, with the certainty of each claim that the actor may see."""
    shown = {claim.id for claim in case.claims if may_see(work, claim)}
    rows = select(StoredDiagnosis).where(StoredDiagnosis.case_id == case.id).order_by(StoredDiagnosis.id)
    return tuple(
        Step(
            one.id,
            one.occasion,
            one.day,
            one.made_at,
            one.made_by,
            {claim: Standing(*said) for claim, *said in one.claims if claim in shown},
        )
        for one in work.session.scalars(rows)
    )


def newest_of(work: Work, cases: Collection[int]) -> dict[int, Standing]:
    """Give what the newest diagnosis of each of some cases says, by the claims' ids; none of them is opened for it."""
    newest = (
        select(func.max(StoredDiagnosis.id)).where(StoredDiagnosis.case_id.in_(cases)).group_by(StoredDiagnosis.case_id)
    )
    kept = work.session.scalars(select(StoredDiagnosis.claims).where(StoredDiagnosis.id.in_(newest)))
    return {claim: Standing(*said) for claims in kept for claim, *said in claims}


def may_see(work: Work, claim: Claim) -> bool:
    """Say whether the actor may know of a claim; not everybody may of what only officers may know."""
    return not claim.officer_only or knows_secrets(work, claim.case.household)


def replay(work: Work, stored: StoredDiagnosis, current: Office | None = None) -> Replay:
    """Work an answer out again from its own facts, day and edition, and compare it byte for byte.

    Args:
        work: Whoever wants to know.
        stored: The answer.
        current: The edition in force, which need not be opened again.
    """
    case = _seen(work, stored)
    office = editions.office_of(work, stored.edition, current)
    again = hashlib.sha256(canonical(_answer(office, _facts(work, stored)))).hexdigest()
    then = hashlib.sha256(_opened(work, stored, "answer")).hexdigest()
    same = again == then == stored.answer_sha256
    work.record("diagnosis.replayed", "case", case.number, diagnosis=stored.id, same=same)
    return Replay(same, stored.engine, ENGINE_VERSION, stored.answer_sha256, again)


def _standing(row: Mapping[str, Any] | None) -> Standing:
    """Give what is kept open of a row of an answer."""
    if row is None:
        return Standing()
    benefit = row["benefit"] and {key: row["benefit"][key] for key in ("amount", "per", "kind")}
    return Standing(row["status"], row["cf"], row["priority"], benefit)


def _answer(office: Office, document: dict[str, Any], public: bool = False) -> dict[str, Any]:
    return present.as_json(_made(office, document, public), _LANGUAGE, everything=True)


def _made(office: Office, document: dict[str, Any], public: bool) -> Diagnosis:
    household = household_of(office, document)
    return office.diagnose_for_everybody(household) if public else office.diagnose(household)


def _facts(work: Work, stored: StoredDiagnosis) -> dict[str, Any]:
    return json.loads(_opened(work, stored, "facts"))


def _opened(work: Work, stored: StoredDiagnosis, field: str) -> bytes:
    """Open what is kept; of an erased answer nothing is."""
    sealed = getattr(stored, f"{field}_sealed") and stored.opened_bytes(work.keys, field)
    if not sealed:
        raise NotFound
    return zlib.decompress(sealed)


def _seen(work: Work, stored: StoredDiagnosis) -> Case:
    case = work.session.get_one(Case, stored.case_id)
    sees(work, case.household, "case.read")
    return case
