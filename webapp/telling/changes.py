"""What would have to change for a no to become a yes: what a paper or a check can show, what comes with time, what stays.

Nothing here advises anybody to answer otherwise: what is so can be shown, and what is not so can only come about.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.explain import ConditionResult
from engine.knowledge import formulas
from engine.knowledge.model import HOUSEHOLD, Knowledge
from engine.nearest.changes import Change, Way
from engine.nearest.search import Nearest
from engine.rows import ServiceRow
from engine.words import Speaker, day, joined
from webapp.words import words_in

_WAYS_TRIED = 2
_FEW = 3


@dataclass(frozen=True)
class Changes:
    """One way to a yes in words, told apart by how it comes about; what stays is told where there is no way."""

    document: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()


def can_change(row: ServiceRow) -> bool:
    """Say whether there is anything to say: about a service that is here, needed and in force, and yet a no."""
    return (
        row.outcome == "no" and row.status in ("unlikely", "ineligible", "excluded") and row.service.offer != "not_here"
    )


def changes(nearest: Nearest, row: ServiceRow, speaker: Speaker) -> tuple[Changes, ...]:
    """Say what would have to change: the smallest way of either kind, or else what stays as it is.

    Args:
        nearest: The ways to a yes of the diagnosis that the row is of.
        row: The row of a no.
        speaker: Speaks of the row's subject.
    """
    if not can_change(row):
        return ()
    first: dict[str, Way] = {}
    for way in nearest.ways(row, _WAYS_TRIED):
        first.setdefault(way.kind, way)
    if first:
        return tuple(_of_way(way, speaker) for way in first.values())
    told = {line.name: line for line in _told(row)}
    stays = [one for one in nearest.fixed(row) if one.fact in told and not _grows(told[one.fact], speaker.knowledge)]
    said = tuple(_stays(one, speaker) for one in stays[:_FEW])
    return (Changes(fixed=said),) if said else ()


def _told(row: ServiceRow) -> Iterable[ConditionResult]:
    """Give the findings that the reason of a no names: of what was found, the facts behind it."""
    for line, roots in row.stopped_by:
        yield from roots if roots and line.finding == "yes" else (line,)


def _grows(line: ConditionResult, knowledge: Knowledge) -> bool:
    """Say whether a value that lies below its limit rises by itself, however long that takes."""
    fact = knowledge.facts.get(line.name)
    if fact is None or fact.computed is None or line.distance is None or line.distance > 0:
        return False
    return any(name.id == "as_of" for name, _ in formulas.names_in(fact.computed.tree))


def _of_way(way: Way, speaker: Speaker) -> Changes:
    return Changes(
        document=tuple(_document(one, speaker) for one in way.changes if one.kind == "document"),
        time=tuple(_time(one, speaker) for one in way.changes if one.kind == "time"),
    )


def _document(one: Change, speaker: Speaker) -> str:
    """Say what a paper shows, what a check confirms, or what an office finds out or brings up to date."""
    t, what = words_in(speaker.lang), _what(one, speaker)
    if one.fact in speaker.knowledge.papers:
        return t("change_shown", what=what)
    papers = t("change_papers", papers=joined(map(speaker.label, one.papers), speaker.lang, "or")) if one.papers else ""
    if one.evidence:
        how = speaker.lower(speaker.knowledge.evidence[one.evidence].label.in_(speaker.lang))
        said = t("change_checked", what=what, how=how)
    elif one.now is None:
        said = t("change_found", claim=_claim(one, speaker))
    elif isinstance(one.then, bool | str | tuple):
        said = t("change_recorded", claim=_claim(one, speaker))
    else:
        now, then = speaker.value(one.fact, one.now), speaker.value(one.fact, one.then)
        said = t("change_fewer" if one.then < one.now else "change_more", what=what, now=now, then=then)
    return f"{said} {papers}".strip()


def _time(one: Change, speaker: Speaker) -> str:
    """Say on which day something comes about; a change of the law has no value."""
    t, on = words_in(speaker.lang), day(one.on, speaker.lang) if one.on else ""
    if one.then is None:
        return t("change_law", day=on)
    if isinstance(one.then, bool):
        return t("change_then", day=on, claim=_claim(one, speaker))
    return t("change_on", day=on, what=_what(one, speaker), then=speaker.value(one.fact, one.then))


def _claim(one: Change, speaker: Speaker) -> str:
    """Say what would be so; of a number, one for which it would be enough."""
    what = _what(one, speaker)
    if one.then is True:
        return what
    key = "change_such_as" if isinstance(one.then, int | float) and not isinstance(one.then, bool) else "change_value"
    return words_in(speaker.lang)(key, what=what, value=speaker.value(one.fact, one.then))


def _stays(one: Change, speaker: Speaker) -> str:
    """Say what is so now, and of whom; of a plain yes its name is enough."""
    what = _what(one, speaker.about(HOUSEHOLD))
    return what if one.now is True else f"{what}: {speaker.value(one.fact, one.now)}"


def _what(one: Change, speaker: Speaker) -> str:
    return speaker.lower(speaker.missing([(one.fact, one.subject)])[0])
