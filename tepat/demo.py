"""An invented office to try things out in: accounts of every role, and the sample families with cases under way.

Nobody in it lives anywhere. Villages are known by their codes only; the numbers of population registration have the
serial `0000`, which is never given out.
"""

import os
from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path

from sqlalchemy import func, select

from casework.cases.diagnoses import diagnose
from casework.cases.meetings import Item, record_meeting
from casework.cases.models import Case, Task
from casework.cases.opening import open_case, submit
from casework.cases.tasks import confirm
from casework.people.models import Household as Registered
from casework.people.models import Person, Village
from casework.people.observations import PAPER, RECEIVED, Said, observe_many
from casework.people.places import Place
from casework.people.register import HouseholdEntry, PersonEntry, register_household, register_person
from casework.staff.accounts import Made, make_account
from casework.staff.actors import EVERYWHERE, Area, Post
from casework.staff.models import Account
from casework.store.database import Database
from casework.store.work import Work
from engine.diagnosis import Office
from engine.household import Household
from engine.household_files import read_households
from engine.knowledge.model import HOUSEHOLD
from engine.meaning import INPUT_KEYS
from engine.present import plain
from engine.samples import sample_files

VILLAGES = ("35.06.07.2001", "35.06.08.2001")
RT = Area(VILLAGES[0], "Dusun 1", "01", "02")
DUSUN = Area(VILLAGES[0], "Dusun 1")
POSTS = {
    "loket": Post("applicant_desk"),
    "rt": Post("rt_rw", RT),
    "kadus": Post("kepala_dusun", DUSUN),
    "desa": Post("village_operator", Area(VILLAGES[0])),
    "linjamsos": Post("bidang_staff", EVERYWHERE, frozenset({"perlindungan_jaminan_sosial", "penanganan_bencana"})),
    "rehsos": Post("bidang_staff", EVERYWHERE, frozenset({"rehabilitasi_sosial", "penanganan_migran_korban"})),
    "dayasos": Post("bidang_staff", EVERYWHERE, frozenset({"pemberdayaan_sosial", "pengelolaan_tmp"})),
    "kadin": Post("head"),
    "ppid": Post("ppid"),
    "kebijakan": Post("policy_officer"),
    "analis": Post("analyst"),
    "admin": Post("administrator"),
}
FAMILIES = (
    *(
        "keluarga-h01",
        "keluarga-h03",
        "keluarga-h08",
        "keluarga-h09",
        "keluarga-kursi-roda",
        "keluarga-jawaban-sendiri",
    ),
    *("keluarga-h03-telantar", "keluarga-h08-desil-7"),
)
WOMEN = ("Suparmi", "Wagiyem", "Katinah", "Sulastri", "Rukmini", "Tumirah", "Sarinah", "Kasmini")
MEN = ("Paijo", "Ponimin", "Sukardi", "Mulyono", "Suyatno", "Kasiman", "Tukiran", "Wagimin")
_MOST_CLAIMS = 3


def settle_in(database: Database, office: Office, samples: Path, var: Path, say: Callable[[str], object]) -> None:
    """Fill an empty database; one in which somebody works already is left alone.

    Args:
        database: The database.
        office: The knowledge that cases stand on.
        samples: The folder of the sample families.
        var: Where the passwords are written, for the owner of the process only.
        say: Tells a person where they are.
    """
    file = var / "demo-accounts.txt"
    with database.work() as work:
        if work.session.scalar(select(func.count()).select_from(Account)):
            return
        for village in VILLAGES:
            work.session.add(Village(code=village))
        work.session.flush()
        made = [_account(work, login, post) for login, post in POSTS.items()]
        families = _families(office, samples, work.today)
        for number, family in enumerate(families):
            _apply(work, office, family, number)
        work.record("demo.settled", "office", "demo", households=len(families))
    _write(file, made)
    say(f"An invented office was settled in; its accounts stand in {file}")


def _account(work: Work, login: str, post: Post) -> Made:
    return make_account(work, login, f"Contoh {login}", [post])


def _families(office: Office, samples: Path, today: date) -> list[Household]:
    found = {
        one.id: one
        for path in sample_files([samples / "keluarga"])
        for one in read_households(path, office.knowledge, today)
    }
    return [found[name] for name in FAMILIES if name in found]


def _apply(work: Work, office: Office, family: Household, number: int) -> None:
    """Register a family as if it had just been at the counter, and hand in what it may be proposed for."""
    place = Place(VILLAGES[number % 2], "Dusun 1", "01", f"{number % 4 + 1:02}")
    kk = f"350607{number + 1:02}03150000"
    home = register_household(work, office.knowledge, HouseholdEntry(place, kk), confirmed=None)
    people = _people(work, office, home, family, number)
    for evidence, said in _said(office, family, people).items():
        observe_many(work, office.knowledge, home, said, evidence)
    asked = _worth_asking(office, family, people)
    if asked:
        case = open_case(work, office, home, asked, "counter")
        diagnose(work, office, case, "opened")
        submit(work, office, case)
        _go_on(work, office, case, number // 2)


def _go_on(work: Work, office: Office, case: Case, steps: int) -> None:
    """Let a case be so many steps on its way, so that everybody finds something to do."""
    for level in ("rt_rw", "kepala_dusun", "meeting")[:steps]:
        if level == "meeting":
            item = Item(case.number, approved=True)
            village = case.household.village
            record_meeting(work, office, village, work.today, f"BA-{case.number[-8:]}", [item])
        else:
            task = work.session.scalars(select(Task).where(Task.case_id == case.id, Task.level == level)).one()
            confirm(work, office, task)
        diagnose(work, office, case, level)


def _people(work: Work, office: Office, home: Registered, family: Household, number: int) -> dict[str, Person]:
    people, names = {}, {"P": count(number), "L": count(number + 3)}
    for seat, member in enumerate(family.members):
        told = {name: given.value for (of, name), given in family.facts.items() if of == member}
        sex, born = told.get("sex", "P"), told.get("birth_date")
        first = (WOMEN if sex == "P" else MEN)[next(names[sex]) % len(WOMEN)]
        name = f"{first} {MEN[number % len(MEN)]}"
        nik = _nik(born, sex, number) if isinstance(born, date) else None
        entry = PersonEntry(name, nik, born, sex, relation="head" if seat == 0 else "relative")
        people[member] = register_person(work, office.knowledge, home, entry, confirmed=None)
    return people


def _nik(born: date, sex: str, number: int) -> str:
    return f"3506{number % 26 + 1:02}{born.day + (40 if sex == 'P' else 0):02}{born:%m%y}0000"


def _said(office: Office, family: Household, people: dict[str, Person]) -> dict[str, list[Said]]:
    """Give what the family tells of itself, and what is found in registries, by evidence."""
    found: dict[str, list[Said]] = {"self_declared": [], "registry": []}
    for (of, name), given in family.facts.items():
        if not given.certainty or name.startswith(INPUT_KEYS["received"]):
            continue
        fact = office.knowledge.facts.get(name)
        if fact is not None and (fact.computed is not None or fact.format):
            continue
        said = name if fact is not None else PAPER + name.rpartition(":")[2]
        evidence = "registry" if fact is not None and fact.answered_by == "registry" else "self_declared"
        found[evidence].append(Said(people.get(of), said, plain(given.value)))
    if family.received is not None:
        found["self_declared"].append(Said(None, RECEIVED, []))
    return {evidence: said for evidence, said in found.items() if said}


def _worth_asking(office: Office, family: Household, people: dict[str, Person]) -> list[tuple[str, Person | None]]:
    """Give the services of most worth that a family may be proposed for, each for one subject."""
    rows = [row for row in office.diagnose_for_everybody(family).shown if row.outcome == "yes"]
    rows = [row for row in rows if row.service.offer == "here" and not row.held]
    rows.sort(key=lambda row: (-(row.worth.yearly if row.worth else 0), row.vertex))
    first = {row.service.name: row for row in reversed(rows)}
    chosen = [row for row in rows if first[row.service.name] is row][:_MOST_CLAIMS]
    return [(row.service.name, None if row.subject == HOUSEHOLD else people[row.subject]) for row in chosen]


def _write(file: Path, made: list[Made]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        for one in made:
            out.write(f"{one.login}\t{one.password}\n")
