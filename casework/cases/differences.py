"""What another edition would say to the facts of a kept answer, and which change of the rules makes the difference.

The facts and the day are those of the answer, so that nothing but the rules can make a difference.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from casework.cases import editions
from casework.cases.diagnoses import as_told
from casework.cases.facts import household_in
from casework.cases.models import Case, StoredDiagnosis
from casework.refusals import Refused
from casework.staff.areas import sees
from casework.store.work import Work
from engine.change.edits import Edit
from engine.change.flips import ASPECTS, Answer, Detective, Why, answer_of, aspects
from engine.diagnosis import Diagnosis, Office
from engine.household import Household
from engine.knowledge.model import Knowledge

# Beside the claims of the case, so many changed answers are looked into: each may take seconds.
_LOOKED_INTO = 3
_ONE = "household"


class Change(NamedTuple):
    """One answer that differs; `whys` is empty where it was not looked into, or no edit alone explains it."""

    service: str
    subject: str
    claimed: bool
    before: Answer | None
    after: Answer | None
    aspects: tuple[str, ...]
    whys: tuple[Why, ...]


@dataclass(frozen=True)
class Difference:
    """Both editions, the edits between them that bear on the changes, and what comes out otherwise, claims first.

    `day` is the day both answered for; `readable` is False when today's edition does not understand the facts any more.
    """

    edition_then: str
    edition_now: str
    day: date
    readable: bool
    changes: tuple[Change, ...]
    edits: Mapping[tuple[str, str], Edit]
    old: Knowledge
    new: Knowledge

    @property
    def same(self) -> bool:
        return self.readable and not self.changes


def difference(work: Work, office: Office, stored: StoredDiagnosis) -> Difference:
    """Ask an edition what it says to the facts of a kept answer, on that day.

    What only officers may know is left out for whoever has no `secrets.read`.

    Args:
        work: Whoever wants to know.
        office: The edition to ask; mostly that in force.
        stored: The answer.

    Raises:
        NotFound: when the case lies outside of what the actor may see.
    """
    case = work.session.get_one(Case, stored.case_id)
    sees(work, case.household, "case.read")
    old = editions.office_of(work, stored.edition, office)
    document, public = as_told(work, stored)

    def household(_: str, knowledge: Knowledge) -> Household | None:
        try:
            found = household_in(knowledge, document)
        except Refused:
            return None
        return found.without(old.confidential | office.confidential) if public else found

    detective = Detective(old, office, household)
    before, after = detective.diagnosis(_ONE, frozenset()), detective.diagnosis(_ONE, None)
    changes = _changes(before, after, _claimed(case), public) if before and after else []
    changes = _looked_into(changes, detective)
    work.record("diagnosis.compared", "case", case.number, diagnosis=stored.id, edition=office.knowledge.edition)
    named = {key for one in changes for why in one.whys for cause in why.causes for key in cause.edits}
    return Difference(
        edition_then=stored.edition,
        edition_now=office.knowledge.edition,
        day=stored.day,
        readable=after is not None,
        changes=tuple(changes),
        edits={edit.key: edit for edit in detective.edits if edit.key in named},
        old=old.knowledge,
        new=office.knowledge,
    )


def _claimed(case: Case) -> set[tuple[str, str]]:
    return {claim.vertex for claim in case.claims}


def _changes(before: Diagnosis, after: Diagnosis, claimed: set[tuple[str, str]], public: bool) -> list[Change]:
    """Lay both answers side by side, the claims first, then what weighs most."""
    rows: dict[tuple[str, str], bool] = {}
    for row in (*before.rows, *after.rows):
        rows[row.vertex] = rows.get(row.vertex, False) or row.officer_only
    found = []
    for vertex, hidden in rows.items():
        was, is_ = (answer_of(one, *vertex) for one in (before, after))
        differing = aspects(was, is_)
        if differing and not (public and hidden):
            found.append(Change(*vertex, vertex in claimed, was, is_, differing, ()))
    return sorted(found, key=lambda one: (not one.claimed, ASPECTS.index(one.aspects[0]), one.service, one.subject))


def _looked_into(changes: list[Change], detective: Detective) -> list[Change]:
    """Find what is behind the weightiest thing that changed in an answer: mostly the rest follows from it."""
    found: list[Change] = []
    for one in changes:
        if one.claimed or sum(not other.claimed for other in found) < _LOOKED_INTO:
            whys: Any = detective.all_of(_ONE, one.service, one.subject, one.aspects[:1])
            one = one._replace(whys=tuple(whys))
        found.append(one)
    return found
