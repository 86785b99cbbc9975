"""What kind of value a formula gives: a truth, a number, a date, a text; and in which unit.

Here formulas are typed, before anybody works them out: every name must be visible, every operation must fit.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.knowledge import formulas, values
from engine.knowledge.formulas import Tree
from engine.knowledge.model import HOUSEHOLD, PERSON, Fact, Parameter
from engine.knowledge.problems import Problem
from engine.knowledge.read import Place, Word
from engine.population_number import FORMATS

if TYPE_CHECKING:
    from engine.knowledge.vocabulary import Vocabulary

ORDERED_KINDS = ("number", "date")
_A_PARAMETER = {"id": "nama parameter", "en": "a parameter's name"}
_KIND_OF_TYPE = {"integer": "number", "money": "number", "choice": "text", "region": "text"}


class Kind(NamedTuple):
    """What a value is: boolean, number, date, text or choices; its unit; the fact whose choices it takes."""

    type: str
    unit: str | None = None
    fact: Fact | None = None


class Misfit(Exception):
    """A formula that cannot be typed; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


def kind_of_fact(fact: Fact) -> Kind:
    """Give the kind of a fact's values; a number of population registration is a kind of its own, with nothing to compare."""
    return Kind(fact.format or _KIND_OF_TYPE.get(fact.type, fact.type), fact.unit, fact)


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


def is_money(unit: str) -> bool:
    """Say whether a unit is money: `IDR`, `IDR/year`."""
    return unit.split("/")[0] == "IDR"


def period_of(unit: str | None) -> str | None:
    """Give the period of a money unit: `IDR/year` is per year, `IDR` is once."""
    if unit is None or not is_money(unit):
        return None
    return unit.split("/")[1] if "/" in unit else "once"


class Typing:
    """Types one formula: every name must be visible, every operation must fit."""

    def __init__(self, vocabulary: "Vocabulary", word: Word, of: str) -> None:
        self.vocabulary, self.word, self.of = vocabulary, word, of
        self._kinds: dict[int, Kind] = {}

    def refuse_at(self, tree: Tree, code: str, also: Place | None = None, **details: Any) -> Misfit:
        """Refuse at a name, a value or a function; at the whole formula where the part has no place of its own."""
        match tree:
            case formulas.Name(id=name, at=at) | formulas.Call(function=name, at=at):
                place = self.word.part(at, len(name))
            case formulas.Const(at=at, width=width):
                place = self.word.part(at, width)
            case _:
                place = self.word.place
        return Misfit(Problem(code, place, details, also))

    def misfit(self, tree: Tree, found: Any, expected: Any, also: Place | None = None) -> Misfit:
        """Refuse what is of another type; the second place is where that type is declared."""
        return self.refuse_at(tree, "formula-type", also or self.declared(tree), found=found, expected=expected)

    def declared(self, tree: Tree, unit: str | None = None) -> Place | None:
        """Find where the name that a tree is made of (with a unit: the first that has it) is declared."""
        if unit is None and not isinstance(tree, formulas.Name):
            return None
        entries = (self.vocabulary.look(name.id) for name, _ in formulas.names_in(tree))
        return next((entry.place for entry in entries if entry and unit in (None, entry.kind.unit)), None)

    def kind(self, tree: Tree) -> Kind:
        if id(tree) not in self._kinds:
            self._kinds[id(tree)] = self._kind(tree)
        return self._kinds[id(tree)]

    def _kind(self, tree: Tree) -> Kind:
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
            raise self.misfit(tree, shown(kind), ", ".join(types))
        return kind

    def name(self, tree: formulas.Name) -> Kind:
        if tree.id == "as_of":
            return Kind("date")
        entry = self.vocabulary.look(tree.id)
        if entry is None or entry.sort == "document":
            guess = self.vocabulary.guess(tree.id, ("fact", "conclusion", "service", "parameter"))
            raise self.refuse_at(tree, "unknown-fact", name=tree.id, did_you_mean=guess)
        needed = [entry]
        if entry.sort == "parameter":
            needed = [
                key
                for word in self.vocabulary.knowledge.parameters[tree.id].keys
                if (key := self.vocabulary.look(word.text))
            ]
        for one in needed:
            if one.of == PERSON and self.of == HOUSEHOLD:
                raise self.refuse_at(tree, "wrong-entity", one.place, name=one.name)
        if entry.kind.type in ("choices", "brackets", *FORMATS):
            raise self.misfit(tree, entry.kind.type, "number, date, text, boolean")
        return entry.kind

    def comparison(self, op: str, left: Tree, right: Tree) -> Kind:
        if op in ("==", "!="):
            self.same(left, right)
        elif self.kind(left).type not in ORDERED_KINDS:
            raise self.misfit(left, shown(self.kind(left)), "number, date")
        else:
            self.same(left, right)
        return Kind("boolean")

    def same(self, left: Tree, right: Tree) -> Kind:
        one, other = self.kind(left), self.kind(right)
        if one.type != other.type or (one.type == "text" and not _alike(one.fact, other.fact)):
            raise self.misfit(right, shown(other), shown(one))
        for kind, const in ((one, right), (other, left)):
            if kind.fact and isinstance(const, formulas.Const):
                self.fitting(kind.fact, const)
        if one.unit and other.unit and one.unit != other.unit:
            also = self.declared(right, other.unit)
            raise self.refuse_at(right, "different-units", also, left=one.unit, right=other.unit)
        return Kind(one.type, one.unit or other.unit, one.fact or other.fact)

    def fitting(self, fact: Fact, const: formulas.Const) -> None:
        """Refuse a written choice or region that the fact cannot have."""
        if fact.type not in ("choice", "region") or not isinstance(const.value, str):
            return
        word = Word(const.value, self.word.part(const.at, const.width))
        try:
            values.literal(fact.type, word, fact, self.vocabulary.knowledge.regions)
        except values.BadValue as bad:
            raise Misfit(replace(bad.problem, also=fact.place)) from None

    def giving(self, tree: Tree, fact: Fact) -> None:
        """Refuse a formula that can give a choice or region which its fact cannot have."""
        match tree:
            case formulas.Choose(_, then, other):
                self.giving(then, fact)
                self.giving(other, fact)
            case formulas.Call("of_member", (_, value)):
                self.giving(value, fact)
            case formulas.Const():
                self.fitting(fact, tree)
            case _:
                source = self.kind(tree).fact
                strange = [one for one in source.choices if one not in fact.choices] if source and fact.choices else []
                if source and (not _alike(source, fact) or strange):
                    raise self.misfit(
                        tree, strange[0] if strange else source.type, ", ".join(fact.choices) or fact.type
                    )

    def arithmetic(self, tree: formulas.Arithmetic) -> Kind:
        left, right = self.need(tree.left, "number", "date"), self.need(tree.right, "number", "date")
        dates = (left.type == "date") + (right.type == "date")
        if dates == 0:
            return Kind("number", self.unit_of(tree))
        if dates == 1 and tree.op in "+-" and (left.type == "date" or tree.op == "+"):
            return Kind("date")
        if dates == 2 and tree.op == "-":
            return Kind("number")
        raise self.misfit(tree.right if right.type == "date" else tree.left, "date", "number")

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
            raise self.refuse_at(tree, "member-function-here", name=tree.function)
        inner = Typing(self.vocabulary, self.word, PERSON)
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
            raise self.misfit(tree, {"id": "rumus", "en": "a formula"}, _A_PARAMETER)
        parameter = self.parameter(first)
        kind = kind_of_parameter(parameter)
        if (kind.type == "brackets") != (tree.function == "brackets"):
            raise self.misfit(first, kind.type, "brackets" if tree.function == "brackets" else "table")
        if tree.function == "brackets":
            self.need(keys[0], "number")
            return Kind("number", parameter.unit)
        if len(keys) != len(parameter.keys):
            raise self.refuse_at(
                tree, "wrong-number-of-inputs", name=first.id, expected=len(parameter.keys), found=len(keys)
            )
        for key, word in zip(keys, parameter.keys, strict=True):
            entry = self.vocabulary.look(word.text)
            if entry:
                self.fitting_key(key, entry.kind)
        return kind

    def parameter(self, name: formulas.Name) -> Parameter:
        """Give the parameter that a name stands for where only a parameter may stand."""
        found = self.vocabulary.knowledge.parameters.get(name.id)
        if found is None and (entry := self.vocabulary.look(name.id)):
            raise self.misfit(name, shown(entry.kind), _A_PARAMETER)
        if found is None:
            guess = self.vocabulary.guess(name.id, ("parameter",))
            raise self.refuse_at(name, "unknown-parameter", name=name.id, did_you_mean=guess)
        return found

    def fitting_key(self, key: Tree, wanted: Kind) -> None:
        """Refuse what a table is looked up by when its rows are about something else."""
        found = self.need(key, wanted.type)
        if wanted.type == "text" and not _alike(found.fact, wanted.fact):
            raise self.misfit(key, shown(found), shown(wanted))
        if wanted.fact and isinstance(key, formulas.Const):
            self.fitting(wanted.fact, key)


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, date):
        return "date"
    return "text" if isinstance(value, str) else "number"


def _alike(one: Fact | None, other: Fact | None) -> bool:
    """Say whether two texts can be the same: a choice is never a region."""
    return one is None or other is None or one.type == other.type or "text" in (one.type, other.type)


def shown(kind: Kind) -> str:
    """Name a kind as an officer writes it: the type of a fact where it is a fact's."""
    return kind.fact.type if kind.type == "text" and kind.fact else kind.type
