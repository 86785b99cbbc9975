"""The form in which staff write down what was told, seen or found, about one subject at a time; empty fields say nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from casework.cases.facts import Standing
from casework.people.observations import PAPER
from engine.knowledge.model import PERSON, Fact, Knowledge
from engine.knowledge.read import Place
from webapp.asking.answers import Answers
from webapp.asking.forms import Field, Form
from webapp.staff.facts_words import FactWords

BACK = "back"


@dataclass(frozen=True)
class Asked:
    """One field; `now` says what stands of it, and `known` that there is something to take back."""

    field: Field
    now: str | None
    known: bool


class FactsForm(Form):
    """All facts of one edition that can be written down; with `secrets` also those that only officers may know."""

    def __init__(self, knowledge: Knowledge, lang: str, word: Callable[..., str], today: date, secrets: bool) -> None:
        super().__init__(knowledge, lang, word, today=today)
        self.secrets = secrets

    def facts(self, of: str) -> list[Fact]:
        """Give the facts of the household or of a person, as the schema orders them; numbers stand in the register."""
        found = []
        for fact in self.knowledge.facts.values():
            secret = fact.sensitive == "officer_only"
            if fact.of == of and not (fact.computed or fact.format) and (self.secrets or not secret):
                found += [fact, *self.standing_in_for(fact)]
        return found

    def paper_facts(self) -> list[Fact]:
        """Give the papers as yes/no facts: there, or not."""
        papers = (one for one in self.knowledge.papers.values() if self.secrets or not one.officer_only)
        return [Fact(PAPER + one.name, PERSON, "boolean", one.label, Place("")) for one in papers]

    def themes(self, where: str, of: str, words: FactWords, standing: Standing, subject: str) -> list[Any]:
        """Give the questions about one subject by theme, each with what stands now; papers come last.

        Args:
            where: How the names of the fields begin: `h` or `m0`.
            of: Whether the subject is the household or a person.
            words: Says what stands.
            standing: Where it is read.
            subject: The subject's id there.
        """
        asked = [(fact, where) for fact in self.facts(of)]
        groups = [
            (title, [self._asked(one, words, standing, subject) for one in fields])
            for title, fields in self._grouped(asked)
        ]
        papers = [self._asked(self.field(fact, where), words, standing, subject) for fact in self.paper_facts()]
        return [*groups, (self.word("papers"), papers)]

    def field(self, fact: Fact, where: str) -> Field:
        """Name a field as staff know it; the question that people are asked is of no help to them."""
        found = super().field(fact, where)
        label = found.label if fact.computed else fact.label.in_(self.lang)
        return replace(found, label=label, help=None if fact.type in ("date", "money") else found.help)

    def said(self, answers: Answers, where: str, of: str) -> list[tuple[str, Any]]:
        """Read what was filled in about one subject; what is to be mended stands in `answers.errors`.

        What is ticked as taken back gives a value of None.
        """
        data: dict[str, Any] = {}
        facts = [*self.facts(of), *self.paper_facts()]
        for fact in facts:
            self._take(answers, fact, where, data)
        back = set(answers.all(BACK))
        for fact in facts:
            name = f"{where}.{fact.name}"
            if name in back and fact.name in data:
                answers.errors[name] = self.word("facts_back_or_value")
            elif name in back:
                data[fact.name] = None
        return list(data.items())

    def aid_of(self, secret: Iterable[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Give the aid one can receive, of the household and of each member, without what the actor may not know."""
        hidden = frozenset() if self.secrets else frozenset(secret)
        return tuple([one for one in listed if one[0] not in hidden] for listed in self.aid())

    def received(self, answers: Answers, members: list[str]) -> list[Any] | None:
        """Read which aid was ticked; None when nothing was."""
        ticked = self._ticked(answers, "aid")
        return None if ticked is None else [self._aid(one, [{"id": name} for name in members]) for one in ticked]

    def _asked(self, field: Field, words: FactWords, standing: Standing, subject: str) -> Asked:
        fact = field.name.partition(".")[2]
        settled = standing.settled.get((subject, fact))
        known = (subject, fact) in standing.history
        if settled is None or not settled.certainty:
            return Asked(field, None, known)
        now = words.word(
            "facts_now",
            value=words.value(fact, settled.value),
            evidence=words.speaker.lower(words.evidence(settled.evidence)),
            sure=words.sure(settled.certainty),
        )
        return Asked(field, now, known)
