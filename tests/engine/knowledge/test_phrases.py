"""A phrase becomes a test, its operands and its members; whether it fits its name is not asked here."""

import pytest

from engine.knowledge.model import Phrase
from engine.knowledge.phrases import TESTS, parse_phrase
from engine.knowledge.problems import Problem
from engine.knowledge.read import read_text
from engine.knowledge.values import nowhere


def parsed(text):
    """Give a phrase as plain words: test, operands (with their percentage), quantifier and number of members."""
    found = parse_phrase(nowhere(text))
    assert isinstance(found, Phrase), found
    operands = [(one.word.text, one.percent) if one.percent else one.word.text for one in found.operands]
    members = found.members and (found.members.quantifier, found.members.count and found.members.count.word.text)
    return found.test, operands, members


@pytest.mark.parametrize(
    ("text", "test", "operands"),
    [
        ("yes", "yes", []),
        ("ya", "yes", []),
        ("tidak", "no", []),
        ("is soil", "is", ["soil"]),
        ("is not soil", "is not", ["soil"]),
        ("is one of soil, cement", "is one of", ["soil", "cement"]),
        ("is none of soil, cement", "is none of", ["soil", "cement"]),
        ("includes soil", "includes", ["soil"]),
        ("includes none of soil, tile", "includes none of", ["soil", "tile"]),
        ("is within 35.06", "is within", ["35.06"]),
        ("at least 1_500_000", "at least", ["1_500_000"]),
        ("at most poor_max_decile", "at most", ["poor_max_decile"]),
        ("above 2024-01-01", "above", ["2024-01-01"]),
        ("below 80% of umk_kediri", "below", [("umk_kediri", 80.0)]),
        ("at most 12.5% of rent", "at most", [("rent", 12.5)]),
        ("between 6 and school_age", "between", ["6", "school_age"]),
        ("is known", "is known", []),
        ("is unknown", "is unknown", []),
        ("in hand", "in hand", []),
        ("is received", "is received", []),
        ("is not received", "is not received", []),
        ("  at   least\n 5 ", "at least", ["5"]),
    ],
)
def test_every_phrase_of_the_contract_is_understood(text, test, operands):
    """The words of design 3.2, whatever white space stands between them."""
    assert parsed(text) == (test, operands, None)


@pytest.mark.parametrize(
    ("text", "test", "operands", "members"),
    [
        ("any member", "yes", [], ("any", None)),
        ("every member", "yes", [], ("every", None)),
        ("no member", "yes", [], ("no", None)),
        ("any member below 6", "below", ["6"], ("any", None)),
        ("no member is known", "is known", [], ("no", None)),
        ("at least 2 members", "yes", [], ("at least", "2")),
        ("at least 2 members at least 60", "at least", ["60"], ("at least", "2")),
        ("at most pkh_max members in hand", "in hand", [], ("at most", "pkh_max")),
        ("exactly 1 member no", "no", [], ("exactly", "1")),
    ],
)
def test_members_stand_before_what_is_said_of_each(text, test, operands, members):
    """Without anything behind them, they say yes."""
    assert parsed(text) == (test, operands, members)


def test_the_list_of_tests_is_complete():
    """Each test that the engine knows has a phrase here."""
    assert len(TESTS) == 19


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        (">= 5", "at least 5"),
        ("over 60", "above 60"),
        ("= soil", "is soil"),
        ("at leats 5", "at least"),
        ("is one off soil, tile", None),
        ("any membr", "any member"),
        ("maybe", None),
        ("between 5", None),
        ("is one of soil,, tile", None),
    ],
)
def test_what_is_not_understood_is_told_with_a_guess_where_there_is_one(text, guess):
    """Another notation is translated; a slip of the hand is mended."""
    found = parse_phrase(nowhere(text))
    if text == "is one off soil, tile":
        assert isinstance(found, Phrase) and found.test == "is"
        return
    assert isinstance(found, Problem) and found.code == "unreadable-phrase"
    if guess:
        assert found.details["did_you_mean"] == guess


def test_operands_know_where_they_stand():
    """The caret of a mistake stands under the operand, not under the phrase."""
    word = read_text("age: between six and pension_age\n", "x").node.get("age")
    low, high = parse_phrase(word).operands

    assert (low.word.place.column, low.word.place.width) == (14, 3)
    assert (high.word.place.column, high.word.place.width) == (22, 11)
