"""Decisions: the engine recommends, an officer proposes, another officer decides by name. Nobody decides what they proposed.

Four eyes hold for every service, not for cash alone: one rule is easier to keep than two, and goods are worth money too.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from casework.cases.diagnoses import answer_of, latest, may_see
from casework.cases.models import Case, Claim, Decision, StoredDiagnosis
from casework.cases.moving import move_claim
from casework.people.models import Household
from casework.refusals import ChangedMeanwhile, NotAllowed, NotFound, Refused
from casework.staff.areas import claims_of, households_of, sees
from casework.staff.models import Account
from casework.store.work import Work

PROPOSE, DECIDE, SECRETS = "decision.propose", "decision.decide", "secrets.read"
PROPOSALS = ("grant", "decline")
GRANTED, DECLINED, RETURNED = "granted", "declined", "returned"
# Where a case must be while something of it is decided; an objection may have sent it back meanwhile.
VERIFIED = "dinsos_verified"
_STATE_AFTER = {GRANTED: "determined", DECLINED: "declined", RETURNED: "open"}


class Recommended(NamedTuple):
    """What the engine said of a claim: `yes`, `no` or `unknown`, the status behind it, and its row of the answer."""

    outcome: str
    status: str | None
    row: dict | None

    def is_against(self, proposal: str) -> bool:
        """Say whether a proposal goes against it: granted without a yes, or declined in spite of one."""
        return self.outcome != "yes" if proposal == "grant" else self.outcome == "yes"


class Waiting(NamedTuple):
    """A proposal that waits, as it is listed: `barred` is why this actor cannot approve it (a code), None if they can."""

    decision: Decision
    claim: Claim
    case: Case
    proposer: str
    barred: str | None


def claim_of(work: Work, case: Case, id_: int) -> Claim:
    """Give a claim of a case. Raises: NotFound, when it has none such that the actor may know of."""
    claim = next((one for one in case.claims if one.id == id_), None)
    if claim is None or not may_see(work, claim):
        raise NotFound
    return claim


def decision_of(work: Work, id_: int, right: str = DECIDE) -> Decision:
    """Give a decision. Raises: NotFound, when there is none or it lies outside of what the actor may decide about."""
    decision = work.session.get(Decision, id_)
    if decision is None or not may_see(work, decision.claim):
        raise NotFound
    sees(work, decision.claim.case.household, right)
    if not work.actor.may_for(right, decision.claim.program):
        raise NotFound
    return decision


def recommended(work: Work, claim: Claim, stored: StoredDiagnosis) -> Recommended:
    """Give what an answer says of a claim; what it does not mention is a no."""
    rows = answer_of(work, stored)["services"]
    row = next((one for one in rows if (one["service"], one["subject"]) == claim.vertex), None)
    return Recommended(row["outcome"], row["status"], row) if row else Recommended("no", None, None)


def propose(
    work: Work, claim: Claim, proposal: str, reason: str | None = None, version: int | str | None = None
) -> Decision:
    """Propose to grant or to decline a claim, beside the latest answer of the engine.

    Args:
        work: An officer of the Bidang that works on the claim.
        claim: Verified by the office (`casework.cases.transitions`); what is urgent gets there without the village.
        proposal: `grant` or `decline`.
        reason: Why; needed against the engine, and to decline what it cannot say.
        version: Of the claim, as it was shown.

    Raises:
        Refused: `decision-what`, `decision-no-diagnosis`, `decision-needs-reason`, or what moving the claim asks for.
        ChangedMeanwhile: when somebody proposed first.
    """
    work.same(claim, version)
    if claim.state == "proposed":
        raise ChangedMeanwhile
    if work.actor.account is None or not work.actor.may_for(PROPOSE, claim.program):
        raise NotAllowed
    if proposal not in PROPOSALS:
        raise Refused("decision-what", "proposal")
    stored = latest(work, claim.case)
    if stored is None:
        raise Refused("decision-no-diagnosis")
    engine, reason = recommended(work, claim, stored), _words(reason)
    if reason is None and (engine.is_against(proposal) or engine.outcome == "unknown"):
        raise Refused("decision-needs-reason", "reason")
    decision = Decision(
        claim=claim,
        diagnosis_id=stored.id,
        proposal=proposal,
        override=engine.is_against(proposal),
        reason=reason,
        proposed_at=work.now,
        proposed_by=work.actor.account,
    )
    work.session.add(decision)
    work.session.flush()
    move_claim(work, claim, "proposed", reason)
    work.record(
        "decision.proposed",
        "case",
        claim.case.number,
        decision=decision.id,
        proposal=proposal,
        override=decision.override,
    )
    return decision


def approve(work: Work, decision: Decision, reason: str | None = None, version: int | str | None = None) -> Decision:
    """Decide as was proposed. Raises: Refused (`barred`), ChangedMeanwhile when it is decided already."""
    outcome = GRANTED if decision.proposal == "grant" else DECLINED
    return _decide(work, decision, outcome, _words(reason), version)


def decline(work: Work, decision: Decision, reason: str, version: int | str | None = None) -> Decision:
    """Decline what was proposed to be granted; it takes a reason."""
    return _decide(work, decision, DECLINED, _required(reason), version)


def send_back(work: Work, decision: Decision, reason: str, version: int | str | None = None) -> Decision:
    """Send a proposal back, for something to be looked at again; it takes a reason."""
    return _decide(work, decision, RETURNED, _required(reason), version)


def barred(work: Work, decision: Decision) -> str | None:
    """Say why this actor cannot decide as proposed: `decision-own`, `decision-unverified`, `decision-outdated`; None: they can."""
    return _bar(work, decision, _outdated(work, [decision]))


def waiting(work: Work, program: str | None = None, limit: int = 200) -> list[Waiting]:
    """Give the proposals that wait for this actor's decision: urgent ones first, then the oldest."""
    rows = (
        select(Decision, Account.name)
        .join(Account, Account.id == Decision.proposed_by)
        .join(Claim, Claim.id == Decision.claim_id)
        .join(Case, Case.id == Claim.case_id)
        .join(Household, Household.id == Case.household_id)
        .where(*_waits(work, program))
        .order_by(Case.urgent.desc(), Decision.proposed_at, Decision.id)
        .limit(limit)
        .options(joinedload(Decision.claim).options(joinedload(Claim.person), joinedload(Claim.case)))
    )
    found = work.session.execute(rows).all()
    outdated = _outdated(work, [one for one, _ in found])
    return [Waiting(one, one.claim, one.claim.case, proposer, _bar(work, one, outdated)) for one, proposer in found]


def count_waiting(work: Work, program: str | None = None) -> int:
    """Count all of them."""
    rows = select(func.count(Decision.id)).join(Claim, Claim.id == Decision.claim_id)
    rows = rows.join(Case, Case.id == Claim.case_id).join(Household, Household.id == Case.household_id)
    return work.session.scalar(rows.where(*_waits(work, program))) or 0


def decisions_of(work: Work, claims: Iterable[Claim]) -> dict[int, list[Decision]]:
    """Give the decisions about each of some claims, the latest first, by the claim's id."""
    found: dict[int, list[Decision]] = {one.id: [] for one in claims}
    rows = select(Decision).where(Decision.claim_id.in_(list(found))).order_by(Decision.id.desc())
    for one in work.session.scalars(rows):
        found[one.claim_id].append(one)
    return found


def _decide(work: Work, decision: Decision, outcome: str, reason: str | None, version: int | str | None) -> Decision:
    """Write down what a named officer decided, and move the claim."""
    work.same(decision, version)
    if decision.outcome is not None:
        raise ChangedMeanwhile
    if work.actor.account is None or not work.actor.may_for(DECIDE, decision.claim.program):
        raise NotAllowed
    code = barred(work, decision)
    # What rests on an old answer can still be sent back; and nobody judges their own proposal, whatever they make of it.
    if code == "decision-own" or (code and outcome != RETURNED):
        raise Refused(code)
    decision.outcome, decision.outcome_reason = outcome, reason
    decision.decided_at, decision.decided_by = work.now, work.actor.account
    work.session.flush()
    claim = decision.claim
    move_claim(work, claim, _STATE_AFTER[outcome], reason)
    work.record("decision.made", "case", claim.case.number, decision=decision.id, outcome=outcome)
    return decision


def _waits(work: Work, program: str | None) -> list[ColumnElement[bool]]:
    """Give the conditions on what waits for this actor; raises NotAllowed when they decide nothing."""
    work.require(DECIDE)
    actor = work.actor
    return [
        Decision.outcome.is_(None),
        Claim.state == "proposed",
        households_of(actor, DECIDE),
        claims_of(actor, DECIDE),
        or_(Claim.officer_only.is_(False), households_of(actor, SECRETS)),
        *([Claim.program == program] if program else []),
    ]


def _bar(work: Work, decision: Decision, outdated: frozenset[int]) -> str | None:
    if work.actor.account == decision.proposed_by:
        return "decision-own"
    if decision.claim.case.state != VERIFIED:
        return "decision-unverified"
    return "decision-outdated" if decision.id in outdated else None


def _outdated(work: Work, decisions: Sequence[Decision]) -> frozenset[int]:
    """Give the decisions whose case has a newer answer that says something else of their claim; none is opened for it."""
    cases = {one.claim.case_id for one in decisions}
    newest = (
        select(func.max(StoredDiagnosis.id)).where(StoredDiagnosis.case_id.in_(cases)).group_by(StoredDiagnosis.case_id)
    )
    based_on = {one.diagnosis_id for one in decisions}
    rows = work.session.execute(
        select(StoredDiagnosis.id, StoredDiagnosis.case_id, StoredDiagnosis.claims)
        .where(or_(StoredDiagnosis.id.in_(based_on), StoredDiagnosis.id.in_(newest)))
        .order_by(StoredDiagnosis.id)
    ).all()
    said = {id_: {claim: status for claim, status, *_ in claims} for id_, _, claims in rows}
    last = {case: id_ for id_, case, _ in rows}
    return frozenset(
        one.id
        for one in decisions
        if said[one.diagnosis_id].get(one.claim_id) != said[last[one.claim.case_id]].get(one.claim_id)
    )


def _required(reason: str | None) -> str:
    if (said := _words(reason)) is None:
        raise Refused("decision-needs-reason", "reason")
    return said


def _words(reason: str | None) -> str | None:
    return (reason or "").strip() or None
