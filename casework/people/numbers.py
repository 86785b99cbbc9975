"""NIK and family card numbers as they are typed: what nobody can have is refused, what is odd is asked once more."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from casework.refusals import Refused
from engine.knowledge.model import Knowledge
from engine.offices import own_office
from engine.population_number import KK, WOMAN, doubts, fault_of, masked, read

_BETWEEN = re.compile(r"[\s.\-]+")


class Doubt(Refused):
    """Something odd about one field that whoever enters it must confirm; `name` is what they confirm by."""

    @property
    def name(self) -> str:
        return f"{self.field}:{self.code}"


class Doubtful(Refused):
    """What was entered may be right, but somebody must say that they looked: `doubts` names what at."""

    def __init__(self, found: Collection[Doubt]) -> None:
        super().__init__("register-doubtful", next(iter(found)).field)
        self.doubts = tuple(found)


class Holder(NamedTuple):
    """What is known of a number's holder elsewhere."""

    birth: date | None = None
    sex: str | None = None


def plain_number(text: str | None) -> str | None:
    """Give a number without the blanks, points and dashes that people put in; None when nothing is left."""
    return _BETWEEN.sub("", text or "") or None


def refuse_fault(number: str, kind: str, field: str) -> None:
    """Raise Refused when nobody can have a number: `register-nik-number-length` and the like."""
    fault = fault_of(number, kind)
    if fault:
        code, details = fault
        raise Refused(f"register-{kind}-{code}", field, **_said(details))


def doubts_about(
    number: str, kind: str, knowledge: Knowledge, day: date, field: str, holder: Holder | None = None
) -> list[Doubt]:
    """Say what to look at once more in a number without a fault.

    A family card of another district, above all of the city of the same name, is a doubt of its own kind: the family
    belongs to another government unless somebody knows better.
    """
    holder = holder or Holder()
    woman = None if holder.sex is None else holder.sex == WOMAN
    found = []
    for code, details in doubts(number, kind, day, holder.birth, woman, home_of(knowledge)):
        if code == "kk-from-elsewhere":
            found.append(_foreign_card(number, knowledge, day, field))
        else:
            found.append(Doubt(f"register-{code}", field, **_said(details)))
    return found


def home_of(knowledge: Knowledge) -> list[str]:
    """Give the regions that the office serves."""
    office = own_office(knowledge)
    return [office.region.text] if office else []


def unless_confirmed(found: Iterable[Doubt], confirmed: Collection[str] | None) -> None:
    """Raise Doubtful when a doubt was not confirmed; None confirms all of them (the caller looked)."""
    open_ = [] if confirmed is None else [doubt for doubt in found if doubt.name not in confirmed]
    if open_:
        raise Doubtful(open_)


def _said(details: Mapping[str, Any]) -> dict[str, Any]:
    return {key: str(value) for key, value in details.items() if key != "kind"}


def _foreign_card(number: str, knowledge: Knowledge, day: date, field: str) -> Doubt:
    region = read(number, KK, day).region
    named = next((knowledge.regions[code] for code in _within(region) if code in knowledge.regions), None)
    if named:
        return Doubt("register-kk-neighbour", field, number=masked(number), region=named.label)
    return Doubt("register-kk-elsewhere", field, number=masked(number))


def _within(region: str) -> list[str]:
    parts = region.split(".")
    return [".".join(parts[:length]) for length in range(len(parts), 1, -1)]
