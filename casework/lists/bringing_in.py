"""Lists that somebody else decided, such as a ministry's recipients: matched with the register, held like our own.

Either every row is brought in, or none is. Rows with a fault can be left out, when somebody says so; who holds something
else that excludes it is on the list, without a place, and says why.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, select

from casework.lists.candidates import Candidate
from casework.lists.holds import chunks, slots_in
from casework.lists.lists import DRAFT, new_list, service_to_draft
from casework.lists.models import BeneficiaryList
from casework.lists.placing import place
from casework.people.models import Household, Person
from casework.people.numbers import plain_number
from casework.refusals import Refused
from casework.staff.areas import households_of
from casework.store.work import Work
from engine.diagnosis import Office
from engine.population_number import NIK, fault_of, masked

MOST_ROWS = 60_000


class Row(NamedTuple):
    """One row of such a list: its number in the file, the NIK, and the rupiah of the period (None: not said).

    `strange` is what a spreadsheet's cell cannot be trusted for: a formula, cells made one, digits rounded away.
    """

    number: int
    nik: str
    amount: int | None = None
    strange: str | None = None


class Fault(NamedTuple):
    """Why a row cannot be brought in: the code of a sentence, with the masked NIK and the row it is twice in."""

    row: int
    nik: str
    code: str
    other: int | None = None

    def said(self, lang: str) -> str:
        return Refused(self.code, row=self.other).said(lang)


class FaultyRows(Refused):
    """Rows with a fault: nothing was brought in."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("lists-rows", "file", count=len(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class _Resident:
    person: int
    household: int | None
    dead: bool


def bring_in_list(
    work: Work,
    office: Office,
    service: str,
    since: date,
    until: date,
    rows: Iterable[Row],
    leave_out: bool = False,
) -> BeneficiaryList:
    """Bring in a list that somebody else decided; ranked as it came.

    Args:
        work: Whoever brings it; rows of people outside of their area count as unknown.
        office: The edition in force.
        service: The service.
        since: The first day of the period.
        until: Its last day.
        rows: The rows, in their order; for a household's service the NIK of any member names the household.
        leave_out: Leave rows with a fault out, instead of bringing in nothing.

    Raises:
        FaultyRows: with the fault of each row.
        Refused: `lists-file-empty`, `lists-file-long`; as `draft_list`.
    """
    known = service_to_draft(work, office, service)
    rows = list(rows)
    if not rows:
        raise Refused("lists-file-empty", "file")
    if len(rows) > MOST_ROWS:
        raise Refused("lists-file-long", "file", most=MOST_ROWS)
    good, faults = _sorted_out(work, rows, slots_in(office.knowledge).of_household(service))
    if faults and not leave_out:
        raise FaultyRows(faults)
    if not good:
        raise Refused("lists-file-empty", "file")
    on = new_list(work, office.knowledge, known, since, until, None)
    on.brought_in = True
    place(work, office.knowledge, on, good)
    work.record("list.brought_in", "list", on.number, service=service, rows=len(good), left_out=len(faults))
    return on


def _sorted_out(work: Work, rows: Sequence[Row], of_household: bool) -> tuple[list[Candidate], list[Fault]]:
    niks = {row.number: (plain_number(row.nik) or "").lstrip("'") for row in rows}
    residents = _residents(work, [nik for nik in niks.values() if fault_of(nik, NIK) is None])
    good, faults = [], []
    seen: dict[int, int] = {}
    for row in rows:
        nik = niks[row.number]
        resident = residents.get(nik)
        code = _fault(nik, row, resident)
        who = None if resident is None else resident.household if of_household else resident.person
        if code is None and who in seen:
            faults.append(Fault(row.number, masked(nik), "lists-row-twice", seen[who]))
        elif code is not None or resident is None or resident.household is None:
            faults.append(Fault(row.number, masked(nik), code or "lists-row-unknown"))
        else:
            seen[who] = row.number
            person = None if of_household else resident.person
            good.append(Candidate(None, resident.household, person, work.today, amount=row.amount))
    return good, faults


def _fault(nik: str, row: Row, resident: _Resident | None) -> str | None:
    if row.strange or fault_of(nik, NIK) is not None:
        return row.strange or "lists-row-number"
    if resident is None:
        return "lists-row-unknown"
    if resident.dead:
        return "lists-row-gone"
    if resident.household is None:
        return "lists-row-homeless"
    return "lists-row-amount" if row.amount is not None and row.amount < 0 else None


def _residents(work: Work, niks: Sequence[str]) -> dict[str, _Resident]:
    """Find people by NIK; whoever was merged is found as the one that was kept."""
    by_index = {work.keys.index(NIK, nik): nik for nik in niks}
    found: dict[str, _Resident] = {}
    merged: dict[int, list[str]] = {}
    for some in chunks(by_index):
        for index, into, resident in _read(work, Person.nik_index.in_(some)):
            if into is None:
                found[by_index[bytes(index)]] = resident
            else:
                merged.setdefault(into, []).append(by_index[bytes(index)])
    for some in chunks(merged):
        for _, _, resident in _read(work, Person.id.in_(some)):
            found |= dict.fromkeys(merged[resident.person], resident)
    return found


def _read(work: Work, which: ColumnElement[bool]) -> Iterable[tuple[bytes, int | None, _Resident]]:
    seen = households_of(work.actor, DRAFT)
    rows = (
        select(Person.nik_index, Person.merged_into, Person.id, Household.id, Person.died_on)
        .outerjoin(Household, Household.id == Person.household_id)
        .where(which, Person.household_id.is_(None) | seen)
    )
    for index, into, person, household, died_on in work.session.execute(rows):
        yield index, into, _Resident(person, household, died_on is not None)
