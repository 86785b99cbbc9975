"""Handing a batch out to the bank: once. Whoever asks again gets the very same file, and is told so."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from casework.payments import transfer_files
from casework.payments.access import PREPARE, require_for
from casework.payments.batches import SIGNERS, lock, payments_of, signatures
from casework.payments.models import Batch, Payment
from casework.payments.payees import entries_by_id, payees
from casework.payments.transfer_files import Head, Line
from casework.refusals import Refused
from casework.store.work import Work
from engine.knowledge.banks import BankLayout


class Exported(NamedTuple):
    """The file; `first` says that it was made just now."""

    name: str
    form: str
    data: bytes
    sha256: str
    first: bool


def export(
    work: Work, batch: Batch, layout: BankLayout, form: str | None = None, version: int | str | None = None
) -> Exported:
    """Make the file of a batch that two people signed; from then on its payments are under way.

    Everything is looked at once more: who died, lost the place, or whose account changed since is not paid unseen.

    Args:
        layout: The one that the batch was made for.
        form: `csv` or `excel`, as far as the layout has it; None: its first. Who asks again gets the form of before.

    Raises:
        Refused: `payments-unsigned`, `payments-not-open`, `payments-format`, `payments-changed` (payments to leave out
            first), `payments-too-wide`.
    """
    require_for(work, PREPARE, batch.list.program)
    lock(work, batch)
    if batch.file_sealed is not None:
        return _again(work, batch)
    work.same(batch, version)
    if batch.state == "dropped":
        raise Refused("payments-not-open")
    if batch.state != "signed" or len(signatures(work, batch)) < SIGNERS:
        raise Refused("payments-unsigned", signers=SIGNERS)
    form = form or layout.transfer.formats[0]
    if layout.name != batch.layout or form not in layout.transfer.formats:
        raise Refused("payments-format", "form")
    payments = payments_of(work, batch, "planned")
    if changed := obstacles(work, payments):
        raise Refused("payments-changed", count=len(changed))
    assert (len(payments), sum(one.amount for one in payments)) == (batch.count, batch.total), batch.number
    data = transfer_files.written(
        layout.transfer, form, Head(batch.number, work.today, batch.count, batch.total), _lines(work, payments)
    )
    for payment in payments:
        payment.state = "exported"
    batch.state, batch.exported_at, batch.exported_by = "exported", work.now, work.actor.name
    batch.file_format, batch.file_name = form, batch.number + transfer_files.SUFFIXES[form]
    batch.file_sha256 = hashlib.sha256(data).hexdigest()
    batch.seal(work.keys, "file", data)
    work.session.flush()
    _on_record(work, "payments.exported", batch)
    return Exported(batch.file_name, form, data, batch.file_sha256, True)


def file_of(work: Work, batch: Batch) -> Exported:
    """Give the file of a batch that was exported, once more. Raises: Refused `payments-not-exported`."""
    require_for(work, PREPARE, batch.list.program)
    if batch.file_sealed is None:
        raise Refused("payments-not-exported")
    return _again(work, batch)


def obstacles(work: Work, payments: Sequence[Payment]) -> dict[int, str]:
    """Give, by the ids of payments, what has come in the way since they were planned."""
    entries = entries_by_id(work.session, (payment.entry_id for payment in payments))
    found = payees(work, list(entries.values()))
    changed = {}
    for payment in payments:
        payee = found[payment.entry_id]
        if payee.obstacle:
            changed[payment.id] = payee.obstacle
        elif payee.account.id != payment.account_id:
            changed[payment.id] = "account_changed"
    return changed


def _lines(work: Work, payments: Sequence[Payment]) -> list[Line]:
    return [
        Line(
            payment.reference,
            payment.account.opened(work.keys, "number"),
            payment.account.holder,
            payment.account.bank,
            payment.amount,
        )
        for payment in payments
    ]


def _again(work: Work, batch: Batch) -> Exported:
    _on_record(work, "payments.downloaded", batch)
    data = batch.opened_bytes(work.keys, "file")
    return Exported(batch.file_name, batch.file_format, data, batch.file_sha256, False)


def _on_record(work: Work, action: str, batch: Batch) -> None:
    work.record(
        action,
        "batch",
        batch.number,
        count=batch.count,
        total=batch.total,
        file=batch.file_name,
        sha256=batch.file_sha256,
    )
