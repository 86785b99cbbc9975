"""The form of a household, generated from the schema, and what was typed into it.

A field is named `h.fact` or `m2.fact`. Reading gives plain data for the engine and, beside each field, the
sentence that says what to mend; what was typed always comes back as it was typed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine import formulas
from engine.household import MEMBER_LIMIT, Household, household_of
from engine.model import HOUSEHOLD, PERSON, Fact, Knowledge
from engine.read import from_plain
from engine.words import money
from webapp import typed
from webapp.typed import Unclear

THEMES = ("who", "where", "home", "money", "health", "school", "aid", "event", "other")
NOTHING = "-"


@dataclass(frozen=True)
class Field:
    """One question: `name` in the form, `path` in the household, the kind of its control and its choices."""

    name: str
    path: str
    control: str
    label: str
    help: str | None
    choices: tuple[tuple[str, str], ...] = ()
    mode: str = "text"


@dataclass
class Answers:
    """What was typed, and what there is to say about it, by field."""

    typed: Mapping[str, list[str]]
    members: int
    errors: dict[str, str] = field(default_factory=dict)

    def one(self, name: str) -> str:
        return next(iter(self.typed.get(name, [])), "")

    def all(self, name: str) -> list[str]:
        return list(self.typed.get(name, []))

    def hidden(self) -> list[tuple[str, str]]:
        """Give everything that was typed, for hidden fields."""
        return [(name, value) for name, values in self.typed.items() for value in values]


class Form:
    """The fields of one edition in one language."""

    def __init__(self, knowledge: Knowledge, lang: str, word: Callable[..., str]) -> None:
        self.knowledge, self.lang, self.word = knowledge, lang, word

    def groups(self, of: str, seat: int, officer: bool) -> list[tuple[str, list[Field]]]:
        """Give the fields about the household or one member, by theme, those of applicants or of staff."""
        grouped: dict[str, list[Field]] = {theme: [] for theme in THEMES}
        for fact in self._asked(of):
            if (fact.answered_by != "applicant") == officer:
                grouped[fact.theme or "other"].append(self._field(fact, seat))
        return [(self.word(f"theme_{theme}"), fields) for theme, fields in grouped.items() if fields]

    def _asked(self, of: str) -> list[Fact]:
        facts = [fact for fact in self.knowledge.facts.values() if fact.of == of and fact.sensitive != "officer_only"]
        return [fact for fact in facts if not fact.computed or self._stands_in_for_a_date(fact)]

    def _stands_in_for_a_date(self, fact: Fact) -> bool:
        """Say whether a computed fact may be given where the date it is counted from is not known."""
        names = [name.id for name, _ in formulas.names_in(fact.computed.tree)]
        dates = [name for name in names if name in self.knowledge.facts and self.knowledge.facts[name].type == "date"]
        return fact.type == "integer" and fact.of == PERSON and bool(dates)

    def _field(self, fact: Fact, seat: int) -> Field:
        where, path = ("h", "household") if fact.of == HOUSEHOLD else (f"m{seat}", f"members.{seat}")
        label = self.word("or_age") if fact.computed else (fact.question or fact.label).in_(self.lang)
        help_ = fact.help.in_(self.lang) if fact.help else fact.find_out.in_(self.lang) if fact.find_out else None
        control, choices, mode = "text", (), "text"
        match fact.type:
            case "boolean":
                control = "truth"
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
            case "integer" | "number":
                mode = "decimal" if fact.type == "number" else "numeric"
        return Field(f"{where}.{fact.name}", f"{path}.{fact.name}", control, label, help_, choices, mode)

    def read(self, answers: Answers, today: date) -> Household | None:
        """Read what was typed.

        Returns:
            The household; None when something must be mended, which `answers.errors` says by field.
        """
        data: dict[str, Any] = {"household": {}, "members": []}
        for fact in self._asked(HOUSEHOLD):
            self._take(answers, fact, "h", data["household"])
        for seat in range(answers.members):
            member = {"id": self._role(answers, seat)}
            for fact in self._asked(PERSON):
                self._take(answers, fact, f"m{seat}", member)
            data["members"].append(member)
        self._take_rest(answers, data)
        household, problems = household_of(from_plain(data), self.knowledge, today)
        for problem in problems:
            if not problem.is_warning:
                answers.errors.setdefault(_field_of(problem.place.path), problem.sentence(self.lang))
        return None if answers.errors else household

    def _role(self, answers: Answers, seat: int) -> str:
        """Make the member's id from the role that was typed, one for each member."""
        roles = []
        for number in range(seat + 1):
            role = " ".join(answers.one(f"m{number}.id").replace(":", " ").split())[:40]
            role = role or self.word("member", number=number + 1)
            while role in roles or role == HOUSEHOLD:
                role += " lain" if self.lang == "id" else " other"
            roles.append(role)
        return roles[-1]

    def _take(self, answers: Answers, fact: Fact, where: str, data: dict[str, Any]) -> None:
        name = f"{where}.{fact.name}"
        if fact.type == "choices":
            chosen = answers.all(name)
            if chosen:
                data[fact.name] = [one for one in chosen if one != NOTHING]
            return
        text = answers.one(name).strip()
        if not text:
            return
        try:
            data[fact.name] = self._value(fact, text)
        except Unclear as unclear:
            answers.errors[name] = self.ask_back(unclear)

    def _value(self, fact: Fact, text: str) -> Any:
        match fact.type:
            case "date":
                return typed.day(text).isoformat()
            case "integer" | "number" | "money":
                return str(typed.number(text, fact.type, fact.unit))
        return text[:200]

    def _take_rest(self, answers: Answers, data: dict[str, Any]) -> None:
        if day := answers.one("as_of").strip():
            try:
                data["as_of"] = typed.day(day).isoformat()
            except Unclear as unclear:
                answers.errors["as_of"] = self.ask_back(unclear)
        if evidence := answers.one("evidence").strip():
            data["evidence"] = evidence
        data["papers"] = dict.fromkeys(answers.all("papers"), True)
        aid = answers.all("aid")
        if aid:
            data["active_services"] = [self._aid(one, data) for one in aid if one != NOTHING]

    def _aid(self, service: str, data: dict[str, Any]) -> Any:
        """A service for a person counts, on this short form, for the first member."""
        known = self.knowledge.services.get(service)
        if known and known.for_ == PERSON and data["members"]:
            return {"service": service, "subject": data["members"][0]["id"]}
        return service

    def ask_back(self, unclear: Unclear) -> str:
        """Say in a sentence what is unclear about a typed answer."""
        details = dict(unclear.details)
        if unclear.code == "two-amounts":
            short, scale = details.pop("short")
            details |= {"short": _plain(short), "scale": self.word(scale)}
            details["small"], details["large"] = (money(float(details[key]), self.lang) for key in ("small", "large"))
        details = {key: one if isinstance(one, str) else _plain(one) for key, one in details.items()}
        return self.word(f"unclear_{unclear.code}", **details)


def _plain(value: Any) -> str:
    return f"{float(value):g}".replace(".", ",")


def _field_of(path: str) -> str:
    """Give the field of a place in the household: `members.2.age` is `m2.age`."""
    parts = path.split(".")
    if parts[0] == "household" and len(parts) > 1:
        return f"h.{parts[1]}"
    if parts[0] == "members" and len(parts) > 2:
        return f"m{parts[1]}.{parts[2]}"
    return {"active_services": "aid", "papers": "papers"}.get(parts[0], parts[0])


def answers_of(sent: Mapping[str, list[str]]) -> Answers:
    """Gather what was sent; only the form's own names are kept, and at most so many members."""
    kept = {
        name: values[:60] for name, values in sent.items() if name in _OWN or (name[:1] in ("h", "m") and "." in name)
    }
    count = next(iter(sent.get("members", [])), "")
    members = int(count) if count.isascii() and count.isdecimal() and len(count) < 4 else 1
    return Answers(kept, max(1, min(members, MEMBER_LIMIT)))


_OWN = ("as_of", "evidence", "papers", "aid", "members")


def without_member(answers: Answers, seat: int) -> Answers:
    """Give the answers without one member; those behind it move up."""
    moved: dict[str, list[str]] = {}
    for name, values in answers.typed.items():
        head, _, tail = name.partition(".")
        number = head[1:]
        if head[:1] == "m" and tail and number.isascii() and number.isdecimal():
            if int(number) == seat:
                continue
            name = f"m{int(number) - (int(number) > seat)}.{tail}"
        moved[name] = values
    return Answers(moved, max(1, answers.members - 1))
