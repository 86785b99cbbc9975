"""Which facts are worth checking for a case, by whom: only those on which its answer rests, or that could still change it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from casework.cases.diagnoses import answer_of, latest
from casework.cases.facts import standing_of
from casework.cases.models import Case
from casework.people.models import Person
from casework.store.work import Work
from engine.diagnosis import Office
from engine.knowledge.dependencies import closure, reads_of_everything
from engine.knowledge.model import HOUSEHOLD, Fact, Knowledge
from engine.knowledge.vocabulary import Vocabulary

# Who checks, and what their word counts as (`knowledge_base/evidence.yaml`).
EVIDENCE = {
    "rt_rw": "rt_rw",
    "kepala_dusun": "kepala_dusun",
    "meeting": "village_letter",
    "office": "field_visit",
}


@dataclass(frozen=True)
class Check:
    """One fact to look at: about whom, and what is said so far (value and evidence None: nothing).

    `is_own`: this level's word makes it surer. Else it only is not known yet, and the family can say it.
    """

    subject: str
    person: Person | None
    fact: Fact
    value: Any = None
    evidence: str | None = None
    is_own: bool = True

    @property
    def key(self) -> tuple[str, str]:
        return self.subject, self.fact.name


def checks_of(work: Work, office: Office, case: Case, level: str) -> list[Check]:
    """Give what one level is asked to look at for a case, by its latest diagnosis; nothing that only officers may know.

    That is what the answers about its services rest on, where this level can make it surer; and what is not known yet and
    could still change them, where this level can see it or the family can say it.

    Args:
        work: Whoever looks; their area was checked by the caller.
        office: The edition in force.
        case: The case; without a diagnosis there is nothing to check.
        level: A key of EVIDENCE.
    """
    stored = latest(work, case)
    if stored is None:
        return []
    standing = standing_of(work, office, case.household, secrets=False)
    told = [key for key, one in standing.settled.items() if one.certainty]
    wanted = _wanted(office.knowledge, answer_of(work, stored), case, told)
    people = {one.member: one for one in case.household.people}
    found = []
    for subject, name in _in_order(office.knowledge, people, wanted):
        fact, settled = office.knowledge.facts[name], standing.settled.get((subject, name))
        value = settled.value if settled and settled.certainty else None
        if _is_for(office.knowledge, fact, level, settled.certainty if settled else 0.0, value is not None):
            own = _verifies(level, fact)
            found.append(Check(subject, people.get(subject), fact, value, settled and settled.evidence, own))
    return found


def _wanted(
    knowledge: Knowledge, answer: Mapping[str, Any], case: Case, told: Iterable[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Give the (subject, fact) that the answers about the case's services rest on or wait for.

    While an answer is open the engine does not say what to verify; then everything told counts on which the service rests.
    """
    asked = {claim.vertex for claim in case.claims if not claim.officer_only}
    found: set[tuple[str, str]] = set()
    for row in answer["services"]:
        if (row["service"], row["subject"]) in asked and not row["officer_only"]:
            found |= {(one["subject"], one["fact"]) for one in (*row["verify"], *row["missing"])}
            if row["outcome"] == "unknown":
                below, mine = rests_on(knowledge, row["service"]), {HOUSEHOLD, row["subject"]}
                everybody = row["subject"] == HOUSEHOLD
                found |= {key for key in told if key[1] in below and (everybody or key[0] in mine)}
    return found


@lru_cache(maxsize=256)
def rests_on(knowledge: Knowledge, service: str) -> frozenset[str]:
    """Give every name on which a service rests, however deep."""
    return frozenset(closure(_reads(knowledge), {service}))


@lru_cache(maxsize=4)
def _reads(knowledge: Knowledge) -> Mapping[str, set[str]]:
    return reads_of_everything(Vocabulary(knowledge))


def _in_order(knowledge: Knowledge, people: Iterable[str], wanted: set[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Give them by subject, the household first, in the order of the schema; papers and received aid are not looked at."""
    for subject in (HOUSEHOLD, *people):
        for name in knowledge.facts:
            if (subject, name) in wanted:
                yield subject, name


def _is_for(knowledge: Knowledge, fact: Fact, level: str, certainty: float, is_known: bool) -> bool:
    if fact.computed or fact.format or fact.sensitive == "officer_only":
        return False
    if is_known:
        return _verifies(level, fact) and certainty < knowledge.evidence[EVIDENCE[level]].certainty
    return level != "meeting" and (_verifies(level, fact) or fact.answered_by == "applicant")


def _verifies(level: str, fact: Fact) -> bool:
    return EVIDENCE[level] in {word.text for word in fact.verified_by}
