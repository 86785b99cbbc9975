"""What can be handed in of a result: the services that stand open, each with whom it is for, and every answer in words."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from engine.diagnosis import Diagnosis
from engine.household import Household
from engine.knowledge.model import HOUSEHOLD, Knowledge
from engine.knowledge.vocabulary import PAPER, RECEIVED
from engine.meaning import INPUT_KEYS
from engine.rows import ServiceRow
from engine.words import Speaker, joined
from webapp.telling.cards import group_of
from webapp.telling.results import OPEN
from webapp.words import words_in


class Offered(NamedTuple):
    """A service that may be asked for: its title, for whom, whether it is ticked, and whether it cannot wait."""

    service: str
    title: str
    who: str | None
    ticked: bool
    urgent: bool
    subjects: tuple[str, ...]


def offered(diagnosis: Diagnosis, lang: str, ticked: Collection[str] | None) -> list[Offered]:
    """Give the services of a result that may be asked for, in the order of the result.

    Args:
        diagnosis: Made for everybody.
        lang: The language of the page.
        ticked: What was ticked; None: what stands open is.
    """
    speaker = Speaker(diagnosis.knowledge, lang)
    rows: dict[str, list[ServiceRow]] = {}
    for row in diagnosis.shown:
        if not row.held and group_of(row) in (*OPEN, "office"):
            rows.setdefault(row.service.name, []).append(row)
    order = (*OPEN, "office")
    found = []
    for name, of in sorted(rows.items(), key=lambda one: min(order.index(group_of(row)) for row in one[1])):
        groups = {group_of(row) for row in of}
        people = [speaker.who(row.subject) for row in of if row.subject != HOUSEHOLD]
        found.append(
            Offered(
                service=name,
                title=speaker.label(name),
                who=joined(people, lang) or None,
                ticked=name in ticked if ticked is not None else bool(groups.intersection(OPEN)),
                urgent="urgent" in groups,
                subjects=tuple(row.subject for row in of),
            )
        )
    return found


def asked_for(offers: Iterable[Offered]) -> list[tuple[str, str]]:
    """Give the ticked services, each with every subject it is for."""
    return [(one.service, subject) for one in offers if one.ticked for subject in one.subjects]


def told_in_words(told: Household, knowledge: Knowledge, lang: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Give everything that was told, by whom it is about: pairs of a question and its answer."""
    speaker, word = Speaker(knowledge, lang), words_in(lang)
    paper, received = INPUT_KEYS[PAPER], INPUT_KEYS[RECEIVED]
    found: dict[str, list[tuple[str, str]]] = {}
    papers: dict[str, list[str]] = {}
    aid: dict[str, list[str]] = {}
    for (of, name), given in told.facts.items():
        if name.startswith(paper):
            papers.setdefault(of, []).append(speaker.label(name.removeprefix(paper)))
        elif name.startswith(received):
            aid.setdefault(of, []).append(speaker.label(name.removeprefix(received)))
        elif not knowledge.facts[name].format:
            found.setdefault(of, []).append((speaker.label(name), speaker.value(name, given.value)))
    for of, names in papers.items():
        found.setdefault(of, []).append((word("papers"), joined(names, lang)))
    for of, names in aid.items():
        found.setdefault(of, []).append((word("aid"), joined(names, lang)))
    subjects = [subject for subject in told.subjects if subject in found]
    return [(speaker.who(subject), found[subject]) for subject in subjects]
