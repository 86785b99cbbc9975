"""Measure the web application under load: people who click through real interviews at once, against a real server.

`tepat serve` is started as it comes. Each person fills in the interview of one sample household after the other
(`benchmarks.walker`), looks at the result and the checklist, and takes the checklist as a PDF; between two pages
everybody thinks for some seconds. Before the clock runs, everybody goes ahead to a place of their own in the
interview without thinking, so that all pages are met at once. Clients and server share the machine: what the clients
take of it is said too.
"""

import argparse
import http.client
import json
import math
import os
import random
import socket
import statistics
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from rich.console import Console
from rich.table import Table

from benchmarks.walker import INTERVIEW, RESULT, Sent, Stuck, Walker
from engine.diagnosis import Office
from engine.household import Household
from engine.household_files import read_households
from engine.knowledge.model import Knowledge
from engine.samples import sample_files

CHECKOUT = Path(__file__).resolve().parent.parent
ROWS = CHECKOUT / "build" / "load.json"
HOST = "127.0.0.1"
CHECKLIST, PDF = "/surat", "/surat.pdf"
OPENING = ("/", "/static/style.css", "/mulai")
KINDS = {INTERVIEW: "question", RESULT: "result", CHECKLIST: "checklist", PDF: "checklist PDF"}
PEOPLE, SECONDS, THINKING = 50, 90.0, (3.0, 8.0)
MOST_P95 = 0.3
MOST_AHEAD = 30
PATIENCE = 60.0
TICKS = os.sysconf("SC_CLK_TCK")


class Over(Exception):
    """The time is up."""


class Answered(NamedTuple):
    """One request that was answered: what kind of page, in how many seconds, and with what status."""

    kind: str
    seconds: float
    status: int


@dataclass
class Crowd:
    """Everybody who clicks, and what came of it."""

    port: int
    households: Sequence[Household]
    knowledge: Knowledge
    people: int
    seconds: float
    thinking: tuple[float, float]
    answered: list[Answered] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    ends: float = math.inf

    def run(self) -> float:
        """Let everybody click until the time is up; give the seconds that it took."""
        ready = threading.Barrier(self.people, action=self._begin)
        people = [threading.Thread(target=_Person(self, number, ready).click) for number in range(self.people)]
        for one in people:
            one.start()
        for one in people:
            one.join()
        return time.monotonic() - self.ends + self.seconds

    def _begin(self) -> None:
        self.ends = time.monotonic() + self.seconds


class _Person:
    """One person with a telephone, a connection and dice of their own."""

    def __init__(self, crowd: Crowd, number: int, ready: threading.Barrier) -> None:
        self.crowd, self.ready = crowd, ready
        self.dice = random.Random(number)
        self.ahead = self.dice.randint(1, MOST_AHEAD)
        self.connection = http.client.HTTPConnection(HOST, crowd.port, timeout=PATIENCE)

    def click(self) -> None:
        """Go through one household after the other; what goes wrong is noted, and the next one comes."""
        while True:
            try:
                self._one(self.dice.choice(self.crowd.households))
            except Over:
                return
            except (Stuck, OSError, http.client.HTTPException) as trouble:
                self.crowd.troubles.append(f"{type(trouble).__name__}: {trouble}")
                self.connection.close()

    def _one(self, household: Household) -> None:
        for path in OPENING:
            self._ask("opening", "GET", path, None)
        walked = Walker(household, self.crowd.knowledge.facts).walk(self._post)
        carried = {"lang": ["id"], "sealed": [walked.sealed]}
        for path in (RESULT, CHECKLIST, PDF):
            self._post(path, carried)

    def _post(self, path: str, sent: Sent) -> str:
        return self._ask(KINDS[path], "POST", path, urlencode(sent, doseq=True))

    def _ask(self, kind: str, method: str, path: str, body: str | None) -> str:
        self._think(path)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        begun = time.monotonic()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        if self.crowd.ends < math.inf and begun < self.crowd.ends and self.ahead < 0:
            self.crowd.answered.append(Answered(kind, time.monotonic() - begun, response.status))
        if response.status != 200:
            raise Stuck(f"{path}: {response.status}")
        return "" if kind == KINDS[PDF] else content.decode()

    def _think(self, path: str) -> None:
        """Wait as long as a page takes a person; what a page brings along (its style) is fetched at once."""
        self.ahead -= 1
        if self.ahead == 0:
            self.ready.wait()
            self.ahead = -1
        if self.ahead > 0:
            return
        seconds = 0.0 if path.startswith("/static") else self.dice.uniform(*self.crowd.thinking)
        if time.monotonic() + seconds > self.crowd.ends:
            raise Over
        time.sleep(seconds)


@contextmanager
def server(port: int) -> Iterator[int]:
    """Run `tepat serve` with its own defaults, and give its process id."""
    command = [CHECKOUT / ".venv" / "bin" / "tepat", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL) as process:
        try:
            _await(process, port)
            yield process.pid
        finally:
            process.terminate()


def _await(process: subprocess.Popen, port: int) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit(f"tepat serve stopped at once ({process.returncode}); its words stand above.")
        with socket.socket() as trial:
            if trial.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("tepat serve does not answer.")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        return one.getsockname()[1]


def cpu_of(pid: int) -> float:
    """Give the CPU seconds of a process and of its children (Linux)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    of_itself = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(of_itself[11]) + int(of_itself[12])) / TICKS + sum(cpu_of(int(child)) for child in children)


def cpu_of_all() -> float:
    """Give the CPU seconds of everything that runs on the machine (Linux)."""
    user, nice, system, _, _, irq, softirq, steal, *_ = map(int, _first_line("/proc/stat").split()[1:])
    return (user + nice + system + irq + softirq + steal) / TICKS


def _first_line(path: str) -> str:
    return Path(path).read_text(encoding="ascii").partition("\n")[0]


def measured(crowd: Crowd, pid: int) -> dict:
    """Run a crowd, and give its figures."""
    begun, before = time.monotonic(), (cpu_of(pid), time.process_time(), cpu_of_all())
    seconds = crowd.run()
    # People who go ahead before the clock runs cost CPU too.
    whole, after = time.monotonic() - begun, (cpu_of(pid), time.process_time(), cpu_of_all())
    cpu, own, everything = ((now - then) / whole for now, then in zip(after, before, strict=True))
    by: dict[str, list[float]] = defaultdict(list)
    for one in crowd.answered:
        if one.status == 200:
            by["all"].append(one.seconds)
            by[one.kind].append(one.seconds)
    return {
        "people": crowd.people,
        "thinking": list(crowd.thinking),
        "seconds": seconds,
        "pages_a_second": len(crowd.answered) / seconds,
        "errors": len(crowd.troubles),
        "troubles": sorted(set(crowd.troubles))[:10],
        "cpu_server": cpu,
        "cpu_clients": own,
        "cpu_others": max(0.0, everything - cpu - own),
        "kinds": [{"kind": kind, **_spread(times)} for kind, times in sorted(by.items())],
    }


def _spread(times: list[float]) -> dict[str, float]:
    ranks = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return {"pages": len(times), "p50": ranks[49], "p95": ranks[94], "p99": ranks[98], "most": max(times)}


def table_of(figures: dict) -> Table:
    """Lay the figures of one run out for people."""
    least, most = figures["thinking"]
    title = (
        f"{figures['people']} people, {least:g} to {most:g} s a page: {figures['pages_a_second']:.1f} pages a second, "
        f"{figures['errors']} errors, {figures['cpu_server']:.2f} cores for the server, "
        f"{figures['cpu_clients']:.2f} for the clients, {figures['cpu_others']:.2f} for whatever else ran"
    )
    table = Table("page", "answered", "p50 ms", "p95 ms", "p99 ms", "most ms", title=title)
    for row in figures["kinds"]:
        times = (f"{1000 * row[name]:.0f}" for name in ("p50", "p95", "p99", "most"))
        table.add_row(row["kind"], str(row["pages"]), *times)
    return table


def main() -> int:
    """Measure with and without time to think, print, and write build/load.json; 1 when the target is missed."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    arguments.add_argument("--people", type=int, default=PEOPLE)
    arguments.add_argument("--seconds", type=float, default=SECONDS)
    arguments.add_argument("--thinking", type=float, nargs=2, default=THINKING, metavar=("LEAST", "MOST"))
    arguments.add_argument("--no-saturation", action="store_true", help="leave out the run without time to think")
    asked = arguments.parse_args()
    knowledge = Office.open(CHECKOUT).knowledge
    files = sample_files([CHECKOUT / "samples"])
    households = [one for path in files for one in read_households(path, knowledge, date.today())]
    runs, console = [], Console()
    for thinking in (tuple(asked.thinking), (0.0, 0.0))[: 1 if asked.no_saturation else 2]:
        port = _free_port()
        with server(port) as pid:
            runs.append(measured(Crowd(port, households, knowledge, asked.people, asked.seconds, thinking), pid))
        console.print(table_of(runs[-1]))
        console.print("\n".join(runs[-1]["troubles"]))
    ROWS.parent.mkdir(exist_ok=True)
    ROWS.write_text(json.dumps(runs, indent=2) + "\n", encoding="utf-8")
    whole = next(row for row in runs[0]["kinds"] if row["kind"] == "all")
    missed = whole["p95"] > MOST_P95 or any(run["errors"] for run in runs)
    console.print(
        f"p95 {1000 * whole['p95']:.0f} ms, less than {1000 * MOST_P95:.0f} wanted: {'missed' if missed else 'met'}"
    )
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
