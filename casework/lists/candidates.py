"""Who may stand on a list: what was decided about their claims, and what the published key says of their order.

The key: what is a duty by law first, then the priority that the rules give, then who asked first, then whose claim was
taken in first. Nothing else counts, and nobody is placed by hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from casework.cases.diagnoses import Standing, newest_of
from casework.cases.models import Case, Claim
from casework.lists.amounts import ONCE, amount_of
from casework.lists.holds import LIVE, chunks
from casework.lists.models import BeneficiaryList, Entry
from casework.people.models import Household, Person
from casework.staff.areas import claims_of, households_of
from casework.store.work import Work
from engine.knowledge.model import Service


@dataclass(frozen=True, slots=True)
class Candidate:
    """One who may stand on a list, with the values of the key."""

    claim: int | None
    household: int
    person: int | None
    asked_on: date
    duty: bool = False
    priority: float | None = None
    amount: int | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """Order by the published key: the smaller comes first. An unknown priority counts as 0, neither yes nor no."""
        return not self.duty, -(self.priority or 0.0), self.asked_on, self.claim or 0, self.household, self.person or 0


def candidates(work: Work, service: Service, since: date, until: date) -> list[Candidate]:
    """Give who was granted a service and stands on no list of it for these days, in the order of the key."""
    waiting = _granted(service) & ~_listed(service, since, until)
    rows = work.session.execute(
        select(Claim.id, Claim.case_id, Case.household_id, Claim.person_id, Claim.asked_on)
        .join(Case, Case.id == Claim.case_id)
        .join(Household, Household.id == Case.household_id)
        .outerjoin(Person, Person.id == Claim.person_id)
        .where(waiting, claims_of(work.actor, "list.draft"), households_of(work.actor, "list.draft"))
        .order_by(Claim.id)
    ).all()
    said = _said(work, service, {case for _, case, *_ in rows})
    return sorted(
        (
            _candidate(service, said.get(claim, Standing()), (claim, household, person, asked_on), since, until)
            for claim, _, household, person, asked_on in rows
        ),
        key=lambda one: one.key,
    )


def candidate_of(work: Work, service: Service, claim: Claim, since: date, until: date) -> Candidate:
    """Give one claim as a candidate."""
    said = _said(work, service, {claim.case_id}).get(claim.id, Standing())
    who = claim.id, claim.case.household_id, claim.person_id, claim.asked_on
    return _candidate(service, said, who, since, until)


def _candidate(
    service: Service, said: Standing, who: tuple[int, int, int | None, date], since: date, until: date
) -> Candidate:
    return Candidate(*who, service.duty, said.priority, amount_of(said.benefit, since, until))


def is_granted(service: Service, state: str) -> bool:
    """Say whether a claim in a state may stand on a list; aid that goes on may do so again."""
    return state in _states(service)


def _states(service: Service) -> tuple[str, ...]:
    goes_on = service.benefit is not None and service.benefit.per != ONCE
    return ("determined", "paid", "monitored") if goes_on else ("determined",)


def _granted(service: Service) -> ColumnElement[bool]:
    return and_(
        Claim.service == service.name,
        Claim.state.in_(_states(service)),
        Household.closed_at.is_(None),
        or_(Claim.person_id.is_(None), Person.died_on.is_(None)),
    )


def _listed(service: Service, since: date, until: date) -> ColumnElement[bool]:
    entry, other = aliased(Entry), aliased(BeneficiaryList)
    return (
        select(entry.id)
        .join(other, other.id == entry.list_id)
        .where(
            entry.claim_id == Claim.id,
            entry.place == "listed",
            other.service == service.name,
            other.state.in_(LIVE),
            other.since <= until,
            other.until >= since,
        )
        .exists()
    )


def _said(work: Work, service: Service, cases: Iterable[int]) -> dict[int, Standing]:
    """Give what the newest diagnosis of each case says, by the claims' ids.

    All of it counts here, whoever asks: the order must not depend on who draws it up.
    """
    if service.priority is None and service.benefit is None:
        return {}
    found: dict[int, Standing] = {}
    for some in chunks(sorted(cases)):
        found |= newest_of(work, some)
    return found
