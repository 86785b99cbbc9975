"""Why the engine says so, in three short lines: what holds, what does not, what is not known; read from a stored answer."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from engine import certainty
from engine.knowledge.model import Phrase
from engine.knowledge.phrases import parse_phrase
from engine.knowledge.read import Place, Word
from engine.words import Speaker, say


class _Line(NamedTuple):
    """A condition of a stored answer, as a speaker reads it aloud."""

    name: str
    test: str
    quantifier: str | None
    count: str | None
    limits: tuple[Any, ...]


def reasons_of(speaker: Speaker, row: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Give the conditions of one service's answer by how they came out (`yes`, `no`, `unknown`), each said once."""
    kinds: dict[str, dict[str, None]] = {"yes": {}, "no": {}, "unknown": {}}
    for reason in row.get("because", ()):
        for line in reason["conditions"]:
            mark, said = _said(speaker, line)
            kinds[mark][said] = None
    for mark, said in kinds.items():
        if said:
            yield mark, "; ".join(said)


def _said(speaker: Speaker, line: Mapping[str, Any]) -> tuple[str, str]:
    """Say one condition; what must not be is in favour when it is not so."""
    must_not = line["block"].startswith(("unless", "unneeded"))
    found = certainty.outcome(line["cf"])
    mark = certainty.outcome(certainty.negate(line["cf"])) if must_not else found
    conclusion = speaker.knowledge.conclusions.get(line["name"])
    if found == "unknown":
        return mark, speaker.label(line["name"])
    if must_not and conclusion:
        text = conclusion.if_yes if found == "yes" else conclusion.if_no
        outcome = say("outcome", found, speaker.lang)
        return mark, speaker.lower(text.in_(speaker.lang)) if text else f"{speaker.label(line['name'])}: {outcome}"
    claim = speaker.lower(_claim(speaker, line))
    if must_not:
        claim = say("say", "must_not", speaker.lang, claim=claim)
    value = line["value"]
    told = value is not None and not isinstance(value, bool)
    return mark, f"{claim} ({_value(speaker, line['name'], value)})" if told else claim


def _claim(speaker: Speaker, line: Mapping[str, Any]) -> str:
    """Read a condition aloud, from the phrase as it stands in the rule and the limits as they were that day."""
    phrase = parse_phrase(Word(line["phrase"], Place("")))
    if not isinstance(phrase, Phrase):
        return speaker.label(line["name"])
    limit = line["limit"]
    limits = tuple(limit) if isinstance(limit, list) else () if limit is None else (limit,)
    members = phrase.members
    count = members.count.word.text if members and members.count else None
    return speaker.claim(_Line(line["name"], phrase.test, members.quantifier if members else None, count, limits))


def _value(speaker: Speaker, name: str, value: Any) -> str:
    return speaker.value(name, tuple(value) if isinstance(value, list) else value)
