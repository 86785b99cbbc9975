"""Nobody gets two services that exclude each other: the database refuses it, and what it refuses is explained."""

import itertools
import threading
from datetime import date

import pytest

from casework.lists import holds
from casework.lists.conflicts import GROUP, NOT_WITH, SAME, Held, explained, ground_of
from casework.lists.lists import new_list
from casework.lists.models import Entry, Hold
from casework.people.models import Person
from casework.staff.actors import SYSTEM
from engine.knowledge.exclusion import clashes, excludes
from engine.knowledge.model import HOUSEHOLD
from tests.casework import stage

FIRST, WHOLE, SECOND = (
    (date(2027, 1, 1), date(2027, 6, 30)),
    (date(2027, 6, 30), date(2027, 12, 31)),
    (date(2027, 7, 1), date(2027, 12, 31)),
)
THREADS = 50


def entry(work, office, service, home, person=None, days=FIRST):
    """Write an entry on a list of its own, without what it would hold."""
    on = new_list(work, office.knowledge, office.knowledge.services[service], *days, None)
    one = Entry(list=on, household=home, person=person, place="listed", asked_on=work.today)
    work.session.add(one)
    work.session.flush()
    return one


def give(work, office, service, home, person=None, days=FIRST):
    """Place somebody; refused when they hold something else."""
    one = entry(work, office, service, home, person, days)
    one.place = "waiting"
    holds.hold(work, office.knowledge, one)
    one.place = "listed"
    work.session.flush()
    return one


def persons(knowledge, service, home):
    return (None,) if knowledge.services[service].for_ == HOUSEHOLD else tuple(home.people)


def test_the_database_refuses_exactly_what_the_engine_calls_exclusive(database, office):
    """Every pair with a rule and some without, for the household and two members, in periods that meet and do not."""
    knowledge, clash = office.knowledge, clashes(office.knowledge)
    pairs = [pair for pair in sorted(clash) if pair[0] <= pair[1]]
    pairs += [(one, one) for one in ("pkh", "yapi", "kube", "pbi_jk")]
    pairs += [("pkh", "sembako"), ("yapi", "pbi_jk")]
    wrong = []
    with database.work(SYSTEM) as work:
        home = stage.household(work, "Siti", "Budi")
        lists = {
            (service, days): new_list(work, knowledge, knowledge.services[service], *days, None)
            for service in knowledge.services
            for days in (FIRST, WHOLE, SECOND)
        }
        for one, other in pairs:
            for mine, theirs in itertools.product(persons(knowledge, one, home), persons(knowledge, other, home)):
                said = excludes(clash.get((one, other)), _name(mine), _name(theirs)) or (one, mine) == (other, theirs)
                for days in (WHOLE, SECOND):
                    refused = _is_refused(
                        work, knowledge, home, (lists[one, FIRST], mine), (lists[other, days], theirs)
                    )
                    if refused != (said and days == WHOLE):
                        wrong.append((one, _name(mine), other, _name(theirs), days))

    assert wrong == []


def _name(person):
    return person.member if person else HOUSEHOLD


def _is_refused(work, knowledge, home, *asked):
    trial = work.session.begin_nested()
    try:
        for on, person in asked:
            one = Entry(list_id=on.id, household_id=home.id, person_id=person and person.id, place="listed")
            one.asked_on = work.today
            work.session.add(one)
            holds.hold(work, knowledge, one)
        return False
    except Held:
        return True
    finally:
        trial.rollback()


def test_a_refusal_says_what_is_held_where_by_whom_and_by_which_rule(database, office):
    """In both languages, with the source of the group."""
    with pytest.raises(Held) as refused, database.work(SYSTEM) as work:
        home = stage.household(work, "Siti", "Budi")
        number = give(work, office, "aspd_jatim", home, home.people[1]).list.number
        give(work, office, "yapi", home, home.people[1])
    conflict = refused.value.conflicts[0]

    assert (conflict.other, conflict.list, conflict.since, conflict.name) == ("aspd_jatim", number, FIRST[0], "Budi")
    assert f"Budi sudah mendapat Asistensi Sosial Penyandang Disabilitas (ASPD) Jawa Timur di daftar {number}" in (
        refused.value.said("id")
    )
    assert "one service for each person. Source: Muhartono" in refused.value.said("en")


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("aspd_jatim", "yapi", GROUP),
        ("kube", "pena", GROUP),
        ("pkh", "permakanan_lansia_kemensos", NOT_WITH),
        ("permakanan_lansia_kemensos", "pkh", NOT_WITH),
        ("pkh", "pkh", SAME),
    ],
)
def test_the_rule_behind_a_refusal_is_found(office, one, other, kind):
    """A group both belong to, the service that says so, or twice the same."""
    ground = ground_of(office.knowledge, one, other)

    assert ground.kind == kind
    if kind == NOT_WITH:
        assert ground.stated_by == "permakanan_lansia_kemensos"


def test_whoever_must_not_hear_of_a_service_is_not_told_its_name(sqlite, office):
    """Only that there is something else."""
    with pytest.raises(Held) as refused, sqlite.work(SYSTEM) as work:
        home = stage.household(work, "Siti")
        give(work, office, "aspd_jatim", home, home.people[0])
        give(work, office, "yapi", home, home.people[0])
    said = explained(office.knowledge, refused.value.conflicts[0], "en", hidden={"aspd_jatim"})

    assert said == "Siti already has another service that excludes this one."


def test_what_is_refused_leaves_nothing_behind(database, office):
    """An entry holds all its slots or none."""
    with database.work(SYSTEM) as work:
        home = stage.household(work, "Siti", "Budi")
        give(work, office, "permakanan_lansia_kemensos", home, home.people[1])
        refused = entry(work, office, "pkh", home)
        with pytest.raises(Held):
            holds.hold(work, office.knowledge, refused)

        assert work.session.query(Hold).filter_by(entry_id=refused.id).count() == 0


def test_what_is_released_can_be_held_by_another(database, office):
    """The place is free at once."""
    with database.work(SYSTEM) as work:
        home = stage.household(work, "Siti", "Budi")
        first = give(work, office, "aspd_jatim", home, home.people[0])
        holds.release(work, [first.id])

        assert give(work, office, "yapi", home, home.people[0]).id


def together(database, ask):
    """Let many threads ask for one of two things at the same moment; gives what came back of each."""
    barrier, came = threading.Barrier(THREADS), []

    def run(index):
        barrier.wait()
        try:
            with database.work(SYSTEM) as work:
                ask(work, index)
            came.append("given")
        except Held:
            came.append("held")

    threads = [threading.Thread(target=run, args=(index,)) for index in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def test_of_fifty_who_give_one_person_two_exclusive_services_at_once_one_wins(database, office):
    """All others are refused; whoever won holds everything it takes."""
    with database.work(SYSTEM) as work:
        home = stage.household(work, "Siti")
        entries = [
            entry(work, office, ("aspd_jatim", "yapi")[index % 2], home, home.people[0]).id for index in range(THREADS)
        ]

    def ask(work, index):
        holds.hold(work, office.knowledge, work.session.get_one(Entry, entries[index]))

    came = together(database, ask)
    with database.reading() as work:
        holding = work.session.query(Hold.entry_id).distinct().count()

    assert sorted(came) == ["given"] + ["held"] * (THREADS - 1)
    assert holding == 1


def test_two_who_write_past_all_courtesy_are_refused_by_the_database_itself(database, office):
    """Without waiting for their turn: the second waits for the first and is refused."""
    with database.work(SYSTEM) as work:
        home = stage.household(work, "Siti")
        ids = [entry(work, office, service, home, home.people[0]).id for service in ("aspd_jatim", "yapi")]
    written, came = threading.Event(), []

    def second():
        written.wait()
        try:
            with database.work(SYSTEM) as work:
                _write(work, office, ids[1])
        except Exception as error:
            came.append("holds_twice" in str(error))

    thread = threading.Thread(target=second)
    thread.start()
    with database.work(SYSTEM) as work:
        _write(work, office, ids[0])
        written.set()
    thread.join()

    assert came == [True]


def _write(work, office, entry_id):
    one = work.session.get_one(Entry, entry_id)
    slots = holds.slots_of(work, office.knowledge, [one])[entry_id]
    holds.write(work, [(slot, entry_id) for slot in slots], one.list.since, one.list.until)


def join(work, home, name):
    """Let somebody move into a household."""
    person = Person(name=name, household=home, registered_at=work.now)
    work.session.add(person)
    work.session.flush()
    return person


def test_who_joins_a_household_comes_under_what_it_holds(database, office):
    """From then on nothing that excludes it can be given to them."""
    with database.work(SYSTEM) as work:
        home = stage.household(work, "Siti")
        give(work, office, "pkh", home)
        budi = join(work, home, "Budi")

        assert holds.rehold(work, office.knowledge, [budi.id]) == ()
        with pytest.raises(Held):
            give(work, office, "permakanan_lansia_kemensos", home, budi)


def test_who_joined_and_was_not_told_of_is_found_when_the_next_list_is_drawn_up(sqlite, office):
    """Nobody slips through because a move was entered somewhere else."""
    with sqlite.work(SYSTEM) as work:
        home = stage.household(work, "Siti")
        give(work, office, "pkh", home)
        budi = join(work, home, "Budi")
        with pytest.raises(Held, match="Budi already has"):
            give(work, office, "permakanan_lansia_kemensos", home, budi)


def test_who_leaves_a_household_is_free_of_what_it_holds(sqlite, office):
    """And is held by what the new one has."""
    with sqlite.work(SYSTEM) as work:
        home, other = stage.household(work, "Siti", "Budi"), stage.household(work, "Rahayu")
        give(work, office, "pkh", home)
        budi = home.people[1]
        budi.household = other
        work.session.flush()
        holds.rehold(work, office.knowledge, [budi.id])

        assert give(work, office, "permakanan_lansia_kemensos", other, budi).id


def test_who_brings_along_what_excludes_it_loses_nothing_and_is_named(sqlite, office):
    """Both keep what they have; somebody has to decide, and it stands on the record."""
    with sqlite.work(SYSTEM) as work:
        home, other = stage.household(work, "Siti"), stage.household(work, "Rahayu", "Budi")
        give(work, office, "pkh", home)
        budi = other.people[1]
        mine = give(work, office, "permakanan_lansia_kemensos", other, budi)
        budi.household = home
        work.session.flush()
        found = holds.rehold(work, office.knowledge, [budi.id])

        assert [(one.service, one.other) for one in found] == [("pkh", "permakanan_lansia_kemensos")]
        assert work.session.query(Hold).filter_by(entry_id=mine.id).count() > 0
        assert [record.action for record in work.records] == ["aid.twice"]


def test_two_entries_made_one_hold_as_one(database, office):
    """What either held, the one that was kept holds; parted again, each holds its own."""
    with database.work(SYSTEM) as work:
        home = stage.household(work, "Siti", "Siti again")
        kept, gone = home.people
        give(work, office, "aspd_jatim", home, gone)
        gone.merged_into = kept.id
        work.session.flush()

        assert holds.rehold(work, office.knowledge, [kept.id, gone.id]) == ()
        with pytest.raises(Held):
            give(work, office, "yapi", home, kept)

        gone.merged_into = None
        work.session.flush()
        holds.rehold(work, office.knowledge, [kept.id, gone.id])
        assert give(work, office, "yapi", home, kept).id
        with pytest.raises(Held):
            give(work, office, "yapi", home, gone)


def test_a_merge_that_finds_somebody_twice_says_so(sqlite, office):
    """Two entries of one person on two lists."""
    with sqlite.work(SYSTEM) as work:
        home = stage.household(work, "Siti", "Siti again")
        kept, gone = home.people
        give(work, office, "aspd_jatim", home, gone)
        give(work, office, "yapi", home, kept)
        gone.merged_into = kept.id
        work.session.flush()
        found = holds.rehold(work, office.knowledge, [gone.id])

        assert {one.other for one in found} == {"aspd_jatim", "yapi"} - {found[0].service}


def test_lists_made_before_a_rule_hold_what_it_says_from_the_next_list_on(sqlite, office):
    """A hold that an older edition did not know is added before anybody is placed."""
    with sqlite.work(SYSTEM) as work:
        home = stage.household(work, "Siti", "Budi")
        older = entry(work, office, "pkh", home)
        older.list.edition = "older"
        work.session.flush()

        with pytest.raises(Held):
            give(work, office, "permakanan_lansia_kemensos", home, home.people[1])
