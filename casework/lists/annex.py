"""The annex of a decree: who gets what, as it was signed. Names, village, aid, amount, and the NIK by its ends only.

What is signed is kept sealed as plain data; PDF and Excel are made of it whenever somebody asks, always the same. Of a
draft they are made of what stands there now.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from casework.lists.holds import chunks
from casework.lists.lists import IN_FORCE, sees_all
from casework.lists.models import BeneficiaryList, Entry
from casework.lists.placing import LISTED
from casework.people.models import Attachment, Household, Person, Village
from casework.people.register import HEAD
from casework.refusals import NotAllowed
from casework.store.work import Work
from engine.knowledge.model import Knowledge

KIND = "list"
_MEDIA_TYPE = "application/json"


class Line(NamedTuple):
    """One beneficiary: the rank, the name, the village, the masked NIK, whole rupiah for the period (None: no money)."""

    number: int
    name: str
    village: str
    nik: str
    amount: int | None


class Annex(NamedTuple):
    """An annex: what the decree and the list are, and a line for each beneficiary."""

    number: str
    revision: int
    state: str
    service: str
    program: str
    since: date
    until: date
    sk_number: str | None
    sk_date: date | None
    signed_by: str | None
    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        return sum(line.amount or 0 for line in self.lines)


def annex_of(work: Work, knowledge: Knowledge, on: BeneficiaryList, form: str) -> Annex:
    """Give the annex of a list: as it was signed, or of a draft as it is now. On record: whole names leave the house.

    Args:
        form: As what it is given: pdf, xlsx.

    Raises:
        NotAllowed: who may not see everybody on the list.
    """
    if not sees_all(work, on):
        raise NotAllowed
    work.record("list.annex", "list", on.number, form=form)
    if on.annex_id is None:
        return current(work, knowledge, on)
    kept = work.session.get_one(Attachment, on.annex_id)
    return _read(kept.opened_bytes(work.keys, "content"))


def keep(work: Work, knowledge: Knowledge, on: BeneficiaryList) -> None:
    """Keep the annex of a list as it is being signed."""
    work.session.flush()
    content = _written(current(work, knowledge, on))
    kept = Attachment(
        kind=KIND,
        name=f"{on.number}.json",
        media_type=_MEDIA_TYPE,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        added_at=work.now,
        added_by=work.actor.name,
    )
    kept.seal(work.keys, "content", content)
    work.session.add(kept)
    work.session.flush()
    on.annex_id = kept.id


def is_as_signed(work: Work, on: BeneficiaryList) -> bool:
    """Say whether the beneficiaries of a list in force are still those that were signed, with their amounts."""
    if on.annex_id is None or on.state not in IN_FORCE:
        return True
    kept = work.session.get_one(Attachment, on.annex_id)
    rows = select(Entry.amount).where(Entry.list_id == on.id, Entry.place == LISTED).order_by(Entry.rank, Entry.id)
    signed = _read(kept.opened_bytes(work.keys, "content"))
    return [line.amount for line in signed.lines] == list(work.session.scalars(rows))


def current(work: Work, knowledge: Knowledge, on: BeneficiaryList) -> Annex:
    """Give the annex as the list stands now."""
    service, program = knowledge.services.get(on.service), knowledge.programs.get(on.program)
    return Annex(
        number=on.number,
        revision=on.revision,
        state=on.state,
        service=service.label.id if service else on.service,
        program=program.label.id if program else on.program,
        since=on.since,
        until=on.until,
        sk_number=on.sk_number,
        sk_date=on.sk_date,
        signed_by=on.signed_by,
        lines=tuple(_lines(work, on)),
    )


def _lines(work: Work, on: BeneficiaryList) -> Iterable[Line]:
    rows = work.session.execute(
        select(Entry.person_id, Entry.household_id, Entry.amount, Household.name, Household.village, Village.name)
        .join(Household, Household.id == Entry.household_id)
        .join(Village, Village.code == Household.village)
        .where(Entry.list_id == on.id, Entry.place == LISTED)
        .order_by(Entry.rank, Entry.id)
    ).all()
    heads = heads_of(work, {row[1] for row in rows if row[0] is None})
    people = _people(work, {person or heads.get(home) for person, home, *_ in rows} - {None})
    for number, (person, home, amount, home_name, code, village) in enumerate(rows, 1):
        who = people.get(person or heads.get(home))
        name = who.name if who and person else home_name
        yield Line(number, name, village or code, (who.shown(work.keys, "nik") if who else None) or "", amount)


def heads_of(work: Work, households: Collection[int]) -> dict[int, int]:
    """Give the head of each household: whoever is registered as such, or else bears its name."""
    found: dict[int, tuple[bool, int]] = {}
    for some in chunks(households):
        rows = (
            select(Household.id, Person.id, Person.relation)
            .join(Person, Person.household_id == Household.id)
            .where(
                Household.id.in_(some),
                Person.merged_into.is_(None),
                (Person.relation == HEAD) | (Person.name == Household.name),
            )
        )
        for home, person, relation in work.session.execute(rows):
            found[home] = min(found.get(home, (True, person)), (relation != HEAD, person))
    return {home: person for home, (_, person) in found.items()}


def _people(work: Work, ids: Collection[int]) -> dict[int, Person]:
    found = {}
    for some in chunks(ids):
        found |= {one.id: one for one in work.session.scalars(select(Person).where(Person.id.in_(some)))}
    return found


def _written(annex: Annex) -> bytes:
    return json.dumps(annex._asdict(), default=date.isoformat, ensure_ascii=False, separators=(",", ":")).encode()


def _read(content: bytes) -> Annex:
    told: dict[str, Any] = json.loads(content)
    for key in ("since", "until", "sk_date"):
        told[key] = told[key] and date.fromisoformat(told[key])
    return Annex(**{**told, "lines": tuple(Line(*line) for line in told["lines"])})
