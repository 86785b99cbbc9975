"""The village meeting: its minutes are entered with what it decided about each case that waits for it."""

from collections.abc import Iterable
from datetime import date

from flask import Flask, Response, redirect, request, url_for
from sqlalchemy import select

from casework.cases.diagnoses import diagnose
from casework.cases.meetings import LEVEL, RIGHT, Item, Minutes, record_meeting
from casework.cases.models import Case, Meeting, MeetingItem
from casework.cases.tasks import open_tasks
from casework.people.attachments import opened
from casework.people.models import Attachment
from casework.refusals import ChangedMeanwhile, NotFound, Refused
from casework.staff.areas import seen_case
from casework.store.work import Work
from webapp import frame as public
from webapp.asking import typed
from webapp.asking.typed import Unclear
from webapp.staff import frame
from webapp.staff.case_words import CaseWords

_LARGEST = 13 * 1024 * 1024
_MOST = 300


def register(app: Flask) -> None:
    """Add the meetings."""
    frame.route(app, "/kantor/musyawarah", meetings_page, RIGHT, "check.office", menu="meetings")
    frame.route(app, "/kantor/musyawarah/baru", meeting_new, RIGHT, methods=("GET", "POST"), largest=_LARGEST)
    frame.route(app, "/kantor/musyawarah/<int:id>", meeting_page, RIGHT, "check.office")
    frame.route(app, "/kantor/musyawarah/<int:id>/berita-acara", meeting_minutes, RIGHT, "check.office")


def meetings_page() -> Response:
    """Show the meetings that were entered, and in which villages cases wait for one."""
    with frame.reading() as work:
        waiting: dict[str, int] = {}
        if work.actor.may(RIGHT):
            for task in open_tasks(work, LEVEL):
                waiting[task.village] = waiting.get(task.village, 0) + 1
        latest = select(Meeting).order_by(Meeting.held_on.desc(), Meeting.id.desc()).limit(_MOST)
        held = [one for one in work.session.scalars(latest) if _sees(work, one.village)]
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
        status = 409 if isinstance(refused, ChangedMeanwhile) else 400
        return _form(village, {field: refused.said(public.chosen_language())}, status)
    return redirect(url_for("meeting_page", id=id))


def meeting_page(id: int) -> Response:
    """Show what one meeting decided."""
    with frame.reading() as work:
        meeting = _meeting(work, id)
        words = CaseWords.of(work)
        rows = []
        for item in work.session.scalars(select(MeetingItem).where(MeetingItem.meeting_id == id)):
            case = _case_of(work, item)
            if case is not None:
                rows.append({"item": item, "case": case, "asked": words.asked(work, case)})
        work.record("meeting.read", "village", meeting.village, minutes=meeting.minutes_number)
        return frame.page("staff/cases/meeting.html", meeting=meeting, rows=rows, words=words)


def meeting_minutes(id: int) -> Response:
    """Give the minutes as they were handed in, as a download."""
    with frame.reading() as work:
        meeting = _meeting(work, id)
        attachment = meeting.attachment_id and work.session.get(Attachment, meeting.attachment_id)
        if not attachment:
            raise NotFound
        response = Response(opened(work, attachment), mimetype=attachment.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{attachment.name}"'
        return response


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


def _meeting(work: Work, id: int) -> Meeting:
    meeting = work.session.get(Meeting, id)
    if meeting is None or not _sees(work, meeting.village):
        raise NotFound
    return meeting


def _sees(work: Work, village: str) -> bool:
    """Say whether one of the actor's posts reaches a whole village."""
    posts = [*work.actor.posts_for(RIGHT), *work.actor.posts_for("check.office")]
    return work.actor.everything or any(post.area.covers(village, None, None, None) for post in posts)


def _case_of(work: Work, item: MeetingItem) -> Case | None:
    """Give a case that was decided about; None where the actor may not see it."""
    case = work.session.get_one(Case, item.case_id)
    try:
        return seen_case(work, case.number)
    except NotFound:
        return None
