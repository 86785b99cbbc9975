"""Try many made-up editions and households through both evaluators, and print what was found.

`make conformance` runs this over 20,000 households; `test_columns` over a few hundred.
"""

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from engine.forward import Trace, infer
from engine.knowledge.model import HOUSEHOLD
from engine.many.agreement import Disagreement, disagreements
from engine.many.answers import Many
from engine.many.column_plan import ColumnPlan
from engine.many.columns import Brought
from engine.many.sheet import name_of
from engine.many.tables import tables_of
from tests.engine.generated import Case, Size

ORDINARY, CROWDED = Size(households=40), Size(households=40, members=12)


class Tried(NamedTuple):
    """What trying one case came to."""

    seed: int
    households: int
    statuses: Counter
    differences: list[Any]


def tried(case: Case) -> Tried:
    """Put the households of a case to both evaluators: services, papers, components, and every conclusion."""
    diagnoses = [case.office.diagnose(household) for household in case.households]
    answers = Many(case.office, needs=True).answer(tables_of(case.households, case.knowledge))
    found: list[Any] = list(disagreements(diagnoses, answers))
    # A diagnosis leaves services of other applicants out; here they are worked out too.
    by_plan: dict[int, list[Trace]] = {}
    for household in case.households:
        plan = case.office.plan(household.as_of)
        by_plan.setdefault(id(plan), []).append(infer(plan, household))
    for traces in by_plan.values():
        found += _of_conclusions(case, traces)
    statuses = Counter(row.status for diagnosis in diagnoses for row in diagnosis.rows)
    return Tried(case.seed, len(diagnoses), statuses, found)


def _of_conclusions(case: Case, traces: list[Trace]) -> Iterator[Disagreement]:
    """Compare every conclusion of households under one plan, in both passes, to the last digit."""
    names = list(case.knowledge.conclusions)
    tables = tables_of([trace.household for trace in traces], case.knowledge)
    brought = Brought(frozenset(tables.households.columns), frozenset(tables.persons.columns), None)
    plan = ColumnPlan(traces[0].plan, brought, conclusions=names)
    worked = plan.run(tables.households, tables.persons)
    for name in names:
        about = case.knowledge.conclusions[name].about
        frame = worked[about].sort("h") if about == HOUSEHOLD else worked[about].sort("h", "seat")
        subjects = [(t, of) for t in traces for of in (sorted(t.household.members) if about != HOUSEHOLD else (about,))]
        for lane, what in enumerate(("cf", "cf_as_told")):
            column = frame[name_of(plan.conclusions[name][lane])].to_list()
            for (trace, of), found in zip(subjects, column, strict=True):
                expected = trace.told(name, of) if lane else trace.cf(name, of)
                if found != expected:
                    yield Disagreement(trace.household.id, name, of, what, expected, found)


def _tried(seed: int) -> Tried:
    return tried(Case(seed, CROWDED if seed % 3 == 0 else ORDINARY))


def main() -> None:
    """Try as many households as asked for, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=20_000)
    parser.add_argument("--first-seed", type=int, default=1_000_000)
    asked = parser.parse_args()
    seeds = range(asked.first_seed, asked.first_seed + -(-asked.households // ORDINARY.households))
    start, households, statuses, found = time.monotonic(), 0, Counter(), []
    with multiprocessing.Pool(maxtasksperchild=25) as pool:
        for one in pool.imap_unordered(_tried, seeds):
            households += one.households
            statuses += one.statuses
            found += [(one.seed, difference) for difference in one.differences]
    for seed, difference in found[:20]:
        print(f"seed {seed}: {difference}")
    shown = ", ".join(f"{status} {count}" for status, count in statuses.most_common())
    print(f"{len(seeds)} editions, {households} households, {sum(statuses.values())} rows ({shown})")
    print(f"{len(found)} differences between the evaluators, in {time.monotonic() - start:.0f} s")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
