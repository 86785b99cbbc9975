"""One household, one short form: what was said is agreed with, replaced, or could not be seen."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Flask, Response, redirect, request, url_for

from casework.cases.checks import Check, checks_of
from casework.cases.diagnoses import diagnose
from casework.cases.models import Task
from casework.cases.tasks import AGREE, OTHER, RIGHTS, UNSEEN, Answer, answer_task, ready, seen_task, send_back
from casework.people.observations import Misread
from casework.refusals import NotFound, Refused
from engine.knowledge.model import HOUSEHOLD
from webapp import frame as public
from webapp.asking.answers import Answers
from webapp.asking.forms import Field, Form
from webapp.staff import frame
from webapp.staff.case_words import CaseWords

_CHECKERS = (RIGHTS["rt_rw"], RIGHTS["kepala_dusun"], RIGHTS["office"])


class Asked(NamedTuple):
    """One fact of the form: its name there, the control for another value, and what was said so far (None: nothing)."""

    name: str
    check: Check
    field: Field
    who: str
    said: str | None


def register(app: Flask) -> None:
    """Add the form of a task."""
    frame.route(app, "/lapangan/tugas/<int:id>", field_task, *_CHECKERS, methods=("GET", "POST"))


def field_task(id: int) -> Response:
    """Show a task, or take in what was found; the engine looks again afterwards."""
    if request.method == "GET":
        return _show(id)
    office, typed = public.desk().office, request.form.to_dict(flat=False)
    try:
        with frame.work() as work:
            task = seen_task(work, id)
            work.same(task, request.form.get("version"))
            number, level = task.case.number, task.level
            if request.form.get("back"):
                send_back(work, office, task, request.form.get("reason", ""))
            else:
                found = _found(CaseWords.of(work), task, checks_of(work, office, task.case, level), typed)
                answer_task(work, office, task, found, request.form.get("note", "").strip() or None)
        if not request.form.get("back"):
            with frame.work() as work:
                diagnose(work, office, seen_task(work, id).case, level)
    except _Unreadable as unreadable:
        return _show(id, unreadable.errors, 400)
    except NotFound:
        raise
    except Misread as misread:
        lang = public.chosen_language()
        errors = {_name(key): problem.sentence(lang) for key, problem in misread.problems.items()}
        return _show(id, errors, 400)
    except Refused as refused:
        field = refused.field or ""
        name = _name(tuple(field.split(".", 1))) if "." in field else field
        return _show(id, {name: refused.said(public.chosen_language())}, frame.status_of(refused))
    return redirect(url_for("field_tasks", done=number))


class _Unreadable(Exception):
    """What was typed cannot be read; the sentence for each field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__()
        self.errors = errors


def _show(id: int, errors: Mapping[str, str] | None = None, status: int = 200) -> Response:
    with frame.work() as work:
        task = seen_task(work, id)
        words = CaseWords.of(work)
        if task.done_at is None:
            ready(work, words.office, task.case)
        checks = checks_of(work, words.office, task.case, task.level) if task.done_at is None else []
        work.record("task.read", "case", task.case.number, level=task.level)
        return frame.page(
            "staff/cases/task.html",
            status,
            task=task,
            words=words,
            asked=_asked(words, task, checks),
            errors=errors or {},
            typed=request.form,
            services=words.asked(work, task.case),
            kinds=(AGREE, OTHER, UNSEEN),
        )


def _asked(words: CaseWords, task: Task, checks: list[Check]) -> list[Asked]:
    form = Form(words.office.knowledge, words.lang, words.word)
    people = task.case.household.people
    found = []
    for check in checks:
        said = None if check.value is None else words.value(check.fact.name, check.value)
        field = form.field(check.fact, "h" if check.person is None else "m0")
        who = words.subject(people, check.subject) if check.person else ""
        found.append(Asked(_name(check.key), check, field, who, said))
    return found


def _found(
    words: CaseWords, task: Task, checks: list[Check], typed: Mapping[str, list[str]]
) -> dict[tuple[str, str], Answer]:
    """Read the form: what was chosen for each fact, and the values that were typed. Raises: _Unreadable."""
    seats = {one.member: seat for seat, one in enumerate(task.case.household.people)}
    values: dict[str, list[str]] = {f"m{seat}.id": [member] for member, seat in seats.items()}
    found, wanted = {}, {}
    for check in checks:
        name = _name(check.key)
        value = [one for one in typed.get(f"{name}-value", []) if one]
        kind = (typed.get(name) or [OTHER if value else UNSEEN if check.value is None else ""])[0]
        if kind in (AGREE, UNSEEN):
            found[check.key] = Answer(kind)
        elif kind == OTHER:
            field = f"{'h' if check.subject == HOUSEHOLD else f'm{seats[check.subject]}'}.{check.fact.name}"
            values[field], wanted[field] = value, (check, name)
    answers = Answers(values, max(1, len(seats)))
    form = Form(
        words.office.knowledge, words.lang, words.word, applicant=task.case.household.applicant, today=words.today
    )
    household = form.read(answers)
    if household is None:
        raise _Unreadable({wanted[field][1]: said for field, said in answers.errors.items() if field in wanted})
    for check, _ in wanted.values():
        given = household.facts.get(check.key)
        found[check.key] = Answer(OTHER, None if given is None else _as_told(given.value))
    return found


def _as_told(value: Any) -> Any:
    """Give a value as a household file has it."""
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _name(key: tuple[str, str]) -> str:
    """Give the name that a fact has in the form."""
    return f"f-{key[0]}-{key[1]}"
