"""A self-check that is handed in becomes a case with a number and a PIN: once, however often it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from casework.cases import floods, pins
from casework.cases.identities import Identity, faults, tidied
from casework.cases.intake import Intake
from casework.cases.models import Case, Submission
from casework.refusals import Refused
from casework.staff.actors import Actor
from casework.store.database import Database
from casework.store.keys import Keyring
from casework.store.work import Work
from engine.diagnosis import Office
from engine.household import Household

A_DAY = 1000
# For so long whoever sends the same again sees the PIN again; after that it is gone.
SHOWN_AGAIN = timedelta(minutes=15)
_MEANWHILE = ("register-kk-taken-meanwhile", "register-nik-taken-meanwhile")


@dataclass(frozen=True)
class Application:
    """What somebody hands in.

    Args:
        told: The household as it was told, in roles.
        services: What is asked for: pairs of a service and a role, or `household`.
        identity: Who it is; without `faults`.
        channel: `self`, `assisted` or `counter`.
        key: The same whenever the same answers are sent again.
        consent: The edition of the text that was agreed to.
        urgent: Why it cannot wait, in words.
    """

    told: Household
    services: Sequence[tuple[str, str]]
    identity: Identity
    channel: str
    key: str
    consent: str
    urgent: str | None = None


class Submitted(NamedTuple):
    """The case that came of it; the PIN only when it was made just now."""

    number: str
    pin: str | None


def hand_in(database: Database, actor: Actor, office: Office, application: Application) -> Submitted:
    """Make a case of what was told, or give the one that was made of it before.

    Args:
        database: Where; the whole is done at once, and once more when somebody else did the same in that moment.
        actor: The applicant, or who sits at the counter.
        office: The knowledge.
        application: What is handed in.

    Raises:
        Refused: at a field; `application-too-many`.
    """
    for left in (True, False):
        try:
            with database.work(actor) as work:
                return _submit(work, office, application)
        except (IntegrityError, Refused) as fault:
            if not left or (isinstance(fault, Refused) and fault.code not in _MEANWHILE):
                raise
    raise AssertionError


def _submit(work: Work, office: Office, sent: Application) -> Submitted:
    """Do what `hand_in` says, within a unit of work."""
    if (before := submitted_before(work, sent.key)) is not None:
        return before
    identity = tidied(sent.identity)
    faulty = faults(work, identity, sent.told, sent.services)
    if faulty:
        raise next(iter(faulty.values()))
    floods.take(work, "submission", A_DAY)
    case = Intake(work, office, sent.told, identity).case(sent.services, sent.channel, sent.urgent)
    pin = _pin_of(work.keys, sent.key)
    pins.set_pin(case, pin)
    submission = Submission(key=sent.key, case_id=case.id, consent=sent.consent, made_at=work.now)
    submission.seal(work.keys, "name", identity.name)
    submission.seal(work.keys, "phone", identity.phone)
    work.session.add(submission)
    work.session.flush()
    work.record("application.handed_in", "case", case.number, channel=sent.channel, consent=sent.consent)
    return Submitted(case.number, pin)


def submitted_before(work: Work, key: str) -> Submitted | None:
    """Give the case that was made of the same answers; its PIN too while that is fresh and still the one."""
    found = work.session.execute(
        select(Case, Submission.made_at).join(Submission, Submission.case_id == Case.id).where(Submission.key == key)
    ).one_or_none()
    if found is None:
        return None
    case, made_at = found
    pin = _pin_of(work.keys, key)
    fresh = work.now - made_at <= SHOWN_AGAIN and pins.fits(case, pin)
    return Submitted(case.number, pin if fresh else None)


def contact_of(work: Work, case: Case) -> tuple[str | None, str | None] | None:
    """Give the name and telephone of whoever handed a case in; None when it came otherwise. The caller may see the case."""
    found = work.session.scalars(select(Submission).where(Submission.case_id == case.id)).first()
    return found and (found.opened(work.keys, "name"), found.opened(work.keys, "phone"))


def _pin_of(keys: Keyring, key: str) -> str:
    """Make the PIN follow from the key, so that it can be shown once more without being kept."""
    return f"{int(keys.sign(f'pin:{key}'.encode()), 16) % 10**pins.DIGITS:0{pins.DIGITS}}"
