"""The entries of the catalogue in one language: what a page shows of a service, a program, a paper, a step, a source.

Frozen values, made from the public part of a plan; a page only lays them out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from engine.compile import Plan
from engine.knowledge.model import PERSON, Concludes, Follows, Requires, Rule, Service, Source, Text
from engine.words import Speaker, say
from webapp.catalogue.amounts import Amounts, Benefit
from webapp.catalogue.conditions import Conditions, Lines, every
from webapp.catalogue.public import Public, aim, public
from webapp.words import words_in

_SHORT_EDITION = 12


@dataclass(frozen=True)
class Named:
    """A name with its title, and a short word beside it."""

    name: str
    title: str
    note: str | None = None


@dataclass(frozen=True)
class Asked:
    """A paper or a step of a service: when it is needed, and what else helps."""

    name: str
    title: str
    when: tuple[str, ...]
    note: str | None = None


@dataclass(frozen=True)
class Cited:
    """A source as a list shows it."""

    name: str
    title: str
    seen: str
    article: str | None = None
    address: str | None = None


@dataclass(frozen=True)
class ServiceEntry:
    """Everything that is shown of a service."""

    name: str
    title: str
    summary: str | None
    program: Named
    activity: str | None
    applicants: tuple[str, ...]
    per_person: bool
    decided_by: str | None
    offer: str
    elsewhere: str | None
    in_force: bool
    concerns: tuple[Lines, ...]
    conditions: tuple[Lines, ...]
    exclusions: tuple[Lines, ...]
    unneeded: tuple[Lines, ...]
    provided: tuple[Lines, ...]
    unverifiable: tuple[str, ...]
    limited: bool
    benefit: Benefit | None
    papers: tuple[Asked, ...]
    steps: tuple[Asked, ...]
    apply_at: str | None
    time_limit: str | None
    valid_for: str | None
    not_with: tuple[Named, ...]
    together: tuple[Named, ...]
    sources: tuple[Cited, ...]
    confirmed: bool


@dataclass(frozen=True)
class ProgramEntry:
    """A program with its activities and their services."""

    name: str
    title: str
    code: str | None
    unit: str | None
    source: Cited | None
    activities: tuple[tuple[Named, tuple[Named, ...]], ...]


@dataclass(frozen=True)
class PaperEntry:
    """Everything that is shown of a paper."""

    name: str
    title: str
    issued_by: str | None
    how_to_get: str | None
    valid_for: str | None
    stands_in_for: tuple[Named, ...]
    instead: tuple[Named, ...]
    services: tuple[Asked, ...]


@dataclass(frozen=True)
class StepEntry:
    """Everything that is shown of a step."""

    name: str
    title: str
    actor: str | None
    where: str | None
    time: str | None
    services: tuple[Asked, ...]


@dataclass(frozen=True)
class SourceEntry:
    """A source of the legal register, and which rules cite it."""

    name: str
    title: str
    kind: str
    status: str
    seen: str
    address: str | None
    repealed_by: Named | None
    services: tuple[Named, ...]
    ideas: tuple[str, ...]


class Entries:
    """Makes the entries of one language on the days of one plan."""

    def __init__(self, public: Public, lang: str) -> None:
        self._public, self._lang = public, lang
        self._speaker = Speaker(public.knowledge, lang)
        self._conditions = Conditions(public, self._speaker)
        self._amounts = Amounts(public, self._speaker)
        self._word = words_in(lang)

    @property
    def edition(self) -> str:
        """Give the edition's hash, short enough to be read out."""
        return self._public.knowledge.edition.removeprefix("sha256:")[:_SHORT_EDITION]

    @cached_property
    def programs(self) -> tuple[ProgramEntry, ...]:
        """Give the programs, in the order of the knowledge."""
        return tuple(self.program(name) for name in self._public.programs)

    @cached_property
    def papers(self) -> tuple[Named, ...]:
        """List the papers by their titles."""
        shelf = self._public.papers.values()
        named = (Named(one.name, one.label.in_(self._lang), self._text(one.issued_by)) for one in shelf)
        return tuple(sorted(named, key=lambda one: one.title.casefold()))

    @cached_property
    def sources(self) -> tuple[tuple[str, tuple[Cited, ...]], ...]:
        """List the sources by kind, each kind by its titles."""
        by_kind: dict[str, list[Cited]] = {}
        for one in sorted(self._public.sources.values(), key=lambda one: one.title.casefold()):
            by_kind.setdefault(one.kind, []).append(self._cited(one))
        kinds = sorted(by_kind, key=lambda kind: (kind != "regulation", kind))
        return tuple((self._word(f"cat_kind_{kind}"), tuple(by_kind[kind])) for kind in kinds)

    def program(self, name: str) -> ProgramEntry:
        one = self._public.programs[name]
        services = self._public.services.values()
        return ProgramEntry(
            name=name,
            title=one.label.in_(self._lang),
            code=one.code,
            unit=one.unit,
            source=self._source(one.source),
            activities=tuple(
                (
                    Named(activity.name, activity.label.in_(self._lang), activity.code),
                    tuple(self._listed(each) for each in services if _belongs(each, name, activity.name)),
                )
                for activity in one.activities.values()
            ),
        )

    def service(self, name: str) -> ServiceEntry:
        one = self._public.services[name]
        deciding = [rule for rule in self._public.aimed.get(name, ()) if isinstance(rule.effect, Concludes)]
        blocks = [block for rule in deciding for block in self._conditions.of(rule)]
        return ServiceEntry(
            name=name,
            title=one.label.in_(self._lang),
            summary=self._text(one.summary),
            program=self._program_of(one),
            activity=self._activity_of(one),
            applicants=tuple(self._word(f"cat_applicant_{applicant}") for applicant in one.applicants),
            per_person=one.for_ == PERSON,
            decided_by=self._word(f"cat_decided_{one.decided_by}") if one.decided_by else None,
            offer=one.offer,
            elsewhere=self._text(one.refer_to),
            in_force=bool(deciding),
            concerns=every(blocks, "concerns"),
            conditions=every(blocks, "when"),
            exclusions=every(blocks, "unless"),
            unneeded=every(blocks, "unneeded"),
            provided=every(blocks, "provided"),
            unverifiable=tuple(text.in_(self._lang) for rule in deciding for text in rule.unverifiable),
            limited=one.quota is not None,
            benefit=self._amounts.of(one),
            papers=self._papers_for(name),
            steps=self._steps_for(name),
            apply_at=self._text(one.apply_at),
            time_limit=self._lasting(one.time_limit),
            valid_for=self._lasting(one.valid_for),
            not_with=tuple(Named(other, self._speaker.label(other)) for other in self._public.excluded[name]),
            together=tuple(
                Named(word.text, self._speaker.label(word.text))
                for word in one.may_combine
                if word.text in self._public.services
            ),
            sources=self._sources_of(one),
            confirmed=one.confirmed,
        )

    def paper(self, name: str) -> PaperEntry:
        one, papers = self._public.papers[name], self._public.papers
        return PaperEntry(
            name=name,
            title=one.label.in_(self._lang),
            issued_by=self._text(one.issued_by),
            how_to_get=self._text(one.how_to_get),
            valid_for=self._lasting(one.valid_for),
            stands_in_for=tuple(self._paper_named(word.text) for word in one.instead_of if word.text in papers),
            instead=self._instead_of(name),
            services=self._services_of(self._public.asking.get(name, ())),
        )

    def step(self, name: str) -> StepEntry:
        one = self._public.steps[name]
        return StepEntry(
            name=name,
            title=one.label.in_(self._lang),
            actor=self._text(one.actor),
            where=self._text(one.where),
            time=self._lasting(one.time),
            services=self._services_of(self._public.using[name]),
        )

    def source(self, name: str) -> SourceEntry:
        one = self._public.sources[name]
        aims = dict.fromkeys(aim(rule) for rule in self._public.citing.get(name, ()))
        newer = one.repealed_by.text if one.repealed_by else None
        return SourceEntry(
            name=name,
            title=one.title,
            kind=self._word(f"cat_kind_{one.kind}"),
            status=self._word(f"cat_status_{one.status}"),
            seen=self._word(f"cat_seen_{one.seen}"),
            address=_safe(one.address),
            repealed_by=Named(newer, self._public.sources[newer].title) if newer in self._public.sources else None,
            services=tuple(self._listed(self._public.services[each]) for each in aims if each in self._public.services),
            ideas=tuple(self._speaker.label(each) for each in aims if each not in self._public.services),
        )

    def _listed(self, service: Service) -> Named:
        note = say("offer", "not_here", self._lang) if service.offer == "not_here" else self._text(service.summary)
        return Named(service.name, service.label.in_(self._lang), note)

    def _program_of(self, service: Service) -> Named:
        return Named(service.program.text, self._public.programs[service.program.text].label.in_(self._lang))

    def _activity_of(self, service: Service) -> str | None:
        activities = self._public.programs[service.program.text].activities
        return activities[service.activity.text].label.in_(self._lang) if service.activity else None

    def _papers_for(self, service: str) -> tuple[Asked, ...]:
        """Give each paper once, with every occasion on which it is asked for."""
        rules = [rule for rule in self._public.aimed.get(service, ()) if isinstance(rule.effect, Requires)]
        before = {word.text: rule.effect.before for rule in reversed(rules) for word in rule.effect.documents}
        return tuple(
            Asked(
                name=name,
                title=self._public.papers[name].label.in_(self._lang),
                when=when,
                note=say("before", before[name], self._lang) if before[name] != "proposal" else None,
            )
            for name, when in self._occasions((rule, rule.effect.documents) for rule in rules)
            if name in self._public.papers
        )

    def _steps_for(self, service: str) -> tuple[Asked, ...]:
        rules = [rule for rule in self._public.aimed.get(service, ()) if isinstance(rule.effect, Follows)]
        found = []
        for name, when in self._occasions((rule, rule.effect.steps) for rule in rules):
            if (step := self._public.steps.get(name)) is not None:
                told = (self._text(step.actor), self._text(step.where), self._lasting(step.time))
                note = "; ".join(one for one in told if one) or None
                found.append(Asked(name, step.label.in_(self._lang), when, note))
        return tuple(found)

    def _occasions(self, asked: Iterable[tuple[Rule, Iterable]]) -> list[tuple[str, tuple[str, ...]]]:
        """Give each name once and in order, with the sentences that say when; none where it is always."""
        found: dict[str, list[str | None]] = {}
        for rule, words in asked:
            when = self._when(rule)
            for word in words:
                found.setdefault(word.text, []).append(when)
        return [(name, () if None in said else tuple(dict.fromkeys(said))) for name, said in found.items()]

    def _services_of(self, rules: Iterable[Rule]) -> tuple[Asked, ...]:
        """Give the services that some rules for papers or steps are for, each once, with when."""
        found: dict[str, list[str | None]] = {}
        for rule in rules:
            found.setdefault(rule.effect.service.text, []).append(self._when(rule))
        listed = [(self._public.services[name], said) for name, said in found.items()]
        return tuple(
            Asked(one.name, one.label.in_(self._lang), () if None in said else tuple(dict.fromkeys(said)))
            for one, said in listed
        )

    def _when(self, rule: Rule) -> str | None:
        """Say when a rule for papers or steps applies; of a household's service, that it is asked of each member."""
        when = self._conditions.when(rule)
        service = self._public.knowledge.services[aim(rule)]
        if rule.about == PERSON and service.for_ != PERSON:
            return self._word("cat_when_member", when=when) if when else self._word("cat_each_member")
        return self._word("cat_when", when=when) if when else None

    def _instead_of(self, paper: str) -> tuple[Named, ...]:
        others = self._public.papers.values()
        return tuple(self._paper_named(one.name) for one in others if paper in {word.text for word in one.instead_of})

    def _paper_named(self, name: str) -> Named:
        return Named(name, self._public.papers[name].label.in_(self._lang))

    def _sources_of(self, service: Service) -> tuple[Cited, ...]:
        """Give the sources of a service's rules and amounts, each once; a rule may name an article."""
        in_force = self._public.plan.amounts.in_force
        words = [rule.source for rule in self._public.aimed.get(service.name, ())]
        words += [amount.source for name in self._public.parameters_of(service) if (amount := in_force[name])]
        cited = dict.fromkeys(word.text for word in words if word)
        return tuple(found for text in cited if (found := self._source_said(text)))

    def _source(self, word: object) -> Cited | None:
        return self._source_said(word.text) if word else None

    def _source_said(self, text: str) -> Cited | None:
        name, _, article = text.partition(" ")
        source = self._public.sources.get(name)
        return self._cited(source, article) if source else None

    def _cited(self, source: Source, article: str = "") -> Cited:
        seen = self._word(f"cat_seen_{source.seen}")
        return Cited(source.name, source.title, seen, article or None, _safe(source.address))

    def _text(self, text: Text | None) -> str | None:
        return text.in_(self._lang) if text else None

    def _lasting(self, said: str | Text | None) -> str | None:
        return self._speaker.duration(said) if said else None


def _belongs(service: Service, program: str, activity: str) -> bool:
    return service.program.text == program and service.activity is not None and service.activity.text == activity


def _safe(address: str | None) -> str | None:
    return address if address and address.startswith(("http://", "https://")) else None


@lru_cache(maxsize=16)
def entries(plan: Plan, lang: str) -> Entries:
    """Give the entries of a plan in one language; they are made once."""
    return Entries(public(plan), lang)
