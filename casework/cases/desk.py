"""What an officer does with a case beside moving it: take it on, write notes, hand a claim to another Bidang, refer."""

from sqlalchemy import func, select

from casework.cases.diagnoses import may_see
from casework.cases.models import Case, Claim, Contact, Note, Referral, Transfer
from casework.cases.numbers import next_number
from casework.refusals import NotAllowed, NotFound, Refused
from casework.staff.actors import Area
from casework.staff.models import Account, AccountPost
from casework.staff.rights import ROLES
from casework.store.work import Work
from engine.knowledge.model import Knowledge
from engine.population_number import without_numbers

CONTACTS = ("self", "assisted", "counter", "phone", "visit")
# Times that cost the applicant or the office a way.
VISITS = frozenset({"counter", "visit"})
LONGEST = 2000
_WORKING = ("case.open", "check.office")


def add_note(work: Work, case: Case, text: str) -> Note:
    """Write a note; whole NIK and KK numbers in it are kept masked. Raises: Refused `case-note`."""
    _may_work(work, case)
    note = Note(case_id=case.id, text=_words(text, "text"), written_at=work.now, written_by=work.actor.name)
    work.session.add(note)
    work.record("case.note", "case", case.number)
    return note


def add_contact(work: Work, case: Case, channel: str, note: str | None = None) -> Contact:
    """Write down that the applicant was in touch, or was visited. Raises: Refused `case-channel`."""
    _may_work(work, case)
    if channel not in CONTACTS:
        raise Refused("case-channel", "channel")
    text = without_numbers(note.strip())[:LONGEST] if note else None
    contact = Contact(case_id=case.id, channel=channel, at=work.now, by=work.actor.name, note=text or None)
    work.session.add(contact)
    work.record("case.contact", "case", case.number, channel=channel)
    return contact


def visits(work: Work, case: Case) -> int:
    """Count how often somebody had to come or go for a case."""
    mine = select(func.count(Contact.id)).where(Contact.case_id == case.id, Contact.channel.in_(VISITS))
    return work.session.scalar(mine) or 0


def assign(work: Work, target: Case | Claim, account_id: int | None) -> None:
    """Give a case or a claim to a person who may work on it there, or to nobody.

    Raises:
        NotAllowed: when the actor may not work on it.
        Refused: `case-assignee`, when that person may not.
    """
    is_case = isinstance(target, Case)
    case = target if is_case else target.case
    programs = {one.program for one in (case.claims if is_case else [target])}
    _may_work(work, case)
    if account_id is not None and account_id not in {one.id for one in assignees(work, case, programs)}:
        raise Refused("case-assignee", "account")
    target.assigned_to = account_id
    work.record("case.assigned", "case", case.number, account=account_id)


def assignees(work: Work, case: Case, programs: set[str]) -> list[Account]:
    """Give who may work on a case of these programs: desk and Bidang staff whose posts reach it, by name."""
    roles = [role for role, rights in ROLES.items() if rights & set(_WORKING)]
    home = case.household
    place = home.village, home.hamlet, home.rw, home.rt
    posts = select(Account, AccountPost).join(AccountPost, AccountPost.account_id == Account.id)
    rows = work.session.execute(posts.where(Account.active.is_(True), AccountPost.role.in_(roles)))
    found = {}
    for account, row in rows:
        if Area(row.village, row.hamlet, row.rw, row.rt).covers(*place) and (
            not row.programs or programs & set(row.programs)
        ):
            found[account.id] = account
    return sorted(found.values(), key=lambda one: one.name)


def transfer(work: Work, knowledge: Knowledge, claim: Claim, program: str, reason: str) -> Transfer:
    """Hand a claim to another Bidang; whoever had it is done with it. Raises: Refused, NotAllowed."""
    _may_work(work, claim.case, claim.program)
    if program not in knowledge.programs or program == claim.program:
        raise Refused("case-program", "program")
    if not reason.strip():
        raise Refused("case-needs-reason", "reason")
    handed = Transfer(
        claim_id=claim.id,
        before=claim.program,
        after=program,
        reason=_words(reason, "reason"),
        at=work.now,
        by=work.actor.name,
    )
    work.session.add(handed)
    claim.program, claim.assigned_to = program, None
    work.record(
        "claim.transferred", "case", claim.case.number, service=claim.service, before=handed.before, after=program
    )
    return handed


def refer(work: Work, case: Case, to: str, reason: str, claim: Claim | None = None) -> Referral:
    """Write a slip that sends the applicant to somebody else. Raises: Refused, NotAllowed."""
    _may_work(work, case)
    if not to.strip():
        raise Refused("case-refer-to", "to")
    if not reason.strip():
        raise Refused("case-needs-reason", "reason")
    referral = Referral(
        number=next_number(work, "referral"),
        case_id=case.id,
        service=claim.service if claim else None,
        to=_words(to, "to"),
        reason=_words(reason, "reason"),
        at=work.now,
        by=work.actor.name,
    )
    work.session.add(referral)
    work.session.flush()
    work.record("case.referred", "case", case.number, referral=referral.number)
    return referral


def referrals_of(work: Work, case: Case) -> list[Referral]:
    """Give the slips of a case, without those about a service that the actor may not know of."""
    hidden = {claim.service for claim in case.claims if not may_see(work, claim)}
    found = work.session.scalars(select(Referral).where(Referral.case_id == case.id).order_by(Referral.id))
    return [one for one in found if one.service not in hidden]


def referral_of(work: Work, case: Case, number: str) -> Referral:
    """Give a slip of a case. Raises: NotFound."""
    referral = next((one for one in referrals_of(work, case) if one.number == number), None)
    if referral is None:
        raise NotFound
    return referral


def reads_notes(work: Work) -> bool:
    """Say whether the actor may read what officers write to each other: whoever only checks in the village may not."""
    return any(work.actor.may(right) for right in (*_WORKING, "decision.decide", "objection.answer"))


def _may_work(work: Work, case: Case, program: str | None = None) -> None:
    """Raise unless the actor works on cases there: at the desk or in the Bidang."""
    home, actor = case.household, work.actor
    place = home.village, home.hamlet, home.rw, home.rt
    posts = [post for right in _WORKING for post in actor.posts_for(right) if post.area.covers(*place)]
    if program is not None:
        posts = [post for post in posts if not post.programs or program in post.programs]
    if not actor.everything and not posts:
        raise NotAllowed


def _words(text: str, field: str) -> str:
    said = without_numbers(text.strip())
    if not said or len(said) > LONGEST:
        raise Refused("case-note", field, longest=LONGEST)
    return said
