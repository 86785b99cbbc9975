"""What the engine says, told to staff: a line for each service and person, with its certainty and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine import certainty
from engine.diagnosis import Diagnosis
from engine.rows import ServiceRow
from engine.words import say
from webapp.staff.facts_words import FactWords
from webapp.telling.cards import GROUPS, Card, card, group_of

BADGES = {"yes": "good", "unknown": "wait", "no": "quiet"}


@dataclass(frozen=True)
class Told:
    """One service for one subject; `before` is what was said without what is only supposed, None where nothing changed."""

    service: str
    title: str
    who: str
    status: str
    badge: str
    sure: str
    claimed: bool
    held: bool
    secret: bool
    before: str | None
    card: Card | None
    sentences: tuple[str, ...] = ()


def told(
    diagnosis: Diagnosis,
    words: FactWords,
    claimed: Iterable[tuple[str, str]] = (),
    before: Diagnosis | None = None,
) -> list[Told]:
    """Tell a diagnosis: what is claimed first, then what changed, then as the public result orders it.

    Args:
        diagnosis: What follows.
        words: Speaks of this household.
        claimed: The (service, subject) that a case asks for.
        before: What followed without what is only supposed; None compares with nothing.
    """
    asked = set(claimed)
    rows = [row for row in diagnosis.rows if row.concerned or row.held or row.vertex in asked or _changed(row, before)]
    found = [(row, _told(diagnosis, row, words, row.vertex in asked, before)) for row in rows]
    found.sort(key=lambda pair: (not pair[1].claimed, pair[1].before is None, GROUPS.index(group_of(pair[0]))))
    return [one for _, one in found]


def told_as_kept(answer: Mapping[str, Any], words: FactWords, claimed: Iterable[tuple[str, str]] = ()) -> list[Told]:
    """Tell a kept answer with its own sentences, when the engine of today cannot tell it in words any more."""
    asked = set(claimed)
    found = []
    for row in answer["services"]:
        key = row["service"], row["subject"]
        if row["status"] != "not_concerned" or row["held"] or key in asked:
            sentences = tuple(words.named(one["sentence"]) for one in row["because"])
            found.append(
                Told(
                    service=row["service"],
                    title=words.speaker.label(row["service"]),
                    who=words.who(row["subject"]),
                    status=say("status_short", row["status"], words.lang),
                    badge=BADGES[row["outcome"]],
                    sure=words.sure(row["cf"]),
                    claimed=key in asked,
                    held=bool(row["held"]),
                    secret=row["officer_only"],
                    before=None,
                    card=None,
                    sentences=sentences,
                )
            )
    return sorted(found, key=lambda one: not one.claimed)


def _told(diagnosis: Diagnosis, row: ServiceRow, words: FactWords, claimed: bool, before: Diagnosis | None) -> Told:
    return Told(
        service=row.service.name,
        title=row.service.label.in_(words.lang),
        who=words.who(row.subject),
        status=_status(row, words),
        badge=BADGES[row.outcome],
        sure=words.sure(row.cf) if row.outcome != "unknown" else "",
        claimed=claimed,
        held=bool(row.held),
        secret=row.officer_only,
        before=_before(row, before, words) if _changed(row, before) else None,
        card=card(diagnosis, [row], words.speaker, None),
    )


def _status(row: ServiceRow, words: FactWords) -> str:
    return say("status_short", "not_here" if row.service.offer == "not_here" else row.status, words.lang)


def _changed(row: ServiceRow, before: Diagnosis | None) -> bool:
    was = before and before.row(*row.vertex)
    return bool(was) and (was.status, certainty.rounded(was.cf)) != (row.status, certainty.rounded(row.cf))


def _before(row: ServiceRow, before: Diagnosis | None, words: FactWords) -> str:
    was = before.row(*row.vertex)
    return f"{_status(was, words)} {words.sure(was.cf) if was.outcome != 'unknown' else ''}".strip()
