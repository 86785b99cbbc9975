"""The way through the interview: what comes first, and what answering, going back and changing do to what was told."""

from datetime import date

import pytest

from engine.knowledge import parse_offer
from webapp.asking import walk
from webapp.asking.forms import Form
from webapp.asking.told import Told
from webapp.asking.walk import AID, MEMBER, URGENT, WHERE, WHO, Asked, Step, Walk
from webapp.frame import APPLICANTS
from webapp.words import words_in

DAY = date(2026, 11, 23)
HOME = Step(WHERE, "where", (Asked("residence", ("h",)),))
APPLIES = Step(WHO, "who")
NOTHING_URGENT = Step(URGENT, "event", (Asked("disaster_type", ("h",)),))


def member(seat):
    return Step(MEMBER, "who", (Asked("birth_date", (str(seat),)), Asked("sex", (str(seat),))))


@pytest.fixture(scope="module")
def at(app):
    desk = app.extensions["tepat"]

    def make(told):
        served = desk.served(told.applicant)
        form = Form(desk.office.knowledge, "id", words_in("id"), served, told.applicant, DAY)
        return Walk(told, desk.office, served, form)

    return make


def after(*steps, typed=None, **more):
    """Give what was told after some steps."""
    return Told(
        typed={name: [said] for name, said in (typed or {}).items()}, trail=tuple(s.entry for s in steps), **more
    )


@pytest.mark.parametrize(
    "step", [HOME, APPLIES, member(3), Step("each", "health", (Asked("school_level", ("0", "2")),))]
)
def test_a_step_is_kept_as_words_and_read_back(step):
    """The trail holds nothing else."""
    assert Step.of(step.entry) == step


def test_the_first_steps_are_where_who_what_is_urgent_and_who_belongs_to_it(at):
    """In this order, for a family."""
    kinds, told = [], Told()
    for _ in range(4):
        step = at(told).next_step()
        kinds.append(step.kind)
        told = walk.answered(told, step, {}, ())

    assert kinds == [WHERE, WHO, URGENT, MEMBER]


def test_every_member_is_described_before_the_engine_chooses(at):
    """Two members make two pages; the third is another kind."""
    told = after(HOME, APPLIES, NOTHING_URGENT, typed={"m0.age": "30", "m1.age": "5"}, members=2)
    steps = []
    for _ in range(3):
        steps.append(at(told).next_step())
        told = walk.answered(told, steps[-1], {}, ())

    assert [step.asked[0].seats for step in steps[:2]] == [("0",), ("1",)]
    assert steps[2].kind not in (MEMBER, URGENT)


def test_an_organisation_has_no_members_to_describe(at):
    """It is asked about itself at once."""
    step = at(after(HOME, APPLIES, applicant="organisation", members=0)).next_step()

    assert step.asked[0].seats == ("h",)


def test_what_an_answer_calls_for_comes_next(at):
    """Who it is, right after that it is so."""
    who = Step("among", "event", (Asked("begs", ("0", "1")),))
    told = walk.answered(after(HOME, members=2), APPLIES, {}, [who])

    assert at(told).next_step() == who
    assert walk.answered(told, who, {}, ()).then == ()


def test_answering_the_same_step_twice_changes_nothing_more():
    """A form that was sent twice counts once."""
    once = walk.answered(after(HOME), APPLIES, {"h.residence": ["35.06.07"]}, ())

    assert walk.answered(once, APPLIES, {"h.residence": ["35.06.07"]}, ()) == once


def test_going_back_asks_the_last_step_again_and_keeps_what_was_typed(at):
    """What was typed on the page that was left is a draft: there when one returns, and counted only then."""
    told = after(HOME, APPLIES, NOTHING_URGENT, typed={"h.residence": "35.06.07"}).with_(now=member(0).entry)
    back = walk.went_back(told, {"m0.age": ["ten"]})

    assert back.now == NOTHING_URGENT.entry and back.trail == (HOME.entry, APPLIES.entry)
    assert back.typed["m0.age"] == ["ten"] and "m0.age" not in walk.settled(back).typed
    assert at(back).household.given("household", "residence").value == "35.06.07"


def test_changing_an_answer_keeps_all_the_others():
    """The step is asked again, the trail stays as it is."""
    told = after(HOME, APPLIES, typed={"h.residence": "35.06.07"})
    changed = walk.changing(told, 0)

    assert changed.now == HOME.entry and changed.changing and changed.trail == told.trail
    assert walk.answered(changed, HOME, {"h.residence": ["35.06.08"]}, ()).trail == told.trail
    assert walk.changing(told, 7) == told and walk.changing(told, -1) == told


def test_a_member_who_is_taken_out_takes_along_what_was_said_of_it():
    """Those behind move up, in what was typed and in the trail; nobody else loses an answer."""
    ill = Step("among", "health", (Asked("bedridden", ("0", "1", "2")),))
    of_one = Step("each", "school", (Asked("school_level", ("1",)),))
    typed = {"m0.id": "Ibu", "m1.id": "Anak", "m2.id": "Nenek", "m2.bedridden": "yes", "m1.bedridden": "no"}
    told = after(member(0), member(1), member(2), ill, of_one, typed=typed, members=3)
    fewer = walk.without_seat(told, 1)

    assert fewer.members == 2 and fewer.typed["m1.id"] == ["Nenek"] and fewer.typed["m1.bedridden"] == ["yes"]
    assert fewer.trail == tuple(
        step.entry for step in (member(0), member(1), ill._replace(asked=(Asked("bedridden", ("0", "1")),)))
    )
    assert walk.without_seat(after(member(0)), 0).members == 1
    assert walk.without_seat(told, 9) == told


def test_aid_is_asked_last_and_only_once(at):
    """When nothing else is open any more, and then it is done."""
    told, kinds = Told(members=0, applicant="organisation"), []
    while step := at(told).next_step():
        kinds.append(step.kind)
        told = walk.answered(told, step, {}, ())

    assert kinds[-1] == AID and kinds.count(AID) == 1


def test_every_kind_of_applicant_can_be_chosen():
    """The page offers the kinds that the knowledge knows, the most frequent first."""
    assert sorted(APPLICANTS) == sorted(parse_offer.APPLICANTS)
