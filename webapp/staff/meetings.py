"""The village meeting: its minutes are entered with what it decided about each case that waits for it."""

from collections.abc import Iterable
from datetime import date

from flask import Flask, Response, redirect, request, url_for

from casework.cases.diagnoses import diagnose
from casework.cases.meetings import (
    LEVEL,
    READING,
    RIGHT,
    Item,
    Minutes,
    decided_at,
    meeting_of,
    meetings_of,
    minutes_of,
    record_meeting,
)
from casework.cases.tasks import open_tasks
from casework.people.attachments import opened
from casework.refusals import NotFound, Refused
from casework.staff.areas import seen_case
from webapp import frame as public
from webapp.asking import typed
from webapp.asking.typed import Unclear
from webapp.files import file_of
from webapp.staff import frame
from webapp.staff.case_words import CaseWords

_LARGEST = 13 * 1024 * 1024
_MOST = 300


def register(app: Flask) -> None:
    """Add the meetings."""
    frame.route(app, "/kantor/musyawarah", meetings_page, *READING, menu="meetings")
    frame.route(app, "/kantor/musyawarah/baru", meeting_new, RIGHT, methods=("GET", "POST"), largest=_LARGEST)
    frame.route(app, "/kantor/musyawarah/<int:id>", meeting_page, *READING)
    frame.route(app, "/kantor/musyawarah/<int:id>/berita-acara", meeting_minutes, *READING)


def meetings_page() -> Response:
    """Show the meetings that were entered, and in which villages cases wait for one."""
    with frame.reading() as work:
        waiting: dict[str, int] = {}
        if work.actor.may(RIGHT):
            for task in open_tasks(work, LEVEL):
                waiting[task.village] = waiting.get(task.village, 0) + 1
        held = meetings_of(work, _MOST)
        return frame.page("staff/cases/meetings.html", waiting=waiting, held=held, words=CaseWords.of(work))


def meeting_new() -> Response:
    """Show the form of a meeting of one village, or take it in; the engine looks at each case again afterwards."""
    village = request.values.get("village", "")
    if request.method == "GET":
        return _form(village)
    office, items = public.desk().office, [*_items()]
    sent = request.files.get("minutes")
    minutes = Minutes(sent.filename, sent.read()) if sent and sent.filename else None
    try:
        day, number = _day(request.form.get("held_on", "")), request.form.get("minutes_number", "")
        with frame.work() as work:
            id = record_meeting(work, office, village, day, number, items, minutes).id
        for item in items:
            with frame.work() as work:
                diagnose(work, office, seen_case(work, item.number, RIGHT), LEVEL)
    except NotFound:
        raise
    except Refused as refused:
        field = "minutes" if refused.field == "file" else refused.field
        return _form(village, {field: refused.said(public.chosen_language())}, frame.status_of(refused))
    return redirect(url_for("meeting_page", id=id))


def meeting_page(id: int) -> Response:
    """Show what one meeting decided."""
    with frame.reading() as work:
        meeting = meeting_of(work, id)
        words = CaseWords.of(work)
        rows = [
            {"item": item, "case": case, "asked": words.asked(work, case)} for item, case in decided_at(work, meeting)
        ]
        work.record("meeting.read", "village", meeting.village, minutes=meeting.minutes_number)
        return frame.page("staff/cases/meeting.html", meeting=meeting, rows=rows, words=words)


def meeting_minutes(id: int) -> Response:
    """Give the minutes as they were handed in, as a download."""
    with frame.reading() as work:
        attachment = minutes_of(work, meeting_of(work, id))
        return file_of(opened(work, attachment), attachment.media_type, attachment.name)


def _form(village: str, errors: dict[str | None, str] | None = None, status: int = 200) -> Response:
    with frame.reading() as work:
        words = CaseWords.of(work)
        rows = [
            {"case": task.case, "task": task, "asked": words.asked(work, task.case)}
            for task in open_tasks(work, LEVEL, village=village, most=_MOST)
        ]
        if not rows and not errors:
            raise NotFound
        return frame.page(
            "staff/cases/meeting_new.html",
            status,
            rows=rows,
            village=village,
            errors=errors or {},
            typed=request.form,
            words=words,
        )


def _items() -> Iterable[Item]:
    """Read what was decided: `decision.<number>` is yes, no, or nothing when the meeting did not speak of the case."""
    for name, said in request.form.items():
        what, _, number = name.partition(".")
        if what == "decision" and said in ("yes", "no"):
            reason, version = request.form.get(f"reason.{number}"), request.form.get(f"version.{number}")
            yield Item(number, said == "yes", reason, version)


def _day(text: str) -> date:
    try:
        return typed.day(text)
    except Unclear:
        raise Refused("meeting-day", "held_on") from None
