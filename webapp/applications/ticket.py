"""The ticket of whoever opened a case with its PIN: a short-lived, sealed cookie that names the case and nothing else."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Response, request

from casework.cases import pins
from casework.cases.models import Case
from casework.refusals import Refused
from casework.staff.actors import APPLICANT
from casework.store.database import Database
from casework.store.work import Work
from webapp.frame import desk
from webapp.staff.frame import csrf_of

COOKIE = "permohonan"
PATH = "/permohonan"
LASTS = timedelta(minutes=30)
_ABOUT = "ticket"


def house() -> Database:
    return desk().database


def give(response: Response, case: Case) -> Response:
    """Let this browser see a case for a while; without a case, no longer."""
    ends = house().now() + LASTS
    plain = json.dumps({"case": case.id, "ends": ends.timestamp(), "pin": _mark(case)})
    sealed = base64.urlsafe_b64encode(house().keys.seal(plain.encode(), _ABOUT)).decode()
    response.set_cookie(
        COOKIE, sealed, max_age=LASTS, path=PATH, httponly=True, samesite="Strict", secure=request.is_secure
    )
    return response


def take_back(response: Response) -> Response:
    response.delete_cookie(COOKIE, path=PATH)
    return response


@contextmanager
def looking() -> Iterator[tuple[Work, Case | None]]:
    """Look at the case of this browser; None when there is none (any more)."""
    with house().reading(APPLICANT) as work:
        yield work, _case(work)


@contextmanager
def working() -> Iterator[tuple[Work, Case | None]]:
    """Do something in the case of this browser."""
    with house().work(APPLICANT) as work:
        yield work, _case(work)


def csrf() -> str:
    """Give what a form must carry to come from a page of ours."""
    return csrf_of(request.cookies.get(COOKIE, ""))


def _case(work: Work) -> Case | None:
    said = _read(request.cookies.get(COOKIE, ""))
    if said is None or said["ends"] < work.now.timestamp():
        return None
    case = pins.case_opened(work, said["case"])
    # Whoever was given a new PIN closes the pages that the old one opened.
    return case if case is not None and _mark(case) == said["pin"] else None


def _read(cookie: str) -> dict[str, Any] | None:
    try:
        return json.loads(house().keys.open(base64.urlsafe_b64decode(cookie), _ABOUT))
    except (Refused, ValueError):
        return None


def _mark(case: Case) -> str:
    return hashlib.sha256((case.pin_hash or "").encode()).hexdigest()[:16]
