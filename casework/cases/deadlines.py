"""When something is due: working days by the calendar, the time limit of a service, and how long each step may take."""

from collections.abc import Container
from datetime import date, datetime, timedelta

from casework.store.work import ZONE
from engine.knowledge.durations import Duration, duration_of
from engine.knowledge.model import Knowledge

# How long a case or a claim may stand in a state, by our proposal [?]: no regulation says so, and the office may change it.
STEPS = {
    "draft": "14 days",
    "submitted": "7 working days",
    "rt_rw_checked": "5 working days",
    "kadus_checked": "14 working days",
    "musdes_approved": "5 working days",
    "musdes_rejected": "5 working days",
    "dinsos_verified": "10 working days",
    "returned": "14 working days",
}
# The same for what cannot wait: from the moment it is known.
URGENT_STEP = "24 hours"
# A claim that an objection opened again, where its service says nothing. [?]
AGAIN = "14 working days"

_SATURDAY = 5


def is_working(day: date, holidays: Container[date]) -> bool:
    """Say whether the office works on a day: Monday to Friday, no holiday of the knowledge's calendar."""
    return day.weekday() < _SATURDAY and day not in holidays


def working_days_after(day: date, count: int, holidays: Container[date] = ()) -> date:
    """Give the day that lies so many working days after another; that day itself does not count."""
    while count:
        day += timedelta(days=1)
        count -= is_working(day, holidays)
    return day


def add_working_days(knowledge: Knowledge, day: date, count: int) -> date:
    """Do the same by the calendar of the knowledge."""
    return working_days_after(day, count, knowledge.holidays)


def working_days_between(first: date, last: date, holidays: Container[date] = ()) -> int:
    """Count the working days after the first day up to the last; negative when they are in the other order."""
    if last < first:
        return -working_days_between(last, first, holidays)
    return sum(is_working(first + timedelta(days=at), holidays) for at in range(1, (last - first).days + 1))


def due(since: datetime, limit: str | None, holidays: Container[date] = ()) -> date | None:
    """Give the last day on which something is in time; of a range its longest, and None where no limit is known."""
    duration = duration_of(limit) if limit else None
    return duration and _end(since, duration, holidays)


def step_due(since: datetime, state: str, urgent: bool = False, holidays: Container[date] = ()) -> date | None:
    """Give the day by which a case has to leave a state; None where it may stay."""
    limit = STEPS.get(state)
    return due(since, URGENT_STEP if urgent and limit else limit, holidays)


def overdue(due_on: date | None, today: date) -> bool:
    """Say whether the last day is over."""
    return due_on is not None and due_on < today


def _end(since: datetime, duration: Duration, holidays: Container[date]) -> date:
    local = since.astimezone(ZONE)
    day, most = local.date(), duration.most
    match duration.unit:
        case "hour":
            return (local + timedelta(hours=most)).date()
        case "day":
            return day + timedelta(days=most)
        case "week":
            return day + timedelta(weeks=most)
        case "working day":
            return working_days_after(day, most, holidays)
        case "month":
            return _months_after(day, most)
        case _:
            return _months_after(day, most * 12)


def _months_after(day: date, count: int) -> date:
    """Give the same day of a later month, or the last that it has."""
    years, month = divmod(day.month - 1 + count, 12)
    first = date(day.year + years, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))
