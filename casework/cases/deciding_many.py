"""Many proposals approved together: first what would happen, then each in a unit of work of its own."""

from collections.abc import Iterable
from typing import NamedTuple

from casework.cases import letters
from casework.cases.decisions import approve, barred, decision_of
from casework.cases.letter_blanks import Matter
from casework.cases.models import Decision
from casework.refusals import ChangedMeanwhile, Refused
from casework.staff.actors import Actor
from casework.store.database import Database
from casework.store.work import Work
from engine.diagnosis import Office

MOST = 200
_LETTER_OF = {"grant": "decision_granted", "decline": "decision_declined"}


class Pick(NamedTuple):
    """A proposal as it was shown."""

    id: int
    version: str


class Result(NamedTuple):
    """What becomes of one proposal, or why nothing; `letter` is the number of the letter that was written about it."""

    pick: Pick
    number: str
    name: str
    service: str
    proposal: str
    override: bool
    refused: Refused | None = None
    letter: str | None = None


def preview(work: Work, picks: Iterable[Pick]) -> list[Result]:
    """Say what approving them would do; what this actor cannot see is left out as not there."""
    return [one for pick in _some(picks) if (one := _looked_at(work, pick))]


def approve_all(
    database: Database,
    actor: Actor,
    office: Office,
    picks: Iterable[Pick],
    with_letters: bool = False,
    lang: str = "id",
) -> list[Result]:
    """Approve them one by one: whatever is refused or has changed does not stop the others.

    Args:
        with_letters: Write the letter of each decision along with it; about what only officers may know none is written.
        lang: Of the letters.
    """
    found = []
    for pick in _some(picks):
        with database.reading(actor) as work:
            looked = _looked_at(work, pick)
        if looked is not None:
            found.append(looked if looked.refused else _approved(database, actor, office, looked, with_letters, lang))
    return found


def _some(picks: Iterable[Pick]) -> list[Pick]:
    chosen = list(dict.fromkeys(picks))[:MOST]
    if not chosen:
        raise Refused("decision-none-chosen")
    return chosen


def _looked_at(work: Work, pick: Pick) -> Result | None:
    try:
        decision = decision_of(work, pick.id)
    except Refused:
        return None
    claim = decision.claim
    result = Result(
        pick, claim.case.number, claim.case.household.name, claim.service, decision.proposal, decision.override
    )
    return result._replace(refused=_refusal(work, decision, pick))


def _refusal(work: Work, decision: Decision, pick: Pick) -> Refused | None:
    if decision.outcome is not None or str(decision.version) != pick.version:
        return ChangedMeanwhile()
    code = barred(work, decision)
    return Refused(code) if code else None


def _approved(
    database: Database, actor: Actor, office: Office, looked: Result, with_letters: bool, lang: str
) -> Result:
    try:
        with database.work(actor) as work:
            decision = decision_of(work, looked.pick.id)
            approve(work, decision, version=looked.pick.version)
            if not with_letters or decision.claim.officer_only:
                return looked
            claim = decision.claim
            letter = letters.write(work, office, _LETTER_OF[decision.proposal], Matter(claim.case, claim), lang)
            looked = looked._replace(letter=letter.number)
    except Refused as refused:
        return looked._replace(refused=refused)
    return looked
