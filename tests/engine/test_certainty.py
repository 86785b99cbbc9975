"""The arithmetic of certainty, against numbers worked out by hand and published ones."""

import itertools

import pytest

from engine import certainty


def combined(*cfs, basis=None):
    return certainty.combine(cfs, [basis] * len(cfs))


@pytest.mark.parametrize(
    ("cfs", "cf"),
    [
        ((), 0.0),
        ((0.6,), 0.6),
        ((0.4, 0.6), 0.76),  # MYCIN (Shortliffe and Buchanan 1975): 0.4 + 0.6 * (1 - 0.4)
        ((-0.4, -0.6), -0.76),
        ((0.8, -0.3), 0.714286),  # EMYCIN (van Melle 1980): (0.8 - 0.3) / (1 - 0.3)
        ((0.3, -0.8), -0.714286),
        ((0.5, -0.5), 0.0),
        ((1.0, -0.9), 1.0),
        ((1.0, 0.3), 1.0),
        ((0.7, 0.7, 0.3), 0.937),
    ],
)
def test_evidence_combines_as_published(cfs, cf):
    """Agreeing evidence adds up, opposing evidence is weighed against the weaker side."""
    assert combined(*cfs).cf == cf


def test_the_order_of_evidence_does_not_matter():
    """Every order gives the same number to the last digit."""
    cfs = (0.9, -0.35, 0.2, -0.8, 0.45)
    found = {combined(*order).cf for order in itertools.permutations(cfs)}

    assert len(found) == 1


def test_combining_agrees_with_the_pairwise_formula_of_emycin():
    """The stable form is the classical one wherever that one is defined."""

    def pair(x, y):
        if x >= 0 and y >= 0:
            return x + y * (1 - x)
        if x <= 0 and y <= 0:
            return x + y * (1 + x)
        return (x + y) / (1 - min(abs(x), abs(y)))

    for x, y in itertools.product((-0.9, -0.5, -0.2, 0.0, 0.3, 0.6, 0.95), repeat=2):
        assert combined(x, y).cf == pytest.approx(pair(x, y), abs=1e-6)


def test_certain_evidence_on_both_sides_is_a_contradiction_and_says_nothing():
    """+1 and -1 give 0, marked; strong evidence on both sides keeps its number, marked."""
    assert combined(1.0, -1.0) == (0.0, True)
    assert combined(0.9, -0.85).contradiction
    assert not combined(0.9, -0.5).contradiction


def test_evidence_of_one_basis_does_not_add_up():
    """Only the strongest for and the strongest against count."""
    assert combined(0.6, 0.8, basis="rumah").cf == 0.8
    assert combined(0.6, 0.8, -0.3, -0.1, basis="rumah").cf == combined(0.8, -0.3).cf


@pytest.mark.parametrize(
    ("premise", "contribution"),
    [(0.2, 0.0), (0.200001, 0.1600008), (-0.2, 0.0), (-0.5, -0.3), (1.0, 0.8), (0.0, 0.0)],
)
def test_a_rule_contributes_only_beyond_the_threshold(premise, contribution):
    """0.2 itself is not enough, on either side (certainty 0.8, otherwise -0.6)."""
    assert certainty.gate(premise, 0.8, -0.6) == pytest.approx(contribution)


@pytest.mark.parametrize(
    ("cf", "name"), [(0.2, "unknown"), (0.200001, "yes"), (-0.2, "unknown"), (-0.200001, "no"), (0.0, "unknown")]
)
def test_an_outcome_lies_strictly_beyond_the_threshold(cf, name):
    """Yes is above 0.2, no below -0.2."""
    assert certainty.outcome(cf) == name


@pytest.mark.parametrize(
    ("quantifier", "n", "cfs", "cf"),
    [
        ("any", None, [], -1.0),
        ("every", None, [], 1.0),
        ("no", None, [], 1.0),
        ("any", None, [-1.0, 0.6], 0.6),
        ("every", None, [1.0, 0.6], 0.6),
        ("no", None, [-1.0, 0.6], -0.6),
        ("at least", 0, [], 1.0),
        ("at least", 2, [0.9, 0.6, -1.0], 0.6),
        ("at least", 4, [0.9, 0.6, -1.0], -1.0),
        ("at most", 1, [0.9, 0.6, -1.0], -0.6),
        ("at most", 2, [0.9, 0.6, -1.0], 1.0),
        ("exactly", 2, [0.9, 0.6, -1.0], 0.6),
        ("at least", None, [1.0], 0.0),
    ],
)
def test_members_are_counted_by_the_nth_largest(quantifier, n, cfs, cf):
    """Member phrases follow design 4.3."""
    assert certainty.counted(quantifier, cfs, n, False) == cf


@pytest.mark.parametrize(
    ("quantifier", "n", "cfs", "cf"),
    [
        ("any", None, [-1.0], 0.0),
        ("any", None, [0.6], 0.6),
        ("every", None, [1.0], 0.0),
        ("every", None, [-0.6], -0.6),
        ("no", None, [-1.0], 0.0),
        ("at least", 2, [1.0], 0.0),
        ("at most", 1, [-1.0], 0.0),
        ("exactly", 1, [1.0], 0.0),
        ("exactly", 1, [1.0, 1.0], -1.0),
    ],
)
def test_unlisted_members_leave_open_what_they_could_overturn(quantifier, n, cfs, cf):
    """While some members are not listed, only what they cannot change is said."""
    assert certainty.counted(quantifier, cfs, n, True) == cf


@pytest.mark.parametrize(
    ("cfs", "cf"),
    [
        ([-1.0] * 4, -0.8),
        ([1.0, -1, -1, -1], 0.15),
        ([1.0, 1, 1, -1], 0.6),
        ([0.5, 0.5, 0.5, -1], 0.3),
        ([0.1, 0, 0, 0], 0.0),
    ],
)
def test_grades_speak_as_strongly_as_the_hits_are_sure(cfs, cf):
    """The strongest grade reached counts, scaled by the certainty of its hits."""
    assert certainty.graded(cfs, 1.0, ((0, -0.8), (1, 0.15), (3, 0.6))) == pytest.approx(cf)
