"""Nothing is paid twice: a fault at every commit, before and after it was done, and the work is then done once more."""

import itertools

import pytest

from tests.casework.payments.clerk import Bank, Clerk, instalments_of, verify
from tests.casework.payments.paying import payable


class Fault(Exception):
    """The connection broke."""


class Faulty:
    """Breaks the nth commit: before it is done, or after, when nobody hears that it was."""

    def __init__(self, dialect, nth, after):
        self.commit, self.left, self.after, self.broken = dialect.do_commit, nth, after, False

    def __call__(self, connection):
        self.left -= 1
        if self.left or self.broken:
            return self.commit(connection)
        self.broken = True
        if self.after:
            self.commit(connection)
        raise Fault


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_fault_at_any_commit_pays_nobody_twice(database, after, monkeypatch, tmp_path):
    """For n = 1, 2, ... until a whole run has no nth commit; a file that comes to the bank twice is the very same."""
    for nth in itertools.count(1):
        folder = tmp_path / str(nth)
        folder.mkdir()
        one, bank = payable(database, "Ani", "Budi"), Bank(folder)
        faulty = Faulty(database.engine.dialect, nth, after)
        with monkeypatch.context() as patch:
            patch.setattr(database.engine.dialect, "do_commit", faulty)
            Clerk(database, bank, one, instalments_of(1)[0]).work(Fault)
        verify_one(database, bank, one)
        if not faulty.broken:
            break

    # Prepare, two signatures, the file twice, the answer; then the account, and all of it again for whom it failed.
    assert nth == 14


def verify_one(database, bank, one):
    """Look at what this bank was given; the other rounds of the test had banks of their own."""
    verify(database, bank, one)
    assert len(list(bank.folder.glob("*.csv"))) == 2
