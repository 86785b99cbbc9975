"""What is claimed and what is verified: every told fact on which the services of a case rest, with how it is known."""

from collections.abc import Iterable
from dataclasses import dataclass

from casework.cases.checks import rests_on
from casework.cases.facts import standing_of
from casework.cases.models import Case, Claim
from casework.people.provenance import Settled
from casework.store.work import Work
from webapp.staff.case_words import CaseWords


@dataclass(frozen=True)
class Ground:
    """A fact: about whom, its value, how it is known; whether somebody has checked it, and whether sources disagree."""

    fact: str
    who: str
    value: str
    evidence: str
    checked: bool
    warned: bool


def grounds_of(work: Work, words: CaseWords, case: Case, claims: Iterable[Claim]) -> list[Ground]:
    """Give the facts behind the claims that the actor may see; first those that nobody has checked yet."""
    knowledge = words.office.knowledge
    names = frozenset().union(*(rests_on(knowledge, claim.service) for claim in claims)) & knowledge.facts.keys()
    standing = standing_of(work, words.office, case.household, secrets=work.actor.may("secrets.read"))
    found = [
        _ground(words, case, subject, name, settled)
        for (subject, name), settled in standing.settled.items()
        if name in names and (settled.certainty or settled.warning)
    ]
    return sorted(found, key=lambda one: (not one.warned, one.checked, one.who, one.fact))


def _ground(words: CaseWords, case: Case, subject: str, name: str, settled: Settled) -> Ground:
    evidence = words.office.knowledge.evidence
    told = evidence.get(words.office.knowledge.default_evidence or "")
    known = evidence.get(settled.evidence or "")
    return Ground(
        fact=words.speaker.label(name),
        who=words.subject(case.household.people, subject),
        value=words.value(name, settled.value),
        evidence=known.label.in_(words.lang) if known else words.word("cases_disagree"),
        checked=bool(known and told and settled.certainty > told.certainty),
        warned=settled.warning is not None,
    )
