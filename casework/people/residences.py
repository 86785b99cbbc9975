"""Who lives where, since when and until when: moving, dying, the end of a household; the history is kept.

A mistake is mended in place (`mend`); what really happened ends one residence and begins another.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select, update

from casework.people.models import BankAccount, Household, Person, Residence
from casework.people.permission import may_write, may_write_person
from casework.people.places import Place, checked_place, place_of
from casework.refusals import Refused
from casework.staff.areas import households_of
from casework.store.work import Work

# Why a household is closed.
ENDS = ("moved_away", "dissolved", "died", "mistake")


def begin(work: Work, person: Person, household: Household, since: date | None = None) -> Residence:
    """Let a residence begin; the register of the person's household is the caller's."""
    since = _no_later_than_today(work, since)
    place = place_of(household)._asdict()
    residence = Residence(person_id=person.id, household_id=household.id, since=since, **place)
    work.session.add(residence)
    work.session.flush()
    return residence


def residences_of(work: Work, person: Person) -> list[Residence]:
    """Give where a person lived, the newest first."""
    return list(
        work.session.scalars(
            select(Residence)
            .where(Residence.person_id == person.id)
            .order_by(Residence.since.desc(), Residence.id.desc())
        )
    )


def seen_households(work: Work, stays: Iterable[Residence]) -> set[int]:
    """Give of the households of some residences those that are there for the actor."""
    ids = {stay.household_id for stay in stays}
    return set(work.session.scalars(select(Household.id).where(Household.id.in_(ids), households_of(work.actor))))


def moved_out(work: Work, household: Household) -> list[tuple[Person, Residence]]:
    """Give who lived in a household before and lives in another now, the last to leave first."""
    found = (
        select(Person, Residence)
        .join(Residence, Residence.person_id == Person.id)
        .where(Residence.household_id == household.id, Residence.until.is_not(None))
        .where(Person.household_id != household.id, Person.merged_into.is_(None))
        .order_by(Residence.until.desc(), Person.id)
    )
    return [(person, stay) for person, stay in work.session.execute(found)]


def mend(work: Work, household: Household) -> None:
    """Let the residences of today say what was mended in the household's place."""
    work.session.execute(
        update(Residence)
        .where(Residence.household_id == household.id, Residence.until.is_(None))
        .values(**place_of(household)._asdict())
    )


def relocate(
    work: Work, household: Household, place: Place, since: date | None = None, version: int | str | None = None
) -> None:
    """Let a whole household live elsewhere from a day on.

    Raises:
        Refused: `residence-before` when somebody came later than that day, `residence-future`, or at a part of the
            place; ChangedMeanwhile.
    """
    may_write(work, household, version)
    since = _no_later_than_today(work, since)
    new = checked_place(work, place)
    if new == place_of(household):
        raise Refused("residence-same-place", "village")
    for part, value in new._asdict().items():
        setattr(household, part, value)
    for person in household.people:
        if person.died_on is None:
            _end(work, person, since)
            begin(work, person, household, since)
    work.record("household.relocated", "household", household.id, village=household.village, since=since.isoformat())


def move_person(
    work: Work,
    person: Person,
    household: Household,
    since: date | None = None,
    relation: str | None = None,
    version: int | str | None = None,
) -> None:
    """Let a person live in another household from a day on.

    Raises:
        Refused: `residence-before`, `residence-future`, `residence-same-place`, `residence-dead`, `register-closed`;
            ChangedMeanwhile; NotFound when either household is not there for the actor.
    """
    may_write_person(work, person, version)
    may_write(work, household)
    if household.closed_at is not None:
        raise Refused("register-closed", "household")
    if person.died_on is not None:
        raise Refused("residence-dead")
    if household.id == person.household_id:
        raise Refused("residence-same-place", "household")
    since = _no_later_than_today(work, since)
    before = person.household
    _end(work, person, since)
    person.household_id, person.relation = household.id, relation
    work.session.flush()
    for one in (before, household):
        work.session.expire(one, ["people"])
    work.session.expire(person, ["household"])
    begin(work, person, household, since)
    work.record("person.moved", "person", person.id, before=before.id, after=household.id, since=since.isoformat())


def record_death(work: Work, person: Person, died_on: date | None, version: int | str | None = None) -> None:
    """Note that a person died: the residence and the accounts end; None takes a mistaken note back.

    Raises:
        Refused: `residence-future`, `residence-before-birth`; ChangedMeanwhile.
    """
    may_write_person(work, person, version)
    if died_on is None:
        _live_on(work, person)
    else:
        _no_later_than_today(work, died_on, "died_on")
        if person.birth_date and died_on < person.birth_date:
            raise Refused("residence-before-birth", "died_on")
        for table in (Residence, BankAccount):
            open_ = (table.person_id == person.id, table.until.is_(None))
            work.session.execute(update(table).where(*open_).values(until=died_on))
    person.died_on = died_on
    work.session.flush()
    work.record("person.died" if died_on else "person.lives", "person", person.id)


def close_household(
    work: Work, household: Household, reason: str, on: date | None = None, version: int | str | None = None
) -> None:
    """Close a household that is no more, or no more here; whoever still lived there does so no longer.

    Raises:
        Refused: `register-close-reason`, `register-closed`, `residence-future`, `residence-before`; ChangedMeanwhile.
    """
    may_write(work, household, version)
    if reason not in ENDS:
        raise Refused("register-close-reason", "reason")
    if household.closed_at is not None:
        raise Refused("register-closed")
    on = _no_later_than_today(work, on)
    for person in household.people:
        _end(work, person, on)
    household.closed_at = work.now
    work.session.flush()
    work.record("household.closed", "household", household.id, reason=reason, on=on.isoformat())


def reopen_household(work: Work, household: Household, version: int | str | None = None) -> None:
    """Open a closed household again; whoever is still entered there and alive lives there again, from today.

    Raises:
        Refused: `register-not-closed`; ChangedMeanwhile.
    """
    may_write(work, household, version)
    if household.closed_at is None:
        raise Refused("register-not-closed")
    household.closed_at = None
    for person in household.people:
        if person.died_on is None:
            begin(work, person, household)
    work.session.flush()
    work.record("household.reopened", "household", household.id)


def _no_later_than_today(work: Work, day: date | None, field: str = "since") -> date:
    if day is not None and day > work.today:
        raise Refused("residence-future", field)
    return day or work.today


def _end(work: Work, person: Person, on: date) -> None:
    """End where a person lives; nobody leaves before they came."""
    current = work.session.scalars(
        select(Residence).where(Residence.person_id == person.id, Residence.until.is_(None))
    ).all()
    for residence in current:
        if on < residence.since:
            raise Refused("residence-before", "since", name=person.name, since=residence.since.isoformat())
        residence.until = on
    work.session.flush()


def _live_on(work: Work, person: Person) -> None:
    """Take back what a death ended on its day."""
    for table in (Residence, BankAccount):
        ended = (table.person_id == person.id, table.until == person.died_on)
        work.session.execute(update(table).where(*ended).values(until=None))
