"""What is known of a household on a day, put together for the engine: observations, the register, the lists of aid."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from casework.lists.models import BeneficiaryList, Entry
from casework.people import observations
from casework.people.models import Household as Registered
from casework.people.models import Observation, Person, SecretObservation
from casework.people.observations import PAPER, RECEIVED, secret_names, service_of
from casework.people.provenance import Observed, Settled, Yardstick, settle
from casework.refusals import Refused
from casework.store.work import Work
from engine import household_files
from engine.diagnosis import Office
from engine.household import MEMBER_LIMIT, Given, Household
from engine.knowledge.model import HOUSEHOLD, Evidence, Knowledge
from engine.knowledge.problems import Problem
from engine.knowledge.read import from_plain
from engine.meaning import INPUT_KEYS
from engine.population_number import BIRTH, SEX

RESIDENCE = "residence"
# Aid on these lists is being received; a draft is only meant to be.
_IN_FORCE = ("signed", "published")
LISTED = "listed"
Subject = tuple[str, str]


class Warned(NamedTuple):
    """What an officer should look at: `disagree`, `newer`, `register` (it says otherwise), `unread`, `worked_out`, `members`."""

    code: str
    subject: str
    fact: str


@dataclass(frozen=True)
class Standing:
    """All of it: the document for the engine, what was settled by (subject, fact), what to look at, and what was observed."""

    document: dict[str, Any]
    settled: Mapping[Subject, Settled]
    warnings: tuple[Warned, ...]
    history: Mapping[Subject, list[Observation | SecretObservation]]


def document_of(
    work: Work, office: Office, household: Registered, secrets: bool, day: date | None = None
) -> dict[str, Any]:
    """Give what is known of a household as a household file (design 3.4), as plain data.

    Beside the keys of a household file, `listed` names the aid that the office's own lists say is received: that is sure
    even where nobody asked what else is. `household_of` understands it.

    Args:
        work: Whoever needs it; what they may see of the household is checked by the caller.
        office: The edition that will read it; what it cannot read is left out.
        household: Whose facts.
        secrets: Take in what only officers may know.
        day: The day on which it counts; None: today.
    """
    return standing_of(work, office, household, secrets, day).document


def household_of(office: Office, document: Mapping[str, Any]) -> Household:
    """Read a document for the engine. Raises: Refused, when this edition does not understand it."""
    return household_in(office.knowledge, document)


def household_in(knowledge: Knowledge, document: Mapping[str, Any]) -> Household:
    """Read a document against an edition. Raises: Refused, when it does not understand it."""
    household, _ = _read(knowledge, document)
    if household is None:
        raise Refused("facts-unreadable")
    return household


def standing_of(work: Work, office: Office, household: Registered, secrets: bool, day: date | None = None) -> Standing:
    """Give what is known of a household, how it was settled, and what there is to warn of (see `document_of`)."""
    day = day or work.today
    return work.once(
        (standing_of, office, household.id, secrets, day),
        lambda: _Gathering(work, office.knowledge, household, secrets, day).standing(),
    )


def members_of(household: Registered, day: date) -> list[Person]:
    """Give the people of a household who are alive on a day and are nobody else's second entry."""
    return [one for one in household.people if one.merged_into is None and (one.died_on is None or one.died_on > day)]


class _Gathering:
    """Puts one document together."""

    def __init__(self, work: Work, knowledge: Knowledge, household: Registered, secrets: bool, day: date) -> None:
        self.work, self.knowledge, self.household, self.secrets, self.day = work, knowledge, household, secrets, day
        self.members = members_of(household, day)
        self.names = self._names()
        self.yardstick = Yardstick.of(knowledge, day)
        self.warnings: list[Warned] = []
        self.history: dict[Subject, list[Observation | SecretObservation]] = defaultdict(list)

    def standing(self) -> Standing:
        if len(self.members) > MEMBER_LIMIT:
            self.warnings.append(Warned("members", HOUSEHOLD, ""))
            self.members = self.members[:MEMBER_LIMIT]
        settled = self._settled()
        document = self._document(settled)
        self._leave_out_unread(document)
        return Standing(document, settled, tuple(self.warnings), self.history)

    def _names(self) -> dict[int, str]:
        """Give the member for each person, also for entries that turned out to be that person."""
        names = {one.id: one.member for one in self.members}
        return {id_: names[kept] for id_, kept in observations.entries_of(self.work, names).items()}

    def _settled(self) -> dict[Subject, Settled]:
        said: dict[Subject, list[Observed]] = defaultdict(list)
        for row in observations.observed(self.work, self.household, self.secrets):
            subject = HOUSEHOLD if row.person_id is None else self.names.get(row.person_id)
            if subject is not None:
                said[subject, row.fact].append(observed_of(row))
                self.history[subject, row.fact].append(row)
        register = self._register()
        for key, value in register.items():
            said[key].append(Observed(value, self.knowledge.default_evidence or "", self.day, self.work.now))
        found = {}
        for key, one in said.items():
            fact = self.knowledge.facts.get(key[1])
            found[key] = settle(one, self.day, self.yardstick, fact is not None and fact.lasting)
            differs = key in register and found[key].certainty and found[key].value != register[key]
            code = "register" if differs else found[key].warning
            if code:
                self.warnings.append(Warned(code, *key))
        return found

    def _register(self) -> dict[Subject, Any]:
        """Give what the register itself says; it counts as told, and a stronger observation wins."""
        facts = self.knowledge.facts
        found: dict[Subject, Any] = {(HOUSEHOLD, RESIDENCE): self.household.village}
        for one in self.members:
            found[one.member, BIRTH] = one.birth_date and one.birth_date.isoformat()
            found[one.member, SEX] = one.sex
        return {key: value for key, value in found.items() if value and key[1] in facts}

    def _document(self, settled: Mapping[Subject, Settled]) -> dict[str, Any]:
        of: dict[str, dict[str, Any]] = {HOUSEHOLD: {}} | {one.member: {} for one in self.members}
        papers: dict[str, dict[str, Any]] = defaultdict(dict)
        for (subject, name), one in settled.items():
            if one.certainty and name != RECEIVED and subject in of:
                given = {"value": one.value, "evidence": self._evidence(one)}
                if name.startswith(PAPER):
                    papers[subject][name.removeprefix(PAPER)] = given
                else:
                    of[subject][name] = given
        members = [
            {"id": name, **facts, **({"papers": papers[name]} if name in papers else {})}
            for name, facts in of.items()
            if name != HOUSEHOLD
        ]
        received, listed = settled.get((HOUSEHOLD, RECEIVED), Settled()), self._listed()
        document: dict[str, Any] = {
            "id": f"keluarga-{self.household.id}",
            "applicant": self.household.applicant,
            "as_of": self.day.isoformat(),
            "members_listed": "all" if len(self.members) == len(members_of(self.household, self.day)) else "some",
            "household": of[HOUSEHOLD],
            "members": members,
            "papers": papers.get(HOUSEHOLD, {}),
        }
        if self.household.members_listed == "some":
            document["members_listed"] = "some"
        if received.certainty:
            document["evidence"] = self._evidence(received)
            document["active_services"] = _together(self._of_members(received.value), listed)
        if listed:
            document[LISTED] = listed
        return document

    def _evidence(self, one: Settled) -> Any:
        """Name evidence; where it counts for less than it says, as a number."""
        known = self.knowledge.evidence.get(one.evidence or "")
        return one.evidence if known and known.certainty == one.certainty else one.certainty

    def _of_members(self, received: Any) -> list[Any]:
        """Give observed aid of the household and of those who still live in it, under their present names."""
        found = []
        for one in received:
            if not isinstance(one, dict):
                found.append(one)
            elif (name := self.names.get(_number(one["subject"]))) is not None:
                found.append({"service": one["service"], "subject": name})
        return found

    def _listed(self) -> list[Any]:
        """Give the aid that lists in force on the day have a place for, of the household and of its members."""
        mine = or_(Entry.household_id == self.household.id, Entry.person_id.in_(list(self.names)))
        rows = self.work.session.execute(
            select(BeneficiaryList.service, Entry.person_id, Entry.household_id)
            .join(BeneficiaryList, BeneficiaryList.id == Entry.list_id)
            .where(mine, Entry.place == "listed", BeneficiaryList.state.in_(_IN_FORCE))
            .where(BeneficiaryList.since <= self.day, BeneficiaryList.until >= self.day)
        )
        hidden = frozenset() if self.secrets else secret_names(self.knowledge, self.day)
        found = []
        for service, person, home in rows:
            known = self.knowledge.services.get(service)
            if known is None or service in hidden:
                continue
            if known.for_ == HOUSEHOLD:
                found += [service] if home == self.household.id else []
            elif person in self.names:
                found.append({"service": service, "subject": self.names[person]})
        return _together([], found)

    def _leave_out_unread(self, document: dict[str, Any]) -> None:
        """Take out what the edition does not understand (any more), so that one old word never stops a diagnosis."""
        for _ in range(len(document["household"]) + len(self.names) * len(self.knowledge.facts) + 1):
            household, problems = _read(self.knowledge, document)
            if household is not None or not any(self._take_out(document, problem) for problem in problems):
                return

    def _take_out(self, document: dict[str, Any], problem: Problem) -> bool:
        """Take the one thing out that a problem points at; says whether there was one."""
        room, *rest = problem.place.path.split(".")
        subject, inner = HOUSEHOLD, document.get(room)
        if room == "members" and rest:
            inner = document["members"][int(rest[0])]
            subject, rest = inner["id"], rest[1:]
        if rest[:1] == ["papers"]:
            inner, rest = inner.get("papers", {}), rest[1:]
        if room in ("active_services", LISTED) and room in document:
            entry = document[room].pop(int(rest[0])) if rest else document.pop(room)
            self.warnings.append(Warned("unread", subject, service_of(entry) if rest else RECEIVED))
            return True
        if not (isinstance(inner, dict) and rest and rest[0] in inner):
            return False
        del inner[rest[0]]
        code = "worked_out" if problem.code == "given-and-computed" else "unread"
        self.warnings.append(Warned(code, subject, rest[0]))
        return True


def observed_of(row: Observation | SecretObservation) -> Observed:
    """Give an observation as provenance weighs it."""
    witness = row.recorded_by if row.account_id is None else str(row.account_id)
    return Observed(observations.value_of(row), row.evidence, row.observed_on, row.recorded_at, witness)


def _read(knowledge: Knowledge, document: Mapping[str, Any]) -> tuple[Household | None, list[Problem]]:
    file = {key: value for key, value in document.items() if key != LISTED}
    day = date.fromisoformat(document["as_of"])
    household, problems = household_files.household_of(from_plain(file), knowledge, day)
    if household is None:
        return None, [problem for problem in problems if not problem.is_warning]
    sure = _surest(knowledge)
    for one in document.get(LISTED, ()):
        of = one["subject"] if isinstance(one, dict) else HOUSEHOLD
        if service_of(one) in knowledge.services:
            given = Given(True, sure.certainty, sure.name)
            household = household.with_given(of, INPUT_KEYS["received"] + service_of(one), given)
    return household, problems


def _surest(knowledge: Knowledge) -> Evidence:
    return max(knowledge.evidence.values(), key=lambda one: one.certainty)


def _together(one: list[Any], other: list[Any]) -> list[Any]:
    """Join two lists of received aid, each entry once and in one order."""
    found = {(service_of(entry), entry["subject"] if isinstance(entry, dict) else ""): entry for entry in one + other}
    return [found[key] for key in sorted(found)]


def _number(member: str) -> int:
    return int(member[1:]) if member[1:].isdecimal() else 0
