"""A diagnosis as the pages show it: cards of plain words, made from the engine's rows."""

from dataclasses import dataclass
from typing import Any

from engine.diagnosis import Diagnosis, ServiceRow
from engine.model import HOUSEHOLD
from engine.present import as_json, status_sentence
from engine.words import Speaker, day, joined, money, percent, say

ORDER = ("eligible", "eligible_as_told", "likely", "conditional", "undetermined", "unlikely", "ineligible", "excluded")


@dataclass(frozen=True)
class Card:
    """One service for one subject, in words."""

    title: str
    who: str | None
    status: str
    badge: str
    sentence: str
    confidence: str | None
    advice: str | None
    elsewhere: str | None
    confirmed: bool
    worth: str | None
    parts: list[tuple[str, str]]
    why: list[dict[str, Any]]
    missing: list[str]
    verify: list[dict[str, str]]
    documents: list[dict[str, Any]]
    steps: list[dict[str, str | None]]
    unverifiable: list[str]


def page(diagnosis: Diagnosis, lang: str) -> dict[str, Any]:
    """Give everything the result page shows; what only officers may see is left out."""
    speaker = Speaker(diagnosis.knowledge, lang)
    rows = [row for row in diagnosis.shown if not row.officer_only]
    rows.sort(key=lambda row: (row.outcome != "yes" or not row.service.duty, _place(row), row.service.name))
    question = diagnosis.question
    asked = diagnosis.knowledge.facts[question.fact] if question else None
    return {
        "day": day(diagnosis.household.as_of, lang),
        "warnings": [warning["sentence"] for warning in as_json(diagnosis, lang)["warnings"]],
        "cards": [_card(diagnosis, row, speaker) for row in rows],
        "others": sum(1 for row in diagnosis.rows if row.status == "not_concerned"),
        "packages": _packages(diagnosis, speaker),
        "papers": _papers(diagnosis, speaker),
        "question": (asked.question or asked.label).in_(lang) if asked else None,
        "question_who": speaker.who(question.subject) if question and question.subject != HOUSEHOLD else None,
    }


def _place(row: ServiceRow) -> int:
    return ORDER.index(row.status) if row.status in ORDER else len(ORDER)


def _card(diagnosis: Diagnosis, row: ServiceRow, speaker: Speaker) -> Card:
    lang, service, k = speaker.lang, row.service, diagnosis.knowledge
    place = service.refer_to.in_(lang) if service.refer_to else "-"
    known = row.outcome != "unknown"
    return Card(
        title=service.label.in_(lang),
        who=None if row.subject == HOUSEHOLD else speaker.who(row.subject),
        status=row.status,
        badge=say("status_short", row.status, lang),
        sentence=status_sentence(row, speaker),
        confidence=percent(row.cf, lang) if known else None,
        advice=say("advice", row.advice, lang) if row.advice != "none" else None,
        elsewhere=say("offer", service.offer, lang, place=place) if service.offer != "here" else None,
        confirmed=service.confirmed,
        worth=_worth(row, lang),
        parts=_parts(row, speaker),
        why=[_reason(diagnosis, reason, speaker) for reason in row.reasons],
        missing=speaker.missing(row.missing),
        verify=[
            {
                "fact": speaker.missing([(one.fact, one.subject)])[0],
                "now": k.evidence[one.now].label.in_(lang) if one.now in k.evidence else "-",
                "percent": percent(one.cf_then, lang),
            }
            for one in row.verify
        ],
        documents=[_document(diagnosis, one, speaker) for one in row.documents],
        steps=[_step(diagnosis, one.name, lang) for one in row.steps],
        unverifiable=[text.in_(lang) for reason in row.reasons for text in reason.rule.unverifiable],
    )


def _worth(row: ServiceRow, lang: str) -> str | None:
    if row.worth is None or row.worth.amount is None or row.outcome == "no":
        return None
    return f"{money(row.worth.amount, lang)} {say('per', row.worth.per, lang)} ({say('kind', row.worth.kind, lang)})"


def _parts(row: ServiceRow, speaker: Speaker) -> list[tuple[str, str]]:
    if row.worth is None or row.service.benefit is None:
        return []
    labels = {component.name.text: speaker.label(component.member.text) for component in row.service.benefit.components}
    return [
        (
            f"{labels[part.component]}, {speaker.who(part.subject)}: {money(part.amount, speaker.lang)}",
            "paid" if part.paid else "not_paid" if part.known else "not_known_paid",
        )
        for part in row.worth.parts
    ]


def _reason(diagnosis: Diagnosis, reason: Any, speaker: Speaker) -> dict[str, Any]:
    word = reason.rule.source.text if reason.rule.source else ""
    source = diagnosis.knowledge.sources.get(word.split(" ")[0])
    article = word.partition(" ")[2]
    return {
        "sentence": speaker.sentence(reason),
        "source": f"{source.title}{', ' + article if article else ''}" if source else None,
        "address": source.address if source and (source.address or "").startswith(("http://", "https://")) else None,
        "seen": source.seen if source else None,
        "lines": [
            {"mark": speaker.mark(line), "claim": speaker.claim(line), "found": speaker.finding(line)}
            for line in reason.conditions
        ],
    }


def _document(diagnosis: Diagnosis, one: Any, speaker: Speaker) -> dict[str, Any]:
    paper = diagnosis.knowledge.papers[one.name]
    return {
        "title": paper.label.in_(speaker.lang),
        "of": joined((speaker.who(member) for member in one.of), speaker.lang),
        "perhaps": one.needed == "maybe",
    }


def _step(diagnosis: Diagnosis, name: str, lang: str) -> dict[str, str | None]:
    step = diagnosis.knowledge.steps[name]
    return {"title": step.label.in_(lang), "actor": step.actor.in_(lang) if step.actor else None}


def _packages(diagnosis: Diagnosis, speaker: Speaker) -> list[dict[str, Any]]:
    bundles = [bundle for bundle in diagnosis.choice.bundles if bundle.services]
    if len(bundles) < 2:
        return []
    return [
        {
            "services": list(dict.fromkeys(speaker.label(name) for name, _ in sorted(bundle.services))),
            "cash": money(bundle.cash, speaker.lang),
            "in_kind": money(bundle.in_kind, speaker.lang),
            "unconfirmed": money(bundle.unconfirmed, speaker.lang) if bundle.unconfirmed else None,
            "recommended": bundle.recommended,
        }
        for bundle in bundles
    ]


def _papers(diagnosis: Diagnosis, speaker: Speaker) -> list[dict[str, Any]]:
    found = []
    for one in diagnosis.papers:
        paper = diagnosis.knowledge.papers[one.document]
        found.append(
            {
                "title": paper.label.in_(speaker.lang),
                "of": joined((speaker.who(member) for member in one.of), speaker.lang),
                "how": paper.how_to_get.in_(speaker.lang) if paper.how_to_get else None,
                "in_hand": one.in_hand,
            }
        )
    return found
