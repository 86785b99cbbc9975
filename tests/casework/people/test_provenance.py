"""What stands of several observations: a table of cases, each a sentence."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from casework.people.provenance import DISAGREE, NEWER, Observed, Settled, Yardstick, settle

DAY = date(2026, 11, 23)
YARD = Yardstick(
    {"self_declared": 0.6, "rt_rw": 0.75, "kepala_dusun": 0.9, "field_visit": 0.95, "registry": 1.0}, 12, 0.5
)
RECENT, LATER, OLD = date(2026, 6, 1), date(2026, 9, 1), date(2025, 6, 1)


def seen(value, evidence, on=RECENT, witness="ani", at=0):
    """Observe something; `at` is the second at which it was recorded."""
    return Observed(value, evidence, on, datetime(2026, 11, 1, 0, 0, at, tzinfo=UTC), witness)


CASES = {
    "nothing observed is unknown": ([], (None, None, 0.0, None)),
    "one observation stands as it is": ([seen("soil", "rt_rw")], ("soil", "rt_rw", 0.75, None)),
    "no is a value too": ([seen(False, "rt_rw")], (False, "rt_rw", 0.75, None)),
    "the strongest counts, whatever came first": (
        [seen("tile", "kepala_dusun"), seen("soil", "self_declared", OLD)],
        ("tile", "kepala_dusun", 0.9, None),
    ),
    "agreement does not add up": (
        [seen("soil", "rt_rw", witness=one) for one in ("ani", "budi", "cahya")],
        ("soil", "rt_rw", 0.75, None),
    ),
    "two heads of RT who disagree leave it unknown": (
        [seen("soil", "rt_rw", witness="ani"), seen("tile", "rt_rw", witness="budi")],
        (None, None, 0.0, DISAGREE),
    ),
    "one of them coming later does not say who is right": (
        [seen("soil", "rt_rw", RECENT, "ani"), seen("tile", "rt_rw", LATER, "budi")],
        (None, None, 0.0, DISAGREE),
    ),
    "a weaker word does not decide between them": (
        [seen("soil", "rt_rw"), seen("tile", "rt_rw", witness="budi"), seen("soil", "self_declared")],
        (None, None, 0.0, DISAGREE),
    ),
    "a stronger one does": (
        [seen("soil", "rt_rw"), seen("tile", "rt_rw", witness="budi"), seen("tile", "kepala_dusun", witness="dedi")],
        ("tile", "kepala_dusun", 0.9, None),
    ),
    "one of them correcting himself settles it": (
        [seen("soil", "rt_rw"), seen("tile", "rt_rw", witness="budi"), seen("tile", "rt_rw", LATER)],
        ("tile", "rt_rw", 0.75, None),
    ),
    "one of them taking his word back settles it": (
        [seen("soil", "rt_rw"), seen("tile", "rt_rw", witness="budi"), seen(None, "rt_rw", LATER)],
        ("tile", "rt_rw", 0.75, None),
    ),
    "time settles it, when the older is no longer fresh": (
        [seen("soil", "rt_rw", OLD, "ani"), seen("tile", "rt_rw", LATER, "budi")],
        ("tile", "rt_rw", 0.75, None),
    ),
    "the same source correcting itself is no disagreement": (
        [seen("soil", "rt_rw", RECENT), seen("tile", "rt_rw", LATER)],
        ("tile", "rt_rw", 0.75, None),
    ),
    "the applicant is one source, whoever wrote it down": (
        [seen(3, "self_declared", RECENT, "ani"), seen(4, "self_declared", LATER, "budi")],
        (4, "self_declared", 0.6, None),
    ),
    "so is a registry": (
        [seen(3, "registry", LATER, "ani"), seen(4, "registry", RECENT, "budi")],
        (3, "registry", 1.0, None),
    ),
    "of one day, what was recorded last": (
        [seen(3, "registry", at=1), seen(4, "registry", at=2)],
        (4, "registry", 1.0, None),
    ),
    "what was recorded later about an earlier day replaces nothing": (
        [seen(3, "registry", LATER, at=1), seen(4, "registry", RECENT, at=2)],
        (3, "registry", 1.0, None),
    ),
    "what everybody took back is unknown, without a warning": (
        [seen(True, "self_declared"), seen(None, "self_declared", LATER)],
        (None, None, 0.0, None),
    ),
    "what is observed after the day does not count yet": (
        [seen("soil", "rt_rw"), seen("tile", "registry", date(2026, 11, 24))],
        ("soil", "rt_rw", 0.75, None),
    ),
    "an old observation falls back": ([seen("soil", "registry", OLD)], ("soil", "registry", 0.5, None)),
    "it is fresh until the day before twelve months are over": (
        [seen("soil", "registry", date(2025, 11, 24))],
        ("soil", "registry", 1.0, None),
    ),
    "on that day it no longer is": (
        [seen("soil", "registry", date(2025, 11, 23))],
        ("soil", "registry", 0.5, None),
    ),
    "what is told today wins over what was checked long ago": (
        [seen("soil", "registry", OLD), seen("tile", "self_declared", LATER)],
        ("tile", "self_declared", 0.6, None),
    ),
    "of two old ones the one with better evidence counts": (
        [seen("soil", "self_declared", OLD), seen("tile", "field_visit", date(2024, 1, 1))],
        ("tile", "field_visit", 0.5, NEWER),
    ),
    "a newer, weaker word is warned of and changes nothing": (
        [seen(False, "kepala_dusun", RECENT), seen(True, "self_declared", LATER)],
        (False, "kepala_dusun", 0.9, NEWER),
    ),
    "an older, weaker word is not": (
        [seen(False, "kepala_dusun", LATER), seen(True, "self_declared", RECENT)],
        (False, "kepala_dusun", 0.9, None),
    ),
    "evidence that the edition does not know says nothing": ([seen("soil", "rumour")], (None, None, 0.0, None)),
    "lists are compared as wholes": (
        [seen(["a", "b"], "rt_rw"), seen(["a"], "rt_rw", witness="budi")],
        (None, None, 0.0, DISAGREE),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_stands(name):
    """The name of each case says what is meant."""
    observed, expected = CASES[name]
    assert settle(observed, DAY, YARD)[:4] == expected


@pytest.mark.parametrize("name", CASES)
def test_the_order_in_which_observations_come_changes_nothing(name):
    """Only days and moments say what came first."""
    observed, expected = CASES[name]
    assert settle(reversed(observed), DAY, YARD)[:4] == expected


def test_what_cannot_change_does_not_grow_old():
    """A birth date that a registry confirmed years ago is as sure today."""
    observed = [seen("1958-03-02", "registry", date(2010, 1, 1)), seen("1960-01-01", "self_declared", LATER)]
    found = settle(observed, DAY, YARD, lasting=True)
    assert (found.value, found.certainty, found.aged) == ("1958-03-02", 1.0, False)


def test_what_cannot_change_and_is_disputed_stays_unknown_however_long():
    """Time settles only what can change."""
    observed = [seen("L", "rt_rw", date(2010, 1, 1), "ani"), seen("P", "rt_rw", LATER, "budi")]
    assert settle(observed, DAY, YARD, lasting=True) == Settled(warning=DISAGREE)


def test_an_old_one_says_so_and_when_it_was():
    """A page can tell that it wants to be looked at again."""
    found = settle([seen("soil", "registry", OLD)], DAY, YARD)
    assert (found.aged, found.observed_on) == (True, OLD)


def test_falling_back_never_makes_surer():
    """What was less sure than the cap stays as it was."""
    assert settle([seen("soil", "self_declared", OLD)], DAY, YARD._replace(aged=0.8)).certainty == 0.6


def test_without_parameters_nothing_grows_old(office):
    """A knowledge folder need not say how long observations last."""
    k = office.knowledge
    assert Yardstick.of(k, DAY).fresh_months == 12
    bare = Yardstick.of(_without(k), DAY)
    assert settle([seen("soil", "registry", date(2000, 1, 1))], DAY, bare).certainty == 1.0


def _without(knowledge):
    kept = {name: one for name, one in knowledge.parameters.items() if not name.startswith("observation_")}
    return replace(knowledge, parameters=kept)
