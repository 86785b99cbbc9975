"""The copy sheet for SIKS-NG: what an operator retypes by hand there, field after field, because the two are not joined.

The only paper on which NIK and KK numbers stand whole. Whoever may write in the register may have it, and each look is on
record. What only officers may know is never on it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from casework import typeset
from casework.cases.facts import RESIDENCE, members_of, standing_of
from casework.cases.letter_grounds import in_words
from casework.cases.letter_templates import word
from casework.cases.models import Case
from casework.people.models import Person
from casework.staff.areas import sees
from casework.store.work import Work
from engine.diagnosis import Office
from engine.knowledge.model import HOUSEHOLD
from engine.population_number import BIRTH, SEX
from engine.words import Speaker, day

RIGHT = "register.write"
TEMPLATE = Path(__file__).with_name("siks.typ")
_EMPTY = "–"
# Facts that the register itself holds, and that stand above already.
_OF_REGISTER = (BIRTH, SEX, RESIDENCE)


class Block(NamedTuple):
    """Fields that are typed one after the other: each a name and what to type."""

    title: str
    rows: tuple[tuple[str, str], ...]


class CopySheet(NamedTuple):
    """What is to be retyped for one case: the household, each member, then the facts that official forms ask for."""

    title: str
    notes: tuple[str, ...]
    blocks: tuple[Block, ...]


def copy_sheet(work: Work, office: Office, case: Case, lang: str = "id") -> CopySheet:
    """Give the sheet of a case, on the record.

    Raises:
        NotAllowed, NotFound: when the actor may not write in the register, or not here.
    """
    work.require(RIGHT)
    home = sees(work, case.household, RIGHT)
    members = members_of(home, work.today)
    speaker = Speaker(office.knowledge, lang)
    settled = standing_of(work, office, home, secrets=False).settled
    known = {key: one.value for key, one in settled.items() if one.certainty and one.value is not None}
    place = ("village", "hamlet", "rw", "rt", "address")
    household = [
        ("kk", home.opened(work.keys, "kk")),
        ("head", home.name),
        *((part, getattr(home, part)) for part in place),
    ]
    blocks = [Block(word("siks_household", lang), _rows(household, lang))]
    for at, one in enumerate(members, 1):
        rows = _rows(_person(work, one, speaker), lang) + _facts(speaker, known, one.member)
        blocks.append(Block(word("siks_member", lang, at=at), rows))
    blocks.append(Block(word("siks_facts", lang), _facts(speaker, known, HOUSEHOLD)))
    work.record("numbers.shown", "case", case.number, people=len(members))
    made = word("siks_made", lang, case=case.number, officer=work.actor.name, day=day(work.today, lang))
    return CopySheet(word("siks_title", lang), (made, word("siks_secret", lang)), tuple(blocks))


def as_pdf(sheet: CopySheet, lang: str = "id") -> bytes:
    """Set the sheet for the printer; it is kept nowhere."""
    data: dict[str, Any] = {
        "lang": lang,
        "title": sheet.title,
        "notes": list(sheet.notes),
        "blocks": [{"title": one.title, "rows": [list(row) for row in one.rows]} for one in sheet.blocks],
        "page": word("siks_page", lang, page="{page}", pages="{pages}"),
    }
    return typeset.pdf(TEMPLATE, data)


def _person(work: Work, one: Person, speaker: Speaker) -> Iterable[tuple[str, str | None]]:
    yield "nik", one.opened(work.keys, "nik")
    yield "name", one.name
    yield "birth_date", one.birth_date.isoformat() if one.birth_date else None
    yield "sex", speaker.value(SEX, one.sex) if one.sex else None
    yield "mother_name", one.mother_name
    yield "relation", one.relation


def _rows(fields: Iterable[tuple[str, str | None]], lang: str) -> tuple[tuple[str, str], ...]:
    return tuple((word(f"siks_{name}", lang), value or _EMPTY) for name, value in fields)


def _facts(speaker: Speaker, known: dict[tuple[str, str], Any], subject: str) -> tuple[tuple[str, str], ...]:
    """Give what is known of a subject and asked by an official form, in the order of the schema."""
    facts = speaker.knowledge.facts.values()
    return tuple(
        (speaker.label(one.name), in_words(speaker, one.name, known[subject, one.name]))
        for one in facts
        if one.form
        and one.name not in _OF_REGISTER
        and one.sensitive != "officer_only"
        and (subject, one.name) in known
    )
