"""Who may stand on a list: what was decided about their claims, and what the published key says of their order.

The key: what is a duty by law first, then the priority that the rules give, then who asked first, then whose claim was
taken in first. Nothing else counts, and nobody is placed by hand.
"""

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from casework.cases.models import Case, Claim, StoredDiagnosis
from casework.lists.amounts import ONCE, amount_of
from casework.lists.holds import LIVE, chunks
from casework.lists.models import BeneficiaryList, Entry
from casework.people.models import Household, Person
from casework.staff.areas import claims_of, households_of
from casework.store.work import Work
from engine.knowledge.model import HOUSEHOLD, Service


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
    said = _answers(work, service, {case for _, case, _, _, _ in rows}) if _needs_answers(service) else {}
    found = []
    for claim, case, household, person, asked_on in rows:
        row = said.get((case, HOUSEHOLD if person is None else f"p{person}"), {})
        amount = amount_of(row.get("benefit"), since, until)
        found.append(Candidate(claim, household, person, asked_on, service.duty, row.get("priority"), amount))
    return sorted(found, key=lambda one: one.key)


def candidate_of(work: Work, service: Service, claim: Claim, since: date, until: date) -> Candidate:
    """Give one claim as a candidate."""
    said = _answers(work, service, {claim.case_id}) if _needs_answers(service) else {}
    row = said.get((claim.case_id, HOUSEHOLD if claim.person_id is None else f"p{claim.person_id}"), {})
    amount = amount_of(row.get("benefit"), since, until)
    household = claim.case.household_id
    return Candidate(claim.id, household, claim.person_id, claim.asked_on, service.duty, row.get("priority"), amount)


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


def _needs_answers(service: Service) -> bool:
    return service.priority is not None or service.benefit is not None


def _answers(work: Work, service: Service, cases: Iterable[int]) -> dict[tuple[int, str], dict[str, Any]]:
    """Give what the newest diagnosis of each case says about a service, by case and subject.

    All of a diagnosis counts here, whoever asks: the order must not depend on who draws it up.
    """
    return {
        (stored.case_id, row["subject"]): row
        for stored in _newest(work, sorted(cases))
        for row in json.loads(zlib.decompress(stored.opened_bytes(work.keys, "answer")))["services"]
        if row["service"] == service.name
    }


def _newest(work: Work, cases: list[int]) -> Iterator[StoredDiagnosis]:
    for some in chunks(cases):
        newest = (
            select(func.max(StoredDiagnosis.id))
            .where(StoredDiagnosis.case_id.in_(some))
            .group_by(StoredDiagnosis.case_id)
        )
        yield from work.session.scalars(select(StoredDiagnosis).where(StoredDiagnosis.id.in_(newest)))
