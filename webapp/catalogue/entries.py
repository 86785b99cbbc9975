"""The entries of the catalogue in one language: what a page shows of a program, a paper, a step, a source.

Frozen values, made from the public part of a plan; a page only lays them out. Services have a room of their own.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from engine.compile import Plan
from webapp.catalogue.public import Public, aim, public
from webapp.catalogue.saying import Asked, Cited, Named, Saying, safe
from webapp.catalogue.services import ServiceEntry, service_entry

_SHORT_EDITION = 12


@dataclass(frozen=True)
class ProgramEntry:
    """A program with its activities and their services; `others` belong to no activity."""

    name: str
    title: str
    code: str | None
    unit: str | None
    source: Cited | None
    activities: tuple[tuple[Named, tuple[Named, ...]], ...]
    others: tuple[Named, ...]


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
    """A source of the legal register, and what the rules decide that cite it."""

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
        self._saying = Saying(public, lang)

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
        named = (Named(one.name, one.label.in_(self._lang), self._saying.text(one.issued_by)) for one in shelf)
        return tuple(sorted(named, key=lambda one: one.title.casefold()))

    @cached_property
    def sources(self) -> tuple[tuple[str, tuple[Cited, ...]], ...]:
        """List the sources by kind, regulations first, each kind by its titles."""
        by_kind: dict[str, list[Cited]] = {}
        for one in sorted(self._public.sources.values(), key=lambda one: one.title.casefold()):
            by_kind.setdefault(one.kind, []).append(self._saying.cited(one))
        kinds = sorted(by_kind, key=lambda kind: (kind != "regulation", kind))
        return tuple((self._saying.word(f"cat_kind_{kind}"), tuple(by_kind[kind])) for kind in kinds)

    def service(self, name: str) -> ServiceEntry:
        return service_entry(self._saying, self._public.services[name])

    def program(self, name: str) -> ProgramEntry:
        one = self._public.programs[name]
        return ProgramEntry(
            name=name,
            title=one.label.in_(self._lang),
            code=one.code,
            unit=one.unit,
            source=self._saying.source(one.source),
            activities=tuple(
                (Named(each.name, each.label.in_(self._lang), each.code), self._services(name, each.name))
                for each in one.activities.values()
            ),
            others=self._services(name, None),
        )

    def paper(self, name: str) -> PaperEntry:
        one, saying = self._public.papers[name], self._saying
        papers = self._public.papers.values()
        return PaperEntry(
            name=name,
            title=one.label.in_(self._lang),
            issued_by=saying.text(one.issued_by),
            how_to_get=saying.text(one.how_to_get),
            valid_for=saying.lasting(one.valid_for),
            stands_in_for=saying.named(word.text for word in one.instead_of),
            instead=saying.named(other.name for other in papers if name in {word.text for word in other.instead_of}),
            services=saying.services_of(self._public.asking.get(name, ())),
        )

    def step(self, name: str) -> StepEntry:
        one, saying = self._public.steps[name], self._saying
        return StepEntry(
            name=name,
            title=one.label.in_(self._lang),
            actor=saying.text(one.actor),
            where=saying.text(one.where),
            time=saying.lasting(one.time),
            services=saying.services_of(self._public.using[name]),
        )

    def source(self, name: str) -> SourceEntry:
        one, saying, sources = self._public.sources[name], self._saying, self._public.sources
        aims = dict.fromkeys(aim(rule) for rule in self._public.citing.get(name, ()))
        services = self._public.services
        newer = sources.get(one.repealed_by.text) if one.repealed_by else None
        return SourceEntry(
            name=name,
            title=one.title,
            kind=saying.word(f"cat_kind_{one.kind}"),
            status=saying.word(f"cat_status_{one.status}"),
            seen=saying.word(f"cat_seen_{one.seen}"),
            address=safe(one.address),
            repealed_by=Named(newer.name, newer.title) if newer else None,
            services=tuple(saying.service(services[each]) for each in aims if each in services),
            ideas=tuple(saying.speaker.label(each) for each in aims if each not in services),
        )

    def _services(self, program: str, activity: str | None) -> tuple[Named, ...]:
        belonging = (
            one
            for one in self._public.services.values()
            if one.program.text == program and (one.activity.text if one.activity else None) == activity
        )
        return tuple(self._saying.service(one) for one in belonging)


@lru_cache(maxsize=16)
def entries(plan: Plan, lang: str) -> Entries:
    """Give the entries of a plan in one language; they are made once."""
    return Entries(public(plan), lang)
