"""Where people lived: moving, dying and the end of a household leave their history."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from casework.people import accounts, residences
from casework.people.models import Household, Person, Village
from casework.people.places import add_villages, villages_for
from casework.refusals import NotAllowed, NotFound, Refused
from casework.staff.actors import Area
from tests.casework import stage
from tests.casework.people import entered

DAY = date(2026, 11, 23)
YESTERDAY, LATER = DAY - timedelta(days=1), DAY + timedelta(days=10)


@pytest.fixture
def homes(sqlite, clock):
    """Give the ids of two households of SQLite, entered ten days ago: Sukarti and Budi, and Parti elsewhere."""
    with sqlite.work() as work:
        ids = (
            stage.household(work, "Sukarti", "Budi").id,
            stage.household(work, "Parti", village=stage.OTHER_VILLAGE).id,
        )
    clock.moment += timedelta(days=10)
    return ids


def history(work, person):
    return [(one.household_id, one.since, one.until) for one in residences.residences_of(work, person)]


def refusal(do, *args, **more):
    with pytest.raises(Refused) as refused:
        do(*args, **more)
    return refused.value.code


def test_a_person_moves_to_another_household(sqlite, homes):
    """One residence ends on the day on which the next begins."""
    with sqlite.work() as work:
        one, other = (work.session.get_one(Household, id_) for id_ in homes)
        budi = one.people[1]
        residences.move_person(work, budi, other, LATER - timedelta(days=2), "child", budi.version)

        assert [person.name for person in one.people] == ["Sukarti"]
        assert [person.name for person in other.people] == ["Budi", "Parti"]
        moved = LATER - timedelta(days=2)
        assert history(work, budi) == [(other.id, moved, None), (one.id, DAY, moved)]
        assert budi.relation == "child"


def test_nobody_moves_before_they_came_nor_in_the_future(sqlite, homes):
    """Nor to where they are; nor after their death."""
    with sqlite.work() as work:
        one, other = (work.session.get_one(Household, id_) for id_ in homes)
        budi = one.people[1]

        assert refusal(residences.move_person, work, budi, other, YESTERDAY) == "residence-before"
        assert refusal(residences.move_person, work, budi, other, LATER + timedelta(days=1)) == "residence-future"
        assert refusal(residences.move_person, work, budi, one) == "residence-same-place"
        residences.record_death(work, budi, DAY)
        assert refusal(residences.move_person, work, budi, other) == "residence-dead"


def test_nobody_is_moved_to_or_from_where_the_actor_does_not_work(sqlite, homes):
    """Both households must be there for the actor."""
    with sqlite.work() as work:
        actor = stage.actor(work, "village_operator", Area(stage.VILLAGE))
    with sqlite.work(actor) as work:
        one, other = (work.session.get_one(Household, id_) for id_ in homes)
        with pytest.raises(NotFound):
            residences.move_person(work, one.people[0], other)
        with pytest.raises(NotFound):
            residences.move_person(work, other.people[0], one)


def test_a_family_that_moves_takes_its_living_along(sqlite, homes):
    """The address before stays in the history."""
    with sqlite.work() as work:
        one = work.session.get_one(Household, homes[0])
        sukarti, budi = one.people
        residences.record_death(work, budi, DAY)
        residences.relocate(work, one, entered.ELSEWHERE, LATER, one.version)

        assert one.village == stage.OTHER_VILLAGE
        assert [(stay.village, stay.until) for stay in residences.residences_of(work, sukarti)] == [
            (stage.OTHER_VILLAGE, None),
            (stage.VILLAGE, LATER),
        ]
        assert history(work, budi) == [(one.id, DAY, DAY)]


def test_a_death_ends_residence_and_account_and_a_mistaken_one_is_taken_back(sqlite, homes):
    """Aid goes to no account of somebody who died."""
    with sqlite.work() as work:
        sukarti = work.session.get_one(Household, homes[0]).people[0]
        accounts.set_account(work, sukarti, "Bank X", "1234567890")
        assert refusal(residences.record_death, work, sukarti, date(1970, 1, 1)) == "residence-before-birth"
        residences.record_death(work, sukarti, DAY, sukarti.version)
        assert entered.open_account(work, sukarti) is None
        assert refusal(accounts.set_account, work, sukarti, "Bank X", "1234567890") == "account-dead"
        residences.record_death(work, sukarti, None)

        assert sukarti.died_on is None
        assert entered.open_account(work, sukarti).bank == "Bank X"
        assert history(work, sukarti) == [(homes[0], DAY, None)]


def test_a_household_is_closed_with_a_reason_and_can_be_opened_again(sqlite, homes):
    """Nobody lives in a closed one, and nobody moves there."""
    with sqlite.work() as work:
        one, other = (work.session.get_one(Household, id_) for id_ in homes)
        parti = other.people[0]
        assert refusal(residences.close_household, work, one, "because") == "register-close-reason"
        residences.close_household(work, one, "moved_away", LATER, one.version)
        assert history(work, one.people[0]) == [(one.id, DAY, LATER)]
        assert refusal(residences.move_person, work, parti, one) == "register-closed"
        assert refusal(residences.close_household, work, one, "moved_away") == "register-closed"
        residences.reopen_household(work, one)

        assert one.closed_at is None
        assert history(work, one.people[0])[0] == (one.id, LATER, None)


def test_one_account_at_a_time_and_its_number_is_sealed(database):
    """The one before ends; only the end of a number is shown."""
    with database.work() as work:
        person = stage.household(work, "Sukarti").people[0]
        accounts.set_account(work, person, "Bank X", "1234-5678-90")
        accounts.set_account(work, person, " Bank  Y ", "00998877")
        new, old = accounts.accounts_of(work, person)

        assert (old.bank, old.until, old.opened(work.keys, "number")) == ("Bank X", DAY, "1234567890")
        assert (new.bank, new.until, new.holder) == ("Bank Y", None, "Sukarti")
        assert accounts.shown_account(work.keys, old) == "*******890"
        assert b"1234567890" not in old.number_sealed
        accounts.close_account(work, person)
        assert entered.open_account(work, person) is None


def test_an_account_must_have_a_number_and_what_others_have_too_is_confirmed(sqlite, homes):
    """Husband and wife may share one, a village head should not have forty."""
    with sqlite.work() as work:
        sukarti, budi = work.session.get_one(Household, homes[0]).people
        accounts.set_account(work, sukarti, "Bank X", "1234567890")

        assert refusal(accounts.set_account, work, budi, "Bank X", "12 34") == "account-number"
        assert refusal(accounts.set_account, work, budi, " ", "1234567") == "account-bank"
        assert refusal(accounts.set_account, work, budi, "Bank X", "1234567890") == "register-doubtful"
        accounts.set_account(work, budi, "Bank X", "1234567890", confirmed=["number:account-shared"])
        assert entered.open_account(work, budi).holder == "Budi"


def test_the_administrator_adds_villages_by_their_codes(sqlite):
    """Again does no harm; a name is kept; a wrong code is named; nobody else may."""
    with sqlite.work() as work:
        admin, desk = stage.actor(work, "administrator"), stage.actor(work, "applicant_desk")
    with sqlite.work(admin) as work:
        assert add_villages(work, [("35.06.07.2001", None), ("3506072002", "Desa 2")]) == 2
        assert add_villages(work, [("35.06.07.2002", None)]) == 0
        assert refusal(add_villages, work, [("35.06.07", None)]) == "register-village-code"
        names = {one.code: one.name for one in work.session.scalars(select(Village))}
        assert names == {"35.06.07.2001": None, "35.06.07.2002": "Desa 2"}
    with sqlite.work(desk) as work, pytest.raises(NotAllowed):
        add_villages(work, [("35.06.07.2003", None)])


def test_everybody_is_offered_the_villages_of_their_area(sqlite):
    """A kecamatan has several; the head of an RT has one."""
    entered.villages(sqlite)
    areas = {
        "": [stage.VILLAGE, stage.OTHER_VILLAGE],
        "35.06.07": [stage.VILLAGE],
        stage.OTHER_VILLAGE: [stage.OTHER_VILLAGE],
        "35.06.0": [],
    }
    with sqlite.work() as work:
        actors = {code: stage.actor(work, "village_operator", Area(code)) for code in areas}
    for code, offered in areas.items():
        with sqlite.reading(actors[code]) as work:
            assert [one.code for one in villages_for(work)] == offered
            assert work.session.scalars(select(Person)).all() == []
