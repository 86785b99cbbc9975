"""What a beneficiary gets for the whole period of a list, in whole rupiah, from what the engine says a benefit is."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any

from engine.knowledge.model import MONEY_PERIODS

CASH = "cash"
ONCE = "once"
_MONTHS = {"year": 12, "quarter": 3, "month": 1}
_DAYS = {"week": 7, "day": 1}


def amount_of(benefit: Mapping[str, Any] | None, since: date, until: date) -> int | None:
    """Give the rupiah of a period; None when the amount is not known, or what is given is not money.

    Years, quarters and months count by calendar months, a month begun or ended within by its days; weeks by days. What
    is left below a rupiah is dropped: nobody is promised more than the rule gives.

    Args:
        benefit: As in the JSON of a diagnosis: amount, per, kind.
        since: The first day of the period.
        until: Its last day.
    """
    if benefit is None or benefit["kind"] != CASH or benefit["amount"] is None:
        return None
    return floor(Fraction(str(benefit["amount"])) * times(benefit["per"], since, until))


def times(per: str, since: date, until: date) -> Fraction:
    """Say how often something that is given per year, quarter, month, week or day is given in a period."""
    assert per in MONEY_PERIODS, per
    if per == ONCE:
        return Fraction(1)
    if per in _DAYS:
        return Fraction((until - since).days + 1, _DAYS[per])
    return months(since, until) / _MONTHS[per]


def months(since: date, until: date) -> Fraction:
    """Count the calendar months of a period, both days included; a part of a month by its days."""
    found, first = Fraction(0), since
    while first <= until:
        length = monthrange(first.year, first.month)[1]
        last = min(first.replace(day=length), until)
        found += Fraction((last - first).days + 1, length)
        first = last + timedelta(days=1)
    return found
