"""What somebody gets for a whole period, in whole rupiah."""

from datetime import date

import pytest

from casework.lists.amounts import amount_of

CASES = [
    ("year", 1_200_000, date(2027, 1, 1), date(2027, 12, 31), 1_200_000),
    ("year", 1_000_000, date(2027, 1, 1), date(2027, 4, 30), 333_333),
    ("quarter", 600_000, date(2027, 1, 1), date(2027, 3, 31), 600_000),
    ("month", 200_000, date(2027, 1, 16), date(2027, 2, 28), 303_225),
    ("month", 200_000, date(2026, 12, 1), date(2027, 2, 28), 600_000),
    ("week", 70_000, date(2027, 1, 1), date(2027, 1, 14), 140_000),
    ("day", 15_000, date(2027, 1, 1), date(2027, 1, 31), 465_000),
    ("once", 5_000_000, date(2027, 1, 1), date(2030, 12, 31), 5_000_000),
    ("month", 33_333.33, date(2027, 1, 1), date(2027, 3, 31), 99_999),
]


@pytest.mark.parametrize(("per", "amount", "since", "until", "rupiah"), CASES)
def test_a_period_has_so_much_of_it(per, amount, since, until, rupiah):
    """By calendar months, parts of months by days; what is left below a rupiah is dropped."""
    assert amount_of({"amount": amount, "per": per, "kind": "cash"}, since, until) == rupiah


@pytest.mark.parametrize(
    "benefit",
    [None, {"amount": None, "per": "year", "kind": "cash"}, {"amount": 5, "per": "year", "kind": "goods"}],
)
def test_what_is_unknown_or_no_money_has_no_amount(benefit):
    """It is not nought: nobody knows it, or there is nothing to transfer."""
    assert amount_of(benefit, date(2027, 1, 1), date(2027, 12, 31)) is None
