"""NIK and KK numbers: what is written in them, what nobody can have, and what makes one ask again.

Every number here ends in 0000, which is never given out, so that none is anybody's.
"""

from datetime import date

import pytest

from engine.population_number import KK, NIK, doubts, fault_of, masked, read, without_numbers

DAY = date(2026, 11, 23)
HOME = ("35.06",)


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("3506071203900000", NIK, None),
        ("3506075203900000", NIK, None),
        ("350607120390000", NIK, "number-length"),
        ("35060712039000000", NIK, "number-length"),
        ("", NIK, "number-length"),
        ("35060712039O0000", NIK, "number-not-digits"),
        ("3506.0712.0390.0", NIK, "number-not-digits"),
        ("٣506071203900000", NIK, "number-not-digits"),
        ("3.50607E+15", NIK, "number-not-digits"),
        ("3506070003900000", NIK, "number-impossible-date"),
        ("3506074003900000", NIK, "number-impossible-date"),
        ("3506073203900000", NIK, "number-impossible-date"),
        ("3506077203900000", NIK, "number-impossible-date"),
        ("3506071200900000", NIK, "number-impossible-date"),
        ("3506071213900000", NIK, "number-impossible-date"),
        ("3506073104900000", NIK, "number-impossible-date"),
        ("3506072902240000", NIK, None),
        ("3506076902240000", NIK, None),
        ("3506072902250000", NIK, "number-impossible-date"),
        ("3506072902000000", NIK, None),
        ("3506071203200000", KK, None),
        ("3506075203200000", KK, "number-impossible-date"),
    ],
)
def test_only_a_number_that_nobody_can_have_is_a_fault(text, kind, code):
    """Length, characters, day and month; 40 is added to the day in a NIK only."""
    fault = fault_of(text, kind)

    assert (fault and fault[0]) == code


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3506071203900000", [date(1990, 3, 12)]),
        ("3506075203900000", [date(1990, 3, 12)]),
        ("3506072311260000", [date(1926, 11, 23), date(2026, 11, 23)]),
        ("3506072411260000", [date(1926, 11, 24)]),
        ("3506072311160000", [date(1916, 11, 23), date(2016, 11, 23)]),
        ("3506072411150000", [date(1915, 11, 24), date(2015, 11, 24)]),
        ("3506072311150000", [date(2015, 11, 23)]),
        ("3506072902000000", [date(2000, 2, 29)]),
    ],
)
def test_the_century_gives_an_age_of_0_to_110(text, days):
    """Where both centuries do, either may be meant."""
    assert list(read(text, NIK, DAY).days) == days


def test_a_number_tells_region_sex_and_serial():
    """The sex is that of a NIK only."""
    assert read("3506075203900000", NIK, DAY)[::2] == ("35.06.07", True)
    assert read("3506071203900000", NIK, DAY).woman is False
    assert read("3506071203200000", KK, DAY).woman is None
    assert read("3506071203200000", KK, DAY).serial == "0000"


def codes(text, kind=NIK, birth=None, woman=None, home=HOME):
    return [code for code, _ in doubts(text, kind, DAY, birth, woman, home) if code != "number-never-issued"]


def test_a_number_that_says_what_the_household_says_raises_no_doubt():
    """Region, birth and sex agree; what is not known cannot differ."""
    assert codes("3506075203900000", birth=date(1990, 3, 12), woman=True) == []
    assert codes("3506075203900000") == []
    assert codes("3506071203200000", KK, birth=date(1990, 1, 1), woman=True) == []
    assert codes("3571075203900000", home=()) == []


def test_what_differs_is_a_doubt():
    """A foreign region, another birth, another sex."""
    assert codes("3571075203900000") == ["nik-from-elsewhere"]
    assert codes("3507061203200000", KK) == ["kk-from-elsewhere"]
    assert codes("3506075203900000", birth=date(1990, 3, 13)) == ["nik-birth-differs"]
    assert codes("3506075203050000", birth=date(1905, 3, 12)) == ["nik-birth-differs"]
    assert codes("3506075203900000", woman=False) == ["nik-sex-differs"]
    assert codes("3506071203900000", woman=True) == ["nik-sex-differs"]


def test_the_serial_0000_is_never_given_out():
    """Of both kinds; the sentence shows the number by its ends."""
    ((code, told),) = doubts("3506071203900000", NIK, DAY, None, None, HOME)

    assert (code, told["number"]) == ("number-never-issued", "350607********00")
    assert [code for code, _ in doubts("3506071203200000", KK, DAY, None, None, HOME)] == ["number-never-issued"]


def test_a_number_is_shown_by_its_ends():
    """The first six and the last two; one that is too short not at all, and in a text only whole numbers count."""
    assert masked("3506071203900000") == "350607********00"
    assert masked("12345678") == "********"
    assert without_numbers("NIK 3506071203900000, Rp1500000") == "NIK 350607********00, Rp1500000"
    assert without_numbers("35060712039000001") == "35060712039000001"
