"""Areas: what an actor finds by a condition in the database and what is asked of one household at a time are the same."""

from itertools import product

import pytest
from sqlalchemy import select

from casework.cases.models import Case, Claim, Task
from casework.people.models import Household, Village
from casework.refusals import NotFound
from casework.staff.actors import EVERYWHERE, SYSTEM, Actor, Area, Post
from casework.staff.areas import claims_of, households_of, known_cases, seen_case, sees, tasks_of
from casework.staff.rights import ROLES
from tests.casework import stage

# Codes of which one begins like another, and names with the signs that stand for any other in a search.
VILLAGES = ("35.06.07.2001", "35.06.07.2002", "35.06.08.2001", "35.06.0")
HAMLETS = (None, "Dusun 1", "Dusun_1", "dusun 1", "%")
RWS, RTS = (None, "01", "1"), (None, "01", "02")
AREAS = [
    Area(*parts)
    for parts in product(
        ("", "35", "35.06", "35.06.0", "35.06.07", "35.06.07.2001", "35.06.07.200", "35_06"),
        ("", "Dusun 1", "Dusun_1", "%"),
        ("", "01"),
        ("", "02"),
    )
]


@pytest.fixture
def placed(database):
    """Give a database with a household and a task in every place there can be."""
    places = [
        {"village": village, "hamlet": hamlet, "rw": rw, "rt": rt}
        for village, hamlet, rw, rt in product(VILLAGES, HAMLETS, RWS, RTS)
    ]
    with database.work() as work:
        work.session.add_all(Village(code=code) for code in VILLAGES)
        work.session.flush()
        for number, one in enumerate(places):
            home = Household(name="Siti", registered_at=work.now, **one)
            case = Case(number=f"K{number}", household=home, state="submitted", channel="counter", **_moments(work))
            work.session.add(Task(case=case, level="rt_rw", facts=[], opened_at=work.now, **one))
    return database


def _moments(work):
    return {"opened_at": work.now, "opened_by": "x", "moved_at": work.now}


def ids(work, table, condition):
    return set(work.session.scalars(select(table.id).where(condition)))


def place(row):
    return row.village, row.hamlet, row.rw, row.rt


def test_the_condition_and_the_question_agree_on_every_place_in_every_area(placed):
    """23,000 pairs of an area and a place; none is found that may not be seen, and none is missed."""
    with placed.reading() as work:
        homes, tasks = work.session.query(Household).all(), work.session.query(Task).all()
        assert len(homes) == len(tasks) == 180
        for area in AREAS:
            actor = Actor("a", 1, (Post("rt_rw", area),))
            inside = {home.id for home in homes if area.covers(*place(home))}
            assert ids(work, Household, households_of(actor)) == inside, area
            checked = ids(work, Task, tasks_of(actor, "check.rt_rw"))
            assert checked == {task.id for task in tasks if area.covers(*place(task))}, area


def test_one_household_is_seen_exactly_when_it_is_found(placed):
    """Through the function that pages ask, for more than one post at once."""
    posts = (Post("rt_rw", Area("35.06.07.2001", "", "01")), Post("kepala_dusun", Area("35.06.08.2001", "Dusun 1")))
    actor = Actor("a", 1, posts)
    with placed.reading(actor) as work:
        found = ids(work, Household, households_of(actor))
        for home in work.session.query(Household):
            case = work.session.query(Case).filter_by(household_id=home.id).one()
            assert _there(sees, work, home) == _there(seen_case, work, case.number) == (home.id in found)
    assert found


def _there(ask, work, what):
    try:
        return bool(ask(work, what))
    except NotFound:
        return False


def test_a_right_reaches_as_far_as_the_posts_that_give_it(placed):
    """A post elsewhere that does not give the right opens nothing; a role without it sees nothing at all."""
    narrow = Area("35.06.07.2001", "Dusun 1", "01", "01")
    with placed.reading() as work:
        for role, right in product(ROLES, ("register.read", "case.read", "secrets.read")):
            actor = Actor("a", 1, (Post(role, narrow), Post("analyst", EVERYWHERE)))
            found = [place(home) for home in work.session.query(Household).where(households_of(actor, right))]
            assert found == ([("35.06.07.2001", "Dusun 1", "01", "01")] if right in ROLES[role] else []), (role, right)


def test_an_unknown_case_and_one_of_elsewhere_are_not_told_apart(sqlite):
    """Neither by what is said nor by what is recorded."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti", village=stage.OTHER_VILLAGE)
        case = Case(number="K-1", household_id=home.id, state="submitted", channel="counter", **_moments(work))
        work.session.add(case)
    actor = Actor("a", 1, (Post("rt_rw", Area(stage.VILLAGE)),))
    told = []
    for number in ("K-1", "K-2"):
        with pytest.raises(NotFound) as refused, sqlite.reading(actor) as work:
            seen_case(work, number)
        told.append(str(refused.value))

    assert told[0] == told[1]
    with sqlite.reading(SYSTEM) as work:
        assert seen_case(work, "K-1").number == "K-1"


def test_cases_are_listed_for_those_alone_who_may_open_them(database):
    """One that is for officers only is not even counted for others; nor is one of elsewhere, or without the right."""
    with database.work() as work:
        homes = [stage.household(work, "Siti", village=one) for one in (stage.VILLAGE, stage.OTHER_VILLAGE)]
        for number, home, hidden in (("K-1", 0, (True,)), ("K-2", 0, (True, False)), ("K-3", 0, ()), ("K-4", 1, ())):
            case = Case(number=number, household=homes[home], state="submitted", channel="counter", **_moments(work))
            case.claims = [
                Claim(service=str(one), program="a", state="submitted", asked_on=work.today, officer_only=one)
                for one in hidden
            ]
            work.session.add(case)
    numbers = ("K-1", "K-2", "K-3", "K-4")
    for role, area, known in (
        ("bidang_staff", EVERYWHERE, ["K-4", "K-3", "K-2", "K-1"]),
        ("applicant_desk", Area(stage.VILLAGE), ["K-3", "K-2"]),
        ("administrator", EVERYWHERE, []),
    ):
        with database.reading(Actor("a", 1, (Post(role, area),))) as work:
            assert [case.number for case in known_cases(work, Case.number.in_(numbers))] == known
            assert [number for number in numbers if _there(seen_case, work, number)] == sorted(known)


def test_a_bidang_finds_the_claims_of_its_programs(database):
    """As it is asked for one of them; whoever has no post with the right finds none."""
    programs = ("rehabilitasi_sosial", "penanganan_bencana", "rehabilitasi")
    with database.work() as work:
        home = stage.household(work, "Siti")
        case = Case(number="K-1", household_id=home.id, state="submitted", channel="counter", **_moments(work))
        case.claims = [Claim(service="a", program=one, state="submitted", asked_on=work.today) for one in programs]
        work.session.add(case)
    actors = [
        SYSTEM,
        Actor("none"),
        Actor("ppid", 1, (Post("ppid"),)),
        Actor("all", 1, (Post("bidang_staff"),)),
        Actor("one", 1, (Post("bidang_staff", EVERYWHERE, frozenset({"rehabilitasi_sosial"})),)),
        Actor("rt", 1, (Post("rt_rw"), Post("bidang_staff", EVERYWHERE, frozenset({"penanganan_bencana"})))),
    ]
    with database.reading() as work:
        for actor in actors:
            for right in ("case.read", "decision.propose"):
                found = {one.program for one in work.session.query(Claim).where(claims_of(actor, right))}
                assert found == {one for one in programs if actor.may_for(right, one)}, (actor.name, right)
