"""How facts are spoken of to staff: people by their names, values, evidence and its certainty, what to look at."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from casework.cases.facts import Warned, members_of
from casework.cases.naming import Naming
from casework.people.models import Household
from casework.people.observations import PAPER, RECEIVED, service_of
from casework.store.work import Work
from engine.knowledge.model import HOUSEHOLD, Knowledge
from engine.words import day, joined, percent
from webapp import frame
from webapp.words import words_in

_MEMBER = re.compile(r"\bp[0-9]+\b")


class FactWords:
    """Speaks of the facts of one household, in the language of the request."""

    def __init__(self, knowledge: Knowledge, names: Mapping[str, str], lang: str) -> None:
        self.knowledge, self.names, self.lang = knowledge, names, lang
        self.word = words_in(lang)
        self.speaker = Naming(knowledge, lang, names)

    @classmethod
    def of(cls, work: Work, household: Household, knowledge: Knowledge | None = None) -> "FactWords":
        """Make them for a registered household; without an edition, that in force speaks."""
        names = {one.member: one.name for one in members_of(household, work.today)}
        return cls(knowledge or frame.desk().office.knowledge, names, frame.chosen_language())

    def who(self, subject: str) -> str:
        return self.word("facts_household") if subject == HOUSEHOLD else self.speaker.who(subject)

    def label(self, fact: str) -> str:
        """Name a fact, a paper, or received aid."""
        if fact == RECEIVED:
            return self.word("facts_received")
        return self.speaker.label(fact.removeprefix(PAPER))

    def value(self, fact: str, value: Any) -> str:
        """Say a value as it stands in a household file; none: it was taken back."""
        if value is None:
            return self.word("facts_taken_back")
        if fact == RECEIVED:
            return joined(map(self.aid, value), self.lang) or self.word("facts_no_aid")
        if fact.startswith(PAPER):
            return self.word("facts_paper_there" if value else "facts_paper_missing")
        known = self.knowledge.facts.get(fact)
        if known and known.type == "date" and isinstance(value, str):
            value = date.fromisoformat(value)
        if known and known.type == "region":
            return self._place(value)
        return self.speaker.value(fact, tuple(value) if isinstance(value, list) else value)

    def typed(self, fact: str, value: Any) -> str:
        """Say a value that was typed into a form: a truth as yes or no, everything else as it would stand in a file."""
        if value in ("yes", "no") or isinstance(value, bool):
            return self.value(fact, value in ("yes", True))
        known = self.knowledge.facts.get(fact)
        if known and known.type in ("integer", "number", "money"):
            return self.value(fact, float(value) if "." in str(value) else int(value))
        return self.value(fact, value)

    def _place(self, code: str) -> str:
        """Name a region; a village by its code and the kecamatan it lies in, as far as that is known."""
        regions = self.knowledge.regions
        above = code.rsplit(".", 1)[0]
        if code not in regions and above in regions:
            return f"{code} ({regions[above].label})"
        return self.speaker.value("", code)

    def aid(self, entry: Any) -> str:
        """Name one entry of received aid, with who receives it."""
        name = self.speaker.label(service_of(entry))
        return f"{name} ({self.who(entry['subject'])})" if isinstance(entry, dict) else name

    def evidence(self, name: str | None) -> str:
        known = self.knowledge.evidence.get(name or "")
        return known.label.in_(self.lang) if known else name or "-"

    def sure(self, certainty: float) -> str:
        return percent(certainty, self.lang)

    def day(self, when: date) -> str:
        return day(when, self.lang)

    def warned(self, one: Warned) -> str:
        """Say what should be looked at, and of whom."""
        fact = self.label(one.fact) if one.fact else ""
        if one.subject != HOUSEHOLD:
            fact = f"{fact} ({self.who(one.subject)})"
        return self.word(f"facts_warned_{one.code}", fact=fact)

    def named(self, sentence: str) -> str:
        """Put names in for the ids of members."""
        return _MEMBER.sub(lambda found: self.names.get(found[0], found[0]), sentence)
