"""The form of whoever hands in: what was typed, kept as it was typed, and read as an identity."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request

from casework.cases.identities import NAMED, NUMBERED, Identity, Member, tidied
from casework.people.places import Place
from engine.household import Household

_LONGEST = 400
_OF_PLACE = ("village", "hamlet", "rw", "rt", "address")


@dataclass(frozen=True)
class Fields:
    """What stands in the form for one household that was told."""

    told: Household

    @property
    def members(self) -> list[tuple[str, str, str]]:
        """Give each member: the role, and the names of the fields for name and NIK."""
        return [(role, f"name-{seat}", f"nik-{seat}") for seat, role in enumerate(self.told.members)]

    @property
    def is_named(self) -> bool:
        return self.told.applicant in NAMED

    @property
    def is_numbered(self) -> bool:
        return self.told.applicant in NUMBERED

    def labels(self, word: Callable[..., str]) -> dict[str, str]:
        """Give what stands beside each field, in the order of the form."""
        named = {field: word(f"apply_{field}") for field in ("name", "phone", "unit", "kk")}
        for role, name, nik in self.members:
            named |= {name: f"{role}, {word('apply_member_name')}", nik: f"{role}, NIK"}
        named |= {part: word(f"apply_{part}") for part in ("village", "hamlet")}
        return {"service": word("apply_services"), **named, "rw": "RW", "rt": "RT", "address": word("apply_address")}

    def typed(self) -> dict[str, str]:
        """Give every field as it was typed."""
        names = ["name", "phone", "unit", "kk", "without_numbers", *_OF_PLACE, "consent"]
        names += [name for _, *both in self.members for name in both]
        return {name: request.form.get(name, "")[:_LONGEST] for name in names}

    def identity(self) -> Identity:
        """Read what was typed; whether it will do is for `casework.cases.identities` to say."""
        typed = self.typed()
        members = tuple(Member(role, typed[name], typed[nik] or None) for role, name, nik in self.members)
        place: dict[str, Any] = {part: typed[part] or None for part in _OF_PLACE}
        return tidied(
            Identity(
                name=typed["name"],
                phone=typed["phone"] or None,
                unit=typed["unit"] or None,
                kk=typed["kk"] or None,
                members=members,
                place=Place(**{**place, "village": typed["village"]}),
                without_numbers=bool(typed["without_numbers"]),
            )
        )
