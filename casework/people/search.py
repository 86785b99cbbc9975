"""Finding people: by words of the name, by NIK or family card number, by the number of a case; only in one's area.

A name is looked for by its rarest word first, so that "Siti Kurniasih" walks through the few Kurniasih and not through
every Siti. The last word may be its beginning.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased, contains_eager

from casework.cases.models import Case
from casework.people.models import Household, NameWord, Person
from casework.people.names import LONGEST_WORD, words_of
from casework.people.numbers import plain_number
from casework.refusals import Refused
from casework.staff.areas import households_of
from casework.store.work import Work
from engine.population_number import KK, LENGTH, NIK

LIMIT = 50
SHORTEST = 3
# Enough to tell a rare word from a common one.
_COUNTED = 3000
_WORDS_ALIKE = 3


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
    mine = households_of(work.actor, "case.read")
    found = select(Case).join(Household).where(Case.number == text.upper(), mine)
    return work.session.scalars(found).all()


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
    """Find people who have all of these words, walking along the rarest."""
    rarest, *others = sorted(words, key=lambda word: _count(work, word))
    query = _people(work).join(NameWord, NameWord.person_id == Person.id).where(rarest.on(NameWord))
    for word in others:
        other = aliased(NameWord)
        query = query.where(select(other.person_id).where(other.person_id == Person.id, word.on(other)).exists())
    # Two words of one name may begin alike: the same person comes twice, which costs less than to sort them all.
    found = work.session.scalars(query.limit(limit * _WORDS_ALIKE))
    return list(dict.fromkeys(found))[:limit]


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
    mine = (Household.applicant.in_(("group", "organisation")), like, households_of(work.actor))
    return work.session.scalars(select(Household).where(*mine).order_by(Household.id).limit(LIMIT)).all()
