"""What to bring and what to do for chosen services, in one language: each paper once, each step once.

A diagnosis also says of whom each paper is; an address that anybody may scan names only services and papers, and
gives the same list without people (`wanted_by_address`). What only officers may see is in neither.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from engine.advise import in_hand
from engine.compile import Plan
from engine.diagnosis import Diagnosis
from engine.knowledge.model import HOUSEHOLD, Follows, Knowledge, Requires
from engine.knowledge.vocabulary import PREMISE
from engine.offices import own_office
from engine.rows import ServiceRow
from engine.words import Speaker, day, joined
from webapp.words import words_in

TIMES = ("proposal", "payment", "later")
_EVERYBODY = 3


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


@dataclass(frozen=True, slots=True)
class ChosenService:
    """A service of the list, for whom, and where and how soon it is done."""

    id: str
    title: str
    who: str
    where: str | None
    limit: str | None


@dataclass(frozen=True, slots=True)
class ListedPaper:
    """One paper over all chosen services."""

    id: str
    title: str
    who: str
    needed_for: str | None
    issuer: str | None
    how: str | None
    valid: str | None
    instead: str
    sure: bool
    before: str
    in_hand: bool


@dataclass(frozen=True, slots=True)
class ListedStep:
    """One step; where it does not belong to all services of its procedure, `whose` says to which."""

    title: str
    actor: str | None
    where: str | None
    time: str | None
    sure: bool
    whose: str | None


@dataclass(frozen=True, slots=True)
class Procedure:
    """The steps of services that have some in common."""

    services: tuple[ChosenService, ...]
    steps: tuple[ListedStep, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """Everything the page, the message and the PDF show."""

    day: str
    lang: str
    services: tuple[ChosenService, ...]
    offered: tuple[tuple[str, str, bool], ...]
    papers: tuple[ListedPaper, ...]
    procedures: tuple[Procedure, ...]
    contact: tuple[str, ...]
    clash: bool
    confirmed: bool

    @property
    def in_hand(self) -> tuple[ListedPaper, ...]:
        return tuple(paper for paper in self.papers if paper.in_hand)

    @property
    def needed(self) -> tuple[tuple[str, tuple[ListedPaper, ...]], ...]:
        """Give what is still needed, by when: for the proposal, before payment, later, and last what is perhaps."""
        lacking = [paper for paper in self.papers if not paper.in_hand]
        groups = {time: tuple(one for one in lacking if one.sure and one.before == time) for time in TIMES}
        groups["perhaps"] = tuple(one for one in lacking if not one.sure)
        return tuple((name, papers) for name, papers in groups.items() if papers)


def wanted_by_household(diagnosis: Diagnosis, chosen: Iterable[str]) -> Wanted:
    """Gather what a household needs.

    Args:
        diagnosis: Made for everybody.
        chosen: Ids of services; where none of them is open to this household, all it qualifies for and does not
            receive yet are taken.
    """
    knowledge, trace = diagnosis.knowledge, diagnosis.trace
    wished = set(chosen)
    there = [one for one in diagnosis.rows if one.service.offer != "not_here" and one.concerned and one.outcome != "no"]
    qualified = [row for row in there if row.outcome == "yes" and not row.held]
    rows = [row for row in there if row.service.name in wished] or qualified
    services = _each(row.service.name for row in rows)
    asks = [
        Ask(one.name, row.service.name, one.needed == "yes", _people(row, one.of), one.before or TIMES[0])
        for row in rows
        for one in row.documents
        if _is_public(diagnosis.plan, one.rule) and not knowledge.papers[one.name].officer_only
    ]
    steps: dict[str, dict[str, bool]] = {name: {} for name in services}
    for row in rows:
        for one in row.steps:
            if _is_public(diagnosis.plan, one.rule) and not knowledge.steps[one.name].officer_only:
                known = steps[row.service.name].get(one.name, False)
                steps[row.service.name][one.name] = known or one.needed == "yes"
    of_paper = {ask.paper: _each(who for one in asks if one.paper == ask.paper for who in one.of) for ask in asks}
    return Wanted(
        day=diagnosis.household.as_of,
        services=services,
        offered=_each(row.service.name for row in (*qualified, *rows)),
        asks=tuple(asks),
        steps=steps,
        of={name: tuple(row.subject for row in rows if row.service.name == name) for name in services},
        clash=any(other in services for row in rows for other in row.conflicts),
        members=diagnosis.household.members,
        in_hand=frozenset(paper for paper, of in of_paper.items() if in_hand(trace, paper, of)),
    )


def wanted_by_address(
    plan: Plan, day: date, services: Iterable[str], sure: Sequence[str], perhaps: Sequence[str]
) -> Wanted:
    """Gather what an address names: of services and papers that exist and that everybody may see; the rest is ignored.

    Where no paper is named, all papers of the services count, those that depend on the family as perhaps.
    """
    knowledge, hidden = plan.knowledge, plan.officer_only
    names = [
        name
        for name in _each(services)
        if name in knowledge.services and name not in hidden and knowledge.services[name].offer != "not_here"
    ]
    asks: list[Ask] = []
    steps: dict[str, dict[str, bool]] = {name: {} for name in names}
    for id_ in sorted(plan.rules):
        rule = plan.rules[id_].rule
        effect = rule.effect
        if not isinstance(effect, Requires | Follows) or effect.service.text not in steps or not _is_public(plan, id_):
            continue
        service, always = effect.service.text, not rule.blocks
        if isinstance(effect, Follows):
            for word in effect.steps:
                if not knowledge.steps[word.text].officer_only:
                    steps[service][word.text] = steps[service].get(word.text, False) or always
            continue
        for word in effect.documents:
            named = word.text in sure or word.text in perhaps or not (sure or perhaps)
            if named and not knowledge.papers[word.text].officer_only:
                is_sure = word.text in sure if sure or perhaps else always
                asks.append(Ask(word.text, service, is_sure, (), effect.before or TIMES[0]))
    asks.sort(key=lambda ask: names.index(ask.service))
    return Wanted(day, tuple(names), tuple(names), tuple(asks), steps, of={})


def _is_public(plan: Plan, rule: str) -> bool:
    """Say whether a rule on papers or steps rests on nothing that only officers may see."""
    reads = plan.vocabulary.reads_of_rule(plan.rules[rule].rule, PREMISE)
    return plan.officer_only.isdisjoint(read.name for read in reads)


def _people(row: ServiceRow, of: tuple[str, ...]) -> tuple[str, ...]:
    return of or ((row.subject,) if row.subject != HOUSEHOLD else ())


def _each(names: Iterable[str]) -> tuple[str, ...]:
    """Give each once, in order."""
    return tuple(dict.fromkeys(names))


def checklist_of(wanted: Wanted, knowledge: Knowledge, lang: str, have: frozenset[str] | None = None) -> Checklist:
    """Say what is wanted in words.

    Args:
        wanted: What the chosen services ask for.
        knowledge: The edition.
        lang: The language.
        have: The papers ticked as there; None takes those that are told to be in hand.
    """
    writer = _Writer(wanted, Speaker(knowledge, lang), wanted.in_hand if have is None else have)
    services = {name: writer.service(name) for name in wanted.services}
    titles = ((name, writer.speaker.label(name), name in services) for name in wanted.offered)
    return Checklist(
        day=day(wanted.day, lang),
        lang=lang,
        services=tuple(services.values()),
        offered=tuple(titles),
        papers=tuple(writer.paper(name) for name in wanted.papers),
        procedures=tuple(writer.procedure(group, services) for group in _sharing(wanted.steps)),
        contact=_contact(knowledge, lang),
        clash=wanted.clash,
        confirmed=any(knowledge.services[name].confirmed for name in wanted.services),
    )


class _Writer:
    """Puts one list into the words of one language."""

    def __init__(self, wanted: Wanted, speaker: Speaker, have: frozenset[str]) -> None:
        self.wanted, self.speaker, self.have = wanted, speaker, have
        self.lang, self.knowledge, self.word = speaker.lang, speaker.knowledge, words_in(speaker.lang)

    def service(self, name: str) -> ChosenService:
        one = self.knowledge.services[name]
        where = one.apply_at or one.refer_to
        return ChosenService(
            id=name,
            title=one.label.in_(self.lang),
            who=self._who(who for who in self.wanted.of.get(name, ()) if who != HOUSEHOLD),
            where=where.in_(self.lang) if where else None,
            limit=self.speaker.duration(one.time_limit) if one.time_limit else None,
        )

    def paper(self, name: str) -> ListedPaper:
        """Merge what the services say about a paper: sure if one of them is, and by the earliest time."""
        asks = [ask for ask in self.wanted.asks if ask.paper == name]
        telling = [ask for ask in asks if ask.sure] or asks
        one = self.knowledge.papers[name]
        return ListedPaper(
            id=name,
            title=one.label.in_(self.lang),
            who=self._who(_each(who for ask in telling for who in ask.of)),
            needed_for=self._whose({ask.service for ask in telling}, self.wanted.services),
            issuer=one.issued_by.in_(self.lang) if one.issued_by else None,
            how=one.how_to_get.in_(self.lang) if one.how_to_get else None,
            valid=self.speaker.duration(one.valid_for) if one.valid_for else None,
            instead=joined(self.speaker.substitutes(name), self.lang, "or"),
            sure=telling[0].sure,
            before=min((ask.before for ask in telling), key=TIMES.index),
            in_hand=name in self.have,
        )

    def procedure(self, group: Sequence[str], services: Mapping[str, ChosenService]) -> Procedure:
        order = _in_one_order([list(self.wanted.steps[name]) for name in group])
        return Procedure(tuple(services[name] for name in group), tuple(self._step(name, group) for name in order))

    def _step(self, name: str, group: Sequence[str]) -> ListedStep:
        step = self.knowledge.steps[name]
        users = {service for service in group if name in self.wanted.steps[service]}
        return ListedStep(
            title=step.label.in_(self.lang),
            actor=step.actor.in_(self.lang) if step.actor else None,
            where=step.where.in_(self.lang) if step.where else None,
            time=self.speaker.duration(step.time) if step.time else None,
            sure=any(self.wanted.steps[service][name] for service in users),
            whose=self._whose(users, group),
        )

    def _whose(self, users: Collection[str], group: Sequence[str]) -> str | None:
        """Say which services of a group something is for: naming them, or the fewer ones that it is not for."""
        others = [name for name in group if name not in users]
        if not others:
            return None
        if len(others) < len(users):
            return self.word("list_all_but", services=self._services(others))
        return self.word("list_for", services=self._services(name for name in group if name in users))

    def _services(self, names: Iterable[str]) -> str:
        return joined((self.speaker.label(name) for name in names), self.lang)

    def _who(self, people: Iterable[str]) -> str:
        """Name people; all of a larger family in one word."""
        people = tuple(people)
        if len(people) >= _EVERYBODY and set(people) == set(self.wanted.members):
            return self.word("list_everybody")
        return joined((self.speaker.who(one) for one in people), self.lang)


def _contact(knowledge: Knowledge, lang: str) -> tuple[str, ...]:
    """Say where to ask: the office, its address, hours and telephone; what nobody has filled in is said too."""
    office, word = own_office(knowledge), words_in(lang)
    address, hours, phone = (office.address, office.hours, office.phone) if office else (None, None, None)
    told = {
        "office_address": address.in_(lang) if address else None,
        "office_hours": hours.in_(lang) if hours else None,
        "office_phone": phone,
    }
    name = office.label.in_(lang) if office else word("list_office")
    return (name, *(f"{word(key)}: {value or word('office_gap')}" for key, value in told.items()))


def _sharing(steps: Mapping[str, Mapping[str, bool]]) -> list[list[str]]:
    """Group services that have steps in common, also by way of another service; those without steps stand alone."""
    groups: list[list[str]] = []
    for name in steps:
        joining = [group for group in groups if any(steps[name].keys() & steps[other].keys() for other in group)]
        groups = [group for group in groups if group not in joining]
        groups.append([*(one for group in joining for one in group), name])
    return groups


def _in_one_order(sequences: list[list[str]]) -> list[str]:
    """Merge sequences: each step once, and none before a step that some sequence puts ahead of it.

    Where two sequences contradict each other, the first of them is followed.
    """
    order: list[str] = []
    while any(sequences):
        heads = [one[0] for one in sequences if one]
        free = next((head for head in heads if not any(head in one[1:] for one in sequences)), heads[0])
        order.append(free)
        sequences = [[step for step in one if step != free] for one in sequences]
    return order
