"""The register: which households and people there are, entered and corrected with what a NIK or a family card tells.

Every function asks whether the actor may see the household, or write in its place; what lies elsewhere is not there.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from casework.people import residences
from casework.people.models import Household, NameWord, Person
from casework.people.names import keep_words, words_of
from casework.people.numbers import Doubt, Holder, doubts_about, plain_number, refuse_fault, unless_confirmed
from casework.people.permission import WRITE, may_write, may_write_person
from casework.people.places import Place, checked_place, place_of, text_of
from casework.refusals import NotFound, Refused
from casework.staff.areas import households_of, may_see, sees
from casework.store.work import Work
from engine.knowledge.model import Knowledge
from engine.knowledge.parse_offer import APPLICANTS
from engine.population_number import KK, NIK

# Kinds of applicants that have a name of their own instead of a head.
NAMED = ("group", "organisation")
RELATIONS = (
    *("head", "husband", "wife", "child", "child_in_law", "grandchild", "parent", "parent_in_law"),
    *("relative", "helper", "other"),
)
LISTED = ("all", "some")
HEAD = "head"
_OLDEST = 130


@dataclass(frozen=True)
class HouseholdEntry:
    """What is entered about a household. `kk` None leaves the number as it is; `name` follows from the head."""

    place: Place
    kk: str | None = None
    name: str | None = None
    applicant: str = "family"
    members_listed: str = "all"


@dataclass(frozen=True)
class PersonEntry:
    """What is entered about a person. `nik` None leaves the number as it is, `without_nik` takes it away."""

    name: str
    nik: str | None = None
    birth_date: date | None = None
    sex: str | None = None
    mother_name: str | None = None
    relation: str | None = None
    without_nik: bool = False


def register_household(
    work: Work, knowledge: Knowledge, entry: HouseholdEntry, confirmed: Collection[str] | None = ()
) -> Household:
    """Enter a household; its people follow with `register_person`.

    Args:
        knowledge: Says which region is the office's own.
        entry: Its place and numbers.
        confirmed: The doubts (`Doubt.name`) that somebody looked at; None: the caller answers for all.

    Raises:
        Refused: at a field that must be mended; `Doubtful` for what must be confirmed.
    """
    work.require(WRITE)
    household = Household(registered_at=work.now)
    _write_household(work, knowledge, household, entry, confirmed)
    work.session.add(household)
    _flush(work, "register-kk-taken-meanwhile", "kk")
    work.record("household.registered", "household", household.id, village=household.village)
    return household


def correct_household(
    work: Work,
    knowledge: Knowledge,
    household: Household,
    entry: HouseholdEntry,
    version: int | str | None = None,
    confirmed: Collection[str] | None = (),
) -> None:
    """Mend what was entered wrongly about a household; when the family moved, see `residences.relocate`.

    Raises:
        Refused: as `register_household`; ChangedMeanwhile.
    """
    may_write(work, household, version)
    before = _state(household)
    _write_household(work, knowledge, household, entry, confirmed)
    residences.mend(work, household)
    _flush(work, "register-kk-taken-meanwhile", "kk")
    work.record("household.corrected", "household", household.id, fields=_changed(before, _state(household)))


def register_person(
    work: Work,
    knowledge: Knowledge,
    household: Household,
    entry: PersonEntry,
    confirmed: Collection[str] | None = (),
    since: date | None = None,
) -> Person:
    """Enter a person of a household.

    Args:
        knowledge: Says which region is the office's own.
        household: Where the person lives.
        entry: Who it is.
        confirmed: As in `register_household`.
        since: From when the person lives there; None: from today.

    Raises:
        Refused: at a field that must be mended; `Doubtful` for what must be confirmed.
    """
    may_write(work, household)
    if household.closed_at is not None:
        raise Refused("register-closed")
    person = Person(registered_at=work.now)
    _write_person(work, knowledge, person, entry, confirmed)
    person.household_id = household.id
    work.session.add(person)
    _flush(work, "register-nik-taken-meanwhile", "nik")
    work.session.expire(household, ["people"])
    residences.begin(work, person, household, since)
    keep_words(work, person)
    if not household.name or person.relation == HEAD:
        household.name = person.name
    work.session.flush()
    work.record("person.registered", "person", person.id, household=household.id)
    return person


def correct_person(
    work: Work,
    knowledge: Knowledge,
    person: Person,
    entry: PersonEntry,
    version: int | str | None = None,
    confirmed: Collection[str] | None = (),
) -> None:
    """Mend what was entered wrongly about a person.

    Raises:
        Refused: as `register_person`; ChangedMeanwhile.
    """
    may_write_person(work, person, version)
    before, called = _state(person), person.name
    _write_person(work, knowledge, person, entry, confirmed)
    _flush(work, "register-nik-taken-meanwhile", "nik")
    keep_words(work, person)
    if person.household and (person.household.name == called or person.relation == HEAD):
        person.household.name = person.name
    work.record("person.corrected", "person", person.id, fields=_changed(before, _state(person)))


def household_there(work: Work, id_: int, right: str = "register.read") -> Household:
    """Give a household; whoever shows its file puts it on record. Raises: NotFound, when it is not there for this actor."""
    household = work.session.get(Household, id_)
    if household is None:
        raise NotFound
    return sees(work, household, right)


def seen_household(work: Work, id_: int, right: str = "register.read") -> Household:
    """Open a household's file, on the record. Raises: NotFound, when it is not there for this actor."""
    household = household_there(work, id_, right)
    work.record("household.read", "household", household.id)
    return household


def seen_person(work: Work, id_: int, right: str = "register.read") -> Person:
    """Open a person's file, on the record; of a merged entry, that of the one that was kept.

    Raises:
        NotFound: when it is not there for this actor.
    """
    person = work.session.get(Person, id_)
    if person is not None and person.merged_into is not None:
        person = work.session.get(Person, person.merged_into)
    if person is None or person.household is None:
        raise NotFound
    sees(work, person.household, right)
    work.record("person.read", "person", person.id)
    return person


def household_by_card(work: Work, kk: str) -> Household | None:
    """Find a household of the actor's area by its family card."""
    index = work.keys.index(KK, plain_number(kk) or "")
    found = select(Household).where(Household.kk_index == index, households_of(work.actor))
    return work.session.scalars(found).one_or_none()


def _write_household(
    work: Work, knowledge: Knowledge, household: Household, entry: HouseholdEntry, confirmed: Collection[str] | None
) -> None:
    _one_of(entry.applicant, APPLICANTS, "applicant")
    _one_of(entry.members_listed, LISTED, "members_listed")
    place = checked_place(work, entry.place)
    name = text_of(entry.name, "name")
    if not name and entry.applicant in NAMED:
        raise Refused("register-name", "name")
    kk = plain_number(entry.kk)
    if kk is not None and kk != household.opened(work.keys, "kk"):
        refuse_fault(kk, KK, "kk")
        _refuse_taken_card(work, household, kk)
        unless_confirmed(doubts_about(kk, KK, knowledge, work.today, "kk"), confirmed)
        household.seal(work.keys, "kk", kk)
    for part, value in place._asdict().items():
        setattr(household, part, value)
    household.applicant, household.members_listed = entry.applicant, entry.members_listed
    household.name = name or household.name or ""


def _write_person(
    work: Work, knowledge: Knowledge, person: Person, entry: PersonEntry, confirmed: Collection[str] | None
) -> None:
    name = text_of(entry.name, "name")
    if name is None or not any(letter.isalpha() for word in words_of(name) for letter in word):
        raise Refused("register-name", "name")
    if entry.birth_date is not None:
        refuse_birth(entry.birth_date, work.today)
    _one_of(entry.sex, (None, "L", "P"), "sex")
    _one_of(entry.relation, (None, *RELATIONS), "relation")
    number, before = plain_number(entry.nik), person.opened(work.keys, NIK)
    if number is not None:
        refuse_fault(number, NIK, "nik")
        _refuse_taken_nik(work, person, number)
    number = None if entry.without_nik else number or before
    holder, told = Holder(entry.birth_date, entry.sex), Holder(person.birth_date, person.sex)
    found = [] if number is None or (number, holder) == (before, told) else _doubts(work, knowledge, number, holder)
    unless_confirmed([*found, *_alike(work, person, name, entry.birth_date)], confirmed)
    if number != before:
        person.seal(work.keys, NIK, number)
    person.name, person.birth_date, person.sex = name, entry.birth_date, entry.sex
    person.mother_name, person.relation = text_of(entry.mother_name, "mother_name"), entry.relation


def _doubts(work: Work, knowledge: Knowledge, number: str, holder: Holder) -> list[Doubt]:
    return doubts_about(number, NIK, knowledge, work.today, "nik", holder)


def _alike(work: Work, person: Person, name: str, born: date | None) -> list[Doubt]:
    """Say who else of the actor's area has this name and day of birth; nothing new where neither was changed."""
    if born is None or (person.name, person.birth_date) == (name, born):
        return []
    words = words_of(name)
    same = (
        select(Person)
        .join(Household, Household.id == Person.household_id)
        .where(Person.birth_date == born, Person.merged_into.is_(None), households_of(work.actor))
        .where(*(Person.id.in_(select(NameWord.person_id).where(NameWord.word == word)) for word in words))
        .order_by(Person.id)
    )
    others = (one for one in work.session.scalars(same) if one.id != person.id and words_of(one.name) == words)
    found = next(others, None)
    if found is None:
        return []
    return [Doubt("register-alike", "name", name=found.name, person=found.id, village=found.household.village)]


def _refuse_taken_nik(work: Work, person: Person, number: str) -> None:
    index = work.keys.index(NIK, number)
    other = work.session.scalars(select(Person).where(Person.nik_index == index)).one_or_none()
    if other is None or other.id == person.id:
        return
    if other.merged_into is not None:
        other = work.session.get_one(Person, other.merged_into)
    if not may_see(work, other.household):
        raise Refused("register-nik-taken-elsewhere", "nik")
    raise Refused("register-nik-taken", "nik", name=other.name, person=other.id, village=other.household.village)


def _refuse_taken_card(work: Work, household: Household, number: str) -> None:
    index = work.keys.index(KK, number)
    other = work.session.scalars(select(Household).where(Household.kk_index == index)).one_or_none()
    if other is None or other.id == household.id:
        return
    if not may_see(work, other):
        raise Refused("register-kk-taken-elsewhere", "kk")
    raise Refused("register-kk-taken", "kk", name=other.name, household=other.id, village=other.village)


def refuse_birth(born: date, day: date) -> None:
    """Raise Refused when nobody who is entered on a day can have been born then."""
    if born > day or born.year < day.year - _OLDEST:
        raise Refused("register-birth", "birth_date")


def _one_of(word: str | None, known: Collection[str | None], field: str) -> None:
    if word not in known:
        raise Refused("register-choice", field)


def _flush(work: Work, code: str, field: str) -> None:
    """Write; where somebody else took the number in the same moment, say so."""
    try:
        work.session.flush()
    except IntegrityError:
        raise Refused(code, field) from None


def _state(row: Household | Person) -> dict[str, Any]:
    own = (
        "name",
        "applicant",
        "members_listed",
        "birth_date",
        "sex",
        "mother_name",
        "relation",
        "nik_index",
        "kk_index",
    )
    state = {field: getattr(row, field) for field in own if hasattr(row, field)}
    return state | (place_of(row)._asdict() if isinstance(row, Household) else {})


def _changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [field.removesuffix("_index") for field in before if before[field] != after[field]]
