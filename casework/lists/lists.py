"""Lists of beneficiaries: drawing one up from what was decided, finding one again, and what an actor may see of them."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from casework.cases.numbers import next_number
from casework.lists import holds
from casework.lists.candidates import candidates
from casework.lists.models import BeneficiaryList, Entry
from casework.lists.placing import place
from casework.people.models import Household
from casework.refusals import NotAllowed, NotFound, Refused
from casework.staff.areas import households_of
from casework.staff.rights import SECRETS
from casework.store.work import Work
from engine.diagnosis import Office
from engine.knowledge.model import Knowledge, Service

DRAFT, SIGN, PUBLISH = "list.draft", "list.sign", "list.publish"
# Whoever has one of these works with lists.
READING = (DRAFT, SIGN, PUBLISH, "payment.prepare", "payment.sign")
# The states of a list that holds good: what it says is paid.
IN_FORCE = ("signed", "published")
_LONGEST = timedelta(days=5 * 366)


def draft_list(
    work: Work, office: Office, service: str, since: date, until: date, quota: int | None = None
) -> BeneficiaryList:
    """Draw up a list from the claims that were determined, in the order of the published key.

    Args:
        work: Whoever drafts; only claims of their areas and programs come on it.
        office: The edition in force.
        service: The service.
        since: The first day of the period.
        until: Its last day.
        quota: How many places there are; None takes the service's own, or as many as come.

    Raises:
        Refused: `lists-service`, `lists-period`, `lists-quota`.
        NotAllowed: without `list.draft` for the program.
    """
    known = service_to_draft(work, office, service)
    on = new_list(work, office.knowledge, known, since, until, quota_of(work, office.knowledge, known, quota))
    ranked = candidates(work, known, since, until)
    place(work, office.knowledge, on, ranked)
    work.record("list.drafted", "list", on.number, service=service, candidates=len(ranked), quota=on.quota)
    return on


def new_list(
    work: Work, knowledge: Knowledge, service: Service, since: date, until: date, quota: int | None
) -> BeneficiaryList:
    """Open an empty list; lists of the same days that another edition made hold from now on what this one says."""
    if not since <= until <= since + _LONGEST:
        raise Refused("lists-period", "until")
    holds.wait_for_turn(work)
    holds.renew(work, knowledge, since, until)
    return opened(
        work,
        service=service.name,
        program=service.program.text,
        since=since,
        until=until,
        quota=quota,
        edition=knowledge.edition,
    )


def opened(work: Work, **about: Any) -> BeneficiaryList:
    """Write a draft about something, with nobody on it; whoever does has a hand in it."""
    on = BeneficiaryList(
        number=next_number(work, "list"),
        state="draft",
        drafted_at=work.now,
        drafted_by=work.actor.name,
        hands=[] if work.actor.account is None else [work.actor.account],
        **about,
    )
    work.session.add(on)
    work.session.flush()
    return on


def service_to_draft(work: Work, office: Office, name: str) -> Service:
    """Give a service whose lists the actor may draft. Raises: Refused `lists-service`; NotAllowed."""
    known = office.knowledge.services.get(name)
    if known is None or (name in secret_services(work, office) and not work.actor.may(SECRETS)):
        raise Refused("lists-service", "service")
    if not work.actor.may_for(DRAFT, known.program.text):
        raise NotAllowed
    return known


def quota_of(work: Work, knowledge: Knowledge, service: Service, said: int | None) -> int | None:
    """Give the quota: as said, or the service's own on this day. Raises: Refused `lists-quota`."""
    if said is None and service.quota:
        parameter = knowledge.parameters.get(service.quota.text)
        amount = parameter and parameter.on(work.today)
        return int(amount.value) if amount and isinstance(amount.value, int | float) else None
    if said is not None and said < 0:
        raise Refused("lists-quota", "quota")
    return said


def secret_services(work: Work, office: Office) -> Collection[str]:
    """Give the services that only officers may know of."""
    return office.plan(work.today).officer_only & office.knowledge.services.keys()


def hidden_services(work: Work, office: Office) -> Collection[str]:
    """Give the services that this actor must not hear of."""
    return frozenset() if work.actor.may(SECRETS) else secret_services(work, office)


def visible(work: Work, office: Office) -> ColumnElement[bool]:
    """Give the condition on `BeneficiaryList` of what the actor works with."""
    hidden = BeneficiaryList.service.not_in(hidden_services(work, office))
    if work.actor.everything:
        return true()
    posts = {post for right in READING for post in work.actor.posts_for(right)}
    return and_(
        hidden,
        or_(false(), *(BeneficiaryList.program.in_(post.programs) if post.programs else true() for post in posts)),
    )


def seen_list(work: Work, office: Office, number: str) -> BeneficiaryList:
    """Give a list by its number. Raises: NotFound, when there is none or the actor does not work with it."""
    found = work.session.scalars(
        select(BeneficiaryList).where(BeneficiaryList.number == number, visible(work, office))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def visible_ids(work: Work, office: Office, lists: Collection[int]) -> set[int]:
    """Give which of some lists the actor works with."""
    rows = select(BeneficiaryList.id).where(BeneficiaryList.id.in_(lists), visible(work, office))
    return set(work.session.scalars(rows))


def entries_seen(work: Work) -> ColumnElement[bool]:
    """Give the condition on `Household` of whose entries the actor may see on a list."""
    return or_(false(), *(households_of(work.actor, right) for right in READING if work.actor.may(right)))


def seen_entry(work: Work, office: Office, number: str, entry: int) -> Entry:
    """Give an entry of a list. Raises: NotFound, as `seen_list`, or when it lies outside of the actor's areas."""
    on = seen_list(work, office, number)
    found = work.session.scalars(
        select(Entry).join(Household).where(Entry.id == entry, Entry.list_id == on.id, entries_seen(work))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock(work: Work, on: BeneficiaryList) -> None:
    """Let nobody else change a list until this work is done, and see it as it is now.

    Whoever locks a list also waits for their turn to hold aid, first: two who lock in different orders would wait for
    each other.
    """
    holds.wait_for_turn(work)
    work.session.flush()
    work.session.refresh(on, with_for_update=True)


def require_for(work: Work, right: str, on: BeneficiaryList) -> None:
    """Raise NotAllowed unless the actor has a right for the program of a list in the whole district."""
    if not work.actor.may_for_all(right, on.program):
        raise NotAllowed


def sees_all(work: Work, on: BeneficiaryList) -> bool:
    """Say whether the actor may see everybody on a list."""
    return any(work.actor.may_for_all(right, on.program) for right in READING)


def entries_of(work: Work, household: Household) -> list[Entry]:
    """Give the places of a household and its members on lists that count, the newest first; each with its `list`.

    The caller has seen the household; services that only officers may know of are to be left out by whoever shows them.
    """
    people = [person.id for person in household.people]
    rows = (
        select(Entry)
        .join(BeneficiaryList)
        .where(
            or_(Entry.household_id == household.id, Entry.person_id.in_(people)),
            BeneficiaryList.state.in_(holds.LIVE),
            Entry.copy_of_id.is_(None),
            Entry.place != "removed",
        )
        .order_by(BeneficiaryList.since.desc(), Entry.id)
    )
    return list(work.session.scalars(rows))
