"""The order of the result page: the most important thing first, seven cards before the fold, nothing dropped."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from engine.diagnosis import Diagnosis, Office
from engine.knowledge.model import HOUSEHOLD
from engine.nearest.search import Nearest
from engine.present import warnings
from engine.rows import ServiceRow
from engine.words import Speaker, day, joined
from webapp.telling.cards import GROUPS, Card, card, group_of, sentence
from webapp.telling.packages import packages
from webapp.words import words_in

FOLD = 7
MOST_CHANGED = 3
_MOST_COUNTED = 3
OPEN = ("urgent", "propose", "papers")
_STATUSES = ("eligible", "eligible_as_told", "likely", "conditional", "undetermined", "unlikely", "ineligible")
# A rank that nobody knows yet is made, or mended, by this service.
_REGISTRATION, _REGISTRY = "dtsen_usulan", "DTSEN"
_RANK = ("desil", "decile")


@dataclass(frozen=True)
class Received:
    """A service that is received already, by whom, and what staff must look at again."""

    title: str
    who: str | None
    review: str | None


def page(diagnosis: Diagnosis, lang: str, office: Office | None = None, asked: Collection[str] = ()) -> dict[str, Any]:
    """Give everything the result page shows.

    Args:
        diagnosis: A diagnosis made for everybody.
        lang: The language of the page.
        office: Where the rules of later days are found; without one its own is made.
        asked: Services of which somebody wants to know what would have to change.
    """
    speaker = Speaker(diagnosis.knowledge, lang)
    cards = _cards(diagnosis, speaker, Nearest(diagnosis, office), asked)
    return {
        "day": day(diagnosis.household.as_of, lang),
        "headline": _headline(cards, lang),
        "warnings": [warning["sentence"] for warning in warnings(diagnosis, lang)],
        "unlisted": diagnosis.household.members_listed == "some",
        "groups": _groups(cards[:FOLD]),
        "folded": _groups(cards[FOLD:]),
        "folded_count": len(cards[FOLD:]),
        "unfold": any(one.service in asked for one in cards[FOLD:]),
        "explain_rank": _first_with_rank(cards),
        "registration": _registration(diagnosis, speaker),
        "received": _received(diagnosis, speaker),
        "packages": packages(diagnosis, speaker),
        "chosen": [(one.service, one.title, one.group in OPEN) for one in cards if one.group in (*OPEN, "office")],
        "unconfirmed": not any(one.confirmed for one in cards),
        "others": len(diagnosis.rows) - len(diagnosis.shown),
    }


def _cards(diagnosis: Diagnosis, speaker: Speaker, nearest: Nearest, asked: Collection[str]) -> list[Card]:
    """Make the cards in the order of the page; what is received already has a place of its own.

    What would have to change takes long to find out: it is found for the first cards that stand open, for others on demand.
    """
    services: dict[str, list[ServiceRow]] = {}
    for row in diagnosis.shown:
        if not row.held:
            services.setdefault(row.service.name, []).append(row)
    cards: list[Card] = []
    for rows in sorted(services.values(), key=lambda rows: min(map(_place, rows))):
        found = sum(one.group == "no" for one in cards)
        wanted = rows[0].service.name in asked or (len(cards) < FOLD and found < MOST_CHANGED)
        cards.append(card(diagnosis, rows, speaker, nearest if wanted else None))
    return cards


def _place(row: ServiceRow) -> tuple[int, bool, int, float]:
    """Give the place of a row: by group, duty, status and yearly value; among equals the knowledge has an order."""
    status = _STATUSES.index(row.status) if row.status in _STATUSES else len(_STATUSES)
    worth = row.worth.yearly if row.worth else 0.0
    return GROUPS.index(group_of(row)), not row.service.duty, status, -worth


def _groups(cards: list[Card]) -> list[tuple[str, list[Card]]]:
    return [(group, list(of)) for group, of in groupby(cards, key=lambda one: one.group)]


def _headline(cards: list[Card], lang: str) -> str:
    """Count what came out, the best first."""
    t = words_in(lang)
    counts = {group: sum(one.group == group for one in cards) for group in GROUPS}
    said = [t(f"count_{group}", count=counts[group]) for group in GROUPS[:-1] if counts[group]]
    said = said if counts["urgent"] or counts["propose"] else [t("count_none"), *said]
    return ", ".join(said[:_MOST_COUNTED])


def _first_with_rank(cards: list[Card]) -> str | None:
    """Give the first service whose card speaks of the rank in the registry, which needs a word of explanation."""
    for one in cards:
        if any(word in str((one.title, one.lines)).lower() for word in _RANK):
            return one.service
    return None


def _registration(diagnosis: Diagnosis, speaker: Speaker) -> str | None:
    """Name the service that makes what the office will look for in the registry, when the family can be proposed."""
    facts = diagnosis.knowledge.facts
    waits = any(
        name in facts and facts[name].form == _REGISTRY
        for row in diagnosis.shown
        if group_of(row) == "office"
        for name, _ in row.missing
    )
    proposal = diagnosis.row(_REGISTRATION, HOUSEHOLD)
    return speaker.label(_REGISTRATION) if waits and proposal and proposal.outcome == "yes" else None


def _received(diagnosis: Diagnosis, speaker: Speaker) -> list[Received]:
    """Give what is received already; whoever gets it unlike the others is named apart."""
    found: dict[tuple[str, str | None], list[str]] = {}
    for row in diagnosis.shown:
        if row.held:
            doubt = sentence(row, speaker.about(row.subject)) if row.advice == "review" and row.concerned else None
            people = found.setdefault((row.service.name, doubt), [])
            if row.subject != HOUSEHOLD:
                people.append(speaker.who(row.subject))
    return [
        Received(speaker.label(name), joined(who, speaker.lang) or None, doubt) for (name, doubt), who in found.items()
    ]
