"""Who may write in the register: in which household, about which person, and in the version that was shown."""

from casework.people.models import Household, Person
from casework.refusals import NotFound
from casework.staff.areas import sees
from casework.store.work import Work

WRITE = "register.write"


def may_write(work: Work, household: Household, version: int | str | None = None) -> None:
    """Raise NotAllowed, NotFound or ChangedMeanwhile unless the actor may write in a household."""
    work.require(WRITE)
    sees(work, household, WRITE)
    work.same(household, version)


def may_write_person(work: Work, person: Person, version: int | str | None = None) -> None:
    """Raise NotAllowed, NotFound or ChangedMeanwhile unless the actor may write about a person; nobody about a merged one."""
    if person.household is None or person.merged_into is not None:
        raise NotFound
    may_write(work, person.household)
    work.same(person, version)
