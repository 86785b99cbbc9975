"""The pages of the interview: one step after another, the answers to check, and the end. Nothing that is told is kept."""

from typing import Any

from flask import Flask, Response, redirect, request, url_for

from engine.offices import office_of, own_office
from engine.words import Speaker, joined
from webapp.asking import walk
from webapp.asking.page import Page
from webapp.asking.reading import form_of
from webapp.asking.told import Told
from webapp.asking.walk import CHECK, ELSEWHERE, EMERGENCY, HOME, MEMBER, RECEIVERS, URGENT, WHERE, WHO, Step, Walk
from webapp.frame import APPLICANTS, chosen_language, desk, show

_MOST_REASONS = 3
_WITHOUT_MEMBERS = ("organisation",)


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
        return _ask(_next(Told(helping="helping" in request.form)))
    told = desk().sealer.open(request.form.get("sealed", ""))
    return _TURNS.get(request.form.get("do", "show").partition("-")[0], _show_again)(told)


def _walk(told: Told) -> Walk:
    return Walk(told, desk().office, desk().served(told.applicant), form_of(told))


def _sent() -> dict[str, list[str]]:
    return request.form.to_dict(flat=False)


def _show_again(told: Told) -> Response:
    """Show the step at hand once more: in another language, or for whoever went back in the browser."""
    return _ask(told, sent=_sent() if request.form.get("lang_to") else None)


def _step(told: Told) -> Step:
    return Step.of(told.now or (CHECK, ""))


def _answer(told: Told) -> Response:
    """Take the answer to the step at hand."""
    step = _step(told)
    if step.kind == WHO:
        return _take_applicant(told, step)
    if not step.asked and step.kind in (ELSEWHERE, EMERGENCY, CHECK):
        return _ask(_next(told))
    page = Page(_walk(told), step)
    sent = _sent()
    answer = page.read(sent)
    if answer.errors:
        return _ask(told, errors=answer.errors, sent=sent)
    told = walk.answered(told, step, answer.typed, answer.then)
    if request.form["do"] == "another":
        told = walk.with_one_more(told)
    return _ask(_interrupted(told, step) or _next(told))


def _interrupted(told: Told, step: Step) -> Told | None:
    """Give what was told with what must be said at once: another office, or an emergency."""
    if step.kind == WHERE and not _here(told):
        return told.with_(now=(ELSEWHERE, "where"))
    if step.kind == URGENT and _emergencies(told):
        return told.with_(now=(EMERGENCY, "event"))
    return None


def _here(told: Told) -> bool:
    """Say whether this office serves where one lives; who does not know it, or did not say, is served here."""
    region = _region_told(told)
    return region is None or office_of(region, desk().office.knowledge) == own_office(desk().office.knowledge)


def _emergencies(told: Told) -> list[Any]:
    diagnosis = desk().office.diagnose_for_everybody(_walk(told).household)
    return [row for row in diagnosis.rows if row.service.urgent and row.outcome == "yes" and row.concerned]


def _take_applicant(told: Told, step: Step) -> Response:
    applicant = request.form.get("applicant", "")
    if applicant not in APPLICANTS:
        return _ask(told, errors={"applicant": form_of(told).word("choose_one")}, sent=_sent())
    members = 0 if applicant in _WITHOUT_MEMBERS else max(1, told.members)
    if applicant != told.applicant and told.changing:
        # Whoever applies as somebody else is asked other things; what was told already stays told.
        told = told.with_(trail=tuple(one for one in told.trail if one[0] != URGENT))
    return _ask(_next(walk.answered(told, step, {}, ()).with_(applicant=applicant, members=members)))


def _skip(told: Told) -> Response:
    """Take "not known" for everything on the page."""
    step = _step(told)
    if step.kind in (WHO, ELSEWHERE, EMERGENCY, CHECK):
        return _answer(told)
    return _ask(_next(walk.answered(told, step, Page(_walk(told), step).skipped(), ())))


def _back(told: Told) -> Response:
    step = _step(told)
    if not told.trail:
        return start()
    draft = Page(_walk(told), step).draft(_sent()) if step.asked else {}
    if told.changing:
        return _ask(told.with_(typed={**told.typed, **draft}, now=(), changing=False))
    return _ask(walk.went_back(told, draft))


def _check(told: Told) -> Response:
    return _ask(_next(told.with_(now=())))


def _number() -> int:
    text = request.form.get("do", "").partition("-")[2]
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else -1


def _change(told: Told) -> Response:
    return _ask(walk.changing(told, _number()))


def _add(told: Told) -> Response:
    return _ask(_next(walk.with_one_more(told).with_(now=())))


def _remove(told: Told) -> Response:
    return _ask(_next(walk.without_seat(told, _number())))


def _next(told: Told) -> Told:
    step = _walk(told).next_step()
    return told.with_(now=step.entry if step else (CHECK, ""))


_TURNS = {
    "show": _show_again,
    "next": _answer,
    "another": _answer,
    "skip": _skip,
    "back": _back,
    "check": _check,
    "change": _change,
    "add": _add,
    "remove": _remove,
}


def _ask(told: Told, errors: dict[str, str] | None = None, sent: dict[str, list[str]] | None = None) -> Response:
    """Show the step at hand; with errors, as it was filled in."""
    told = told if told.now else _next(told)
    step = _step(told)
    details = {"told": told, "sealed": desk().sealer.seal(told), "step": step, "errors": errors or {}}
    if step.kind == CHECK:
        return show("asking/check.html", parts=_told_so_far(told), **details)
    if step.kind == ELSEWHERE:
        return show("asking/elsewhere.html", office=office_of(_region_told(told), desk().office.knowledge), **details)
    if step.kind == EMERGENCY:
        return show(
            "asking/emergency.html", services=_urgent_cards(told), office=own_office(desk().office.knowledge), **details
        )
    at = _walk(told)
    page = Page(at, step)
    return show(
        "asking/step.html",
        422 if errors else 200,
        groups=page.groups,
        filled=sent if sent is not None else page.filled(),
        applicants=APPLICANTS,
        reasons=_reasons(at, step),
        left=at.interview.screens_left() if step.kind not in (WHERE, WHO, URGENT) else None,
        **details,
    )


def _region_told(told: Told) -> str | None:
    region = _walk(told).household.given("household", _walk(told).region.name)
    return region.value if region else None


def _urgent_cards(told: Told) -> list[dict[str, Any]]:
    lang = chosen_language()
    speaker = Speaker(desk().office.knowledge, lang)
    found: dict[str, dict[str, Any]] = {}
    for row in _emergencies(told):
        service = row.service
        steps = [desk().office.knowledge.steps[one.name] for one in row.steps]
        found[service.name] = {
            "title": service.label.in_(lang),
            "summary": service.summary.in_(lang) if service.summary else None,
            "apply_at": service.apply_at.in_(lang) if service.apply_at else None,
            "by_when": speaker.duration(service.time_limit) if service.time_limit else None,
            "steps": [step.label.in_(lang) for step in steps if not step.officer_only],
        }
    return list(found.values())


def _reasons(at: Walk, step: Step) -> list[dict[str, Any]]:
    """Say of each question which services hang on it, and which rules read it."""
    if step.kind in (WHERE, WHO, MEMBER, RECEIVERS):
        return []
    speaker = Speaker(desk().office.knowledge, at.form.lang)
    hidden, found = at.interview.trace.plan.officer_only, []
    for one in step.asked:
        if one.fact not in at.facts:
            continue
        services = [service.label.in_(speaker.lang) for service in at.interview.tried(one.fact)]
        rules = [rule for rule in at.interview.rules_tried(one.fact) if not _is_hidden(rule, hidden)]
        found.append(
            {
                "label": speaker.label(one.fact),
                "services": joined(services[:_MOST_REASONS], speaker.lang) if services else None,
                "rules": [(rule.title.in_(speaker.lang), speaker.source(rule)) for rule in rules[:_MOST_REASONS]],
            }
        )
    return found


def _is_hidden(rule: Any, hidden: frozenset[str]) -> bool:
    concluded = getattr(rule.effect, "conclusion", None) or rule.effect.service
    return concluded.text in hidden


def _told_so_far(told: Told) -> list[dict[str, Any]]:
    """Give everything that was answered, by theme, each step with the number under which it can be changed."""
    at = _walk(told)
    parts: dict[str, list[dict[str, Any]]] = {}
    for number, entry in enumerate(told.trail):
        step = Step.of(entry)
        parts.setdefault(step.theme, []).append(
            {"number": number, "rows": _rows(at, step), "seat": step.asked[0].seats[0] if step.kind == MEMBER else None}
        )
    return [{"theme": theme, "steps": steps} for theme, steps in parts.items()]


def _rows(at: Walk, step: Step) -> list[tuple[str, str]]:
    """Say what was answered on a step: each question with its answer."""
    word, speaker = at.form.word, Speaker(desk().office.knowledge, at.form.lang)
    if step.kind == WHO:
        return [(word("ask_who"), word(f"applicant_{at.told.applicant}"))]
    if step.kind == MEMBER:
        seat = int(step.asked[0].seats[0])
        names = [
            fact.name
            for one in step.asked
            for fact in (at.facts[one.fact], *at.form.standing_in_for(at.facts[one.fact]))
        ]
        said = [_value(at, speaker, name, str(seat)) for name in names]
        return [(at.roles[seat], ", ".join(one for one in said if one) or word("unknown"))]
    rows = []
    for one in step.asked:
        if one.fact in at.facts and step.kind != RECEIVERS:
            rows.append((speaker.label(one.fact), _said(at, speaker, one)))
    if step.kind in (walk.AID, RECEIVERS):
        rows += [(word("aid"), _aid_said(at, speaker)), (word("papers"), _papers_said(at, speaker))]
    return rows


def _value(at: Walk, speaker: Speaker, name: str, seat: str) -> str | None:
    of = "household" if seat == HOME else at.roles[int(seat)]
    given = at.household.given(of, name)
    return speaker.value(name, given.value) if given else None


def _said(at: Walk, speaker: Speaker, one: walk.Asked) -> str:
    """Say the answer to one question, over the people it was asked of."""
    unknown = at.form.word("unknown")
    values = {seat: _value(at, speaker, one.fact, seat) for seat in one.seats}
    if one.seats == (HOME,):
        return values[HOME] or unknown
    if at.facts[one.fact].type == "boolean" and any(values.values()):
        yes = speaker.value(one.fact, True)
        who = [at.roles[int(seat)] for seat, value in values.items() if value == yes]
        return joined(who, speaker.lang) or at.form.word("nobody")
    if len(set(values.values())) == 1:
        return next(iter(values.values())) or unknown
    return "; ".join(f"{at.roles[int(seat)]}: {value or unknown}" for seat, value in values.items())


def _aid_said(at: Walk, speaker: Speaker) -> str:
    if at.household.received is None:
        return at.form.word("unknown")
    received = [
        speaker.label(name.partition(":")[2])
        for (_, name), given in at.household.facts.items()
        if name.startswith("received:") and given.value
    ]
    return joined(received, speaker.lang) or at.form.word("none_of_these")


def _papers_said(at: Walk, speaker: Speaker) -> str:
    papers = [name.partition(":")[2] for (_, name), given in at.household.facts.items() if name.startswith("paper:")]
    return joined(map(speaker.label, papers), speaker.lang) or "-"
