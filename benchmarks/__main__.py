"""Measure the works, print a table, and write it to build/bench.json."""

import json
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import w120
from engine.diagnosis import Office
from engine.forward import infer
from engine.household import Given, Household, read_households
from engine.present import as_json

CHECKOUT = Path(__file__).resolve().parent.parent
H01 = CHECKOUT / "samples" / "keluarga" / "h01-keluarga-besar.yaml"
TODAY = date(2026, 11, 23)
RUNS = 40


def measure(work: Callable[[], object], runs: int = RUNS) -> tuple[float, float, float]:
    """Time a work after one warm-up: median and least seconds, and its peak of memory in MB (measured apart)."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return statistics.median(times), min(times), peak


def one_change(office: Office, household: Household) -> list[Callable[[], object]]:
    """Give, for every answer of a household, diagnosing again after that answer changed."""
    before = office.diagnose(household)
    changed = []
    for (of, name), given in household.facts.items():
        fact = office.knowledge.facts.get(name)
        other = _other_value(fact, given.value) if fact else None
        if other is not None:
            after = household.with_given(of, name, Given(other, given.certainty, given.evidence))
            changed.append(lambda after=after: office.diagnose_again(before, after))
    return changed


def _other_value(fact, value):
    match fact.type:
        case "boolean":
            return not value
        case "choice":
            return next(choice for choice in fact.choices if choice != value)
        case "integer" | "money" | "number":
            return value + 1
        case "date":
            return value.replace(year=value.year - 1, day=1)
    return None


def works(folder: Path) -> dict[str, tuple[float, float, float]]:
    """Run every work of this benchmark."""
    w120.write_knowledge(folder)
    w120.write_household(folder / "satu.yaml")
    small = Office.open(folder)
    single = read_households(folder / "satu.yaml", small.knowledge, TODAY)[0]
    plan = small.plan(single.as_of)
    office = Office.open(CHECKOUT)
    household = read_households(H01, office.knowledge, TODAY)[0]
    found = {
        "load": measure(lambda: Office.open(CHECKOUT).plan(TODAY), 10),
        "w120_one": measure(lambda: infer(plan, single)),
        "h01_full": measure(lambda: as_json(office.diagnose(household))),
    }
    again = [measure(work, 5) for work in one_change(office, household)]
    found["h01_one_change"] = tuple(statistics.median(one[index] for one in again) for index in range(3))
    found["h01_one_change_worst"] = max(again)
    return found


def main() -> None:
    """Measure, print, write."""
    with tempfile.TemporaryDirectory() as folder:
        found = works(Path(folder))
    full = found["h01_full"][0]
    table = Table("work", "median ms", "least ms", "peak MB", "share of h01_full")
    for work, (median, least, peak) in found.items():
        share = f"{median / full:.2f}" if work.startswith("h01_one") else ""
        table.add_row(work, f"{median * 1000:.2f}", f"{least * 1000:.2f}", f"{peak:.1f}", share)
    Console().print(table)
    rows = [
        {"work": work, "system": "tepat", "median_s": median, "min_s": least, "peak_mb": peak, "ratio": 1.0}
        for work, (median, least, peak) in found.items()
    ]
    target = CHECKOUT / "build" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
