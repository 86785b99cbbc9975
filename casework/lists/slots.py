"""What keeps aid apart, as equal keys: two entries that exclude each other have a slot and a holder in common, others none.

A database can refuse equal keys, but knows no rules. So every rule of `engine.knowledge.exclusion` becomes a slot:

    slot     whose                            holder
    a        everybody on service a           the subject itself: nobody twice on one service
    a|a      a person's service, one for      the household
             each household
    a|b      two services that exclude        the household, when one for each household or both are the household's;
             each other                       the person, when both are a person's;
                                              every member, and the person, when only one of them is the household's
"""

from collections.abc import Iterable
from typing import NamedTuple

from engine.knowledge.exclusion import clashes
from engine.knowledge.model import HOUSEHOLD, Knowledge


class Slot(NamedTuple):
    """One key: of a slot, a holder has one entry at a time."""

    slot: str
    holder: str


def person_holder(person: int) -> str:
    return f"p{person}"


def household_holder(household: int) -> str:
    return f"h{household}"


class Slots:
    """The slots of every service of one edition."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._for = {name: service.for_ for name, service in knowledge.services.items()}
        self._clashes: dict[str, list[tuple[str, bool]]] = {name: [] for name in knowledge.services}
        for (one, other), clash in sorted(clashes(knowledge).items()):
            self._clashes[one].append((other, clash.anywhere))

    def of_household(self, service: str) -> bool:
        """Say whether a service is for the household as a whole."""
        return self._for[service] == HOUSEHOLD

    def against_members(self, service: str) -> bool:
        """Say whether a household's service keeps its members from services of their own."""
        return any(self._each_member(service, other, anywhere) for other, anywhere in self._clashes[service])

    def names(self, service: str) -> list[str]:
        """Give every slot that an entry of a service can hold."""
        return [service, *(_pair(service, other) for other, _ in self._clashes[service])]

    def of(self, service: str, household: int, person: int | None, members: Iterable[int]) -> list[Slot]:
        """Give the slots that one entry holds.

        Args:
            service: Its service.
            household: Whose it is.
            person: For whom; None for the household.
            members: Everybody who belongs to the household.
        """
        home = household_holder(household)
        me = home if person is None else person_holder(person)
        found = [Slot(service, me)]
        for other, anywhere in self._clashes[service]:
            pair = _pair(service, other)
            if anywhere:
                found.append(Slot(pair, home))
            elif self._each_member(service, other, anywhere):
                found += [Slot(pair, person_holder(one)) for one in sorted(members)]
            else:
                found.append(Slot(pair, me))
        return found

    def _each_member(self, service: str, other: str, anywhere: bool) -> bool:
        return not anywhere and self.of_household(service) and not self.of_household(other)


def services_of(slot: str) -> tuple[str, str]:
    """Give the two services that a slot keeps apart; the same twice when it is about one."""
    one, _, other = slot.partition("|")
    return one, other or one


def _pair(one: str, other: str) -> str:
    return "|".join(sorted((one, other)))
