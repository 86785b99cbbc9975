"""Each operation of `certainty` gives the same on a column as on floats, to the last digit."""

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import certainty
from engine.certainty import FLOATS
from engine.knowledge.model import HOUSEHOLD, PERSON
from engine.many.sheet import Columns, Members, Schedule, Sheet, name_of
from tests.engine.generated import examples

EDGES = (-1.0, -0.8, -0.200001, -0.2, -0.199999, 0.0, 0.199999, 0.2, 0.200001, 0.8, 1.0)
CFS = st.one_of(st.sampled_from(EDGES), st.floats(-1, 1, allow_nan=False).map(lambda cf: cf + 0.0))
ROWS = st.lists(st.tuples(*[CFS] * 4), min_size=1, max_size=12)
TRUTHS = st.sampled_from((True, False, None))
QUANTIFIERS = ("any", "every", "no", "at least", "at most", "exactly")


def on_columns(rows: Sequence[Sequence[Any]], work: Callable[..., Any]) -> list[Any]:
    """Work something out on columns: `work` gets the carrier and one column for each place of the rows."""
    sheet = Sheet()
    names = [f"x{place}" for place in range(len(rows[0]))]
    kept = sheet.keep(work(Columns(sheet), *(sheet.input(name, HOUSEHOLD) for name in names)), HOUSEHOLD)
    told = pl.DataFrame([dict(zip(names, row, strict=True)) for row in rows], schema=_schema(rows, names))
    frame = told.select(pl.arange(len(rows)).cast(pl.UInt32).alias("h"), pl.all().name.prefix("household."))
    tables = {HOUSEHOLD: frame, PERSON: frame.select("h")}
    return Schedule(sheet, [kept]).run(tables)[HOUSEHOLD][name_of(kept)].to_list()


def _schema(rows: Sequence[Sequence[Any]], names: Sequence[str]) -> dict[str, Any]:
    kinds = [{type(row[place]) for row in rows} - {type(None)} for place in range(len(names))]
    return {name: pl.Float64 if float in kind else pl.Boolean for name, kind in zip(names, kinds, strict=True)}


def of_members(households: Sequence[Sequence[float]], work: Callable[[Members, Any], Any]) -> list[Any]:
    """Work something out across the members of some households, of whom some have none."""
    sheet = Sheet()
    kept = sheet.keep(work(Members(sheet, Columns(sheet)), sheet.input("cf", PERSON)), HOUSEHOLD)
    persons = [{"h": h, "person.cf": cf} for h, cfs in enumerate(households) for cf in cfs]
    tables = {
        HOUSEHOLD: pl.DataFrame({"h": range(len(households))}, schema={"h": pl.UInt32}),
        PERSON: pl.DataFrame(persons, schema={"h": pl.UInt32, "person.cf": pl.Float64}),
    }
    worked = Schedule(sheet, [kept]).run(tables)
    return worked[HOUSEHOLD].sort("h")[name_of(kept)].to_list()


@examples(60)
@given(st.lists(st.tuples(TRUTHS, st.sampled_from((0.15, 0.2, 0.6, 1.0))), min_size=1, max_size=9))
def test_compare(rows):
    """+c where it holds, -c where it fails, 0 where it is unknown."""
    found = on_columns(rows, lambda on, holds, c: certainty.compare(holds, c, on))

    assert found == [certainty.compare(*row) for row in rows]


@examples(60)
@given(ROWS)
def test_least_and_greatest(rows):
    """The smallest and the largest of several columns, and of plain numbers beside them."""
    for work in (certainty.least, certainty.greatest):
        assert on_columns(rows, lambda on, *cfs, w=work: w((*cfs, 0.2), on)) == [work((*row, 0.2)) for row in rows]


@examples(60)
@given(ROWS, st.integers(0, 5))
def test_nth(rows, n):
    """The n-th largest; +1 for n = 0, -1 beyond the lines."""
    assert on_columns(rows, lambda on, *cfs: certainty.nth(cfs, n, on)) == [certainty.nth(row, n) for row in rows]


@examples(40)
@given(ROWS, st.lists(st.sampled_from((0.0, 1.0, 2.0, 4.0, 7.0)), min_size=12, max_size=12))
def test_nth_with_a_number_of_its_own_for_each_row(rows, numbers):
    """N may come from a table, so that each household has its own."""
    own = [(*row, n) for row, n in zip(rows, numbers, strict=False)]
    found = on_columns(own, lambda on, *cells: certainty.nth(cells[:-1], cells[-1], on))

    assert found == [certainty.nth(row[:-1], int(row[-1])) for row in own]


@examples(40)
@given(ROWS)
def test_negate(rows):
    """The opposite; 0 stays 0."""
    assert on_columns(rows, lambda on, cf, *_: certainty.negate(cf)) == [certainty.negate(row[0]) for row in rows]


@examples(60)
@given(ROWS, st.sampled_from((-1.0, -0.4, 0.0, 0.3, 1.0)), st.sampled_from((-1.0, -0.5, 0.0)))
def test_gate(rows, strength, otherwise):
    """Nothing within the threshold, a share beyond it, on either side."""
    found = on_columns(rows, lambda on, cf, *_: certainty.gate(cf, strength, otherwise, on))

    assert found == [certainty.gate(row[0], strength, otherwise) for row in rows]


@examples(60)
@given(ROWS, st.sampled_from((((1, 0.15), (3, 0.6)), ((0, -0.8), (2, 0.5), (4, 0.95)), ((0, 0.1), (1, 1.0)))))
def test_graded(rows, grades):
    """The strongest grade that is reached."""
    found = on_columns(rows, lambda on, premise, *cfs: certainty.graded(cfs, premise, grades, on))

    assert found == [certainty.graded(row[1:], row[0], grades) for row in rows]


@examples(80)
@given(ROWS, st.tuples(*[st.sampled_from((None, "rumah", "surat"))] * 4))
def test_strongest_and_combine(rows, bases):
    """Evidence of one basis counts once for and once against; the rest is combined and rounded."""
    for place in range(4):
        found = on_columns(rows, lambda on, *cfs, p=place: certainty.strongest(cfs, bases, on)[p])
        assert found == [certainty.strongest(row, bases)[place] for row in rows]
    for part in ("cf", "contradiction"):
        found = on_columns(rows, lambda on, *cfs, p=part: getattr(certainty.combine(cfs, bases, on=on), p))
        assert found == [getattr(certainty.combine(row, bases), part) for row in rows]


@examples(40)
@given(st.lists(st.tuples(*[st.floats(0, 1)] * 3), min_size=1, max_size=9))
def test_combine_where_the_side_is_known(rows):
    """Knowing that nothing speaks against spares work and changes nothing; mirrored, the result is mirrored."""
    one, other = [certainty.FOR] * 3, [certainty.AGAINST] * 3
    found = on_columns(rows, lambda on, *cfs: certainty.combine(cfs, (), one, on).cf)

    assert found == [certainty.combine(row).cf for row in rows]
    assert found == [-certainty.combine([-cf for cf in row], (), other).cf for row in rows]


@examples(60)
@given(st.lists(st.tuples(st.one_of(CFS, st.integers(-(10**6), 10**6).map(lambda n: (n + 0.5) / 1e6))), min_size=1))
def test_rounded(rows):
    """Six decimals, halves away from 0: the nearest float to the decimal, on both carriers."""
    found = on_columns(rows, lambda on, cf: certainty.rounded(cf, on))

    assert found == [certainty.rounded(cf) for (cf,) in rows]
    assert all(cf == round(cf, 6) for cf in found)


@examples(40)
@given(ROWS)
def test_judged_claimed_and_raised(rows):
    """A CF as a truth with its certainty, as formulas see it; a certainty at full strength."""
    for work in (certainty.judged, certainty.claimed):
        for part in (0, 1):
            found = on_columns(rows, lambda on, cf, *_, w=work, p=part: w(cf, on)[p])
            assert found == [work(row[0])[part] for row in rows]
    found = on_columns(rows, lambda on, cf, *_: certainty.raised(certainty.magnitude(cf, on), on))
    assert found == [certainty.raised(abs(row[0])) for row in rows]


@examples(60)
@given(st.lists(st.lists(CFS, max_size=5), min_size=1, max_size=6), st.integers(0, 6), st.booleans())
@pytest.mark.parametrize("quantifier", QUANTIFIERS)
def test_counted(quantifier, households, n, some_unlisted):
    """Every member phrase, over households of which some have no members, whether or not all are listed."""
    found = of_members(households, lambda members, cf: certainty.counted(quantifier, cf, n, some_unlisted, members))

    assert found == [certainty.counted(quantifier, cfs, n, some_unlisted, FLOATS) for cfs in households]


@pytest.mark.parametrize("quantifier", QUANTIFIERS[3:])
def test_counted_without_a_number(quantifier):
    """A parameter without a value on the day makes the phrase 0."""
    assert certainty.counted(quantifier, (1.0, -1.0), None, False) == 0.0
