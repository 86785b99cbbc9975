"""The conditions of a rule as sentences for somebody of whom nothing is known yet.

`telling` says what was found about a household; here only the rule speaks. Numbers are those in force, and an idea
of the rules is unfolded until it stands on plain facts, a few levels deep.
"""

from dataclasses import dataclass

from engine.explain import ConditionResult
from engine.knowledge.model import HOUSEHOLD, Block, Condition, Operand, Rule
from engine.words import Speaker, say
from webapp.catalogue.public import Public
from webapp.words import words_in

_DEPTH = 2


@dataclass(frozen=True)
class Line:
    """One condition: its sentence, what explains it, and where more is said about what it names."""

    text: str
    help: str | None = None
    leads_to: tuple[str, str] | None = None
    title: str = ""
    meaning: "tuple[Lines, ...]" = ()
    signs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lines:
    """The conditions of one block, and how they count together."""

    kind: str
    heading: str | None
    lines: tuple[Line, ...]


class Conditions:
    """Says the conditions of public rules in one language."""

    def __init__(self, public: Public, speaker: Speaker) -> None:
        self._public, self._speaker, self._lang = public, speaker, speaker.lang
        self._knowledge, self._plan = public.knowledge, public.plan

    def of(self, rule: Rule, depth: int = _DEPTH) -> tuple[Lines, ...]:
        """Say the blocks of a rule, ideas unfolded."""
        return tuple(self._block(block, depth) for block in rule.blocks)

    def when(self, rule: Rule) -> str | None:
        """Say in one sentence when a rule for papers or steps applies; None when always."""
        parts = []
        for block in rule.blocks:
            claims = [self._claim(line, block.label) for line in block.lines]
            said = self._joined(claims, "or" if block.joins == "any" else "and")
            parts.append(said if block.kind == "when" else f"{say('block', block.label, self._lang)}: {said}")
        return self._joined(parts, "and") or None

    def _joined(self, claims: list[str], word: str) -> str:
        """Join claims that may hold commas themselves."""
        *others, last = claims or [""]
        return f"{'; '.join(others)}; {say('say', word, self._lang)} {last}" if others else last

    def _block(self, block: Block, depth: int) -> Lines:
        lines = tuple(self._line(line, block.label, depth) for line in block.lines)
        return Lines(block.kind, self._heading(block), lines)

    def _heading(self, block: Block) -> str | None:
        """Say how several lines count together; one alone needs no such word."""
        if block.count:
            return say("block", "when at least", self._lang, n=self._limit(block.count, None))
        return (
            say("block", "when any" if block.joins == "any" else "when all", self._lang)
            if len(block.lines) > 1
            else None
        )

    def _line(self, line: Condition, block: str, depth: int) -> Line:
        name = line.name.text
        text = self._claim(line, block)
        if name in self._public.services:
            return Line(text, leads_to=("service", name), title=self._speaker.label(name))
        if name in self._public.papers:
            return Line(text, leads_to=("paper", name), title=self._speaker.label(name))
        if name in self._knowledge.conclusions and depth:
            meaning, signs = self._meaning(name, depth - 1)
            return Line(text, title=self._speaker.label(name), meaning=meaning, signs=signs)
        fact = self._knowledge.facts.get(name)
        told = (fact.help or fact.find_out) if fact and depth else None
        return Line(text, help=told.in_(self._lang) if told else None)

    def _meaning(self, name: str, depth: int) -> tuple[tuple[Lines, ...], tuple[str, ...]]:
        """Unfold an idea: the blocks that decide it, or the signs it is judged by."""
        rules = self._public.aimed.get(name, ())
        if not rules or not rules[0].effect.exactly:
            return (), tuple(dict.fromkeys(rule.title.in_(self._lang) for rule in rules))
        lines = [line for block in rules[0].blocks for line in block.lines]
        # An idea that only passes on another one says nothing by itself.
        passing_on = len(lines) == 1 and lines[0].name.text in self._knowledge.conclusions
        return self.of(rules[0], depth + 1 if passing_on else depth), ()

    def _claim(self, line: Condition, block: str) -> str:
        phrase, name = line.phrase, line.name.text
        count = phrase.members.count if phrase.members else None
        asked = ConditionResult(
            block=block,
            name=name,
            phrase=line.text.text,
            test=phrase.test,
            quantifier=phrase.members.quantifier if phrase.members else None,
            count=self._limit(count, None) if count else None,
            limits=tuple(self._limit(operand, name) for operand in phrase.operands),
            value=None,
            evidence=None,
            certainty=0.0,
            cf=0.0,
            finding="unknown",
            distance=None,
            members=(),
            subject=HOUSEHOLD,
        )
        return self._speaker.lower(self._speaker.claim(asked))

    def _limit(self, operand: Operand, compared: str | None) -> object:
        """Give what a condition compares with: a literal, the number in force, or in words what decides it."""
        vocabulary, word = self._plan.vocabulary, operand.word.text
        entry = vocabulary.operand_entry(operand)
        if entry is None:
            about = vocabulary.look(compared) if compared else None
            fact = self._knowledge.facts.get(compared or "")
            return vocabulary.literal(operand, fact, about.kind) if about else word
        label = self._speaker.lower(self._speaker.label(word))
        amount = self._plan.amounts.in_force.get(word)
        plain = amount is not None and amount.value is not None
        if operand.percent is not None:
            label = say("say", "of_whom", self._lang, claim=label, who=self._said(word)) if plain else label
            return words_in(self._lang)("cat_percent", percent=f"{operand.percent:g}", what=label)
        if plain:
            return self._said(word)
        known = entry.sort == "fact" or amount is not None
        return label if known else say("say", "of_whom", self._lang, claim=label, who=say("say", "unknown", self._lang))

    def _said(self, parameter: str) -> str:
        return self._speaker.value(parameter, self._plan.amounts.in_force[parameter].value)
