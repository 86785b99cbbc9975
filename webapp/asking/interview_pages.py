"""The pages of the interview: one step after another, the answers to check, and the end. Nothing that is told is kept."""

from typing import Any

from flask import Flask, Response, redirect, request, url_for

from engine.knowledge.model import HOUSEHOLD
from engine.offices import office_of, own_office
from engine.rows import ServiceRow
from engine.words import Speaker
from webapp.asking import walk
from webapp.asking.checked import told_so_far
from webapp.asking.page import Page
from webapp.asking.reading import form_of
from webapp.asking.reasons import reasons
from webapp.asking.told import Told
from webapp.asking.walk import CHECK, ELSEWHERE, EMERGENCY, URGENT, WHERE, WHO, Step, Walk
from webapp.frame import APPLICANTS, desk, show

_NOTHING_ASKED = (ELSEWHERE, EMERGENCY, CHECK)


def register(app: Flask) -> None:
    """Give the application the pages of the interview."""
    app.add_url_rule("/mulai", "start", start)
    app.add_url_rule("/periksa", "interview", interview, methods=["GET", "POST"])
    app.add_url_rule("/hapus", "clear", clear, methods=["POST"])


def start() -> Response:
    """Say what is asked for and why, before anything is asked."""
    return show("asking/start.html", helping=False)


def clear() -> Response:
    """Forget everything: the page that carried the answers is gone, and the browser is told to keep no copy."""
    response = show("asking/cleared.html", helping="helping" in request.form)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def interview() -> Response:
    """Take the answer to a step and ask the next one."""
    if request.method == "GET":
        return redirect(url_for("start"))
    if request.form.get("do") == "start":
        return _go_on(Told(helping="helping" in request.form))
    told = desk().sealer.open(request.form.get("sealed", ""))
    turn, _, number = request.form.get("do", "show").partition("-")
    if turn in _NUMBERED:
        return _NUMBERED[turn](told, int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else -1)
    at = _walk(told if told.now else told.with_(now=(CHECK, "")))
    return _TURNS.get(turn, _show_again)(at)


def _walk(told: Told) -> Walk:
    return Walk(told, desk().office, desk().served(told.applicant), form_of(told))


def _sent() -> dict[str, list[str]]:
    return request.form.to_dict(flat=False)


def _show_again(at: Walk) -> Response:
    """Show the step at hand once more: in another language, or for whoever went back in the browser."""
    return _ask(at, sent=_sent() if request.form.get("lang_to") else None)


def _answer(at: Walk) -> Response:
    """Take the answer to the step at hand."""
    told, step = at.told, at.step
    if step.kind == WHO:
        return _take_applicant(at)
    if step.kind in _NOTHING_ASKED:
        return _go_on(told)
    answer = Page(at).read(_sent())
    if answer.errors:
        return _ask(at, answer.errors, _sent())
    told = walk.answered(told, step, answer.typed, answer.then)
    if request.form["do"] == "another":
        told = walk.with_one_more(told)
    return _interrupted(told, step) or _go_on(told)


def _interrupted(told: Told, step: Step) -> Response | None:
    """Say at once what cannot wait: that another office serves one, or that there is help in an emergency."""
    if step.kind not in (WHERE, URGENT):
        return None
    at = _walk(told)
    if step.kind == WHERE and not _served_here(at):
        return _ask(at.at((ELSEWHERE, "where")))
    if step.kind == URGENT and _emergencies(at):
        return _ask(at.at((EMERGENCY, "event")))
    return None


def _served_here(at: Walk) -> bool:
    """Say whether this office serves where one lives; who does not know it is served here."""
    region, knowledge = _region(at), at.office.knowledge
    return region is None or office_of(region, knowledge) == own_office(knowledge)


def _region(at: Walk) -> str | None:
    given = at.household.given(HOUSEHOLD, at.region.name)
    return given.value if given else None


def _emergencies(at: Walk) -> list[ServiceRow]:
    """Give the urgent services that can be asked for: nothing said so far stands against them, and every sign was told."""
    steps = map(Step.of, at.told.trail)
    signs = {one.fact for step in steps if step.kind == URGENT for one in step.asked}
    rows = at.office.diagnose_for_everybody(at.household).rows
    asked_for = (row for row in rows if row.service.urgent and row.outcome != "no" and row.concerned)
    return [row for row in asked_for if row.outcome == "yes" or signs.isdisjoint(name for name, _ in row.missing)]


def _take_applicant(at: Walk) -> Response:
    applicant, told = request.form.get("applicant", ""), at.told
    if applicant not in APPLICANTS:
        return _ask(at, {"applicant": at.form.word("choose_one")}, _sent())
    if applicant != told.applicant:
        # Whoever applies as somebody else is asked other things at first; what was told already stays told.
        told = told.with_(trail=tuple(one for one in told.trail if one[0] != URGENT))
    told = walk.answered(told, at.step, {}, ()).with_(applicant=applicant)
    return _go_on(told.with_(members=max(1, told.members) if _walk(told).member_facts else 0))


def _skip(at: Walk) -> Response:
    """Take "not known" for everything on the page."""
    if at.step.kind in (WHO, *_NOTHING_ASKED):
        return _answer(at)
    return _go_on(walk.answered(at.told, at.step, Page(at).skipped(), ()))


def _back(at: Walk) -> Response:
    if not at.told.trail:
        return start()
    draft = Page(at).draft(_sent()) if at.step.asked else {}
    if at.told.changing:
        return _go_on(at.told.with_(typed={**at.told.typed, **draft}, changing=False))
    return _ask(_walk(walk.went_back(at.told, draft)))


def _check(at: Walk) -> Response:
    return _go_on(at.told)


def _add(at: Walk) -> Response:
    return _go_on(walk.with_one_more(at.told))


def _change(told: Told, number: int) -> Response:
    told = walk.changing(told, number)
    return _ask(_walk(told)) if told.changing else _go_on(told)


def _remove(told: Told, seat: int) -> Response:
    return _go_on(walk.without_seat(told, seat))


_TURNS = {
    "show": _show_again,
    "next": _answer,
    "another": _answer,
    "skip": _skip,
    "back": _back,
    "check": _check,
    "add": _add,
}
_NUMBERED = {"change": _change, "remove": _remove}


def _go_on(told: Told) -> Response:
    """Ask what is to be asked next; when there is nothing, show the answers to check."""
    at = _walk(told)
    step = at.next_step()
    return _ask(at.at(step.entry if step else (CHECK, "")))


def _ask(at: Walk, errors: dict[str, str] | None = None, sent: dict[str, list[str]] | None = None) -> Response:
    """Show the step at hand; with errors, as it was filled in."""
    step, knowledge = at.step, at.office.knowledge
    details = {"told": at.told, "sealed": desk().sealer.seal(at.told), "step": step, "errors": errors or {}}
    if step.kind == CHECK:
        return show("asking/check.html", parts=told_so_far(at), **details)
    if step.kind == ELSEWHERE:
        return show("asking/elsewhere.html", office=office_of(_region(at), knowledge), **details)
    if step.kind == EMERGENCY:
        return show("asking/emergency.html", services=_urgent_cards(at), office=own_office(knowledge), **details)
    page = Page(at)
    return show(
        "asking/step.html",
        422 if errors else 200,
        groups=page.groups,
        filled=page.filled() if sent is None else sent,
        applicants=APPLICANTS,
        reasons=reasons(at),
        left=None if step.kind in (WHERE, WHO, URGENT) else at.interview.screens_left(),
        **details,
    )


def _urgent_cards(at: Walk) -> list[dict[str, Any]]:
    """Give each urgent service once: where to ask for it, by when, and the steps."""
    lang, knowledge = at.form.lang, at.office.knowledge
    speaker = Speaker(knowledge, lang)
    found: dict[str, dict[str, Any]] = {}
    for row in _emergencies(at):
        service = row.service
        steps = [knowledge.steps[one.name] for one in row.steps]
        found[service.name] = {
            "title": service.label.in_(lang),
            "summary": service.summary.in_(lang) if service.summary else None,
            "apply_at": service.apply_at.in_(lang) if service.apply_at else None,
            "by_when": speaker.duration(service.time_limit) if service.time_limit else None,
            "steps": [step.label.in_(lang) for step in steps if not step.officer_only],
        }
    return list(found.values())
