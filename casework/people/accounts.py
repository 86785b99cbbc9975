"""Bank accounts that aid is transferred to: one at a time for a person; the number is sealed."""

import re
from collections.abc import Collection

from sqlalchemy import select

from casework.people.models import BankAccount, Household, Person
from casework.people.numbers import Doubt, plain_number, unless_confirmed
from casework.people.permission import may_write_person
from casework.people.places import text_of
from casework.refusals import Refused
from casework.store.keys import Keyring
from casework.store.work import Work

NUMBER = re.compile(r"[0-9]{6,20}")
_SHOWN = 3


def account_number(text: str | None) -> str:
    """Give an account number without blanks, points and dashes. Raises: Refused `account-number`."""
    number = plain_number(text) or ""
    if not NUMBER.fullmatch(number):
        raise Refused("account-number", "number")
    return number


def accounts_of(work: Work, person: Person) -> list[BankAccount]:
    """Give the accounts of a person, the newest first."""
    mine = select(BankAccount).where(BankAccount.person_id == person.id)
    return list(work.session.scalars(mine.order_by(BankAccount.id.desc())))


def set_account(
    work: Work,
    person: Person,
    bank: str,
    number: str,
    holder: str | None = None,
    confirmed: Collection[str] | None = (),
) -> BankAccount:
    """Let aid for a person go to an account from today; the one before ends.

    Args:
        person: Whose aid.
        bank: The bank's name.
        number: The account's number.
        holder: Whose account it is; None: the person's own.
        confirmed: As in `register.register_household`; an account that somebody else has too is a doubt.

    Raises:
        Refused: `account-number`, `account-bank`, `account-dead`; `Doubtful`; NotFound.
    """
    may_write_person(work, person)
    if person.died_on is not None:
        raise Refused("account-dead")
    plain, bank_name = account_number(number), text_of(bank, "bank", 60)
    if bank_name is None:
        raise Refused("account-bank", "bank")
    unless_confirmed(_shared(work, person, plain), confirmed)
    _end(work, person)
    account = BankAccount(
        person_id=person.id, bank=bank_name, holder=text_of(holder, "holder") or person.name, since=work.today
    )
    account.seal(work.keys, "number", plain)
    work.session.add(account)
    work.session.flush()
    work.record("account.set", "person", person.id, bank=bank_name)
    return account


def close_account(work: Work, person: Person) -> None:
    """Let no account of a person receive aid any more; the rows stay, for payments point to them. Raises: NotFound."""
    may_write_person(work, person)
    _end(work, person)
    work.record("account.closed", "person", person.id)


def shown_account(keys: Keyring, account: BankAccount) -> str:
    """Show an account's number by its last three digits: it is too short to show more."""
    number = account.opened(keys, "number") or ""
    return "*" * max(0, len(number) - _SHOWN) + number[-_SHOWN:]


def _end(work: Work, person: Person) -> None:
    for account in accounts_of(work, person):
        account.until = account.until or work.today
    work.session.flush()


def _shared(work: Work, person: Person, number: str) -> list[Doubt]:
    same = (
        select(Household.id)
        .join(Person, Person.household_id == Household.id)
        .join(BankAccount, BankAccount.person_id == Person.id)
        .where(BankAccount.number_index == work.keys.index("number", number), BankAccount.until.is_(None))
        .where(Person.id != person.id)
    )
    return [Doubt("account-shared", "number")] if work.session.scalars(same.limit(1)).first() is not None else []
