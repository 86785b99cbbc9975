"""Which services exclude each other: the same person must not get two services at once.

A conflict is between two services for one subject, or between a household's service and its members'
(`not_with`, groups with `one_per: person`), or anywhere in a household (`one_per: household`).
`may_combine` wins over all of it (design 5.5).
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from engine.knowledge.model import HOUSEHOLD, Knowledge


class Clash(NamedTuple):
    """Two services that exclude each other; `anywhere`: also for two different members."""

    one: str
    other: str
    anywhere: bool


def clashes(knowledge: Knowledge) -> dict[tuple[str, str], Clash]:
    """Give every pair of services that exclude each other, in both orders."""
    found: dict[tuple[str, str], Clash] = {}

    def note(one: str, other: str, anywhere: bool) -> None:
        if (one, other) not in found or anywhere:
            found[one, other] = Clash(one, other, anywhere)
            found[other, one] = Clash(other, one, anywhere)

    services = knowledge.services
    for service in services.values():
        for word in service.not_with:
            if word.text in services:
                note(service.name, word.text, False)
        for word in service.exclusive:
            group = knowledge.exclusivity.get(word.text)
            for other in services.values() if group else ():
                if word.text in {one.text for one in other.exclusive}:
                    anywhere = group.one_per == HOUSEHOLD
                    if other.name != service.name or (anywhere and service.for_ != HOUSEHOLD):
                        note(service.name, other.name, anywhere)
    for service in services.values():
        for word in service.may_combine:
            found.pop((service.name, word.text), None)
            found.pop((word.text, service.name), None)
    return found


def excludes(clash: Clash | None, subject: str, other_subject: str) -> bool:
    """Say whether a clash counts between these two subjects."""
    if clash is None:
        return False
    return clash.anywhere or subject == other_subject or HOUSEHOLD in (subject, other_subject)


def components(vertices: Iterable, edges: Mapping[tuple, object]) -> list[set]:
    """Split vertices into groups that are connected by edges, in the order of their first vertex."""
    left = list(vertices)
    neighbours: dict = {}
    for one, other in edges:
        neighbours.setdefault(one, set()).add(other)
    groups, seen = [], set()
    for start in left:
        if start in seen:
            continue
        group, front = {start}, [start]
        while front:
            for other in neighbours.get(front.pop(), ()):
                if other not in group:
                    group.add(other)
                    front.append(other)
        seen |= group
        groups.append(group)
    return groups
