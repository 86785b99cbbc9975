"""Objections (sanggah) and the wish that a human looks again: who may bring them, by when they are answered, what follows.

Anybody may object, and whoever does is protected: the name is sealed and only seen by those who answer. An objection
never takes aid away. When it is upheld, the case goes back to be checked; what becomes of the aid is decided anew.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select, true

from casework.cases.deadlines import add_working_days
from casework.cases.models import Case, Claim, Objection
from casework.cases.numbers import next_number
from casework.lists.models import Entry
from casework.people.models import Household
from casework.refusals import NotFound, Refused
from casework.staff.areas import households_of
from casework.store.work import Work
from engine.knowledge.model import Knowledge
from engine.population_number import without_numbers

RIGHT, SECRETS = "objection.answer", "secrets.read"
KINDS = ("objection", "review")
CHANNELS = ("self", "assisted", "counter", "phone")
# Upheld: the objection is right. Checked again: the desk cannot tell, so it is looked at on the spot.
OUTCOMES = ("upheld", "checked_again", "rejected")
ANSWER_DAYS = "objection_answer_days"
LONGEST = 4000


class Objector(NamedTuple):
    """Who objected and how to reach them, as far as they said."""

    name: str | None
    contact: str | None


def file_objection(
    work: Work,
    knowledge: Knowledge,
    kind: str,
    text: str,
    *,
    channel: str,
    case: Case | None = None,
    claim: Claim | None = None,
    entry: Entry | None = None,
    objector: str | None = None,
    contact: str | None = None,
) -> Objection:
    """Take an objection in. Anybody may; no right is asked for, and whoever calls has found the case.

    Args:
        work: The unit of work, of an applicant, of staff, or of the system for an unnamed visitor.
        knowledge: Says within how many working days it is answered.
        kind: `objection`, or `review`: the applicant wants a human to look again (needs a case or a claim).
        text: What is wrong, in the objector's words; whole NIK and KK numbers in it are kept masked.
        channel: `self`, `assisted`, `counter` or `phone`.
        case: The case it is about; follows from the claim.
        claim: The claim it is about; follows from the entry.
        entry: The entry of a list it is about.
        objector: Who objects; kept sealed. None: unnamed.
        contact: How to reach them; kept sealed.

    Raises:
        Refused: `objection-kind`, `objection-channel`, `objection-empty`, `objection-long`, `objection-of-what`.
    """
    said = _said(text)
    claim = claim or (entry.claim if entry else None)
    case = case or (claim.case if claim else None)
    _require_known(kind, KINDS, "objection-kind", "kind")
    _require_known(channel, CHANNELS, "objection-channel", "channel")
    if kind == "review" and case is None:
        raise Refused("objection-of-what", "case")
    objection = Objection(
        number=next_number(work, "objection"),
        kind=kind,
        case_id=case and case.id,
        claim_id=claim and claim.id,
        entry_id=entry and entry.id,
        text=said,
        channel=channel,
        received_at=work.now,
        due_on=_due(knowledge, work.today),
        state="open",
    )
    objection.seal(work.keys, "objector", _or_none(objector))
    objection.seal(work.keys, "contact", _or_none(contact))
    work.session.add(objection)
    work.session.flush()
    work.record("objection.filed", "objection", objection.number, kind=kind, channel=channel, case=_number(case))
    return objection


def _said(text: str) -> str:
    said = without_numbers(text.strip())
    if not said:
        raise Refused("objection-empty", "text")
    if len(said) > LONGEST:
        raise Refused("objection-long", "text", longest=LONGEST)
    return said


def _require_known(word: str, known: Sequence[str], code: str, field: str) -> None:
    if word not in known:
        raise Refused(code, field)


def _due(knowledge: Knowledge, day: date) -> date | None:
    """Give the day by which an answer is due; None while no number of days is in force."""
    parameter = knowledge.parameters.get(ANSWER_DAYS)
    amount = parameter and parameter.on(day)
    return add_working_days(knowledge, day, int(amount.value)) if amount else None


def _or_none(text: str | None) -> str | None:
    return (text or "").strip() or None


def _number(case: Case | None) -> str | None:
    return case.number if case else None
