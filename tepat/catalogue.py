"""The catalogue: one Markdown page that says what the knowledge holds, written from the files themselves.

What people write about rules stands in `catalogue.md.j2`; lists, quotations and places come from the edition at hand,
so that the page can be out of date but never wrong about the files it was written from.
"""

import os
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import jinja2

from engine.compile import Compiler
from engine.knowledge.decisions import Confirmation, concerned, confirmations, is_settled
from engine.knowledge.formulas import names_in
from engine.knowledge.model import (
    Amount,
    Concludes,
    Condition,
    Decision,
    Follows,
    Knowledge,
    Parameter,
    Requires,
    Rule,
    Service,
    Source,
    Text,
)
from engine.knowledge.read import Place, Word
from engine.words import money

PAGE = Path("docs", "knowledge.md")
# Rules that the first part quotes, where the knowledge has them: a plain one, and that of a service.
PLAIN_RULE, SERVICE_RULE = "PKH-K-LANSIA", "PKH"
_SEEN = {"yes": "read", "reported": "read about", "known": "not seen"}
_MARKS = re.compile(r"([|*_<\[`])")


def page_of(knowledge: Knowledge, to_files: str = "..") -> str:
    """Write the page.

    Args:
        knowledge: A checked edition.
        to_files: The way from the page's folder to the knowledge folder, for its links.
    """
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(
        loader=loader,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = cell
    return environment.get_template("catalogue.md.j2").render(k=knowledge, c=_Catalogue(knowledge, to_files))


def how_current(page: Path, current: bool, lang: str) -> str:
    """Say whether a page is what would be written now."""
    if current:
        return f"{page} is up to date" if lang == "en" else f"{page} sesuai dengan pengetahuan"
    if lang == "en":
        return f"{page} is out of date: write it with `tepat catalogue`"
    return f"{page} tidak sesuai lagi: tulis ulang dengan `tepat catalogue`"


def way_to_files(page: Path, folder: Path) -> str:
    """Give the way from a page to the knowledge folder, as its links have it."""
    return Path(os.path.relpath(folder.resolve(), page.resolve().parent)).as_posix()


def cell(said: Any) -> str:
    """Write a text so that Markdown shows it as it is, on one line, in a cell of a table too."""
    return _MARKS.sub(r"\\\1", " ".join(str(said).split()))


class Group(NamedTuple):
    """The services of one activity of a program; `code` is that of the activity."""

    name: str
    label: Text
    code: str | None
    services: tuple[Service, ...]


class _Catalogue:
    """What the page asks of one edition."""

    def __init__(self, knowledge: Knowledge, to_files: str) -> None:
        self.k, self.to_files = knowledge, to_files
        self.rules_of: dict[str, list[Rule]] = {}
        for rule in knowledge.rules.values():
            target = rule.effect.conclusion if isinstance(rule.effect, Concludes) else rule.effect.service
            self.rules_of.setdefault(target.text, []).append(rule)

    # --- places and quotations ---

    def link(self, place: Place) -> str:
        """Point at a place: the file's name and the line, leading to the file."""
        return f"[{cell(Path(place.file).name)}:{place.line}]({self.to_files}/{place.file}#L{place.line})"

    def quoted(self, place: Place) -> str:
        """Quote what begins on the line of a place, as it stands in its file, up to the next thing beside it."""
        lines = self.k.texts[place.file].split("\n")[place.line - 1 :]
        margin = _margin(lines[0])
        kept = lines[:1]
        for line in lines[1:]:
            if line.strip() and _margin(line) <= margin:
                break
            kept.append(line)
        return "\n".join(line[margin:] for line in kept).rstrip()

    @property
    def plain_rule(self) -> Rule | None:
        return self.k.rules.get(PLAIN_RULE)

    @property
    def service_rule(self) -> Rule | None:
        return self.k.rules.get(SERVICE_RULE)

    def parameter_in(self, rule: Rule) -> Parameter | None:
        """Give the first parameter that a rule compares with."""
        words = (operand.word.text for line in _lines(rule) for operand in line.phrase.operands)
        return next((self.k.parameters[name] for name in words if name in self.k.parameters), None)

    # --- what is offered ---

    def groups(self, program: str) -> list[Group]:
        """Give a program's activities with their services; those that name no activity come last."""
        services = [one for one in self.k.services.values() if one.program.text == program]
        by_activity: dict[str, list[Service]] = {}
        for service in services:
            by_activity.setdefault(service.activity.text if service.activity else "", []).append(service)
        activities = self.k.programs[program].activities
        found = [Group(n, a.label, a.code, tuple(by_activity.get(n, ()))) for n, a in activities.items()]
        rest = tuple(by_activity.get("", ()))
        return [*found, *([Group("", Text("Tanpa kegiatan", "No activity"), None, rest)] if rest else [])]

    def sources_of(self, name: str) -> list[Source]:
        """Give the sources that the rules of a conclusion or service cite, each once, and its own."""
        words = [rule.source for rule in self.rules_of.get(name, ())]
        words.append(getattr(self.k.conclusions.get(name), "source", None))
        ids = dict.fromkeys(word.text.split(" ")[0] for word in words if word)
        return [self.k.sources[id_] for id_ in ids]

    def seen(self, source: Source) -> str:
        """Say whether anybody has read a source."""
        return _SEEN[source.seen]

    def cited(self, word: Word | None) -> str:
        """Cite a source as a table does: its id, and whether it was read."""
        if word is None:
            return "–"
        return f"`{word.text}` ({self.seen(self.k.sources[word.text.split(' ')[0]])})"

    def benefits(self, service: Service) -> Iterator[str]:
        """Say what a service gives: its amount, or each part of it; of an amount that is not known, only the kind."""
        benefit = service.benefit
        if benefit is None:
            return
        per = "once" if benefit.per == "once" else f"per {benefit.per}"
        if benefit.amount:
            yield f"{benefit.kind}, {self._formula(benefit.amount)} {per}"
        elif not benefit.components:
            yield f"{benefit.kind}, amount not known" if benefit.kind in ("cash", "goods") else benefit.kind
        for part in benefit.components:
            most = f", at most {self._count(part.at_most)}" if part.at_most else ""
            yield f"{benefit.kind}, `{part.member.text}`: {self._formula(part.amount)} {per}{most}"
        if benefit.pay_at_most:
            yield f"at most {self._count(benefit.pay_at_most)} parts are paid"

    def _formula(self, formula: Any) -> str:
        """Write a formula with what its parameters were last set to."""
        names = dict.fromkeys(name.id for name, _ in names_in(formula.tree) if name.id in self.k.parameters)
        told = [
            f"{self.value(p, last)} from {last.from_}" for p in map(self.k.parameters.get, names) for last in [_last(p)]
        ]
        return f"`{formula.word.text}`" + (f" ({'; '.join(told)})" if told else "")

    def _count(self, operand: Any) -> str:
        parameter = self.k.parameters.get(operand.word.text)
        return f"`{parameter.name}` ({self.value(parameter, _last(parameter))})" if parameter else operand.word.text

    def value(self, parameter: Parameter, amount: Amount) -> str:
        """Write a value of a parameter."""
        if amount.brackets is not None:
            return "; ".join(f"above {_number(above, None)}: {rate:g}" for above, rate in amount.brackets)
        if amount.table is not None:
            return _table(amount.table, parameter.unit)
        return _number(amount.value, parameter.unit)

    def hidden(self, name: str) -> bool:
        """Say whether only officers see a service or conclusion, because of what it rests on."""
        return name in self._hidden

    @cached_property
    def _hidden(self) -> frozenset[str]:
        # What rests on what is the same on all days.
        return Compiler(self.k).plan(date.max).officer_only

    def pairs_apart(self) -> list[tuple[Service, Service]]:
        """Give the pairs of services that say themselves that they are not given together."""
        named = {
            tuple(sorted((service.name, word.text)))
            for service in self.k.services.values()
            for word in (*service.not_with, *(w for one in self._components(service) for w in one.not_with))
        }
        return [(self.k.services[one], self.k.services[two]) for one, two in sorted(named)]

    def _components(self, service: Service) -> Iterable[Any]:
        return service.benefit.components if service.benefit else ()

    def members_of(self, group: str) -> list[Service]:
        """Give the services of a group of exclusivity."""
        return [one for one in self.k.services.values() if group in {word.text for word in one.exclusive}]

    def asking_for(self, paper: str) -> list[str]:
        """Give the services that ask for a document."""
        return self._services_of(Requires, lambda effect: effect.documents, paper)

    def with_step(self, step: str) -> list[str]:
        """Give the services whose procedure has a step."""
        return self._services_of(Follows, lambda effect: effect.steps, step)

    def _services_of(self, kind: type, words: Any, name: str) -> list[str]:
        effects = [rule.effect for rule in self.k.rules.values() if isinstance(rule.effect, kind)]
        return sorted({e.service.text for e in effects if name in {word.text for word in words(e)}})

    def holds(self, said: str | Text | None) -> str:
        """Write how long a paper or a decision holds."""
        return said.in_("en") if isinstance(said, Text) else said or "–"

    # --- what is confirmed, open and unknown ---

    def confirmed(self, thing: Any) -> str:
        """Say whether a service, group or value is confirmed, and where it says so."""
        return f"{'yes' if thing.confirmed else 'no'}, {self.link(thing.confirmed_at or thing.place)}"

    def tally(self) -> tuple[int, int]:
        """Count what is confirmed, and everything that can be."""
        things = [*self.k.services.values(), *self.k.exclusivity.values(), *self.k.offices.values()]
        things += [*self.k.letters.values(), *self.k.bank_layouts.values()]
        things += [amount for parameter in self.k.parameters.values() for amount in parameter.values]
        return sum(1 for one in things if one.confirmed), len(things)

    def settled(self, decision: Decision) -> bool:
        return is_settled(decision, self.k)

    def to_confirm(self, decision: Decision) -> list[Confirmation]:
        """Give every place where a decision is to be confirmed."""
        return [one for word in decision.concerns for one in confirmations(word.text, self.k)]

    def touching(self, decision: Decision) -> list[tuple[str, Place]]:
        """Give what a decision concerns that is confirmed nowhere: rules, conclusions and the like, each with its place."""
        names = [word.text for word in decision.concerns if not list(confirmations(word.text, self.k))]
        return [(name, concerned(name, self.k).place) for name in names]

    def unknown(self) -> list[tuple[Service, list[Text]]]:
        """Give, by service, what the system cannot check."""
        found = [
            (service, [text for rule in self.rules_of.get(service.name, ()) for text in rule.unverifiable])
            for service in self.k.services.values()
        ]
        return [(service, texts) for service, texts in found if texts]


def _last(parameter: Parameter) -> Amount:
    """Give the value that begins last, whether it counts already or not."""
    return max(parameter.values, key=lambda value: value.from_)


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip())


def _lines(rule: Rule) -> list[Condition]:
    return [line for block in rule.blocks for line in block.lines] + list(rule.grades.lines if rule.grades else ())


def _number(value: Any, unit: str | None) -> str:
    """Write a value in English, money as rupiah, with its unit where it has one."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, int | float):
        return str(value)
    if unit and unit.split("/")[0] == "IDR":
        return money(value, "en")
    return f"{value:,}"


def _table(rows: Iterable[tuple[Any, Any]], unit: str | None) -> str:
    parts = (
        f"{band.word.text}: ({_table(inner, unit)})"
        if isinstance(inner, tuple)
        else f"{band.word.text}: {_number(inner, unit)}"
        for band, inner in rows
    )
    return "; ".join(parts)
