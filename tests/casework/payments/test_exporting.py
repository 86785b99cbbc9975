"""A batch is handed out once; whoever asks again gets the very same bytes."""

import hashlib
import threading

import pytest

from casework.audit.models import AuditEntry
from casework.payments import exporting
from casework.payments.batches import leave_out, payments_of
from casework.refusals import NotAllowed, Refused
from tests.casework.payments.paying import (
    DESK,
    account,
    exported,
    layout,
    payable,
    prepared,
    sent,
    signed,
    the_batch,
    the_list,
)


@pytest.mark.parametrize("form", ["csv", "excel"])
def test_a_second_export_gives_the_very_same_bytes_and_says_so(database, form):
    """Numbered, with a hash; the payments are under way after the first."""
    one = payable(database)
    number = prepared(database, one)
    signed(database, one, number)

    first, again = exported(database, one, number, form), exported(database, one, number)

    assert (first.first, again.first) == (True, False)
    assert first.data == again.data
    assert first.sha256 == again.sha256 == hashlib.sha256(first.data).hexdigest()
    assert first.name == again.name == number + {"csv": ".csv", "excel": ".xlsx"}[form]
    with database.reading() as work:
        batch = the_batch(work, number)
        assert batch.state == "exported"
        assert {payment.state for payment in batch.payments} == {"exported"}


def test_the_file_is_kept_sealed_and_the_log_knows_no_account(sqlite):
    """Whole account numbers stand in the file that goes to the bank, and nowhere else."""
    one = payable(sqlite, "Ani")
    number = sent(sqlite, one)

    with sqlite.reading() as work:
        batch = the_batch(work, number)
        assert b"0012345600" not in batch.file_sealed
        assert b"0012345600" in batch.opened_bytes(work.keys, "file")
        log = str([(entry.action, entry.details) for entry in work.session.query(AuditEntry)])
        assert "payments.exported" in log
        assert "0012345600" not in log


def test_what_changed_since_it_was_prepared_is_not_paid_unseen(sqlite):
    """Dead, ended, off the list, another account: the file is not made until they are left out."""
    one = payable(sqlite, "Ani", "Budi", "Citra", "Dewi", "Eka")
    number = prepared(sqlite, one)
    signed(sqlite, one, number)
    with sqlite.work() as work:
        ani, budi, citra, dewi, _ = the_list(work, one).entries
        ani.place = "removed"
        budi.claim.state = "terminated"
        account(work, citra.household.people[0], "9999999999")
        dewi.household.people[0].died_on = work.today

    with pytest.raises(Refused, match="changed since: 4"):
        exported(sqlite, one, number)
    with sqlite.work(one.maker) as work:
        batch = the_batch(work, number)
        found = exporting.obstacles(work, payments_of(work, batch, "planned"))
        assert sorted(found.values()) == ["account", "account_changed", "ended", "place"]
        for payment_id in found:
            leave_out(work, batch, [payment_id], "berubah")
    signed(sqlite, one, number)
    assert exported(sqlite, one, number).data.count(b"Eka") == 1


def test_a_form_that_the_layout_does_not_have_is_refused(sqlite):
    """So is the layout of another bank."""
    one = payable(sqlite)
    number = prepared(sqlite, one)
    signed(sqlite, one, number)

    with pytest.raises(Refused, match="no such file"):
        exported(sqlite, one, number, "pdf")
    with pytest.raises(Refused, match="no such file"):
        exported(sqlite, one, number, bank=layout(LAYOUT_OF_ANOTHER))


LAYOUT_OF_ANOTHER = """
bank_layouts:
  other:
    name: {id: Lain, en: Other}
    transfer:
      formats: csv
      columns: [{heading: A, value: account_number}, {heading: B, value: amount}, {heading: C, value: reference}]
    answer: {columns: {reference: R, amount: A, code: C}, paid: [OK]}
"""


def test_who_signs_does_not_export(sqlite):
    """Export needs the right to prepare."""
    one = payable(sqlite)
    number = prepared(sqlite, one)
    signed(sqlite, one, number)

    with pytest.raises(NotAllowed), sqlite.work(one.signer) as work:
        exporting.export(work, the_batch(work, number), DESK)


def test_of_two_who_export_at_once_both_get_one_file(database):
    """One makes it, the other is given the same and told so."""
    one = payable(database)
    number = prepared(database, one)
    signed(database, one, number)
    start, files = threading.Barrier(2), []

    def run():
        start.wait()
        files.append(exported(database, one, number))

    threads = [threading.Thread(target=run) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(file.first for file in files) == [False, True]
    assert files[0].data == files[1].data
