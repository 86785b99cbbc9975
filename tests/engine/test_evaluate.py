"""A formula gives a value and how sure it is; what it cannot give is unknown."""

from datetime import date

import pytest

from engine.evaluate import UNKNOWN, evaluate
from engine.knowledge.formulas import Formula, parse_formula
from engine.knowledge.values import nowhere


class Scope:
    """What a formula sees: names with value and certainty, members, one table and one scale."""

    day = date(2026, 3, 31)

    def __init__(self, known=(), members=(), some_unlisted=False):
        self._known, self._members, self.some_unlisted = dict(known), members, some_unlisted

    def known(self, name):
        return self._known.get(name, UNKNOWN)

    def members(self):
        return [Scope(self._known | member) for member in self._members]

    def table(self, parameter, keys):
        ((key, sure),) = keys
        return ({1: 1000, 2: 1800}[key], sure) if key in (1, 2) else UNKNOWN

    def brackets(self, parameter):
        return ((0, 0.0), (5000, 0.1), (10000, 0.2))


KNOWN = {
    "income": (6, 0.6),
    "size": (4, 0.9),
    "poor": (True, 0.6),
    "owner": (False, 0.9),
    "floor": ("soil", 0.75),
    "born": (date(1958, 2, 28), 0.6),
    "start": (date(2024, 2, 29), 1.0),
}


def worked(text, known=KNOWN, **more):
    formula = parse_formula(nowhere(text))
    assert isinstance(formula, Formula), formula
    return evaluate(formula.tree, Scope(known, **more))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("income + size * 2", 14),
        ("(income - 1) / size", 1.25),
        ("-7 // 2", -4),
        ("-7 % 2", 1),
        ("round(2.5)", 2),
        ("round(3.5)", 4),
        ("floor(-1.5) + ceil(-1.5)", -3),
        ("abs(-3) + min(2, 5, 4) + max(1, 3)", 8),
        ("years_between(born, as_of)", 68),
        ("months_between('2026-01-31', '2026-02-28')", 1),
        ("months_between('2026-03-01', '2026-01-31')", -2),
        ("years_between(start, '2025-02-28')", 1),
        ("days_between('2026-01-01', as_of)", 89),
        ("as_of + 1 - as_of", 1),
        ("lookup(limit, 2)", 1800),
        ("brackets(tax, 12000)", 900.0),
        ("'yes' if floor in ['soil', 'tile'] else 'no'", "yes"),
        ("1 <= size < 4 or poor", True),
        ("not owner and floor != 'tile'", True),
    ],
)
def test_formulas_give_what_the_contract_says(text, value):
    """Arithmetic as in Python, full months, tables, scales, choices (design 3.1)."""
    assert worked(text)[0] == value


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("income + size", 0.6),
        ("size", 0.9),
        ("5", 1.0),
        ("size if poor else income", 0.6),
        ("poor and not owner", 0.6),
        ("poor or not owner", 0.9),
        ("owner and poor", 0.9),
    ],
)
def test_a_result_is_as_sure_as_the_least_sure_input_that_was_used(text, sure):
    """A branch not taken does not count; `and` and `or` are least and greatest of signed certainties."""
    assert worked(text)[1] == sure


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("nobody_knows + 1", UNKNOWN),
        ("owner and nobody_knows", (False, 0.9)),
        ("poor or nobody_knows", (True, 0.6)),
        ("poor and nobody_knows", UNKNOWN),
        ("1 if poor else nobody_knows", (1, 0.6)),
        ("1 if nobody_knows else 1", UNKNOWN),
        ("1 / (size - 4)", UNKNOWN),
        ("1 % 0", UNKNOWN),
        ("lookup(limit, 3)", UNKNOWN),
        ("10000000000 * 10000000000", UNKNOWN),
        ("as_of + 100000000", UNKNOWN),
    ],
)
def test_unknown_inputs_and_impossible_results_are_unknown(text, result):
    """Except where `and`, `or` and a choice are decided without them (Kleene 1938)."""
    assert worked(text) == result


MEMBERS = ({"age": (67, 0.6), "sick": (True, 0.9)}, {"age": (12, 1.0), "sick": (False, 0.3)})


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("sum_of_members(age)", (79, 0.6)),
        ("count_of_members()", (2, 1.0)),
        ("count_of_members(age >= 60)", (1, 0.6)),
        ("min_of_members(age)", (12, 0.6)),
        ("max_of_members(age)", (67, 0.6)),
        ("of_member(sick, age)", (67, 0.3)),
        ("of_member(age > 1, age)", UNKNOWN),
        ("sum_of_members(wage)", UNKNOWN),
        ("count_yes_of_members(wage > 3)", (0, 1.0)),
        ("count_yes_of_members(sick)", (1, 0.3)),
    ],
)
def test_member_functions_gather_what_every_member_gives(text, result):
    """Unknown as soon as one member is, but for the count of those surely so."""
    assert worked(text, {}, members=MEMBERS) == result


def test_of_nobody_a_sum_is_0_and_a_least_is_unknown():
    """A household without listed members (design 4, fine print)."""
    assert worked("sum_of_members(age)", {}) == (0, 1.0)
    assert worked("min_of_members(age)", {}) == UNKNOWN


def test_while_some_are_unlisted_only_the_surely_counted_is_known():
    """`members_listed: some` makes sums, counts and ends unknown."""
    more = {"members": MEMBERS, "some_unlisted": True}

    assert worked("count_of_members()", {}, **more) == UNKNOWN
    assert worked("count_yes_of_members(sick)", {}, **more) == (1, 0.3)


def test_a_chain_within_a_chain_is_worked_out_too():
    """Both as Python reads them."""
    assert worked("0 <= abs(1 if 0 < size < 9 else 2) < 9") == (True, 0.9)
