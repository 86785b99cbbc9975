"""Whose cases wait, in what order, and how they are found."""

from datetime import date, timedelta

import pytest

from casework.cases.models import Case
from casework.cases.opening import open_case, submit
from casework.cases.queue import ALL, MINE, OPEN, WAITING, Wish, counts, queue
from casework.people.names import keep_words
from casework.staff.actors import Area
from tests.casework import stage

PROTECTION, EMPOWERMENT = "perlindungan_jaminan_sosial", "pemberdayaan_sosial"


def case(work, office, name, state="submitted", service="pkh", **more):
    """Open a case of a new household and put it into a state; gives its number."""
    home = stage.household(work, name, **more)
    for person in home.people:
        keep_words(work, person)
    person = home.people[0] if office.knowledge.services[service].for_ == "person" else None
    opened = open_case(work, office, home, [(service, person)], "counter")
    submit(work, office, opened)
    opened.state = state
    work.session.flush()
    return opened.number


def numbers(database, actor, **wish):
    with database.reading(actor) as work:
        return [one.number for one in queue(work, Wish(**wish)).cases]


def test_what_is_due_first_comes_first(database, office):
    """Late ones on top; what has no time limit at the end; of two due on one day the urgent one."""
    with database.work() as work:
        made = [case(work, office, name) for name in ("Siti", "Budi", "Ani", "Tono")]
        for number, day in zip(made, (3, -2, None, 3), strict=True):
            one = work.session.query(Case).filter_by(number=number).one()
            one.due_on = None if day is None else work.today + timedelta(days=day)
            one.urgent = number == made[3]
        actor = stage.actor(work, "applicant_desk")

    assert numbers(database, actor, view=OPEN) == [made[1], made[3], made[0], made[2]]
    assert numbers(database, actor, view=OPEN, late=True) == [made[1]]


@pytest.mark.parametrize(
    ("role", "states"),
    [
        ("applicant_desk", {"draft", "returned"}),
        ("rt_rw", {"submitted"}),
        ("kepala_dusun", {"rt_rw_checked"}),
        ("village_operator", {"draft", "returned", "kadus_checked"}),
        ("bidang_staff", {"draft", "returned", "musdes_approved", "musdes_rejected", "dinsos_verified"}),
        ("head", set()),
    ],
)
def test_what_waits_for_a_role_follows_from_the_table(sqlite, office, role, states):
    """The states whose usual way on is theirs; a verified case waits for its proposal."""
    every = ("draft", "submitted", "rt_rw_checked", "kadus_checked", "musdes_approved", "musdes_rejected", "returned")
    with sqlite.work() as work:
        made = {state: case(work, office, f"Siti {state}", state) for state in (*every, "dinsos_verified", "closed")}
        actor = stage.actor(work, role)

    assert set(numbers(sqlite, actor, view=WAITING)) == {made[state] for state in states}


def test_a_proposal_waits_for_the_head(sqlite, office):
    """And no longer for whoever made it."""
    with sqlite.work() as work:
        number = case(work, office, "Siti", "dinsos_verified")
        work.session.query(Case).filter_by(number=number).one().claims[0].state = "proposed"
        head, staff = stage.actor(work, "head"), stage.actor(work, "bidang_staff")

    assert numbers(sqlite, head, view=WAITING) == [number] and numbers(sqlite, staff, view=WAITING) == []


def test_a_bidang_waits_for_its_own_programs(sqlite, office):
    """What waits for the staff of one Bidang is not the work of another; they still may look at it."""
    with sqlite.work() as work:
        number = case(work, office, "Siti", "musdes_approved")
        mine = stage.actor(work, "bidang_staff", programs=frozenset({PROTECTION}), name="mine")
        other = stage.actor(work, "bidang_staff", programs=frozenset({EMPOWERMENT}), name="other")

    assert numbers(sqlite, mine, view=WAITING) == [number]
    assert numbers(sqlite, other, view=WAITING) == [] and numbers(sqlite, other, view=ALL) == [number]
    assert numbers(sqlite, other, view=ALL, program=PROTECTION) == [number]
    assert numbers(sqlite, mine, view=ALL, program=EMPOWERMENT) == []


def test_what_is_assigned_is_mine(sqlite, office):
    """A case or one of its claims."""
    with sqlite.work() as work:
        made = [case(work, office, name) for name in ("Siti", "Budi", "Ani")]
        actor = stage.actor(work, "bidang_staff")
        one, two, _ = (work.session.query(Case).filter_by(number=number).one() for number in made)
        one.assigned_to = two.claims[0].assigned_to = actor.account

    assert numbers(sqlite, actor, view=MINE) == made[:2]


def test_a_case_is_found_by_its_number_and_by_names(database, office):
    """Of anybody in the household, by the beginning of each word and however it is spelt; nothing finds nothing."""
    with database.work() as work:
        first, second = case(work, office, "Soekarti Wulandari"), case(work, office, "Sukarti Rahayu")
        actor = stage.actor(work, "applicant_desk")
    found = {
        text: numbers(database, actor, view=ALL, search=text)
        for text in (first, first.lower().replace("-", ""), "sukar", "wulan soekarti", "rahayu wulan", "%", first[:-1])
    }

    assert [*found.values()] == [[first], [first], [first, second], [first], [], [], []]


def test_nobody_sees_what_lies_elsewhere_or_what_only_officers_may_know(database, office):
    """Neither in the list nor in the numbers by state."""
    with database.work() as work:
        open_, far = case(work, office, "Siti"), case(work, office, "Budi", village=stage.OTHER_VILLAGE)
        secret = case(work, office, "Ani", service="rujukan_hiv_napza")
        operator = stage.actor(work, "village_operator", Area(stage.VILLAGE))
        desk, staff = stage.actor(work, "applicant_desk"), stage.actor(work, "bidang_staff")

    assert numbers(database, operator, view=ALL) == [open_]
    assert set(numbers(database, desk, view=ALL)) == {open_, far}
    assert set(numbers(database, staff, view=ALL)) == {open_, far, secret}
    assert secret in numbers(database, staff, view=WAITING)
    with database.reading(desk) as work:
        assert [tuple(one) for one in counts(work)] == [("submitted", 2, 0)]


def test_a_long_queue_is_paged(sqlite, office):
    """A page beyond the last is the last."""
    with sqlite.work() as work:
        number = case(work, office, "Siti")
        actor = stage.actor(work, "applicant_desk")
    with sqlite.reading(actor) as work:
        found = queue(work, Wish(view=ALL, page=9))

        assert ([one.number for one in found.cases], found.total, found.pages) == ([number], 1, 1)
        assert found.cases[0].due_on == date(2026, 12, 2)
