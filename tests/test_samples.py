"""The samples try every service from every side: who qualifies, who is stopped by each line alone, who is not known yet."""

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from engine import certainty
from engine.diagnosis import Diagnosis, Office
from engine.knowledge.check import load
from engine.knowledge.model import Concludes
from engine.samples import run_samples

ROOT = Path(__file__).parents[1]
HARD, EXCLUSIONS, STILL_TO_COME = ("when all",), ("unless any", "unneeded any"), ("provided all",)
# Lines that cannot be the only one that stops somebody, and why.
IMPLIED = {
    "when all: terdampak_bencana: yes": "its `concerns` ask of a disaster or a loss, which nobody has who is not affected",
    "when all: age: below adult_age": "whether a parent lives is only asked of children, and `concerns` stops the others",
}


class Sides:
    """What the samples show of each service: the outcomes seen, and the lines that decided alone."""

    def __init__(self) -> None:
        self.outcomes: dict[str, set[str]] = defaultdict(set)
        self.alone: dict[str, set[str]] = defaultdict(set)
        self.lines: dict[str, set[str]] = defaultdict(set)
        self.passed_by: set[str] = set()

    def see(self, diagnosis: Diagnosis) -> None:
        trace = diagnosis.trace
        for task in trace.plan.tasks:
            effect = task.rule.rule.effect if task.rule else None
            if not isinstance(effect, Concludes) or effect.conclusion.text not in diagnosis.knowledge.services:
                continue
            for of in trace.subjects(task.about):
                self._note(effect.conclusion.text, of, task, diagnosis)

    def _note(self, service: str, of: str, task, diagnosis: Diagnosis) -> None:
        row = diagnosis.row(service, of)
        if row is None:
            return
        self.passed_by |= {service} if row.status == "not_concerned" else set()
        self.outcomes[service].add("missing" if row.missing and row.outcome == "unknown" else row.outcome)
        cells = diagnosis.trace.row_of_task(task, of)
        stopping: list[tuple[str, str]] = []
        for block in task.rule.blocks:
            for line in block.lines:
                said = f"{line.block}: {line.condition.name.text}: {line.condition.text.text}"
                found = certainty.outcome(line.line(cells)[0])
                self.lines[service].add(said)
                if (
                    (line.block in HARD and found == "no")
                    or (line.block in EXCLUSIONS and found == "yes")
                    or (line.block in STILL_TO_COME and found != "yes" and row.status == "conditional")
                ):
                    stopping.append((line.block, said))
        if len(stopping) == 1:
            self.alone[service].add(stopping[0][1])


@pytest.fixture(scope="module")
def sides() -> Sides:
    found = Sides()
    tally = run_samples(Office(load(ROOT)), [ROOT / "samples"], date(2026, 11, 23), found.see)
    assert tally.green, tally.failures
    return found


@pytest.fixture(scope="module")
def services() -> list[str]:
    return sorted(load(ROOT).services)


def test_somebody_qualifies_for_every_service(sides, services):
    """And is not only stopped everywhere."""
    assert [one for one in services if "yes" not in sides.outcomes[one]] == []


def test_somebody_cannot_be_told_yet_for_every_service(sides, services):
    """With what is missing named; a service that only asks whom it concerns presumes the answer and is never open."""
    open_ones = [one for one in services if any(not said.startswith("concerns") for said in sides.lines[one])]

    assert [one for one in open_ones if "missing" not in sides.outcomes[one]] == []


def test_whoever_is_not_concerned_is_passed_by(sides, services):
    """Somebody does not see each service that says whom it is about."""
    about_some = [one for one in services if any(said.startswith("concerns") for said in sides.lines[one])]

    assert [one for one in about_some if one not in sides.passed_by] == []


def test_each_line_of_every_service_alone_decides_some_sample(sides, services):
    """Each hard requirement stops somebody, each exclusion closes, each paper or act is still needed."""
    tried = (*HARD, *EXCLUSIONS, *STILL_TO_COME)
    gaps = [
        (service, said)
        for service in services
        for said in sorted(sides.lines[service])
        if said.startswith(tried) and said not in sides.alone[service] and said not in IMPLIED
    ]

    assert gaps == []
