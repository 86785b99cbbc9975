"""Check what letters name: services and facts that exist and that anybody may know, and one letter for one purpose."""

from collections.abc import Iterator

from engine.knowledge.model import LetterTemplate
from engine.knowledge.problems import Problem, closest
from engine.knowledge.vocabulary import Vocabulary


def check_letters(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check the services, facts and evidence that letters name."""
    k = vocabulary.knowledge
    for letter in k.letters.values():
        evidence = [letter.evidence] if letter.evidence else []
        named = (
            ("unknown-service", letter.services, k.services),
            ("unknown-fact", letter.facts, k.facts),
            ("unknown-evidence", evidence, k.evidence),
        )
        for code, words, known in named:
            for word in words:
                if word.text not in known:
                    guess = closest(word.text, known)
                    yield Problem(code, word.place, {"value": word.text, "name": word.text, "did_you_mean": guess})
        for word in letter.facts:
            fact = k.facts.get(word.text)
            if fact and fact.sensitive == "officer_only":
                yield Problem("secret-in-letter", word.place, {"name": word.text, "letter": letter.name}, fact.place)


def check_one_letter_for_one_purpose(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Refuse two letters of one kind for one service, or for all services."""
    seen: dict[tuple[str, str], LetterTemplate] = {}
    for letter in vocabulary.knowledge.letters.values():
        for service in [word.text for word in letter.services] or [""]:
            first = seen.setdefault((letter.kind, service), letter)
            if first is not letter:
                yield Problem("letter-twice", letter.place, {"kind": letter.kind}, first.place)
