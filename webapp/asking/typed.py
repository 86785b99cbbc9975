"""Understand what people type: rupiah, numbers and dates, as Indonesians and English speakers write them.

Nothing is guessed. What can be read in two ways ("1.200" is Rp1.200 to one person and 1,2 juta to another)
is asked back, with both readings. Limits belong to the schema and are judged by the engine.
"""

import re
import unicodedata
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from babel.dates import get_month_names

LONGEST = 60
_SCALES = {
    **dict.fromkeys(("ribu", "rb", "k", "thousand"), 10**3),
    **dict.fromkeys(("juta", "jt", "million"), 10**6),
    **dict.fromkeys(("miliar", "milyar", "billion"), 10**9),
}
_PART = re.compile(r"([0-9][0-9.,]*) *([a-z]*) *")
_GROUPED = re.compile(
    r"([0-9]{1,3}(?:([.,])[0-9]{3})(?:\2[0-9]{3})+)(?:(?!\2)[.,]([0-9]+))?|([0-9]{1,3})([.,])([0-9]{3})(?!\5)[.,]([0-9]+)"
)
_ONE_MARK = re.compile(r"([0-9]+)[.,]([0-9]+)")


class Unclear(Exception):
    """Typed text that cannot be taken as it stands: `code` names the sentence that asks back."""

    def __init__(self, code: str, **details: Any) -> None:
        self.code, self.details = code, details
        super().__init__(code)


def number(text: str, kind: str, unit: str | None = None) -> int | float:
    """Read a number.

    Args:
        text: What was typed.
        kind: The type of the fact: `integer`, `number` or `money`.
        unit: A unit that may stand behind the number ("36 m2").

    Raises:
        Unclear: when it is no number, not whole where it must be, or has two readings.
    """
    plain = _tidy(text)
    if plain.startswith("-") and any(sign.isdigit() for sign in plain):
        raise Unclear("negative")
    if kind == "money":
        value = _rupiah(plain)
    else:
        if unit:
            plain = plain.removesuffix(unit.lower()).strip()
        value = _one_of(_amounts(plain), kind)
    if value.denominator == 1:
        return int(value)
    if kind != "number":
        raise Unclear("not-whole")
    return float(value)


def day(text: str) -> date:
    """Read a date: 1958-03-02, 2-3-1958, 2/3/1958, 2 Maret 1958, March 2, 1958. Raises: Unclear."""
    plain = _tidy(text)
    if found := re.fullmatch(r"([0-9]{4}) ?[-/.] ?([0-9]{1,2}) ?[-/.] ?([0-9]{1,2})", plain):
        return _date(*found.groups())
    if found := re.fullmatch(r"([0-9]{1,2})[-/. ]+([0-9]{1,2}|[a-z]+)\.?[-/. ,]+([0-9]+)", plain):
        return _date(found[3], found[2], found[1])
    if found := re.fullmatch(r"([a-z]+)\.? ([0-9]{1,2}),? ([0-9]+)", plain):
        return _date(found[3], found[1], found[2])
    raise Unclear("not-a-date")


def number_of_card(text: str) -> str:
    """Read a NIK or KK number: people part its digits with spaces, points or strokes. The engine judges what is left."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s.-]", "", plain)[:LONGEST]


def _tidy(text: str) -> str:
    if len(text) > LONGEST:
        raise Unclear("too-long")
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u2013", "-")
    return " ".join(plain.lower().split())


def _rupiah(text: str) -> Fraction:
    """Read an amount of money; a bare small number may be short for thousands, so it is asked back."""
    spelled = text.endswith("rupiah")
    bare = re.sub(r"^(rp|idr)\.? *", "", text.removesuffix("rupiah").strip())
    bare = re.sub(r"[.,] *-+$", "", bare)
    readings = _amounts(bare)
    if re.search(r"[a-z]", bare):
        return _one_of(readings, "money")
    if (
        spelled
        or (len(readings) == 1 and (not readings[0] or readings[0] >= 1000))
        or (re.match(r"[0-9]{3}", bare) and len(readings) == 2)
    ):
        return readings[0]
    if len(readings) == 2:
        raise _two(readings[0], readings[1] * 10**6, spelled=readings[0], short=(readings[1], "million"))
    if readings[0].denominator > 1:
        raise Unclear("part-of-rupiah", short=readings[0])
    raise _two(readings[0], readings[0] * 1000, spelled=readings[0], short=(readings[0], "thousand"))


def _two(small: Fraction, large: Fraction, **writing: Any) -> Unclear:
    return Unclear("two-amounts", small=small, large=large, **writing)


def _one_of(readings: list[Fraction], kind: str) -> Fraction:
    """Give the only reading; of a whole number only whole readings count."""
    fitting = readings if kind == "number" else [one for one in readings if one.denominator == 1] or readings
    if len(fitting) > 1:
        raise Unclear("two-numbers", small=min(fitting), large=max(fitting))
    return fitting[0]


def _amounts(text: str) -> list[Fraction]:
    """Give the readings of "1,2 juta", "1 juta 200 ribu" or "36,5": two when a mark may group or divide."""
    parts = _PART.findall(text)
    if not parts or "".join(_PART.split(text)[::3]):
        raise Unclear("not-a-number")
    scales = [_SCALES.get(word, 0) if word else 1 for _, word in parts]
    if 0 in scales or (len(parts) > 1 and (1 in scales or scales != sorted(set(scales), reverse=True))):
        raise Unclear("not-a-number")
    totals = [Fraction(0)]
    for (body, _), scale in zip(parts, scales, strict=True):
        totals = [total + one * scale for total in totals for one in _readings(body)]
    return totals


def _readings(body: str) -> list[Fraction]:
    """Read one run of digits and marks; the reading with the mark as a group of thousands comes first."""
    if body.isdigit():
        return [Fraction(body)]
    if found := _GROUPED.fullmatch(body):
        many, _, decimals, head, _, tail, fraction = found.groups()
        whole = re.sub(r"[.,]", "", many) if many else head + tail
        return [Fraction(f"{whole}.{decimals or fraction or 0}")]
    found = _ONE_MARK.fullmatch(body)
    if found is None:
        raise Unclear("not-a-number")
    divided = Fraction(f"{found[1]}.{found[2]}")
    if len(found[2]) == 3 and len(found[1]) <= 3 and not found[1].startswith("0"):
        return [Fraction(found[1] + found[2]), divided]
    return [divided]


def _date(year: str, month: str, day_: str) -> date:
    if len(year) != 4:
        raise Unclear("short-year")
    number_of = int(month) if month.isdigit() else _months().get(month)
    if number_of is None:
        raise Unclear("not-a-date")
    try:
        return date(int(year), number_of, int(day_))
    except ValueError:
        raise Unclear("impossible-day") from None


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    names = {"agust": 8, "agt": 8, "ags": 8, "sept": 9, "nopember": 11, "nop": 11, "pebruari": 2, "peb": 2}
    for lang in ("id", "en"):
        for width in ("wide", "abbreviated"):
            names |= {name.lower().rstrip("."): n for n, name in get_month_names(width, locale=lang).items()}
    return names
