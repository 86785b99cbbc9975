"""Two entries of one person: found, decided by a human, merged, and made two again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from casework.cases.models import Claim
from casework.lists.models import Entry, Hold
from casework.people import accounts, likeness, merges, observations, register, residences
from casework.people.models import BankAccount, Likeness, NameWord, Person, Residence, Village
from casework.people.search import search
from casework.refusals import ChangedMeanwhile, NotAllowed, NotFound, Refused
from casework.staff.actors import Actor, Area, Post
from tests.casework import stage
from tests.casework.people import entered

DAY = date(2026, 11, 23)


def entries(work, id_):
    """Give the entries under which things are known of somebody."""
    return sorted(observations.entries_of(work, [id_]))


def twins(work, office):
    """Enter Sukarti with her number, and Soekarti without, in two households."""
    work.session.add_all([Village(code=code) for code in (stage.VILLAGE, stage.OTHER_VILLAGE)])
    work.session.flush()
    homes = [
        register.register_household(work, office.knowledge, entered.family(kk=kk), None) for kk in (entered.KK, None)
    ]
    one = register.register_person(work, office.knowledge, homes[0], entered.person(mother_name=None), None)
    other = entered.person("Soekarti", None, mother_name="Painem")
    return one, register.register_person(work, office.knowledge, homes[1], other, None)


def state(work):
    """Give all that a merge can touch, without versions and what it writes down itself."""

    def rows(table, *columns):
        return sorted(map(tuple, work.session.execute(select(*(getattr(table, name) for name in ("id", *columns))))))

    own = ("household_id", "name", "birth_date", "mother_name", "merged_into", "nik_index")
    return [
        [(row[0], *map(str, row[1:])) for row in rows(Person, *own)],
        [(row[0], *map(str, row[1:])) for row in rows(Residence, "person_id", "household_id", "since", "until")],
        [(row[0], *map(str, row[1:])) for row in rows(BankAccount, "person_id", "until")],
        rows(Claim, "person_id"),
        rows(Entry, "person_id"),
        rows(Hold, "holder"),
        sorted(map(tuple, work.session.execute(select(NameWord.word, NameWord.person_id)))),
    ]


def aided(work, person, service="sembako"):
    """Let a person have a claim, a place on a list and a hold."""
    claim = stage.claim(work, stage.case(work, person.household), service, person)
    period = {"since": DAY, "until": DAY + timedelta(days=30)}
    entry = stage.entry(work, stage.list_of(work, service, "draft", **period), person.household, person, claim)
    work.session.add(Hold(slot=service, holder=f"p{person.id}", entry_id=entry.id, **period))
    work.session.flush()


def test_a_merged_person_has_all_that_both_had_and_undo_gives_it_back(database, office):
    """Residences, accounts, claims, places on lists, what the kept one lacked; and back to the last word."""
    with database.work() as work:
        kept, gone = twins(work, office)
        accounts.set_account(work, kept, "Bank X", "1111111111")
        accounts.set_account(work, gone, "Bank Y", "2222222222")
        aided(work, gone)
        ids = kept.id, gone.id
        before = state(work)
    with database.work() as work:
        kept, gone = (work.session.get_one(Person, id_) for id_ in ids)
        made = merges.merge(work, kept, gone, (kept.version, gone.version)).id
    with database.work() as work:
        kept, gone = (work.session.get_one(Person, id_) for id_ in ids)
        assert (kept.mother_name, gone.merged_into, gone.household_id) == ("Painem", kept.id, kept.household_id)
        assert [person.id for person in kept.household.people] == [kept.id]
        assert [one.until for one in residences.residences_of(work, kept)] == [DAY, None]
        assert [(one.bank, one.until) for one in accounts.accounts_of(work, kept)] == [
            ("Bank Y", DAY),
            ("Bank X", None),
        ]
        assert work.session.scalars(select(Claim.person_id)).one() == kept.id
        assert work.session.scalars(select(Entry.person_id)).one() == kept.id
        assert work.session.scalars(select(Hold.holder)).one() == f"p{kept.id}"
        assert [person.id for person in search(work, "sukarti").people] == [kept.id]
        assert entries(work, kept.id) == [kept.id, gone.id]
        assert [one.name for one in merges.merges_of(work, kept)] == ["Soekarti"]
    with database.work() as work:
        merges.undo(work, work.session.get_one(merges.Merge, made))
    with database.work() as work:
        assert state(work) == before
        assert entries(work, ids[0]) == [ids[0]]


def test_the_number_goes_to_the_entry_that_is_kept_and_back(database, office):
    """It stands once at any moment, and finds whoever was kept."""
    with database.work() as work:
        numbered, bare = twins(work, office)
        made = merges.merge(work, bare, numbered)
        assert bare.opened(work.keys, "nik") == entered.WOMAN
        assert [one.id for one in search(work, entered.WOMAN).people] == [bare.id]
        merges.undo(work, made)

        assert (numbered.opened(work.keys, "nik"), bare.opened(work.keys, "nik")) == (entered.WOMAN, None)


def test_what_was_corrected_since_is_not_taken_back(sqlite, office):
    """Undo gives back what moved, not what somebody entered afterwards."""
    with sqlite.work() as work:
        kept, gone = twins(work, office)
        made = merges.merge(work, kept, gone)
        kept.mother_name = "Painah"
        account = accounts.set_account(work, kept, "Bank Z", "3333333333")
        merges.undo(work, made)

        assert (kept.mother_name, account.person_id) == ("Painah", kept.id)


def test_what_is_known_of_either_is_known_of_the_kept_one(sqlite, office):
    """Observations never move: they are read of everybody who was merged."""
    with sqlite.work() as work:
        kept, gone = twins(work, office)
        observations.observe(work, office.knowledge, gone.household, gone, "has_disability", True, "rt_rw")
        merges.merge(work, kept, gone)

        assert entries(work, kept.id) == [kept.id, gone.id]
        (seen,) = observations.observed(work, kept.household, secrets=False)
        assert (seen.fact, seen.person_id) == ("has_disability", gone.id)


def test_three_entries_become_one_and_come_apart_in_turn(sqlite, office):
    """The last merge is undone first; ids of all lead to the one that was kept."""
    with sqlite.work() as work:
        first, second = twins(work, office)
        third = register.register_person(
            work, office.knowledge, first.household, entered.person("Sukartini", None), None
        )
        one = merges.merge(work, second, third)
        two = merges.merge(work, first, second)
        assert entries(work, first.id) == sorted([first.id, second.id, third.id])
        with pytest.raises(Refused) as refused:
            merges.undo(work, one)
        assert refused.value.code == "merge-merged-on"
        merges.undo(work, two)
        assert entries(work, second.id) == [second.id, third.id]
        merges.undo(work, one)

        assert [entries(work, person.id) for person in (first, second, third)] == [
            [first.id],
            [second.id],
            [third.id],
        ]


def test_two_who_receive_what_nobody_may_have_twice_are_not_merged(database, office):
    """The database itself refuses, and nothing has moved."""
    with database.work() as work:
        kept, gone = twins(work, office)
        aided(work, kept)
        aided(work, gone)
        ids, before = (kept.id, gone.id), state(work)
    with pytest.raises(Refused) as refused, database.work() as work:
        merges.merge(work, *(work.session.get_one(Person, id_) for id_ in ids))

    assert refused.value.code == "merge-lists"
    with database.work() as work:
        assert state(work) == before


def test_nobody_is_merged_with_themselves_twice_or_unseen(sqlite, office):
    """Nor by somebody without the right, nor over an older version."""
    with sqlite.work() as work:
        kept, gone = twins(work, office)
        ids = kept.id, gone.id
        far = Actor("far", posts=(Post("bidang_staff", Area(stage.OTHER_VILLAGE)),))
        desk = Actor("desk", posts=(Post("applicant_desk"),))
    for actor, error in ((far, NotFound), (desk, NotAllowed)):
        with sqlite.work(actor) as work, pytest.raises(error):
            merges.merge(work, *(work.session.get_one(Person, id_) for id_ in ids))
    with sqlite.work() as work:
        kept, gone = (work.session.get_one(Person, id_) for id_ in ids)
        with pytest.raises(ChangedMeanwhile):
            merges.merge(work, kept, gone, (kept.version, gone.version - 1))
        with pytest.raises(Refused) as itself:
            merges.merge(work, kept, kept)
        made = merges.merge(work, kept, gone)
        with pytest.raises(Refused) as again:
            merges.merge(work, kept, gone)
        merges.undo(work, made)
        with pytest.raises(Refused) as undone:
            merges.undo(work, made)

    assert [one.value.code for one in (itself, again, undone)] == ["merge-same", "merge-merged", "merge-undone"]


def enter(database, *people):
    """Enter people by name, birth, mother and village; gives their ids by name."""
    with database.work() as work:
        ids = {}
        for name, born, mother, village in people:
            person = stage.household(work, name, village=village).people[0]
            person.birth_date, person.mother_name = born, mother
            ids[name] = person.id
        return ids


def found(database):
    with database.reading() as work:
        pairs = merges.pairs(work)
        return [({pair.one.name, pair.other.name}, pair.likeness.probability) for pair in pairs]


BORN = date(1980, 3, 12)
ALIKE = (
    ("Sukarti", BORN, "Painem", stage.VILLAGE),
    ("Hj. Soekarti", BORN, "Painem", stage.VILLAGE),
    ("Sukarti Rahayu", BORN, None, stage.OTHER_VILLAGE),
    ("Bambang", date(1955, 7, 1), "Wagiyem", stage.VILLAGE),
    ("Sukarti B", date(1990, 1, 1), "Lasmi", stage.VILLAGE),
)


def test_entries_that_may_be_one_person_are_found_the_likeliest_first(database):
    """By name, birth, mother and village together; always the same, however often it is looked for."""
    enter(database, *ALIKE)
    likeness.find(database)
    first = found(database)
    likeness.find(database)

    assert first[0][0] == {"Sukarti", "Hj. Soekarti"} and first[0][1] > 0.99
    assert all("Bambang" not in names and "Sukarti B" not in names for names, _ in first)
    assert found(database) == first
    assert [one for _, one in first] == sorted((one for _, one in first), reverse=True)


def test_a_decision_stays(sqlite):
    """Two people are not shown as one again; and why they were is told part by part."""
    enter(sqlite, *ALIKE[:2])
    assert likeness.find(sqlite) == 1
    with sqlite.work() as work:
        pair = merges.pairs(work)[0]
        assert pair.likeness.why == dict.fromkeys(("name", "birth_date", "mother_name", "village"), "alike")
        merges.different(work, pair.likeness)
    likeness.find(sqlite)

    assert found(sqlite) == []
    with sqlite.reading() as work:
        assert work.session.scalars(select(Likeness.decision)).all() == ["different"]


def test_a_likeness_goes_when_the_mistake_behind_it_was_mended(sqlite):
    """Nobody has to decide about what is no question any more."""
    ids = enter(sqlite, *ALIKE[:2])
    likeness.find(sqlite)
    with sqlite.work() as work:
        other = work.session.get_one(Person, ids["Hj. Soekarti"])
        other.name, other.birth_date, other.mother_name = "Wahyuni", date(1999, 9, 9), "Lasmi"

    assert likeness.find(sqlite) == 0 and found(sqlite) == []


def test_a_merge_decides_the_likeness_and_undo_asks_again(sqlite):
    """It waits for a decision until there is one."""
    enter(sqlite, *ALIKE[:2])
    likeness.find(sqlite)
    with sqlite.work() as work:
        pair = merges.pairs(work)[0]
        made = merges.merge(work, pair.one, pair.other)
        assert pair.likeness.decision == "same" and merges.pairs(work) == []
        merges.undo(work, made)
        assert len(merges.pairs(work)) == 1


def test_only_pairs_of_ones_own_area_are_shown(sqlite):
    """One of two elsewhere is not there."""
    enter(sqlite, ALIKE[0], ("Soekarti", BORN, "Painem", stage.OTHER_VILLAGE))
    assert likeness.find(sqlite) == 1
    with sqlite.reading(Actor("near", posts=(Post("bidang_staff", Area(stage.VILLAGE)),))) as work:
        assert merges.pairs(work) == []
        with pytest.raises(NotFound):
            merges.seen_pair(work, work.session.scalars(select(Likeness.id)).one())
