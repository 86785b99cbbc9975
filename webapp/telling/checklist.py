"""The list of what to bring and what to do, in the words of one language: each paper once, each step once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.knowledge.model import HOUSEHOLD, Knowledge
from engine.offices import own_office
from engine.words import Speaker, day, joined
from webapp.telling.wanted import TIMES, Wanted, each_once
from webapp.words import words_in

_EVERYBODY = 3


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
            who=self._who(each_once(who for ask in telling for who in ask.of)),
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
