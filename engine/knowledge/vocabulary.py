"""What each name stands for, and what kind of value a formula or an operand gives.

Facts, parameters, conclusions, services and documents share one space of names (design 3). `check` and
`compile` ask here, so that both understand a name in the same way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from engine.knowledge import formulas, values
from engine.knowledge.formulas import Formula
from engine.knowledge.kinds import Kind, Typing, kind_of_fact, kind_of_parameter
from engine.knowledge.kinds import is_money as is_money
from engine.knowledge.model import HOUSEHOLD, PERSON, Concludes, Condition, Fact, Knowledge, Operand, Rule
from engine.knowledge.problems import closest
from engine.knowledge.read import Place

KNOWN, PAPER, RECEIVED = "known", "paper", "received"
INPUT_TESTS = {"in hand": PAPER, "is received": RECEIVED, "is not received": RECEIVED}
# How a sentence about a mistake names whom something is about.
WHOM = {HOUSEHOLD: {"id": "keluarga", "en": "the household"}, PERSON: {"id": "satu orang", "en": "one person"}}
PREMISE = ("concerns", "when", "unless", "unneeded")
PROVIDED = ("provided",)


@dataclass(frozen=True, slots=True)
class Entry:
    """A name of the common space: its sort, whom it is about (None: nobody, a parameter), its kind."""

    name: str
    sort: str
    of: str | None
    kind: Kind
    place: Place


class Read(NamedTuple):
    """A name that something reads: whether of the members, and as a value, a paper or a received service."""

    name: str
    members: bool = False
    what: str = KNOWN


class Vocabulary:
    """All names of one edition."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Give every name of the common space; of two things with one name the first shelf wins."""
        k = self.knowledge
        found: dict[str, Entry] = {}
        for fact in k.facts.values():
            found.setdefault(fact.name, Entry(fact.name, "fact", fact.of, kind_of_fact(fact), fact.place))
        for parameter in k.parameters.values():
            entry = Entry(parameter.name, "parameter", None, kind_of_parameter(parameter), parameter.place)
            found.setdefault(parameter.name, entry)
        for name, conclusion in k.conclusions.items():
            sort = "service" if name in k.services else "conclusion"
            found.setdefault(name, Entry(name, sort, conclusion.about, Kind("boolean"), conclusion.place))
        for paper in k.papers.values():
            found.setdefault(paper.name, Entry(paper.name, "document", PERSON, Kind("boolean"), paper.place))
        return found

    def look(self, name: str) -> Entry | None:
        return self.entries.get(name)

    def about(self, rule: Rule) -> str:
        """Say whom a rule is about: a requirement or procedure, unless it says person, its service's subject."""
        if isinstance(rule.effect, Concludes) or rule.about == PERSON:
            return rule.about
        service = self.knowledge.services.get(rule.effect.service.text)
        return service.for_ if service else rule.about

    def guess(self, name: str, sorts: tuple[str, ...] = ()) -> str | None:
        """Guess which name was meant."""
        return closest(name, (entry.name for entry in self.entries.values() if not sorts or entry.sort in sorts))

    def counts(self, parameter: str) -> bool:
        """Say whether every value of a parameter can be a number of people or lines: a whole one, and no money."""

        def leaves(value: Any) -> Iterator[Any]:
            for _, inner in value if isinstance(value, tuple) else ():
                yield from leaves(inner)
            if not isinstance(value, tuple):
                yield value

        if (unit := self.knowledge.parameters[parameter].unit) and is_money(unit):
            return False
        amounts = self.knowledge.parameters[parameter].values
        found = [leaf for one in amounts for leaf in leaves(one.value if one.table is None else one.table)]
        return all(isinstance(leaf, int) and not isinstance(leaf, bool) and leaf >= 0 for leaf in found)

    def operand_entry(self, operand: Operand) -> Entry | None:
        """Give the entry an operand names; None when it is a literal."""
        entry = self.look(operand.word.text)
        return entry if entry and entry.sort in ("fact", "parameter") else None

    def reads_of_condition(self, condition: Condition) -> Iterator[Read]:
        """Give what a condition reads, the keys of parameters included."""
        phrase = condition.phrase
        members = phrase.members is not None
        yield Read(condition.name.text, members, INPUT_TESTS.get(phrase.test, KNOWN))
        for operand in phrase.operands:
            yield from self._reads_of_operand(operand, members)
        if phrase.members and phrase.members.count:
            yield from self._reads_of_operand(phrase.members.count, False)

    def reads_of_formula(self, formula: Formula) -> Iterator[Read]:
        """Give what a formula reads, the keys of parameters included."""
        looked_up = {id(call.args[0]) for call in formulas.calls_in(formula.tree, formulas.PARAMETER_FUNCTIONS)}
        for name, members in formulas.names_in(formula.tree):
            entry = self.look(name.id)
            if entry and entry.sort == "parameter":
                # Whoever looks a table up names the keys in the formula itself.
                yield from () if id(name) in looked_up else self._keys_of(entry.name, members)
            elif entry:
                yield Read(name.id, members)

    def reads_of_rule(self, rule: Rule, kinds: tuple[str, ...]) -> Iterator[Read]:
        """Give what a rule's blocks of these kinds read; its graded lines count as `when`."""
        for block in rule.blocks:
            if block.kind in kinds:
                if block.count:
                    yield from self._reads_of_operand(block.count, False)
                for line in block.lines:
                    yield from self.reads_of_condition(line)
        for line in rule.grades.lines if rule.grades and "when" in kinds else ():
            yield from self.reads_of_condition(line)

    def _reads_of_operand(self, operand: Operand, members: bool) -> Iterator[Read]:
        entry = self.operand_entry(operand)
        if entry and entry.sort == "fact":
            yield Read(entry.name, members)
        elif entry:
            yield from self._keys_of(entry.name, members)

    def _keys_of(self, parameter: str, members: bool) -> Iterator[Read]:
        for key in self.knowledge.parameters[parameter].keys:
            if self.look(key.text):
                yield Read(key.text, members)

    def literal(self, operand: Operand, fact: Fact | None, kind: Kind) -> Any:
        """Read an operand's word as a literal of the kind compared with. Raises: values.BadValue."""
        if fact is not None:
            return values.literal(fact.type, operand.word, fact, self.knowledge.regions)
        return values.literal(kind.type, operand.word, None, self.knowledge.regions)

    def kind_of_formula(self, formula: Formula, of: str) -> Kind:
        """Type a formula for a subject (design 3.1). Raises: Misfit, with the place."""
        return Typing(self, formula.word, of).kind(formula.tree)
