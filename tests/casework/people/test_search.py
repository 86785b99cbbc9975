"""Search: by name however it is spelt, by number, by case; never beyond one's area."""

from datetime import date

import pytest
from sqlalchemy import select

from casework.audit.models import AuditEntry
from casework.cases.models import Case
from casework.people.models import Household, Person
from casework.people.names import add_words
from casework.people.search import search
from casework.refusals import NotAllowed, Refused
from casework.staff.actors import EVERYWHERE, Actor, Area, Post
from tests.casework import stage
from tests.casework.people import entered


def filled(database):
    """Enter people in two villages, a merged entry, a group and a case."""
    with database.work() as work:
        homes = [
            stage.household(work, "Siti Kurniasih", "Siti Aminah", "Soekarno", kk=entered.KK),
            stage.household(work, "Siti Sitanggang", "Sitowati", village=stage.OTHER_VILLAGE, kk=entered.OTHER_KK),
        ]
        people = [person for home in homes for person in home.people]
        add_words(work, [(person.id, person.name) for person in people])
        people[0].seal(work.keys, "nik", entered.WOMAN)
        twin = Person(name="Siti Kurniasi", registered_at=work.now, household=homes[0], merged_into=people[0].id)
        twin.seal(work.keys, "nik", entered.MAN)
        group = Household(
            name="KUBE Mekar 100%",
            applicant="group",
            village=stage.VILLAGE,
            registered_at=work.now,
            members_listed="all",
        )
        case = {"state": "draft", "channel": "counter", "opened_at": work.now, "opened_by": "x", "moved_at": work.now}
        work.session.add_all([twin, group, Case(number="K-2026-0007", household_id=homes[0].id, **case)])
    return database


@pytest.fixture
def register(sqlite):
    """Give SQLite with them."""
    return filled(sqlite)


def names(found):
    return [one.name for one in found.people]


def found_by(database, text, role="bidang_staff", area=EVERYWHERE, **more):
    with database.reading(Actor("tester", posts=(Post(role, area),))) as work:
        found = search(work, text, **more)
        return names(found), [one.name for one in found.households], [one.number for one in found.cases], found.more


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Siti Kurniasih", ["Siti Kurniasih"]),
        ("KURNIASIH siti", ["Siti Kurniasih"]),
        ("sukarno", ["Soekarno"]),
        ("Hj. Siti", ["Siti Aminah", "Siti Kurniasih", "Siti Sitanggang"]),
        ("sito", ["Sitowati"]),
        ("siti kur", ["Siti Kurniasih"]),
        ("siti sit", ["Siti Aminah", "Siti Kurniasih", "Siti Sitanggang"]),
        ("kurni siti", []),
        ("Suparmi", []),
    ],
)
def test_a_name_is_found_by_its_words_and_the_beginning_of_the_last(register, text, people):
    """In any order and spelling; each person once."""
    assert found_by(register, text) == (people, [], [], False)


def test_both_databases_find_the_same(database):
    """By name, by number and by case, within an area."""
    filled(database)

    assert found_by(database, "siti sit")[0] == ["Siti Aminah", "Siti Kurniasih", "Siti Sitanggang"]
    assert found_by(database, "siti", area=Area(stage.OTHER_VILLAGE))[0] == ["Siti Sitanggang"]
    assert found_by(database, entered.WOMAN)[0] == ["Siti Kurniasih"]
    assert found_by(database, "K-2026-0007")[2] == ["K-2026-0007"]


def test_a_person_is_found_by_nik_and_a_household_by_its_card(register):
    """However the digits are grouped; a merged entry leads to the one that was kept."""
    spaced = " ".join(entered.WOMAN[at : at + 4] for at in range(0, 16, 4))

    assert found_by(register, spaced)[0] == ["Siti Kurniasih"]
    assert found_by(register, entered.MAN)[0] == ["Siti Kurniasih"]
    assert found_by(register, entered.OTHER_KK)[1] == ["Siti Sitanggang"]
    assert found_by(register, "3506075203800009") == ([], [], [], False)


def test_a_case_is_found_by_its_number_and_a_group_by_its_name(register):
    """A sign that means something to a database means nothing here."""
    assert found_by(register, " k-2026-0007 ")[2] == ["K-2026-0007"]
    assert found_by(register, "kube mekar 100%")[1] == ["KUBE Mekar 100%"]
    assert found_by(register, "KUBE%100")[1] == []


@pytest.mark.parametrize("text", ["Siti", "sit", entered.WOMAN, entered.KK, "K-2026-0007", "kube"])
def test_nothing_is_found_outside_of_ones_area(register, text):
    """Neither by name nor by number nor by case."""
    people, households, cases, _ = found_by(register, text, "village_operator", Area(stage.OTHER_VILLAGE))

    assert set(people) <= {"Siti Sitanggang", "Sitowati"} and not households and not cases


def test_more_than_is_shown_is_said(register):
    """Then the name must be given more fully."""
    shown, _, _, more = found_by(register, "siti", limit=2)

    assert len(shown) == 2 and more


@pytest.mark.parametrize("text", ["", "  ", "si", "a b", "-", "漢"])
def test_too_little_to_look_for_is_refused(register, text):
    """Half of the district begins with S."""
    with register.reading() as work, pytest.raises(Refused) as refused:
        search(work, text)

    assert refused.value.code == "search-short"


def test_a_search_is_on_record_without_what_was_looked_for(register):
    """Who searched how, and how much was found; those who may not read the register cannot search it."""
    found_by(register, "Siti Kurniasih")
    with register.reading() as work:
        last = work.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (last.action, last.about, last.details) == ("register.searched", "name", {"people": 1, "cases": 0})
    with pytest.raises(NotAllowed):
        found_by(register, "Siti", "policy_officer")


def test_whoever_was_born_when_is_shown_with_the_name(register):
    """What tells two of one name apart comes with them, without another question to the database."""
    with register.reading() as work:
        (one,) = search(work, "kurniasih").people
        work.session.expunge_all()

        assert (one.birth_date, one.household.village) == (date(1980, 3, 2), stage.VILLAGE)
