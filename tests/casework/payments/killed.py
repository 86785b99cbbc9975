"""A process that pays lists one after the other and kills itself with SIGKILL before its nth statement or commit.

python -m tests.casework.payments.killed DATABASE BANK PARTS NTH LIST:MAKER:SIGNER ...
"""

import os
import signal
import sys
from datetime import UTC, datetime

from sqlalchemy import event

from casework.staff.models import Account
from casework.staff.sign_ins import actor_for
from casework.store.database import Database
from casework.store.keys import Keyring
from tests.casework.payments.clerk import Bank, Clerk, instalments_of
from tests.casework.payments.paying import Payable

KEYS = Keyring([b"k" * 32], b"s" * 32)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def die_at(engine, nth):
    """Let the process end as if its power had failed, at a statement or commit that is named by its number."""
    left = iter(range(nth - 1, -1, -1))

    def count(*_):
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    commit = engine.dialect.do_commit
    event.listen(engine, "before_cursor_execute", count)
    engine.dialect.do_commit = lambda connection: (count(), commit(connection), count())


def main(url, folder, parts, nth, *lists):
    database = Database(url, KEYS, lambda: NOW)
    with database.reading() as work:
        payables = []
        for line in lists:
            list_id, *accounts = map(int, line.split(":"))
            officers = [actor_for(work.session.get_one(Account, account)) for account in accounts]
            payables.append(Payable(list_id, *officers))
    if int(nth):
        die_at(database.engine, int(nth))
    for one in payables:
        for instalment in instalments_of(int(parts)):
            Clerk(database, Bank(folder), one, instalment).work()
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
