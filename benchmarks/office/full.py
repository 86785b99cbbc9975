"""Fill a database with an invented district: as many people as the office serves, their cases, lists and observations.

Everything is drawn from one seed. Villages are numbered through, names are put together from common ones, and the
numbers of population registration have the serial `0000` that nobody ever got.
"""

import json
import random
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, select

from casework.cases.models import Case, Claim, Move, Note, StoredDiagnosis, Task
from casework.lists.models import BeneficiaryList, Entry
from casework.people.models import Household, NameWord, Observation, Person, Residence, Village
from casework.people.names import words_of
from casework.store.base import sealed_columns
from casework.store.database import Database
from casework.store.work import Work
from engine.diagnosis import Office

HOUSEHOLDS, PEOPLE = 55_000, 164_000
CASES_IN, DIAGNOSED_IN = 5, 250  # one household of so many has a case; one a stored diagnosis
ON_LIST = 20_000
_AT_ONCE = 4000
_FIRST = [
    "Siti",
    "Sri",
    "Dwi",
    "Tri",
    "Eko",
    "Budi",
    "Agus",
    "Slamet",
    "Wahyu",
    "Nur",
    "Ahmad",
    "Muhammad",
    "Endang",
    "Suparmi",
    "Sumiati",
    "Sutrisno",
    "Suyanto",
    "Wagiyem",
    "Tukiyem",
    "Paijo",
    "Paimin",
    "Ponirah",
    "Kasmini",
    "Mulyono",
    "Hartono",
    "Rini",
    "Yuni",
    "Dewi",
    "Ratna",
    "Indah",
    "Lestari",
    "Puji",
    "Rahayu",
    "Joko",
    "Bambang",
    "Supriyadi",
    "Mujiati",
    "Katinah",
    "Sarinah",
    "Sulastri",
    "Imam",
    "Fatimah",
    "Khotimah",
    "Aminah",
    "Zainal",
    "Abdul",
    "Rofiq",
    "Maryam",
    "Latifah",
    "Umi",
]
_LAST = [
    "Aminah",
    "Rahayu",
    "Lestari",
    "Wati",
    "Ningsih",
    "Handayani",
    "Setyowati",
    "Utami",
    "Astuti",
    "Kurniawan",
    "Santoso",
    "Wibowo",
    "Susanto",
    "Prasetyo",
    "Hidayat",
    "Saputra",
    "Nugroho",
    "Purnomo",
    "Widodo",
    "Suryani",
    "Mulyani",
    "Hartati",
    "Fauzi",
    "Rohman",
    "Hasan",
    "Ma'arif",
    "Syafii",
    "Anwar",
    "Yusuf",
    "Arifin",
    "Sholeh",
    "Kartini",
    "Suwarni",
    "Pujiati",
    "Harsono",
    "Sutikno",
    "Wijaya",
    "Kusuma",
    "Permata",
    "Anggraini",
    "Safitri",
    "Maulana",
    "Ramadhan",
    "Firdaus",
    "Hakim",
]
_STATES = ("submitted", "rt_rw_checked", "kadus_checked", "musdes_approved", "dinsos_verified")


def fill(database: Database, office: Office, diagnose: Callable[[Work, Case], StoredDiagnosis], seed: int = 1) -> None:
    """Fill an empty database.

    Args:
        database: With its schema and nothing else.
        office: The edition that cases ask services of.
        diagnose: Makes and stores the diagnosis of a case (`casework.cases.diagnoses.diagnose` for an occasion).
        seed: Draws everything.
    """
    draw = random.Random(seed)
    with database.work() as work:
        villages = _villages(work, office)
        homes = list(_homes(work, draw, villages))
        _put(work, Household, homes)
        people = list(_people(work, draw, homes))
        _put(work, Person, ({k: v for k, v in one.items() if k != "place"} for one in people))
        _put(
            work,
            NameWord,
            ({"word": word, "person_id": one["id"]} for one in people for word in set(words_of(one["name"]))),
        )
        _put(work, Residence, (one["place"] | {"person_id": one["id"], "since": date(2020, 1, 1)} for one in people))
        _cases(work, draw, homes, office)
        _list(work, homes)
    with database.work() as work:
        for case in work.session.scalars(select(Case).where(Case.id % (DIAGNOSED_IN // CASES_IN) == 1)):
            diagnose(work, case)
    _count_on(database)


def _villages(work: Work, office: Office) -> list[str]:
    codes = [
        f"{code}.{2000 + number}"
        for code in sorted(office.knowledge.regions)
        if code.startswith("35.06.")
        for number in range(1, 14)
    ]
    _put(work, Village, ({"code": code, "name": None} for code in codes))
    return codes


def _homes(work: Work, draw: random.Random, villages: list[str]) -> Iterator[dict[str, Any]]:
    taken: set[str] = set()
    for id_ in range(1, HOUSEHOLDS + 1):
        village = draw.choice(villages)
        day = date(2005, 1, 1) + timedelta(days=draw.randrange(7600))
        kk = _number(draw, village, day, 0, taken)
        uid = uuid.UUID(int=draw.getrandbits(128)).hex
        place = {
            "hamlet": f"Dusun {draw.randint(1, 4)}",
            "rw": f"{draw.randint(1, 6):02}",
            "rt": f"{draw.randint(1, 8):02}",
        }
        named = f"{draw.choice(_FIRST)} {draw.choice(_LAST)}"
        yield {
            "id": id_,
            "uid": uid,
            "village": village,
            **place,
            "address": None,
            "name": named,
            "registered_at": work.now,
            "version": 1,
            "applicant": "family",
            "members_listed": "all",
            **sealed_columns(Household, work.keys, uid, "kk", kk),
        }


def _people(work: Work, draw: random.Random, homes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    taken: set[str] = set()
    left = PEOPLE - HOUSEHOLDS
    id_ = 0
    for number, home in enumerate(homes):
        more = min(left, max(0, round(left / (HOUSEHOLDS - number) + draw.uniform(-1.9, 1.9))))
        left -= more
        for seat in range(more + 1):
            id_ += 1
            sex = draw.choice("LP")
            born = date(1940, 1, 1) + timedelta(days=draw.randrange(31_000))
            nik = _number(draw, home["village"], born, 40 if sex == "P" else 0, taken)
            uid = uuid.UUID(int=draw.getrandbits(128)).hex
            yield {
                "id": id_,
                "uid": uid,
                "household_id": home["id"],
                "name": home["name"] if seat == 0 else f"{draw.choice(_FIRST)} {draw.choice(_LAST)}",
                "birth_date": born,
                "sex": sex,
                "mother_name": f"{draw.choice(_FIRST)} {draw.choice(_LAST)}",
                "relation": None,
                "registered_at": work.now,
                "version": 1,
                **sealed_columns(Person, work.keys, uid, "nik", nik),
                "place": {
                    "household_id": home["id"],
                    **{key: home[key] for key in ("village", "hamlet", "rw", "rt", "address")},
                },
            }


def _number(draw: random.Random, village: str, day: date, more: int, taken: set[str]) -> str:
    """Put a number together that nobody has yet: of a place near by when the day is taken."""
    area = int(village[6:8])
    while True:
        number = f"3506{area:02}{day.day + more:02}{day:%m%y}0000"
        if number not in taken:
            taken.add(number)
            return number
        area, day = area % 26 + 1, day + timedelta(days=draw.randrange(3))


def _cases(work: Work, draw: random.Random, homes: list[dict[str, Any]], office: Office) -> None:
    services = [one for one in office.knowledge.services.values() if one.offer == "here" and "family" in one.applicants]
    cases, claims, moves, notes, tasks, observations = [], [], [], [], [], []
    moved = {"moved_at": work.now, "moved_by": "petugas"}
    opened = {
        "channel": "counter",
        "urgent": False,
        "opened_at": work.now,
        "opened_by": "petugas",
        "moved_at": work.now,
    }
    for number, home in enumerate(homes[::CASES_IN], 1):
        state = draw.choice(_STATES)
        due = work.today + timedelta(days=draw.randint(-5, 20))
        cases.append(
            {"id": number, "number": f"UJI-{number:06}", "household_id": home["id"], "state": state, "due_on": due}
            | opened
            | {"version": 1, "pin_failures": 0}
        )
        for service in draw.sample(services, 2):
            claims.append(
                {
                    "case_id": number,
                    "service": service.name,
                    "person_id": None,
                    "program": service.program.text,
                    "state": "open",
                    "officer_only": False,
                    "asked_on": work.today,
                    "version": 1,
                }
            )
        for before, after in zip(("draft", *_STATES), _STATES, strict=False):
            moves.append({"case_id": number, "before": before, "after": after, **moved})
            if after == state:
                break
        notes.append({"case_id": number, "text": "Ditelepon.", "written_at": work.now, "written_by": "petugas"})
        place = {key: home[key] for key in ("village", "hamlet", "rw", "rt")}
        tasks.append({"case_id": number, "level": "rt_rw", "facts": [], "opened_at": work.now, "version": 1, **place})
        for fact, value in (("floor", "soil"), ("decile", 3), ("total_income", 900_000 + 1000 * (number % 400))):
            observations.append(
                {
                    "household_id": home["id"],
                    "fact": fact,
                    "value": json.dumps(value),
                    "evidence": "rt_rw" if fact != "decile" else "registry",
                    "observed_on": work.today,
                    "recorded_at": work.now,
                    "recorded_by": "petugas",
                }
            )
    for table, rows in (
        *((Case, cases), (Claim, claims), (Move, moves), (Note, notes), (Task, tasks)),
        (Observation, observations),
    ):
        _put(work, table, rows)


def _list(work: Work, homes: list[dict[str, Any]]) -> None:
    listed = BeneficiaryList(
        number="UJI-SEMBAKO",
        service="sembako",
        program="perlindungan_jaminan_sosial",
        since=date(2026, 1, 1),
        until=date(2026, 12, 31),
        state="published",
        drafted_at=work.now,
        drafted_by="petugas",
    )
    work.session.add(listed)
    work.session.flush()
    told = {
        "list_id": listed.id,
        "place": "listed",
        "asked_on": work.today,
        "duty": False,
        "amount": 2_400_000,
        "version": 1,
    }
    _put(
        work,
        Entry,
        ({"household_id": home["id"], "rank": rank, **told} for rank, home in enumerate(homes[:ON_LIST], 1)),
    )


def _put(work: Work, table: type, rows: Iterable[Mapping[str, Any]]) -> None:
    rows = iter(rows)
    while some := list(islice(rows, _AT_ONCE)):
        work.session.execute(insert(table), some)


def _count_on(database: Database) -> None:
    """Let PostgreSQL go on counting after the numbers that were given, and both look at what is there."""
    from casework.keeping.backup import set_sequences

    with database.engine.begin() as connection:
        set_sequences(connection)
        connection.exec_driver_sql("ANALYZE")
