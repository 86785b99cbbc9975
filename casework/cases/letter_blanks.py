"""What the blanks of a letter are filled with: from the register, the decision, the proof behind it, the papers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from casework.cases.deadlines import add_working_days
from casework.cases.diagnoses import latest
from casework.cases.facts import standing_of
from casework.cases.letter_grounds import grounds, in_words, public_proof
from casework.cases.letter_templates import Filling, role_word, word
from casework.cases.models import Case, Claim, Decision, PaperReceived, Referral, StoredDiagnosis
from casework.cases.naming import Naming
from casework.cases.objections import objection_of
from casework.cases.time_limits import ANSWER_DAYS, FILE_DAYS, days_of
from casework.people.models import Household, Person, Village
from casework.refusals import NotFound, Refused
from casework.staff.models import Account
from casework.store.work import ZONE, Work
from engine.diagnosis import Office
from engine.knowledge.model import HOUSEHOLD, LetterTemplate
from engine.offices import own_office
from engine.words import day

_KELURAHAN = "1"


@dataclass(frozen=True)
class Matter:
    """What a letter is about.

    Args:
        case: The case it belongs to; None for the answer to an objection.
        claim: The claim, where it is about one.
        about: The number of the receipt, referral or objection it is about.
    """

    case: Case | None = None
    claim: Claim | None = None
    about: str | None = None


class Filler:
    """Fills the blanks of one letter.

    Args:
        work: Whoever writes it.
        office: The edition in force; reasons are those of the edition that the decision rests on.
        template: The wording.
        matter: What it is about; of the case of an objection it has only what its reader may know.
        lang: Of the letter.
    """

    def __init__(self, work: Work, office: Office, template: LetterTemplate, matter: Matter, lang: str) -> None:
        self.work, self.office, self.template, self.lang = work, office, template, lang
        self.case, self.claim, self.about = matter.case, matter.claim, matter.about
        self.words: dict[str, str | None] = {}
        self.lists: dict[str, tuple[str, ...]] = {}
        # Whom it is addressed to, where that is not the applicant.
        self.to: list[str] | None = None
        # Who signs: whoever decided, else whoever writes.
        self.signed_by = work.actor.name
        self.signed_as = role_word(_role(work.actor.posts), lang)

    def filling(self) -> Filling:
        """Give what all blanks of this kind of letter hold, but for its number.

        Raises:
            Refused: `letter-not-decided`, `letter-not-seen`, `letter-no-papers`.
            NotFound: when what it is about is not there.
        """
        self._always()
        _FILL[self.template.kind](self)
        self.words |= {"officer": self.signed_by, "officer_role": self.signed_as}
        to = self.to if self.to is not None else [self.words["recipient"], self.words["recipient_place"]]
        return Filling(self.words, self.lists, tuple(line for line in to if line))

    def _always(self) -> None:
        own = own_office(self.office.knowledge)
        home = self.case.household if self.case else None
        self.words |= {
            "office": own.label.in_(self.lang) if own else None,
            "today": day(self.work.today, self.lang),
            "case": self.case.number if self.case else None,
            "recipient": home.name if home else None,
            "recipient_place": place_text(self.work, home, self.lang) if home else None,
        }
        if self.claim:
            person = self.claim.person
            self.words["service"] = self.service_name(self.claim.service)
            self.words["whom"] = person.name if person else word("household", self.lang, name=home.name)

    def service_name(self, service: str) -> str:
        known = self.office.knowledge.services.get(service)
        return known.label.in_(self.lang) if known else service

    def person_words(self, person: Person | None) -> None:
        """Say who somebody is; numbers are shown by their ends, as everywhere."""
        keys = self.work.keys
        self.words["kk"] = self.case.household.shown(keys, "kk")
        if person:
            self.words["nik"] = person.shown(keys, "nik")
            self.words["birth_date"] = day(person.birth_date, self.lang) if person.birth_date else None

    def decision(self) -> None:
        """Fill in a decision: who decided, on what grounds, and how to object."""
        wanted = "granted" if self.template.kind == "decision_granted" else "declined"
        made = _last_decision(self.work, self.claim)
        if made is None or made.outcome != wanted:
            raise Refused("letter-not-decided", "letter")
        self._decided(made)
        stored = self.work.session.get_one(StoredDiagnosis, made.diagnosis_id)
        self.words["diagnosed_on"] = day(stored.day, self.lang)
        self.words["officer_reason"] = made.outcome_reason or (made.reason if made.override else None)
        self._grounds(stored, wanted)
        decided_on = _local(made.decided_at)
        self.words |= self._time_limits(decided_on)

    def _decided(self, made: Decision) -> None:
        decider = self.work.session.get_one(Account, made.decided_by)
        self.words["decided_by"] = decider.name
        self.words["decided_on"] = day(_local(made.decided_at), self.lang)
        self.signed_by = decider.name
        self.signed_as = role_word(_role(decider.posts), self.lang)

    def _time_limits(self, decided_on: date) -> dict[str, str | None]:
        k = self.office.knowledge
        file_days, answer_days = (days_of(k, name, decided_on) for name in (FILE_DAYS, ANSWER_DAYS))
        until = add_working_days(k, decided_on, file_days) if file_days else None
        return {
            "object_until": day(until, self.lang) if until else None,
            "object_days": str(file_days) if file_days else None,
            "answer_days": str(answer_days) if answer_days else None,
        }

    def _grounds(self, stored: StoredDiagnosis, wanted: str) -> None:
        """Fill in the reasons of the proof, as far as they speak for what was decided."""
        names = {one.member: one.name for one in self.case.household.people}
        proof = public_proof(self.work, self.office, stored)
        self.lists |= grounds(
            proof, self.claim.vertex, Naming(proof.knowledge, self.lang, names, self.claim.subject), wanted
        )

    def statement(self) -> None:
        """Fill in facts that an officer saw in the registry that the wording asks for."""
        person = self.claim.person if self.claim else None
        if self.claim is None:
            self.words["whom"] = word("household", self.lang, name=self.case.household.name)
        self.person_words(person)
        k = self.office.knowledge
        speaker = Naming(k, self.lang, {})
        least = k.evidence[self.template.evidence.text].certainty if self.template.evidence else 0.0
        settled = standing_of(self.work, self.office, self.case.household, secrets=False).settled
        lines = []
        for name in (one.text for one in self.template.facts):
            subject = HOUSEHOLD if k.facts[name].of == HOUSEHOLD else person and person.member
            found = settled.get((subject, name))
            if found is None or found.value is None or not found.certainty or found.certainty < least:
                raise Refused("letter-not-seen", "letter", fact=speaker.label(name))
            evidence = k.evidence[found.evidence].label.in_(self.lang) if found.evidence in k.evidence else ""
            details = {"label": speaker.label(name), "value": in_words(speaker, name, found.value)}
            seen_on = day(found.observed_on, self.lang) if found.observed_on else ""
            lines.append(word("fact", self.lang, evidence=evidence, day=seen_on, **details))
        self.lists["facts"] = tuple(lines)

    def request(self) -> None:
        """Fill in a request for somebody, with its grounds and the papers that came."""
        self.to = []  # which office takes such requests, nobody has told
        self.person_words(self.claim.person)
        made = _last_decision(self.work, self.claim)
        if made is not None and made.outcome == "granted":
            self._decided(made)
        stored = latest(self.work, self.case)
        if stored is not None:
            self._grounds(stored, "granted")
        self.lists["papers"] = self._papers(PaperReceived.case_id == self.case.id)

    def referral(self) -> None:
        found = self.work.session.scalar(
            select(Referral).where(Referral.number == self.about, Referral.case_id == self.case.id)
        )
        if found is None:
            raise NotFound
        refuse_secret(self.office, found.service, self.work.today)
        self.to = [found.to]
        self.words |= {"referral": found.number, "to": found.to, "reason": found.reason}
        self.words["whom"] = self.words.get("whom") or self.case.household.name
        self.words["service"] = self.service_name(found.service) if found.service else None

    def receipt(self) -> None:
        mine = PaperReceived.receipt == self.about, PaperReceived.case_id == self.case.id
        received = self.work.session.scalar(select(PaperReceived.received_at).where(*mine).limit(1))
        if received is None:
            raise Refused("letter-no-papers", "letter")
        self.words |= {"receipt": self.about, "received_on": day(_local(received), self.lang)}
        self.lists["papers"] = self._papers(*mine)

    def objection_answer(self) -> None:
        """Fill in an answer. To whoever objected; the wish of an applicant that a human looks again is answered to them."""
        found = objection_of(self.work, self.about or "")
        if found.state != "answered":
            raise Refused("letter-not-decided", "letter")
        self.words |= {
            "objection": found.number,
            "received_on": day(_local(found.received_at), self.lang),
            "outcome": word(f"outcome_{found.outcome}", self.lang),
            "answer": found.answer,
        }
        if self.case is None:
            self.words["recipient"] = found.opened(self.work.keys, "objector")
            self.words["recipient_place"] = found.opened(self.work.keys, "contact")

    def _papers(self, *conditions: Any) -> tuple[str, ...]:
        """Name papers; of those that would tell a secret, only how many they are."""
        k, hidden = self.office.knowledge, self.office.plan(self.work.today).officer_only
        rows = self.work.session.execute(
            select(PaperReceived.document, Person.name)
            .outerjoin(Person, Person.id == PaperReceived.person_id)
            .where(*conditions)
            .order_by(PaperReceived.id)
        )
        named, others = [], 0
        for document, who in rows:
            paper = k.papers.get(document)
            if paper is None or paper.officer_only or document in hidden:
                others += 1
            else:
                label = paper.label.in_(self.lang)
                named.append(word("paper_of", self.lang, paper=label, who=who) if who else label)
        named = list(dict.fromkeys(named))
        return (*named, word("other_papers", self.lang, count=others)) if others else tuple(named)


_FILL: Mapping[str, Callable[[Filler], None]] = {
    "decision_granted": Filler.decision,
    "decision_declined": Filler.decision,
    "statement": Filler.statement,
    "request": Filler.request,
    "referral": Filler.referral,
    "receipt": Filler.receipt,
    "objection_answer": Filler.objection_answer,
}


def refuse_secret(office: Office, service: str | None, today: date) -> None:
    """Refuse to write about a service that only officers may know of."""
    if service is not None and service in office.plan(today).officer_only:
        raise Refused("letter-officer-only", "letter")


def place_text(work: Work, home: Household, lang: str) -> str:
    """Write where a household lives; a village without a known name by its code."""
    village = work.session.get(Village, home.village)
    kind = "kelurahan" if home.village.rpartition(".")[2].startswith(_KELURAHAN) else "village"
    parts = [home.address, home.rt and f"RT {home.rt}", home.rw and f"RW {home.rw}", home.hamlet]
    parts.append(word(kind, lang, name=(village and village.name) or home.village))
    return ", ".join(part for part in parts if part)


def _last_decision(work: Work, claim: Claim | None) -> Decision | None:
    if claim is None:
        raise NotFound
    made = select(Decision).where(Decision.claim_id == claim.id, Decision.outcome.is_not(None))
    return work.session.scalars(made.order_by(Decision.id.desc()).limit(1)).one_or_none()


def _role(posts: Iterable[Any]) -> str:
    return next((post.role for post in posts), "")


def _local(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()
