"""The JSON of a diagnosis (design 6.2), the form that programs read."""

from datetime import date
from typing import Any

from engine import certainty
from engine.advise import Needed
from engine.benefits import Worth
from engine.diagnosis import ENGINE_VERSION, Diagnosis
from engine.explain import ConditionResult, Reason
from engine.knowledge.problems import Problem
from engine.knowledge.read import Place
from engine.rows import ServiceRow
from engine.words import Speaker, joined, say


def as_json(diagnosis: Diagnosis, lang: str = "id", everything: bool = False) -> dict[str, Any]:
    """Give a diagnosis as plain data.

    Args:
        diagnosis: What follows for one household.
        lang: The language of its texts, `id` or `en`.
        everything: List services that do not concern the household too.
    """
    speaker = Speaker(diagnosis.knowledge, lang)
    rows = diagnosis.rows if everything else diagnosis.shown
    return {
        "household": diagnosis.household.id,
        "applicant": diagnosis.household.applicant,
        "as_of": diagnosis.household.as_of.isoformat(),
        "edition": diagnosis.knowledge.edition,
        "engine": ENGINE_VERSION,
        "lang": lang,
        "warnings": warnings(diagnosis, lang),
        "services": [_service(diagnosis, row, speaker) for row in rows],
        "not_concerned": len(diagnosis.rows) - len(diagnosis.shown),
        "programs": _programs(diagnosis),
        "conclusions": _conclusions(diagnosis),
        "computed": _computed(diagnosis),
        "packages": _packages(diagnosis),
        "document_plan": _document_plan(diagnosis, lang),
        "next_question": _next_question(diagnosis, speaker),
    }


def warnings(diagnosis: Diagnosis, lang: str) -> list[dict[str, Any]]:
    """Give the warnings of a diagnosis: of its input, of the day's parameters and rules, of its packages."""
    day = diagnosis.household.as_of.isoformat()
    listed = list(diagnosis.household.warnings)
    listed += [Problem(code, Place(""), {"name": name, "day": day}) for code, name in diagnosis.warnings]
    listed += [Problem("else-wins", Place(""), {"name": name}) for name in _overruled(diagnosis)]
    return [{"code": one.code, "sentence": one.sentence(lang)} for one in listed]


def _overruled(diagnosis: Diagnosis) -> list[str]:
    """Give the facts that were given although they do not apply."""
    trace, found = diagnosis.trace, []
    for of, name in diagnosis.household.facts:
        fact = diagnosis.knowledge.facts.get(name)
        used = trace.index.get((of, name)) if fact and fact.only_if and not fact.format else None
        if used and used["value"] != diagnosis.household.facts[of, name].value:
            found.append(name)
    return list(dict.fromkeys(found))


def plain(value: Any) -> Any:
    """Give a value as JSON knows it."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _cf(cf: float) -> float:
    return certainty.rounded(cf)


def _service(diagnosis: Diagnosis, row: ServiceRow, speaker: Speaker) -> dict[str, Any]:
    service, lang = row.service, speaker.lang
    return {
        "service": service.name,
        "program": service.program.text,
        "activity": service.activity.text if service.activity else None,
        "subject": row.subject,
        "cf": _cf(row.cf),
        "cf_as_told": _cf(row.told),
        "outcome": row.outcome,
        "confidence": _cf(certainty.confidence(row.cf)),
        "status": row.status,
        "held": row.held,
        "advice": row.advice,
        "because": [_reason(reason, speaker) for reason in row.reasons],
        "missing": entries(row.missing),
        "waiting_for": row.waiting_for,
        "verify": [{**one._asdict(), "cf_then": _cf(one.cf_then)} for one in row.verify],
        "still_needed": [line.name for line in row.still_needed],
        "documents": [
            {"document": one.name, "needed": one.needed, "of": list(one.of), "before": one.before, "rule": one.rule}
            for one in row.documents
        ],
        "steps": [_step(one) for one in row.steps],
        "benefit": _benefit(row.worth),
        "offer": service.offer,
        "refer_to": service.refer_to.in_(lang) if service.refer_to else None,
        "priority": None if row.priority is None else _cf(row.priority),
        "conflicts": list(row.conflicts),
        "unverifiable": [text.in_(lang) for reason in row.reasons for text in reason.rule.unverifiable],
        "confirmed": service.confirmed,
        "officer_only": row.officer_only,
    }


def entries(missing: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    """Give missing inputs as plain data."""
    return [{"fact": name, "subject": subject} for name, subject in missing]


def _step(one: Needed) -> dict[str, Any]:
    return {"step": one.name, "needed": one.needed, "of": list(one.of), "rule": one.rule}


def _reason(reason: Reason, speaker: Speaker) -> dict[str, Any]:
    rule = reason.rule
    return {
        "rule": rule.id,
        "title": rule.title.in_(speaker.lang),
        "sentence": speaker.sentence(reason),
        "source": rule.source.text if rule.source else None,
        "premise": _cf(reason.premise),
        "contribution": _cf(reason.contribution),
        "conditions": [_condition(line) for line in reason.conditions],
    }


def _condition(line: ConditionResult) -> dict[str, Any]:
    limits = [plain(limit) for limit in line.limits]
    return {
        "block": line.block,
        "name": line.name,
        "phrase": line.phrase,
        "limit": limits[0] if len(limits) == 1 else limits or None,
        "value": plain(line.value),
        "evidence": line.evidence,
        "certainty": _cf(line.certainty),
        "cf": _cf(line.cf),
        "members": [
            {"subject": one.subject, "value": plain(one.value), "certainty": _cf(one.certainty), "cf": _cf(one.cf)}
            for one in line.members
        ],
    }


def _benefit(worth: Worth | None) -> dict[str, Any] | None:
    if worth is None:
        return None
    return {
        "amount": _amount(worth.amount),
        "unit": "IDR",
        "per": worth.per,
        "kind": worth.kind,
        "confirmed": worth.confirmed,
        "components": [
            {
                "component": p.component,
                "subject": p.subject,
                "amount": _amount(p.amount),
                "paid": p.paid,
                "known": p.known,
            }
            for p in worth.parts
        ],
    }


def _amount(amount: float | None) -> float | int | None:
    if amount is None:
        return None
    return int(amount) if amount == int(amount) else round(amount, 2)


def _programs(diagnosis: Diagnosis) -> list[dict[str, Any]]:
    """Give the strongest outcome of each program and activity (design 5.7)."""
    found = []
    for name, program in diagnosis.knowledge.programs.items():
        of_program = [row for row in diagnosis.rows if row.service.program.text == name]
        found.append(_strongest(name, None, of_program))
        for activity in program.activities:
            rows = [row for row in of_program if row.service.activity and row.service.activity.text == activity]
            found.append(_strongest(name, activity, rows))
    return found


def _strongest(program: str, activity: str | None, rows: list[ServiceRow]) -> dict[str, Any]:
    best = max(sorted(rows, key=lambda row: row.service.name), key=lambda row: row.cf, default=None)
    return {
        "program": program,
        "activity": activity,
        "outcome": best.outcome if best else "unknown",
        "confidence": _cf(certainty.confidence(best.cf)) if best else 0.0,
        "service": best.service.name if best else None,
    }


def _conclusions(diagnosis: Diagnosis) -> list[dict[str, Any]]:
    known = diagnosis.knowledge.conclusions
    return [
        {
            "conclusion": row.name,
            "subject": row.subject,
            "category": known[row.name].category,
            "cf": _cf(row.cf),
            "cf_as_told": _cf(row.told),
            "outcome": certainty.outcome(row.cf),
            "confidence": _cf(certainty.confidence(row.cf)),
            "missing": entries(row.missing),
            "contradiction": row.contradiction,
            "officer_only": row.officer_only,
        }
        for row in diagnosis.conclusions
    ]


def _computed(diagnosis: Diagnosis) -> list[dict[str, Any]]:
    found = []
    for fact in diagnosis.knowledge.facts.values():
        if fact.computed:
            for subject in diagnosis.trace.subjects(fact.of):
                known = diagnosis.trace.index[subject, fact.name]
                value = round(known["value"], 6) if isinstance(known["value"], float) else plain(known["value"])
                found.append({"fact": fact.name, "subject": subject, "value": value, "certainty": _cf(known["c"])})
    return found


def _packages(diagnosis: Diagnosis) -> list[dict[str, Any]]:
    return [
        {
            "services": [{"service": name, "subject": subject} for name, subject in sorted(bundle.services)],
            "cash": _amount(bundle.cash),
            "in_kind": _amount(bundle.in_kind),
            "unconfirmed": _amount(bundle.unconfirmed),
            "recommended": bundle.recommended,
        }
        for bundle in diagnosis.choice.bundles
        if bundle.services
    ]


def _document_plan(diagnosis: Diagnosis, lang: str) -> list[dict[str, Any]]:
    found = []
    for paper in diagnosis.papers:
        how = diagnosis.knowledge.papers[paper.document].how_to_get
        found.append(
            {
                "document": paper.document,
                "of": list(paper.of),
                "for": list(paper.for_),
                "how_to_get": how.in_(lang) if how else None,
                "in_hand": paper.in_hand,
            }
        )
    return found


def _next_question(diagnosis: Diagnosis, speaker: Speaker) -> dict[str, Any] | None:
    question = diagnosis.question
    if question is None:
        return None
    why = joined((speaker.label(name) for name in question.services), speaker.lang)
    return {"fact": question.fact, "subject": question.subject, "why": why}


def status_sentence(row: ServiceRow, speaker: Speaker) -> str:
    """Say a status in plain words (design 5.9), with what it hangs on."""
    if row.service.offer == "not_here":
        return say("offer", "not_here", speaker.lang)
    status, listed = hangs_on(row, speaker)
    return say("status", status, speaker.lang, list=joined(listed, speaker.lang))


def hangs_on(row: ServiceRow, speaker: Speaker) -> tuple[str, list[str]]:
    """Give the sentence of a status, by its key, and what it names: what is missing, to be checked, or in the way."""
    match row.status:
        case "eligible_as_told":
            listed = speaker.missing((one.fact, one.subject) for one in row.verify)
            return row.status, listed or [say("report", "verify", speaker.lang)]
        case "conditional":
            return row.status, [speaker.label(line.name) for line in row.still_needed]
        case "undetermined":
            listed = speaker.missing(row.missing)
            office = "undetermined_office" if listed else "undetermined_nothing"
            return row.status if row.waiting_for == "applicant" else office, listed
        case "unlikely" | "ineligible" | "excluded":
            return row.status, speaker.stopped_by(row.stopped_by) or [say("say", "rule_missing", speaker.lang)]
    return row.status, []
