"""Where the two evaluators disagree about the same households: nowhere, or one of them is wrong.

`forward` and `columns` are two schedules of one Plan. Whoever runs both (the samples, a batch that verifies
itself, the tests) compares them here, row by row and to the last digit.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from engine.diagnosis import Diagnosis
from engine.many.answers import Answers
from engine.rows import ServiceRow

Key = tuple[str, str, str]


class Disagreement(NamedTuple):
    """One thing the evaluators say differently: about which service of whom, what, and what each says."""

    household: str
    service: str
    subject: str
    what: str
    forward: Any
    columns: Any


def disagreements(diagnoses: Iterable[Diagnosis], answers: Answers) -> Iterator[Disagreement]:
    """Compare diagnoses with the answers for the same households.

    Args:
        diagnoses: One for each household, whose ids differ.
        answers: What the columns say of all of them, for all services and with their documents.
    """
    found = _by_row(answers)
    for diagnosis in diagnoses:
        for row in diagnosis.shown:
            key = diagnosis.household.id, row.service.name, row.subject
            said = found.pop(key, {})
            for what, expected in _said(row).items():
                if said.get(what) != expected:
                    yield Disagreement(*key, what, expected, said.get(what))
    for key in found:
        yield Disagreement(*key, "row", None, "shown")


def _said(row: ServiceRow) -> dict[str, Any]:
    parts = row.worth.parts if row.worth else ()
    return {
        "cf": row.cf,
        "cf_as_told": row.told,
        "outcome": row.outcome,
        "status": row.status,
        "advice": row.advice,
        "amount": row.worth.amount if row.worth else None,
        "components": {(part.component, part.subject, part.amount) for part in parts if part.paid},
        "documents": {(paper.name, paper.needed) for paper in row.documents},
    }


def _by_row(answers: Answers) -> dict[Key, dict[str, Any]]:
    rows = {
        (row["household_id"], row["service"], row["subject"]): row | {"components": set(), "documents": set()}
        for row in answers.services.to_dicts()
    }
    of_service: dict[tuple[str, str], list[Key]] = defaultdict(list)
    for key in rows:
        of_service[key[:2]].append(key)
    for row in answers.components.to_dicts():
        for key in of_service[row["household_id"], row["service"]]:
            rows[key]["components"].add((row["component"], row["subject"], row["amount"]))
    for row in answers.needs.to_dicts():
        key = row["household_id"], row["service"], row["subject"]
        rows.setdefault(key, {"documents": set()})["documents"].add((row["document"], row["needed"]))
    return rows
