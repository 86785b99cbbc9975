"""The card of one service: whom it is for, what is said of each, and what it rests on, in plain words.

People of whom the same is said share a line. How sure a result is, is said as what was checked; a number of
certainty is for staff and stands on no card.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine import certainty
from engine.diagnosis import Diagnosis
from engine.explain import grounds
from engine.knowledge.model import HOUSEHOLD
from engine.nearest.search import Nearest
from engine.present import hangs_on
from engine.rows import ServiceRow
from engine.words import Speaker, joined, money, say
from webapp.telling.changes import Changes, can_change, changes
from webapp.telling.whys import whys
from webapp.words import words_in

GROUPS = ("urgent", "propose", "papers", "office", "undecided", "no")
_FEW = 4


@dataclass(frozen=True)
class Line:
    """What is said of the people of one line; of the household, `who` is None."""

    who: str | None
    group: str
    sentence: str
    checked: str | None
    best_check: str | None
    worth: str | None
    each: bool
    parts: tuple[str, ...]
    changes: tuple[Changes, ...]


@dataclass(frozen=True)
class Card:
    """One service with the people inside it, the strongest answer first."""

    service: str
    title: str
    group: str
    lines: tuple[Line, ...]
    why: tuple[tuple[str | None, list[dict[str, Any]]], ...]
    elsewhere: str | None
    apply_at: str | None
    time_limit: str | None
    conflicts: str | None
    papers: int
    confirmed: bool
    may_change: bool


def group_of(row: ServiceRow) -> str:
    """Say in which group of the page a row stands."""
    if row.service.offer == "not_here" or row.outcome == "no" or row.status == "not_required":
        return "no"
    if row.service.urgent and (row.outcome == "yes" or row.waiting_for != "applicant"):
        return "urgent"
    if row.status == "undetermined":
        return "undecided" if row.waiting_for == "applicant" else "office"
    return "papers" if row.status == "conditional" else "propose"


def card(diagnosis: Diagnosis, rows: Sequence[ServiceRow], speaker: Speaker, nearest: Nearest | None) -> Card:
    """Make the card of one service from its rows.

    Args:
        diagnosis: What follows for the household.
        rows: The rows of one service, for the subjects that do not receive it yet.
        speaker: Speaks the language of the page.
        nearest: Knows what would have to change for a no; None leaves that to be asked for.
    """
    rows = sorted(rows, key=lambda row: GROUPS.index(group_of(row)))
    service, lang = rows[0].service, speaker.lang
    group = group_of(rows[0])
    ready = group not in ("undecided", "no")
    of = [(row.subject, speaker.about(row.subject)) for row in rows]
    lines = _shared(
        [(subject, _line(diagnosis, row, one, nearest)) for (subject, one), row in zip(of, rows, strict=True)]
    )
    reasons = _shared([(subject, whys(diagnosis, row, one)) for (subject, one), row in zip(of, rows, strict=True)])
    only = len(reasons) == 1
    place = service.refer_to.in_(lang) if service.refer_to else None
    return Card(
        service=service.name,
        title=service.label.in_(lang),
        group=group,
        lines=tuple(replace(line, who=_people(diagnosis, who, speaker), each=len(who) > 1) for who, line in lines),
        why=tuple((None if only else _people(diagnosis, who, speaker), reason) for who, reason in reasons),
        elsewhere=say("offer", "refer", lang, place=place)
        if place and service.offer == "refer" and group != "no"
        else None,
        apply_at=service.apply_at.in_(lang) if ready and service.apply_at else None,
        time_limit=speaker.duration(service.time_limit) if ready and service.time_limit else None,
        conflicts=joined(dict.fromkeys(speaker.label(name) for row in rows for name in row.conflicts), lang) or None,
        papers=len({paper.name for row in rows for paper in row.documents if paper.needed == "yes"}) if ready else 0,
        confirmed=service.confirmed,
        may_change=nearest is None and any(map(can_change, rows)),
    )


def _shared(said: Iterable[tuple[str, Any]]) -> list[tuple[list[str], Any]]:
    """Put together the subjects of whom the same is said."""
    found: list[tuple[list[str], Any]] = []
    for subject, one in said:
        same = next((who for who, other in found if other == one), None)
        if same is None:
            found.append(([subject], one))
        else:
            same.append(subject)
    return found


def _people(diagnosis: Diagnosis, who: list[str], speaker: Speaker) -> str | None:
    """Name people; all of a larger household together."""
    if who == [HOUSEHOLD]:
        return None
    everybody = diagnosis.household.members_listed == "all" and len(who) == len(diagnosis.household.members) > _FEW
    return words_in(speaker.lang)("everybody_here") if everybody else joined(map(speaker.who, who), speaker.lang)


def _line(diagnosis: Diagnosis, row: ServiceRow, speaker: Speaker, nearest: Nearest | None) -> Line:
    t = words_in(speaker.lang)
    told = row.outcome != "unknown" and row.service.offer != "not_here"
    best = row.verify[0] if row.outcome == "yes" and row.verify else None
    helps = best and certainty.confidence(best.cf_then) > certainty.confidence(row.cf)
    return Line(
        who=None,
        group=group_of(row),
        sentence=sentence(row, speaker),
        checked=_checked(diagnosis, row, speaker) if told else None,
        best_check=t(
            "best_check",
            what=speaker.missing([(best.fact, best.subject)])[0],
            how=speaker.lower(diagnosis.knowledge.evidence[best.best].label.in_(speaker.lang)),
        )
        if helps
        else None,
        worth=_worth(row, speaker),
        each=False,
        parts=_parts(row, speaker),
        changes=changes(nearest, row, speaker) if nearest else (),
    )


def sentence(row: ServiceRow, speaker: Speaker) -> str:
    """Say a status in plain words (design 5.9); of many things the first few."""
    lang = speaker.lang
    if row.service.offer == "not_here":
        return say("offer", "not_here", lang)
    status, listed = hangs_on(row, speaker)
    if listed and row.outcome == "no":
        # What was not found needs no list of all that it could have been; what was found does.
        stopped = [(line, roots if line.finding == "yes" else ()) for line, roots in row.stopped_by]
        # Reasons are clauses with commas and an "and" of their own.
        listed = ["; ".join(list(dict.fromkeys(speaker.stopped_by(stopped) or listed))[:_FEW])]
    return say("status", status, lang, list=_few(listed, lang))


def _few(items: Iterable[str], lang: str) -> str:
    """Join a list; of a long one the first few, and how many more."""
    listed = list(dict.fromkeys(items))
    if len(listed) > _FEW:
        listed = [*listed[: _FEW - 1], say("say", "others", lang, count=len(listed) - _FEW + 1)]
    return joined(listed, lang)


def _checked(diagnosis: Diagnosis, row: ServiceRow, speaker: Speaker) -> str | None:
    """Say of how many of the things it rests on somebody has checked what was told; a thing counts once for all."""
    things: dict[str, bool] = {}
    for evidence, inputs in grounds(diagnosis.trace, row.service.name, row.subject).items():
        sure = diagnosis.knowledge.evidence[evidence].certainty >= certainty.SURE
        for fact, _ in inputs:
            things[fact] = things.get(fact, True) and sure
    return words_in(speaker.lang)("checked", count=sum(things.values()), of=len(things)) if things else None


def _worth(row: ServiceRow, speaker: Speaker) -> str | None:
    if row.worth is None or not row.worth.amount or row.outcome == "no":
        return None
    lang = speaker.lang
    key = "worth" if row.outcome == "yes" else "worth_if"
    amount = f"{money(row.worth.amount, lang)} {say('per', row.worth.per, lang)}"
    return words_in(lang)(key, amount=amount, kind=say("kind", row.worth.kind, lang))


def _parts(row: ServiceRow, speaker: Speaker) -> tuple[str, ...]:
    """Say which parts a benefit consists of, and which are not paid."""
    if row.worth is None or row.service.benefit is None:
        return ()
    t = words_in(speaker.lang)
    labels = {component.name.text: speaker.label(component.member.text) for component in row.service.benefit.components}
    return tuple(
        f"{labels[part.component]}, {speaker.who(part.subject)}: {money(part.amount, speaker.lang)} "
        f"({t('paid' if part.paid else 'not_paid' if part.known else 'not_known_paid')})"
        for part in row.worth.parts
    )
