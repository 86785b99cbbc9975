"""Staff of the office at a real server: what they look at and do, each with a browser's cookie of their own.

They search, open cases, write notes and give cases to each other. Of what they change, the server either takes a change
or says that somebody else was first; afterwards the database must tell of just as many changes as were taken.
"""

import http.client
import random
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

from casework.staff import sign_ins
from casework.staff.actors import EVERYWHERE
from casework.staff.models import Account, AccountPost
from casework.store.database import Database
from webapp.staff.frame import COOKIE, csrf_of

PATIENCE = 60.0
THINKING = (1.0, 4.0)
_OFFICER = re.compile(r'<select id="account"(?:(?!</select>).)*?<option value="(\d+)" selected', re.DOTALL)
_VERSION = re.compile(r'name="version" value="(\d+)"')


class Answered(NamedTuple):
    """One answer of the server: to what, with what status, after how many seconds."""

    kind: str
    status: int
    seconds: float


@dataclass
class Officer:
    """One officer at a browser that is signed in."""

    address: tuple[str, int]
    token: str
    account: int
    answers: list[Answered] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    refused: int = 0

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection(*self.address, timeout=PATIENCE)

    def get(self, kind: str, path: str) -> str:
        return self._ask(kind, "GET", path)[1]

    def search(self, kind: str, text: str) -> None:
        """Search as the page's form does; a NIK never stands in an address."""
        self._ask(f"search {kind}", "POST", "/kantor/cari", urlencode({"csrf": csrf_of(self.token), "q": text}))

    def change(self, number: str, version: str, **said: str) -> bool:
        """Do something to a case as it was shown; True when it was taken, False when somebody else was first."""
        form = {"csrf": csrf_of(self.token), "version": version, **said}
        status, _ = self._ask(said["do"], "POST", f"/kantor/kasus/{number}/langkah", urlencode(form))
        if status in (302, 303):
            self.taken[said["do"]] += 1
            return True
        self.refused += status == 409
        return False

    def _ask(self, kind: str, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": f"{COOKIE}={self.token}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            text = response.read().decode()
            status = response.status
        except (OSError, http.client.HTTPException):
            self._connection.close()
            text, status = "", 599
        self.answers.append(Answered(kind, status, time.perf_counter() - began))
        return status, text


def officers(database: Database, address: tuple[str, int], number: int) -> list[Officer]:
    """Make accounts that may do everything a Bidang does, and sign each in."""
    found = []
    with database.work() as work:
        for seat in range(number):
            posts = [AccountPost(role="bidang_staff", **EVERYWHERE._asdict(), programs=[])]
            account = Account(login=f"uji.{seat}", name=f"Uji {seat}", password_hash="!", made_at=work.now, posts=posts)
            work.session.add(account)
            work.session.flush()
            # The second factor counts as given: what is measured is the work, not the door.
            account.seal(work.keys, "totp", "JBSWY3DPEHPK3PXP")
            token = sign_ins.begin(work, account, complete=True)
            found.append(Officer(address, token, account.id))
    return found


def look(officer: Officer, cases: Sequence[str], searches: Sequence[tuple[str, str]], draw: random.Random) -> None:
    """Open cases and search, one after the other, without thinking."""
    for number in draw.sample(cases, len(cases)):
        officer.get("case page", f"/kantor/kasus/{number}")
    for kind, text in searches:
        officer.search(kind, text)


def work_for(officers: Sequence[Officer], cases: Sequence[str], names: Sequence[str], seconds: float) -> None:
    """Let all work at once on the same few cases."""
    until = time.monotonic() + seconds

    def work(officer: Officer, seed: int) -> None:
        draw = random.Random(seed)
        while time.monotonic() < until:
            officer.get("queue", "/kantor")
            officer.search("together", draw.choice(names))
            number = draw.choice(cases)
            page = officer.get("case page", f"/kantor/kasus/{number}")
            time.sleep(draw.uniform(*THINKING))
            shown = _VERSION.search(page)
            if shown is None:
                continue
            if draw.random() < 0.5:
                officer.change(number, shown[1], do="note", text=f"Catatan {seed}")
            else:
                has_it = _OFFICER.search(page)
                others = [one for one in officers if not has_it or str(one.account) != has_it[1]]
                officer.change(number, shown[1], do="assign", account=str(draw.choice(others).account))

    threads = [threading.Thread(target=work, args=(officer, seed)) for seed, officer in enumerate(officers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def by_kind(officers: Sequence[Officer]) -> dict[str, list[Answered]]:
    """Give all answers by what was asked for."""
    found: dict[str, list[Answered]] = defaultdict(list)
    for officer in officers:
        for answer in officer.answers:
            found[answer.kind].append(answer)
    return dict(sorted(found.items()))
