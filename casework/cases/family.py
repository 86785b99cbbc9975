"""All that a family gets or has asked for, in every Bidang: seen whenever a case of theirs is looked at."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from casework.cases.models import Case, Claim
from casework.lists.holds import LIVE
from casework.lists.models import BeneficiaryList, Entry
from casework.people.models import Household, Person
from casework.staff.areas import sees
from casework.store.work import Work
from engine.diagnosis import Office


class Asked(NamedTuple):
    """A claim of this family: in which case, for whom (None: the household), in what state."""

    number: str
    household_id: int
    claim: Claim


class Listed(NamedTuple):
    """A place on a list: for whom, of which service, for what days, how much; `list_state` says how sure that is."""

    number: str
    list_state: str
    service: str
    program: str
    person: Person | None
    place: str
    since: date
    until: date
    amount: int | None


class Family(NamedTuple):
    """Everything together."""

    asked: tuple[Asked, ...]
    listed: tuple[Listed, ...]


def aid_of_family(work: Work, office: Office, household: Household) -> Family:
    """Give all claims and places of a household and of everybody who lives in it now, the newest first.

    What only officers may know is left out without `secrets.read`. A person's claims in another household come along: who
    moved does not begin anew.

    Raises:
        NotFound: when the household lies outside of the actor's areas.
    """
    sees(work, household, "case.read")
    people = [one.id for one in household.people]
    # Their numbers are fetched first: a database that sees both conditions at once looks at every claim there is.
    people += work.session.scalars(select(Person.id).where(Person.merged_into.in_(people)))
    cases = work.session.scalars(select(Case.id).where(Case.household_id == household.id)).all()
    secrets = work.actor.may("secrets.read")
    claims = (
        select(Claim, Case.number, Case.household_id)
        .join(Case, Case.id == Claim.case_id)
        .options(joinedload(Claim.person))
        .where(or_(Claim.case_id.in_(cases), Claim.person_id.in_(people)))
        .order_by(Claim.id.desc())
    )
    if not secrets:
        claims = claims.where(Claim.officer_only.is_(False))
    asked = tuple(Asked(number, home, claim) for claim, number, home in work.session.execute(claims))
    entries = (
        select(Entry, BeneficiaryList)
        .join(BeneficiaryList, BeneficiaryList.id == Entry.list_id)
        .options(joinedload(Entry.person))
        .where(or_(Entry.household_id == household.id, Entry.person_id.in_(people)))
        .where(Entry.place != "removed", Entry.copy_of_id.is_(None), BeneficiaryList.state.in_(LIVE))
        .order_by(BeneficiaryList.since.desc(), Entry.id)
    )
    hidden = frozenset() if secrets else office.plan(work.today).officer_only
    listed = tuple(
        Listed(
            one.number,
            one.state,
            one.service,
            one.program,
            entry.person,
            entry.place,
            one.since,
            one.until,
            entry.amount,
        )
        for entry, one in work.session.execute(entries)
        if one.service not in hidden
    )
    return Family(asked, listed)
