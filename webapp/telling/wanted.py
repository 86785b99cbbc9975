"""What chosen services ask for, by ids: papers, of whom, by when; and the steps of their procedures.

A diagnosis says of whom each paper is. An address that anybody may open names only services and papers, and gives the
same without people. What only officers may see is in neither.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from engine.advise import in_hand
from engine.compile import Plan
from engine.diagnosis import Diagnosis
from engine.knowledge.model import HOUSEHOLD, Follows, Requires
from engine.knowledge.vocabulary import PREMISE
from engine.rows import ServiceRow

TIMES = ("proposal", "payment", "later")


class Ask(NamedTuple):
    """One service asks for one paper of some members; `sure` is false where it is only perhaps needed."""

    paper: str
    service: str
    sure: bool
    of: tuple[str, ...]
    before: str


@dataclass(frozen=True)
class Wanted:
    """What chosen services ask for, before it is said in words; `steps` says of each whether it is sure."""

    day: date
    services: tuple[str, ...]
    offered: tuple[str, ...]
    asks: tuple[Ask, ...]
    steps: Mapping[str, Mapping[str, bool]]
    of: Mapping[str, tuple[str, ...]]
    clash: bool = False
    members: tuple[str, ...] = ()
    in_hand: frozenset[str] = frozenset()

    @property
    def papers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(ask.paper for ask in self.asks))

    def address(self) -> dict[str, str]:
        """Give what an address to this list needs: services, papers, and papers perhaps needed; nothing of people."""
        sure = {ask.paper for ask in self.asks if ask.sure}
        parts = {
            "l": self.services,
            "s": [paper for paper in self.papers if paper in sure],
            "m": [paper for paper in self.papers if paper not in sure],
        }
        return {name: ".".join(ids) for name, ids in parts.items() if ids}


def wanted_by_household(diagnosis: Diagnosis, chosen: Iterable[str]) -> Wanted:
    """Gather what a household needs.

    Args:
        diagnosis: Made for everybody.
        chosen: Ids of services; where none of them is open to this household, all it qualifies for and does not
            receive yet are taken.
    """
    wished = set(chosen)
    there = [one for one in diagnosis.rows if one.service.offer != "not_here" and one.concerned and one.outcome != "no"]
    qualified = [row for row in there if row.outcome == "yes" and not row.held]
    rows = [row for row in there if row.service.name in wished] or qualified
    services = each_once(row.service.name for row in rows)
    asks = tuple(_asks(diagnosis, rows))
    of_paper = {ask.paper: each_once(who for one in asks if one.paper == ask.paper for who in one.of) for ask in asks}
    return Wanted(
        day=diagnosis.household.as_of,
        services=services,
        offered=each_once(row.service.name for row in (*qualified, *rows)),
        asks=asks,
        steps={name: _steps(diagnosis, (row for row in rows if row.service.name == name)) for name in services},
        of={name: tuple(row.subject for row in rows if row.service.name == name) for name in services},
        clash=any(other in services for row in rows for other in row.conflicts),
        members=diagnosis.household.members,
        in_hand=frozenset(paper for paper, of in of_paper.items() if in_hand(diagnosis.trace, paper, of)),
    )


def _asks(diagnosis: Diagnosis, rows: Iterable[ServiceRow]) -> Iterator[Ask]:
    for row in rows:
        for one in row.documents:
            if _is_public(diagnosis.plan, one.rule) and not diagnosis.knowledge.papers[one.name].officer_only:
                people = one.of or ((row.subject,) if row.subject != HOUSEHOLD else ())
                yield Ask(one.name, row.service.name, one.needed == "yes", people, one.before or TIMES[0])


def _steps(diagnosis: Diagnosis, rows: Iterable[ServiceRow]) -> dict[str, bool]:
    """Give the steps of one service over the members it is for; sure where they are for one of them."""
    found: dict[str, bool] = {}
    for row in rows:
        for one in row.steps:
            if _is_public(diagnosis.plan, one.rule) and not diagnosis.knowledge.steps[one.name].officer_only:
                found[one.name] = found.get(one.name, False) or one.needed == "yes"
    return found


def wanted_by_address(plan: Plan, day: date, services: Iterable[str], named: Mapping[str, bool]) -> Wanted:
    """Gather what an address names: services and papers that exist and that everybody may see; the rest is ignored.

    Args:
        plan: The plan of the day.
        day: The day.
        services: Ids of services.
        named: Ids of papers, and whether each is surely needed; with none, all papers of the services count, and
            those that depend on the family as perhaps.
    """
    knowledge = plan.knowledge
    public = [one for one in knowledge.services.values() if one.name not in plan.officer_only]
    offered = {one.name for one in public if one.offer != "not_here"}
    names = tuple(name for name in each_once(services) if name in offered)
    rules = [plan.rules[id_].rule for id_ in sorted(plan.rules) if _is_public(plan, id_)]
    asks: list[Ask] = []
    steps: dict[str, dict[str, bool]] = {name: {} for name in names}
    for rule in rules:
        match rule.effect:
            case Requires(service=service, documents=documents, before=before) if service.text in steps:
                sure = named or dict.fromkeys((word.text for word in documents), not rule.blocks)
                papers = (word.text for word in documents if not knowledge.papers[word.text].officer_only)
                asks += [Ask(paper, service.text, sure[paper], (), before) for paper in papers if paper in sure]
            case Follows(service=service, steps=followed) if service.text in steps:
                own = steps[service.text]
                for step in (word.text for word in followed if not knowledge.steps[word.text].officer_only):
                    own[step] = own.get(step, False) or not rule.blocks
    asks.sort(key=lambda ask: names.index(ask.service))
    return Wanted(day, names, names, tuple(asks), steps, of={})


def _is_public(plan: Plan, rule: str) -> bool:
    """Say whether a rule on papers or steps rests on nothing that only officers may see."""
    reads = plan.vocabulary.reads_of_rule(plan.rules[rule].rule, PREMISE)
    return plan.officer_only.isdisjoint(read.name for read in reads)


def each_once(names: Iterable[str]) -> tuple[str, ...]:
    """Give each once, in order."""
    return tuple(dict.fromkeys(names))
