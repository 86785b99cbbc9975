"""Searching finds what people mean, in either language, mistyped or not."""

import pytest

from tests.webapp.catalogue.small import small_plan
from webapp.catalogue.finding import Index, index, words_of
from webapp.catalogue.public import public


@pytest.fixture(scope="module")
def found(app):
    """Give the names of what is found in the real knowledge."""
    desk = app.extensions["tepat"]
    made = index(desk.office.plan(desk.today()))
    return lambda searched: [entry.name for entry in made.find(searched)]


@pytest.mark.parametrize(
    ("searched", "first"),
    [
        ("rutilahu", "rutilahu"),
        ("pkh", "pkh"),
        ("Family Hope", "pkh"),
        ("wheelchair", "alat_bantu_disabilitas"),
        ("kursi roda", "alat_bantu_disabilitas"),
        ("anak yatim", "yapi"),
        ("kartu keluarga", "kk"),
        ("surat tidak mampu", "sktm"),
        ("musyawarah desa", "musyawarah_desa"),
        ("sembako", "sembako"),
    ],
)
def test_the_best_answer_comes_first(found, searched, first):
    """By names, short names, summaries, papers and steps, in both languages."""
    assert found(searched)[0] == first


def test_a_word_of_the_summaries_finds_what_they_are_about(found):
    """The ways into the health insurance, by the name everybody knows it under."""
    assert {"pbi_jk", "pbid_kediri", "pbi_jk_reaktivasi"} <= set(found("bpjs")[:4])


@pytest.mark.parametrize(
    ("searched", "expected"),
    [
        ("rutilhu", "rutilahu"),
        ("sembko", "sembako"),
        ("disabiltas", "alat_bantu_disabilitas"),
        ("whelchair", "alat_bantu_disabilitas"),
        ("PÉMÁKAMAN", "pemakaman_telantar"),
    ],
)
def test_typing_errors_and_accents_are_forgiven(found, searched, expected):
    """A word nobody wrote stands for the words most like it."""
    assert expected in found(searched)


@pytest.mark.parametrize(
    ("searched", "expected"),
    [
        ("jompo", "permakanan_lansia_kemensos"),
        ("cacat", "alat_bantu_disabilitas"),
        ("bedah rumah", "rutilahu"),
        ("adopsi", "pengangkatan_anak"),
        ("tki", "pemulangan_migran_korban"),
        ("kebakaran", "bansos_individu_kediri"),
    ],
)
def test_the_words_people_use_find_the_words_used_here(found, searched, expected):
    """By what they call a thing, or by the stem of the word."""
    assert expected in found(searched)


def test_the_beginning_of_a_word_is_enough(found):
    """Somebody types the first letters only."""
    assert "rutilahu" in found("ruti")


@pytest.mark.parametrize("searched", ["", "   ", "😀😀", "x" * 10_000, "!!!", "\x00", "qwzxvkjh"])
def test_nothing_is_found_for_what_means_nothing(found, searched):
    """And nothing breaks."""
    assert found(searched) == []


def test_ten_thousand_characters_are_read_as_far_as_people_type(found):
    """What comes first counts."""
    assert found("rutilahu " + "x" * 10_000)[0] == "rutilahu"


def test_secrets_are_not_found():
    """Neither a secret service nor its papers, steps and sources."""
    small = Index(public(small_plan()))

    assert {entry.name for entry in small.entries}.isdisjoint({"whisper", "veil", "mask", "hush", "law-3", "hidden"})
    assert small.find("bisikan") == small.find("kerudung") == []


def test_an_entry_in_which_more_of_the_words_are_found_goes_before():
    """Whatever the weight of a single word."""
    small = Index(public(small_plan()))

    assert [entry.name for entry in small.find("atap rumah")][:1] == ["roof"]
    assert [entry.name for entry in small.find("kartu desa")][:1] == ["card"]


def test_words_lose_capitals_and_accents():
    """Letters of other scripts stay what they are."""
    assert words_of("Kartu-KELUARGA (KK), café 漢字 😀") == ["kartu", "keluarga", "kk", "cafe", "漢字"]


def test_the_index_is_made_once(app):
    """Two searches on one edition ask the same index."""
    desk = app.extensions["tepat"]

    assert index(desk.office.plan(desk.today())) is index(desk.office.plan(desk.today()))
