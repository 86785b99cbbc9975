"""Entries say everything of a thing that the edition knows, and that what it does not know is unknown."""

import pytest

from tests.webapp.catalogue.small import small_plan
from webapp.catalogue.entries import entries


@pytest.fixture(scope="module")
def small():
    return entries(small_plan(), "id")


def test_a_service_says_who_what_where_and_how_long(small):
    """The frame around its conditions."""
    meals = small.service("meals")

    assert (meals.title, meals.summary, meals.program.title, meals.activity) == (
        "Makanan",
        "Nasi",
        "Pertolongan",
        "Perawatan",
    )
    assert (meals.applicants, meals.decided_by) == (("keluarga",), "Dinas Sosial Kabupaten Kediri")
    assert (meals.apply_at, meals.time_limit, meals.valid_for) == ("Balai", "3 hari", None)
    assert (meals.in_force, meals.confirmed, meals.unverifiable) == (True, False, ("Kemauan",))


def test_a_service_handled_elsewhere_says_where(small):
    """So that nobody is left standing."""
    assert (small.service("roof").offer, small.service("roof").elsewhere) == ("refer", "Dinas lain")


def test_a_paper_that_is_always_asked_for_has_no_occasion(small):
    """Although another rule asks for it only of sick members."""
    card, stamp = small.service("meals").papers

    assert (card.name, card.when, card.note) == ("card", (), None)
    assert (stamp.when, stamp.note) == (("untuk tiap anggota, bila sakit",), "menyusul")


def test_a_step_says_who_does_it_where_and_how_long(small):
    """In one line of the service, and on a page of its own."""
    (step,) = small.service("meals").steps

    assert step.note == "Anda; Balai; 2 hari"
    assert small.step("ask").services[0].title == "Makanan"


def test_a_source_is_cited_with_its_article_and_whether_anybody_read_it(small):
    """A source that is cited with an article is not cited without one too."""
    first, second = small.service("meals").sources

    assert (first.name, first.article, first.address) == ("law-1", "Pasal 3", "https://example.org/1")
    assert second.seen == "naskah belum dibaca; dari pengetahuan umum"


def test_an_address_that_is_not_of_the_web_is_not_linked(small):
    """Whatever somebody wrote into the register."""
    assert small.source("law-2").address is None


def test_a_repealed_source_names_what_replaced_it(small):
    """And says that it is repealed."""
    assert (small.source("law-2").status, small.source("law-2").repealed_by.name) == ("sudah dicabut", "law-1")


def test_a_source_lists_the_services_and_ideas_whose_rules_cite_it(small):
    """Secret ones are not among them."""
    cited = small.source("law-1")

    assert [one.name for one in cited.services] == ["meals", "roof"]
    assert cited.ideas == ("Lemah", "Keluarga lemah", "Miskin")


def test_a_paper_says_what_may_stand_in_for_it(small):
    """In both directions."""
    assert [one.name for one in small.paper("card").instead] == ["letter"]
    assert [one.name for one in small.paper("letter").stands_in_for] == ["card"]
    assert small.paper("letter").services == ()


def test_every_public_service_stands_in_its_program(app):
    """Under its activity, or under none."""
    desk = app.extensions["tepat"]
    real = entries(desk.office.plan(desk.today()), "id")
    listed = [one.name for program in real.programs for _, some in program.activities for one in some]
    listed += [one.name for program in real.programs for one in program.others]

    assert len(real.programs) == 6
    assert sorted(listed) == sorted(set(desk.office.knowledge.services) - desk.office.plan(desk.today()).officer_only)


def test_every_public_service_in_force_shows_its_conditions(app):
    """None is empty because a line of it was left out."""
    desk = app.extensions["tepat"]
    plan = desk.office.plan(desk.today())
    real = entries(plan, "en")
    ruled = {rule.rule.effect.conclusion.text for rule in plan.rules.values() if hasattr(rule.rule.effect, "exactly")}

    for name in sorted(ruled & set(desk.office.knowledge.services) - plan.officer_only):
        shown = real.service(name)
        assert shown.in_force and (shown.conditions or shown.concerns), name
