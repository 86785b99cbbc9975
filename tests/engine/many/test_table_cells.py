"""Whole columns of cells are judged as `values` judges one word."""

from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.knowledge import values
from engine.knowledge.model import Fact, Region
from engine.knowledge.read import NULL_WORDS, Place
from engine.many.column_formulas import plain
from engine.many.columns import AS_OF
from engine.many.table_cells import NOWHERE, cells, fits, share
from engine.many.table_findings import node_of, why_no_share, why_refused
from tests.engine.generated import examples

DAY = date(2026, 1, 1)
LABEL = None
REGIONS = {code: Region(code, LABEL, None, Place("")) for code in ("35.06", "35.06.01", "35.78")}
CHOICES = {"soil": LABEL, "tile": LABEL, "none_of_it": LABEL}
FACTS = {
    "boolean": Fact("cell", "household", "boolean", LABEL, NOWHERE),
    "integer": Fact("cell", "household", "integer", LABEL, NOWHERE, low=1, high=10),
    "number": Fact("cell", "household", "number", LABEL, NOWHERE, low=-2),
    "money": Fact("cell", "household", "money", LABEL, NOWHERE),
    "date": Fact("cell", "household", "date", LABEL, NOWHERE, low=date(1900, 1, 1), high="as_of"),
    "choice": Fact("cell", "household", "choice", LABEL, NOWHERE, choices=CHOICES),
    "choices": Fact("cell", "household", "choices", LABEL, NOWHERE, choices=CHOICES),
    "region": Fact("cell", "household", "region", LABEL, NOWHERE),
    "text": Fact("cell", "household", "text", LABEL, NOWHERE),
    "nik": Fact("cell", "person", "text", LABEL, NOWHERE, format="nik"),
    "kk": Fact("cell", "household", "text", LABEL, NOWHERE, format="kk"),
}
TRICKY = (
    *("", " ", "~", "null", "NULL", "none", "yes", "Ya", "TIDAK ", "true", "0", "1", "-0", "+7", "007", "10", "11"),
    *("1_000", "1__0", "_1", "1_", "1.0", "1.50", "1.", ".5", "1e3", "1,5", "1.200.000", "9" * 40, "0" * 39 + "1"),
    *("9" * 41, "1000000000000000", "1000000000000001", "-2", "-2.0001", "nan", "inf", "٣", "\u00a05", "0x1", "1 0"),
    *("2026-01-01", "2026-01-02", "1899-12-31", "2024-02-29", "2025-02-29", "2025-2-9", "0000-01-01", "0001-01-01"),
    *("20250101", "2025-01-01T00:00", "soil", "Soil", "soil;tile", "tile; soil", "soil;", ";", "soil;none", "none;"),
    *("3506071203900000", "3506075203900000", "3506077203900000", "3506070003900000", "3506074003900000"),
    *("3506073113900000", "3506073100900000", "3506073106900000", "3506072902240000", "3506072902250000"),
    *(
        "3506076902000000",
        "3506076902010000",
        "350607120390000",
        "35060712039000000",
        "35060712039O0000",
        "٣506071203900000",
    ),
    *("35.06", "35.06.02", "35.06.99.1234", "35.060", "35", "35.7", "35.78", "36.01", "35.06.", "350601"),
)
WORDS = st.one_of(
    st.sampled_from(TRICKY),
    st.from_regex("35060[0-9]{7}0000", fullmatch=True),
    st.text("0123456789+-_.eE ;\tnoaetilsuy~", max_size=12),
    st.text(max_size=6),
)


def read(fact, told, dtype=pl.String):
    """Read cells; give pairs of value and whether it is refused."""
    frame = pl.DataFrame({"cell": pl.Series(told, dtype=dtype)}).with_columns(pl.lit(plain(DAY)).alias(AS_OF))
    found = cells(fact, frame.schema["cell"], REGIONS)
    frame = frame.with_columns(found.value.alias("value"), found.refused.fill_null(False).alias("refused"))
    return list(frame.select("value", "refused").iter_rows())


def expected(fact, word):
    """Judge one word as a household file does."""
    if word.strip() in NULL_WORDS:
        return None, False
    try:
        value = values.value_of(fact, node_of(word, fact.type == "choices"), REGIONS, DAY)
    except values.BadValue:
        return None, True
    return value, False


def comparable(value):
    """Give a value as columns hold it, choices in any order and each once."""
    return sorted(set(value)) if isinstance(value, list | tuple) else plain(value)


@pytest.mark.parametrize("kind", FACTS)
@examples(60)
@given(words=st.lists(WORDS, min_size=1, max_size=40))
def test_text_is_read_as_a_household_file_is_read(kind, words):
    """Value for value and refusal for refusal, whatever is written."""
    fact = FACTS[kind]
    words = [word.strip() for word in words] if kind == "text" else words
    found = [(comparable(value), refused) for value, refused in read(fact, words)]

    assert found == [(comparable(value), refused) for value, refused in (expected(fact, word) for word in words)]


@pytest.mark.parametrize("kind", FACTS)
def test_every_tricky_word_is_read_as_a_household_file_is_read(kind):
    """The same for words that are known to be tricky, all of them."""
    fact = FACTS[kind]
    words = [word.strip() for word in TRICKY] if kind == "text" else TRICKY

    assert [(comparable(v), r) for v, r in read(fact, words)] == [
        (comparable(v), r) for v, r in (expected(fact, word) for word in words)
    ]


@pytest.mark.parametrize("kind", [kind for kind in FACTS if kind != "text"])
def test_a_refused_cell_has_its_reason(kind):
    """Every cell that is refused is refused by `values` too, which says why."""
    fact = FACTS[kind]
    for word, (_, refused) in zip(TRICKY, read(fact, TRICKY), strict=True):
        if refused:
            assert why_refused(fact, word, REGIONS, DAY).code != "one-value-expected", word


@pytest.mark.parametrize(
    ("kind", "told", "dtype", "read_as"),
    [
        ("integer", [3, 11, None], pl.Int32, [(3.0, False), (None, True), (None, False)]),
        ("integer", [3.0, 3.5, float("nan")], pl.Float64, [(3.0, False), (None, True), (None, False)]),
        ("number", [2.5, float("inf"), 2e15], pl.Float32, [(2.5, False), (None, True), (None, True)]),
        ("money", [5, 0, None], pl.UInt8, [(5.0, False), (0.0, False), (None, False)]),
        ("boolean", [True, None], pl.Boolean, [(True, False), (None, False)]),
        ("date", [DAY, date(2026, 1, 2)], pl.Date, [(plain(DAY), False), (None, True)]),
        ("date", [datetime(2025, 1, 1), datetime(2025, 1, 1, 9)], pl.Datetime, [(plain(date(2025, 1, 1)), False), (None, True)]),
        ("choice", ["soil", "mud"], pl.Categorical, [("soil", False), (None, True)]),
        ("choices", [["soil"], [], ["mud"], None], pl.List(pl.String), [(["soil"], False), ([], False), (None, True), (None, False)]),
        ("region", [None, None], pl.Null, [(None, False), (None, False)]),
    ],
)  # fmt: skip
def test_natural_types_are_read_as_what_they_are(kind, told, dtype, read_as):
    """Whole numbers, fractions, truths, days, categories and lists; what is not a number is unknown."""
    assert fits(kind, pl.Series(told, dtype=dtype).dtype)
    assert read(FACTS[kind], told, dtype) == read_as


def test_a_column_of_another_type_does_not_fit():
    """No number is taken for a truth, a region or a text, and no truth for a number."""
    assert not any(fits(kind, pl.Int64()) for kind in ("boolean", "date", "region", "text", "choice", "choices"))
    assert not any(fits(kind, pl.Boolean()) for kind in ("integer", "number", "money", "date"))
    kinds = {fact.type for fact in FACTS.values()}
    assert not any(fits(kind, pl.Struct({"a": pl.Int8})) or fits(kind, pl.List(pl.Int8)) for kind in kinds)


def test_a_certainty_is_a_number_from_0_to_1():
    """Its mistakes are told as those of evidence in a household file."""
    frame = pl.DataFrame({"sure": ["0", "1", "0.5", "1.01", "rt_rw", None]})
    found = share("sure", frame.schema["sure"])

    assert frame.select(found.refused.fill_null(False)).to_series().to_list() == [
        False,
        False,
        False,
        True,
        True,
        False,
    ]
    assert [why_no_share("sure")(cell, DAY).code for cell in ("1.01", "rt_rw")] == [
        "certainty-out-of-range",
        "bad-number",
    ]
