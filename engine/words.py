"""Say things in words: values, conditions, outcomes, in Indonesian and English.

What is said stands in `words.yaml` and in the texts of the knowledge; this room fills in names, numbers
and dates as each language writes them. People are named by their id or role, never by a number.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel.dates import format_date
from babel.numbers import format_decimal
from babel.units import format_unit

from engine import certainty
from engine.explain import ConditionResult, Reason
from engine.knowledge.durations import duration_of
from engine.knowledge.model import HOUSEHOLD, PERSON, Knowledge, Rule, Text
from engine.knowledge.vocabulary import is_money

LANGUAGES = ("id", "en")
_FEW = 4
_MOST_JOINED = 8
_SURENESS = ((0.95, "very"), (0.8, "sure"), (0.5, "fairly"), (0.0, "hardly"))
_PLAIN = "#,##0.##"
_TOLD = {"in hand": "paper", "is received": "received", "is not received": "not_received"}
_MEASURES = {
    "year": ("duration-year", "long"),
    "month": ("duration-month", "long"),
    "day": ("duration-day", "long"),
    "m2": ("area-square-meter", "short"),
}


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return yaml.load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)


def say(group: str, key: str, lang: str, **details: Any) -> str:
    """Give a word or sentence of `words.yaml`, filled in."""
    text = _words()[group][key][lang]
    return text.format(**details) if details else text


def joined(parts: Iterable[str], lang: str, word: str = "and") -> str:
    """Join parts as a sentence does: a, b and c; of very many, the first few and a count."""
    items = list(dict.fromkeys(parts))
    if len(items) > _MOST_JOINED:
        items = [*items[: _MOST_JOINED - 2], say("say", "others", lang, count=len(items) - _MOST_JOINED + 2)]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {say('say', word, lang)} {items[-1]}"


def money(amount: float | None, lang: str) -> str:
    """Write rupiah: Rp1.200.000; cents only where there are any."""
    if amount is None:
        return say("say", "unknown", lang)
    return (
        f"{'-' if amount < 0 else ''}Rp{_decimal(abs(amount), lang, '#,##0' if amount == int(amount) else '#,##0.00')}"
    )


def day(value: date, lang: str) -> str:
    """Write a date in full: 2 Maret 1958."""
    return _day(value, lang)


@lru_cache(maxsize=4096)
def _day(value: date, lang: str) -> str:
    return format_date(value, "d MMMM y", locale=lang)


@lru_cache(maxsize=4096)
def _measured(value: float, lang: str, measure: tuple[str, str]) -> str:
    unit, length = measure
    return format_unit(value, unit, length=length, format=_PLAIN, locale=lang)


@lru_cache(maxsize=4096)
def _decimal(value: float, lang: str, form: str) -> str:
    return format_decimal(value, format=form, locale=lang)


def percent(cf: float, lang: str) -> str:
    """Write a certainty as a whole percentage."""
    return f"{round(certainty.confidence(cf) * 100)}%"


def sureness(cf: float, lang: str) -> str:
    """Say in words how sure a yes or no is."""
    confidence = certainty.confidence(cf)
    return say("sureness", next(word for least, word in _SURENESS if confidence >= least), lang)


class Speaker:
    """Speaks one language about one edition, to or of one subject, who goes unnamed."""

    def __init__(self, knowledge: Knowledge, lang: str, of: str = HOUSEHOLD) -> None:
        self.knowledge, self.lang, self.of = knowledge, lang, of

    def about(self, subject: str) -> "Speaker":
        """Give a speaker of the same language about a subject."""
        return Speaker(self.knowledge, self.lang, subject)

    def substitutes(self, document: str) -> list[str]:
        """Name the papers that may be brought in place of one."""
        papers = self.knowledge.papers.values()
        return [one.label.in_(self.lang) for one in papers if any(word.text == document for word in one.instead_of)]

    def label(self, name: str) -> str:
        """Name a fact, parameter, conclusion, service or document."""
        k = self.knowledge
        for shelf in (k.facts, k.services, k.conclusions, k.papers, k.steps, k.parameters):
            if name in shelf:
                return shelf[name].label.in_(self.lang)
        return name

    def who(self, subject: str) -> str:
        """Name a subject: the household, or a member by its id."""
        return (
            say("say", "household", self.lang) if subject == HOUSEHOLD else subject.replace("_", " ").replace("-", " ")
        )

    def missing(self, entries: Iterable[tuple[str, str]]) -> list[str]:
        """Name missing facts, each once, with the people it is missing of."""
        people: dict[str, list[str]] = {}
        for name, subject in entries:
            people.setdefault(name, [])
            if subject != HOUSEHOLD:
                people[name].append(self.who(subject))
        alone = [self.who(self.of)]
        return [
            f"{self.label(name)} ({joined(who, self.lang)})" if who and who != alone else self.label(name)
            for name, who in people.items()
        ]

    def grounds(self, found: Mapping[str, Iterable[tuple[str, str]]]) -> list[str]:
        """Say on which evidence a result rests: each kind, with what is known by it."""
        return [
            f"{self.knowledge.evidence[evidence].label.in_(self.lang)}: {joined(self.missing(inputs), self.lang)}"
            for evidence, inputs in found.items()
        ]

    def value(self, name: str, value: Any) -> str:
        """Write a value of a fact or parameter."""
        if value is None:
            return say("say", "unknown", self.lang)
        if isinstance(value, bool):
            return say("say", "true" if value else "false", self.lang)
        if isinstance(value, date):
            return day(value, self.lang)
        if isinstance(value, tuple):
            return joined((self.value(name, one) for one in value), self.lang) or "-"
        fact = self.knowledge.facts.get(name)
        if isinstance(value, int | float):
            measured = fact or self.knowledge.parameters.get(name)
            return self._number(measured.unit if measured else None, value)
        if fact and value in fact.choices:
            return fact.choices[value].in_(self.lang)
        region = self.knowledge.regions.get(value)
        return region.label if region else str(value)

    def _number(self, unit: str | None, value: float) -> str:
        if unit and is_money(unit):
            return money(value, self.lang)
        return _measured(value, self.lang, _MEASURES[unit]) if unit in _MEASURES else _decimal(value, self.lang, _PLAIN)

    def claim(self, line: ConditionResult) -> str:
        """Read a condition aloud, without saying whether it holds."""
        claim = self._claim_of_one(line)
        if line.quantifier:
            return say("members", line.quantifier, self.lang, claim=claim, count=line.count)
        return claim

    def _claim_of_one(self, line: ConditionResult) -> str:
        test = line.test
        label = self.label(line.name)
        conclusion = self.knowledge.conclusions.get(line.name)
        if test in ("yes", "no") and conclusion:
            text = conclusion.if_yes if test == "yes" else conclusion.if_no
            return self.lower(text.in_(self.lang)) if text else say("phrase", test, self.lang, label=label)
        word = "or" if test in ("is one of", "is none of", "includes none of") else "and"
        limit = joined((self.value(line.name, one) for one in line.limits), self.lang, word)
        return say("phrase", test, self.lang, label=label, limit=limit)

    def mark(self, line: ConditionResult) -> str:
        """Say whether a condition holds: `yes`, `no` or `unknown`."""
        return certainty.outcome(line.cf)

    def finding(self, line: ConditionResult) -> str:
        """Say what was found for a condition, with the distance to its limit where there is one."""
        conclusion = self.knowledge.conclusions.get(line.name)
        who = joined((self.who(one.subject) for one in line.deciding), self.lang)
        if conclusion and line.test in ("yes", "no"):
            text = {"yes": conclusion.if_yes, "no": conclusion.if_no}.get(line.finding)
            said = (
                self.lower(text.in_(self.lang))
                if text
                else f"{conclusion.label.in_(self.lang)}: {say('outcome', line.finding, self.lang)}"
            )
        elif line.test in _TOLD:
            said = say(_TOLD[line.test], line.finding, self.lang, label=self.label(line.name))
        elif line.quantifier:
            said = self.claim(line) if line.cf > 0 else say("say", "not_met", self.lang, claim=self.claim(line))
        else:
            said = say(
                "say", "value_is", self.lang, label=self.label(line.name), value=self.value(line.name, line.value)
            )
        if line.distance:
            said += f" ({self.distance(line)})"
        return say("say", "of_whom", self.lang, claim=said, who=who) if who else said

    def distance(self, line: ConditionResult) -> str:
        """Say how far a value lies beyond its limit, in the fact's unit: "Rp151.603 di atas batas"."""
        fact = self.knowledge.facts.get(line.name)
        unit = None if fact is None else "day" if fact.type == "date" else fact.unit
        far = self._number(unit, abs(line.distance))
        return say("say", "over" if line.distance > 0 else "under", self.lang, distance=far)

    def sentence(self, reason: Reason) -> str:
        """Say why a rule contributed: its own `because`, filled in, or its title."""
        rule = reason.rule
        if rule.because is None or reason.premise <= 0:
            return rule.title.in_(self.lang)
        known = {name: self.value(name, value) for name, value in reason.values.items()}
        return rule.because.in_(self.lang).format_map(_Filled(known, self.lang))

    def duration(self, said: str | Text) -> str:
        """Say how long something takes or holds: "3 hari kerja", "1 sampai 14 hari"; what is put in words stays so."""
        if isinstance(said, Text):
            return said.in_(self.lang)
        found = duration_of(said)
        if found is None:
            return said
        count = str(found.most)
        if found.least < found.most:
            count = say("duration", "range", self.lang, least=found.least, most=found.most)
        unit = say("duration", found.unit if found.most == 1 else f"{found.unit}s", self.lang)
        return f"{count} {unit}"

    def source(self, rule: Rule) -> str:
        """Cite the source of a rule, with its article, and say of a regulation that nobody has read it yet."""
        name, _, article = rule.source.text.partition(" ") if rule.source else ("", "", "")
        source = self.knowledge.sources.get(name)
        if source is None:
            return "-"
        unread = source.kind == "regulation" and source.seen == "known"
        cited = f"{source.title}, {article}" if article else source.title
        return say("say", "of_whom", self.lang, claim=cited, who=say("say", "unread", self.lang)) if unread else cited

    def stopped_by(self, stopped: Iterable[tuple[ConditionResult, Iterable[ConditionResult]]]) -> list[str]:
        """Say which findings stopped a conclusion, each with the facts behind it, members named by role."""
        said = []
        for line, roots in stopped:
            people: dict[str, list[str]] = {}
            for one in (root for root in roots if root.deciding or not root.quantifier):
                about = people.setdefault(self._behind(one), [])
                if one.quantifier:
                    about += [self.who(member.subject) for member in one.deciding]
                elif one.subject != line.subject and self._of_a_person(one.name):
                    about.append(self.who(one.subject))
            behind = [
                say("say", "of_whom", self.lang, claim=claim, who=joined(who, self.lang)) if who else claim
                for claim, who in people.items()
            ]
            claim = self.lower(self.finding(line))
            namely = joined(behind[:_FEW], self.lang)
            said.append(say("say", "namely", self.lang, claim=claim, list=namely) if behind else claim)
        return said

    def _behind(self, line: ConditionResult) -> str:
        """Say a fact that lies behind a finding: of members, and a plain yes or no, by its name, another by its value."""
        plain = line.quantifier or (line.test in ("yes", "no") and line.cf > 0)
        return self.lower(self._claim_of_one(line) if plain else self.finding(line))

    def _of_a_person(self, name: str) -> bool:
        k = self.knowledge
        return (name in k.facts and k.facts[name].of == PERSON) or (
            name in k.conclusions and k.conclusions[name].about == PERSON
        )

    def lower(self, text: str) -> str:
        """Begin a sentence within a sentence small, unless it begins with a name or an abbreviation."""
        text = text.rstrip(".")
        begins_small = text[1:2].islower() or text.startswith("A ")
        return text[:1].lower() + text[1:] if begins_small else text


class _Filled(dict):
    def __init__(self, known: Mapping[str, str], lang: str) -> None:
        super().__init__(known)
        self.lang = lang

    def __missing__(self, key: str) -> str:
        return say("say", "unknown", self.lang)
