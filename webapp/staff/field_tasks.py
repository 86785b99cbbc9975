"""In the field, on a phone: my tasks, and the sheet to take along on paper."""

from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from casework import typeset
from casework.cases.checks import EVIDENCE, Check, checks_of
from casework.cases.models import Task
from casework.cases.tasks import RIGHTS, counts, open_tasks, ready
from casework.refusals import NotFound
from casework.store.work import Work
from engine.knowledge.model import Fact
from engine.offices import own_office
from webapp.files import sheet
from webapp.staff import frame
from webapp.staff.case_words import CaseWords

# What a sheet holds; more is printed place by place.
MOST = 60
_CHECKERS = (RIGHTS["rt_rw"], RIGHTS["kepala_dusun"], RIGHTS["office"])


def register(app: Flask) -> None:
    """Add the list of tasks; it comes first for heads of RT, RW and hamlets."""
    frame.route(app, "/lapangan", field_tasks, *_CHECKERS, menu="field_tasks")
    frame.route(app, "/lapangan/lembar.pdf", visit_sheet, *_CHECKERS)


def field_tasks() -> Response:
    """Show the tasks of whoever is signed in, the first due first, with how many there are in each place."""
    with frame.reading() as work:
        words = CaseWords.of(work)
        levels = [level for level in EVIDENCE if level != "meeting" and work.actor.may(RIGHTS[level])]
        places = {level: counts(work, level) for level in levels}
        found = [task for level in levels for task in open_tasks(work, level, most=MOST, **_place())]
        rows = [
            {"task": task, "asked": words.asked(work, task.case), "late": words.late(task.due_on)} for task in found
        ]
        return frame.page("staff/cases/tasks.html", rows=rows, places=places, words=words, query=_place(), most=MOST)


def visit_sheet() -> Response:
    """Give the tasks of a place, or one, as a sheet with boxes to tick: only the facts that matter for each household."""
    level = request.args.get("level", "rt_rw")
    if level not in EVIDENCE or not frame.actor().may(RIGHTS[level]):
        raise NotFound
    with frame.work() as work:
        words = CaseWords.of(work)
        one = request.args.get("task")
        tasks = [task for task in open_tasks(work, level, most=MOST, **_place()) if one in (None, str(task.id))]
        if not tasks:
            raise NotFound
        homes = [_home(work, words, task) for task in tasks]
        work.record("visit.printed", "task", level, cases=[task.case.number for task in tasks])
        office = own_office(words.office.knowledge)
        data = {
            "lang": words.lang,
            "office": office.label.in_(words.lang) if office else "",
            "title": words.word("field_sheet_title", level=words.level(level)),
            "made": words.word("field_sheet_made", day=words.day(work.now), name=work.actor.name),
            "notes": [words.word("field_sheet_how"), words.word("field_sheet_secret")],
            "heads": [words.word(key) for key in ("field_sheet_fact", "field_sheet_said", "field_sheet_found")],
            "homes": homes,
            "signed": [words.word("field_sheet_day"), words.word("field_sheet_sign")],
            "page": words.word("list_page", page="{page}", pages="{pages}"),
        }
    return sheet(typeset.pdf(Path(__file__).with_name("visit_sheet.typ"), data), "lembar-kunjungan")


def _place() -> dict[str, str]:
    """Read from the address which place is wanted; none: everywhere."""
    return {key: request.args[key] for key in ("hamlet", "rw", "rt") if request.args.get(key)}


def _home(work: Work, words: CaseWords, task: Task) -> dict[str, Any]:
    ready(work, words.office, task.case)
    home = task.case.household
    checks = checks_of(work, words.office, task.case, task.level)
    return {
        "title": f"{home.name} · {task.case.number}",
        "place": ", ".join(part for part in (words.place(home), home.address) if part),
        "due": words.word("field_due", due=words.due(task.due_on)),
        "rows": [_line(words, task, check) for check in checks if check.is_own],
        "also": _also(words, [check for check in checks if not check.is_own]),
        "none": words.word("field_nothing_to_check"),
    }


def _also(words: CaseWords, checks: list[Check]) -> str:
    """Name what else is not known and may be asked where there is time."""
    of: dict[str, list[str]] = {}
    for one in checks:
        names = of.setdefault(one.fact.label.in_(words.lang), [])
        names += [one.person.name] if one.person else []
    labels = [f"{label} ({', '.join(names)})" if names else label for label, names in of.items()]
    return words.word("field_sheet_also", facts="; ".join(labels)) if labels else ""


def _line(words: CaseWords, task: Task, check: Check) -> dict[str, Any]:
    """Give one line of the sheet: the question, what was said, and boxes for what is found."""
    who = words.subject(task.case.household.people, check.subject)
    known = check.value is not None
    boxes = [words.word("field_agree"), words.word("field_other_line")] if known else _boxes(words, check.fact)
    return {
        "fact": (check.fact.question or check.fact.label).in_(words.lang),
        "who": who if check.person else "",
        "said": words.value(check.fact.name, check.value) if known else "-",
        "boxes": [*boxes, words.word("field_unseen")],
    }


def _boxes(words: CaseWords, fact: Fact) -> list[str]:
    if fact.type == "boolean":
        return [words.word("yes"), words.word("no")]
    choices = [text.in_(words.lang) for text in fact.choices.values()]
    return choices if 0 < len(choices) <= 8 else [words.word("field_value_line")]
