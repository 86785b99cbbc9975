"""A batch is handed out once; whoever asks again gets the very same bytes."""

import hashlib
import threading
from dataclasses import replace

import pytest

from casework.audit.models import AuditEntry
from casework.payments import exporting
from casework.payments.batches import leave_out, payments_of
from casework.refusals import NotAllowed, Refused
from tests.casework.payments import paying


@pytest.mark.parametrize("form", ["csv", "excel"])
def test_a_second_export_gives_the_very_same_bytes_and_says_so(database, form):
    """Numbered, with a hash; the payments are under way after the first."""
    one = paying.payable(database)
    number = paying.prepared(database, one)
    paying.signed(database, one, number)

    first, again = paying.exported(database, one, number, form), paying.exported(database, one, number)

    assert (first.first, again.first) == (True, False)
    assert first.data == again.data
    assert first.sha256 == again.sha256 == hashlib.sha256(first.data).hexdigest()
    assert first.name == again.name == number + {"csv": ".csv", "excel": ".xlsx"}[form]
    with database.reading() as work:
        batch = paying.the_batch(work, number)
        assert batch.state == "exported"
        assert {payment.state for payment in batch.payments} == {"exported"}


def test_the_file_is_kept_sealed_and_the_log_knows_no_account(sqlite):
    """Whole account numbers stand in the file that goes to the bank, and nowhere else."""
    one = paying.payable(sqlite, "Ani")
    number = paying.sent(sqlite, one)

    with sqlite.reading() as work:
        batch = paying.the_batch(work, number)
        assert b"0012345600" not in batch.file_sealed
        assert b"0012345600" in batch.opened_bytes(work.keys, "file")
        log = str([(entry.action, entry.details) for entry in work.session.query(AuditEntry)])
        assert "payments.exported" in log
        assert "0012345600" not in log


def test_what_changed_since_it_was_prepared_is_not_paid_unseen(sqlite):
    """Dead, ended, off the list, another account: the file is not made until they are left out."""
    one = paying.payable(sqlite, "Ani", "Budi", "Citra", "Dewi", "Eka")
    number = paying.prepared(sqlite, one)
    paying.signed(sqlite, one, number)
    with sqlite.work() as work:
        ani, budi, citra, dewi, _ = paying.the_list(work, one).entries
        ani.place = "removed"
        budi.claim.state = "terminated"
        paying.account(work, citra.household.people[0], "9999999999")
        dewi.household.people[0].died_on = work.today

    with pytest.raises(Refused, match="changed since: 4"):
        paying.exported(sqlite, one, number)
    with sqlite.work(one.maker) as work:
        batch = paying.the_batch(work, number)
        found = exporting.obstacles(work, payments_of(work, batch, "planned"))
        assert sorted(found.values()) == ["account", "account_changed", "ended", "place"]
        for payment_id in found:
            leave_out(work, batch, [payment_id], "berubah")
    paying.signed(sqlite, one, number)
    assert paying.exported(sqlite, one, number).data.count(b"Eka") == 1


def test_a_form_that_the_layout_does_not_have_is_refused(sqlite):
    """So is the layout of another bank."""
    one = paying.payable(sqlite)
    number = paying.prepared(sqlite, one)
    paying.signed(sqlite, one, number)

    with pytest.raises(Refused, match="no such file"):
        paying.exported(sqlite, one, number, "pdf")
    with pytest.raises(Refused, match="no such file"):
        paying.exported(sqlite, one, number, bank=replace(paying.DESK, name="other"))


def test_who_signs_does_not_export(sqlite):
    """Export needs the right to prepare."""
    one = paying.payable(sqlite)
    number = paying.prepared(sqlite, one)
    paying.signed(sqlite, one, number)

    with pytest.raises(NotAllowed), sqlite.work(one.signer) as work:
        exporting.export(work, paying.the_batch(work, number), paying.DESK)


def test_of_two_who_export_at_once_both_get_one_file(database):
    """One makes it, the other is given the same and told so."""
    one = paying.payable(database)
    number = paying.prepared(database, one)
    paying.signed(database, one, number)
    start, files = threading.Barrier(2), []

    def run():
        start.wait()
        files.append(paying.exported(database, one, number))

    threads = [threading.Thread(target=run) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(file.first for file in files) == [False, True]
    assert files[0].data == files[1].data
