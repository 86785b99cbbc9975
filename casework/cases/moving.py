"""Moving a case or a claim from state to state: only as the table allows, with what it asks for, and written down."""

from collections.abc import Callable, Container
from datetime import date

from sqlalchemy import ColumnElement, exists, select

from casework.cases import deadlines
from casework.cases.models import Case, Claim, Decision, Meeting, MeetingItem, Move, Task
from casework.cases.transitions import CASE, CASE_ENDS, CLAIM, CLAIM_ENDS, GRANTED, WAYS, Transition, ways_from
from casework.lists.models import Entry
from casework.payments.models import Payment
from casework.refusals import NotAllowed, Refused
from casework.staff.actors import APPLICANT
from casework.store.work import Work

# Whose turn it is when a case has come into a state.
LEVELS = {
    "submitted": "rt_rw",
    "rt_rw_checked": "kepala_dusun",
    "kadus_checked": "meeting",
    "musdes_approved": "office",
    "musdes_rejected": "office",
}
# While a claim is in one of these, the office still owes an answer.
_UNDECIDED = frozenset({"open", "proposed"})
_CHECKED = {"rt_rw_checked": "rt_rw", "kadus_checked": "kepala_dusun"}


def move_case(
    work: Work,
    case: Case,
    after: str,
    reason: str | None = None,
    attachment_id: int | None = None,
    holidays: Container[date] = (),
) -> Move:
    """Move a case.

    Args:
        after: The state to come.
        reason: Why; some ways ask for it.
        attachment_id: A paper that shows why.
        holidays: Of the knowledge, for the time limit of the next step.

    Raises:
        Refused: `case-no-way` when the table has no such way, `case-needs-<what>` when something is missing.
        NotAllowed: when the actor may not, here.
    """
    way = _way(CASE, case.state, after)
    _check(work, way, case, None, reason, attachment_id)
    move = _write(work, way, case, None, reason, attachment_id)
    case.state, case.moved_at = after, work.now
    case.due_on = _due(work, case, holidays)
    case.closed_at = work.now if after in CASE_ENDS else None
    if after == "withdrawn":
        for claim in case.claims:
            if claim.state not in CLAIM_ENDS:
                _write(work, _way(CLAIM, claim.state, after), case, claim, reason, attachment_id)
                claim.state, claim.due_on = after, None
    _hand_on(work, case)
    work.record("case.moved", "case", case.number, before=way.before, after=after)
    return move


def move_claim(
    work: Work,
    claim: Claim,
    after: str,
    reason: str | None = None,
    attachment_id: int | None = None,
    holidays: Container[date] = (),
) -> Move:
    """Move a claim; as `move_case`. A decision or payment it rests on must have been added to the session before."""
    way = _way(CLAIM, claim.state, after)
    _check(work, way, claim.case, claim, reason, attachment_id)
    move = _write(work, way, claim.case, claim, reason, attachment_id)
    claim.state = after
    if after in CLAIM_ENDS | GRANTED:
        claim.due_on = None
    elif way.before == "declined":
        claim.due_on = deadlines.due(work.now, deadlines.AGAIN, holidays)
    if claim.case.state == "dinsos_verified" and not any(one.state in _UNDECIDED for one in claim.case.claims):
        claim.case.due_on = None
    work.record("claim.moved", "case", claim.case.number, service=claim.service, before=way.before, after=after)
    return move


def ways(work: Work, case: Case, claim: Claim | None = None) -> list[tuple[Transition, str | None]]:
    """Give the ways on that this actor may take, each with the code of what is still missing (None: it can be done)."""
    of, state = (CLAIM, claim.state) if claim else (CASE, case.state)
    found = []
    for way in ways_from(of, state):
        if not may(work, way, case, claim):
            continue
        missing = next(
            (need for need in way.needs if need not in _TOLD and not _NEEDS[need](work, case, claim, way)), None
        )
        found.append((way, missing and f"case-needs-{missing}"))
    return found


def may(work: Work, way: Transition, case: Case, claim: Claim | None = None) -> bool:
    """Say whether the actor may take a way: by right, in the area of the post, for its programs."""
    if work.actor.everything or (way.applicant and work.actor == APPLICANT):
        return True
    home = case.household
    place = home.village, home.hamlet, home.rw, home.rt
    programs = {claim.program} if claim else {one.program for one in case.claims}
    return any(
        post.area.covers(*place) and (not post.programs or bool(post.programs & programs))
        for post in work.actor.posts_for(way.right)
    )


def _way(of: str, before: str, after: str) -> Transition:
    way = WAYS.get((of, before, after))
    if way is None:
        raise Refused("case-no-way", before=before, after=after)
    return way


def _check(
    work: Work, way: Transition, case: Case, claim: Claim | None, reason: str | None, attachment_id: int | None
) -> None:
    if not may(work, way, case, claim):
        raise NotAllowed
    for need in way.needs:
        if need == "reason":
            fulfilled, field = bool(reason and reason.strip()), "reason"
        elif need == "handed_over" and attachment_id is not None:
            fulfilled, field = True, None
        else:
            fulfilled, field = _NEEDS[need](work, case, claim, way), None
        if not fulfilled:
            raise Refused(f"case-needs-{need}", field)


def _write(
    work: Work, way: Transition, case: Case, claim: Claim | None, reason: str | None, attachment_id: int | None
) -> Move:
    move = Move(
        case_id=case.id,
        claim_id=claim.id if claim else None,
        before=way.before,
        after=way.after,
        moved_at=work.now,
        moved_by=work.actor.name,
        reason=reason.strip() if reason and reason.strip() else None,
        attachment_id=attachment_id,
    )
    work.session.add(move)
    return move


def _due(work: Work, case: Case, holidays: Container[date]) -> date | None:
    """Say by when a case has to go on: when its step ends, or the time limit of one of its services before that."""
    step = deadlines.step_due(work.now, case.state, case.urgent, holidays)
    if step is None or case.state == "returned":
        return step
    return min([step, *(one.due_on for one in case.claims if one.due_on and one.state in _UNDECIDED)])


def _hand_on(work: Work, case: Case) -> None:
    """Close the tasks of the step that is over and open that of the next; the village gets none of what it must not know."""
    session = work.session
    for task in session.scalars(select(Task).where(Task.case_id == case.id, Task.done_at.is_(None))):
        task.done_at, task.done_by, task.result = work.now, work.actor.name, "lapsed"
    levels = [LEVELS[case.state]] if case.state in LEVELS else []
    if case.state == "submitted" and case.is_confidential:
        levels = ["office"]
    elif case.state == "submitted" and case.urgent:
        levels.append("office")
    home = case.household
    for level in levels:
        place = {"village": home.village, "hamlet": home.hamlet, "rw": home.rw, "rt": home.rt}
        session.add(Task(case=case, level=level, facts=[], opened_at=work.now, due_on=case.due_on, **place))


def _is_checked(work: Work, case: Case, claim: Claim | None, way: Transition) -> bool:
    mine = select(Task).where(Task.case_id == case.id, Task.level == _CHECKED[way.after])
    task = work.session.scalar(mine.order_by(Task.id.desc()).limit(1))
    return task is not None and task.result == "checked"


def _has_minutes(work: Work, case: Case, claim: Claim | None, way: Transition) -> bool:
    item = MeetingItem.case_id == case.id, MeetingItem.approved.is_(way.after == "musdes_approved")
    return _there(work, Meeting.id == MeetingItem.meeting_id, Meeting.entered_at >= case.moved_at, *item)


def _decided(outcome: str | None) -> Callable[[Work, Case, Claim | None, Transition], bool]:
    """Make the need that the latest decision about a claim came out so (None: nobody has decided yet)."""

    def is_decided(work: Work, case: Case, claim: Claim | None, way: Transition) -> bool:
        latest = select(Decision).where(Decision.claim_id == claim.id).order_by(Decision.id.desc()).limit(1)
        decision = work.session.scalar(latest)
        return decision is not None and decision.outcome == outcome

    return is_decided


def _is_handed_over(work: Work, case: Case, claim: Claim | None, way: Transition) -> bool:
    return _there(work, Entry.claim_id == claim.id, Payment.entry_id == Entry.id, Payment.state == "paid")


def _there(work: Work, *conditions: ColumnElement[bool]) -> bool:
    return bool(work.session.scalar(select(exists().where(*conditions))))


# What a person gives along with the move, and so cannot be missing beforehand.
_TOLD = frozenset({"reason", "handed_over"})
_NEEDS: dict[str, Callable[[Work, Case, Claim | None, Transition], bool]] = {
    "claims": lambda work, case, claim, way: bool(case.claims),
    "checked": _is_checked,
    "minutes": _has_minutes,
    "straight": lambda work, case, claim, way: case.urgent or case.is_confidential,
    "verified": lambda work, case, claim, way: case.state == "dinsos_verified",
    "proposal": _decided(None),
    "granted": _decided("granted"),
    "declined": _decided("declined"),
    "sent_back": _decided("returned"),
    "handed_over": _is_handed_over,
    "settled": lambda work, case, claim, way: all(one.state in CLAIM_ENDS for one in case.claims),
    "ungranted": lambda work, case, claim, way: not any(one.state in GRANTED for one in case.claims),
}
