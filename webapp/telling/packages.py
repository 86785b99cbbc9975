"""The packages side by side: what all of them hold is said once, each shows only what sets it apart."""

from collections.abc import Iterable
from typing import Any

from engine.benefits import Vertex
from engine.diagnosis import Diagnosis
from engine.knowledge.model import HOUSEHOLD
from engine.words import Speaker, joined, money

_MOST_SHOWN = 4


def packages(diagnosis: Diagnosis, speaker: Speaker) -> dict[str, Any] | None:
    """Give the packages to choose from; None where there is nothing to choose."""
    bundles = [bundle for bundle in diagnosis.choice.bundles if bundle.services]
    if len(bundles) < 2:
        return None
    common = frozenset.intersection(*(bundle.services for bundle in bundles))
    return {
        "common": _named(common, speaker),
        "recommended": any(bundle.recommended for bundle in bundles),
        "more": len(bundles[_MOST_SHOWN:]),
        "choices": [
            {
                "services": _named(bundle.services - common, speaker),
                "cash": money(bundle.cash, speaker.lang),
                "in_kind": money(bundle.in_kind, speaker.lang),
                "unknown": _named(_without_worth(diagnosis, bundle.services - common), speaker),
                "unconfirmed": money(bundle.unconfirmed, speaker.lang) if bundle.unconfirmed else None,
                "none_confirmed": bundle.unconfirmed == bundle.cash + bundle.in_kind,
                "recommended": bundle.recommended,
            }
            for bundle in bundles[:_MOST_SHOWN]
        ],
    }


def _without_worth(diagnosis: Diagnosis, vertices: Iterable[Vertex]) -> list[Vertex]:
    """Give the services whose value nobody knows, so that a sum without them misleads nobody."""
    rows = [row for row in diagnosis.rows if row.vertex in vertices]
    return [
        row.vertex for row in rows if row.worth and row.worth.amount is None and row.worth.kind in ("cash", "goods")
    ]


def _named(vertices: Iterable[Vertex], speaker: Speaker) -> list[str]:
    """Name services, each once, with the people they are for."""
    people: dict[str, list[str]] = {}
    for service, subject in sorted(vertices):
        people.setdefault(service, [])
        if subject != HOUSEHOLD:
            people[service].append(speaker.who(subject))
    return [
        f"{speaker.label(service)} ({joined(who, speaker.lang)})" if who else speaker.label(service)
        for service, who in people.items()
    ]
