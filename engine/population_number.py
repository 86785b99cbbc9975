"""The numbers of population registration, NIK and KK: what is written in them, and how to show them.

Sixteen digits: the region that gave the number out (6), a date as DDMMYY (6) and a serial number (4). In a NIK, a
person's, the date is that of birth, for women with 40 added to the day; in a KK, a family card's, that of issue. A NIK
is never changed: neither when its holder moves nor when a date of birth is corrected. So a number that says something
else than the household does is a doubt, and only a number that nobody can have is a fault.

Nobody needs to see a whole number to know which one is meant, so it is shown by its ends.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

NIK, KK = "nik", "kk"
FORMATS = (NIK, KK)
LENGTH = 16
# The facts of a member that a NIK says something about, and the choice of `sex` that is a woman.
BIRTH, SEX, WOMAN = "birth_date", "sex", "P"
NAMES = {NIK: {"id": "NIK", "en": "a NIK"}, KK: {"id": "nomor KK", "en": "a family card number"}}

_FIRST, _LAST = 6, 2
_OLDEST = 110
_NEVER_ISSUED = "0000"
_WHOLE = re.compile(rf"(?<![0-9])[0-9]{{{LENGTH}}}(?![0-9])")
DAYS_OF_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

Told = tuple[str, Mapping[str, Any]]


class Number(NamedTuple):
    """What a number says: the region as `35.06.07`, the days it can mean on some day, the sex (None in a KK), the serial."""

    region: str
    days: tuple[date, ...]
    woman: bool | None
    serial: str


def masked(number: str) -> str:
    """Show a number, well written or not, by its first six and last two characters, a star for each of the others."""
    hidden = max(0, len(number) - _FIRST - _LAST)
    return number[:_FIRST] + "*" * hidden + number[_FIRST + hidden :] if hidden else "*" * len(number)


def without_numbers(text: str) -> str:
    """Show a text with every whole number in it as `masked`; its length stays."""
    return _WHOLE.sub(lambda found: masked(found[0]), text)


def fault_of(text: str, kind: str) -> Told | None:
    """Say what is wrong with a number as it is written: a code and its details; None when nothing is."""
    strange = next((mark for mark in text if mark not in "0123456789"), None)
    if strange is not None:
        return "number-not-digits", {"kind": NAMES[kind], "mark": strange}
    if len(text) != LENGTH:
        return "number-length", {"kind": NAMES[kind], "count": len(text), "length": LENGTH}
    day, month, year, _ = _date_in(text, kind)
    if not 1 <= month <= 12 or not 1 <= day <= DAYS_OF_MONTHS[month - 1] or (day == 29 and month == 2 and year % 4):
        return "number-impossible-date", {"kind": NAMES[kind], "day": day, "month": month}
    return None


def read(text: str, kind: str, as_of: date) -> Number:
    """Read a number without a fault as it is understood on a day: years are those of a life of 0 to 110 years."""
    day, month, short, woman = _date_in(text, kind)
    last = as_of.year - as_of.year % 100 + short
    days = [date(year, month, day) for year in (last - 100, last) if _has(year, month, day)]
    likely = tuple(one for one in days if 0 <= _age(one, as_of) <= _OLDEST)
    return Number(f"{text[:2]}.{text[2:4]}.{text[4:6]}", likely, woman if kind == NIK else None, text[12:])


def doubts(
    text: str, kind: str, as_of: date, birth: date | None, woman: bool | None, home: Iterable[str]
) -> list[Told]:
    """Say what a number makes one ask again.

    Args:
        text: A number without a fault.
        kind: `nik` or `kk`.
        as_of: The day on which it is read.
        birth: The holder's day of birth as told elsewhere; None when it is not known.
        woman: Whether the holder is a woman as told elsewhere; None when it is not known.
        home: The office's own regions; without any, no region is foreign.

    Returns:
        Codes with their details; `number` in them is masked.
    """
    number, found = read(text, kind, as_of), []
    seen: dict[str, Any] = {"kind": NAMES[kind], "number": masked(text)}
    home = list(home)
    if home and not any(f"{number.region}.".startswith(f"{region}.") for region in home):
        found.append((f"{kind}-from-elsewhere", seen))
    if number.serial == _NEVER_ISSUED:
        found.append(("number-never-issued", seen))
    if kind == NIK and birth is not None and birth not in number.days:
        nearest = min(number.days, key=lambda one: abs(one - birth), default=None)
        found.append(("nik-birth-differs", {"by_number": nearest or "?", "told": birth}))
    if kind == NIK and woman is not None and woman is not number.woman:
        found.append(("nik-sex-differs", seen))
    return found


def _date_in(text: str, kind: str) -> tuple[int, int, int, bool]:
    """Give day, month, two digits of the year, and whether 40 was added to the day."""
    day = int(text[6:8])
    added = kind == NIK and day > 40
    return day - 40 * added, int(text[8:10]), int(text[10:12]), added


def _has(year: int, month: int, day: int) -> bool:
    """Say whether a year has a day that a year divided by four has: full centuries mostly lack 29 February."""
    return (day, month) != (29, 2) or year % 100 != 0 or year % 400 == 0


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
