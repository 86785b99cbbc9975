"""Nothing is paid twice: ten times the process that pays is killed in the midst of it, and started anew."""

import random
import signal
import subprocess
import sys

import pytest

from tests.casework.payments.clerk import Bank, consistent, verify
from tests.casework.payments.killed import KEYS, NOW
from tests.casework.payments.paying import payable
from tests.casework.stage import CHECKOUT

ROUNDS, PARTS = 10, 2


def run(database, bank, payables, nth):
    """Let a process pay the lists until its nth statement (0: to the end); gives how it ended."""
    url = database.url.render_as_string(hide_password=False)
    lists = [f"{one.list_id}:{one.maker.account}:{one.signer.account}" for one in payables]
    command = [sys.executable, "-m", "tests.casework.payments.killed", url, str(bank.folder), str(PARTS), str(nth)]
    return subprocess.run([*command, *lists], cwd=CHECKOUT, timeout=120, check=False).returncode


@pytest.mark.proof
def test_ten_rounds_of_kill_pay_nobody_twice(database, tmp_path):
    """Wherever it dies, what is kept and what the bank was given agree; in the end everybody was paid exactly once."""
    assert database.keys.newest == KEYS.newest
    assert database.now() == NOW
    payables = [payable(database, "Ani", "Budi", "Citra", amount=300_001) for _ in range(4)]
    bank, dice = Bank(tmp_path), random.Random(20261123)

    for _ in range(ROUNDS):
        assert run(database, bank, payables, dice.randrange(30, 120)) == -signal.SIGKILL
        with database.reading() as work:
            consistent(work, bank)
    assert run(database, bank, payables, 0) == 0

    verify(database, bank, *payables, parts=PARTS)
