"""Proposals and decisions: the forms on the case page beside what the engine says, and all that waits for the head."""

from typing import Any, NamedTuple

from flask import Flask, Response, g, redirect, request, url_for

from casework.cases import deciding_many, decisions
from casework.cases.deciding_many import Pick
from casework.cases.diagnoses import latest
from casework.cases.models import Case, Claim, Decision
from casework.refusals import NotAllowed, NotFound, Refused
from casework.staff.accounts import names_of
from casework.staff.areas import seen_case
from casework.store.work import Work
from engine import certainty
from engine.words import percent
from webapp import frame as public
from webapp.staff import frame
from webapp.staff.case_page import show_case
from webapp.staff.case_words import CaseWords, shown


class Row(NamedTuple):
    """One claim as it stands, with what may be done about it."""

    claim: Claim
    engine: str
    sure: str
    outcome: str
    decisions: list[Decision]
    open: Decision | None
    barred: str | None
    may_propose: bool
    may_decide: bool


def register(app: Flask) -> None:
    """Add the forms' addresses and the page of what waits."""
    case, post = "/kantor/kasus/<number>", ("POST",)
    frame.route(app, f"{case}/usul", propose_decision, decisions.PROPOSE, methods=post)
    frame.route(app, f"{case}/putusan/<int:id>", make_decision, decisions.DECIDE, methods=post)
    frame.route(app, "/kantor/putusan", waiting_decisions, decisions.DECIDE, menu="decisions_waiting")
    frame.route(app, "/kantor/putusan/bersama", approve_together, decisions.DECIDE, methods=post)


def on_case(work: Work, case: Case) -> dict[str, Any]:
    """Give the claims of a case with their decisions and forms; after a refusal, what was typed."""
    claims = shown(work, case)
    made = decisions.decisions_of(work, claims)
    words = CaseWords.of(work)
    ready = case.state == decisions.VERIFIED and latest(work, case) is not None
    refused, mended = g.get("decision_refused", (None, ""))
    return {
        "rows": [_row(work, words, one, made[one.id], ready) for one in claims],
        "words": words,
        "names": names_of(work, (id_ for some in made.values() for one in some for id_ in _officers(one))),
        "mended": mended,
        "typed": request.form if refused else {},
        "errors": {refused.field: refused.said(words.lang)} if refused else {},
    }


def propose_decision(number: str) -> Response:
    """Take a proposal in."""
    form = request.form
    try:
        with frame.work() as work:
            claim = decisions.claim_of(work, seen_case(work, number), _id(form.get("claim")))
            decisions.propose(work, claim, form.get("proposal", ""), form.get("reason"), form.get("version"))
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _again(number, refused, f"propose-{form.get('claim')}")
    return redirect(url_for("case_page", number=number, _anchor="putusan"))


def make_decision(number: str, id: int) -> Response:
    """Approve, decline or send back."""
    form, how = request.form, _HOW.get(request.form.get("how", ""))
    try:
        with frame.work() as work:
            decision = decisions.decision_of(work, id)
            if how is None or decision.claim.case.number != number:
                raise NotFound
            how(work, decision, form.get("reason", ""), form.get("version"))
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _again(number, refused, f"{form.get('how')}-{id}")
    return redirect(url_for("case_page", number=number, _anchor="putusan"))


_HOW = {"approve": decisions.approve, "decline": decisions.decline, "send_back": decisions.send_back}


def waiting_decisions() -> Response:
    """Show what waits for a decision."""
    program = request.args.get("program", "")
    with frame.reading() as work:
        words = CaseWords.of(work)
        return frame.page(
            "staff/decisions/waiting.html",
            rows=decisions.waiting(work, program or None),
            total=decisions.count_waiting(work, program or None),
            words=words,
            program=program,
            programs=[(name, words.program(name)) for name in words.office.knowledge.programs],
        )


def approve_together() -> Response:
    """Show what approving the chosen ones would do; with `sure`, do it and report."""
    form, lang, office = request.form, public.chosen_language(), public.desk().office
    picks = [
        Pick(int(id_), version)
        for id_, _, version in (one.partition("@") for one in form.getlist("decision"))
        if id_.isascii() and id_.isdecimal() and len(id_) < 19
    ]
    sure, with_letters, refused, results = bool(form.get("sure")), bool(form.get("letters")), None, []
    try:
        if sure:
            results = deciding_many.approve_all(frame.house(), frame.actor(), office, picks, with_letters, lang)
        else:
            with frame.reading() as work:
                results = deciding_many.preview(work, picks)
    except Refused as found:
        refused = found
    with frame.reading() as work:
        words = CaseWords.of(work)
    details = {"results": results, "refused": refused, "sure": sure and not refused, "words": words}
    return frame.page("staff/decisions/together.html", 400 if refused else 200, **details)


def _row(work: Work, words: CaseWords, claim: Claim, made: list[Decision], ready: bool) -> Row:
    waits = next((one for one in made if one.outcome is None), None) if claim.state == "proposed" else None
    actor = work.actor
    return Row(
        claim=claim,
        engine=words.status(claim.status),
        sure="" if claim.cf is None else percent(claim.cf, words.lang),
        outcome="" if claim.cf is None else certainty.outcome(claim.cf),
        decisions=made,
        open=waits,
        barred=Refused(code).said(words.lang) if waits and (code := decisions.barred(work, waits)) else None,
        may_propose=ready and claim.state == "open" and actor.may_for(decisions.PROPOSE, claim.program),
        may_decide=waits is not None and actor.may_for(decisions.DECIDE, claim.program),
    )


def _officers(made: Decision) -> tuple[int, int | None]:
    return made.proposed_by, made.decided_by


def _again(number: str, refused: Refused, form: str) -> Response:
    """Show the case page once more, with what is wrong beside its form."""
    refused.field = f"{refused.field or 'form'}-{form}"
    g.decision_refused = refused, form
    return show_case(number, refused, form, frame.status_of(refused))


def _id(said: str | None) -> int:
    if not said or not said.isascii() or not said.isdecimal() or len(said) > 18:
        raise NotFound
    return int(said)
