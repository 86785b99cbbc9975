"""What was observed of people: who may say what on which evidence, checked as a household file is, and only ever added to."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, TypedDict, Unpack

from sqlalchemy import and_, or_, select

from casework.people.models import Household, Observation, Person, SecretObservation
from casework.refusals import NotAllowed, NotFound, Refused
from casework.staff.actors import APPLICANT
from casework.staff.areas import may_see
from casework.store.work import Work
from engine.compile import Compiler
from engine.household_files import household_of
from engine.knowledge.model import HOUSEHOLD, Knowledge
from engine.knowledge.problems import Problem
from engine.knowledge.read import from_plain
from engine.knowledge.vocabulary import RECEIVED as RECEIVED_PHRASE
from engine.meaning import INPUT_KEYS
from engine.present import plain

PAPER, RECEIVED = "paper:", "received"
# Which right lets somebody record which evidence. What is not named here needs `facts.write`; nobody records `presumed`.
RIGHTS_FOR: Mapping[str, tuple[str, ...]] = {
    "presumed": (),
    "self_declared": ("facts.write", "case.open"),
    "rt_rw": ("check.rt_rw",),
    "kepala_dusun": ("check.kepala_dusun",),
    "village_letter": ("facts.write", "check.meeting"),
    "field_visit": ("check.office",),
    "registry": ("facts.write", "check.office"),
}
_RECORDED = ("facts.write",)


class Said(NamedTuple):
    """One thing to record: about a person, or (None) the household; a value of None takes back what was said before."""

    person: Person | None
    fact: str
    value: Any


class Circumstances(TypedDict, total=False):
    """What belongs to an observation besides its evidence.

    Attributes:
        observed_on: The day it was seen or told; None: today.
        document: The paper that shows it.
        attachment_id: The picture of that paper.
        case_id: For which case it was found out.
        note: What else there is to say.
    """

    observed_on: date | None
    document: str | None
    attachment_id: int | None
    case_id: int | None
    note: str | None


class Misread(Refused):
    """Values that the engine does not understand; `problems` by (subject, fact), as of a household file."""

    def __init__(self, problems: Mapping[tuple[str, str], Problem]) -> None:
        super().__init__("facts-misread", field=next(iter(problems))[1])
        self.problems = dict(problems)

    def said(self, lang: str) -> str:
        return " ".join(problem.sentence(lang) for problem in self.problems.values())


def observe(
    work: Work,
    knowledge: Knowledge,
    household: Household,
    person: Person | None,
    fact: str,
    value: Any,
    evidence: str,
    **more: Unpack[Circumstances],
) -> Observation | SecretObservation:
    """Record what was observed of one fact.

    Args:
        work: Whoever records it.
        knowledge: The edition whose facts may be told.
        household: Whose file it stands in.
        person: Whom it is about; None: the household.
        fact: A fact, `paper:<document>`, or `received`.
        value: As in a household file; for `received` a list as `active_services`. None takes back what was said before.
        evidence: How it is known; who may record it is the table above.
        more: When, for which case and by which paper (`Circumstances`).

    Raises:
        Misread: when the engine does not understand the value.
        NotAllowed, NotFound: when the actor may not say this, or not here.
        Refused: when the evidence or the day cannot be.
    """
    return observe_many(work, knowledge, household, [Said(person, fact, value)], evidence, **more)[0]


def observe_many(
    work: Work,
    knowledge: Knowledge,
    household: Household,
    said: Iterable[Said | tuple[Person | None, str, Any]],
    evidence: str,
    **more: Unpack[Circumstances],
) -> list[Observation | SecretObservation]:
    """Record many observations from one source, all or none of them (see `observe`)."""
    said = [Said(*one) for one in said]
    day, document = more.get("observed_on") or work.today, more.get("document")
    _may_record(work, knowledge, household, evidence)
    if day > work.today:
        raise Refused("facts-future", field="observed_on")
    if document is not None and document not in knowledge.papers:
        raise Refused("facts-unknown-paper", field="document", name=document)
    values = _understood(knowledge, household, said, day)
    secret = secret_names(knowledge, day)
    common = {
        **more,
        "household_id": household.id,
        "evidence": evidence,
        "observed_on": day,
        "recorded_at": work.now,
        "recorded_by": work.actor.name,
        "account_id": work.actor.account,
    }
    rows = []
    for one, value in zip(said, values, strict=True):
        about = {"person_id": one.person.id if one.person else None, "fact": one.fact}
        rows += [table(value=_text(kept), **about, **common) for table, kept in _shelved(one.fact, value, secret)]
    if any(isinstance(row, SecretObservation) for row in rows) and not knows_secrets(work, household):
        raise NotAllowed
    work.session.add_all(rows)
    work.session.flush()
    open_ = sorted({row.fact for row in rows if isinstance(row, Observation)})
    hidden = sum(isinstance(row, SecretObservation) for row in rows)
    details = {"facts": open_, "secret": hidden, "evidence": evidence, "observed_on": day.isoformat()}
    work.record("facts.observed", "household", household.id, **details)
    return rows


def evidence_for(work: Work, knowledge: Knowledge) -> list[str]:
    """Give the evidence that the actor may record, the surest first."""
    may = [one for one in knowledge.evidence.values() if _rights(work, one.name)]
    return [one.name for one in sorted(may, key=lambda one: -one.certainty)]


def knows_secrets(work: Work, household: Household) -> bool:
    """Say whether the actor may know of this household what only officers may know."""
    return may_see(work, household, "secrets.read")


def observed(work: Work, household: Household, secrets: bool) -> list[Observation | SecretObservation]:
    """Give everything that was ever observed of a household and whoever lives in it now, in the order it was recorded.

    What was observed of a person goes along with the person, and with an entry that was found to be the same person.
    """
    people = list(entries_of(work, work.session.scalars(select(Person.id).filter_by(household_id=household.id))))
    found: list[Observation | SecretObservation] = []
    for table in (Observation, SecretObservation) if secrets else (Observation,):
        own = and_(table.household_id == household.id, table.person_id.is_(None))
        found += work.session.scalars(select(table).where(or_(own, table.person_id.in_(people))))
    return sorted(found, key=lambda one: (one.recorded_at, isinstance(one, SecretObservation), one.id))


def entries_of(work: Work, people: Iterable[int]) -> dict[int, int]:
    """Give every entry that stands for one of some people, with that person: their own, and those merged into them."""
    found = {id_: id_ for id_ in people}
    new = list(found)
    while new:
        rows = work.session.execute(select(Person.id, Person.merged_into).where(Person.merged_into.in_(new))).all()
        new = [id_ for id_, _ in rows if id_ not in found]
        found |= {id_: found[into] for id_, into in rows if id_ in new}
    return found


@lru_cache(maxsize=8)
def secret_names(knowledge: Knowledge, day: date) -> frozenset[str]:
    """Give the facts, papers and services that only officers may know of, on a day."""
    return Compiler(knowledge).plan(day).officer_only


def _rights(work: Work, evidence: str) -> list[str]:
    return [right for right in RIGHTS_FOR.get(evidence, _RECORDED) if work.actor.may(right)]


def _may_record(work: Work, knowledge: Knowledge, household: Household, evidence: str) -> None:
    """Raise unless the actor may say something on this evidence about this household; an applicant speaks for itself."""
    if evidence not in knowledge.evidence:
        raise Refused("facts-unknown-evidence", field="evidence", name=evidence)
    if work.actor == APPLICANT:
        if evidence != knowledge.default_evidence:
            raise NotAllowed
        return
    rights = _rights(work, evidence)
    if not rights:
        raise NotAllowed
    if not any(may_see(work, household, right) for right in rights):
        raise NotFound


def _understood(knowledge: Knowledge, household: Household, said: Sequence[Said], day: date) -> list[Any]:
    """Give the values as the engine reads them. Raises: Misread, NotFound."""
    problems: dict[tuple[str, str], Problem] = {}
    values = []
    for one in said:
        if one.person is not None and one.person.household_id != household.id:
            raise NotFound
        subject = one.person.member if one.person else HOUSEHOLD
        fact = knowledge.facts.get(one.fact)
        if fact is not None and fact.format:
            raise Refused("facts-number", field=one.fact)
        value, found = _read(knowledge, household, subject, one, day)
        if found:
            problems[subject, one.fact] = found[0]
        values.append(value)
    if problems:
        raise Misread(problems)
    return values


def _read(knowledge: Knowledge, household: Household, subject: str, one: Said, day: date) -> tuple[Any, list[Problem]]:
    """Read one value as a household file with nothing else in it would be read."""
    member = subject != HOUSEHOLD
    data: dict[str, Any] = {"household": {}, "members": [{"id": person.member} for person in household.people]}
    if one.fact == RECEIVED:
        data["active_services"] = one.value
    else:
        paper = one.fact.removeprefix(PAPER) if one.fact.startswith(PAPER) else None
        inner = {paper: one.value} if paper else {one.fact: one.value}
        if member:
            data["members"] = [{"id": subject, **({"papers": inner} if paper else inner)}]
        else:
            data["papers" if paper else "household"] = inner
    found, problems = household_of(from_plain(data), knowledge, day)
    if found is None:
        return None, [problem for problem in problems if not problem.is_warning]
    if one.fact == RECEIVED:
        return None if one.value is None else _received(found.facts), []
    given = found.facts.get((subject, one.fact))
    return (None if given is None else plain(given.value)), []


def _received(facts: Mapping[tuple[str, str], Any]) -> list[Any]:
    """Give received aid as a household file names it, in one order."""
    mark = INPUT_KEYS[RECEIVED_PHRASE]
    listed = sorted((name.removeprefix(mark), of) for of, name in facts if name.startswith(mark))
    return [name if of == HOUSEHOLD else {"service": name, "subject": of} for name, of in listed]


def _shelved(fact: str, value: Any, secret: frozenset[str]) -> list[tuple[type, Any]]:
    """Say in which table a value is kept; of received aid what only officers may know is kept apart, with the rest."""
    if fact == RECEIVED and value:
        open_ = [one for one in value if service_of(one) not in secret]
        return [(Observation, open_), *([(SecretObservation, value)] if open_ != value else [])]
    return [(SecretObservation if fact.removeprefix(PAPER) in secret else Observation, value)]


def service_of(entry: Any) -> str:
    """Give the service of one entry of received aid."""
    return entry["service"] if isinstance(entry, dict) else entry


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def value_of(row: Observation | SecretObservation) -> Any:
    """Give the value of an observation as it stands in a household file."""
    return json.loads(row.value)
