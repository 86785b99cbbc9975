"""The life of a list: draft, verified, signed by the head of office with number and day of the decree, published.

    draft -> verified -> signed -> published        signed, published -> revised (`casework.lists.revising`)
      \\        |  back with a reason
       `-> dropped

What is signed is kept as it was signed; from then on a list changes only by a revision.
"""

from datetime import date

from sqlalchemy import select, update

from casework.lists import annex, holds
from casework.lists.changes import said
from casework.lists.conflicts import Held
from casework.lists.lists import DRAFT, IN_FORCE, PUBLISH, SIGN, lock, require_for, secret_services, sees_all
from casework.lists.models import BeneficiaryList, Entry
from casework.lists.placing import LISTED, REMOVED, count
from casework.lists.revising import revision_of, take_over
from casework.refusals import NotAllowed, Refused
from casework.store.work import Work
from engine.diagnosis import Office

STATES = ("draft", "verified", "signed", "published", "revised", "dropped")
DRAFTED, VERIFIED, SIGNED, PUBLISHED, _, DROPPED = STATES


def verify(work: Work, office: Office, on: BeneficiaryList, version: int | str | None = None) -> None:
    """Say that a draft is complete and right; everybody listed holds their place, and there are not more than places.

    Raises:
        Refused: `lists-empty`, `lists-over-quota`; Held, when somebody listed holds something else as well.
    """
    if not work.actor.may_for(DRAFT, on.program):
        raise NotAllowed
    _from(work, on, version, DRAFTED)
    listed = count(work, on, LISTED)
    if not listed:
        raise Refused("lists-empty")
    if on.quota is not None and listed > on.quota:
        raise Refused("lists-over-quota", listed=listed, quota=on.quota)
    holds.renew(work, office.knowledge, on.since, on.until)
    twice = holds.settle(work, office.knowledge, Entry.list_id == on.id)
    if twice:
        raise Held(office.knowledge, twice)
    on.state, on.verified_by = VERIFIED, work.actor.name
    work.record("list.verified", "list", on.number, listed=listed)


def send_back(work: Work, on: BeneficiaryList, reason: str, version: int | str | None = None) -> None:
    """Make a verified list a draft again, with a reason."""
    if not (work.actor.may_for(DRAFT, on.program) or work.actor.may_for(SIGN, on.program)):
        raise NotAllowed
    _from(work, on, version, VERIFIED)
    on.state, on.verified_by = DRAFTED, None
    work.record("list.sent_back", "list", on.number, reason=said(reason))


def sign(
    work: Work,
    office: Office,
    on: BeneficiaryList,
    sk_number: str,
    sk_date: date | None,
    version: int | str | None = None,
) -> None:
    """Sign a verified list as head of office, with number and day of the decree (SK). A revision supersedes its list.

    Raises:
        Refused: `lists-sk-number`, `lists-sk-date`, `lists-drafter-signs`, `lists-state`.
    """
    require_for(work, SIGN, on)
    _from(work, on, version, VERIFIED)
    if work.actor.account in on.hands:
        raise Refused("lists-drafter-signs")
    if not sk_number.strip():
        raise Refused("lists-sk-number", "sk_number")
    if sk_date is None or sk_date > work.today:
        raise Refused("lists-sk-date", "sk_date")
    on.state, on.signed_by, on.sk_number, on.sk_date = SIGNED, work.actor.name, sk_number.strip(), sk_date
    if on.revises_id is not None:
        take_over(work, on)
    annex.keep(work, office.knowledge, on)
    work.record("list.signed", "list", on.number, sk=on.sk_number, date=sk_date.isoformat(), annex=on.annex_id)


def publish(work: Work, office: Office, on: BeneficiaryList, public: bool, version: int | str | None = None) -> None:
    """Publish a signed list. `public`: its names may be seen by everybody, which nobody decides but the publisher.

    Raises:
        Refused: `lists-not-public`, of a service that only officers may know of; `lists-state`.
    """
    require_for(work, PUBLISH, on)
    _from(work, on, version, SIGNED)
    on.state, on.published_at = PUBLISHED, work.now
    _show(work, office, on, public)
    work.record("list.published", "list", on.number, public=public)


def show_names(work: Work, office: Office, on: BeneficiaryList, public: bool, version: int | str | None = None) -> None:
    """Let everybody see the names of a published list, or hide them again."""
    require_for(work, PUBLISH, on)
    _from(work, on, version, PUBLISHED)
    _show(work, office, on, public)
    work.record("list.names", "list", on.number, public=public)


def _show(work: Work, office: Office, on: BeneficiaryList, public: bool) -> None:
    if public and on.service in secret_services(work, office):
        raise Refused("lists-not-public", "public")
    on.public = public


def drop(work: Work, on: BeneficiaryList, reason: str, version: int | str | None = None) -> None:
    """Give up a list that was not signed: nobody on it holds anything by it any more."""
    if not work.actor.may_for(DRAFT, on.program):
        raise NotAllowed
    _from(work, on, version, DRAFTED, VERIFIED)
    mine = select(Entry.id, Entry.copy_of_id).where(Entry.list_id == on.id)
    ids = {copied or entry for entry, copied in work.session.execute(mine)}
    in_force = _listed_elsewhere(work, on)
    holds.release(work, sorted(ids - in_force))
    work.session.execute(update(Entry).where(Entry.list_id == on.id).values(place=REMOVED))
    on.state = DROPPED
    work.record("list.dropped", "list", on.number, reason=said(reason))


def steps(work: Work, on: BeneficiaryList) -> dict[str, bool]:
    """Say which steps the actor can take with a list as it is, for a page to offer no others."""
    drafts, signs, publishes = (
        work.actor.may_for(DRAFT, on.program),
        *(work.actor.may_for_all(right, on.program) for right in (SIGN, PUBLISH)),
    )
    return {
        "change": drafts and on.state == DRAFTED,
        "verify": drafts and on.state == DRAFTED,
        "drop": drafts and on.state in (DRAFTED, VERIFIED),
        "send_back": (drafts or signs) and on.state == VERIFIED,
        "sign": signs and on.state == VERIFIED and work.actor.account not in on.hands,
        "publish": publishes and on.state == SIGNED,
        "show_names": publishes and on.state == PUBLISHED,
        "revise": drafts and on.state in IN_FORCE and not revision_of(work, on),
        "annex": sees_all(work, on),
    }


def _listed_elsewhere(work: Work, on: BeneficiaryList) -> set[int]:
    """Give the entries of the list in force that a revision must not touch."""
    rows = select(Entry.id).where(Entry.list_id == on.revises_id, Entry.place == LISTED)
    return set(work.session.scalars(rows)) if on.revises_id is not None else set()


def _from(work: Work, on: BeneficiaryList, version: int | str | None, *states: str) -> None:
    lock(work, on)
    work.same(on, version)
    if on.state not in states:
        raise Refused("lists-state")
