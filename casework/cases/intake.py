"""Taking an application in: whose household it is, whom it is about, and every answer kept as it was told.

Nobody learns from it whether a number is known to the office. A household of the register is taken as the applicant's
only when two things agree, so that one number found somewhere opens no file; where less agrees, or the same is asked for
already, a new entry is made without the number, and a note tells the office what to look at.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from casework.cases import diagnoses, opening
from casework.cases.identities import NAMED, NUMBERED, Identity, Member, doubts, everywhere, told_of
from casework.cases.models import Case, Claim, Note
from casework.cases.transitions import CLAIM_ENDS
from casework.people.models import Household as Registered
from casework.people.models import Person
from casework.people.names import words_of
from casework.people.observations import PAPER, RECEIVED, Said, observe_many
from casework.people.register import HEAD, HouseholdEntry, PersonEntry, register_household, register_person
from casework.refusals import Refused
from casework.store.work import Work
from engine.diagnosis import Office
from engine.household import Household
from engine.knowledge.model import HOUSEHOLD, Knowledge
from engine.knowledge.vocabulary import PAPER as PAPER_PHRASE
from engine.knowledge.vocabulary import RECEIVED as RECEIVED_PHRASE
from engine.meaning import INPUT_KEYS
from engine.population_number import BIRTH, KK, NIK, SEX
from engine.present import plain

_IS_HEAD = "is_family_head"


class _Whose(NamedTuple):
    """The household that an application belongs to, and of each role the person, where the register has them."""

    household: Registered | None
    people: Mapping[str, Person]


class Intake:
    """Takes one application in."""

    def __init__(self, work: Work, office: Office, told: Household, identity: Identity) -> None:
        self.work, self.office, self.told, self.identity = work, office, told, identity
        self.desk = everywhere(work)
        self.notes: list[str] = []

    def case(self, services: Sequence[tuple[str, str]], channel: str, urgent: str | None) -> Case:
        whose = self._known(services)
        household = whose.household or self._new_household()
        people = {one.role: whose.people.get(one.role) or self._new_person(household, one) for one in self.members}
        self.work.session.expire(household, ["people"])
        asked = [(service, people.get(role)) for service, role in services]
        case = opening.open_case(self.work, self.office, household, asked, channel, urgent)
        self._observe(household, people, case)
        for doubt in doubts(self.identity, self.told, self.office.knowledge, self.work.today):
            self.notes.append(doubt.said("id"))
        for text in dict.fromkeys(self.notes):
            note = Note(case_id=case.id, text=text, written_at=self.work.now, written_by=self.work.actor.name)
            self.work.session.add(note)
        diagnoses.diagnose(self.work, self.office, case, "opened")
        opening.submit(self.work, self.office, case)
        return case

    @property
    def members(self) -> tuple[Member, ...]:
        return self.identity.members

    def _known(self, services: Iterable[tuple[str, str]]) -> _Whose:
        """Find the applicant's household in the register, as the head of this file says."""
        nobody = _Whose(None, {})
        household, agree = self._candidate()
        if household is None:
            return nobody
        number = household.id
        if agree < 2 or household.closed_at is not None or household.applicant != self.told.applicant:
            self._note("application-note-alike", household=number)
            return nobody
        people = {one.role: person for one in self.members if (person := self._member_of(household, one))}
        twice = self._asked_already(household, [(service, people.get(role), role) for service, role in services])
        if twice:
            self._note("application-note-twice", household=number, number=twice)
            return nobody
        self._note("application-note-known", household=number)
        return _Whose(household, people)

    def _candidate(self) -> tuple[Registered | None, int]:
        """Give the household that a number leads to, and how many things agree: numbers, and names with day of birth."""
        session, index = self.work.session, self.work.keys.index
        found: Registered | None = None
        agree = 0
        if self.identity.kk:
            found = session.scalars(
                select(Registered).where(Registered.kk_index == index(KK, self.identity.kk))
            ).one_or_none()
            agree += found is not None
        for one in self.members:
            holder = self._holder(one.nik)
            if holder is not None and holder.household is not None:
                found = found or holder.household
                agree += holder.household_id == found.id
        return found, agree + (self._namesakes(found) if found else 0)

    def _namesakes(self, household: Registered) -> int:
        return sum(any(self._is_called(person, one) for person in household.people) for one in self.members)

    def _is_called(self, person: Person, member: Member) -> bool:
        born = told_of(self.told, member.role, BIRTH)
        same = words_of(person.name) == words_of(member.name)
        return same and person.merged_into is None and (born is None or person.birth_date in (None, born))

    def _member_of(self, household: Registered, member: Member) -> Person | None:
        holder = self._holder(member.nik)
        if holder is not None and holder.household_id == household.id:
            return holder
        # A person of another number is somebody else, whatever the name.
        alike = [one for one in household.people if self._is_called(one, member)]
        alike = [one for one in alike if not (member.nik and one.nik_index)]
        return alike[0] if len(alike) == 1 else None

    def _holder(self, nik: str | None) -> Person | None:
        if not nik:
            return None
        index = self.work.keys.index(NIK, nik)
        found = self.work.session.scalars(select(Person).where(Person.nik_index == index)).one_or_none()
        if found is not None and found.merged_into is not None:
            return self.work.session.get(Person, found.merged_into)
        return found

    def _asked_already(self, household: Registered, services: Iterable[tuple[str, Person | None, str]]) -> str | None:
        """Give the number of an open case of the household that asks for one of these."""
        for service, person, role in services:
            if person is None and role != HOUSEHOLD:
                continue
            whom = Claim.person_id.is_(None) if person is None else Claim.person_id == person.id
            same = (
                select(Case.number)
                .join(Claim, Claim.case_id == Case.id)
                .where(
                    Case.household_id == household.id, Claim.service == service, Claim.state.not_in(CLAIM_ENDS), whom
                )
            )
            if (number := self.work.session.scalars(same.limit(1)).first()) is not None:
                return number
        return None

    def _new_household(self) -> Registered:
        taken = (
            self.identity.kk
            and self.work.session.scalars(
                select(Registered.id).where(Registered.kk_index == self.work.keys.index(KK, self.identity.kk))
            ).first()
        )
        entry = HouseholdEntry(
            place=self.identity.place,
            kk=None if taken else self.identity.kk,
            name=self.identity.unit if self.told.applicant in NAMED else None,
            applicant=self.told.applicant,
            members_listed=self.told.members_listed,
        )
        return register_household(self.desk, self.office.knowledge, entry, confirmed=None)

    def _new_person(self, household: Registered, member: Member) -> Person:
        holder = self._holder(member.nik)
        if holder is not None:
            self._note("application-note-nik", person=holder.id)
        entry = PersonEntry(
            name=member.name if words_of(member.name) else member.role,
            nik=None if holder is not None else member.nik,
            birth_date=told_of(self.told, member.role, BIRTH),
            sex=told_of(self.told, member.role, SEX),
            relation=HEAD if self.told.applicant in NUMBERED and told_of(self.told, member.role, _IS_HEAD) else None,
        )
        return register_person(self.desk, self.office.knowledge, household, entry, confirmed=None)

    def _observe(self, household: Registered, people: Mapping[str, Person], case: Case) -> None:
        """Keep every answer as told; numbers are kept sealed in the register, never as facts."""
        knowledge = self.office.knowledge
        said = list(_said(self.told, people, knowledge))
        if said:
            observe_many(self.work, knowledge, household, said, knowledge.default_evidence, case_id=case.id)

    def _note(self, code: str, **details: Any) -> None:
        # A sentence of the same shelf as those of refusals; staff write their notes in Indonesian.
        self.notes.append(Refused(code, **details).said("id"))


def _said(told: Household, people: Mapping[str, Person], knowledge: Knowledge) -> Iterable[Said]:
    paper, received = INPUT_KEYS[PAPER_PHRASE], INPUT_KEYS[RECEIVED_PHRASE]
    aid: list[Any] = []
    for (of, name), given in told.facts.items():
        person = people.get(of)
        if name.startswith(received):
            service = name.removeprefix(received)
            if given.value:
                aid.append({"service": service, "subject": person.member} if person else service)
        elif name.startswith(paper):
            yield Said(person, PAPER + name.removeprefix(paper), given.value)
        elif not knowledge.facts[name].format:
            yield Said(person, name, plain(given.value))
    if told.received is not None:
        yield Said(None, RECEIVED, aid)
