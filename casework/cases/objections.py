"""Objections (sanggah) and the wish that a human looks again: who may bring them, by when they are answered, what follows.

Anybody may object, and whoever does is protected: the name is sealed and only seen by those who answer. An objection
never takes aid away. When it is upheld, the case goes back to be checked; what becomes of the aid is decided anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, not_, or_, select

from casework.cases.deadlines import add_working_days
from casework.cases.models import Case, Claim, Decision, Objection
from casework.cases.moving import move_case, move_claim
from casework.cases.numbers import next_number
from casework.cases.time_limits import ANSWER_DAYS, days_of
from casework.lists.models import Entry
from casework.people.models import Household
from casework.refusals import ChangedMeanwhile, NotFound, Refused
from casework.staff.actors import APPLICANT, EVERYWHERE
from casework.staff.areas import households_of, sees
from casework.store.work import Work
from engine.knowledge.model import Knowledge
from engine.population_number import without_numbers

RIGHT, SECRETS = "objection.answer", "secrets.read"
OBJECTION, REVIEW = KINDS = "objection", "review"
CHANNELS = ("self", "assisted", "counter", "phone")
# Upheld: the objection is right. Checked again: the desk cannot tell, so it is looked at on the spot.
OUTCOMES = ("upheld", "checked_again", "rejected")
LONGEST = 4000
# States in which nobody is checking the case (any more).
_VERIFIED = ("dinsos_verified", "closed")


class Objector(NamedTuple):
    """Who objected and how to reach them, as far as they said."""

    name: str | None
    contact: str | None


def file_objection(
    work: Work,
    knowledge: Knowledge,
    kind: str,
    text: str,
    *,
    channel: str,
    case: Case | None = None,
    claim: Claim | None = None,
    entry: Entry | None = None,
    objector: str | None = None,
    contact: str | None = None,
) -> Objection:
    """Take an objection in. Anybody may; no right is asked for, and whoever calls has found the case.

    Args:
        work: The unit of work, of an applicant, of staff, or of the system for an unnamed visitor.
        knowledge: Says within how many working days it is answered.
        kind: `objection`, or `review`: the applicant wants a human to look again (needs a case or a claim).
        text: What is wrong, in the objector's words; whole NIK and KK numbers in it are kept masked.
        channel: `self`, `assisted`, `counter` or `phone`.
        case: The case it is about; follows from the claim.
        claim: The claim it is about; follows from the entry.
        entry: The entry of a list it is about.
        objector: Who objects; kept sealed. None: unnamed.
        contact: How to reach them; kept sealed.

    Raises:
        Refused: `objection-kind`, `objection-channel`, `objection-empty`, `objection-long`, `objection-of-what`.
    """
    said = _said(text)
    claim = claim or (entry.claim if entry else None)
    case = case or (claim.case if claim else None)
    _require_known(kind, KINDS, "objection-kind", "kind")
    _require_known(channel, CHANNELS, "objection-channel", "channel")
    if kind == REVIEW and case is None:
        raise Refused("objection-of-what", "case")
    objection = Objection(
        number=next_number(work, "objection"),
        kind=kind,
        case_id=case and case.id,
        claim_id=claim and claim.id,
        entry_id=entry and entry.id,
        text=said,
        channel=channel,
        received_at=work.now,
        due_on=_due(knowledge, work.today),
        state="open",
    )
    objection.seal(work.keys, "objector", _or_none(objector))
    objection.seal(work.keys, "contact", _or_none(contact))
    work.session.add(objection)
    work.session.flush()
    work.record("objection.filed", "objection", objection.number, what=kind, channel=channel, case=_number(case))
    return objection


def objection_of(work: Work, number: str) -> Objection:
    """Give an objection, for those who answer. Raises: NotFound, when there is none or it is not for this actor."""
    work.require(RIGHT)
    objection = work.session.scalar(select(Objection).where(Objection.number == number, _seen_by(work)))
    if objection is None:
        raise NotFound
    return objection


def objections(work: Work, state: str | None = "open", overdue: bool = False, limit: int = 200) -> list[Objection]:
    """Give the objections that this actor may answer, the most pressing first, with nobody's name opened.

    Args:
        state: `open`, `answered`, `withdrawn`; None: all.
        overdue: Only those whose day is over.
    """
    work.require(RIGHT)
    found = select(Objection).where(_seen_by(work)).order_by(Objection.due_on.is_(None), Objection.due_on, Objection.id)
    if state:
        found = found.where(Objection.state == state)
    if overdue:
        found = found.where(Objection.state == "open", Objection.due_on < work.today)
    return list(work.session.scalars(found.limit(limit)))


def about(work: Work, case: Case) -> list[Objection]:
    """Give the objections about a case, the latest first."""
    work.require(RIGHT)
    mine = select(Objection).where(Objection.case_id == case.id, _seen_by(work))
    return list(work.session.scalars(mine.order_by(Objection.id.desc())))


def claim_of(work: Work, objection: Objection) -> Claim | None:
    """Give the claim that an objection names."""
    return work.session.get(Claim, objection.claim_id) if objection.claim_id else None


def case_of(work: Work, objection: Objection) -> Case | None:
    """Give the case that an objection is about, if it names one."""
    return work.session.get(Case, objection.case_id) if objection.case_id else None


def cases_of(work: Work, found: Iterable[Objection]) -> dict[int, Case]:
    """Give the cases that some objections are about, by the ids of the objections that name one."""
    about = {one.id: one.case_id for one in found if one.case_id}
    cases = {one.id: one for one in work.session.scalars(select(Case).where(Case.id.in_(about.values())))}
    return {id_: cases[case] for id_, case in about.items()}


def objector_of(work: Work, objection: Objection) -> Objector:
    """Give who objected, for those who answer, and on the record."""
    work.require(RIGHT)
    work.record("objection.read", "objection", objection.number)
    return Objector(objection.opened(work.keys, "objector"), objection.opened(work.keys, "contact"))


def point_at(work: Work, objection: Objection, case: Case, version: int | str | None = None) -> None:
    """Say which case an objection is about that named none, so that it can be checked again."""
    work.require(RIGHT)
    work.same(objection, version)
    _require_open(objection)
    sees(work, case.household, RIGHT)
    objection.case_id = case.id
    work.record("objection.pointed", "objection", objection.number, case=case.number)


def answer(
    work: Work,
    knowledge: Knowledge,
    objection: Objection,
    outcome: str,
    text: str,
    version: int | str | None = None,
) -> Objection:
    """Answer an objection by name. Upheld or to be checked again, its case goes back to be verified; nothing is taken away.

    Args:
        work: Who answers; nobody who proposed or decided about the claim, for that is what was objected to.
        knowledge: For the time limits of the check.
        objection: An open one.
        outcome: One of OUTCOMES.
        text: What the objector is told.
        version: Of the objection, as it was shown.

    Raises:
        Refused: `objection-outcome`, `objection-needs-answer`, `objection-own`.
        ChangedMeanwhile: when it is answered or withdrawn already.
    """
    work.require(RIGHT)
    work.same(objection, version)
    _require_open(objection)
    _require_known(outcome, OUTCOMES, "objection-outcome", "outcome")
    if not (said := without_numbers(text.strip())):
        raise Refused("objection-needs-answer", "answer")
    if work.actor.account is None or work.actor.account in _deciders(work, objection):
        raise Refused("objection-own")
    objection.state, objection.outcome, objection.answer = "answered", outcome, said
    objection.answered_at, objection.answered_by = work.now, work.actor.name
    case = case_of(work, objection)
    if case is not None and outcome != "rejected":
        _check_again(work, knowledge, objection, case)
    work.session.flush()
    work.record("objection.answered", "objection", objection.number, outcome=outcome, case=_number(case))
    return objection


def withdraw(work: Work, objection: Objection, version: int | str | None = None) -> Objection:
    """Take an objection back: the applicant whose it is (the caller has made sure), or an officer at their word."""
    if work.actor != APPLICANT:
        work.require(RIGHT)
    work.same(objection, version)
    _require_open(objection)
    objection.state = "withdrawn"
    objection.answered_at, objection.answered_by = work.now, work.actor.name
    work.session.flush()
    work.record("objection.withdrawn", "objection", objection.number)
    return objection


def _seen_by(work: Work) -> ColumnElement[bool]:
    """Give the condition on `Objection` of what the actor may answer: in their areas, and no secret without need."""
    actor = work.actor
    cases = select(Case.id).join(Household, Household.id == Case.household_id).where(households_of(actor, RIGHT))
    everywhere = actor.everything or any(post.area == EVERYWHERE for post in actor.posts_for(RIGHT))
    seen = Objection.case_id.in_(cases)
    if everywhere:
        seen = or_(seen, Objection.case_id.is_(None))
    secret = (
        select(Claim.id)
        .join(Case, Case.id == Claim.case_id)
        .join(Household, Household.id == Case.household_id)
        .where(Claim.officer_only, not_(households_of(actor, SECRETS)))
    )
    return and_(seen, or_(Objection.claim_id.is_(None), Objection.claim_id.not_in(secret)))


def _require_open(objection: Objection) -> None:
    if objection.state != "open":
        raise ChangedMeanwhile


def _deciders(work: Work, objection: Objection) -> set[int]:
    """Give who proposed or decided what is objected to."""
    if objection.claim_id is not None:
        mine = Decision.claim_id == objection.claim_id
    elif objection.case_id is not None:
        mine = Decision.claim_id.in_(select(Claim.id).where(Claim.case_id == objection.case_id))
    else:
        return set()
    rows = work.session.execute(select(Decision.proposed_by, Decision.decided_by).where(mine))
    return {account for row in rows for account in row if account is not None}


def _check_again(work: Work, knowledge: Knowledge, objection: Objection, case: Case) -> None:
    """Send a case back to be verified, and open again what was declined; what is granted stays as it is.

    Whoever may answer may cause the check, in whatever state the case is: the right to move it there is not asked for.
    The reason names the objection only, so that nobody reads from it who objected.
    """
    work = replace(work, actor=replace(work.actor, everything=True))
    holidays = knowledge.holidays
    for claim in case.claims:
        if claim.state == "declined" and objection.claim_id in (None, claim.id):
            move_claim(work, claim, "open", objection.number, holidays=holidays)
    if case.state in _VERIFIED:
        move_case(work, case, "returned", objection.number, holidays=holidays)
    if case.state == "returned":
        move_case(work, case, "submitted", objection.number, holidays=holidays)


def _said(text: str) -> str:
    said = without_numbers(text.strip())
    if not said:
        raise Refused("objection-empty", "text")
    if len(said) > LONGEST:
        raise Refused("objection-long", "text", longest=LONGEST)
    return said


def _require_known(word: str, known: Sequence[str], code: str, field: str) -> None:
    if word not in known:
        raise Refused(code, field)


def _due(knowledge: Knowledge, day: date) -> date | None:
    """Give the day by which an answer is due; None while no number of days is in force."""
    days = days_of(knowledge, ANSWER_DAYS, day)
    return add_working_days(knowledge, day, days) if days else None


def _or_none(text: str | None) -> str | None:
    return (text or "").strip() or None


def _number(case: Case | None) -> str | None:
    return case.number if case else None
