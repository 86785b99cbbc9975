"""Who gets the money of an entry on which account, and what stands in the way: nobody is left out without a reason."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from casework.cases.models import Claim, Move
from casework.cases.transitions import GRANTED
from casework.lists.holds import chunks
from casework.lists.lists import IN_FORCE
from casework.lists.models import BeneficiaryList, Entry
from casework.people.models import BankAccount, Person
from casework.people.register import HEAD
from casework.store.work import ZONE, Work


class Payee(NamedTuple):
    """The account that an entry is paid to, or why it is not; the words of each reason are the pages' business."""

    account: BankAccount | None
    obstacle: str | None


def payee_key(root: int, person_id: int | None, household_id: int) -> str:
    """Name who gets what is paid for an entry, the same in all revisions of a list (`root`: the first of them)."""
    return f"{root}:p{person_id}" if person_id else f"{root}:h{household_id}"


def entries_of(session: Session, list_: BeneficiaryList) -> Sequence[Entry]:
    """Give the beneficiaries of a list in the order of their rank, with what `payees` looks at."""
    return session.scalars(_with_all(Entry.list_id == list_.id, Entry.place == "listed")).all()


def entries_by_id(session: Session, ids: Iterable[int]) -> dict[int, Entry]:
    """Give entries anew as the database has them now."""
    found = {}
    for some in chunks(sorted(set(ids))):
        query = _with_all(Entry.id.in_(some)).execution_options(populate_existing=True)
        found.update((entry.id, entry) for entry in session.scalars(query))
    return found


def payees(work: Work, entries: Sequence[Entry]) -> dict[int, Payee]:
    """Say for entries, by their ids, to which account they are paid or what stands in the way."""
    accounts, handed_over = _accounts(work, entries), _handed_over(work, entries)
    found = {}
    for entry in entries:
        obstacle, account = _obstacle(entry), accounts.get(entry.id)
        if obstacle is None and entry.id in handed_over:
            obstacle = "handed_over"
        found[entry.id] = Payee(account, obstacle or (None if account else "account"))
    return found


def _obstacle(entry: Entry) -> str | None:
    if entry.place != "listed":
        return "place"
    if entry.list.state not in IN_FORCE:
        return "list"
    if not entry.amount or entry.amount < 0:
        return "amount"
    if entry.claim is not None and entry.claim.state not in GRANTED:
        return "ended"
    if entry.person is not None and entry.person.died_on is not None:
        return "died"
    if entry.household.closed_at is not None:
        return "closed"
    return None


def _handed_over(work: Work, entries: Sequence[Entry]) -> set[int]:
    """Give the entries of whom a paper shows that they got the aid by another way within the period of the list."""
    by_claim = {entry.claim_id: entry for entry in entries if entry.claim_id}
    found = set()
    for some in chunks(sorted(by_claim)):
        moves = select(Move).where(Move.claim_id.in_(some), Move.after == "paid", Move.attachment_id.is_not(None))
        for move in work.session.scalars(moves):
            entry = by_claim[move.claim_id]
            if move.moved_at.astimezone(ZONE).date() >= entry.list.since:
                found.add(entry.id)
    return found


def _accounts(work: Work, entries: Sequence[Entry]) -> dict[int, BankAccount]:
    """A person's aid goes to the person's account, a household's to that of its head or else of whoever has one."""
    people = _open_accounts(work, Person.id, {entry.person_id for entry in entries if entry.person_id})
    homes = _open_accounts(work, Person.household_id, {entry.household_id for entry in entries if not entry.person_id})
    found = {}
    for entry in entries:
        held = people[entry.person_id] if entry.person_id else homes[entry.household_id]
        if held:
            found[entry.id] = min(held, key=lambda one: _turn(entry, *one))[1]
    return found


def _turn(entry: Entry, person: Person, account: BankAccount) -> tuple[bool, bool, int, int]:
    return person.relation != HEAD, person.name != entry.household.name, person.id, -account.id


def _open_accounts(work: Work, by, ids: set[int]) -> Mapping[int, list[tuple[Person, BankAccount]]]:
    found: dict[int, list[tuple[Person, BankAccount]]] = defaultdict(list)
    for some in chunks(sorted(ids)):
        rows = work.session.execute(
            select(by, Person, BankAccount)
            .join(BankAccount, BankAccount.person_id == Person.id)
            .where(by.in_(some), BankAccount.until.is_(None), BankAccount.since <= work.today)
            .where(Person.died_on.is_(None), Person.merged_into.is_(None))
        )
        for key, person, account in rows:
            found[key].append((person, account))
    return found


def _with_all(*conditions):
    return (
        select(Entry)
        .where(*conditions)
        .options(joinedload(Entry.list), joinedload(Entry.household), joinedload(Entry.person))
        .options(joinedload(Entry.claim).joinedload(Claim.case))
        .order_by(Entry.rank, Entry.id)
    )
