"""The numbers that the office gives out: a series, the year, a serial without gaps, and a digit that catches a slip.

`KDR-2026-000123-7`: the last digit is ISO 7064 MOD 11,10 over year and serial, so one wrong digit is always noticed.
"""

import re

from sqlalchemy import text

from casework.store.work import Work

CASE = "case"
# What people see in front of a number; a series that is not named here is written as it is called.
PREFIXES = {
    CASE: "KDR",
    "objection": "SGH",
    "letter": "SRT",
    "receipt": "TT",
    "referral": "RJK",
    "list": "DFT",
    "batch": "BYR",
}
# Both databases know this sentence; PostgreSQL lets the next one wait until this transaction ends, so nothing is skipped.
_NEXT = text(
    "INSERT INTO serials (series, last) VALUES (:series, 1) "
    "ON CONFLICT (series) DO UPDATE SET last = serials.last + 1 RETURNING last"
)
_TYPED = re.compile(r"([A-Z]+)[-\s./]*(\d{4})[-\s./]*(\d{6})[-\s./]*(\d)")


def next_number(work: Work, series: str) -> str:
    """Give the next number of a series in this year; it is used up only when the unit of work is committed."""
    serial = work.session.execute(_NEXT, {"series": f"{series}:{work.today.year}"}).scalar_one()
    return written(series, work.today.year, serial)


def written(series: str, year: int, serial: int) -> str:
    """Write a number with its check digit."""
    digits = f"{year:04}{serial:06}"
    return f"{PREFIXES.get(series, series.upper())}-{digits[:4]}-{digits[4:]}-{check_digit(digits)}"


def read(typed: str) -> str | None:
    """Give the number that somebody typed, however they set it apart; None when it is none, or its check digit is wrong."""
    found = _TYPED.fullmatch(typed.strip().upper())
    if found is None or check_digit(found[2] + found[3]) != found[4]:
        return None
    return "-".join(found.groups())


def check_digit(digits: str) -> str:
    """Reckon ISO 7064 MOD 11,10."""
    check = 5
    for digit in digits:
        check = ((check or 10) * 2 % 11 + int(digit)) % 10
    return str((1 - (check or 10) * 2 % 11) % 10)
