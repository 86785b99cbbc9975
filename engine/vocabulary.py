"""What each name stands for, and what kind of value a formula or an operand gives.

Facts, parameters, conclusions, services and documents share one space of names (design 3). `check` and
`compile` ask here, so that both understand a name in the same way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from engine import formulas, values
from engine.formulas import Formula, Tree
from engine.model import HOUSEHOLD, PERSON, Concludes, Condition, Fact, Knowledge, Operand, Parameter, Rule
from engine.problems import Problem, closest
from engine.read import Place, Word

KNOWN, PAPER, RECEIVED = "known", "paper", "received"
INPUT_TESTS = {"in hand": PAPER, "is received": RECEIVED, "is not received": RECEIVED}
PREMISE = ("concerns", "when", "unless", "unneeded")
PROVIDED = ("provided",)
ORDERED_KINDS = ("number", "date")
_KIND_OF_TYPE = {"integer": "number", "money": "number", "choice": "text", "region": "text"}


class Kind(NamedTuple):
    """What a value is: boolean, number, date, text or choices; its unit; the fact whose choices it takes."""

    type: str
    unit: str | None = None
    fact: Fact | None = None


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


class Misfit(Exception):
    """A formula that cannot be typed; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


def kind_of_fact(fact: Fact) -> Kind:
    """Give the kind of a fact's values."""
    return Kind(_KIND_OF_TYPE.get(fact.type, fact.type), fact.unit, fact)


def kind_of_parameter(parameter: Parameter) -> Kind:
    """Give the kind of a parameter's values, by what they look like."""

    def leaves(value: Any) -> Iterator[Any]:
        if isinstance(value, tuple):
            for _, inner in value:
                yield from leaves(inner)
        else:
            yield value

    for amount in parameter.values:
        if amount.brackets is not None:
            return Kind("brackets", parameter.unit)
        for leaf in leaves(amount.table if amount.table is not None else amount.value):
            kind = "boolean" if isinstance(leaf, bool) else "date" if isinstance(leaf, date) else "number"
            return Kind(kind, parameter.unit)
    return Kind("number", parameter.unit)


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
        for name, members in formulas.names_in(formula.tree):
            entry = self.look(name.id)
            if entry and entry.sort == "parameter":
                yield from self._keys_of(entry.name, members)
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
        return _Typing(self, formula.word, of).kind(formula.tree)


class _Typing:
    """Types one formula: every name must be visible, every operation must fit."""

    def __init__(self, vocabulary: Vocabulary, word: Word, of: str) -> None:
        self.vocabulary, self.word, self.of = vocabulary, word, of

    def refuse(self, code: str, at: int = 0, width: int = 1, **details: Any) -> Misfit:
        place = self.word.place.inside(at + (not self.word.plain), width) if at else self.word.place
        return Misfit(Problem(code, place, details))

    def kind(self, tree: Tree) -> Kind:
        match tree:
            case formulas.Const(value):
                return Kind(_type_of(value))
            case formulas.Name():
                return self.name(tree)
            case formulas.Minus(item):
                return self.need(item, "number")
            case formulas.Not(item):
                return self.need(item, "boolean")
            case formulas.Logic(_, items):
                for item in items:
                    self.need(item, "boolean")
                return Kind("boolean")
            case formulas.Compare(op, left, right):
                return self.comparison(op, left, right)
            case formulas.Among(item, options, _):
                for option in options:
                    self.same(item, option)
                return Kind("boolean")
            case formulas.Choose(test, then, other):
                self.need(test, "boolean")
                return self.same(then, other)
            case formulas.Arithmetic():
                return self.arithmetic(tree)
        return self.call(tree)

    def need(self, tree: Tree, *types: str) -> Kind:
        kind = self.kind(tree)
        if kind.type not in types:
            raise self.refuse("formula-type", found=kind.type, expected=", ".join(types))
        return kind

    def name(self, tree: formulas.Name) -> Kind:
        if tree.id == "as_of":
            return Kind("date")
        entry = self.vocabulary.look(tree.id)
        if entry is None or entry.sort == "document":
            guess = self.vocabulary.guess(tree.id, ("fact", "conclusion", "service", "parameter"))
            raise self.refuse("unknown-fact", tree.at, len(tree.id), name=tree.id, did_you_mean=guess)
        needed = [entry]
        if entry.sort == "parameter":
            needed = [
                key
                for word in self.vocabulary.knowledge.parameters[tree.id].keys
                if (key := self.vocabulary.look(word.text))
            ]
        for one in needed:
            if one.of == PERSON and self.of == HOUSEHOLD:
                raise self.refuse("wrong-entity", tree.at, len(tree.id), name=one.name)
        if entry.kind.type in ("choices", "brackets"):
            raise self.refuse(
                "formula-type", tree.at, len(tree.id), found=entry.kind.type, expected="number, date, text, boolean"
            )
        return entry.kind

    def comparison(self, op: str, left: Tree, right: Tree) -> Kind:
        if op in ("==", "!="):
            self.same(left, right)
        elif self.kind(left).type not in ORDERED_KINDS:
            raise self.refuse("formula-type", found=self.kind(left).type, expected="number, date")
        else:
            self.same(left, right)
        return Kind("boolean")

    def same(self, left: Tree, right: Tree) -> Kind:
        one, other = self.kind(left), self.kind(right)
        if one.type != other.type:
            raise self.refuse("formula-type", found=other.type, expected=one.type)
        for kind, const in ((one, right), (other, left)):
            if (
                kind.fact
                and kind.fact.type == "choice"
                and isinstance(const, formulas.Const)
                and const.value not in kind.fact.choices
            ):
                details = {"value": const.value, "name": kind.fact.name, "choices": ", ".join(kind.fact.choices)}
                raise self.refuse("not-a-choice", **details)
        if one.unit and other.unit and one.unit != other.unit:
            raise self.refuse("different-units", left=one.unit, right=other.unit)
        return Kind(one.type, one.unit or other.unit, one.fact or other.fact)

    def arithmetic(self, tree: formulas.Arithmetic) -> Kind:
        left, right = self.need(tree.left, "number", "date"), self.need(tree.right, "number", "date")
        dates = (left.type == "date") + (right.type == "date")
        if dates == 0:
            return Kind("number", self.unit_of(tree))
        if dates == 1 and tree.op in "+-" and (left.type == "date" or tree.op == "+"):
            return Kind("date")
        if dates == 2 and tree.op == "-":
            return Kind("number")
        raise self.refuse("formula-type", found="date", expected="number")

    def unit_of(self, tree: Tree) -> str | None:
        """Give a formula's unit: the one money unit among its names (design 5, fine print)."""
        units = set()
        for name, _ in formulas.names_in(tree):
            entry = self.vocabulary.look(name.id)
            if entry and entry.kind.unit and is_money(entry.kind.unit):
                units.add(entry.kind.unit)
        return units.pop() if len(units) == 1 else None

    def call(self, tree: formulas.Call) -> Kind:
        function, args = tree.function, tree.args
        if function in formulas.MEMBER_FUNCTIONS:
            return self.over_members(tree)
        if function in formulas.PARAMETER_FUNCTIONS:
            return self.from_parameter(tree)
        if function.endswith("_between"):
            for arg in args:
                self.need(arg, "date")
            return Kind("number")
        if function in ("min", "max"):
            kind = self.need(args[0], "number", "date")
            for arg in args[1:]:
                kind = self.same(args[0], arg)
            return kind
        return self.need(args[0], "number")

    def over_members(self, tree: formulas.Call) -> Kind:
        if self.of == PERSON:
            raise self.refuse("member-function-here", tree.at, len(tree.function), name=tree.function)
        inner = _Typing(self.vocabulary, self.word, PERSON)
        match tree.function:
            case "sum_of_members":
                return inner.need(tree.args[0], "number")
            case "min_of_members" | "max_of_members":
                return inner.need(tree.args[0], "number", "date")
            case "of_member":
                inner.need(tree.args[0], "boolean")
                return inner.kind(tree.args[1])
        if tree.args:
            inner.need(tree.args[0], "boolean")
        return Kind("number")

    def from_parameter(self, tree: formulas.Call) -> Kind:
        first, *keys = tree.args
        if not isinstance(first, formulas.Name):
            raise self.refuse("formula-type", tree.at, found="formula", expected="parameter")
        parameter = self.vocabulary.knowledge.parameters.get(first.id)
        if parameter is None:
            guess = self.vocabulary.guess(first.id, ("parameter",))
            raise self.refuse("unknown-parameter", first.at, len(first.id), name=first.id, did_you_mean=guess)
        kind = kind_of_parameter(parameter)
        if (kind.type == "brackets") != (tree.function == "brackets"):
            raise self.refuse("formula-type", first.at, len(first.id), found=kind.type, expected=tree.function)
        if tree.function == "brackets":
            self.need(keys[0], "number")
            return Kind("number", parameter.unit)
        if len(keys) != len(parameter.keys):
            raise self.refuse(
                "wrong-number-of-inputs", tree.at, name=first.id, expected=len(parameter.keys), found=len(keys)
            )
        for key, word in zip(keys, parameter.keys, strict=True):
            entry = self.vocabulary.look(word.text)
            if entry:
                self.need(key, entry.kind.type)
        return kind


def is_money(unit: str) -> bool:
    """Say whether a unit is money: `IDR`, `IDR/year`."""
    return unit.split("/")[0] == "IDR"


def period_of(unit: str | None) -> str | None:
    """Give the period of a money unit: `IDR/year` is per year, `IDR` is once."""
    if unit is None or not is_money(unit):
        return None
    return unit.split("/")[1] if "/" in unit else "once"


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, date):
        return "date"
    return "text" if isinstance(value, str) else "number"
