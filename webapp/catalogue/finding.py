"""Searching the catalogue: forgiving of typing errors, in both languages at once.

An index holds every public entry once with its words weighed by where they stand. A word that is searched for counts
whole, as the beginning of a word, by its stem, and by what people call a thing (`people_say.yaml`); where none of these is
found, as the words most like it by their letters.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

import yaml

from engine.compile import Plan
from engine.knowledge.model import Text
from webapp.catalogue.public import Public, public

LONGEST = 200
_MOST_WORDS = 12
_MOST_FOUND = 30
_TITLE, _ABOUT, _DETAIL = 6.0, 3.0, 1.0
_TITLE_BEGINS = 2.0
_BY_KIND = {"service": 1.5, "program": 1.1, "step": 0.6, "source": 0.6}
_BEGINNING, _CALLED, _STEM, _ALIKE = 0.7, 0.6, 0.5, 0.5
_LEAST_ALIKE = 0.78
_MOST_ALIKE = 4
_SHORTEST_GUESSED = 4
_WORD = re.compile(r"[^\W_]+")
# What Indonesian puts before and after a stem, where at least four letters remain.
_AFFIXES = re.compile(r"(?:ke|ter|ber|per|pem|pen|pe|mem|men|me|di|se)?(.{4,}?)(?:nya|kan|an|i)?")


@dataclass(frozen=True)
class Entry:
    """A page of the catalogue that can be found: its kind is the endpoint that shows it."""

    kind: str
    name: str
    title: Text
    about: Text | None


class Index:
    """All public entries of a plan, by the words in which they can be found."""

    def __init__(self, public: Public) -> None:
        self.entries: list[Entry] = []
        self._weights: dict[str, dict[int, float]] = defaultdict(dict)
        for entry, details in _everything(public):
            self._take(entry, details)
        self._alike: dict[str, set[str]] = defaultdict(set)
        self._of_stem: dict[str, set[str]] = defaultdict(set)
        for word in self._weights:
            self._of_stem[_stem(word)].add(word)
            for letters in _trigrams(word):
                self._alike[letters].add(word)

    def find(self, searched: str) -> list[Entry]:
        """Give the entries that fit a search, the best first; those in which more of the words are found go before."""
        hits: Counter[int] = Counter()
        scores: Counter[int] = Counter()
        words = list(dict.fromkeys(words_of(searched[:LONGEST])))[:_MOST_WORDS]
        for word in words:
            for number, score in self._found(word).items():
                hits[number] += 1
                scores[number] += score
        for number in scores:
            if any(_is_called(title, words) for title in self.entries[number].title if title):
                scores[number] *= _TITLE_BEGINS
        fitting = [number for number in scores if 2 * hits[number] >= max(hits.values())]
        fitting.sort(key=lambda number: (-hits[number], -scores[number], self.entries[number].title.id))
        return [self.entries[number] for number in fitting[:_MOST_FOUND]]

    def _take(self, entry: Entry, details: Iterable[Text | None]) -> None:
        number = len(self.entries)
        self.entries.append(entry)
        kind = _BY_KIND.get(entry.kind, 1.0)
        # In a short title each word says more about the whole.
        title = _TITLE * (1 + 1 / max(1, len(words_of(entry.title.id))))
        for texts, weight in (((entry.title,), title), ((entry.about,), _ABOUT), (details, _DETAIL)):
            for word in {word for text in texts if text for said in text if said for word in words_of(said)}:
                held = self._weights[word].get(number, 0.0)
                self._weights[word][number] = max(held, weight * kind)

    def _found(self, word: str) -> dict[int, float]:
        """Give how well each entry fits one word of a search."""
        found = self._fitting(self._known(word))
        if called := _people_say().get(word):
            each = [self._fitting([(one, _CALLED)]) for one in called]
            for number in set(each[0]).intersection(*each[1:]):
                found[number] = max(found.get(number, 0.0), min(fits[number] for fits in each))
        return found

    def _fitting(self, known: Iterable[tuple[str, float]]) -> dict[int, float]:
        """Give the entries that hold some words; a word that is in few entries says more."""
        found: dict[int, float] = {}
        for word, likeness in known:
            entries = self._weights.get(word, {})
            rarity = math.log(1 + len(self.entries) / max(1, len(entries)))
            for number, weight in entries.items():
                found[number] = max(found.get(number, 0.0), likeness * weight * rarity)
        return found

    def _known(self, word: str) -> list[tuple[str, float]]:
        """Give the words of the index that a searched word stands for, with how well."""
        found = [(known, _STEM) for known in self._of_stem.get(_stem(word), ())]
        if len(word) > 1:
            found += [(known, _BEGINNING) for known in self._weights if known.startswith(word)]
        if word in self._weights:
            found.append((word, 1.0))
        guessed = not found and len(word) >= _SHORTEST_GUESSED and word not in _people_say()
        return self._like(word) if guessed else found

    def _like(self, word: str) -> list[tuple[str, float]]:
        """Give the words most like one that nobody wrote: candidates share letters, then the order of letters counts."""
        near = {known for letters in _trigrams(word) for known in self._alike.get(letters, ())}
        likeness = ((SequenceMatcher(None, word, known).ratio(), known) for known in near)
        best = sorted(((ratio, known) for ratio, known in likeness if ratio >= _LEAST_ALIKE), reverse=True)
        return [(known, _ALIKE * ratio) for ratio, known in best[:_MOST_ALIKE]]


def words_of(text: str) -> list[str]:
    """Split a text into words without capitals and accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _WORD.findall("".join(one for one in plain if not unicodedata.combining(one)))


def _is_called(title: str, words: list[str]) -> bool:
    """Say whether a title begins with these words, or has them in brackets as its short name."""
    return words_of(title)[: len(words)] == words or f"({' '.join(words)})" in title.casefold()


def _stem(word: str) -> str:
    found = _AFFIXES.fullmatch(word)
    return found[1] if found else word


@lru_cache(maxsize=1)
def _people_say() -> Mapping[str, tuple[str, ...]]:
    text = Path(__file__).with_name("people_say.yaml").read_text(encoding="utf-8")
    return {said: tuple(words_of(ours)) for said, ours in yaml.load(text, Loader=yaml.CBaseLoader).items()}


def _trigrams(word: str) -> Iterator[str]:
    padded = f" {word} "
    return (padded[at : at + 3] for at in range(len(padded) - 2))


def _everything(public: Public) -> Iterator[tuple[Entry, list[Text | None]]]:
    """Give every public entry, with the further texts in which it can be found."""
    for program in public.programs.values():
        activities = [activity.label for activity in program.activities.values()]
        yield Entry("program", program.name, program.label, None), activities
    for service in public.services.values():
        yield Entry("service", service.name, service.label, service.summary), _details(public, service.name)
    for paper in public.papers.values():
        yield Entry("paper", paper.name, paper.label, paper.how_to_get), [paper.issued_by]
    for step in public.steps.values():
        yield Entry("step", step.name, step.label, None), [step.actor, step.where]
    for source in public.sources.values():
        yield Entry("source", source.name, Text(source.title), None), []


def _details(public: Public, service: str) -> list[Text | None]:
    """Give what a service's rules say and name: their titles, papers and steps, and its other name."""
    one = public.services[service]
    found: list[Text | None] = [one.apply_at, one.refer_to, Text(service)]
    for rule in public.aimed.get(service, ()):
        found.append(rule.title)
        names = [*getattr(rule.effect, "documents", ()), *getattr(rule.effect, "steps", ())]
        shelves = (public.papers, public.steps)
        found += [shelf[word.text].label for word in names for shelf in shelves if word.text in shelf]
    return found


@lru_cache(maxsize=4)
def index(plan: Plan) -> Index:
    """Give the index of a plan; it is made once."""
    return Index(public(plan))
