"""Whatever the office and the bank do, and in whatever order: nobody is paid twice, and the totals are true."""

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from casework.payments import batches, exporting
from casework.payments.instalments import Instalment
from casework.payments.models import Batch
from casework.refusals import Refused
from casework.store.database import Database
from tests.casework.databases import KEYS, Clock
from tests.casework.payments.clerk import Bank, Clerk, consistent
from tests.casework.payments.killed import NOW
from tests.casework.payments.paying import DESK, account, answered, beneficiary, list_of, payable, prepared, the_list

PICK = st.integers(0, 9)


@contextmanager
def may_be_refused():
    """What is not possible now is refused; nothing else may go wrong."""
    try:
        yield
    except Refused:
        return


class Office(RuleBasedStateMachine):
    """The office's moves and the bank's, over an SQLite database of its own."""

    template = None

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.template, self.folder / "tepat.db")
        self.database = Database(f"sqlite:///{self.folder / 'tepat.db'}", KEYS, Clock(NOW))
        (self.folder / "bank").mkdir()
        self.bank = Bank(self.folder / "bank")

    def teardown(self):
        self.database.close()
        shutil.rmtree(self.folder)

    @initialize(amount=st.integers(3, 10**9))
    def open(self, amount):
        self.one = payable(self.database, "Ani", "Budi", "Citra", amount=amount)

    def batch(self, work, pick, *states):
        query = select(Batch).order_by(Batch.id)
        found = work.session.scalars(query.where(Batch.state.in_(states)) if states else query).all()
        if not found:
            raise Refused("payments-not-open")
        return found[pick % len(found)]

    @rule(number=st.integers(1, 2))
    def prepare(self, number):
        with may_be_refused():
            prepared(self.database, self.one, Instalment(number, 2))

    @rule(pick=PICK, by_head=st.booleans())
    def sign(self, pick, by_head):
        with may_be_refused(), self.database.work(self.one.signer if by_head else self.one.maker) as work:
            batches.sign(work, self.batch(work, pick, "draft"))

    @rule(pick=PICK, place=PICK)
    def leave_out(self, pick, place):
        with may_be_refused(), self.database.work(self.one.maker) as work:
            batch = self.batch(work, pick)
            batches.leave_out(work, batch, [batch.payments[place % len(batch.payments)].id], "diperiksa")

    @rule(pick=PICK)
    def drop(self, pick):
        with may_be_refused(), self.database.work(self.one.maker) as work:
            batches.drop(work, self.batch(work, pick), "batal")

    @rule(pick=PICK)
    def export(self, pick):
        """Whoever gets a file brings it to the bank."""
        with may_be_refused():
            with self.database.work(self.one.maker) as work:
                file = exporting.export(work, self.batch(work, pick, "signed", "exported", "answered"), DESK)
            self.bank.take(file.name, file.data)

    @rule(pick=PICK)
    def answer(self, pick):
        files = sorted(file.name for file in self.bank.folder.glob("*.csv"))
        if files:
            name = files[pick % len(files)]
            answered(self.database, self.one, name.removesuffix(".csv"), self.bank.answer(name))

    @rule(pick=PICK, other=PICK)
    def mix_up_answers(self, pick, other):
        """An answer that is read into the batch of another is refused whole."""
        files = sorted(file.name for file in self.bank.folder.glob("*.csv"))
        if len(files) > 1 and pick % len(files) != other % len(files):
            number = files[other % len(files)].removesuffix(".csv")
            with pytest.raises(Refused):
                answered(self.database, self.one, number, self.bank.answer(files[pick % len(files)]))

    @rule(number=st.integers(1, 2), steps=st.integers(1, 7))
    def go_on(self, number, steps):
        """Do the usual next things, as far as nothing stands in the way."""
        clerk = Clerk(self.database, self.bank, self.one, Instalment(number, 2))
        with may_be_refused():
            for _ in range(steps):
                if (step := clerk.next()) is not None:
                    step()

    @rule(place=PICK)
    def change_account(self, place):
        with self.database.work() as work:
            entries = the_list(work, self.one).entries
            account(work, entries[place % len(entries)].household.people[0], f"88{place:08}")

    @rule(place=PICK, amount=st.integers(1, 10**9))
    def revise(self, place, amount):
        """A revision takes the entries over, with another amount for one, and puts one household on it anew."""
        with self.database.work() as work:
            before = the_list(work, self.one)
            after = list_of(work, revises=before.id)
            before.state = "revised"
            entries = list(before.entries)
            for entry in entries:
                entry.list = after
            entries[place % len(entries)].amount = amount
            again = beneficiary(work, after, "Lagi", claim_state=None)
            again.household, again.amount = entries[0].household, amount
            self.one = type(self.one)(after.id, self.one.maker, self.one.signer)

    @invariant()
    def nobody_is_paid_twice(self):
        with self.database.reading() as work:
            consistent(work, self.bank)


def test_no_order_of_events_pays_anybody_twice(sqlite_template):
    """Preparing, signing, leaving out, dropping, exporting, answering, correcting, revising: in any order."""
    Office.template = sqlite_template
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
