"""What the bank's answer does: paid payments move their claims on, failed ones go back to their cases.

An answer is taken as a whole or not at all, and the same file once. What a payment became it stays: a later file that says
otherwise is refused, because after a failure somebody may have been paid by another batch.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from casework.cases.models import Note
from casework.cases.moving import move_claim
from casework.lists.models import Entry
from casework.payments import answer_files
from casework.payments.access import PREPARE, require_for
from casework.payments.answer_files import AnswerLine, AnswerRefused, Fault
from casework.payments.batches import lock, payments_of
from casework.payments.models import BankAnswer, Batch, Payment
from casework.payments.payees import entries_by_id
from casework.refusals import Refused
from casework.store.work import Work
from engine.knowledge.banks import BankLayout

# From here a payment moves a claim on; one that is paid already stays so.
MOVED_ON = ("determined", "monitored")
_LONG_NUMBER = re.compile(r"[0-9]{6,}")
_LONGEST = 200


@dataclass(frozen=True)
class Answered:
    """What became of an answer; `first` says that the file was read just now."""

    paid: int
    failed: int
    first: bool


def read_answer(work: Work, batch: Batch, layout: BankLayout, file_name: str, data: bytes) -> Answered:
    """Take in what the bank says about a batch, all of it or some.

    Args:
        layout: The one that the batch was made for.
        file_name: As it was uploaded; kept for people, never used as a path.
        data: The file.

    Raises:
        Refused: `payments-not-exported`, `payments-format`, or why the file cannot be read.
        AnswerRefused: with the rows that do not fit this batch.
    """
    require_for(work, PREPARE, batch.list.program)
    lock(work, batch)
    sha256 = hashlib.sha256(data).hexdigest()
    held = work.session.scalars(
        select(BankAnswer).where(BankAnswer.batch_id == batch.id, BankAnswer.sha256 == sha256)
    ).one_or_none()
    if held is not None:
        return Answered(held.paid, held.failed, False)
    if batch.state not in ("exported", "answered"):
        raise Refused("payments-not-exported", "file")
    if layout.name != batch.layout:
        raise Refused("payments-format", "file")
    lines = answer_files.lines_of(layout.answer, data)
    payments = {payment.reference: payment for payment in payments_of(work, batch)}
    if faults := _faults(payments, lines):
        raise AnswerRefused(faults)
    new = [(payments[line.reference], line) for line in lines if payments[line.reference].state == "exported"]
    for payment, line in new:
        payment.answered_at = work.now
        payment.state, payment.failure = ("paid", None) if line.paid else ("failed", _said(line.reason))
    if all(payment.state != "exported" for payment in payments.values()):
        batch.state = "answered"
    paid = sum(line.paid for line in lines)
    work.session.add(
        BankAnswer(
            batch_id=batch.id,
            file_name=_name(file_name),
            sha256=sha256,
            paid=paid,
            failed=len(lines) - paid,
            read_at=work.now,
            read_by=work.actor.name,
        )
    )
    work.session.flush()
    _tell_cases(work, batch, [payment for payment, _ in new])
    work.record("payments.answered", "batch", batch.number, paid=paid, failed=len(lines) - paid, sha256=sha256)
    return Answered(paid, len(lines) - paid, True)


def _faults(payments: dict[str, Payment], lines: Sequence[AnswerLine]) -> list[Fault]:
    """Find the rows that do not fit: of another batch, of another amount, twice, or against an earlier answer."""
    found, seen = [], {}
    for line in lines:
        payment = payments.get(line.reference)
        if payment is None:
            code, details = "payments-row-unknown", {"value": _masked(line.reference)[:60]}
        elif line.reference in seen:
            code, details = "payments-row-twice", {"value": line.reference, "first": str(seen[line.reference])}
        elif line.amount != payment.amount:
            code, details = "payments-row-amount", {"value": str(line.amount), "planned": str(payment.amount)}
        elif payment.state not in ("exported", "paid" if line.paid else "failed"):
            code, details = "payments-row-otherwise", {"value": line.reference}
        else:
            seen[line.reference] = line.row
            continue
        found.append(Fault(line.row, code, details))
    return found


def _tell_cases(work: Work, batch: Batch, payments: Sequence[Payment]) -> None:
    entries = entries_by_id(work.session, (payment.entry_id for payment in payments))
    # What a move asks for, that the bank has paid, is in the database already: thousands need no flush each.
    with work.session.no_autoflush:
        for payment in payments:
            _tell_case(work, batch, payment, entries[payment.entry_id])


def _tell_case(work: Work, batch: Batch, payment: Payment, entry: Entry) -> None:
    claim = entry.claim
    if claim is None:
        return
    if payment.state == "paid":
        if claim.state in MOVED_ON:
            move_claim(work, claim, "paid")
        return
    text = f"Transfer {payment.reference}, bagian {batch.instalment}, gagal: {payment.failure}. "
    text += "Periksa rekening penerima, lalu catat rekening yang benar."
    work.session.add(Note(case_id=claim.case_id, text=text, written_at=work.now, written_by=work.actor.name))
    work.record("payments.failed", "case", claim.case.number, reference=payment.reference)


def _said(reason: str | None) -> str:
    """Keep what the bank says, on one line, without whole numbers of accounts."""
    return _masked(" ".join((reason or "-").split()))[:_LONGEST]


def _masked(text: str) -> str:
    return _LONG_NUMBER.sub(lambda found: "*" * (len(found[0]) - 3) + found[0][-3:], text)


def _name(file_name: str) -> str:
    return re.split(r"[/\\]", file_name)[-1][-100:]
