"""A list is drawn up from what was determined, in the order of the published key, as far as the quota goes."""

from datetime import date

import pytest

from casework.cases.diagnoses import answer_of, diagnose
from casework.lists.amounts import amount_of
from casework.lists.lists import draft_list, entries_of, seen_list
from casework.refusals import NotAllowed, NotFound, Refused
from casework.staff.actors import SYSTEM
from tests.casework import stage
from tests.casework.cases import kept
from tests.casework.lists.granted import CASH, YEAR, claim, said


def standing(on):
    """Give who stands where: name and place, in the order of the list."""
    return [(entry.person.name if entry.person else entry.household.name, entry.place) for entry in on.entries]


def test_the_key_orders_and_the_quota_cuts(database, office):
    """Priority first, then the day of asking, then the order in which claims came; an unknown priority counts as 0."""
    with database.work(SYSTEM) as work:
        claim(work, "sembako", "Late", priority=0.5, asked_on=date(2026, 11, 3))
        claim(work, "sembako", "Unlikely", priority=-0.4)
        claim(work, "sembako", "Unknown")
        claim(work, "sembako", "First", priority=0.5)
        claim(work, "sembako", "Second", priority=0.5)
        claim(work, "sembako", "Urgent", priority=0.9, asked_on=date(2026, 11, 20))
        on = draft_list(work, office, "sembako", **YEAR, quota=3)
        work.session.refresh(on)

        assert standing(on) == [
            ("Urgent", "listed"),
            ("First", "listed"),
            ("Second", "listed"),
            ("Late", "waiting"),
            ("Unknown", "waiting"),
            ("Unlikely", "waiting"),
        ]
        assert [entry.rank for entry in on.entries] == [1, 2, 3, 4, 5, 6]


def test_only_what_is_determined_comes_on_a_list(sqlite, office):
    """Not what is proposed, declined, or for another service; aid that goes on comes again."""
    with sqlite.work(SYSTEM) as work:
        for state in ("proposed", "declined", "determined", "monitored", "terminated"):
            claim(work, "sembako", state, state=state)
        claim(work, "pkh", "other")
        on = draft_list(work, office, "sembako", **YEAR)

        assert sorted(standing(on)) == [("determined", "listed"), ("monitored", "listed")]


def test_who_stands_on_a_list_of_these_days_does_not_come_on_another(sqlite, office):
    """The next list of the same service takes the rest, and next year's list takes everybody again."""
    with sqlite.work(SYSTEM) as work:
        claim(work, "sembako", "Siti", priority=0.9)
        claim(work, "sembako", "Budi")
        draft_list(work, office, "sembako", **YEAR, quota=1)
        rest = draft_list(work, office, "sembako", date(2027, 7, 1), date(2027, 12, 31))
        later = draft_list(work, office, "sembako", date(2028, 1, 1), date(2028, 12, 31))

        assert standing(rest) == [("Budi", "listed")]
        assert standing(later) == [("Siti", "listed"), ("Budi", "listed")]


def test_who_holds_something_that_excludes_it_waits_and_takes_no_place(database, office):
    """The next one in the order has the place; the entry says what is held."""
    with database.work(SYSTEM) as work:
        home = stage.household(work, "Siti", "Budi")
        claim(work, "pkh", home=home)
        pkh = draft_list(work, office, "pkh", **YEAR)
        claim(work, "permakanan_lansia_kemensos", home=home, person=1, priority=0.9)
        claim(work, "permakanan_lansia_kemensos", "Rahayu", person=0)
        on = draft_list(work, office, "permakanan_lansia_kemensos", **YEAR, quota=1)
        work.session.refresh(on)
        budi, rahayu = on.entries

        assert (budi.place, rahayu.place) == ("waiting", "listed")
        assert (budi.conflict["other"], budi.conflict["list"]) == ("pkh", pkh.number)
        assert budi.conflict["holder"] == budi.person.member


def test_a_family_has_one_place_where_a_family_gets_one(sqlite, office):
    """Two claims of one household for one service of the household: the second waits."""
    with sqlite.work(SYSTEM) as work:
        home = stage.household(work, "Siti")
        claim(work, "kube", home=home)
        claim(work, "kube", home=home)
        on = draft_list(work, office, "kube", **YEAR)

        assert [entry.place for entry in on.entries] == ["listed", "waiting"]
        assert on.entries[1].conflict["list"] == on.number


def test_amounts_are_of_the_period(sqlite, office):
    """Half of a year's amount for half a year; unknown stays unknown, and what is no money has none."""
    with sqlite.work(SYSTEM) as work:
        claim(work, "sembako", "a", priority=0.9)
        claim(work, "sembako", "b", priority=0.8, benefit={**CASH, "amount": None})
        claim(work, "sembako", "c", priority=0.7, benefit={**CASH, "kind": "goods"})
        on = draft_list(work, office, "sembako", date(2027, 1, 1), date(2027, 6, 30))

        assert [entry.amount for entry in on.entries] == [600_000, None, None]


def test_priority_and_amount_are_those_of_the_engine(sqlite, office):
    """As its answer on the case says, which is not opened for it."""
    with sqlite.work(SYSTEM) as work:
        home = kept.poor(work, office)
        case = kept.case_of(work, home, "pkh")
        answer = answer_of(work, diagnose(work, office, case, "office"))
        case.claims[0].state = "determined"
        on = draft_list(work, office, "pkh", **YEAR)
        row = next(row for row in answer["services"] if row["service"] == "pkh")

        assert row["priority"] is not None and row["benefit"]["amount"] is not None
        assert [(one.priority, one.amount) for one in on.entries] == [
            (row["priority"], amount_of(row["benefit"], **YEAR))
        ]


def test_the_newest_diagnosis_counts(sqlite, office):
    """A priority that was worked out anew replaces the one before."""
    with sqlite.work(SYSTEM) as work:
        one = claim(work, "sembako", "Siti", priority=-0.5)
        claim(work, "sembako", "Budi", priority=0.1)
        said(work, one.case, 0.6, CASH)
        on = draft_list(work, office, "sembako", **YEAR)

        assert standing(on)[0] == ("Siti", "listed")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"service": "nothing"}, "lists-service"),
        ({"until": date(2026, 12, 31)}, "lists-period"),
        ({"until": date(2060, 12, 31)}, "lists-period"),
        ({"quota": -1}, "lists-quota"),
    ],
)
def test_what_makes_no_sense_is_refused(sqlite, office, more, code):
    """With the reason."""
    with pytest.raises(Refused) as refused, sqlite.work(SYSTEM) as work:
        draft_list(work, office, **{"service": "sembako", **YEAR, **more})

    assert refused.value.code == code


def test_who_drafts_takes_in_only_their_own_area_and_programs(sqlite, office):
    """A claim of another village stays out, and a service of another Bidang is not theirs to draft."""
    with sqlite.work(SYSTEM) as work:
        claim(work, "sembako", home=stage.household(work, "Here"))
        claim(work, "sembako", home=stage.household(work, "There", village=stage.OTHER_VILLAGE))
        programs = frozenset({"perlindungan_jaminan_sosial"})
        staff = stage.actor(work, "bidang_staff", stage.Area(stage.VILLAGE), programs)
    with sqlite.work(staff) as work:
        on = draft_list(work, office, "sembako", **YEAR)

        assert standing(on) == [("Here", "listed")]
        with pytest.raises(NotAllowed):
            draft_list(work, office, "aspd_jatim", **YEAR)


def test_a_list_is_there_for_those_who_work_with_its_program(sqlite, office):
    """Others do not learn that it exists."""
    with sqlite.work(SYSTEM) as work:
        number = draft_list(work, office, "sembako", **YEAR).number
        head = stage.actor(work, "head")
        others = [
            stage.actor(work, "bidang_staff", programs=frozenset({"rehabilitasi_sosial"})),
            stage.actor(work, "village_operator"),
            stage.actor(work, "analyst"),
        ]
    with sqlite.reading(head) as work:
        assert seen_list(work, office, number).number == number
    for actor in others:
        with pytest.raises(NotFound), sqlite.reading(actor) as work:
            seen_list(work, office, number)


def test_the_aid_of_a_family_is_seen_together(sqlite, office):
    """Of the household and of each member; what waits counts too, what was removed does not."""
    with sqlite.work(SYSTEM) as work:
        home = stage.household(work, "Siti", "Budi")
        claim(work, "pkh", home=home)
        claim(work, "yapi", home=home, person=1)
        draft_list(work, office, "pkh", **YEAR)
        draft_list(work, office, "yapi", **YEAR, quota=0)

        assert [(one.list.service, one.place) for one in entries_of(work, home)] == [
            ("pkh", "listed"),
            ("yapi", "waiting"),
        ]
