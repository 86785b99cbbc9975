"""Splitting an amount into instalments: the parts are the amount again, whatever their order and whatever was changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.payments.instalments import Instalment, instalment, part_of, read, split
from casework.refusals import Refused

AMOUNTS = st.integers(0, 10**12)
PARTS = st.integers(1, 52)


@given(AMOUNTS, PARTS)
def test_the_parts_of_an_amount_are_the_amount_and_nearly_equal(amount, parts):
    """Largest remainder: no rupiah is lost or made, no two parts differ by more than one, the larger come first."""
    found = split(amount, parts)

    assert sum(found) == amount
    assert len(found) == parts
    assert max(found) - min(found) <= 1
    assert list(found) == sorted(found, reverse=True)


@given(AMOUNTS, PARTS, st.randoms(use_true_random=False))
def test_instalments_in_any_order_are_the_amount_together(amount, parts, random):
    """What is left is split over what is left."""
    order, given_ = random.sample(range(1, parts + 1), parts), {}
    for number in order:
        given_[number] = part_of(amount, Instalment(number, parts), given_)

    assert sum(given_.values()) == amount


@given(AMOUNTS, PARTS)
def test_in_their_order_instalments_are_the_plain_split(amount, parts):
    """Whoever is paid from the first to the last gets what a table on paper would say."""
    given_ = {}
    for number in range(1, parts + 1):
        given_[number] = part_of(amount, Instalment(number, parts), given_)

    assert tuple(given_.values()) == split(amount, parts)


@given(AMOUNTS, AMOUNTS, st.integers(2, 52), st.data())
def test_an_amount_that_a_revision_changed_is_made_up_for_and_never_exceeded(first, then, parts, data):
    """After k instalments of one amount, the others bring the sum to the new one; more than it only if it was given before."""
    paid = data.draw(st.integers(1, parts - 1))
    given_ = {}
    for number in range(1, parts + 1):
        given_[number] = part_of(first if number <= paid else then, Instalment(number, parts), given_)

    before = sum(split(first, parts)[:paid])
    assert sum(given_.values()) == max(then, before)


@pytest.mark.parametrize("written", ["0/1", "2/1", "1/53", "1", "1/2/3", "a/b", "-1/2", "", "1/"])
def test_an_instalment_that_is_none_is_refused(written):
    """There are at most 52 in a year, counted from 1."""
    with pytest.raises(Refused, match="part of how many"):
        read(written)


def test_an_instalment_is_kept_as_it_is_said():
    """2/4, the second of four."""
    assert read(str(instalment(" 2 ", "4"))) == Instalment(2, 4)
