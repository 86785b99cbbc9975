"""A diagnosis as the pages show it: cards of plain words, made from the engine's rows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from engine import certainty
from engine.diagnosis import Diagnosis
from engine.explain import ConditionResult, Reason, grounds, roots
from engine.knowledge.model import HOUSEHOLD
from engine.present import status_sentence, warnings
from engine.rows import ServiceRow
from engine.words import Speaker, day, joined, money, percent, say, sureness

ORDER = ("eligible", "eligible_as_told", "likely", "conditional", "undetermined", "unlikely", "ineligible", "excluded")
SECTIONS = ("yes", "unknown", "no")
_NEAR = 2


@dataclass(frozen=True)
class Card:
    """One service for the subjects of whom the same is said, in words."""

    title: str
    who: tuple[str, ...]
    status: str
    badge: str
    sentence: str
    sure: str | None
    grounds: list[str]
    advice: str | None
    conflicts: str | None
    elsewhere: str | None
    confirmed: bool
    worth: str | None
    worth_key: str
    parts: list[tuple[str, str]]
    why: list[dict[str, Any]]
    missing: list[str]
    verify: list[str]
    documents: list[dict[str, Any]]
    steps: list[dict[str, str | None]]
    apply_at: str | None
    unverifiable: list[str]


def page(diagnosis: Diagnosis, lang: str) -> dict[str, Any]:
    """Give everything the result page shows of a diagnosis made for everybody."""
    speaker = Speaker(diagnosis.knowledge, lang)
    rows = list(diagnosis.shown)
    rows.sort(key=lambda row: (row.outcome != "yes" or not row.service.duty, _place(row), row.service.name))
    question = diagnosis.question
    asked = diagnosis.knowledge.facts[question.fact] if question else None
    return {
        "day": day(diagnosis.household.as_of, lang),
        "warnings": [warning["sentence"] for warning in warnings(diagnosis, lang)],
        "unlisted": diagnosis.household.members_listed == "some",
        "sections": [(outcome, cards) for outcome in SECTIONS if (cards := _cards(diagnosis, rows, outcome, speaker))],
        "unconfirmed": not any(row.service.confirmed for row in rows),
        "others": len(diagnosis.rows) - len(diagnosis.shown),
        "packages": _packages(diagnosis, speaker),
        "papers": _papers(diagnosis, speaker),
        "question": (asked.question or asked.label).in_(lang) if asked else None,
        "question_who": speaker.who(question.subject) if question and question.subject != HOUSEHOLD else None,
    }


def _place(row: ServiceRow) -> int:
    return ORDER.index(row.status) if row.status in ORDER else len(ORDER)


def _cards(diagnosis: Diagnosis, rows: Iterable[ServiceRow], outcome: str, speaker: Speaker) -> list[Card]:
    """Make the cards of one outcome; people of whom the same is said share one.

    A service that does not exist here cannot be proposed, whoever would qualify for it.
    """
    cards: list[Card] = []
    for row in rows:
        if (row.outcome if _exists(row) else "no") == outcome:
            card = _card(diagnosis, row, speaker.about(row.subject))
            same = next((at for at, one in enumerate(cards) if replace(one, who=card.who) == card), None)
            if same is None:
                cards.append(card)
            else:
                cards[same] = replace(card, who=cards[same].who + card.who)
    return [replace(card, who=(joined(card.who, speaker.lang),)) if card.who else card for card in cards]


def _exists(row: ServiceRow) -> bool:
    return row.service.offer != "not_here"


def _card(diagnosis: Diagnosis, row: ServiceRow, speaker: Speaker) -> Card:
    lang, service = speaker.lang, row.service
    place = service.refer_to.in_(lang) if service.refer_to else "-"
    known = row.outcome != "unknown"
    return Card(
        title=service.label.in_(lang),
        who=() if row.subject == HOUSEHOLD else (speaker.who(row.subject),),
        status=row.status if _exists(row) else "not_required",
        badge=say("status_short", row.status if _exists(row) else "not_here", lang),
        sentence=status_sentence(row, speaker),
        sure=f"{sureness(row.cf, lang).capitalize()} ({percent(row.cf, lang)})" if known else None,
        grounds=speaker.grounds(grounds(diagnosis.trace, service.name, row.subject)) if known else [],
        advice=say("advice", row.advice, lang).capitalize() if row.advice != "none" else None,
        conflicts=joined(_labels(row.conflicts, speaker), lang) or None,
        elsewhere=say("offer", "refer", lang, place=place) if service.offer != "here" and service.refer_to else None,
        confirmed=service.confirmed,
        worth=_worth(row, lang),
        worth_key="benefit" if known else "benefit_if",
        parts=_parts(row, speaker),
        why=[_reason(diagnosis, reason, speaker) for reason in row.reasons],
        missing=speaker.missing(row.missing),
        verify=_verify(diagnosis, row, speaker),
        documents=[_document(diagnosis, one, speaker) for one in row.documents],
        steps=[_step(diagnosis, one.name, lang) for one in row.steps],
        apply_at=service.apply_at.in_(lang) if service.apply_at and row.outcome != "no" else None,
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


def _verify(diagnosis: Diagnosis, row: ServiceRow, speaker: Speaker) -> list[str]:
    """Name each fact that could be better known, how it is known now, and what checking it alone would do."""
    found = []
    for one in row.verify:
        evidence = diagnosis.knowledge.evidence.get(one.now)
        told = f"{speaker.missing([(one.fact, one.subject)])[0]}: {speaker.lower(evidence.label.in_(speaker.lang)) if evidence else '-'}"
        better = certainty.confidence(one.cf_then) > certainty.confidence(row.cf)
        found.append(f"{told} → {percent(one.cf_then, speaker.lang)}" if better else told)
    return found


def _reason(diagnosis: Diagnosis, reason: Reason, speaker: Speaker) -> dict[str, Any]:
    word = reason.rule.source.text if reason.rule.source else ""
    source = diagnosis.knowledge.sources.get(word.split(" ")[0])
    address = source.address or "" if source else ""
    return {
        "sentence": speaker.sentence(reason),
        "source": speaker.source(reason.rule) if source else None,
        "address": address if address.startswith(("http://", "https://")) else None,
        "blocks": [
            _block(diagnosis, label, list(lines), speaker)
            for label, lines in groupby(reason.conditions, key=lambda line: line.block)
        ],
    }


def _block(diagnosis: Diagnosis, label: str, lines: list[ConditionResult], speaker: Speaker) -> dict[str, Any]:
    """Say the lines of a block; of alternatives, those that hold, or all where none does."""
    holding = [line for line in lines if speaker.mark(line) == "yes"]
    alternatives = label == "when any"
    told = holding if alternatives and holding else lines
    return {
        "title": say("block", label, speaker.lang).capitalize() if alternatives and not holding else None,
        "lines": [_line(diagnosis, line, speaker) for line in told],
    }


def _line(diagnosis: Diagnosis, line: ConditionResult, speaker: Speaker) -> dict[str, str | None]:
    """Say a condition and what was found; what must not be is in favour when it is not so."""
    must_not = line.block.startswith(("unless", "unneeded"))
    mark = certainty.outcome(certainty.negate(line.cf)) if must_not else speaker.mark(line)
    telling = mark == "no" or (mark == "yes" and not must_not)
    found = speaker.stopped_by([(line, roots(diagnosis.trace, line, _NEAR) if telling else ())])[0]
    claim = speaker.lower(speaker.claim(line))
    if must_not:
        if line.name in diagnosis.knowledge.conclusions:
            return {"mark": mark, "claim": found, "found": None}
        return {"mark": mark, "claim": say("say", "must_not", speaker.lang, claim=claim), "found": found}
    if found.startswith(claim):
        return {"mark": mark, "claim": found, "found": None}
    return {"mark": mark, "claim": claim, "found": found}


def _document(diagnosis: Diagnosis, one: Any, speaker: Speaker) -> dict[str, Any]:
    paper = diagnosis.knowledge.papers[one.name]
    return {
        "title": paper.label.in_(speaker.lang),
        "of": joined((speaker.who(member) for member in one.of), speaker.lang),
        "perhaps": one.needed == "maybe",
        "later": say("before", one.before, speaker.lang) if one.before != "proposal" else None,
    }


def _step(diagnosis: Diagnosis, name: str, lang: str) -> dict[str, str | None]:
    step = diagnosis.knowledge.steps[name]
    told = [text.in_(lang) for text in (step.actor, step.where) if text]
    return {"title": step.label.in_(lang), "who": "; ".join(told) or None}


def _packages(diagnosis: Diagnosis, speaker: Speaker) -> list[dict[str, Any]]:
    bundles = [bundle for bundle in diagnosis.choice.bundles if bundle.services]
    if len(bundles) < 2:
        return []
    return [
        {
            "services": _labels(sorted(name for name, _ in bundle.services), speaker),
            "cash": money(bundle.cash, speaker.lang),
            "in_kind": money(bundle.in_kind, speaker.lang),
            "unconfirmed": money(bundle.unconfirmed, speaker.lang) if bundle.unconfirmed else None,
            "recommended": bundle.recommended,
        }
        for bundle in bundles
    ]


def _labels(services: Iterable[str], speaker: Speaker) -> list[str]:
    """Name services, each once."""
    return list(dict.fromkeys(speaker.label(name) for name in services))


def _papers(diagnosis: Diagnosis, speaker: Speaker) -> list[dict[str, Any]]:
    found = []
    for one in diagnosis.papers:
        paper = diagnosis.knowledge.papers[one.document]
        how = paper.how_to_get.in_(speaker.lang) if paper.how_to_get else None
        found.append(
            {
                "title": paper.label.in_(speaker.lang),
                "of": joined((speaker.who(member) for member in one.of), speaker.lang),
                "for": joined(_labels(one.for_, speaker), speaker.lang),
                "issuer": paper.issued_by.in_(speaker.lang) if paper.issued_by else None,
                "how": how,
                "instead": joined(speaker.substitutes(one.document), speaker.lang, "or"),
                "in_hand": one.in_hand,
            }
        )
    return found
