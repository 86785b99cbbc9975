"""Many households as two tables, in the few types that the column evaluator knows.

A row of `households` is one household, a row of `persons` one person; `h` ties them together and `seat` orders the
people of a household by their ids. Numbers are floats, dates days counted from 0001-01-01, choices text, several
choices lists; null is unknown. Beside a fact may stand its certainty.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from engine.household import Given, Household
from engine.knowledge.model import HOUSEHOLD, PERSON, Fact, Knowledge
from engine.knowledge.vocabulary import PAPER, RECEIVED
from engine.many.column_formulas import plain
from engine.many.columns import AID, AS_OF, CERTAINTY, PAPER_COLUMN, UNLISTED
from engine.many.sheet import KEY, SEAT
from engine.meaning import INPUT_KEYS

HOUSEHOLD_ID, PERSON_ID, APPLICANT = "household_id", "person_id", "applicant"
# The number of a row in its file, while it is judged.
ROW = " row"
TYPES = {
    "boolean": pl.Boolean,
    "integer": pl.Float64,
    "number": pl.Float64,
    "money": pl.Float64,
    "date": pl.Float64,
    "choice": pl.String,
    "choices": pl.List(pl.String),
    "region": pl.String,
    "text": pl.String,
}


class Tables(NamedTuple):
    """Households and persons, in the types named above."""

    households: pl.DataFrame
    persons: pl.DataFrame

    def of(self, side: str) -> pl.DataFrame:
        """Give the table of `household` or of `person`."""
        return self.households if side == HOUSEHOLD else self.persons


def with_seats(persons: pl.DataFrame) -> pl.DataFrame:
    """Number the people of each household by their ids, as text that sorts."""
    rank = pl.col(PERSON_ID).rank("ordinal").over(KEY)
    return persons.with_columns(rank.cast(pl.String).str.zfill(3).alias(SEAT))


def fact_of(column: str, of: str, knowledge: Knowledge) -> Fact | None:
    """Give the fact whose values a column holds; papers are facts of this kind too. None: no such column."""
    paper = knowledge.papers.get(column.removeprefix(PAPER_COLUMN)) if column.startswith(PAPER_COLUMN) else None
    if paper is not None:
        return Fact(column, of, "boolean", paper.label, paper.place)
    fact = knowledge.facts.get(column)
    return fact if fact is not None and fact.of == of else None


def type_of_column(column: str, of: str, knowledge: Knowledge) -> Any:
    """Give the type of a column of one of the tables; None when the knowledge has no such column."""
    if column.endswith(CERTAINTY):
        base = column.removesuffix(CERTAINTY)
        return pl.Float64 if base == AID or type_of_column(base, of, knowledge) is not None else None
    if column == AID:
        return pl.List(pl.String)
    fact = fact_of(column, of, knowledge)
    return None if fact is None else TYPES[fact.type]


def tables_of(households: Sequence[Household], knowledge: Knowledge) -> Tables:
    """Lay households out as tables, each value with its certainty."""
    rows: dict[str, list[dict[str, Any]]] = {HOUSEHOLD: [], PERSON: []}
    for h, household in enumerate(households):
        told = {HOUSEHOLD: {KEY: h, HOUSEHOLD_ID: household.id}}
        told[HOUSEHOLD] |= {AS_OF: plain(household.as_of), APPLICANT: household.applicant}
        told[HOUSEHOLD][UNLISTED] = household.members_listed == "some"
        told |= {member: {KEY: h, PERSON_ID: member} for member in household.members}
        if household.received is not None:
            for row in told.values():
                row |= {AID: [], AID + CERTAINTY: household.received.certainty}
        for (of, key), given in household.facts.items():
            if key.startswith(INPUT_KEYS[RECEIVED]):
                if given.value:
                    told[of][AID].append(key.removeprefix(INPUT_KEYS[RECEIVED]))
                continue
            column = key.replace(INPUT_KEYS[PAPER], PAPER_COLUMN)
            value = list(given.value) if isinstance(given.value, tuple) else plain(given.value)
            told[of] |= {column: value if given.certainty else None, column + CERTAINTY: given.certainty}
        rows[HOUSEHOLD].append(told.pop(HOUSEHOLD))
        rows[PERSON] += told.values()
    frames = {of: pl.DataFrame(rows[of], schema=_schema(rows[of], of, knowledge)) for of in rows}
    return Tables(frames[HOUSEHOLD], with_seats(frames[PERSON]))


def _schema(rows: Iterable[dict[str, Any]], of: str, knowledge: Knowledge) -> dict[str, Any]:
    fixed = {KEY: pl.UInt32, HOUSEHOLD_ID: pl.String} if of == HOUSEHOLD else {KEY: pl.UInt32, PERSON_ID: pl.String}
    if of == HOUSEHOLD:
        fixed |= {AS_OF: pl.Float64, APPLICANT: pl.String, UNLISTED: pl.Boolean}
    columns = dict.fromkeys(column for row in rows for column in row)
    return fixed | {one: type_of_column(one, of, knowledge) for one in columns if one not in fixed}


def households_of(tables: Tables, knowledge: Knowledge) -> Iterator[Household]:
    """Make households of tables again, what `tables_of` does in the other direction.

    A certainty that a table does not tell is that of the default evidence, as the column evaluator has it.
    """
    people = tables.persons.sort(KEY, SEAT).partition_by(KEY, as_dict=True, maintain_order=True)
    for row in tables.households.iter_rows(named=True):
        members = people.get((row[KEY],))
        persons = list(members.iter_rows(named=True)) if members is not None else []
        told = {HOUSEHOLD: row} | {person[PERSON_ID]: person for person in persons}
        facts = {}
        for of, one in told.items():
            facts |= {(of, key): given for key, given in _given(one, knowledge)}
        aid = row.get(AID)
        yield Household(
            id=row[HOUSEHOLD_ID],
            applicant=row[APPLICANT],
            as_of=date.fromordinal(int(row[AS_OF])),
            members=tuple(person[PERSON_ID] for person in persons),
            facts=facts,
            members_listed="some" if row[UNLISTED] else "all",
            received=None if aid is None else Given(True, _certainty(row, AID, knowledge), None),
        )


def _given(row: Mapping[str, Any], knowledge: Knowledge) -> Iterator[tuple[str, Given]]:
    """Give what one row tells, by key of working memory."""
    for column, value in row.items():
        if column == AID:
            for service in value or ():
                yield INPUT_KEYS[RECEIVED] + service, Given(True, _certainty(row, AID, knowledge), None)
            continue
        fact, paper = knowledge.facts.get(column), column.removeprefix(PAPER_COLUMN)
        if (fact is None and paper == column) or column.endswith(CERTAINTY):
            continue
        key, sure = INPUT_KEYS[PAPER] + paper if fact is None else column, _certainty(row, column, knowledge)
        if value is not None or sure == 0:
            yield key, Given(value if fact is None or value is None else _of_type(value, fact), sure, None)


def _certainty(row: Mapping[str, Any], column: str, knowledge: Knowledge) -> float:
    found = row.get(column + CERTAINTY)
    return knowledge.evidence[knowledge.default_evidence].certainty if found is None else found


def _of_type(value: Any, fact: Fact) -> Any:
    """Give a value as one household has it: whole numbers, dates, choices in the order of the fact."""
    match fact.type:
        case "integer" | "money":
            return int(value)
        case "date":
            return date.fromordinal(int(value))
        case "choices":
            return tuple(choice for choice in fact.choices if choice in value)
    return value
