"""Opening a case: what is asked for, by whom, through which channel; never the same thing twice at a time."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from casework.cases import deadlines
from casework.cases.models import Case, Claim, Contact, Move
from casework.cases.moving import move_case
from casework.cases.numbers import CASE, next_number
from casework.cases.transitions import CLAIM_ENDS, FIRST
from casework.people.models import Household, Person
from casework.refusals import NotAllowed, NotFound, Refused
from casework.staff.actors import APPLICANT
from casework.staff.areas import sees
from casework.store.work import Work
from engine.diagnosis import Office
from engine.knowledge.model import PERSON, Service

CHANNELS = ("self", "assisted", "counter")


class Asked(NamedTuple):
    """A service, and the person it is for; None: the household."""

    service: Service
    person: Person | None


def open_case(
    work: Work,
    office: Office,
    household: Household,
    services: Iterable[tuple[str, Person | None]],
    channel: str,
    urgent: str | None = None,
) -> Case:
    """Open a case as a draft; `submit` (or `move_case`) hands it in.

    Args:
        office: The knowledge: which services there are, whose Bidang each is, how long it may take.
        household: Whose case.
        services: What is asked for: pairs of a service and the person it is for (None: the household).
        channel: `self`, `assisted` or `counter`.
        urgent: Why it cannot wait; then it may go straight to the office.

    Raises:
        Refused: `case-no-claims`, `case-no-service`, `case-whose`, `case-not-urgent`, or `case-twice` with the number of
            the case that asks for the same already.
    """
    if work.actor != APPLICANT:
        work.require("case.open")
        sees(work, household, "case.open")
    # Two officers at two desks: the second waits here until the first has written, and then sees it.
    work.session.execute(select(Household.id).where(Household.id == household.id).with_for_update())
    asked = _asked(work, office, household, services)
    if urgent and not any(one.service.urgent for one in asked):
        raise Refused("case-not-urgent", "urgent")
    case = _case(work, household, channel, urgent)
    confidential = office.plan(work.today).officer_only
    for one in asked:
        _refuse_twice(work, household, one)
        case.claims.append(_claim(work, office, one, one.service.name in confidential))
    work.session.add(case)
    work.session.flush()
    work.session.add(Contact(case_id=case.id, channel=channel, at=work.now, by=work.actor.name))
    work.session.add(
        Move(case_id=case.id, before="", after=case.state, moved_at=work.now, moved_by=work.actor.name, reason=urgent)
    )
    work.record("case.opened", "case", case.number, channel=channel, claims=len(asked), urgent=bool(urgent))
    return case


def submit(work: Work, office: Office, case: Case, reason: str | None = None) -> None:
    """Hand a case in: the time limits of its services begin, and the first task goes to the village."""
    for claim in case.claims:
        claim.due_on = _due(work, office, claim.service)
    move_case(work, case, "submitted", reason, holidays=office.knowledge.holidays)


def _asked(
    work: Work, office: Office, household: Household, services: Iterable[tuple[str, Person | None]]
) -> list[Asked]:
    found = [_checked(work, office, household, name, person) for name, person in dict.fromkeys(services)]
    if not found:
        raise Refused("case-no-claims", "services")
    return found


def _checked(work: Work, office: Office, household: Household, name: str, person: Person | None) -> Asked:
    service = office.knowledge.services.get(name)
    if service is None or household.applicant not in service.applicants:
        raise Refused("case-no-service", "services", service=name)
    if (service.for_ == PERSON) != (person is not None):
        raise Refused("case-whose", "services", service=service.label.id)
    if person is not None and person.household_id != household.id:
        raise NotFound
    hidden = name in office.plan(work.today).officer_only
    if hidden and not work.actor.may("secrets.read"):
        raise NotAllowed
    return Asked(service, person)


def _refuse_twice(work: Work, household: Household, asked: Asked) -> None:
    subject = Claim.person_id == asked.person.id if asked.person else Claim.person_id.is_(None)
    if asked.person is None:
        subject &= Case.household_id == household.id
    same = (
        select(Case.number)
        .join(Claim, Claim.case_id == Case.id)
        .where(Claim.service == asked.service.name, Claim.state.not_in(CLAIM_ENDS), subject)
        .limit(1)
    )
    number = work.session.scalar(same)
    if number is not None:
        raise Refused("case-twice", "services", number=number, service=asked.service.label.id)


def _case(work: Work, household: Household, channel: str, urgent: str | None) -> Case:
    if channel not in CHANNELS:
        raise Refused("case-channel", "channel")
    return Case(
        number=next_number(work, CASE),
        household=household,
        state=FIRST["case"],
        urgent=bool(urgent),
        channel=channel,
        opened_at=work.now,
        opened_by=work.actor.name,
        moved_at=work.now,
        due_on=deadlines.step_due(work.now, FIRST["case"]),
        assigned_to=None,
    )


def _claim(work: Work, office: Office, asked: Asked, officer_only: bool) -> Claim:
    return Claim(
        service=asked.service.name,
        person=asked.person,
        program=asked.service.program.text,
        state=FIRST["claim"],
        officer_only=officer_only,
        asked_on=work.today,
        due_on=_due(work, office, asked.service.name),
    )


def _due(work: Work, office: Office, service: str) -> date | None:
    return deadlines.due(work.now, office.knowledge.services[service].time_limit, office.knowledge.holidays)
