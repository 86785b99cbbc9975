"""A signed list of a few households with accounts, two officers who pay it, and a bank that answers."""

from dataclasses import dataclass

from sqlalchemy import select

from casework.lists.models import BeneficiaryList
from casework.payments import answers, batches, exporting
from casework.payments.instalments import Instalment
from casework.payments.models import Batch, LeftOut
from casework.people.models import BankAccount
from casework.staff.actors import Actor
from engine.knowledge.banks import BankLayout
from engine.knowledge.parse import parse
from engine.knowledge.read import read_text
from tests.casework import stage

PROGRAM = stage.PROGRAM
FIRST = Instalment(1, 1)
LAYOUT = """
bank_layouts:
  desk:
    name: {id: Meja, en: Desk}
    transfer:
      formats: [csv, excel]
      header: [[{text: BATCH}, {value: batch}, {value: date}]]
      columns:
        - {heading: "NO", value: row}
        - {heading: ACCOUNT, value: account_number}
        - {heading: NAME, value: holder, width: 20}
        - {heading: BANK, value: bank}
        - {heading: AMOUNT, value: amount}
        - {heading: REFERENCE, value: reference}
      footer: [[{text: TOTAL}, {value: count}, {value: total}]]
    answer:
      columns: {reference: REFERENCE, amount: AMOUNT, code: CODE, reason: REASON}
      paid: [OK]
      failed: ["NO", CLOSED]
"""


def layout(text: str = LAYOUT) -> BankLayout:
    """Read the first layout of a text."""
    knowledge, problems = parse([read_text(text, "banks.yaml")], "")
    assert problems == []
    return next(iter(knowledge.bank_layouts.values()))


DESK = layout()


@dataclass(frozen=True)
class Payable:
    """What a test pays with: a list, and who prepares and who signs."""

    list_id: int
    maker: Actor
    signer: Actor


def account(work, person, number="0012345678", holder=None):
    """Give a person an account, ending the one before."""
    for old in work.session.scalars(select(BankAccount).where(BankAccount.person_id == person.id)):
        old.until = old.until or work.today
    new = BankAccount(person_id=person.id, bank="Bank Contoh", holder=holder or person.name, since=work.today)
    new.seal(work.keys, "number", number)
    work.session.add(new)
    work.session.flush()
    return new


def beneficiary(work, list_, name, amount=600_000, number="0012345678", claim_state="determined", of_person=False):
    """Put a new household on a list; `number` None: without an account, `claim_state` None: without a case."""
    home = stage.household(work, name, f"{name} Dua")
    home.people[0].relation = "head"
    if number:
        account(work, home.people[0], number)
    claim = None
    if claim_state:
        claim = stage.claim(work, stage.case(work, home, "dinsos_verified"), list_.service, state=claim_state)
    return stage.entry(work, list_, home, home.people[0] if of_person else None, claim, amount)


def list_of(work, service="bansos_individu_kediri", state="signed", revises=None):
    """Make a list of a service for the year 2026."""
    return stage.list_of(work, service, state, revises=revises)


def payable(database, *names, **more) -> Payable:
    """Make a signed list of new households with these names, and two officers."""
    with database.work() as work:
        list_ = list_of(work)
        for place, name in enumerate(names or ("Ani", "Budi", "Citra")):
            beneficiary(work, list_, name, **{"number": f"00123456{place:02}", **more})
        maker = stage.actor(work, "bidang_staff", programs=frozenset({PROGRAM}), name=f"maker {list_.id}")
        return Payable(list_.id, maker, stage.actor(work, "head", name=f"signer {list_.id}"))


def the_list(work, one):
    return work.session.get_one(BeneficiaryList, one.list_id)


def the_batch(work, number):
    return work.session.scalars(select(Batch).where(Batch.number == number)).one()


def prepared(database, one, instalment=FIRST, bank=DESK):
    """Prepare a batch; gives its number."""
    with database.work(one.maker) as work:
        return batches.prepare(work, the_list(work, one), instalment, bank).number


def signed(database, one, number):
    """Let both officers sign a batch."""
    for actor in (one.maker, one.signer):
        with database.work(actor) as work:
            batches.sign(work, the_batch(work, number))


def exported(database, one, number, form=None, bank=DESK):
    """Export a batch; gives the file."""
    with database.work(one.maker) as work:
        return exporting.export(work, the_batch(work, number), bank, form)


def sent(database, one, instalment=FIRST):
    """Prepare, sign and export a batch; gives its number."""
    number = prepared(database, one, instalment)
    signed(database, one, number)
    exported(database, one, number)
    return number


def answer_of(database, number, codes=(), default="OK"):
    """Write the bank's answer to a batch: a code for each of its payments in turn, then the default."""
    with database.reading() as work:
        payments = batches.payments_of(work, the_batch(work, number), "exported", "paid", "failed")
        told = [*codes, *[default] * len(payments)]
        rows = [f"{one.reference},{one.amount},{code}," for one, code in zip(payments, told, strict=False)]
    return "\r\n".join(["REFERENCE,AMOUNT,CODE,REASON", *rows, ""]).encode()


def answered(database, one, number, data, name="answer.csv", bank=DESK):
    """Read an answer of the bank."""
    with database.work(one.maker) as work:
        return answers.read_answer(work, the_batch(work, number), bank, name, data)


def amounts(database, number):
    """Give the payments of a batch as name and amount."""
    with database.reading() as work:
        return {one.entry.household.name: one.amount for one in batches.payments_of(work, the_batch(work, number))}


def left_out(database, number):
    """Give who was left out of a batch, with the reason."""
    with database.reading() as work:
        found = work.session.scalars(select(LeftOut).where(LeftOut.batch_id == the_batch(work, number).id))
        return {one.entry.household.name: one.reason for one in found}
