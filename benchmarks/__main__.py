"""Measure the works, print a table, and write it to build/bench.json."""

import argparse
import gc
import json
import statistics
import time
from collections.abc import Mapping
from itertools import chain

from rich.console import Console
from rich.table import Table

from benchmarks.peak import peak_mb
from benchmarks.works import CHECKOUT, TEPAT, WORKS, Prepared, Work, agree

ROWS = CHECKOUT / "build" / "bench.json"
CAPTION = (
    "ratio: median of the system / median of tepat, above 1: tepat is faster. Tepat works everything out twice (as "
    "proven and as told) and keeps the whole trace of one household; the others do neither. All results were equal. "
    "~: timed on a sample and scaled up."
)


def timed(prepared: Mapping[str, Prepared], turns: int) -> dict[str, list[list[float]]]:
    """Let the systems take turns; give for every system and call its seconds, one a turn."""
    seconds = {system: [[] for _ in one.calls] for system, one in prepared.items()}
    for _ in range(turns):
        for system, one in prepared.items():
            gc.collect()
            for call, times in zip(one.calls, seconds[system], strict=True):
                start = time.perf_counter()
                answer = call()
                times.append(time.perf_counter() - start)
                del answer
    return seconds


def measured(work: Work, turns: int | None = None) -> list[dict]:
    """Make a work ready for its systems, assert that they agree, time them, and give a row for each.

    Raises:
        Disagreement: when two systems do not agree; then nothing is timed.
    """
    prepared = {system: work.prepare(system) for system in work.systems}
    agree(work, prepared)
    seconds = timed(prepared, turns or work.turns)
    del prepared
    medians = {system: statistics.median(chain.from_iterable(calls)) for system, calls in seconds.items()}
    rows = []
    for system, calls in seconds.items():
        scale = work.scale(system)
        ratio = medians[system] * scale / medians[TEPAT]
        row = {"work": work.name, "system": system, "median_s": medians[system] * scale}
        row |= {"min_s": min(map(min, calls)) * scale, "peak_mb": peak_mb(work, system), "ratio": ratio}
        if len(calls) > 1:
            row["worst_s"] = max(map(statistics.median, calls))
        if system in work.samples:
            row["sample"] = work.samples[system]
        rows.append(row)
    return rows


def table_of(rows: list[dict]) -> Table:
    """Lay rows out for people."""
    table = Table("work", "system", "median", "least", "worst of its calls", "peak MB", "ratio", caption=CAPTION)
    for row in rows:
        about = "~" if "sample" in row else ""
        worst = duration(row["worst_s"]) if "worst_s" in row else ""
        times = (about + duration(row["median_s"]), about + duration(row["min_s"]), worst)
        table.add_row(
            row["work"],
            row["system"],
            *times,
            f"{row['peak_mb']:.0f}",
            "" if row["ratio"] is None else f"{row['ratio']:.2f}",
        )
    return table


def duration(seconds: float) -> str:
    """Write a time in seconds, or below one second in milliseconds."""
    if seconds >= 100:
        return f"{seconds:,.0f} s"
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"


def main() -> None:
    """Measure what is asked for; only a full run is written down."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument("works", nargs="*", metavar="WORK", help=f"any of {', '.join(w.name for w in WORKS)}")
    arguments.add_argument("--turns", type=int, help="how often each system takes its turn")
    asked = arguments.parse_args()
    unknown = set(asked.works) - {work.name for work in WORKS}
    if unknown:
        arguments.error(f"no such work: {', '.join(sorted(unknown))}")
    console = Console()
    rows = []
    for work in WORKS:
        if not asked.works or work.name in asked.works:
            console.print(f"{work.name} ...", style="dim")
            rows += measured(work, asked.turns)
    console.print(table_of(rows))
    if asked.works:
        console.print(f"{ROWS.relative_to(CHECKOUT)} is left as it was: that takes a run of all works.")
        return
    ROWS.parent.mkdir(exist_ok=True)
    ROWS.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
