"""Where somebody lives, from the village down to the RT, written one way; and which villages there are."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import select

from casework.people.models import Household, Village
from casework.refusals import Refused
from casework.staff.areas import sees
from casework.store.work import Work

LONGEST = 200
_VILLAGE = re.compile(r"(\d{2})\.?(\d{2})\.?(\d{2})\.?(\d{4})")


class Place(NamedTuple):
    """A place as it is entered; the village by its code, such as `35.06.07.2001`."""

    village: str
    hamlet: str | None = None
    rw: str | None = None
    rt: str | None = None
    address: str | None = None


def place_of(row: Any) -> Place:
    """Give the place of a household, or of anything else that has these columns."""
    return Place(*(getattr(row, part) for part in Place._fields))


def checked_place(work: Work, place: Place, right: str = "register.write") -> Place:
    """Give a place as it is kept.

    Raises:
        Refused: `register-village-unknown`; `register-place-outside` when the actor does not work there;
            `register-unit` for an RT or RW that is no number; `register-too-long`.
    """
    village = village_code(place.village)
    if village is None or work.session.get(Village, village) is None:
        raise Refused("register-village-unknown", "village", village=text_of(place.village, "village") or "-")
    hamlet = _spelt_before(work, village, text_of(place.hamlet, "hamlet"))
    address = text_of(place.address, "address")
    checked = Place(village, hamlet, unit_of(place.rw, "rw"), unit_of(place.rt, "rt"), address)
    require_inside(work, checked, right)
    return checked


def require_inside(work: Work, place: Place, right: str) -> None:
    """Raise Refused `register-place-outside` unless the actor has a right in a place."""
    try:
        sees(work, Household(**place._asdict()), right)
    except Refused:
        raise Refused("register-place-outside", "village", village=place.village) from None


def village_code(text: str | None) -> str | None:
    """Give a village's code with its points; None when it is no such code."""
    found = _VILLAGE.fullmatch((text or "").strip())
    return ".".join(found.groups()) if found else None


def unit_of(text: str | None, field: str) -> str | None:
    """Give the number of an RT or RW as it is kept: two digits, `3`, `03` and `003` are one. Raises: Refused `register-unit`."""
    digits = (text or "").strip()
    if not digits or not digits.strip("0-"):
        return None
    if not digits.isascii() or not digits.isdigit() or int(digits) > 999:
        raise Refused("register-unit", field)
    return f"{int(digits):02d}"


def text_of(text: str | None, field: str, longest: int = LONGEST) -> str | None:
    """Give a text without blanks around it or doubled within; None when it is empty. Raises: Refused `register-too-long`."""
    plain = " ".join((text or "").split())
    if len(plain) > longest:
        raise Refused("register-too-long", field, longest=longest)
    return plain or None


def hamlets_of(work: Work, villages: Iterable[str]) -> dict[tuple[str, str], str]:
    """Give how hamlets are spelt in the register, by village and name without capitals."""
    known = (
        select(Household.village, Household.hamlet)
        .where(Household.village.in_(list(villages)), Household.hamlet.is_not(None))
        .distinct()
        .order_by(Household.village, Household.hamlet.desc())
    )
    return {(village, hamlet.casefold()): hamlet for village, hamlet in work.session.execute(known)}


def add_villages(work: Work, rows: Iterable[tuple[str, str | None]]) -> int:
    """Add villages, or name those that are there; gives how many are new.

    Args:
        rows: Pairs of a Kemendagri code and a name; None leaves the name as it is.

    Raises:
        Refused: `register-village-code`, with the code that is none.
    """
    work.require("accounts.write")
    new = 0
    for text, name in rows:
        code = village_code(text)
        if code is None:
            raise Refused("register-village-code", "villages", written=text[:30])
        village = work.session.get(Village, code)
        if village is None:
            village = Village(code=code)
            work.session.add(village)
            new += 1
        village.name = text_of(name, "villages") or village.name
    work.session.flush()
    work.record("villages.added", "village", "", new=new)
    return new


def villages_for(work: Work, right: str = "register.read") -> list[Village]:
    """Give the villages in which an actor has a right, by code; an RT's head too gets the village of the RT."""
    every = work.session.scalars(select(Village).order_by(Village.code)).all()
    areas = [post.area.village for post in work.actor.posts_for(right)]
    if work.actor.everything or "" in areas:
        return list(every)
    return [one for one in every if any(f"{one.code}.".startswith(f"{area}.") for area in areas)]


def _spelt_before(work: Work, village: str, hamlet: str | None) -> str | None:
    if hamlet is None:
        return None
    return hamlets_of(work, [village]).get((village, hamlet.casefold()), hamlet)
