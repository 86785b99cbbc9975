"""`make office`: fill a database with a whole district, serve it, and measure what staff wait for.

Both kinds of database are measured one after the other: an SQLite file in a temporary folder, and a PostgreSQL server
that is started for it. The figures are written to `build/office.json`.
"""

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from benchmarks.office import listing, postgres, staff
from benchmarks.office.full import fill
from casework.audit.log import verify
from casework.cases.diagnoses import diagnose
from casework.cases.models import Case, Note, StoredDiagnosis
from casework.people.models import Person
from casework.store import keys
from casework.store.database import Database
from engine.diagnosis import Office

CHECKOUT = Path(__file__).resolve().parents[2]
OUT = CHECKOUT / "build" / "office.json"
HOST, LOOKS, SHARED, STAFF = "127.0.0.1", 200, 40, 20


def main() -> None:
    """Measure, and say what came out."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.office", description=__doc__)
    options.add_argument("--kinds", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    options.add_argument("--seconds", type=float, default=300.0, help="how long 20 staff work at once")
    options.add_argument("--rows", type=int, default=50_000, help="how many rows of a list are brought in")
    asked = options.parse_args()
    office = Office.open(CHECKOUT)
    OUT.parent.mkdir(exist_ok=True)
    found = {}
    for kind in asked.kinds:
        found[kind] = _measure(kind, office, asked)
        OUT.write_text(json.dumps(found, indent=1), encoding="utf-8")
    _show(found)


def _measure(kind: str, office: Office, asked: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="tepat-office-") as folder, _url(kind, Path(folder)) as url:
        lines = [keys.new_key(), keys.new_key()]
        os.environ[keys.ENVIRONMENT] = ",".join(lines)
        database = Database(url, keys.keyring_of(Path(folder) / "data.keys"))
        database.upgrade()
        began = time.perf_counter()
        fill(database, office, lambda work, case: diagnose(work, office, case, "opened"))
        result: dict[str, Any] = {"filled in": round(time.perf_counter() - began, 1)}
        result["import"] = listing.bring_in(database, office, asked.rows)
        with _served(url) as address:
            people = staff.officers(database, address, STAFF)
            result["alone"] = _alone(database, people[0])
            result["together"] = _together(database, people, asked.seconds)
        with database.reading() as work:
            count, broken = verify(work)
        result["audit log"] = {"entries": count, "broken": len(broken)}
        database.close()
        return result


def _alone(database: Database, officer: staff.Officer) -> dict[str, Any]:
    draw = random.Random(2)
    with database.reading() as work:
        diagnosed = list(
            work.session.scalars(select(Case.number).join(StoredDiagnosis, StoredDiagnosis.case_id == Case.id))
        )
        numbers = draw.sample(diagnosed, min(LOOKS, len(diagnosed)))
        people = list(work.session.scalars(select(Person).where(Person.id % 797 == 3).limit(LOOKS)))
        searches = [
            search
            for person in people
            for search in (
                ("one word", person.name.split()[0]),
                ("whole name", person.name),
                ("beginning", person.name[:6]),
                ("NIK", person.opened(work.keys, "nik") or ""),
            )
        ]
    officer.get("case page", f"/kantor/kasus/{numbers[0]}")  # the first one fills the caches
    officer.answers.clear()
    staff.look(officer, numbers, searches, draw)
    return _figures([officer])


def _together(database: Database, people: list[staff.Officer], seconds: float) -> dict[str, Any]:
    draw = random.Random(3)
    with database.reading() as work:
        chosen = select(Case).join(StoredDiagnosis, StoredDiagnosis.case_id == Case.id).limit(SHARED)
        before = {case.number: case.version for case in work.session.scalars(chosen)}
        notes = work.session.scalar(select(func.count()).select_from(Note))
        names = list(work.session.scalars(select(Person.name).where(Person.id % 997 == 5).limit(100)))
    for officer in people:
        officer.answers.clear()
    staff.work_for(people, list(before), draw.sample(names, len(names)), seconds)
    with database.reading() as work:
        after = {
            case.number: case.version for case in work.session.scalars(select(Case).where(Case.number.in_(before)))
        }
        more = work.session.scalar(select(func.count()).select_from(Note)) - notes
    taken = sum((officer.taken for officer in people), staff.Counter())
    changes = sum(after[number] - before[number] for number in before)
    return {
        **_figures(people),
        "notes taken": taken["note"],
        "notes kept": more,
        "changes taken": taken["assign"],
        "changes of versions": changes,
        "told that another was first": sum(officer.refused for officer in people),
    }


def _figures(people: list[staff.Officer]) -> dict[str, Any]:
    found = {}
    for kind, answers in staff.by_kind(people).items():
        times = sorted(answer.seconds * 1000 for answer in answers)
        bad = sum(answer.status >= 500 for answer in answers)
        p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
        found[kind] = {
            "count": len(times),
            "median ms": round(statistics.median(times)),
            "p95 ms": round(p95),
            "most ms": round(times[-1]),
            "5xx": bad,
        }
    return found


@contextmanager
def _url(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'tepat.db'}"
        return
    with postgres.cluster(careful=True) as address:
        yield postgres.create(address, "office")


@contextmanager
def _served(url: str) -> Iterator[tuple[str, int]]:
    """Serve as an office would: `tepat serve`, a process for each core."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tepat", "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=CHECKOUT, env=os.environ | {"DATABASE_URL": url}, stdout=subprocess.PIPE)
    assert server.stdout is not None
    try:
        if not server.stdout.readline().startswith(b"Tepat"):
            raise SystemExit("tepat serve did not start")
        yield HOST, port
    finally:
        server.terminate()
        server.wait(20)


def _show(found: dict[str, Any]) -> None:
    console = Console()
    for kind, result in found.items():
        table = Table("what", "how many", "median", "p95", "most", "5xx", title=kind)
        for part in ("alone", "together"):
            for what, figures in result[part].items():
                if isinstance(figures, dict):
                    row = [str(figures[key]) for key in ("count", "median ms", "p95 ms", "most ms", "5xx")]
                    table.add_row(f"{part}: {what}", *row)
        console.print(table)
        said = {key: value for key, value in result["together"].items() if not isinstance(value, dict)}
        console.print({"import": result["import"], "filled in": result["filled in"], **said}, result["audit log"])


if __name__ == "__main__":
    main()
