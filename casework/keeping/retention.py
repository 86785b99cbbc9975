"""What must not be kept for ever: households are erased five years after their last case, or at their request (UU 27/2022).

Erased is what says something about people: names, numbers, days of birth, addresses, facts, papers, letters, words. What
remains is nameless: that there was a case, how it was decided, what was paid; the office answers for money longer.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import delete, exists, or_, select, update

from casework.cases.models import (
    Case,
    Claim,
    Contact,
    Decision,
    Letter,
    MeetingItem,
    Move,
    Note,
    Objection,
    PaperReceived,
    PaperRequest,
    Referral,
    StoredDiagnosis,
    Submission,
    Task,
    Transfer,
)
from casework.lists.models import BeneficiaryList, Entry
from casework.people.models import (
    Attachment,
    BankAccount,
    Erasure,
    Household,
    Likeness,
    NameWord,
    Observation,
    Person,
    Residence,
    SecretObservation,
)
from casework.refusals import NotFound, Refused
from casework.store import guards
from casework.store.database import Database
from casework.store.work import Work

YEARS = 5
ERASED = "—"


def run(database: Database, apply: bool) -> dict[str, Any]:
    """Say which households are due, or erase them, each in its own transaction; gives a report without names."""
    with database.reading() as work:
        households = due(work)
    reports = []
    for household in households if apply else ():
        with database.work() as work:
            reports.append(erase(work, household, f"{YEARS} years after the last case"))
    return {"due": households, "erased": reports}


def due(work: Work) -> list[int]:
    """Give the households whose last case was closed so long ago, and who stand on no list of today."""
    long_ago = work.now.replace(year=work.now.year - YEARS, day=min(work.now.day, 28))
    of_household = select(Case.id).where(Case.household_id == Household.id)
    late = of_household.where(or_(Case.closed_at.is_(None), Case.closed_at >= long_ago))
    found = select(Household.id).where(exists(of_household), ~exists(late), ~_on_a_list(work.today))
    already = set(work.session.scalars(select(Erasure.about)))
    return [id_ for id_ in work.session.scalars(found.order_by(Household.id)) if _about(id_) not in already]


def erase(work: Work, household_id: int, ground: str, requested: bool = False) -> dict[str, Any]:
    """Erase what is known of a household.

    Args:
        household_id: Whose.
        ground: Why, for the report.
        requested: Its people asked for it.

    Returns:
        The report: numbers of rows by what became of them.

    Raises:
        Refused: while it stands on a list or has an open case (`erase-open`): the office still needs it.
    """
    session = work.session
    household = session.get(Household, household_id)
    if household is None:
        raise NotFound
    open_case = exists(select(Case.id).where(Case.household_id == household_id, Case.closed_at.is_(None)))
    listed = select(Household.id).where(Household.id == household_id, _on_a_list(work.today))
    if session.scalar(select(open_case)) or session.scalar(listed) is not None:
        raise Refused("erase-open")
    people = session.scalars(select(Person).where(Person.household_id == household_id)).all()
    cases = session.scalars(select(Case.id).where(Case.household_id == household_id)).all()
    with guards.erasing(session):
        report = {
            "deleted": _delete(work, household_id, [one.id for one in people], cases),
            "nameless": _make_nameless(work, household, people, cases),
        }
    session.add(
        Erasure(
            about=_about(household_id),
            ground=ground,
            report=report,
            done_at=work.now,
            done_by=work.actor.name,
            requested=requested,
        )
    )
    work.record("household.erased", "household", household_id, ground=ground, **report)
    return {"household": household_id, **report}


def _delete(work: Work, household_id: int, people: list[int], cases: Iterable[int]) -> dict[str, int]:
    """Take out the rows of which nothing nameless would remain."""
    doomed = [
        *((table, table.household_id == household_id) for table in (Observation, SecretObservation)),
        *((table, table.person_id.in_(people)) for table in (NameWord, Residence)),
        (Likeness, or_(Likeness.one_id.in_(people), Likeness.other_id.in_(people))),
        *(
            (table, table.case_id.in_(cases))
            for table in (Note, Contact, PaperRequest, PaperReceived, Letter, Task, Submission)
        ),
    ]
    return {
        table.__tablename__: work.session.execute(delete(table).where(condition)).rowcount
        for table, condition in doomed
    }


def _make_nameless(work: Work, household: Household, people: Iterable[Person], cases: list[int]) -> dict[str, int]:
    """Take the words, names and numbers out of the rows that the office answers for."""
    session, keys = work.session, work.keys
    household.name, household.address = ERASED, None
    household.seal(keys, "kk", None)
    for person in people:
        person.name, person.mother_name, person.birth_date, person.relation = ERASED, None, None, None
        person.seal(keys, "nik", None)
    ids = [person.id for person in people]
    accounts = session.scalars(select(BankAccount).where(BankAccount.person_id.in_(ids))).all()
    for account in accounts:
        account.holder = ERASED
        account.seal(keys, "number", "")
    diagnoses = session.scalars(select(StoredDiagnosis).where(StoredDiagnosis.case_id.in_(cases))).all()
    for diagnosis in diagnoses:
        for field in StoredDiagnosis.SEALED:
            diagnosis.seal(keys, field, b"")
    attachments = session.scalars(
        select(Attachment).where(or_(Attachment.household_id == household.id, Attachment.case_id.in_(cases)))
    ).all()
    for attachment in attachments:
        attachment.name, attachment.size, attachment.sha256 = ERASED, 0, ""
        attachment.seal(keys, "content", b"")
    claims = select(Claim.id).where(Claim.case_id.in_(cases))
    for objection in session.scalars(select(Objection).where(Objection.case_id.in_(cases))):
        objection.text, objection.answer = ERASED, None
        objection.seal(keys, "objector", None)
        objection.seal(keys, "contact", None)
    words = [
        update(Move).where(Move.case_id.in_(cases)).values(reason=None),
        update(Transfer).where(Transfer.claim_id.in_(claims)).values(reason=ERASED),
        update(Referral).where(Referral.case_id.in_(cases)).values(reason=ERASED),
        update(MeetingItem).where(MeetingItem.case_id.in_(cases)).values(reason=None),
        update(Decision).where(Decision.claim_id.in_(claims)).values(reason=None, outcome_reason=None),
        update(Entry).where(Entry.household_id == household.id).values(reason=None),
        update(Case).where(Case.id.in_(cases)).values(pin_hash=None),
    ]
    for statement in words:
        session.execute(statement.execution_options(synchronize_session=False))
    return {
        "people": len(ids),
        "bank_accounts": len(accounts),
        "diagnoses": len(diagnoses),
        "attachments": len(attachments),
        "cases": len(cases),
    }


def _about(household_id: int) -> str:
    return f"household {household_id}"


def _on_a_list(today: date) -> Any:
    return exists(
        select(Entry.id)
        .join(BeneficiaryList, BeneficiaryList.id == Entry.list_id)
        .where(Entry.household_id == Household.id, Entry.place != "removed", BeneficiaryList.until >= today)
    )
