"""Revising a list in force: a draft with copies of its entries, which supersedes it when it is signed.

Until then the list in force stands untouched: its entries hold what they hold and can be paid. When the revision is
signed, they go over to it with what it says of them, so that what was paid or objected to stays theirs; the copies stay
behind on the list before, with what that list said.
"""

from sqlalchemy import bindparam, delete, insert, select, update

from casework.lists.changes import said
from casework.lists.lists import DRAFT, IN_FORCE, lock, opened
from casework.lists.models import BeneficiaryList, Entry, Hold
from casework.lists.placing import LISTED
from casework.refusals import NotAllowed, Refused
from casework.store.work import Work

_WHAT = ("service", "program", "since", "until", "quota", "edition", "brought_in")
_WHO = ("claim_id", "household_id", "person_id")
_WHERE = ("place", "rank", "duty", "priority", "asked_on", "amount", "reason")


def revise(work: Work, on: BeneficiaryList, reason: str, version: int | str | None = None) -> BeneficiaryList:
    """Draft a revision of a list in force. Raises: Refused `lists-state`, `lists-revising`, `lists-reason`."""
    if not work.actor.may_for(DRAFT, on.program):
        raise NotAllowed
    lock(work, on)
    work.same(on, version)
    if on.state not in IN_FORCE:
        raise Refused("lists-state")
    drafted = revision_of(work, on)
    if drafted:
        raise Refused("lists-revising", list=drafted.number)
    why = said(reason)
    same = {name: getattr(on, name) for name in _WHAT}
    again = opened(work, **same, revision=on.revision + 1, revises_id=on.id)
    kept = [getattr(Entry, name) for name in (*_WHO, *_WHERE)]
    copies = select(bindparam("on", again.id), Entry.id, *kept, bindparam("first", 1)).where(Entry.list_id == on.id)
    columns = ["list_id", "copy_of_id", *_WHO, *_WHERE, "version"]
    work.session.execute(insert(Entry).from_select(columns, copies.order_by(Entry.id)))
    work.record("list.revised", "list", on.number, by=again.number, reason=why)
    return again


def revision_of(work: Work, on: BeneficiaryList) -> BeneficiaryList | None:
    """Give the revision of a list that is being drafted, if there is one."""
    return work.session.scalars(
        select(BeneficiaryList).where(
            BeneficiaryList.revises_id == on.id, BeneficiaryList.state.in_(("draft", "verified"))
        )
    ).one_or_none()


def revised_by(work: Work, on: BeneficiaryList) -> BeneficiaryList | None:
    """Give the list that a revision supersedes; None of a list that is no revision."""
    return work.session.get(BeneficiaryList, on.revises_id) if on.revises_id else None


def take_over(work: Work, on: BeneficiaryList) -> None:
    """Let a signed revision supersede its list: copies and entries change places, and who is out lets go."""
    session = work.session
    session.flush()
    before = session.get_one(BeneficiaryList, on.revises_id)
    lock(work, before)
    if before.state not in IN_FORCE:
        raise Refused("lists-state")
    table = Entry.__table__
    copy, own = table.alias("copy"), table.alias("own")
    pairs = session.execute(
        select(copy.c.id, own.c.id, *(copy.c[name] for name in _WHERE), *(own.c[name] for name in _WHERE))
        .join(own, own.c.id == copy.c.copy_of_id)
        .where(copy.c.list_id == on.id)
    ).all()
    half = 2 + len(_WHERE)
    swapped = [
        values
        for pair in pairs
        for values in (
            {"of": pair[0], "list_id": before.id, **dict(zip(_WHERE, pair[half:], strict=True))},
            {"of": pair[1], "list_id": on.id, **dict(zip(_WHERE, pair[2:half], strict=True))},
        )
    ]
    if swapped:
        session.execute(update(table).where(table.c.id == bindparam("of")).values(version=table.c.version + 1), swapped)
    out = select(Entry.id).where(Entry.list_id == on.id, Entry.place != LISTED)
    session.execute(delete(Hold).where(Hold.entry_id.in_(out)).execution_options(synchronize_session=False))
    before.state = "revised"
    session.flush()
    session.expire_all()
