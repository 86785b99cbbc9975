"""Measuring: what a row says, and that nothing is timed while results differ."""

import polars as pl
import pytest

from benchmarks import w120
from benchmarks.__main__ import duration, measured
from benchmarks.works import WORKS, Disagreement, Prepared, Work, agree

LOAD = next(work for work in WORKS if work.name == "load")


def prepared(cf):
    table = pl.DataFrame({name: [0.5, cf] for name in w120.CONCLUSION_NAMES})
    return Prepared((lambda: table,), lambda answer: answer)


def test_a_row_says_what_was_measured():
    """Work, system, seconds, memory of a process of its own, and the ratio, which for Tepat itself is 1."""
    (row,) = measured(LOAD, turns=1)

    assert list(row) == ["work", "system", "median_s", "min_s", "peak_mb", "ratio"]
    assert (row["work"], row["system"], row["ratio"]) == ("load", "tepat", 1.0)
    assert row["min_s"] <= row["median_s"]
    assert row["peak_mb"] > 10


def test_one_millionth_apart_agrees_and_two_do_not():
    """CFs have six decimals, of which the last may round either way."""
    work = Work("made-up", ("tepat", "polars"), 1, prepared)

    agree(work, {"tepat": prepared(0.3), "polars": prepared(0.300001)})
    with pytest.raises(Disagreement, match="made-up: polars and tepat differ in c0_0 of household 1"):
        agree(work, {"tepat": prepared(0.3), "polars": prepared(0.300002)})


def test_the_time_of_a_sample_is_scaled_up_to_all():
    """Ten times as many households are taken to last ten times as long."""
    work = Work("made-up", ("tepat", "zen"), 1, prepared, households=1000, samples={"zen": 100})

    assert (work.scale("zen"), work.scale("tepat")) == (10, 1)


def test_times_are_written_as_people_read_them():
    """Milliseconds below a second."""
    assert [duration(seconds) for seconds in (0.00312, 1.5, 1992)] == ["3.12 ms", "1.50 s", "1,992 s"]
