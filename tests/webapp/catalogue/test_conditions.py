"""The conditions of a rule as sentences for anybody."""

import pytest

from engine.words import Speaker
from tests.webapp.catalogue.small import small_plan
from webapp.catalogue.conditions import Conditions
from webapp.catalogue.public import public


@pytest.fixture(scope="module")
def plan():
    return small_plan()


@pytest.fixture(scope="module")
def said(plan):
    """Give the blocks of a rule of the small edition, said in a language."""

    def blocks(rule, lang="id"):
        return Conditions(public(plan), Speaker(plan.knowledge, lang)).of(plan.knowledge.rules[rule])

    return blocks


def when(plan, rule):
    return Conditions(public(plan), Speaker(plan.knowledge, "id")).when(plan.knowledge.rules[rule])


def test_a_block_says_how_its_lines_count_together(said):
    """One line alone needs no word for it."""
    assert [(block.kind, block.heading) for block in said("D")] == [
        ("when", "semua ini"),
        ("unless", None),
        ("provided", None),
    ]
    assert [block.heading for block in said("A", "en")] == ["any of these"]


def test_an_idea_is_unfolded_to_the_facts_it_means(said):
    """What only passes on another idea costs no level: the family is frail if somebody is sick or old."""
    idea = said("D")[0].lines[1]
    (passed_on,) = idea.meaning[0].lines

    assert (idea.text, passed_on.text) == ("ada yang lemah", "ada anggota: lemah badannya")
    assert [line.text for line in passed_on.meaning[0].lines] == ["sakit", "tua"]


def test_an_idea_that_is_judged_by_evidence_names_its_signs(said):
    """No rule decides it alone, so each is a sign."""
    assert said("D", "en")[0].lines[0].signs == ("Small income",)


def test_a_number_that_is_not_in_force_is_said_to_be_unknown(said):
    """Never the next or the last value."""
    assert said("D")[0].lines[2].text == "penghasilan paling banyak batas nanti (belum diketahui)"


def test_a_share_of_a_number_names_the_number(said):
    """With the value that is in force."""
    assert said("E", "en")[0].lines[0].text == "income at most 50% of income limit (Rp1,000,000)"


def test_choices_are_said_in_words(said):
    """In the language of the page."""
    assert said("E", "en")[0].lines[1].text == "zone: Hill or Town"


def test_a_paper_and_a_service_lead_to_their_pages(said):
    """A line that names one links to it."""
    assert said("D")[2].lines[0].leads_to == ("paper", "card")
    assert said("E")[0].lines[2].leads_to == ("service", "meals")


def test_a_fact_brings_its_help(said):
    """Where the vocabulary explains it."""
    assert said("E")[0].lines[0].help == "Sebulan"


def test_an_occasion_is_one_sentence_or_always(plan):
    """A rule for papers without conditions always applies."""
    assert when(plan, "H") is None
    assert when(plan, "I") == "sakit"
    assert when(plan, "A") == "sakit; atau tua"
    assert when(plan, "D").endswith("; kecuali salah satu ini: kaya; dan asalkan ada: kartu sudah ada")
