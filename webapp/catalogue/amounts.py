"""What a service gives, in words for anybody: the amounts in force, since when they count, and what is not known.

Nothing is worked out here. Where an amount depends on the family, the page says on what.
"""

from dataclasses import dataclass

from engine.knowledge import formulas
from engine.knowledge.formulas import Arithmetic, Call, Const, Name
from engine.knowledge.model import Component, Operand, Service
from engine.words import Speaker, day, say
from webapp.catalogue.public import Public
from webapp.words import words_in

_SIGNS = {"*": "×", "/": "÷", "+": "+", "-": "−"}


@dataclass(frozen=True)
class Number:
    """A number of the law that is in force: since when, from which source, and whether an officer confirmed it."""

    title: str
    values: tuple[tuple[str, str], ...]
    since: str | None
    source: str | None
    confirmed: bool


@dataclass(frozen=True)
class Part:
    """What is given for one kind of member."""

    title: str
    amount: str
    at_most: str | None
    not_with: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Benefit:
    """What a service gives. `amount` is None where it is not known, or where nothing is counted in money."""

    kind: str
    per: str
    amount: str | None
    in_money: bool
    parts: tuple[Part, ...]
    pay_at_most: str | None
    numbers: tuple[Number, ...]


class Amounts:
    """Says the benefits of services in one language."""

    def __init__(self, public: Public, speaker: Speaker) -> None:
        self._public, self._speaker, self._lang = public, speaker, speaker.lang
        self._in_force = public.plan.amounts.in_force

    def of(self, service: Service) -> Benefit | None:
        """Say what a service gives; None where it gives nothing by itself."""
        benefit = service.benefit
        if benefit is None:
            return None
        return Benefit(
            kind=say("kind", benefit.kind, self._lang),
            per=say("per", benefit.per, self._lang),
            amount=self._reckoned(benefit.amount.tree) if benefit.amount else None,
            in_money=bool(benefit.amount or benefit.kind in ("cash", "goods")),
            parts=tuple(self._part(component) for component in benefit.components),
            pay_at_most=self._count(benefit.pay_at_most),
            numbers=tuple(self._number(name) for name in self._public.parameters_of(service)),
        )

    def _part(self, component: Component) -> Part:
        barred = (word.text for word in component.not_with if word.text in self._public.services)
        return Part(
            title=self._speaker.label(component.member.text),
            amount=self._reckoned(component.amount.tree) or say("say", "unknown", self._lang),
            at_most=self._count(component.at_most),
            not_with=tuple((name, self._speaker.label(name)) for name in barred),
        )

    def _count(self, operand: Operand | None) -> str | None:
        if operand is None:
            return None
        return operand.word.text if operand.word.text.isdigit() else self._value(operand.word.text)

    def _reckoned(self, tree: formulas.Tree) -> str | None:
        """Read a formula aloud; None where it is more than a sum or a product."""
        match tree:
            case Const(value=value):
                return str(value)
            case Name(id=name) if name in self._in_force and not self._public.knowledge.parameters[name].keys:
                return self._value(name)
            case Name(id=name):
                return self._speaker.lower(self._speaker.label(name))
            case Call(function="count_yes_of_members", args=(Name(id=name),)):
                return words_in(self._lang)("cat_count", what=self._speaker.lower(self._speaker.label(name)))
            case Arithmetic(op=op, left=left, right=right) if op in _SIGNS:
                sides = self._reckoned(left), self._reckoned(right)
                return f" {_SIGNS[op]} ".join(sides) if all(sides) else None
        return None

    def _value(self, parameter: str) -> str:
        amount = self._in_force[parameter]
        return self._speaker.value(parameter, amount.value if amount else None)

    def _number(self, name: str) -> Number:
        amount, parameter = self._in_force[name], self._public.knowledge.parameters[name]
        source = amount.source.text.split(" ")[0] if amount and amount.source else None
        return Number(
            title=parameter.label.in_(self._lang),
            values=tuple(self._rows(name, amount.table, ())) if amount and amount.table else (("", self._value(name)),),
            since=day(amount.from_, self._lang) if amount else None,
            source=source if source in self._public.sources else None,
            confirmed=bool(amount and amount.confirmed),
        )

    def _rows(self, parameter: str, table: tuple, under: tuple[str, ...]) -> list[tuple[str, str]]:
        """Lay a table out, one line for each value."""
        facts, rows = self._public.knowledge.facts, []
        key = self._public.knowledge.parameters[parameter].keys[len(under)].text
        for band, inner in table:
            choice = facts[key].choices.get(band.word.text)
            said = (
                *under,
                f"{facts[key].label.in_(self._lang)}: {choice.in_(self._lang) if choice else band.word.text}",
            )
            if isinstance(inner, tuple):
                rows += self._rows(parameter, inner, said)
            else:
                rows.append((", ".join(said), self._speaker.value(parameter, inner)))
        return rows
