"""Somebody who pays a list to its end, whatever breaks on the way, and a bank that pays whatever file it is given."""

from pathlib import Path

from sqlalchemy import select

from casework.audit import log
from casework.lists.models import Entry
from casework.payments import batches, exporting
from casework.payments.batches import payments_of
from casework.payments.instalments import Instalment
from casework.payments.models import Batch, Payment
from casework.people.models import BankAccount
from casework.refusals import Refused
from tests.casework.payments.paying import DESK, account, answered, prepared, the_batch, the_list


class Bank:
    """A bank with a folder: it takes a file of one name once, pays its rows and answers. It keeps what it was given.

    The second row of the first file fails, and so does every payment to an account in `closed`.
    """

    def __init__(self, folder):
        self.folder = Path(folder)

    def take(self, name, data):
        """Take a file; one that comes again must be the very same, for the bank would pay both."""
        file = self.folder / name
        if file.exists():
            assert file.read_bytes() == data, name
            return
        part = file.with_suffix(".part")
        part.write_bytes(data)
        part.replace(file)

    def rows(self, name):
        """Give account, amount, reference and outcome of each row of a file."""
        first = min(file.name for file in self.folder.glob("*.csv"))
        lines = (self.folder / name).read_text(encoding="utf-8").splitlines()[2:-1]
        cells = [line.split(",") for line in lines]
        return [
            (cell[1], int(cell[4]), cell[5], "NO" if (name, row) == (first, 1) else "OK")
            for row, cell in enumerate(cells)
        ]

    def answer(self, name):
        """Write the answer to a file."""
        rows = [f"{reference},{amount},{code},closed" for _, amount, reference, code in self.rows(name)]
        return "\r\n".join(["REFERENCE,AMOUNT,CODE,REASON", *rows]).encode()

    def paid(self):
        """Give what arrived, by reference."""
        files = sorted(file.name for file in self.folder.glob("*.csv"))
        return {reference: amount for name in files for _, amount, reference, code in self.rows(name) if code == "OK"}


class Clerk:
    """Does the next thing that is to be done for an instalment of a list, as the pages would show it."""

    def __init__(self, database, bank, one, instalment):
        self.database, self.bank, self.one, self.instalment = database, bank, one, instalment

    def next(self):
        """Give the next thing to do; None when everybody on the list is paid."""
        with self.database.reading() as work:
            batch = work.session.scalars(
                select(Batch).where(
                    Batch.list_id == self.one.list_id,
                    Batch.instalment == str(self.instalment),
                    Batch.state.not_in(("answered", "dropped")),
                )
            ).one_or_none()
            if batch is None:
                return self._another(work)
            number, state = batch.number, batch.state
            signed = {one.account_id for one in batches.signatures(work, batch)}
        if state == "draft":
            actor = self.one.signer if self.one.maker.account in signed else self.one.maker
            return lambda: self._sign(actor, number)
        return (lambda: self._export(number)) if state == "signed" else (lambda: self._answer(number))

    def _another(self, work):
        paid = select(Payment.entry_id).where(Payment.instalment == str(self.instalment), Payment.state == "paid")
        query = select(Entry).where(Entry.list_id == self.one.list_id, Entry.id.not_in(paid))
        unpaid = work.session.scalars(query).all()
        if not unpaid:
            return None
        refused = {
            payment.account_id
            for payment in work.session.scalars(
                select(Payment).where(Payment.entry_id.in_([entry.id for entry in unpaid]), Payment.state == "failed")
            )
        }
        for entry in unpaid:
            current = max((one.id for one in self._accounts(work, entry)), default=None)
            if current in refused:
                entry_id = entry.id
                return lambda: self._correct(entry_id)
        return lambda: prepared(self.database, self.one, self.instalment)

    def _accounts(self, work, entry):
        return work.session.scalars(select(BankAccount).filter_by(person_id=entry.household.people[0].id))

    def _correct(self, entry_id):
        with self.database.work() as work:
            account(work, work.session.get_one(Entry, entry_id).household.people[0], f"77{entry_id:08}")

    def _sign(self, actor, number):
        with self.database.work(actor) as work:
            batches.sign(work, the_batch(work, number))

    def _export(self, number):
        with self.database.work(self.one.maker) as work:
            exporting.export(work, the_batch(work, number), DESK)

    def _answer(self, number):
        """Fetch the file once more, bring it to the bank, and read what it says."""
        with self.database.work(self.one.maker) as work:
            file = exporting.export(work, the_batch(work, number), DESK)
        self.bank.take(file.name, file.data)
        answered(self.database, self.one, number, self.bank.answer(file.name))

    def work(self, fault=()):
        """Do everything; what breaks with `fault` is done once more at once, whether or not it had been done."""
        while (step := self.next()) is not None:
            try:
                step()
            except fault:
                try:
                    step()
                except Refused:
                    continue


def verify(database, bank, *payables, parts=1):
    """Nobody was paid twice, everybody wholly; totals of database, files and bank are the same; the log holds."""
    with database.reading() as work:
        assert log.verify(work)[1] == []
        paid = {}
        for one in payables:
            for entry in the_list(work, one).entries:
                done = work.session.scalars(select(Payment).filter_by(entry_id=entry.id, state="paid")).all()
                assert len({payment.instalment for payment in done}) == len(done) == parts
                assert sum(payment.amount for payment in done) == entry.amount
                paid |= {payment.reference: payment.amount for payment in done}
        consistent(work, bank)
        assert paid.items() <= bank.paid().items()


def consistent(work, bank):
    """What must be true at every moment, wherever the work stopped."""
    living = select(Payment.payee, Payment.instalment).where(Payment.state.not_in(("failed", "cancelled")))
    keys = list(work.session.execute(living))
    assert len(keys) == len(set(keys))
    credited = bank.paid()
    by_key = [
        (payment.payee, payment.instalment)
        for payment in work.session.scalars(select(Payment))
        if payment.reference in credited
    ]
    assert len(by_key) == len(set(by_key)), "somebody was paid twice"
    assert credited.keys() <= {payment.reference for payment in work.session.scalars(select(Payment))}
    for batch in work.session.scalars(select(Batch)):
        payments = payments_of(work, batch, "planned", "exported", "paid", "failed")
        assert (batch.count, batch.total) == (len(payments), sum(one.amount for one in payments))
        if (bank.folder / f"{batch.number}.csv").exists():
            rows = bank.rows(f"{batch.number}.csv")
            assert (len(rows), sum(row[1] for row in rows)) == (batch.count, batch.total)


def instalments_of(parts):
    return [Instalment(part, parts) for part in range(1, parts + 1)]
