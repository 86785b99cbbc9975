"""Payments: the batches, making one, what came back from the bank, and the part of a case that tells of its payments."""

from typing import Any

from flask import Flask, Response, redirect, request, url_for

from casework.cases.models import Case
from casework.payments import batches, instalments, looking
from casework.payments.access import PREPARE, RIGHTS
from casework.people.accounts import shown_account
from casework.refusals import ChangedMeanwhile, NotAllowed, NotFound, Refused
from casework.store.work import Work
from engine.knowledge.banks import BankLayout
from engine.words import money
from webapp import frame as public
from webapp.staff import frame
from webapp.staff.case_page import link_to


def register(app: Flask) -> None:
    """Add the pages."""
    frame.route(app, "/kantor/bayar", payments_page, *RIGHTS, menu="payments_menu")
    frame.route(app, "/kantor/bayar/baru", payment_prepare, PREPARE, methods=("POST",))


def payments_page() -> Response:
    """Show the batches, what came back, and the form that makes a batch."""
    return _overview()


def payment_prepare() -> Response:
    """Make a batch of one instalment of a list."""
    form = request.form
    try:
        with frame.work() as work:
            if not form.get("list"):
                raise Refused("payments-list", "list")
            list_ = looking.list_to_pay(work, form["list"])
            part = instalments.instalment(form.get("number", ""), form.get("of", ""))
            number = batches.prepare(work, list_, part, layout_of(form.get("layout", ""))).number
    except (NotFound, NotAllowed, ChangedMeanwhile):
        raise
    except Refused as refused:
        return _overview(refused, 400)
    return redirect(url_for("batch_page", number=number, done="prepared"))


def _overview(refused: Refused | None = None, status: int = 200) -> Response:
    lang = public.chosen_language()
    with frame.reading() as work:
        returned = looking.returned(work)
        for payment in returned:
            work.record("payments.read", "household", payment.entry.household_id, reference=payment.reference)
        return frame.page(
            "staff/payments/payments.html",
            status,
            batches=looking.batches(work),
            returned=returned,
            lists=looking.lists_to_pay(work),
            layouts=list(_layouts().values()),
            service=public.service_name,
            link_to=link_to,
            money=lambda amount: money(amount, lang),
            typed=request.form or request.args,
            errors={refused.field: refused.said(lang)} if refused else {},
        )


def layout_of(name: str) -> BankLayout:
    """Give a layout by its name. Raises: Refused `payments-layout`."""
    layout = _layouts().get(name)
    if layout is None:
        raise Refused("payments-layout", "layout")
    return layout


def on_case(work: Work, case: Case) -> dict[str, Any]:
    """Give what the page of a case shows of its payments."""
    lang = public.chosen_language()
    payments = looking.payments_of_case(work, case)
    return {
        "payments": payments,
        "visible": looking.batches_seen(work, payments),
        "money": lambda amount: money(amount, lang),
        "account": lambda payment: shown_account(work.keys, payment.account),
        "service": public.service_name,
        "may_prepare": any(work.actor.may_for_all(PREPARE, claim.program) for claim in case.claims),
    }


def _layouts() -> dict[str, BankLayout]:
    return dict(public.desk().office.knowledge.bank_layouts)
