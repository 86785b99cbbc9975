"""A draft is changed entry by entry, with reasons; when a place is free, the first who waits has it."""

import threading

import pytest

from casework.lists import changes
from casework.lists.lists import draft_list
from casework.lists.models import BeneficiaryList, Entry, Hold
from casework.refusals import ChangedMeanwhile, NotAllowed, Refused
from casework.staff.actors import SYSTEM
from tests.casework import stage
from tests.casework.lists.granted import YEAR, claim


@pytest.fixture
def work(sqlite):
    """Give the system's unit of work."""
    with sqlite.work(SYSTEM) as work:
        yield work


@pytest.fixture
def on(work, office):
    """Give a draft with two places and three who asked."""
    for name, priority in (("Siti", 0.9), ("Budi", 0.8), ("Rahayu", 0.7)):
        claim(work, "sembako", name, priority=priority)
    return draft_list(work, office, "sembako", **YEAR, quota=2)


def standing(work, on):
    """Give who stands where, in the order of the list."""
    rows = work.session.query(Entry).filter_by(list_id=on.id).order_by(Entry.rank, Entry.id)
    return [(entry.household.name, entry.place) for entry in rows]


def of(work, on, name):
    return next(entry for entry in work.session.query(Entry).filter_by(list_id=on.id) if entry.household.name == name)


def test_when_one_is_removed_the_first_who_waits_moves_up(work, on, office):
    """And holds the place; who was removed holds nothing."""
    siti = of(work, on, "Siti")
    moved = changes.remove(work, office.knowledge, siti, "Moved to Blitar")

    assert standing(work, on) == [("Siti", "removed"), ("Budi", "listed"), ("Rahayu", "listed")]
    assert [entry.household.name for entry in moved] == ["Rahayu"]
    assert work.session.query(Hold).filter_by(entry_id=siti.id).count() == 0
    assert work.session.query(Hold).filter_by(entry_id=moved[0].id).count() > 0


def test_nobody_is_removed_without_a_reason_or_twice(work, on, office):
    """The reason is what they are told."""
    siti = of(work, on, "Siti")
    with pytest.raises(Refused, match="Say why"):
        changes.remove(work, office.knowledge, siti, "  ")
    work.session.refresh(siti)
    changes.remove(work, office.knowledge, siti, "Moved away")
    with pytest.raises(Refused, match="no longer in that state"):
        changes.remove(work, office.knowledge, siti, "Again")


def test_who_is_put_back_waits_when_the_place_is_gone(work, on, office):
    """Whoever moved up keeps it."""
    siti = of(work, on, "Siti")
    changes.remove(work, office.knowledge, siti, "By mistake")
    changes.put_back(work, office.knowledge, siti)

    assert standing(work, on) == [("Siti", "waiting"), ("Budi", "listed"), ("Rahayu", "listed")]


def test_a_claim_that_comes_later_stands_where_the_key_puts_it(work, on, office):
    """And takes nobody's place."""
    number = claim(work, "sembako", "Wagiman", priority=0.85).case.number
    changes.add_claim(work, office.knowledge, on, number.lower())

    assert standing(work, on) == [
        ("Siti", "listed"),
        ("Wagiman", "waiting"),
        ("Budi", "listed"),
        ("Rahayu", "waiting"),
    ]
    with pytest.raises(Refused, match="already"):
        changes.add_claim(work, office.knowledge, on, number)


@pytest.mark.parametrize(("service", "state", "code"), [("sembako", "open", "determined"), ("pkh", "determined", "no")])
def test_only_what_was_determined_for_the_service_is_added(work, on, office, service, state, code):
    """Not an open claim, nor one for something else."""
    number = claim(work, service, "Wagiman", state=state).case.number
    with pytest.raises(Refused) as refused:
        changes.add_claim(work, office.knowledge, on, number)

    assert refused.value.code == {"determined": "lists-not-determined", "no": "lists-number-unknown"}[code]


def test_more_places_are_filled_and_fewer_let_the_last_wait(work, on, office):
    """The last in the order goes first."""
    changes.set_quota(work, office.knowledge, on, 3)
    assert [place for _, place in standing(work, on)] == ["listed", "listed", "listed"]

    changes.set_quota(work, office.knowledge, on, 1)
    assert [place for _, place in standing(work, on)] == ["listed", "waiting", "waiting"]
    assert work.session.query(Hold.entry_id).distinct().count() == 1


def test_what_kept_somebody_from_a_place_is_looked_at_again(work, office):
    """When the other list is given up, they move up."""
    from casework.lists import states

    home = stage.household(work, "Siti", "Budi")
    claim(work, "pkh", home=home)
    claim(work, "permakanan_lansia_kemensos", home=home, person=1)
    pkh = draft_list(work, office, "pkh", **YEAR)
    meals = draft_list(work, office, "permakanan_lansia_kemensos", **YEAR)
    (budi,) = work.session.query(Entry).filter_by(list_id=meals.id)
    why = changes.why_here(work, office.knowledge, budi)
    assert (budi.place, [one.list for one in why.conflicts]) == ("waiting", [pkh.number])

    states.drop(work, pkh, "Drawn up twice")
    changes.check_again(work, office.knowledge, meals)
    assert (budi.place, budi.conflict) == ("listed", None)


def test_an_amount_is_set_with_a_reason(work, on):
    """Whole rupiah, never less than none."""
    siti = of(work, on, "Siti")
    changes.set_amount(work, siti, 900_000, "Began in April")

    assert (siti.amount, siti.reason) == (900_000, "Began in April")
    with pytest.raises(Refused, match="whole rupiah"):
        changes.set_amount(work, siti, -1, "x")


def test_why_somebody_waits_names_nobody_else(work, on, office):
    """The rank, the values of the key, the places there are, and who decides."""
    why = changes.why_here(work, office.knowledge, of(work, on, "Rahayu"))

    assert (why.place, why.rank, why.ahead, why.quota) == ("waiting", 3, 2, 2)
    assert (why.priority, why.asked_on.isoformat(), why.decided_by) == (0.7, "2026-11-02", "kemensos")
    assert "Siti" not in repr(why)


def test_the_second_who_changes_the_same_entry_is_told(work, on, office):
    """By the version that was shown."""
    siti = of(work, on, "Siti")
    changes.set_amount(work, siti, 1, "x")
    work.session.flush()
    with pytest.raises(ChangedMeanwhile):
        changes.remove(work, office.knowledge, siti, "x", version=1)


def test_only_who_drafts_for_the_program_changes_a_list(sqlite, office):
    """Neither another Bidang nor the head of office."""
    with sqlite.work(SYSTEM) as work:
        claim(work, "sembako", "Siti")
        entry = draft_list(work, office, "sembako", **YEAR).entries[0].id
        others = [
            stage.actor(work, "bidang_staff", programs=frozenset({"rehabilitasi_sosial"})),
            stage.actor(work, "head"),
        ]
    for actor in others:
        with pytest.raises(NotAllowed), sqlite.work(actor) as work:
            changes.remove(work, office.knowledge, work.session.get_one(Entry, entry), "x")


def test_many_who_add_at_once_never_fill_more_places_than_there_are(database, office):
    """Each comes onto the list, as many as there are places with a place."""
    with database.work(SYSTEM) as work:
        claim(work, "sembako", "Siti", priority=0.9)
        number = draft_list(work, office, "sembako", **YEAR, quota=3).number
        cases = [claim(work, "sembako", f"Late {index}").case.number for index in range(8)]
    barrier = threading.Barrier(len(cases))

    def add(case):
        barrier.wait()
        with database.work(SYSTEM) as work:
            on = work.session.query(BeneficiaryList).filter_by(number=number).one()
            changes.add_claim(work, office.knowledge, on, case)

    threads = [threading.Thread(target=add, args=(case,)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as work:
        entries = work.session.query(BeneficiaryList).filter_by(number=number).one().entries

        assert sorted(entry.place for entry in entries) == ["listed"] * 3 + ["waiting"] * 6
        assert sorted(entry.rank for entry in entries) == list(range(1, 10))
