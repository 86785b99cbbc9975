"""Batches of payments: who is paid how much in one file, who vouches for its totals, and what may still be changed.

Of a list and its revisions, batches are made one after the other: the first of the lists is locked meanwhile, and the
database itself refuses a second payment of one entry, or to one payee, in one instalment.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError

from casework.cases.numbers import next_number
from casework.lists.lists import IN_FORCE
from casework.lists.models import BeneficiaryList, Entry
from casework.payments import instalments
from casework.payments.access import PREPARE, SIGN, require_for
from casework.payments.instalments import Instalment
from casework.payments.models import Batch, LeftOut, Payment, Signature
from casework.payments.payees import entries_of, payee_key, payees
from casework.refusals import ChangedMeanwhile, NotAllowed, NotFound, Refused
from casework.store.work import Work
from engine.knowledge.banks import BankLayout

CHANGING = ("draft", "signed")
OVER = ("failed", "cancelled")
SIGNERS = 2


def prepare(work: Work, list_: BeneficiaryList, instalment: Instalment, layout: BankLayout) -> Batch:
    """Make the batch of one instalment: everybody on the list who was not paid it and is not being paid it.

    Who is left out, and why, is kept with the batch. To an account that the bank refused in this instalment money goes
    again only when somebody has set the account anew.

    Args:
        list_: A list that is signed or published.
        instalment: Which part of its amounts; all batches of a list and its revisions count the same parts.
        layout: How the bank wants its file.

    Raises:
        Refused: `payments-list-state`, `payments-other-split`, `payments-nobody` (with the reasons counted).
    """
    require_for(work, PREPARE, list_.program)
    root = _locked_root(work, list_)
    if list_.state not in IN_FORCE:
        raise Refused("payments-list-state", "list")
    family = _family(work, root)
    _require_same_split(work, family, instalment)
    batch = Batch(
        number=next_number(work, "batch"),
        list_id=list_.id,
        instalment=str(instalment),
        layout=layout.name,
        state="draft",
        made_at=work.now,
        made_by=_account(work),
    )
    payments, left_out = _planned(work, root, family, list_, instalment)
    if not payments:
        raise Refused("payments-nobody", left_out=len(left_out))
    work.session.add(batch)
    work.session.flush()
    for place, payment in enumerate(payments, 1):
        payment.batch_id, payment.reference = batch.id, f"{batch.number}-{place:05d}"
    work.session.add_all(payments)
    work.session.add_all(LeftOut(batch_id=batch.id, entry_id=entry, reason=why) for entry, why in left_out.items())
    batch.count, batch.total = len(payments), sum(payment.amount for payment in payments)
    _flush(work)
    _on_record(work, "payments.prepared", batch, list=list_.number, left_out=len(left_out))
    return batch


def _planned(
    work: Work, root: int, family: Sequence[int], list_: BeneficiaryList, instalment: Instalment
) -> tuple[list[Payment], dict[int, str]]:
    """Give the payments of a new batch, and of the others by their entries why there is none (not: paid already)."""
    entries = entries_of(work.session, list_)
    found = payees(work, entries)
    given, refused = _given(work, root, family), _refused_accounts(work, root, family, instalment)
    payments, left_out, mine = [], {}, set()
    for entry in entries:
        key = payee_key(root, entry.person_id, entry.household_id)
        if instalment.number in given[key]:
            if key in mine:
                left_out[entry.id] = "twice"
            continue
        payee = found[entry.id]
        amount = 0 if payee.obstacle else instalments.part_of(entry.amount or 0, instalment, given[key])
        if payee.obstacle:
            left_out[entry.id] = payee.obstacle
        elif amount <= 0:
            left_out[entry.id] = "nothing_left"
        elif payee.account.id == refused.get(key):
            left_out[entry.id] = "account_failed"
        else:
            mine.add(key)
            given[key][instalment.number] = amount
            payments.append(
                Payment(
                    entry_id=entry.id,
                    payee=key,
                    instalment=str(instalment),
                    account_id=payee.account.id,
                    amount=amount,
                    state="planned",
                )
            )
    return payments, left_out


def sign(work: Work, batch: Batch, version: int | str | None = None) -> Signature:
    """Vouch for count and total of a batch. With the second of two different people it can be exported.

    Raises:
        Refused: `payments-signed-twice` by the same person, `payments-not-open` when it is exported or dropped.
        NotAllowed: who has no account, or not the right.
    """
    require_for(work, SIGN, batch.list.program)
    lock(work, batch, version)
    account = _account(work)
    if batch.state not in CHANGING:
        raise Refused("payments-not-open")
    held = work.session.get(Signature, (batch.id, account))
    if held is not None and _counts(held, batch):
        raise Refused("payments-signed-twice")
    signature = held or Signature(batch_id=batch.id, account_id=account)
    signature.count, signature.total, signature.signed_at = batch.count, batch.total, work.now
    work.session.add(signature)
    work.session.flush()
    if len(signatures(work, batch)) >= SIGNERS:
        batch.state = "signed"
    _on_record(work, "payments.signed", batch)
    return signature


def signatures(work: Work, batch: Batch) -> list[Signature]:
    """Give the signatures that count: those of the totals as they are."""
    found = work.session.scalars(
        select(Signature).where(Signature.batch_id == batch.id).order_by(Signature.signed_at, Signature.account_id)
    )
    return [signature for signature in found if _counts(signature, batch)]


def leave_out(
    work: Work, batch: Batch, payment_ids: Collection[int], reason: str, version: int | str | None = None
) -> None:
    """Take payments out of a batch that is not exported; what was signed no longer counts.

    Raises:
        Refused: `payments-none-chosen`, `payments-reason`, `payments-not-open`, `payments-last` (drop the batch instead).
        NotFound: when one of them is none of this batch.
    """
    require_for(work, PREPARE, batch.list.program)
    lock(work, batch, version)
    if not payment_ids:
        raise Refused("payments-none-chosen", "payment")
    why = _reason(reason)
    held = {payment.id: payment for payment in payments_of(work, batch)}
    if not held.keys() >= set(payment_ids):
        raise NotFound
    chosen = [held[id_] for id_ in sorted(set(payment_ids))]
    if batch.state not in CHANGING or any(payment.state != "planned" for payment in chosen):
        raise Refused("payments-not-open")
    if batch.count == len(chosen):
        raise Refused("payments-last", "payment")
    for payment in chosen:
        payment.state, payment.failure = "cancelled", why
    batch.count, batch.state = batch.count - len(chosen), "draft"
    batch.total -= sum(payment.amount for payment in chosen)
    work.session.flush()
    _on_record(work, "payments.left_out", batch, references=[payment.reference for payment in chosen])


def drop(work: Work, batch: Batch, reason: str, version: int | str | None = None) -> None:
    """Give a batch up that is not exported; whoever was in it can be in another.

    Raises:
        Refused: `payments-reason`, `payments-not-open`.
    """
    require_for(work, PREPARE, batch.list.program)
    lock(work, batch, version)
    why = _reason(reason)
    if batch.state not in CHANGING:
        raise Refused("payments-not-open")
    for payment in payments_of(work, batch, "planned"):
        payment.state, payment.failure = "cancelled", why
    batch.state, batch.count, batch.total = "dropped", 0, 0
    work.session.flush()
    _on_record(work, "payments.dropped", batch, reason=why)


def payments_of(work: Work, batch: Batch, *states: str) -> Sequence[Payment]:
    """Give the payments of a batch that are in one of some states (none named: all), as the database has them now."""
    query = select(Payment).where(Payment.batch_id == batch.id).order_by(Payment.id)
    if states:
        query = query.where(Payment.state.in_(states))
    return work.session.scalars(query.execution_options(populate_existing=True)).all()


def lock(work: Work, batch: Batch, version: int | str | None = None) -> None:
    """Let nobody else change a batch until the end of this unit of work; read it as it is now."""
    work.session.refresh(batch, with_for_update=True)
    work.same(batch, version)


def _locked_root(work: Work, list_: BeneficiaryList) -> int:
    """Lock the first of a list's revisions, so that batches of all of them are made one after the other; gives its id."""
    root = list_
    while root.revises_id is not None:
        root = work.session.get_one(BeneficiaryList, root.revises_id)
    work.session.refresh(root, with_for_update=True)
    work.session.refresh(list_)
    return root.id


def _family(work: Work, root: int) -> list[int]:
    """Give the ids of a list and of all its revisions."""
    tree = select(BeneficiaryList.id).where(BeneficiaryList.id == root).cte("family", recursive=True)
    tree = tree.union_all(select(BeneficiaryList.id).join(tree, BeneficiaryList.revises_id == tree.c.id))
    return list(work.session.scalars(select(tree.c.id)))


def _require_same_split(work: Work, family: Sequence[int], instalment: Instalment) -> None:
    made = select(Batch.instalment).where(Batch.list_id.in_(family), Batch.state != "dropped").distinct()
    for other in work.session.scalars(made):
        if instalments.read(other).of != instalment.of:
            raise Refused("payments-other-split", "of", of=instalments.read(other).of)


def _given(work: Work, root: int, family: Sequence[int]) -> Mapping[str, dict[int, int]]:
    """Give what each payee was given or is being given, by the numbers of the instalments."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for payment, keys in _with_payees(work, root, family, Payment.state.not_in(OVER)):
        number = instalments.read(payment.instalment).number
        for key in keys:
            found[key][number] = found[key].get(number, 0) + payment.amount
    return found


def _refused_accounts(work: Work, root: int, family: Sequence[int], instalment: Instalment) -> dict[str, int]:
    """Give the account that the bank refused last, by payee."""
    failed = Payment.state == "failed", Payment.instalment == str(instalment)
    return {key: payment.account_id for payment, keys in _with_payees(work, root, family, *failed) for key in keys}


def _with_payees(
    work: Work, root: int, family: Sequence[int], *conditions: ColumnElement[bool]
) -> Iterator[tuple[Payment, set[str]]]:
    """Give payments with whom they went to: as they were made, and as their entries are since people were merged."""
    rows = select(Payment, Entry.person_id, Entry.household_id).join(Entry, Entry.id == Payment.entry_id)
    rows = rows.join(Batch, Batch.id == Payment.batch_id).where(Batch.list_id.in_(family), *conditions)
    for payment, person_id, household_id in work.session.execute(rows.order_by(Payment.id)):
        yield payment, {payment.payee, payee_key(root, person_id, household_id)}


def _counts(signature: Signature, batch: Batch) -> bool:
    return (signature.count, signature.total) == (batch.count, batch.total)


def _account(work: Work) -> int:
    if work.actor.account is None:
        raise NotAllowed
    return work.actor.account


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Refused("payments-reason", "reason")
    return reason.strip()[:500]


def _flush(work: Work) -> None:
    try:
        work.session.flush()
    except IntegrityError:  # another batch has the same payee or entry: only possible past the lock
        raise ChangedMeanwhile from None


def _on_record(work: Work, action: str, batch: Batch, **details: object) -> None:
    work.record(action, "batch", batch.number, count=batch.count, total=batch.total, **details)
