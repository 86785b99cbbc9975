"""Why a place is refused: what is held instead, on which list, for how long, and which rule keeps the two apart."""

from collections.abc import Container, Iterable, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from casework.refusals import Refused
from engine.knowledge.model import HOUSEHOLD, Exclusivity, Knowledge
from engine.words import day

SAME, GROUP, NOT_WITH = "same", "group", "not_with"


class Conflict(NamedTuple):
    """A service that somebody cannot get, because they or their household hold another at that time.

    Args:
        service: What is refused.
        other: What is held.
        list: The number of the list that holds it.
        since, until: The days of that list.
        holder: Who holds it: `p12` a person, `h7` a household.
        name: Their name.
    """

    service: str
    other: str
    list: str
    since: date
    until: date
    holder: str
    name: str

    def as_json(self) -> dict[str, Any]:
        """Give it as it is kept with an entry; the name is not kept."""
        return {
            **self._asdict(),
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "name": "",
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any], name: str = "") -> "Conflict":
        days = {key: date.fromisoformat(kept[key]) for key in ("since", "until")}
        return cls(**{**kept, **days, "name": name})


class Ground(NamedTuple):
    """Why two services exclude each other.

    Args:
        kind: `same` service twice; of one `group`; or one says `not_with` the other.
        group: The group.
        stated_by: The service that says so, and the file and line where.
    """

    kind: str
    group: Exclusivity | None = None
    stated_by: str | None = None
    place: str | None = None


class Held(Refused):
    """A place that is refused because of what is already held."""

    def __init__(self, knowledge: Knowledge, conflicts: Iterable[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__("lists-held", "entry")
        self._knowledge = knowledge

    def said(self, lang: str) -> str:
        return " ".join(explained(self._knowledge, conflict, lang) for conflict in self.conflicts)


def ground_of(knowledge: Knowledge, one: str, other: str) -> Ground:
    """Find the rule that keeps two services apart."""
    services = knowledge.services
    if one not in services or other not in services:
        return Ground(SAME)
    shared = {word.text for word in services[one].exclusive} & {word.text for word in services[other].exclusive}
    groups = [knowledge.exclusivity[name] for name in sorted(shared) if name in knowledge.exclusivity]
    if one == other:
        whole = next((group for group in groups if group.one_per == HOUSEHOLD), None)
        return Ground(GROUP, whole) if whole and services[one].for_ != HOUSEHOLD else Ground(SAME)
    if groups:
        return Ground(GROUP, min(groups, key=lambda group: (group.one_per != HOUSEHOLD, group.name)))
    for said_by, named in ((one, other), (other, one)):
        word = next((word for word in services[said_by].not_with if word.text == named), None)
        if word:
            return Ground(NOT_WITH, stated_by=said_by, place=f"{PurePosixPath(word.place.file).name}:{word.place.line}")
    return Ground(SAME)


def explained(knowledge: Knowledge, conflict: Conflict, lang: str, hidden: Container[str] = ()) -> str:
    """Say a conflict in words, with the rule and its source.

    Args:
        knowledge: The edition in force.
        conflict: What is in the way.
        lang: The language.
        hidden: The services that the reader must not hear of.
    """
    who = conflict.name or _said("lists-somebody", lang)
    if conflict.other in hidden:
        return _said("lists-conflict-hidden", lang, who=who)
    held = _said(
        "lists-conflict",
        lang,
        who=who,
        other=_label(knowledge, conflict.other, lang),
        list=conflict.list,
        since=day(conflict.since, lang),
        until=day(conflict.until, lang),
    )
    return f"{held} {_why(knowledge, conflict, lang)}"


def _why(knowledge: Knowledge, conflict: Conflict, lang: str) -> str:
    ground = ground_of(knowledge, conflict.service, conflict.other)
    told: dict[str, Any] = {"service": _label(knowledge, conflict.service, lang)}
    if ground.group:
        source = knowledge.sources.get(ground.group.source.text) if ground.group.source else None
        told["group"] = ground.group.label.in_(lang)
        told["source"] = source.title if source else _said("lists-no-source", lang)
        return _said(f"lists-ground-group-{ground.group.one_per}", lang, **told)
    if ground.stated_by:
        other = conflict.other if ground.stated_by == conflict.service else conflict.service
        told |= {"stated_by": _label(knowledge, ground.stated_by, lang), "place": ground.place}
        told["other"] = _label(knowledge, other, lang)
    return _said(f"lists-ground-{ground.kind}", lang, **told)


def _said(code: str, lang: str, **told: Any) -> str:
    return Refused(code, **told).said(lang)


def _label(knowledge: Knowledge, service: str, lang: str) -> str:
    known = knowledge.services.get(service)
    return known.label.in_(lang) if known else service
