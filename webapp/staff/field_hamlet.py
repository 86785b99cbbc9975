"""The head of a hamlet confirms the whole list at once; what does not fit is opened and sent back."""

from typing import Any, NamedTuple

from flask import Flask, Response, request

from casework.cases.checks import checks_of
from casework.cases.diagnoses import diagnose
from casework.cases.models import Task
from casework.cases.tasks import RIGHTS, confirm, last_checked, open_tasks, ready, seen_task
from casework.refusals import Refused
from casework.store.work import Work
from webapp import frame as public
from webapp.staff import frame
from webapp.staff.case_words import CaseWords

LEVEL = "kepala_dusun"
MOST = 100


class Confirmed(NamedTuple):
    """What became of one case: confirmed, or why not."""

    number: str
    name: str
    refused: Refused | None


def register(app: Flask) -> None:
    """Add the list of the hamlet."""
    frame.route(app, "/lapangan/dusun", field_hamlet, RIGHTS[LEVEL], methods=("GET", "POST"), menu="field_hamlet")


def field_hamlet() -> Response:
    """Show what waits for the hamlet's head with what RT/RW found; confirm what was ticked, each case by itself."""
    report = [_confirm(*one.split("@", 1)) for one in request.form.getlist("task") if "@" in one]
    with frame.work() as work:
        words = CaseWords.of(work)
        rows = [_row(work, words, task) for task in open_tasks(work, LEVEL, most=MOST)]
        return frame.page("staff/cases/hamlet.html", rows=rows, report=report, words=words)


def _confirm(id: str, version: str) -> Confirmed:
    office = public.desk().office
    number = name = ""
    try:
        with frame.work() as work:
            task = seen_task(work, int(id) if id.isascii() and id.isdecimal() else 0)
            number, name = task.case.number, task.case.household.name
            work.same(task, version)
            confirm(work, office, task)
        with frame.work() as work:
            diagnose(work, office, seen_task(work, int(id)).case, LEVEL)
    except Refused as refused:
        return Confirmed(number, name, refused)
    return Confirmed(number, name, None)


def _row(work: Work, words: CaseWords, task: Task) -> dict[str, Any]:
    """Give a case of the list: what it asks, what RT/RW found, and what the head's word would make surer."""
    ready(work, words.office, task.case)
    checked = last_checked(work, task.case, "rt_rw")
    kinds = [one[2] for one in checked.facts] if checked else []
    people = task.case.household.people
    facts = [
        (
            one.fact.label.in_(words.lang),
            words.subject(people, one.subject) if one.person else "",
            words.value(one.fact.name, one.value),
        )
        for one in checks_of(work, words.office, task.case, LEVEL)
        if one.value is not None
    ]
    return {
        "task": task,
        "asked": words.asked(work, task.case),
        "late": words.late(task.due_on),
        "checked_by": checked.done_by if checked else None,
        "kinds": {kind: kinds.count(kind) for kind in ("agree", "other", "unseen")},
        "facts": facts,
    }
