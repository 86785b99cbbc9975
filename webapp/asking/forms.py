"""The form of a household, generated from the schema. Reading it gives plain data for the engine and, beside
each field, the sentence that says what to mend."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.household import Household
from engine.household_files import household_of
from engine.knowledge import formulas
from engine.knowledge.model import FAMILY, HOUSEHOLD, PERSON, Fact, Knowledge
from engine.knowledge.read import from_plain
from engine.plan_of_applicant import Served
from engine.words import money
from webapp.asking import typed
from webapp.asking.answers import Answers
from webapp.asking.typed import Unclear

THEMES = ("who", "where", "home", "money", "health", "school", "aid", "event", "other")
NOTHING = "-"


@dataclass(frozen=True)
class Field:
    """One question: its name in the form, the kind of its control and its choices."""

    name: str
    control: str
    label: str
    help: str | None
    choices: tuple[tuple[str, str], ...] = ()
    mode: str = "text"


class Form:
    """The fields of one edition in one language."""

    def __init__(
        self,
        knowledge: Knowledge,
        lang: str,
        word: Callable[..., str],
        served: Served | None = None,
        applicant: str = FAMILY,
        today: date | None = None,
    ) -> None:
        """Make the form; with `served`, of what that kind of applicant may be asked only."""
        self.knowledge, self.lang, self.word, self.served, self.applicant = knowledge, lang, word, served, applicant
        self.today = today or date.today()

    def of_household(self, officer: bool = False) -> list[tuple[str, list[Field]]]:
        """Give the questions about the household, by theme: those of applicants or those of staff."""
        return self._grouped((fact, "h") for fact in self.asked(HOUSEHOLD, officer))

    def of_member(self, seat: int, officer: bool = False) -> list[tuple[str, list[Field]]]:
        """Give the questions about one member, by theme."""
        return self._grouped((fact, f"m{seat}") for fact in self.asked(PERSON, officer) if not is_among(fact))

    def of_everybody(self, officer: bool = False) -> list[tuple[str, list[Field]]]:
        """Give the questions that name the members they hold for, by theme."""
        return self._grouped((fact, "w") for fact in self.asked(PERSON, officer) if is_among(fact))

    def aid(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Give the aid one can receive: that for the household, that for each member.

        Only money, goods, and what nobody may have twice: advice and permits need not be remembered.
        """
        services = [
            one
            for one in self.knowledge.services.values()
            if one.benefit
            and (one.benefit.kind in ("cash", "goods") or one.exclusive)
            and (self.served is None or one.name in self.served.services)
        ]
        family, each = (
            [(one.name, one.label.in_(self.lang)) for one in services if one.for_ == for_]
            for for_ in (HOUSEHOLD, PERSON)
        )
        return family, each

    def papers(self) -> list[tuple[str, str]]:
        """Give the papers one may have."""
        papers = (one for one in self.knowledge.papers.values() if not one.officer_only)
        return [
            (one.name, one.label.in_(self.lang))
            for one in papers
            if self.served is None or one.name in self.served.papers
        ]

    def roles(self, answers: Answers) -> list[str]:
        """Make each member's id from the role that was typed; no two are the same."""
        roles: list[str] = []
        for seat in range(answers.members):
            role = " ".join(answers.one(f"m{seat}.id").replace(":", " ").split())[:40]
            role = role or self.word("member", number=seat + 1)
            while role in roles or role == HOUSEHOLD:
                role += f" {self.word('another')}"
            roles.append(role)
        return roles

    def asked(self, of: str, officer: bool | None = False) -> list[Fact]:
        """Give the facts that are asked: of applicants, of officers, or (None) of both."""
        facts = [fact for fact in self.knowledge.facts.values() if fact.of == of and fact.sensitive != "officer_only"]
        facts = [fact for fact in facts if officer is None or (fact.answered_by != "applicant") == officer]
        asked = []
        for fact in facts:
            if not fact.computed and (self.served is None or fact.name in self.served.facts):
                asked += [fact, *self.standing_in_for(fact)]
        return asked

    def standing_in_for(self, fact: Fact) -> list[Fact]:
        """Give the computed facts (an age) that may be told where the date they are counted from is not known."""
        if fact.type != "date" or fact.of != PERSON:
            return []
        counted = (one for one in self.knowledge.facts.values() if one.computed and one.type == "integer")
        return [one for one in counted if one.of == PERSON and _counts_from(one, fact)]

    def _grouped(self, asked: Iterable[tuple[Fact, str]]) -> list[tuple[str, list[Field]]]:
        """Group questions by theme; that of the first in the schema, which is the one to begin with, comes first."""
        asked = list(asked)
        first = (asked[0][0].theme or "other") if asked else THEMES[0]
        grouped: dict[str, list[Field]] = {theme: [] for theme in (first, *THEMES)}
        for fact, where in asked:
            grouped[fact.theme or "other"].append(self.field(fact, where))
        return [(self.word(f"theme_{theme}"), fields) for theme, fields in grouped.items() if fields]

    def field(self, fact: Fact, where: str) -> Field:
        label = self.word("or_age") if fact.computed else (fact.question or fact.label).in_(self.lang)
        help_ = fact.help.in_(self.lang) if fact.help else fact.find_out.in_(self.lang) if fact.find_out else None
        control, choices, mode = "text", (), "text"
        match fact.type:
            case "boolean":
                control = "among" if where == "w" else "truth"
            case "choice":
                control = "select"
                choices = tuple((name, text.in_(self.lang)) for name, text in fact.choices.items())
            case "choices":
                control = "several"
                choices = tuple((name, text.in_(self.lang)) for name, text in fact.choices.items())
            case "region":
                control = "select"
                choices = tuple((code, region.label) for code, region in self.knowledge.regions.items())
            case "date":
                help_ = help_ or self.word("date_example")
            case "money":
                help_ = help_ or self.word("money_example")
            case "text" if fact.format:
                mode = "numeric"
            case "integer" | "number":
                mode = "decimal" if fact.type == "number" else "numeric"
        return Field(f"{where}.{fact.name}", control, label, help_, choices, mode)

    def read(self, answers: Answers) -> Household | None:
        """Read what was typed.

        Returns:
            The household; None when something must be mended, which `answers.errors` says by field.
        """
        data: dict[str, Any] = {
            "applicant": self.applicant,
            "household": {},
            "members": [{"id": role} for role in self.roles(answers)],
        }
        for fact in self.asked(HOUSEHOLD, officer=None):
            self._take(answers, fact, "h", data["household"])
        for fact in self.asked(PERSON, officer=None):
            if is_among(fact) and f"w.{fact.name}" in answers.typed:
                self._take_among(answers, fact, data["members"])
            for seat, member in enumerate(data["members"]):
                self._take(answers, fact, f"m{seat}", member)
        self._take_rest(answers, data)
        household, problems = household_of(from_plain(data), self.knowledge, self.today)
        for problem in problems:
            if not problem.is_warning:
                answers.errors.setdefault(self._field_of(problem.place.path), problem.sentence(self.lang))
        return None if answers.errors else household

    def mistakes(self, typed: Mapping[str, list[str]], members: int) -> dict[str, str]:
        """Give the sentence that says what to mend, by field; of what was typed as a whole."""
        answers = Answers(typed, members)
        self.read(answers)
        return answers.errors

    def _take(self, answers: Answers, fact: Fact, where: str, data: dict[str, Any]) -> None:
        name = f"{where}.{fact.name}"
        if fact.type == "choices":
            chosen = self._ticked(answers, name)
            if chosen is not None:
                data[fact.name] = chosen
            return
        text = answers.one(name).strip()
        if not text:
            return
        try:
            data[fact.name] = self._value(fact, text)
        except Unclear as unclear:
            answers.errors[name] = self.ask_back(unclear)

    def _take_among(self, answers: Answers, fact: Fact, members: list[dict[str, Any]]) -> None:
        """Read who was ticked: yes for them, no for the others; nobody's answer when nothing was ticked."""
        ticked = self._ticked(answers, f"w.{fact.name}")
        if ticked is not None:
            for seat, member in enumerate(members):
                member[fact.name] = str(seat) in ticked

    def _ticked(self, answers: Answers, name: str) -> list[str] | None:
        """Give what was ticked, without the tick for nothing; None where the question was left open."""
        ticked = [one for one in answers.all(name) if one]
        if NOTHING in ticked and len(ticked) > 1:
            answers.errors[name] = self.word("tick_or_none")
        return [one for one in ticked if one != NOTHING] if ticked else None

    def _value(self, fact: Fact, text: str) -> Any:
        match fact.type:
            case "date":
                return typed.day(text).isoformat()
            case "integer" | "number" | "money":
                return str(typed.number(text, fact.type, fact.unit))
        return typed.number_of_card(text) if fact.format else text[:200]

    def _take_rest(self, answers: Answers, data: dict[str, Any]) -> None:
        if day := answers.one("as_of").strip():
            try:
                data["as_of"] = typed.day(day).isoformat()
            except Unclear as unclear:
                answers.errors["as_of"] = self.ask_back(unclear)
        if evidence := answers.one("evidence").strip():
            data["evidence"] = evidence
        if answers.one("unlisted"):
            data["members_listed"] = "some"
        data["papers"] = dict.fromkeys(answers.all("papers"), True)
        received = self._ticked(answers, "aid")
        if received is not None:
            data["active_services"] = [self._aid(one, data["members"]) for one in received]

    def _aid(self, ticked: str, members: list[dict[str, Any]]) -> Any:
        """Read one tick of received aid: a service of the household, or a service and the seat of who receives it."""
        service, _, seat = ticked.partition("@")
        if not seat:
            return service
        known = {str(number): member["id"] for number, member in enumerate(members)}
        return {"service": service, "subject": known.get(seat, seat)}

    def ask_back(self, unclear: Unclear) -> str:
        """Say in a sentence what is unclear about a typed answer."""
        details = dict(unclear.details)
        if unclear.code == "two-amounts":
            short, scale = details.pop("short")
            details |= {"short": self._plain(short), "scale": self.word(scale)}
            details["small"], details["large"] = (money(float(details[key]), self.lang) for key in ("small", "large"))
        details = {key: one if isinstance(one, str) else self._plain(one) for key, one in details.items()}
        return self.word(f"unclear_{unclear.code}", **details)

    def _plain(self, value: Any) -> str:
        return f"{float(value):g}".replace(".", "," if self.lang == "id" else ".")

    def mended(self, answers: Answers) -> list[tuple[str, str]]:
        """Give what is to be mended in the order of the page: the field, and its question with what to mend."""
        labels = {"aid": self.word("aid"), "papers": self.word("papers")}
        for seat, role in enumerate(self.roles(answers)):
            labels[f"m{seat}.id"] = role
            for fact in self.asked(PERSON, officer=None):
                labels[f"m{seat}.{fact.name}"] = f"{role}, {fact.label.in_(self.lang)}"
        for fact in (*self.asked(PERSON, officer=None), *self.asked(HOUSEHOLD, officer=None)):
            labels[f"{'w' if fact.of == PERSON else 'h'}.{fact.name}"] = fact.label.in_(self.lang)
        labels |= {"as_of": self.word("as_of"), "evidence": self.word("evidence")}
        order = {name: number for number, name in enumerate(labels)}
        names = sorted(answers.errors, key=lambda name: order.get(name, len(order)))
        return [(name, f"{labels.get(name, name)}: {answers.errors[name]}") for name in names]

    def _field_of(self, path: str) -> str:
        """Give the field of a place in the household: `members.2.age` is `m2.age`."""
        parts = path.split(".")
        if parts[0] == "household" and len(parts) > 1:
            return f"h.{parts[1]}"
        if parts[0] == "members" and len(parts) > 2:
            fact = self.knowledge.facts.get(parts[2])
            return f"w.{parts[2]}" if fact and is_among(fact) else f"m{parts[1]}.{parts[2]}"
        return {"active_services": "aid", "papers": "papers"}.get(parts[0], parts[0])


def _counts_from(fact: Fact, date_: Fact) -> bool:
    return date_.name in (name.id for name, _ in formulas.names_in(fact.computed.tree))


def is_among(fact: Fact) -> bool:
    """Say whether one question asks of all members whom a fact holds for."""
    return fact.ask == "who_among" and fact.type == "boolean"
