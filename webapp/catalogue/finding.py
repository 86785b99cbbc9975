"""Searching the catalogue: forgiving of typing errors, in both languages at once.

An index holds every public entry once with its words weighed by where they stand. A word that is searched for counts
whole, as the beginning of a word, or, where neither is found, as the words most like it by their letters.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from engine.compile import Plan
from engine.knowledge.model import Text
from webapp.catalogue.public import Public, public

LONGEST = 200
_MOST_WORDS = 12
_MOST_FOUND = 30
_TITLE, _ABOUT, _DETAIL = 6.0, 2.0, 1.0
_BY_KIND = {"service": 1.3, "program": 1.1}
_BEGINNING, _ALIKE = 0.7, 0.5
_LEAST_ALIKE = 0.72
_MOST_ALIKE = 4
_SHORTEST_GUESSED = 4
_WORD = re.compile(r"[^\W_]+")


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
        for word in self._weights:
            for letters in _trigrams(word):
                self._alike[letters].add(word)

    def find(self, searched: str) -> list[Entry]:
        """Give the entries that fit a search, the best first; those in which more of the words are found go before."""
        hits: Counter[int] = Counter()
        scores: Counter[int] = Counter()
        for word in list(dict.fromkeys(words_of(searched[:LONGEST])))[:_MOST_WORDS]:
            for number, score in self._found(word).items():
                hits[number] += 1
                scores[number] += score
        best = sorted(scores, key=lambda number: (-hits[number], -scores[number], self.entries[number].title.id))
        return [self.entries[number] for number in best[:_MOST_FOUND]]

    def _take(self, entry: Entry, details: Iterable[Text | None]) -> None:
        number = len(self.entries)
        self.entries.append(entry)
        kind = _BY_KIND.get(entry.kind, 1.0)
        for texts, weight in (((entry.title,), _TITLE), ((entry.about,), _ABOUT), (details, _DETAIL)):
            for word in {word for text in texts if text for said in text if said for word in words_of(said)}:
                held = self._weights[word].get(number, 0.0)
                self._weights[word][number] = max(held, weight * kind)

    def _found(self, word: str) -> dict[int, float]:
        """Give how well each entry fits one word; a word that is in few entries says more."""
        found: dict[int, float] = {}
        for known, likeness in self._known(word):
            entries = self._weights[known]
            rarity = math.log(1 + len(self.entries) / len(entries))
            for number, weight in entries.items():
                found[number] = max(found.get(number, 0.0), likeness * weight * rarity)
        return found

    def _known(self, word: str) -> list[tuple[str, float]]:
        longer = [(known, _BEGINNING) for known in self._weights if known.startswith(word) and known != word]
        exact = [(word, 1.0)] if word in self._weights else []
        if exact or (longer and len(word) > 1):
            return exact + longer
        return self._like(word) if len(word) >= _SHORTEST_GUESSED else []

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
