"""Knowledge and households made up at random, for properties that must hold of any knowledge.

A `Case` is named by a seed and a `Size`, so a failing example is one short line, means the same in every
process and under every `PYTHONHASHSEED`, and shrinks by its sizes. From these come

* `case.tables`: an edition as plain data, correct by construction (`case.knowledge` asserts that `check` finds
  no error in it). Names are made one after another and read only names made before, which is why no circle
  can arise and why there are many strata;
* `case.files(layout)`: the same edition as YAML texts by path, its rules, tables and files in the order that
  `layout` shuffles, so the whole way read -> parse -> check -> compile is taken;
* `case.told`: some households as plain data, as a household file would hold them, and `case.households`, the
  same as the engine reads them.

Numbers are whole or quarters, so that sums do not depend on the order of members; whatever divides is kept
out of sums over members.
"""

import hashlib
import json
import os
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import yaml
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from engine.diagnosis import Office
from engine.household import Given, Household
from engine.household_files import household_of
from engine.knowledge import check, parse
from engine.knowledge.model import Knowledge
from engine.knowledge.read import edition_of, from_plain, read_text
from engine.knowledge.vocabulary import PAPER, RECEIVED
from engine.meaning import INPUT_KEYS
from engine.present import as_json

HOUSEHOLD, PERSON = "household", "person"
TYPES = ("boolean", "integer", "number", "money", "date", "choice", "choices", "region", "text")
NUMBERS = ("integer", "number", "money")
CHOICES = ("soil", "cement", "tile")
TEXTS = ("alpha", "beta")
REGIONS = {"35.06": None, "35.06.01": "35.06", "35.06.02": "35.06", "35.78": None}
DATES = ("1950-01-31", "1966-03-01", "1980-02-29", "2004-07-15", "2015-12-31", "2024-01-01", "2025-06-30")
CHANGES = (date(2024, 1, 1), date(2025, 1, 1), date(2025, 7, 1), date(2026, 1, 1))
DAYS = tuple(day + timedelta(days=shift) for day in CHANGES for shift in (-1, 0, 40))
TODAY = date(2025, 3, 1)
EVIDENCE = {
    "presumed": 0.3,
    "nothing": 0.0,
    "hearsay": 0.15,
    "self_declared": 0.6,
    "rt_rw": 0.75,
    "field_visit": 0.95,
    "registry": 1.0,
}
CERTAINTIES = (-1, -0.95, -0.6, -0.4, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.9, 1)
AGAINST = (-1, -0.8, -0.5, -0.3, -0.2, 0)
PERIODS = {"IDR": "once", "IDR/year": "year", "IDR/month": "month"}
QUANTIFIERS = ("any member", "every member", "no member", "at least", "at most", "exactly")


class Dice(random.Random):
    """A random generator that is seeded by words, the same in every process."""

    def __init__(self, *words: Any) -> None:
        super().__init__("/".join(map(str, words)))

    def chance(self, share: float) -> bool:
        """Say yes in this share of throws."""
        return self.random() < share

    def some(self, things: Sequence, fewest: int, most: int) -> list:
        """Pick different things, at least *fewest* if there are so many."""
        return self.sample(things, min(len(things), self.randint(fewest, most)))


@dataclass(frozen=True)
class Size:
    """How much of everything a case holds."""

    inputs: int = 12
    parameters: int = 7
    derived: int = 6
    ideas: int = 6
    services: int = 4
    members: int = 4
    households: int = 2


@dataclass(frozen=True)
class Thing:
    """A name that rules and formulas may read."""

    name: str
    sort: str
    of: str | None
    type: str
    unit: str | None = None
    keys: tuple["Thing", ...] = ()
    low: str | None = None

    @property
    def kind(self) -> str:
        return "number" if self.type in NUMBERS else "text" if self.type in ("choice", "region") else self.type

    def seen_by(self, about: str) -> bool:
        """Say whether a rule or formula about a household or a person sees this name as it is."""
        return about == PERSON or (self.of != PERSON and all(key.of != PERSON for key in self.keys))


def text_of(name: str) -> dict[str, str]:
    """Give a text for people."""
    return {"id": f"Tentang {name}", "en": f"About {name}"}


def value_of(dice: Dice, kind: str) -> Any:
    """Give a value of a type, one of few, so that values often meet their limits exactly."""
    match kind:
        case "boolean":
            return dice.choice((True, False))
        case "integer":
            return dice.randint(0, 8)
        case "number":
            return dice.randint(0, 20) / 4
        case "money":
            return dice.randint(0, 8) * 250_000
        case "date":
            return dice.choice(DATES)
        case "choice":
            return dice.choice(CHOICES)
        case "choices":
            return dice.some(CHOICES, 0, 3)
        case "region":
            return dice.choice((*REGIONS, "35.06.01.2003"))
    return dice.choice(TEXTS)


def written(value: Any) -> str:
    """Write a value as phrases and formulas write it."""
    return (
        ("yes" if value else "no")
        if isinstance(value, bool)
        else f"{value:_}"
        if isinstance(value, int)
        else str(value)
    )


class Formulas:
    """Makes up formulas of a wanted kind, about a household or a person, out of the names made so far.

    `divides` allows what gives numbers that floats cannot hold exactly.
    """

    def __init__(self, dice: Dice, things: Sequence[Thing], about: str, divides: bool = True) -> None:
        self.dice, self.things, self.about, self.divides = dice, things, about, divides

    def make(self, kind: str, depth: int = 3) -> str:
        """Make a formula of kind boolean, number, date or text."""
        return {"boolean": self.truth, "number": self.number, "date": self.day, "text": self.text}[kind](depth)

    def name(self, *types: str) -> str | None:
        """Pick a visible name of one of these types; newer names are likelier, which makes for depth."""
        fitting = [t for t in self.things if t.type in types and t.sort != "document" and t.seen_by(self.about)]
        return self.dice.choice(fitting[-8:] if self.dice.chance(0.5) else fitting).name if fitting else None

    def of_members(self) -> "Formulas":
        """Give the maker of what stands inside a member function."""
        return Formulas(self.dice, self.things, PERSON, divides=False)

    def number(self, depth: int) -> str:
        dice = self.dice
        if depth <= 0 or dice.chance(0.25):
            return self.name(*NUMBERS) or str(dice.randint(0, 8))
        if self.about == HOUSEHOLD and dice.chance(0.45):
            return self.over_members(depth)
        match dice.randint(0, 9):
            case 0:
                return str(dice.choice((0, 1, 2, 2.5, 500_000)))
            case 1 | 2:
                operators = ("+", "-", "*", "//", "%", "/") if self.divides else ("+", "-")
                return f"({self.number(depth - 1)} {dice.choice(operators)} {self.number(depth - 1)})"
            case 3:
                return f"{dice.choice(('min', 'max'))}({self.number(depth - 1)}, {self.number(depth - 1)})"
            case 4:
                return f"{dice.choice(('abs', 'round', 'floor', 'ceil', '-'))}({self.number(depth - 1)})"
            case 5:
                return (
                    f"{dice.choice(('years', 'months', 'days'))}_between({self.day(depth - 1)}, {self.day(depth - 1)})"
                )
            case 6:
                return f"({self.number(depth - 1)} if {self.truth(depth - 1)} else {self.number(depth - 1)})"
            case 7:
                return f"({self.day(depth - 1)} - {self.day(depth - 1)})"
        return self.from_parameter(depth)

    def from_parameter(self, depth: int) -> str:
        """Look up a table or a scale; without one, a plain number."""
        tables = [t for t in self.things if t.sort == "parameter" and t.keys and t.kind == "number"]
        scales = [t for t in self.things if t.type == "brackets"]
        if tables and self.dice.chance(0.6):
            table = self.dice.choice(tables)
            keys = [self.key(key, depth) for key in table.keys]
            return f"lookup({table.name}, {', '.join(keys)})"
        if scales and self.divides:
            return f"brackets({self.dice.choice(scales).name}, {self.number(depth - 1)})"
        return self.number(depth - 1)

    def key(self, key: Thing, depth: int) -> str:
        if key.seen_by(self.about) and self.dice.chance(0.6):
            return key.name
        return f"'{self.dice.choice(tuple(REGIONS))}'" if key.type == "region" else self.make(key.kind, depth - 1)

    def over_members(self, depth: int) -> str:
        inner = self.of_members()
        match self.dice.randint(0, 5):
            case 0:
                return "count_of_members()"
            case 1:
                return f"count_of_members({inner.truth(depth - 1)})"
            case 2:
                return f"count_yes_of_members({inner.truth(depth - 1)})"
            case 3:
                return f"of_member({inner.truth(depth - 1)}, {inner.number(depth - 1)})"
        return f"{self.dice.choice(('sum', 'min', 'max'))}_of_members({inner.number(depth - 1)})"

    def truth(self, depth: int) -> str:
        dice = self.dice
        if depth <= 0 or dice.chance(0.25):
            return self.name("boolean") or dice.choice(("true", "false"))
        match dice.randint(0, 7):
            case 0 | 1:
                sign = dice.choice(("<", "<=", ">", ">=", "==", "!="))
                return f"{self.number(depth - 1)} {sign} {self.number(depth - 1)}"
            case 2:
                return f"{dice.randint(0, 3)} <= {self.number(depth - 1)} < {dice.randint(3, 9)}"
            case 3:
                return f"(({self.truth(depth - 1)}) {dice.choice(('and', 'or'))} ({self.truth(depth - 1)}))"
            case 4:
                return f"not ({self.truth(depth - 1)})"
            case 5:
                name = self.name("choice")
                options = ", ".join(f"'{one}'" for one in dice.some(CHOICES, 1, 2))
                return f"{name} {dice.choice(('in', 'not in'))} [{options}]" if name else self.truth(depth - 1)
            case 6:
                name = self.name("choice")
                return f"{name} {dice.choice(('==', '!='))} '{dice.choice(CHOICES)}'" if name else self.truth(depth - 1)
        return f"{self.day(depth - 1)} {dice.choice(('<', '>='))} {self.day(depth - 1)}"

    def day(self, depth: int) -> str:
        dice = self.dice
        if depth <= 0 or dice.chance(0.5):
            return self.name("date") or "as_of"
        match dice.randint(0, 5):
            case 0:
                return "as_of"
            case 1:
                return f"'{dice.choice(DATES)}'"
            case 2:
                return f"({self.day(depth - 1)} {dice.choice('+-')} {dice.randint(0, 400)})"
            case 3:
                return f"({self.day(depth - 1)} if {self.truth(depth - 1)} else {self.day(depth - 1)})"
            case 4 if self.about == HOUSEHOLD:
                return f"{dice.choice(('min', 'max'))}_of_members({self.of_members().day(depth - 1)})"
        return f"{dice.choice(('min', 'max'))}({self.day(depth - 1)}, {self.day(depth - 1)})"

    def text(self, depth: int) -> str:
        choice = self.dice.choice
        if depth <= 0 or self.dice.chance(0.4):
            return self.name("choice") or f"'{choice(CHOICES)}'"
        return f"('{choice(CHOICES)}' if {self.truth(depth - 1)} else {self.text(depth - 1)})"


class Conditions:
    """Makes up lines of rules, `{name: phrase}`, out of the names made so far."""

    def __init__(self, dice: Dice, things: Sequence[Thing], about: str) -> None:
        self.dice, self.about = dice, about
        self.things = things
        self.readable = [t for t in things if t.sort != "parameter"]

    def lines(self, fewest: int, most: int) -> list[dict[str, str]]:
        return [self.line() for _ in range(self.dice.randint(fewest, most))]

    def line(self) -> dict[str, str]:
        thing = self.dice.choice(self.readable[-10:] if self.dice.chance(0.5) else self.readable)
        if thing.sort == "document" and self.about == HOUSEHOLD:
            return {thing.name: "in hand" if self.dice.chance(0.7) else f"{self.members()} in hand"}
        if self.about == PERSON or thing.of != PERSON:
            return {thing.name: self.value_phrase(thing, self.about)}
        phrase = self.value_phrase(thing, PERSON)
        return {thing.name: self.members() if phrase == "yes" else f"{self.members()} {phrase}"}

    def members(self) -> str:
        quantifier = self.dice.choice(QUANTIFIERS)
        return quantifier if quantifier.endswith("member") else f"{quantifier} {self.number_of_members()} members"

    def number_of_members(self) -> str:
        return self.dice.choice([*map(str, range(5)), *(t.name for t in self.things if t.type == "count")])

    def value_phrase(self, thing: Thing, about: str) -> str:
        dice = self.dice
        if thing.sort == "document":
            return "in hand"
        if thing.sort == "service" and dice.chance(0.4):
            return dice.choice(("is received", "is not received"))
        if thing.sort in ("fact", "computed") and dice.chance(0.12):
            return dice.choice(("is known", "is unknown"))
        match thing.kind:
            case "boolean":
                return dice.choice(("yes", "yes", "no"))
            case "choices":
                return dice.choice(("includes soil", "includes tile", "includes none of cement, tile"))
            case "text":
                return self.text_phrase(thing, about)
        test = dice.choice(("at least", "at most", "above", "below", "between", "is", "is not", "is one of"))
        if test == "between":
            ends = [self.limit(thing, about) for _ in range(2)]
            # Two values stand in their order; a name is known to be more or less only on a day.
            if not any(end[0].isalpha() or "%" in end for end in ends):
                ends.sort(key=lambda end: end if thing.kind == "date" else float(end))
            return f"between {ends[0]} and {ends[1]}"
        if test == "is one of":
            return f"is one of {self.literal(thing)}, {self.literal(thing)}"
        return f"{test} {self.limit(thing, about)}"

    def text_phrase(self, thing: Thing, about: str) -> str:
        dice = self.dice
        if thing.type == "region" and dice.chance(0.7):
            return f"is within {dice.choice(tuple(REGIONS))}"
        test = dice.choice(("is", "is not", "is one of", "is none of"))
        if test in ("is", "is not"):
            others = [t.name for t in self.readable if t.type == thing.type and t.sort == "fact" and t.seen_by(about)]
            return f"{test} {dice.choice(others) if others and dice.chance(0.4) else value_of(dice, thing.type)}"
        return f"{test} {', '.join(value_of(dice, thing.type) for _ in range(2))}"

    def literal(self, thing: Thing) -> str:
        return written(value_of(self.dice, thing.type))

    def limit(self, thing: Thing, about: str) -> str:
        """Give what a number or date is compared with: a literal, a fact, a parameter, a share of one."""
        fitting = [
            t
            for t in self.things
            if t.sort in ("fact", "computed", "parameter")
            and t.kind == thing.kind
            and t.seen_by(about)
            and (t.unit is None or thing.unit is None or t.unit == thing.unit)
        ]
        if not fitting or self.dice.chance(0.4):
            return self.literal(thing)
        name = self.dice.choice(fitting).name
        if thing.kind == "number" and self.dice.chance(0.3):
            return f"{self.dice.choice((50, 80, 100, 12.5))}% of {name}"
        return name


class Maker:
    """Makes up one edition."""

    def __init__(self, seed: int, size: Size) -> None:
        self.seed, self.size = seed, size
        self.things: list[Thing] = []
        self.documents = [f"paper_{number}" for number in range(3)]
        self.tables: dict[str, Any] = {
            "facts": {},
            "evidence": {name: {"certainty": c, "name": text_of(name)} for name, c in EVIDENCE.items()},
            "default_evidence": "self_declared",
            "sources": {"law": {"title": "A law", "kind": "regulation", "status": "in_force", "seen": "known"}},
            "regions": {code: {"name": code} | ({"within": up} if up else {}) for code, up in REGIONS.items()},
            "programs": {
                name: {"name": text_of(name), "activities": {f"{name}_act": {"name": text_of(name)}}}
                for name in ("prog_a", "prog_b")
            },
            "documents": {name: {"name": text_of(name)} for name in self.documents},
            "steps": {name: {"name": text_of(name)} for name in ("step_0", "step_1", "step_2")},
            "exclusivity": {f"one_per_{who}": {"name": text_of(who), "one_per": who} for who in (PERSON, HOUSEHOLD)},
            "parameters": {},
            "conclusions": {},
            "categories": {},
            "services": {},
            "rules": [],
        }

    def make(self) -> dict[str, Any]:
        """Make everything, in an order in which each name reads only earlier ones."""
        for number in range(self.size.inputs):
            self.add_input(number)
        for number in range(self.size.parameters):
            self.add_parameter(number)
        self.things += [Thing(name, "document", PERSON, "boolean") for name in self.documents]
        names = [(self.add_derived, n) for n in range(self.size.derived)]
        names += [(self.add_idea, n) for n in range(self.size.ideas)]
        names += [(self.add_service, n) for n in range(self.size.services)]
        Dice(self.seed, "order").shuffle(names)
        for add, number in names:
            add(number)
        for name in self.tables["services"]:
            self.add_needs(name)
        self.add_exclusions()
        return self.tables

    def add_input(self, number: int) -> None:
        dice = Dice(self.seed, "input", number)
        of = dice.choice((HOUSEHOLD, PERSON))
        kind = "boolean" if number < 2 or dice.chance(0.3) else dice.choice(TYPES)
        self.add_fact(dice, f"{of[0]}_{kind}_{number}", of, kind)

    def add_fact(self, dice: Dice, name: str, of: str, kind: str) -> dict[str, Any]:
        """Add an input; it may be presumed, and known to officers only."""
        fact = self.tables["facts"][name] = {"of": of, "type": kind, "label": text_of(name), "question": text_of(name)}
        if kind in ("choice", "choices"):
            fact["choices"] = {one: text_of(one) for one in CHOICES}
        if dice.chance(0.3):
            fact["presume"] = value_of(dice, kind)
        if dice.chance(0.4):
            fact["answered_by"] = dice.choice(("applicant", "officer", "registry"))
        if dice.chance(0.4):
            fact["verified_by"] = dice.some(("rt_rw", "field_visit", "registry"), 1, 2)
        if dice.chance(0.1):
            fact["sensitive"] = dice.choice(("personal", "specific", "officer_only"))
        if kind == "integer" and dice.chance(0.5):
            fact["range"] = "0 to 20"
        self.things.append(Thing(name, "fact", of, kind, "IDR" if kind == "money" else None))
        return fact

    def add_parameter(self, number: int) -> None:
        dice = Dice(self.seed, "parameter", number)
        name = f"limit_{number}"
        sort = dice.choice(("number", "money", "date", "boolean", "count", "brackets", "table", "table", "table"))
        keys = self.keys(dice) if sort == "table" else []
        if sort == "table" and not keys:
            sort = "number"
        unit = {"money": "IDR", "table": dice.choice((None, "IDR"))}.get(sort)
        values = []
        for start, until in self.spans(dice, dice.randint(1, 2)):
            span = {"from": start or date(2020, 1, 1)} | ({"until": until} if until else {})
            values.append(span | self.amount(dice, sort, keys) | {"source": "law", "confirmed": dice.chance(0.5)})
        parameter = {"name": text_of(name), "values": values}
        if unit:
            parameter["unit"] = unit
        if keys:
            parameter["keys"] = [key.name for key in keys]
        self.tables["parameters"][name] = parameter
        type_ = {"table": "number"}.get(sort, sort)
        self.things.append(Thing(name, "parameter", None, type_, unit, tuple(keys)))

    def keys(self, dice: Dice) -> list[Thing]:
        fitting = [
            t
            for t in self.things
            if t.sort == "fact" and t.type in ("boolean", "integer", "choice", "number", "region")
        ]
        return dice.some(fitting, 1, 2)

    def amount(self, dice: Dice, sort: str, keys: list[Thing]) -> dict[str, Any]:
        match sort:
            case "table":
                return {"table": self.table(dice, keys)}
            case "brackets":
                return {
                    "brackets": [
                        {"above": above, "rate": rate} for above, rate in ((0, 0), (2, 0.5), (1_000_000, 0.125))
                    ]
                }
            case "count":
                return {"value": dice.randint(0, 4)}
        return {"value": value_of(dice, sort)}

    def table(self, dice: Dice, keys: list[Thing]) -> dict[str, Any]:
        first, *rest = keys
        if first.kind == "number" and dice.chance(0.6):
            rows = ["at least 0", "at least 2", "above 4.5", "at most 1"][: dice.randint(2, 4)]
        else:
            rows = list(dict.fromkeys(written(value_of(dice, first.type)) for _ in range(4)))
        return {row: self.table(dice, rest) if rest else value_of(dice, "integer") for row in rows}

    def spans(self, dice: Dice, number: int) -> list[tuple[date | None, date | None]]:
        """Split time into stretches that do not overlap, sometimes with a gap, sometimes all of it out of force."""
        if number == 1:
            start, until = sorted(dice.sample(CHANGES, 2))
            return [(start if dice.chance(0.25) else None, until if dice.chance(0.25) else None)]
        one, other = sorted(dice.sample(CHANGES, 2))
        gap = timedelta(days=dice.choice((1, 1, 60)))
        return [(None, one - timedelta(days=1)), (one - timedelta(days=1) + gap, other if dice.chance(0.5) else None)]

    def add_derived(self, number: int) -> None:
        """Add a computed fact, or one that is asked only if a formula holds."""
        dice = Dice(self.seed, "derived", number)
        of = dice.choice((HOUSEHOLD, PERSON))
        formulas = Formulas(dice, self.things, of)
        if dice.chance(0.35):
            kind = dice.choice(("boolean", "integer", "choice", "money"))
            condition = formulas.truth(2)
            fact = self.add_fact(dice, f"{of[0]}_asked_{number}", of, kind)
            fact |= {"only_if": condition, "else": value_of(dice, kind)}
            return
        kind = dice.choice(("boolean", "integer", "number", "money", "date", "choice"))
        name = f"{of[0]}_worked_{number}"
        formula = formulas.make("number" if kind in NUMBERS else "text" if kind == "choice" else kind)
        self.tables["facts"][name] = {"of": of, "type": kind, "label": text_of(name), "computed": formula}
        if kind == "choice":
            self.tables["facts"][name]["choices"] = {one: text_of(one) for one in CHOICES}
        self.things.append(Thing(name, "computed", of, kind, "IDR" if kind == "money" else None))

    def add_idea(self, number: int) -> None:
        dice = Dice(self.seed, "idea", number)
        about, name = dice.choice((HOUSEHOLD, PERSON)), f"idea_{number}"
        shelf = self.tables["categories" if dice.chance(0.3) else "conclusions"]
        shelf[name] = {"about": about, "name": text_of(name), "officer_only": dice.chance(0.05)}
        self.add_rules(dice, name, about, is_service=False)
        self.things.append(Thing(name, "conclusion", about, "boolean"))

    def add_service(self, number: int) -> None:
        dice = Dice(self.seed, "service", number)
        about, name, program = dice.choice((HOUSEHOLD, PERSON)), f"service_{number}", dice.choice(("prog_a", "prog_b"))
        service = {
            "program": program,
            "name": text_of(name),
            "for": about,
            "duty": dice.chance(0.15),
            "confirmed": dice.chance(0.5),
        }
        if dice.chance(0.6):
            service["activity"] = f"{program}_act"
        if dice.chance(0.2):
            service["applicants"] = dice.some(("family", "group", "finder"), 1, 2)
        ideas = [t for t in self.things if t.sort == "conclusion" and t.seen_by(about)]
        if ideas and dice.chance(0.3):
            service["priority"] = dice.choice(ideas).name
        if dice.chance(0.8):
            service["benefit"] = self.benefit(dice, about)
        self.tables["services"][name] = service
        self.add_rules(dice, name, about, is_service=True)
        self.things.append(Thing(name, "service", about, "boolean"))

    def benefit(self, dice: Dice, about: str) -> dict[str, Any]:
        benefit: dict[str, Any] = {"kind": dice.choice(("cash", "cash", "goods", "service"))}
        members = [t.name for t in self.things if t.sort == "conclusion" and t.of == PERSON]
        if about == HOUSEHOLD and members and dice.chance(0.7):
            benefit["per"] = "once"
            benefit["components"] = {
                f"part_{n}": {"member": dice.choice(members), "amount": self.money(dice, PERSON)}
                | ({"at_most": self.most(dice)} if dice.chance(0.5) else {})
                | (
                    {"not_with": dice.some(list(self.tables["services"]), 1, 2)}
                    if self.tables["services"] and dice.chance(0.4)
                    else {}
                )
                for n in range(dice.randint(1, 3))
            }
            if dice.chance(0.5):
                benefit["pay_at_most"] = self.most(dice)
        else:
            benefit |= {"per": "once", "amount": self.money(dice, about)}
        return benefit

    def most(self, dice: Dice) -> str:
        return dice.choice(["1", "2", "3", *(t.name for t in self.things if t.type == "count")])

    def money(self, dice: Dice, about: str) -> str:
        formulas = Formulas(dice, self.things, about, divides=False)
        pay = str(dice.randint(1, 6) * 100_000)
        return dice.choice(
            (pay, pay, f"abs({formulas.name(*NUMBERS) or pay})", f"({pay} if {formulas.truth(1)} else 50000)")
        )

    def add_rules(self, dice: Dice, name: str, about: str, is_service: bool) -> None:
        """Add what decides a conclusion, or the evidence for and against it; sometimes nothing."""
        if dice.chance(0.05):
            return
        if dice.chance(0.7 if is_service else 0.35):
            for span in self.spans(dice, dice.choice((1, 1, 1, 2))):
                self.add_rule(dice, about, {"decides": name}, span, is_service)
            return
        for _ in range(dice.randint(1, 4)):
            span = self.spans(dice, 1)[0] if dice.chance(0.2) else (None, None)
            effect: dict[str, Any] = {"then": name}
            if dice.chance(0.4):
                effect["basis"] = dice.choice(("eyes", "papers"))
            if dice.chance(0.25):
                effect |= self.grades(dice, about)
            else:
                effect["certainty"] = dice.choice(CERTAINTIES) if dice.chance(0.8) else round(dice.uniform(-1, 1), 3)
                if dice.chance(0.5):
                    effect["otherwise"] = dice.choice(AGAINST)
            self.add_rule(dice, about, effect, span, False)

    def grades(self, dice: Dice, about: str) -> dict[str, Any]:
        lines = Conditions(dice, self.things, about).lines(1, 5)
        hits = sorted(dice.sample(range(1, len(lines) + 1), dice.randint(1, len(lines))))
        steps = dict(zip(hits, sorted(dice.sample((0.15, 0.25, 0.4, 0.6, 0.8, 0.95, 1), len(hits))), strict=True))
        return {"count of": lines, "grades": ({0: dice.choice((-0.8, -0.3, 0.1))} if dice.chance(0.6) else {}) | steps}

    def add_rule(self, dice: Dice, about: str, effect: dict[str, Any], span: tuple, is_service: bool) -> None:
        number = len(self.tables["rules"])
        id_ = f"{dice.choice('Rrz')}{dice.choice(('-', ' ', '_'))}{number}"
        rule = {"id": id_, "title": text_of(id_), "about": about, **effect, "source": "law"}
        rule |= self.blocks(dice, about, is_service)
        for key, day in zip(("from", "until"), span, strict=True):
            if day:
                rule[key] = day
        if dice.chance(0.3) and (told := self.told_by(rule)):
            rule["because"] = {"id": f"Karena {{{dice.choice(told)}}}", "en": "Because"}
        self.tables["rules"].append(rule)

    def told_by(self, rule: dict[str, Any]) -> list[str]:
        """List the names that a rule's sentence may tell: those its own lines read, and not of members."""
        lines = [line for block in rule.values() if isinstance(block, list) for line in block if isinstance(line, dict)]
        names = [name for line in lines for name, phrase in line.items() if "member" not in phrase]
        return sorted(set(names) - set(self.documents))

    def blocks(self, dice: Dice, about: str, is_service: bool) -> dict[str, Any]:
        conditions = Conditions(dice, self.things, about)
        labels = dice.some(("when all", "when any", "when at least", "unless any"), 0 if dice.chance(0.1) else 1, 2)
        if is_service:
            labels += [label for label in ("concerns all", "unneeded any", "provided all") if dice.chance(0.3)]
        found = {}
        for label in labels:
            lines = conditions.lines(1, 3)
            if label == "when at least":
                counts = [*map(str, range(1, len(lines) + 1)), *(t.name for t in self.things if t.type == "count")]
                label = f"when at least {dice.choice(counts)} of"
            found[label] = lines
        return found

    def add_needs(self, service: str) -> None:
        """Add rules that ask for papers and rules that name steps."""
        dice = Dice(self.seed, "needs", service)
        for effect, listed in (("requires", self.documents), ("follow", list(self.tables["steps"]))):
            for _ in range(dice.randint(0, 2)):
                about = PERSON if dice.chance(0.4) else self.tables["services"][service]["for"]
                what: dict[str, Any] = {"for": service, effect: dice.some(listed, 1, 2)}
                if effect == "requires" and dice.chance(0.5):
                    what["before"] = dice.choice(("proposal", "payment", "later"))
                self.add_rule(dice, about, what, (None, None), False)

    def add_exclusions(self) -> None:
        names = list(self.tables["services"])
        dice = Dice(self.seed, "exclusions")
        allowed = set()
        for name in names:
            service, others = self.tables["services"][name], [other for other in names if other != name]
            if dice.chance(0.5):
                service["exclusive"] = dice.some(list(self.tables["exclusivity"]), 1, 2)
            if others and dice.chance(0.3):
                service["may_combine"] = [dice.choice(others)]
                allowed |= {(name, service["may_combine"][0]), (service["may_combine"][0], name)}
        for name in names:
            others = [other for other in names if other != name and (name, other) not in allowed]
            if others and dice.chance(0.4):
                self.tables["services"][name]["not_with"] = [dice.choice(others)]


class Teller:
    """Makes up what a household tells, against one edition."""

    def __init__(self, seed: int, size: Size, tables: dict[str, Any]) -> None:
        self.seed, self.size, self.tables = seed, size, tables

    def tell(self, number: int) -> dict[str, Any]:
        """Tell one household, as a file would hold it."""
        dice = Dice(self.seed, "household", number)
        # How much is known at all: a first visit, most of it, everything.
        known = dice.choice((0.3, 0.6, 0.85, 1.0))
        names = dice.sample([f"m{n}" for n in range(1, 13)], min(12, dice.randint(0, self.size.members)))
        told = {
            "id": f"home-{number}",
            "applicant": dice.choice(("family",) * 6 + ("group", "finder")),
            "as_of": dice.choice(DAYS),
            "members_listed": "some" if dice.chance(0.25) else "all",
            "household": self.facts(dice, HOUSEHOLD, known),
            "members": [{"id": name, **self.facts(dice, PERSON, known), "papers": self.papers(dice)} for name in names],
            "papers": self.papers(dice),
        }
        if dice.chance(0.5):
            told["evidence"] = dice.choice((*EVIDENCE, 0.2, 0.21, 0.8, 1))
        if dice.chance(0.6):
            told["active_services"] = self.received(dice, names)
        return told

    def facts(self, dice: Dice, of: str, known: float) -> dict[str, Any]:
        inputs = {
            name: fact for name, fact in self.tables["facts"].items() if fact["of"] == of and "computed" not in fact
        }
        return {name: self.answer(dice, fact["type"]) for name, fact in inputs.items() if dice.chance(known)}

    def answer(self, dice: Dice, kind: str) -> Any:
        if dice.chance(0.05):
            return None
        value = value_of(dice, kind)
        if not dice.chance(0.5):
            return value
        return {"value": value, "evidence": dice.choice((*EVIDENCE, "registry", round(dice.random(), 2), 1))}

    def papers(self, dice: Dice) -> dict[str, Any]:
        return {name: self.answer(dice, "boolean") for name in self.tables["documents"] if dice.chance(0.4)}

    def received(self, dice: Dice, members: list[str]) -> list[Any]:
        found: list[Any] = []
        for name in dice.some(list(self.tables["services"]), 0, 2):
            if self.tables["services"][name]["for"] == HOUSEHOLD:
                found.append(name)
            elif members:
                found.append({"service": name, "subject": dice.choice(members)})
        return found

    def with_computed(self, told: dict[str, Any], number: int) -> dict[str, Any]:
        """Give the household with one computed fact told directly."""
        dice = Dice(self.seed, "computed", number)
        computed = [(name, fact) for name, fact in self.tables["facts"].items() if "computed" in fact]
        if not computed:
            return told
        name, fact = dice.choice(computed)
        given = {name: self.answer(dice, fact["type"])}
        if fact["of"] == HOUSEHOLD:
            return told | {"household": told["household"] | given}
        return told | {"members": [member | given for member in told["members"]]}


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def yaml_of(data: Any) -> str:
    """Write plain data as YAML."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)


def knowledge_of(files: dict[str, str]) -> Knowledge:
    """Take the texts of an edition all the way through read, parse and check, which must find no error."""
    documents = [read_text(files[path], path) for path in sorted(files)]
    knowledge, problems = parse.parse(documents, edition_of(documents))
    errors = [problem for problem in (*problems, *check.check(knowledge)) if not problem.is_warning]
    assert not errors, [(problem.code, problem.place, problem.details) for problem in errors[:3]]
    return knowledge


def household_from(told: dict[str, Any], knowledge: Knowledge) -> Household:
    """Read a household that was told as plain data; nothing in it may be refused."""
    household, problems = household_of(from_plain(told), knowledge, TODAY)
    assert household is not None, [(problem.code, problem.place, problem.details) for problem in problems]
    return household


@dataclass(frozen=True)
class Case:
    """One made-up edition with some households; see the top of this file."""

    seed: int
    size: Size = Size()

    @cached_property
    def tables(self) -> dict[str, Any]:
        return Maker(self.seed, self.size).make()

    def files(self, layout: int = 0) -> dict[str, str]:
        """Write the edition as YAML texts by path; each layout but 0 shuffles rules, tables and files."""
        dice = Dice("layout", layout)
        tables = dict(self.tables)
        facts = {key: tables.pop(key) for key in ("facts", "evidence", "default_evidence")}
        rules = list(tables.pop("rules"))
        names = [f"rules/{letter}.yaml" for letter in "abc"]
        if layout:
            dice.shuffle(rules)
            names = [f"rules/{dice.randint(0, 999)}/{letter}.yaml" for letter in "abc"]
            tables = {
                key: dict(dice.sample(list(tables[key].items()), len(tables[key])))
                for key in dice.sample(list(tables), len(tables))
            }
        files = {"facts_schema.yaml": yaml_of(facts)}
        for place, path in enumerate(names):
            # Which rules stand together means nothing either, so a layout deals them out anew.
            files[path] = yaml_of({"topic": "shared", "rules": rules[place :: len(names)]})
        for key, table in tables.items():
            files[f"knowledge_base/{dice.randint(100, 999) if layout else 'in'}_{key}.yaml"] = yaml_of({key: table})
        return files

    @cached_property
    def knowledge(self) -> Knowledge:
        return knowledge_of(self.files())

    @cached_property
    def office(self) -> Office:
        return Office(self.knowledge)

    @cached_property
    def told(self) -> tuple[dict[str, Any], ...]:
        """Tell the households; where a computed fact can be told directly, some tell it."""
        teller = Teller(self.seed, self.size, self.tables)
        found = []
        for number in range(self.size.households):
            told = teller.tell(number)
            bolder = teller.with_computed(told, number)
            accepted, _ = household_of(from_plain(bolder), self.knowledge, TODAY)
            found.append(told if accepted is None else bolder)
        return tuple(found)

    @cached_property
    def households(self) -> tuple[Household, ...]:
        return tuple(household_from(told, self.knowledge) for told in self.told)

    def answers(self, lang: str = "id") -> list[dict[str, Any]]:
        """Give the whole JSON of every household, as plain data."""
        return [as_json(self.office.diagnose(household), lang, everything=True) for household in self.households]


CROWD = Size(members=12)


def cases(*sizes: Size) -> st.SearchStrategy[Case]:
    """Give cases of some sizes (default: `Size()`), and smaller ones; a failing one shrinks in each of its sizes."""
    most = sizes[0] if sizes else Size()
    fewest = {"inputs": 2, "services": 1, "households": 1}
    smaller = {name: st.integers(min(fewest.get(name, 0), top), top) for name, top in vars(most).items()}
    seeds = st.integers(0, 2**32 - 1)
    # Most are of the full size: what is rare needs room.
    whole = [st.builds(Case, seeds, st.just(size)) for size in (*sizes, most, most)]
    return st.one_of(*whole, st.builds(Case, seeds, st.builds(Size, **smaller)))


def examples(number: int) -> settings:
    """Give the settings of a property: always the same examples; `TEPAT_EXAMPLES` asks for more (or fewer)."""
    number = int(os.environ.get("TEPAT_EXAMPLES") or number)
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=number, derandomize=True, database=None, deadline=None, suppress_health_check=slow)


def inputs_of(household: Household, knowledge: Knowledge) -> list[tuple[str, str]]:
    """List everything that could be told: (subject, key of working memory), computed facts left out."""
    whose = {HOUSEHOLD: (HOUSEHOLD,), PERSON: household.members}
    found = [(of, fact.name) for fact in knowledge.facts.values() if not fact.computed for of in whose[fact.of]]
    found += [(of, INPUT_KEYS[PAPER] + name) for name in knowledge.papers for of in household.subjects]
    found += [(of, INPUT_KEYS[RECEIVED] + one.name) for one in knowledge.services.values() for of in whose[one.for_]]
    return found


def values_for(key: str, knowledge: Knowledge) -> list[Any]:
    """List values that an input could take, as the engine holds them: all of a few, else a good many."""
    fact = knowledge.facts.get(key)
    match fact.type if fact else "boolean":
        case "boolean":
            return [True, False]
        case "integer":
            return list(range(10))
        case "number":
            return [quarters / 4 for quarters in range(0, 36, 3)]
        case "money":
            return [amount * 250_000 for amount in range(10)]
        case "date":
            return [date.fromisoformat(day) for day in DATES]
        case "choice":
            return list(CHOICES)
        case "choices":
            return [(), ("soil",), ("tile",), ("soil", "cement"), CHOICES]
        case "region":
            return [*REGIONS, "35.06.01.2003"]
    return list(TEXTS)


def told_otherwise(dice: Dice, household: Household, knowledge: Knowledge, changes: int) -> Household:
    """Give a household with some inputs told at random, or not told any more."""
    for of, key in dice.some(inputs_of(household, knowledge), changes, changes):
        value = dice.choice(values_for(key, knowledge))
        given = Given(value, dice.choice((0.0, 0.2, 0.6, 0.75, 1.0)), None)
        household = household.with_given(of, key, None if dice.chance(0.25) else given)
    return household


def digest(data: Any) -> str:
    """Give a short name for plain data, the same in every process."""
    return hashlib.sha256(json.dumps(data).encode()).hexdigest()


def digests(seeds: Iterable[int], size: Size = Size()) -> list[str]:
    """Give a digest of everything that is said about the cases of these seeds."""
    return [digest(Case(seed, size).answers()) for seed in seeds]
