"""Who an application is from, as it is typed: what must be mended, and what is odd about the numbers."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from casework.people.names import words_of
from casework.people.numbers import Doubt, Holder, doubts_about, plain_number, refuse_fault
from casework.people.places import Place, checked_place, text_of
from casework.people.register import NAMED
from casework.refusals import Refused
from casework.staff.actors import Actor
from casework.store.work import Work
from engine.household import Household
from engine.knowledge.model import Knowledge
from engine.population_number import BIRTH, KK, NIK, SEX

# Kinds of applicants that are known by numbers.
NUMBERED = ("family", "disaster")
_PHONE = range(8, 16)


class Member(NamedTuple):
    """Who one member is: the role in what was told, the name, and the NIK if it is known."""

    role: str
    name: str
    nik: str | None = None


@dataclass(frozen=True)
class Identity:
    """Who hands in, for whom, and where they live; `unit` is the name of a group or an organisation."""

    name: str
    place: Place
    members: tuple[Member, ...]
    phone: str | None = None
    kk: str | None = None
    unit: str | None = None
    without_numbers: bool = False


def tidied(identity: Identity) -> Identity:
    """Give an identity with its numbers and names as they are kept, without the blanks that people put in."""
    members = tuple(Member(one.role, " ".join(one.name.split()), plain_number(one.nik)) for one in identity.members)
    phone = "".join(one for one in identity.phone or "" if one.isdigit() or one == "+") or None
    return replace(
        identity,
        name=" ".join(identity.name.split()),
        unit=" ".join((identity.unit or "").split()) or None,
        kk=plain_number(identity.kk),
        phone=phone,
        members=members,
    )


def faults(
    work: Work, identity: Identity, told: Household, services: Collection[tuple[str, str]]
) -> dict[str, Refused]:
    """Give what must be mended, by field: `name`, `phone`, `unit`, `kk`, `name-2`, `nik-2`, `village`, `service` ..."""
    found: dict[str, Refused] = {}

    def note(field: str, refused: Refused) -> None:
        found.setdefault(field, refused)

    if not services:
        note("service", Refused("application-no-service", "service"))
    if not words_of(identity.name):
        note("name", Refused("register-name", "name"))
    if identity.phone and len(_digits(identity.phone)) not in _PHONE:
        note("phone", Refused("application-phone", "phone"))
    if told.applicant in NAMED and not words_of(identity.unit or ""):
        note("unit", Refused("register-name", "unit"))
    numbers = [identity.kk, *(one.nik for one in identity.members)]
    if told.applicant in NUMBERED and not any(numbers) and not identity.without_numbers:
        note("kk", Refused("application-no-number", "kk"))
    for field, kind, number in _numbers(identity):
        _try(lambda number=number, kind=kind, field=field: refuse_fault(number, kind, field), field, note)
    for seat, member in enumerate(identity.members):
        if told.applicant in NUMBERED and not words_of(member.name):
            note(f"name-{seat}", Refused("register-name", f"name-{seat}"))
        if member.nik and member.nik in [one.nik for one in identity.members[:seat]]:
            note(f"nik-{seat}", Refused("application-nik-twice", f"nik-{seat}"))
    long_ = [("name", identity.name), ("unit", identity.unit)]
    long_ += [(f"name-{seat}", one.name) for seat, one in enumerate(identity.members)]
    for field, text in long_:
        _try(lambda text=text, field=field: text_of(text, field), field, note)
    if identity.place.village:
        _try(lambda: checked_place(everywhere(work), identity.place), None, note)
    else:
        note("village", Refused("application-village", "village"))
    return found


def doubts(identity: Identity, told: Household, knowledge: Knowledge, day: date) -> list[Doubt]:
    """Give what is odd about the numbers, so that whoever typed them looks once more."""
    found = []
    for field, kind, number in _numbers(identity):
        holder = Holder()
        if kind == NIK:
            role = identity.members[int(field.partition("-")[2])].role
            holder = Holder(told_of(told, role, BIRTH), told_of(told, role, SEX))
        found += doubts_about(number, kind, knowledge, day, field, holder)
    return found


def everywhere(work: Work) -> Work:
    """Give the same unit of work for entering an application in the register, wherever it comes from."""
    return replace(work, actor=Actor(work.actor.name, work.actor.account, everything=True))


def told_of(told: Household, role: str, fact: str) -> Any:
    given = told.given(role, fact)
    return given.value if given else None


def _numbers(identity: Identity) -> list[tuple[str, str, str]]:
    """Give the numbers that were typed: the field, the kind, the number."""
    found = [("kk", KK, identity.kk)]
    found += [(f"nik-{seat}", NIK, one.nik) for seat, one in enumerate(identity.members)]
    return [(field, kind, number) for field, kind, typed in found if (number := plain_number(typed))]


def _try(check: Any, field: str | None, note: Any) -> None:
    try:
        check()
    except Refused as refused:
        note(field or refused.field or "village", refused)


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())
