"""How much of one thing the public may do on a day, all together, so that nobody floods the office."""

from sqlalchemy import Date, bindparam, select, text

from casework.cases.models import DayCount
from casework.refusals import Refused
from casework.store.work import Work

# Both databases know this sentence.
_ONE_MORE = text(
    "INSERT INTO day_counts (day, what, count) VALUES (:day, :what, 1) "
    "ON CONFLICT (day, what) DO UPDATE SET count = day_counts.count + 1 RETURNING count"
).bindparams(bindparam("day", type_=Date))


def count(work: Work, what: str) -> int:
    """Count one more; gives how many there were today."""
    return work.session.execute(_ONE_MORE, {"day": work.today, "what": what}).scalar_one()


def within(work: Work, what: str, most: int) -> bool:
    """Say whether there were fewer today than are taken."""
    counted = select(DayCount.count).where(DayCount.day == work.today, DayCount.what == what)
    return (work.session.scalar(counted) or 0) < most


def take(work: Work, what: str, most: int) -> None:
    """Count one more. Raises: Refused `application-too-many`, when that is more than are taken on a day."""
    if count(work, what) > most:
        raise Refused("application-too-many")
