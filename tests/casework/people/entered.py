"""People and households as they are entered in the tests: invented, with numbers whose serial `0000` nobody ever got."""

from datetime import date

from casework.people import accounts, register
from casework.people.models import Village
from casework.people.places import Place
from casework.people.register import HouseholdEntry, PersonEntry
from tests.casework import stage

HOME = Place(stage.VILLAGE, stage.HAMLET, stage.RW, stage.RT, "Jalan Kelud 1")
ELSEWHERE = Place(stage.OTHER_VILLAGE, "Dusun 9", "03", "04", None)
KK, OTHER_KK, CITY_KK, FAR_KK = "3506071201150000", "3506071201160000", "3571031201150000", "3201031201150000"
# Born on 12 March 1980, a woman; and a man born on 5 June 1975.
WOMAN, MAN = "3506075203800000", "3506070506750000"


def family(place=HOME, kk=KK, **more):
    """Give the entry of a household."""
    return HouseholdEntry(place, kk=kk, **more)


def person(name="Sukarti", nik=WOMAN, birth_date=date(1980, 3, 12), sex="P", **more):
    """Give the entry of a person."""
    return PersonEntry(name, nik, birth_date, sex, **more)


def villages(database):
    """Let the villages of the tests be there."""
    with database.work() as work:
        work.session.add_all([Village(code=stage.VILLAGE), Village(code=stage.OTHER_VILLAGE)])


def home(work, office):
    """Enter a household with one woman in it; gives the woman."""
    household = register.register_household(work, office.knowledge, family(), None)
    return register.register_person(work, office.knowledge, household, person(), None)


def open_account(work, someone):
    """Give the account that aid for somebody goes to; None: there is none."""
    return next((one for one in accounts.accounts_of(work, someone) if one.until is None), None)
