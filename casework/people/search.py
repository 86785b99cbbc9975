"""Finding people: by words of the name, by NIK or family card number, by the number of a case; only in one's area.

A name is looked for by its rarest word first, so that "Siti Kurniasih" walks through the few Kurniasih and not through
every Siti. The last word may be its beginning.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import contains_eager

from casework.cases.models import Case
from casework.people.models import Household, NameWord, Person
from casework.people.names import LONGEST_WORD, words_of
from casework.people.numbers import plain_number
from casework.people.register import NAMED
from casework.refusals import Refused
from casework.staff.areas import households_of, known_cases
from casework.store.work import Work
from engine.population_number import KK, LENGTH, NIK

LIMIT = 50
SHORTEST = 3
# Enough to tell a rare word from a common one.
_COUNTED = 3000
_PORTION = 5000
_SMALL = 10_000


class _Sought(NamedTuple):
    """A word that is looked for, or the beginning of one."""

    word: str
    begun: bool = False

    def on(self, table: type[NameWord]) -> ColumnElement[bool]:
        """Give the condition; in small letters and digits, `z` sorts last in every collation."""
        if not self.begun:
            return table.word == self.word
        return and_(table.word >= self.word, table.word <= self.word + "z" * (LONGEST_WORD + 1))


class Found(NamedTuple):
    """What was found; `more` says that there is more than is shown."""

    people: Sequence[Person] = ()
    households: Sequence[Household] = ()
    cases: Sequence[Case] = ()
    more: bool = False

    @property
    def nothing(self) -> bool:
        return not (self.people or self.households or self.cases)


def search(work: Work, text: str, limit: int = LIMIT) -> Found:
    """Find people, households and cases, on the record.

    Args:
        text: A name or its beginning, a whole NIK or family card number, or the number of a case.
        limit: How many people at most.

    Raises:
        Refused: `search-short`, when too little is given to look for.
    """
    work.require("register.read")
    number = plain_number(text) or ""
    if len(number) == LENGTH and number.isascii() and number.isdigit():
        kind, found = "number", _by_number(work, number)
    else:
        cases = _cases(work, text.strip())
        kind, found = ("case", Found(cases=cases)) if cases else ("name", _by_name(work, text, limit))
    work.record("register.searched", "register", kind, people=len(found.people), cases=len(found.cases))
    return found


def _by_number(work: Work, number: str) -> Found:
    """Find by a number; whoever was merged is found as the one that was kept."""
    session = work.session
    person = session.scalars(select(Person).where(Person.nik_index == work.keys.index(NIK, number))).one_or_none()
    id_ = person and (person.merged_into or person.id)
    people = session.scalars(_people(work).where(Person.id == id_)).all() if id_ else ()
    card = select(Household).where(Household.kk_index == work.keys.index(KK, number), households_of(work.actor))
    return Found(people, session.scalars(card).all())


def _cases(work: Work, text: str) -> Sequence[Case]:
    if not any(mark.isdigit() for mark in text) or not work.actor.may("case.read"):
        return ()
    return known_cases(work, Case.number == text.upper())


def _by_name(work: Work, text: str, limit: int) -> Found:
    words = words_of(text)
    if not words or max(map(len, words)) < SHORTEST:
        raise Refused("search-short", "q")
    whole = [_Sought(word) for word in words]
    people = _with_words(work, whole, limit + 1)
    if len(people) <= limit and len(words[-1]) >= SHORTEST:
        begun = _with_words(work, [*whole[:-1], _Sought(words[-1], begun=True)], limit + 1)
        people = list(dict.fromkeys(people + begun))
    shown = sorted(people[:limit], key=lambda one: (one.name.casefold(), one.id))
    return Found(shown, _groups(work, text), more=len(people) > limit)


def _with_words(work: Work, words: Sequence[_Sought], limit: int) -> list[Person]:
    """Find people who have all of these words, in the order in which they were entered.

    One step after the other and in portions: a database that plans all of it at once sometimes begins with everybody.
    It begins with the people of the area where they are few, else with the rarest word.
    """
    ordered = sorted(words, key=lambda word: _count(work, word))
    ids = _of_small_area(work)
    if ids is None:
        rarest, *ordered = ordered
        ids = sorted(set(work.session.scalars(select(NameWord.person_id).where(rarest.on(NameWord)))))
    found: list[Person] = []
    start, portion = 0, limit * 2
    while start < len(ids) and len(found) < limit:
        some: Sequence[int] = ids[start : start + portion]
        for word in ordered:
            having = select(NameWord.person_id).where(NameWord.person_id.in_(some), word.on(NameWord))
            some = list(work.session.scalars(having)) if some else some
        if some:
            found += work.session.scalars(_people(work).where(Person.id.in_(some)).order_by(Person.id).limit(limit))
        start, portion = start + portion, _PORTION
    return found[:limit]


def _of_small_area(work: Work) -> list[int] | None:
    """Give the ids of all whom the actor may see, when they are not too many to be looked through."""
    actor = work.actor
    if actor.everything or not all(post.area.village for post in actor.posts_for("register.read")):
        return None
    homes = select(Household.id).where(households_of(actor))
    ids = work.session.scalars(select(Person.id).where(Person.household_id.in_(homes)).limit(_SMALL + 1)).all()
    return sorted(ids) if len(ids) <= _SMALL else None


def _people(work: Work) -> Select[tuple[Person]]:
    mine = households_of(work.actor)
    query = (
        select(Person).join(Household, Household.id == Person.household_id).options(contains_eager(Person.household))
    )
    return query.where(mine, Person.merged_into.is_(None))


def _count(work: Work, word: _Sought) -> int:
    some = select(NameWord.person_id).where(word.on(NameWord)).limit(_COUNTED).subquery()
    return work.session.scalar(select(func.count()).select_from(some)) or 0


def _groups(work: Work, text: str) -> Sequence[Household]:
    """Find groups and organisations: they have a name and no people."""
    like = func.lower(Household.name).contains(" ".join(text.lower().split()), autoescape=True)
    mine = (Household.applicant.in_(NAMED), like, households_of(work.actor))
    return work.session.scalars(select(Household).where(*mine).order_by(Household.id).limit(LIMIT)).all()
