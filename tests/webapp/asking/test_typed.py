"""Numbers, rupiah and dates as people type them."""

from datetime import date

import pytest

from webapp.asking import typed


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1.200.000", "money", 1_200_000),
        ("1,200,000", "money", 1_200_000),
        ("1,2 juta", "money", 1_200_000),
        ("1.5jt", "money", 1_500_000),
        ("600 ribu", "money", 600_000),
        ("600rb", "money", 600_000),
        ("Rp 450.000", "money", 450_000),
        ("36,5", "number", 36.5),
        ("36", "integer", 36),
    ],
)
def test_a_clear_amount_has_one_reading(text, kind, value):
    """Indonesian and English ways of writing a number are understood."""
    assert typed.number(text, kind) == value


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("1.200", "money", "two-amounts"),
        ("1,200", "money", "two-amounts"),
        ("1.200", "number", "two-numbers"),
        ("36,5", "integer", "not-whole"),
        ("-3", "integer", "negative"),
        ("satu", "money", "not-a-number"),
        ("9" * 100, "money", "too-long"),
    ],
)
def test_an_unclear_amount_is_asked_back(text, kind, code):
    """Nothing is guessed."""
    with pytest.raises(typed.Unclear) as asked:
        typed.number(text, kind)

    assert asked.value.code == code


@pytest.mark.parametrize(
    "text", ["1958-03-02", "2-3-1958", "2/3/1958", "2 Maret 1958", "2 March 1958", "March 2, 1958"]
)
def test_a_date_is_read_in_many_forms(text):
    """The day comes before the month, as Indonesians write it."""
    assert typed.day(text) == date(1958, 3, 2)


@pytest.mark.parametrize(
    ("text", "code"), [("31-2-1990", "impossible-day"), ("2-3-58", "short-year"), ("kemarin", "not-a-date")]
)
def test_an_unclear_date_is_asked_back(text, code):
    """A year of two digits and a day that never was are not guessed."""
    with pytest.raises(typed.Unclear) as asked:
        typed.day(text)

    assert asked.value.code == code


@pytest.mark.parametrize(
    "text", ["3506071203900000", " 3506 0712 0390 0000", "350607.120390.0000", "3506-0712-0390-0000"]
)
def test_a_number_of_a_card_may_be_parted(text):
    """Spaces, points and strokes are how people write it; whatever else is left is for the engine to judge."""
    assert typed.number_of_card(text) == "3506071203900000"
    assert typed.number_of_card("NIK 12") == "NIK12"
