"""Who works in the tests' office and whom it serves: invented, with numbers whose serial `0000` nobody ever got."""

from datetime import date
from pathlib import Path

from casework.cases.models import Case, Claim
from casework.cases.numbers import next_number
from casework.lists.models import BeneficiaryList, Entry
from casework.people.models import Household, Person, Residence, Village
from casework.staff.actors import EVERYWHERE, Actor, Area, Post
from casework.staff.models import Account, AccountPost
from casework.store.work import Work

CHECKOUT = Path(__file__).resolve().parents[2]
VILLAGE, OTHER_VILLAGE = "35.06.07.2001", "35.06.08.2002"
PROGRAM = "perlindungan_jaminan_sosial"
HAMLET, RW, RT = "Dusun 1", "01", "02"


def actor(
    work: Work, role: str, area: Area = EVERYWHERE, programs: frozenset[str] = frozenset(), name: str = ""
) -> Actor:
    """Make an account with one post; gives who acts with it. The password is of no use."""
    name = name or f"{role} {area.village}".strip()
    post = AccountPost(role=role, **area._asdict(), programs=sorted(programs))
    account = Account(login=name.replace(" ", "."), name=name, password_hash="!", made_at=work.now, posts=[post])
    work.session.add(account)
    work.session.flush()
    return Actor(name, account.id, (Post(role, area, programs),))


def household(
    work: Work, *names: str, village: str = VILLAGE, hamlet: str = HAMLET, rw: str = RW, rt: str = RT, kk: str = ""
) -> Household:
    """Register a household of people with these names, born in 1980, 1981 and so on; the first is its head."""
    if work.session.get(Village, village) is None:
        work.session.add(Village(code=village))
        work.session.flush()
    home = Household(name=names[0], village=village, hamlet=hamlet, rw=rw, rt=rt, registered_at=work.now)
    if kk:
        home.seal(work.keys, "kk", kk)
    work.session.add(home)
    for year, name in enumerate(names, 1980):
        person = Person(name=name, birth_date=date(year, 3, 2), sex="P", household=home, registered_at=work.now)
        work.session.add(person)
        work.session.flush()
        place = {"village": village, "hamlet": hamlet, "rw": rw, "rt": rt}
        work.session.add(Residence(person_id=person.id, household_id=home.id, since=work.today, **place))
    work.session.flush()
    return home


def case(work: Work, home: Household, state: str = "open") -> Case:
    """Open a case of a household at the counter, in any state; it asks for nothing yet."""
    opened = Case(
        number=next_number(work, "case"),
        household=home,
        state=state,
        channel="counter",
        opened_at=work.now,
        opened_by="desk",
        moved_at=work.now,
    )
    work.session.add(opened)
    work.session.flush()
    return opened


def claim(
    work: Work,
    case: Case,
    service: str,
    person: Person | None = None,
    state: str = "open",
    program: str = PROGRAM,
    asked_on: date | None = None,
) -> Claim:
    """Let a case ask for a service, for the household unless a person is named."""
    asked = Claim(service=service, person=person, program=program, state=state, asked_on=asked_on or work.today)
    case.claims.append(asked)
    work.session.flush()
    return asked


def list_of(
    work: Work,
    service: str,
    state: str = "signed",
    since: date = date(2026, 1, 1),
    until: date = date(2026, 12, 31),
    revises: int | None = None,
) -> BeneficiaryList:
    """Make a list of a service in any state, with nobody on it; nothing is checked or held."""
    made = BeneficiaryList(
        number=next_number(work, "list"),
        service=service,
        program=PROGRAM,
        since=since,
        until=until,
        state=state,
        revises_id=revises,
        drafted_at=work.now,
        drafted_by="desk",
    )
    work.session.add(made)
    work.session.flush()
    return made


def entry(
    work: Work,
    on: BeneficiaryList,
    home: Household,
    person: Person | None = None,
    claim: Claim | None = None,
    amount: int | None = None,
) -> Entry:
    """Put a household, or a person of it, on a list as its last."""
    made = Entry(
        list=on,
        claim=claim,
        household=home,
        person=person,
        place="listed",
        rank=len(on.entries),
        asked_on=work.today,
        amount=amount,
    )
    work.session.add(made)
    work.session.flush()
    return made
