"""The village meeting (musdes): its minutes (berita acara), and what it decided about each case of the village."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from casework.cases.checks import EVIDENCE, checks_of
from casework.cases.models import Case, Meeting, MeetingItem, Task
from casework.cases.moving import move_case
from casework.cases.tasks import done
from casework.people.attachments import attach
from casework.people.models import Attachment, Village
from casework.people.observations import Said, observe_many
from casework.refusals import NotFound, Refused
from casework.staff.areas import known_cases, seen_case
from casework.store.work import Work
from engine.diagnosis import Office

RIGHT, LEVEL = "check.meeting", "meeting"
# Who may look at what a meeting decided: whoever enters meetings, and whoever checks after them.
READING = (RIGHT, "check.office")


class Item(NamedTuple):
    """What the meeting decided about one case, as it was shown (`version`)."""

    number: str
    approved: bool
    reason: str | None = None
    version: int | str | None = None


class Minutes(NamedTuple):
    """The minutes as a file: its name and content."""

    name: str
    content: bytes


def record_meeting(
    work: Work,
    office: Office,
    village: str,
    held_on: date,
    minutes_number: str,
    items: Iterable[Item],
    minutes: Minutes | None = None,
) -> Meeting:
    """Enter a meeting with all it decided, as a whole or not at all; the caller has each case diagnosed afterwards.

    What the meeting approved it vouches for: the minutes are a letter of the village.

    Raises:
        Refused: `meeting-future`, `meeting-number`, `meeting-twice`, `meeting-empty`, `meeting-reason`; and as
            `move_case` and `attach`.
    """
    work.require(RIGHT)
    number, items = minutes_number.strip(), list(items)
    _refuse(work, village, held_on, number, items)
    attachment = minutes and attach(work, "meeting", minutes.name, minutes.content)
    meeting = Meeting(
        village=village,
        held_on=held_on,
        minutes_number=number,
        attachment_id=attachment.id if attachment else None,
        entered_at=work.now,
        entered_by=work.actor.name,
    )
    work.session.add(meeting)
    work.session.flush()
    for item in items:
        _decide(work, office, meeting, item)
    work.record("meeting.entered", "village", village, minutes=number, cases=len(items))
    return meeting


def meetings_of(work: Work, most: int) -> list[Meeting]:
    """Give the latest meetings of the villages that the actor sees, the last one first."""
    latest = select(Meeting).order_by(Meeting.held_on.desc(), Meeting.id.desc()).limit(most)
    return [one for one in work.session.scalars(latest) if _covers(work, one.village, *READING)]


def meeting_of(work: Work, id_: int) -> Meeting:
    """Give a meeting. Raises: NotFound, when there is none or it was held where the actor does not look."""
    meeting = work.session.get(Meeting, id_)
    if meeting is None or not _covers(work, meeting.village, *READING):
        raise NotFound
    return meeting


def decided_at(work: Work, meeting: Meeting) -> list[tuple[MeetingItem, Case]]:
    """Give what a meeting decided about each case that the actor may see."""
    items = work.session.scalars(select(MeetingItem).where(MeetingItem.meeting_id == meeting.id))
    of = {one.case_id: one for one in items}
    return [(of[case.id], case) for case in known_cases(work, Case.id.in_(of))]


def minutes_of(work: Work, meeting: Meeting) -> Attachment:
    """Give the file of the minutes. Raises: NotFound, when none was handed in."""
    attachment = work.session.get(Attachment, meeting.attachment_id) if meeting.attachment_id else None
    if attachment is None:
        raise NotFound
    return attachment


def _refuse(work: Work, village: str, held_on: date, number: str, items: list[Item]) -> None:
    if work.session.get(Village, village) is None or not _covers(work, village, RIGHT):
        raise NotFound
    if held_on > work.today:
        raise Refused("meeting-future", "held_on")
    if not number:
        raise Refused("meeting-number", "minutes_number")
    if not items:
        raise Refused("meeting-empty", "items")
    for item in items:
        if not item.approved and not (item.reason or "").strip():
            raise Refused("meeting-reason", f"reason.{item.number}", number=item.number)
    same = select(Meeting.id).where(Meeting.village == village, Meeting.minutes_number == number)
    if work.session.scalar(same) is not None:
        raise Refused("meeting-twice", "minutes_number", number=number)


def _covers(work: Work, village: str, *rights: str) -> bool:
    """Say whether one of the actor's posts with such a right reaches a whole village."""
    posts = [post for right in rights for post in work.actor.posts_for(right)]
    return work.actor.everything or any(post.area.covers(village, None, None, None) for post in posts)


def _decide(work: Work, office: Office, meeting: Meeting, item: Item) -> None:
    case = seen_case(work, item.number, RIGHT)
    if case.household.village != meeting.village:
        raise NotFound
    work.same(case, item.version)
    reason = (item.reason or "").strip() or None
    work.session.add(MeetingItem(meeting_id=meeting.id, case_id=case.id, approved=item.approved, reason=reason))
    task = work.session.scalar(select(Task).where(Task.case_id == case.id, Task.level == LEVEL, Task.done_at.is_(None)))
    if item.approved:
        _vouch(work, office, meeting, case)
    if task is not None:
        done(work, task, "approved" if item.approved else "rejected", [])
    after = "musdes_approved" if item.approved else "musdes_rejected"
    move_case(work, case, after, reason, meeting.attachment_id, office.knowledge.holidays)


def _vouch(work: Work, office: Office, meeting: Meeting, case: Case) -> None:
    said = [Said(one.person, one.fact.name, one.value) for one in checks_of(work, office, case, LEVEL)]
    if said:
        observe_many(
            work,
            office.knowledge,
            case.household,
            said,
            EVIDENCE[LEVEL],
            observed_on=meeting.held_on,
            attachment_id=meeting.attachment_id,
            case_id=case.id,
            note=meeting.minutes_number,
        )
