"""What the case page shows on one screen: who, what is asked, what is verified, what the engine says and why, what is next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from casework.cases import desk, moving, tasks
from casework.cases.diagnoses import Step, answer_of, before_and_after, latest
from casework.cases.family import aid_of_family
from casework.cases.history import history_of
from casework.cases.models import Case, Claim
from casework.cases.transitions import Transition
from casework.people.models import Household, Person
from casework.refusals import Refused
from casework.staff.accounts import names_of
from casework.store.work import Work
from engine.knowledge.model import HOUSEHOLD
from engine.words import percent
from webapp.staff.case_grounds import grounds_of
from webapp.staff.case_reasons import reasons_of
from webapp.staff.case_words import CaseWords, shown

# Ways that are gone on a page of their own: a task, a meeting, a decision.
_ELSEWHERE = frozenset({"checked", "minutes", "proposal", "granted", "declined", "sent_back"})


@dataclass(frozen=True)
class Way:
    """One thing to do next: the way, and the sentence that says what is still missing (None: it can be done)."""

    way: Transition
    missing: str | None

    @property
    def wants_reason(self) -> bool:
        return "reason" in self.way.needs

    @property
    def wants_paper(self) -> bool:
        return "handed_over" in self.way.needs


@dataclass(frozen=True)
class ClaimView:
    """A claim with what the engine says of it."""

    claim: Claim
    status: str
    sureness: str
    lines: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    verify: tuple[str, ...]
    certainty: tuple[tuple[str, str], ...]
    ways: tuple[Way, ...]
    advice: str | None
    conflicts: tuple[str, ...]


def case_view(work: Work, case: Case) -> dict[str, Any]:
    """Give everything that the page shows of a case besides the parts of other rooms."""
    words = CaseWords.of(work)
    stored = latest(work, case)
    answer = answer_of(work, stored) if stored else {"services": []}
    rows = {(row["service"], row["subject"]): row for row in answer["services"]}
    steps = before_and_after(work, case)
    claims = [_claim(work, words, case, claim, rows, steps) for claim in shown(work, case)]
    return {
        "case": case,
        "words": words,
        "stored": stored,
        "people": _people(case.household),
        "claims": claims,
        "grounds": grounds_of(work, words, case, [one.claim for one in claims]),
        "ways": _ways(work, words, case),
        "family": aid_of_family(work, words.office, case.household),
        "tasks": tasks.of_case(work, case),
        "history": history_of(work, case, [one.claim for one in claims]),
        "visits": desk.visits(work, case),
        "referrals": desk.referrals_of(work, case),
        "assignees": desk.assignees(work, case, {one.program for one in case.claims}),
        "assignee": names_of(work, [case.assigned_to]).get(case.assigned_to),
        "programs": [(name, words.program(name)) for name in words.office.knowledge.programs],
        "contacts": desk.CONTACTS,
        "works_on": any(work.actor.may(right) for right in ("case.open", "check.office")),
    }


def _people(home: Household) -> list[Person]:
    return [one for one in home.people if one.merged_into is None]


def _claim(
    work: Work,
    words: CaseWords,
    case: Case,
    claim: Claim,
    rows: Mapping[tuple[str, str], dict[str, Any]],
    steps: Iterable[Step],
) -> ClaimView:
    row = rows.get(claim.vertex, {})
    people = case.household.people
    return ClaimView(
        claim=claim,
        status=words.status(claim.status),
        sureness=percent(claim.cf, words.lang) if claim.cf else "",
        lines=tuple(reasons_of(words.speaker, row)),
        missing=tuple(_inputs(words, people, row.get("missing", ()))),
        verify=tuple(_verify(words, people, row)),
        certainty=tuple(_certainty(words, claim, steps)),
        ways=tuple(_ways(work, words, case, claim)),
        advice=row.get("advice"),
        conflicts=tuple(words.service(name) for name in row.get("conflicts", ())),
    )


def _inputs(words: CaseWords, people: Iterable[Person], entries: Iterable[Mapping[str, str]]) -> Iterable[str]:
    """Name facts, each once, with the people they are about."""
    of: dict[str, list[str]] = {}
    for one in entries:
        names = of.setdefault(words.speaker.label(one["fact"].partition(":")[2] or one["fact"]), [])
        if one["subject"] != HOUSEHOLD:
            names.append(words.subject(people, one["subject"]))
    return [f"{label} ({', '.join(names)})" if names else label for label, names in of.items()]


def _verify(words: CaseWords, people: Iterable[Person], row: Mapping[str, Any]) -> Iterable[str]:
    for one in row.get("verify", ()):
        name = next(iter(_inputs(words, people, [one])))
        best = words.office.knowledge.evidence[one["best"]].label.in_(words.lang)
        yield words.word("cases_verify", fact=name, best=best, then=percent(one["cf_then"], words.lang))


def _certainty(words: CaseWords, claim: Claim, steps: Iterable[Step]) -> Iterable[tuple[str, str]]:
    """Say how sure the answer was on each occasion; what did not change anything is left out."""
    last = None
    for step in steps:
        standing = step.claims.get(claim.id)
        if standing is None or standing.cf is None:
            continue
        said = (
            f"{percent(standing.cf, words.lang)} {words.status(standing.status)}"
            if standing.cf
            else words.status(standing.status)
        )
        if said != last:
            yield words.occasion(step.occasion), said
        last = said


def _ways(work: Work, words: CaseWords, case: Case, claim: Claim | None = None) -> list[Way]:
    """Give what can be done right here, each with what is missing for it."""
    return [
        Way(way, Refused(missing).said(words.lang) if missing else None)
        for way, missing in moving.ways(work, case, claim)
        if not _ELSEWHERE & {*way.needs} and missing != "case-needs-straight"
    ]
