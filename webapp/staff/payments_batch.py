"""The page of one batch: its totals and who vouches for them, the file for the bank and its answer, what stands in the way."""

from collections.abc import Sequence

from flask import Flask, Response, redirect, request, url_for

from casework.payments import answer_files, answers, batches, exporting, looking, transfer_files
from casework.payments.access import PREPARE, RIGHTS, SIGN, seen_batch
from casework.payments.answer_files import AnswerRefused, Fault
from casework.payments.models import Batch
from casework.people.accounts import shown_account
from casework.refusals import ChangedMeanwhile, NotAllowed, NotFound, Refused
from casework.staff.accounts import names_of
from casework.store.work import Work
from engine.words import money
from webapp import frame as public
from webapp.staff import frame
from webapp.staff.case_page import link_to
from webapp.staff.payments import layout_of

# The answer with the fields of its form.
_LARGEST = answer_files.LARGEST + 64 * 1024
_SHOWN_FAULTS = 100
_DONE = ("prepared", "signed", "left_out", "dropped", "exported", "again", "answered", "answered_again")


def register(app: Flask) -> None:
    """Add the page and what can be done on it."""
    one = "/kantor/bayar/<number>"
    frame.route(app, one, batch_page, *RIGHTS)
    frame.route(app, f"{one}/tanda-tangan", payment_sign, SIGN, methods=("POST",))
    frame.route(app, f"{one}/keluarkan", payment_leave_out, PREPARE, methods=("POST",))
    frame.route(app, f"{one}/batal", payment_drop, PREPARE, methods=("POST",))
    frame.route(app, f"{one}/kirim", payment_export, PREPARE, methods=("POST",))
    frame.route(app, f"{one}/berkas", payment_file, PREPARE)
    frame.route(app, f"{one}/jawaban", payment_answer, PREPARE, methods=("POST",), largest=_LARGEST)


def batch_page(number: str) -> Response:
    """Show a batch."""
    return _shown(number)


def payment_sign(number: str) -> Response:
    """Vouch for the totals that were shown."""
    return _done(number, "signed", lambda work, batch: batches.sign(work, batch, _version()))


def payment_leave_out(number: str) -> Response:
    """Take the chosen payments out."""
    chosen = [int(one) for one in request.form.getlist("payment") if one.isascii() and one.isdigit() and len(one) < 16]
    reason = request.form.get("reason", "")
    return _done(
        number, "left_out", lambda work, batch: batches.leave_out(work, batch, chosen, reason, _version()), "left_out"
    )


def payment_drop(number: str) -> Response:
    """Give the batch up."""
    reason = request.form.get("reason", "")
    return _done(number, "dropped", lambda work, batch: batches.drop(work, batch, reason, _version()), "drop")


def payment_export(number: str) -> Response:
    """Make the file for the bank; when it was made already, say so."""

    def export(work: Work, batch: Batch) -> str:
        file = exporting.export(work, batch, layout_of(batch.layout), request.form.get("form"), _version())
        return "exported" if file.first else "again"

    return _done(number, None, export, "export")


def payment_file(number: str) -> Response:
    """Give the file for the bank as it was made."""
    with frame.reading() as work:
        file = exporting.file_of(work, seen_batch(work, number))
    response = Response(file.data, mimetype=transfer_files.MEDIA_TYPES[file.form].partition(";")[0])
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


def payment_answer(number: str) -> Response:
    """Read in what the bank answered."""

    def read(work: Work, batch: Batch) -> str:
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            raise Refused("payments-answer-missing", "file")
        result = answers.read_answer(work, batch, layout_of(batch.layout), sent.filename, sent.read())
        return "answered" if result.first else "answered_again"

    return _done(number, None, read, "answer")


def _done(number: str, done: str | None, act, form: str = "") -> Response:
    """Do something to a batch and go back to its page, or show there what is to be mended."""
    try:
        with frame.work() as work:
            said = act(work, seen_batch(work, number))
    except (NotFound, NotAllowed, ChangedMeanwhile):
        raise
    except Refused as refused:
        faults = refused.faults if isinstance(refused, AnswerRefused) else ()
        return _shown(number, refused, faults, form, 400)
    return redirect(url_for("batch_page", number=number, done=done or said))


def _shown(
    number: str, refused: Refused | None = None, faults: Sequence[Fault] = (), form: str = "", status: int = 200
) -> Response:
    lang = public.chosen_language()
    with frame.reading() as work:
        batch = seen_batch(work, number)
        work.record("payments.batch_read", "batch", batch.number)
        layout = public.desk().office.knowledge.bank_layouts.get(batch.layout)
        open_ = batch.state in batches.CHANGING
        changed = exporting.obstacles(work, batches.payments_of(work, batch, "planned")) if open_ else {}
        program = batch.list.program
        signatures = batches.signatures(work, batch)
        names = names_of(work, (batch.made_by, *(one.account_id for one in signatures)))
        return frame.page(
            "staff/payments/batch.html",
            status,
            batch=batch,
            layout=layout,
            service=public.service_name,
            list_link=link_to("list_page", number=batch.list.number),
            link_to=link_to,
            signatures=[(names[one.account_id], one.signed_at) for one in signatures],
            signed_by_me=any(one.account_id == work.actor.account for one in signatures),
            signers=batches.SIGNERS,
            maker=names[batch.made_by],
            open=open_,
            changed=[(one, changed[one.id]) for one in looking.some(work, list(changed))],
            changed_count=len(changed),
            page=looking.page_of(work, batch, public.page_asked()),
            left_out=looking.left_out(work, batch),
            answers=looking.answers(work, batch),
            may_prepare=work.actor.may_for_all(PREPARE, program),
            may_sign=work.actor.may_for_all(SIGN, program),
            account=lambda payment: shown_account(work.keys, payment.account),
            money=lambda amount: money(amount, lang),
            faults=[(one.row, one.said(lang)) for one in faults[:_SHOWN_FAULTS]],
            fault_count=len(faults),
            errors={refused.field: refused.said(lang)} if refused else {},
            mended=form,
            typed=request.form,
            done=_said_done(),
            largest=answer_files.LARGEST // 1024 // 1024,
        )


def _said_done() -> str | None:
    done = request.args.get("done")
    return done if done in _DONE else None


def _version() -> str | None:
    return request.form.get("version", "0")
