"""Valiveri: a case on its way from RT/RW over the hamlet and the village meeting to the office."""

from datetime import date

import pytest
from sqlalchemy import select

from casework.cases.checks import checks_of
from casework.cases.diagnoses import before_and_after, diagnose
from casework.cases.meetings import Item, Minutes, record_meeting
from casework.cases.models import Case, MeetingItem, Move, Task
from casework.cases.moving import move_case
from casework.cases.opening import open_case, submit
from casework.cases.tasks import (
    AGREE,
    OTHER,
    UNSEEN,
    Answer,
    answer_task,
    confirm,
    counts,
    open_tasks,
    seen_task,
    send_back,
)
from casework.people.models import Household, Observation
from casework.people.observations import observe_many
from casework.refusals import NotFound, Refused
from casework.staff.actors import Actor, Area, Post
from casework.staff.models import Account
from tests.casework import stage

PLACE = {"rt_rw": Area(stage.VILLAGE, "", stage.RW, stage.RT), "kepala_dusun": Area(stage.VILLAGE, stage.HAMLET)}
HOME = "household"


def person_in(database, role, area=None):
    """Give who works in a role where the household lives, or elsewhere; the same person each time."""
    area = area or PLACE.get(role, Area(stage.VILLAGE if "village" in role else ""))
    name = " ".join([role, *filter(None, area)])
    with database.work() as work:
        known = work.session.scalar(select(Account.id).where(Account.name == name))
        return Actor(name, known, (Post(role, area),)) if known else stage.actor(work, role, area, name=name)


def told(database, office, services=("rutilahu", "layanan_surat_dtsen"), **facts):
    """Register a household that told some facts, and hand its case in; gives the number."""
    facts = facts or {"needs_dtsen_letter": True, "total_spending": 900_000, "floor_material": "soil"}
    with database.work() as work:
        home = stage.household(work, "Siti", "Budi")
        observe_many(work, office.knowledge, home, [(None, *one) for one in facts.items()], "self_declared")
        case = open_case(work, office, home, [(name, None) for name in services], "counter")
        submit(work, office, case)
        diagnose(work, office, case, "opened")
        return case.number


def case_in(work, number):
    return work.session.scalars(select(Case).where(Case.number == number)).one()


def task_in(work, number, level):
    """Give the open task of a case at a level."""
    mine = select(Task).join(Case).where(Case.number == number, Task.level == level, Task.done_at.is_(None))
    return work.session.scalars(mine).one()


def answers_to(checks, **other):
    """Agree with everything that was said, but for some facts."""
    found = {one.key: Answer(AGREE) for one in checks if one.value is not None}
    return found | {(HOME, fact): Answer(OTHER, value) for fact, value in other.items()}


def go(database, office, number, level, **other):
    """Let a level answer its task; gives what it was asked."""
    with database.work(person_in(database, level)) as work:
        task = task_in(work, number, level)
        checks = checks_of(work, office, task.case, level)
        answer_task(work, office, seen_task(work, task.id), answers_to(checks, **other))
        return [one.key for one in checks]


def test_the_whole_way_of_a_case(database, office):
    """RT/RW, hamlet, meeting, office: each step is a move with its evidence, and the office verifies at the end."""
    number = told(database, office)
    go(database, office, number, "rt_rw")
    go(database, office, number, "kepala_dusun")
    with database.work(person_in(database, "village_operator")) as work:
        minutes = Minutes("C:\\surat\\berita acara.pdf", b"%PDF-1.7 berita acara %%EOF")
        record_meeting(work, office, stage.VILLAGE, date(2026, 11, 20), "12/BA/2026", [Item(number, True)], minutes)
    with database.work(person_in(database, "bidang_staff")) as work:
        case = case_in(work, number)
        move_case(work, case, "dinsos_verified")

        moves = work.session.execute(select(Move.after, Move.moved_by).order_by(Move.id)).all()
        assert [tuple(one) for one in moves] == [
            ("draft", "sistem"),
            ("submitted", "sistem"),
            ("rt_rw_checked", f"rt_rw {stage.VILLAGE} 01 02"),
            ("kadus_checked", f"kepala_dusun {stage.VILLAGE} Dusun 1"),
            ("musdes_approved", f"village_operator {stage.VILLAGE}"),
            ("dinsos_verified", "bidang_staff"),
        ]
        assert work.session.scalar(select(MeetingItem.approved)) is True
        results = work.session.execute(select(Task.level, Task.result).order_by(Task.id)).all()
        assert [tuple(one) for one in results] == [
            ("rt_rw", "checked"),
            ("kepala_dusun", "checked"),
            ("meeting", "approved"),
            ("office", "lapsed"),
        ]


def test_a_level_is_asked_only_what_matters_and_what_it_can_see(sqlite, office):
    """Facts of the asked services that its word makes surer, or that are not known; never the decile, never a service's own."""
    number = told(sqlite, office)
    with sqlite.work() as work:
        case, facts = case_in(work, number), office.knowledge.facts
        asked = {
            level: checks_of(work, office, case, level) for level in ("rt_rw", "kepala_dusun", "meeting", "office")
        }

    names = {level: {one.fact.name for one in checks} for level, checks in asked.items()}
    assert names["rt_rw"] and "decile" not in names["rt_rw"] | names["kepala_dusun"]
    known = {one.fact.name for one in asked["office"] if one.value is not None}
    assert "floor_material" in known and "floor_material" not in names["rt_rw"]
    for level, evidence in (("rt_rw", "rt_rw"), ("kepala_dusun", "kepala_dusun")):
        for one in asked[level]:
            by_level = evidence in {word.text for word in one.fact.verified_by}
            assert by_level or (one.value is None and facts[one.fact.name].answered_by == "applicant")


def test_nobody_in_the_village_is_asked_about_what_only_officers_may_know(sqlite, office):
    """Even where the engine would like to know it: neither such a fact nor such a service makes a check."""
    hidden = office.plan(date(2026, 11, 23)).officer_only
    number = told(sqlite, office, ("rutilahu", "pkh"))
    with sqlite.work() as work:
        case = case_in(work, number)
        asked = {
            one.fact.name
            for level in ("rt_rw", "kepala_dusun", "meeting")
            for one in checks_of(work, office, case, level)
        }

        assert asked and not asked & hidden


def test_each_level_makes_what_it_saw_surer(sqlite, office):
    """What the RT agrees with counts as the RT's word, another value replaces it, and what was not seen stays as it is."""
    number = told(sqlite, office, needs_dtsen_letter=True, total_spending=900_000)
    with sqlite.work(person_in(sqlite, "rt_rw")) as work:
        task = task_in(work, number, "rt_rw")
        checks = checks_of(work, office, task.case, "rt_rw")
        unknown = next(
            one for one in checks if one.value is None and one.fact.type == "boolean" and one.subject == HOME
        )
        answer_task(work, office, task, answers_to(checks) | {unknown.key: Answer(OTHER, True)}, "rumah dilihat")

        seen = work.session.scalars(select(Observation).where(Observation.evidence == "rt_rw")).all()
        assert (unknown.fact.name, "true") in {(one.fact, one.value) for one in seen}
        assert {one.case_id for one in seen} == {task.case_id} and {one.note for one in seen} == {"rumah dilihat"}
        kinds = {(one[0], one[1]): one[2] for one in task.facts}
        assert kinds[unknown.key] == OTHER and UNSEEN in kinds.values()


def test_the_case_shows_how_sure_it_was_before_and_after(sqlite, office):
    """A diagnosis on each occasion, with what it said of the claim."""
    number = told(sqlite, office)
    go(sqlite, office, number, "rt_rw")
    with sqlite.work() as work:
        diagnose(work, office, case_in(work, number), "rt_rw")
    with sqlite.reading() as work:
        steps = before_and_after(work, case_in(work, number))

        assert [one.occasion for one in steps] == ["opened", "rt_rw"]
        assert all(len(one.claims) == 2 for one in steps)


def test_the_hamlet_confirms_or_sends_back(sqlite, office):
    """Sent back, the RT looks again: a new task, and the first check is worth nothing any more."""
    number = told(sqlite, office)
    go(sqlite, office, number, "rt_rw")
    with sqlite.work(person_in(sqlite, "kepala_dusun")) as work:
        task = task_in(work, number, "kepala_dusun")
        with pytest.raises(Refused) as refused:
            send_back(work, office, task, " ")
        assert refused.value.code == "case-needs-reason"
        send_back(work, office, task, "Rumahnya keliru")
    with sqlite.work() as work:
        case = case_in(work, number)
        assert (case.state, task_in(work, number, "rt_rw").due_on) == ("submitted", date(2026, 12, 2))
        with pytest.raises(Refused) as refused:
            move_case(work, case, "rt_rw_checked")
        assert refused.value.code == "case-needs-checked"
    go(sqlite, office, number, "rt_rw")
    with sqlite.work(person_in(sqlite, "kepala_dusun")) as work:
        confirm(work, office, task_in(work, number, "kepala_dusun"))
        assert case_in(work, number).state == "kadus_checked"


def test_what_was_said_must_be_answered(sqlite, office):
    """A fact that has a value is agreed with, replaced or not seen; silence is none of them."""
    number = told(sqlite, office)
    with sqlite.work(person_in(sqlite, "kepala_dusun")) as work, pytest.raises(NotFound):
        seen_task(work, task_in(work, number, "rt_rw").id)
    go(sqlite, office, number, "rt_rw")
    go(sqlite, office, number, "kepala_dusun")
    with sqlite.work() as work:
        record_meeting(work, office, stage.VILLAGE, date(2026, 11, 20), "1", [Item(number, False, "Sudah mampu")])
        task = task_in(work, number, "office")
        with pytest.raises(Refused) as refused:
            answer_task(work, office, task, {})
        assert (refused.value.code, refused.value.field) == ("case-unanswered", "household.floor_material")
        answer_task(work, office, task, answers_to(checks_of(work, office, task.case, "office"), floor_material="tile"))
        with pytest.raises(Refused) as refused:
            answer_task(work, office, task, {})
        assert refused.value.code == "case-task-done"


def test_everybody_sees_the_tasks_of_their_own_place(sqlite, office):
    """Another RT sees none, an RW all of its RT, and tasks are counted by place."""
    number = told(sqlite, office)
    other = Area(stage.VILLAGE, "", stage.RW, "09")
    heads = [person_in(sqlite, "rt_rw", area) for area in (PLACE["rt_rw"], other, Area(stage.VILLAGE, "", stage.RW))]
    found = []
    for head in heads:
        with sqlite.reading(head) as work:
            found.append([one.case.number for one in open_tasks(work, "rt_rw")])
            if head is heads[0]:
                assert [tuple(one) for one in counts(work, "rt_rw")] == [
                    ("rt_rw", stage.HAMLET, stage.RW, stage.RT, 1, 0)
                ]

    assert found == [[number], [], [number]]


def test_the_village_never_hears_of_what_only_officers_may_know(sqlite, office):
    """Such a case has a task for the office alone and goes there straight."""
    name = "rujukan_hiv_napza"
    with sqlite.work() as work:
        home = stage.household(work, "Siti")
        case = open_case(work, office, home, [(name, home.people[0])], "counter")
        submit(work, office, case)
        number = case.number
        assert work.session.scalars(select(Task.level)).all() == ["office"]
    for role in ("rt_rw", "kepala_dusun"):
        with sqlite.reading(person_in(sqlite, role)) as work:
            assert open_tasks(work, role) == []
    with sqlite.work(person_in(sqlite, "bidang_staff")) as work:
        move_case(work, case_in(work, number), "dinsos_verified", "Rahasia")


def test_what_is_urgent_goes_to_the_office_and_the_village_at_once(sqlite, office):
    """Within a day; the office need not wait for anybody, and then the task of the RT is over."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti")
        case = open_case(work, office, home, [("spm_permakanan", home.people[0])], "counter", "Belum makan dua hari")
        submit(work, office, case)
        assert (case.due_on, case.claims[0].due_on) == (date(2026, 11, 24), date(2026, 11, 24))
        assert set(work.session.scalars(select(Task.level))) == {"rt_rw", "office"}
        with pytest.raises(Refused) as refused:
            move_case(work, case, "dinsos_verified")
        assert refused.value.code == "case-needs-reason"
        move_case(work, case, "dinsos_verified", "Belum makan dua hari")
        assert set(work.session.scalars(select(Task.result))) == {"lapsed"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"held_on": date(2026, 11, 24)}, "meeting-future"),
        ({"minutes_number": " "}, "meeting-number"),
        ({"items": []}, "meeting-empty"),
        ({"items": [Item("KDR-2026-000001-7", False, " ")]}, "meeting-reason"),
        ({"minutes": Minutes("virus.pdf", b"MZ")}, "attachment-type"),
    ],
)
def test_a_meeting_that_makes_no_sense_is_refused(sqlite, office, changes, code):
    """And says which of its fields is to be mended."""
    told(sqlite, office)
    entry = {"held_on": date(2026, 11, 20), "minutes_number": "1", "items": [Item("KDR-2026-000001-7", True)]}
    with sqlite.work() as work, pytest.raises(Refused) as refused:
        record_meeting(work, office, stage.VILLAGE, **(entry | changes))

    assert refused.value.code == code and refused.value.field


def test_a_meeting_is_entered_once_and_only_in_its_own_village(database, office):
    """The same number twice is refused; another village's case is not there; nothing half-entered remains."""
    number = told(database, office)
    for level in ("rt_rw", "kepala_dusun"):
        go(database, office, number, level)
    operator, day = person_in(database, "village_operator"), date(2026, 11, 20)
    with database.work() as work:
        stage.household(work, "Ani", village=stage.OTHER_VILLAGE)
    for village in (stage.OTHER_VILLAGE, "35.06.99.2001"):
        with pytest.raises(NotFound), database.work(operator) as work:
            record_meeting(work, office, village, day, "1", [Item(number, True)])
    with database.work(operator) as work:
        record_meeting(work, office, stage.VILLAGE, day, "1", [Item(number, True)])
    with pytest.raises(Refused) as refused, database.work(operator) as work:
        record_meeting(work, office, stage.VILLAGE, day, "1", [Item(number, True)])

    assert refused.value.code == "meeting-twice"
    with database.reading() as work:
        household = work.session.scalars(select(Household).where(Household.village == stage.VILLAGE)).one()
        vouched = select(Observation.fact).where(Observation.evidence == "village_letter")
        assert case_in(work, number).state == "musdes_approved" and household
        assert set(work.session.scalars(vouched)) <= set(office.knowledge.facts)
