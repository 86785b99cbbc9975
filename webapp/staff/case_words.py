"""How cases are spoken of on the pages: states, levels, days, services and people by their names."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

from casework.cases import deadlines
from casework.cases.diagnoses import may_see
from casework.cases.models import Case, Claim
from casework.people.models import Household, Person
from casework.store.work import ZONE, Work
from engine.diagnosis import Office
from engine.knowledge.model import HOUSEHOLD
from engine.words import Speaker, day, say
from webapp import frame
from webapp.words import words_in

# Points in the code of a sub-district (35.06.07); a village's has one more.
_PARTS_OF_A_DISTRICT = 2


class CaseWords:
    """Speaks of cases in the language of a request, on one day."""

    def __init__(self, office: Office, lang: str, today: date) -> None:
        self.office, self.lang, self.today = office, lang, today
        self.word = words_in(lang)
        self.speaker = Speaker(office.knowledge, lang)
        self.state = partial(self._named, "cases_state")
        self.level = partial(self._named, "cases_level")
        self.channel = partial(self._named, "cases_channel")
        self.occasion = partial(self._named, "cases_occasion")
        self.result = partial(self._named, "cases_result")

    @classmethod
    def of(cls, work: Work) -> "CaseWords":
        """Make them for the request at hand."""
        return cls(frame.desk().office, frame.chosen_language(), work.today)

    def _named(self, prefix: str, name: str) -> str:
        return self.word(f"{prefix}_{name}")

    def service(self, name: str) -> str:
        return self.speaker.label(name)

    def program(self, name: str) -> str:
        program = self.office.knowledge.programs.get(name)
        return program.label.in_(self.lang) if program else name

    def status(self, name: str | None) -> str:
        """Give what the engine says of a claim, short; None before it said anything."""
        return say("status_short", name, self.lang) if name else self.word("cases_no_answer")

    def day(self, when: date | datetime | None) -> str:
        if when is None:
            return "-"
        return day(when.astimezone(ZONE).date() if isinstance(when, datetime) else when, self.lang)

    def moment(self, when: datetime) -> str:
        return f"{self.day(when)} {when.astimezone(ZONE):%H:%M}"

    def late(self, due_on: date | None) -> bool:
        return deadlines.overdue(due_on, self.today)

    def due(self, due_on: date | None) -> str:
        """Say until when something is due: in how many working days, or how many it is late."""
        if due_on is None:
            return self.word("cases_no_due")
        holidays = self.office.knowledge.holidays
        days = deadlines.working_days_between(self.today, due_on, holidays)
        if self.late(due_on):
            return self.word("cases_late", day=self.day(due_on), days=max(1, -days))
        return self.word("cases_due", day=self.day(due_on), days=days)

    def place(self, home: Household) -> str:
        """Say where a household lives, from RT to village."""
        parts = [
            self.word("cases_rt", rt=home.rt) if home.rt else "",
            self.word("cases_rw", rw=home.rw) if home.rw else "",
            home.hamlet or "",
            self.village(home.village),
        ]
        return ", ".join(part for part in parts if part)

    def village(self, code: str) -> str:
        region = self.office.knowledge.regions.get(code.rsplit(".", 1)[0])
        district = f" ({region.label})" if region else ""
        return self.word("cases_village", code=code) + district

    def value(self, fact: str, value: Any) -> str:
        """Write the value of a fact; a village by what it is called here."""
        known = self.office.knowledge.facts.get(fact)
        if known and known.type == "region" and isinstance(value, str) and value.count(".") > _PARTS_OF_A_DISTRICT:
            return self.village(value)
        if known and known.type == "date" and isinstance(value, str):
            value = date.fromisoformat(value)
        return self.speaker.value(fact, tuple(value) if isinstance(value, list) else value)

    def who(self, person: Person | None) -> str:
        return person.name if person else self.word("cases_household")

    def subject(self, people: Iterable[Person], subject: str) -> str:
        """Name whom a fact is about."""
        if subject == HOUSEHOLD:
            return self.word("cases_household")
        return next((one.name for one in people if one.member == subject), subject)

    def asked(self, work: Work, case: Case) -> str:
        """Name what a case asks for, as far as the actor may know."""
        return ", ".join(dict.fromkeys(self.service(one.service) for one in shown(work, case)))


def shown(work: Work, case: Case) -> list[Claim]:
    """Give the claims of a case that the actor may see."""
    return [claim for claim in case.claims if may_see(work, claim)]
