"""Words of names: however somebody wrote a name down, it is found again."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from casework.people.models import NameWord, Person
from casework.people.names import LONGEST_WORD, keep_words, words_of
from tests.casework import stage

NAMES = st.text(st.sampled_from(string.ascii_letters + " .'-,áéñçşØ漢😀0"), max_size=60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SOEKARTI", "Sukarti"),
        ("Djoko Tjahjono", "Joko Cahyono"),
        ("Achmad Chudori", "Ahmad Khudori"),
        ("Syamsul", "Sjamsul"),
        ("Nuryanto", "Noerjanto"),
        ("Ma'ruf", "Maruf"),
        ("Muhammad Yusuf", "Moh. Jusuf"),
        ("José", "Jose"),
        ("Hj. Siti Aminah, S.Pd., M.Si", "siti aminah"),
        ("H.Moch.Arif", "Muhammad Arif"),
        ("Sulistiyo", "Sulistyo"),
        ("  Dewi\u00a0 Lestari ", "DEWI LESTARI"),
    ],
)
def test_two_spellings_of_one_name_are_alike(one, other):
    """Old spelling, sounds written either way, titles, accents, capitals, blanks."""
    assert words_of(one) == words_of(other) != []


@pytest.mark.parametrize(("one", "other"), [("Siti", "Sita"), ("Sukarti", "Sukarto"), ("Rini", "Rani")])
def test_names_that_differ_stay_apart(one, other):
    """One letter can be another person."""
    assert words_of(one) != words_of(other)


def test_a_title_that_is_the_whole_name_is_a_name():
    """There are people called so."""
    assert words_of("Haji") and words_of("Ibu") != words_of("Haji")


@given(NAMES)
def test_words_are_small_letters_and_spelling_them_again_changes_nothing(name):
    """What is kept is a fixed point: a word looked for as it is kept finds itself."""
    words = words_of(name)

    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in words)
    assert all(len(word) <= LONGEST_WORD for word in words)
    assert len(words) == len(set(words))
    assert [words_of(word) for word in words] == [[word] for word in words]


@given(NAMES)
def test_capitals_and_blanks_make_no_difference(name):
    """Nor does what stands around a name."""
    assert words_of(f"  {name.upper().lower()} ") == words_of(name.lower())


def test_words_are_kept_in_step_with_the_name(sqlite):
    """The old words go; whoever was merged into another has none."""
    with sqlite.work() as work:
        one, other = stage.household(work, "Siti Aminah", "Budi").people
        keep_words(work, one)
        one.name = "Siti Kurniasih"
        keep_words(work, one)
        kept = list(work.session.scalars(select(NameWord.word).where(NameWord.person_id == one.id)))
        one.merged_into = other.id
        keep_words(work, one)
        work.session.flush()

        assert sorted(kept) == ["kurniasih", "siti"]
        assert work.session.scalars(select(NameWord)).all() == []
        assert work.session.get_one(Person, one.id).merged_into == other.id
