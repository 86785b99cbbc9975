"""One page of the interview: how it asks, what is kept of an answer, and what is asked back."""

from datetime import date

import pytest

from webapp.asking.forms import Form
from webapp.asking.page import Page
from webapp.asking.told import Told
from webapp.asking.walk import AID, MEMBER, RECEIVERS, URGENT, Asked, Step, Walk
from webapp.words import words_in

TYPED = {"m0.id": ["Ibu"], "m1.id": ["Anak"], "m0.age": ["34"], "m1.age": ["8"]}
MEMBERS = tuple(Step(MEMBER, "who", (Asked("birth_date", (seat,)), Asked("sex", (seat,)))).entry for seat in "01")


@pytest.fixture(scope="module")
def page(app):
    desk = app.extensions["tepat"]

    def make(step, typed=TYPED, members=2, lang="id", applicant="family"):
        served = desk.served(applicant)
        told = Told(typed=typed, members=members, trail=MEMBERS[:members], applicant=applicant, now=step.entry)
        form = Form(desk.office.knowledge, lang, words_in(lang), served, applicant, date(2026, 11, 23))
        return Page(Walk(told, desk.office, served, form))

    return make


AMONG = Step("among", "health", (Asked("has_caregiver", ("0", "1")),))
TICK = Step(
    "tick", "event", (Asked("begs", ("0", "1")), Asked("family_conflict", ("h",)), Asked("migrant_worker", ("0",)))
)
FACTS = Step("facts", "money", (Asked("total_spending", ("h",)), Asked("food_worry_last_year", ("h",))))


def test_who_among_you_is_one_question_with_a_tick_for_each(page):
    """Everybody, nobody and not known stand apart, and each stands alone."""
    (group,) = page(AMONG).groups

    assert group.ticks == (("0", "Ibu"), ("1", "Anak"))
    assert [code for code, _ in group.alone] == ["*", "-", "?"]


@pytest.mark.parametrize(
    ("ticked", "kept"),
    [
        (["1"], ("no", "yes")),
        (["*"], ("yes", "yes")),
        (["-"], ("no", "no")),
        (["?"], ("", "")),
    ],
)
def test_whoever_is_not_ticked_is_a_no_and_not_known_is_neither(page, ticked, kept):
    """ "Don't know" is kept apart from "no"."""
    answer = page(AMONG).read({"w.has_caregiver": ticked})

    assert answer.errors == {}
    assert (answer.typed["m0.has_caregiver"], answer.typed["m1.has_caregiver"]) == ([kept[0]], [kept[1]])


@pytest.mark.parametrize("ticked", [[], ["-", "1"], ["?", "-"], ["9"]])
def test_an_open_or_contradictory_list_is_asked_back(page, ticked):
    """Open is not "no": whoever passes a list by is asked."""
    assert "w.has_caregiver" in page(AMONG).read({"w.has_caregiver": ticked}).errors


def test_what_is_ticked_on_a_list_is_asked_who_and_the_rest_is_not_so(page):
    """One tick for several people calls for who; a choice calls for which; the household's is known at once."""
    answer = page(TICK).read({"t": ["begs", "migrant_worker"]})

    assert [(step.kind, step.asked[0].fact) for step in answer.then] == [("among", "begs"), ("each", "migrant_worker")]
    assert answer.typed["h.family_conflict"] == ["no"]


def test_who_it_is_is_asked_of_several_things_at_once(page):
    """Two things that are ticked share the page on which people are named; so does aid for one person."""
    rare = Step("tick", "event", (Asked("begs", ("0", "1")), Asked("homeless", ("0", "1"))))
    situations = page(rare).read({"t": ["begs", "homeless"]})
    aid = page(Step(AID, "aid")).read({"aid": ["pbi_jk", "pbid_kediri"]})

    assert [[one.fact for one in step.asked] for step in situations.then] == [["begs", "homeless"]]
    assert [[one.fact for one in step.asked] for step in aid.then] == [["pbi_jk", "pbid_kediri"]]
    kept = page(aid.then[0]).read({"aid.pbi_jk": ["pbi_jk@1"], "aid.pbid_kediri": ["?"]})
    assert kept.typed["aid"] == ["pbi_jk@1"] and kept.errors == {}


def test_none_of_these_answers_everything_as_it_is_presumed(page):
    """No step follows, and a choice takes the value that is presumed."""
    answer = page(TICK).read({"t": ["-"]})

    assert answer.then == []
    assert answer.typed["m1.begs"] == ["no"] and answer.typed["m0.migrant_worker"] == ["not_migrant"]
    assert page(TICK).read({"t": ["?"]}).typed["m1.begs"] == [""]


def test_an_amount_may_be_left_open_but_a_yes_or_no_may_not(page):
    """Whoever does not know an amount leaves it; a radio has its own "don't know"."""
    answer = page(FACTS).read({"h.total_spending": [""], "h.food_worry_last_year": []})

    assert list(answer.errors) == ["h.food_worry_last_year"]
    assert page(FACTS).read({"h.food_worry_last_year": ["?"]}).typed["h.food_worry_last_year"] == [""]


@pytest.mark.parametrize("said", ["banyak", "1.200", "9" * 10_000, "😀", "-5"])
def test_what_cannot_be_read_is_asked_back_beside_its_field_and_kept(page, said):
    """Nothing typed is lost."""
    answer = page(FACTS).read({"h.total_spending": [said], "h.food_worry_last_year": ["no"]})

    assert list(answer.errors) == ["h.total_spending"]
    assert answer.typed["h.total_spending"] == [said]


@pytest.mark.parametrize("name", ["birth_date", "age"])
def test_a_member_may_tell_an_age_alone_but_not_what_cannot_be(page, name):
    """The birth date in the future and the age in letters are asked back, each in its place."""
    sent = {"m0.id": ["Ibu"], "m0.sex": ["P"], "m0.age": ["34"], "m0.birth_date": [""]}
    step = Step.of(MEMBERS[0])

    assert page(step).read(sent).errors == {}
    wrong = {"birth_date": "2 Maret 2050", "age": "tiga"}[name]
    assert list(page(step).read(sent | {"m0.age": [""]} | {f"m0.{name}": [wrong]}).errors) == [f"m0.{name}"]


def test_skipping_a_page_answers_all_of_it_with_not_known(page):
    """Every field is there, and empty."""
    assert page(FACTS).skipped()["h.total_spending"] == [""]


@pytest.mark.parametrize("step", [AMONG, TICK, FACTS])
def test_a_page_that_is_shown_again_is_filled_in_as_it_was(page, step):
    """Going back shows what was ticked, and "don't know" where that was the answer."""
    sent = {
        "w.has_caregiver": ["1"],
        "t": ["family_conflict"],
        "h.total_spending": ["2 juta"],
        "h.food_worry_last_year": ["no"],
    }
    again = page(step, TYPED | page(step).read(sent).typed).filled()

    shown = {name for group in page(step).groups for name in (group.name, *(one.name for one in group.fields)) if name}
    assert {name: again[name] for name in shown} == {name: sent[name] for name in shown}


def test_aid_of_one_person_is_booked_on_whoever_receives_it(page):
    """With several members it is asked who; alone it is clear."""
    step = Step(AID, "aid")
    several, alone = page(step).read({"aid": ["sembako", "pbi_jk"]}), page(step, members=1).read({"aid": ["pbi_jk"]})

    assert several.typed["aid"] == ["sembako"] and [one.kind for one in several.then] == [RECEIVERS]
    assert alone.typed["aid"] == ["pbi_jk@0"] and alone.then == []
    kept = page(several.then[0], TYPED | several.typed).read({"aid.pbi_jk": ["pbi_jk@1"]})
    assert kept.typed["aid"] == ["sembako", "pbi_jk@1"]


def test_a_long_list_begins_with_what_is_presumed_but_not_for_a_victim(page):
    """Whoever passes by a list of disasters has had none; a victim is not told so."""
    step = Step(URGENT, "event", (Asked("disaster_type", ("h",)),))

    assert page(step).filled()["h.disaster_type"] == ["no_disaster"]
    assert page(step, applicant="disaster").filled()["h.disaster_type"] == []
