"""The small phrases that all entries of the catalogue share: names, occasions, citations, times."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.knowledge.model import PERSON, Rule, Service, Source, Text
from engine.knowledge.read import Word
from engine.words import Speaker, say
from webapp.catalogue.conditions import Conditions
from webapp.catalogue.public import Public, aim
from webapp.words import words_in


@dataclass(frozen=True)
class Named:
    """A name with its title, and a short word beside it."""

    name: str
    title: str
    note: str | None = None


@dataclass(frozen=True)
class Asked:
    """A paper or a step of a service, or a service that asks for one: on which occasions; none means always."""

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


class Saying:
    """Says the small things in one language."""

    def __init__(self, public: Public, lang: str) -> None:
        self.public, self.lang = public, lang
        self.speaker = Speaker(public.knowledge, lang)
        self.conditions = Conditions(public, self.speaker)
        self.word = words_in(lang)

    def text(self, text: Text | None) -> str | None:
        return text.in_(self.lang) if text else None

    def lasting(self, said: str | Text | None) -> str | None:
        return self.speaker.duration(said) if said else None

    def named(self, names: Iterable[str]) -> tuple[Named, ...]:
        """Name services or papers of the public part; others are left out."""
        known = (name for name in names if name in self.public.services or name in self.public.papers)
        return tuple(Named(name, self.speaker.label(name)) for name in known)

    def service(self, service: Service) -> Named:
        """Name a service as a list does: with what it is, or that it does not exist here."""
        here = service.offer != "not_here"
        note = self.text(service.summary) if here else say("offer", "not_here", self.lang)
        return Named(service.name, service.label.in_(self.lang), note)

    def occasions(self, asked: Iterable[tuple[str, Rule]]) -> list[tuple[str, tuple[str, ...]]]:
        """Give each name once and in order, with the sentences that say when a rule asks for it."""
        found: dict[str, list[str | None]] = {}
        for name, rule in asked:
            found.setdefault(name, []).append(self._when(rule))
        return [(name, () if None in said else tuple(dict.fromkeys(said))) for name, said in found.items()]

    def services_of(self, rules: Iterable[Rule]) -> tuple[Asked, ...]:
        """Give the services that some rules for papers or steps are for."""
        found = self.occasions((aim(rule), rule) for rule in rules)
        return tuple(Asked(name, self.speaker.label(name), when) for name, when in found)

    def source(self, word: Word | None) -> Cited | None:
        """Cite what a `source` names: a source, and perhaps an article of it."""
        name, _, article = word.text.partition(" ") if word else ("", "", "")
        source = self.public.sources.get(name)
        return self.cited(source, article) if source else None

    def cited(self, source: Source, article: str = "") -> Cited:
        seen = self.word(f"cat_seen_{source.seen}")
        return Cited(source.name, source.title, seen, article or None, safe(source.address))

    def _when(self, rule: Rule) -> str | None:
        """Say when a rule for papers or steps applies; of a household's service, that it is asked of each member."""
        when = self.conditions.when(rule)
        if rule.about == PERSON and self.public.services[aim(rule)].for_ != PERSON:
            return self.word("cat_when_member", when=when) if when else self.word("cat_each_member")
        return self.word("cat_when", when=when) if when else None


def safe(address: str | None) -> str | None:
    """Give an address only when it is one of the web."""
    return address if address and address.startswith(("http://", "https://")) else None
