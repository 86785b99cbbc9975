"""Everybody may see who is on a published list: name, village, aid; nothing more, and children by their initials."""

from datetime import date

import pytest

from casework.lists import states
from casework.lists.lists import draft_list
from casework.lists.public import beneficiaries, initials, public_lists, villages
from casework.people.models import Village
from casework.refusals import Refused
from casework.staff.actors import SYSTEM
from tests.casework import stage
from tests.casework.lists.granted import YEAR, claim

SK = {"sk_number": "188.45/12", "sk_date": date(2026, 11, 20)}
GROWN_UP_TODAY, TOMORROW = date(2008, 11, 23), date(2008, 11, 24)


def published(work, office, service, public=True):
    on = draft_list(work, office, service, **YEAR)
    states.verify(work, office, on)
    states.sign(work, office, on, **SK)
    states.publish(work, office, on, public)
    return on


def names(database, office, **asked):
    with database.reading() as work:
        return [one.name for one in beneficiaries(work, office, **asked).found]


def test_a_name_a_village_and_the_aid_are_shown_and_nothing_else(database, office):
    """Of who is listed, by name; not of who waits."""
    with database.work(SYSTEM) as work:
        claim(work, "sembako", "Siti Contoh")
        claim(work, "sembako", home=stage.household(work, "budi contoh", village=stage.OTHER_VILLAGE))
        work.session.get(Village, stage.OTHER_VILLAGE).name = "Contoh"
        claim(work, "sembako", "Waits", asked_on=date(2026, 11, 22))
        on = draft_list(work, office, "sembako", **YEAR, quota=2)
        states.verify(work, office, on)
        states.sign(work, office, on, **SK)
        states.publish(work, office, on, True)
        number = on.number
    with database.reading() as work:
        page = beneficiaries(work, office)

    days = YEAR.values()
    assert page.found == (
        ("budi contoh", stage.OTHER_VILLAGE, "Contoh", number, "sembako", *days),
        ("Siti Contoh", stage.VILLAGE, None, number, "sembako", *days),
    )
    assert (page.total, page.pages) == (2, 1)


def test_a_list_is_there_only_when_it_is_published_for_everybody(sqlite, office):
    """Not while it is only signed, not when its publisher did not say so, not when it is hidden again."""
    with sqlite.work(SYSTEM) as work:
        claim(work, "sembako", "Siti")
        claim(work, "pkh", "Budi")
        published(work, office, "sembako", public=False)
        shown = published(work, office, "pkh")
        number = shown.number
    with sqlite.work(SYSTEM) as work:
        (only,) = public_lists(work, office)
        assert only.number == number
        states.show_names(work, office, only, False)
        assert public_lists(work, office) == []
    assert names(sqlite, office) == []


def test_a_confidential_service_is_never_shown(sqlite, office):
    """Even if its list were marked as public, or a rule made it confidential afterwards."""
    with sqlite.work(SYSTEM) as work:
        claim(work, "rujukan_hiv_napza", "Siti", person=0, program="rehabilitasi_sosial")
        published(work, office, "rujukan_hiv_napza", public=False).public = True

    assert names(sqlite, office) == []


def test_children_stand_with_their_initials(sqlite, office):
    """Below 18 today, or of unknown age; who is 18 today has a name."""
    with sqlite.work(SYSTEM) as work:
        home = stage.household(work, "Ibu Contoh", "Anak Budi Contoh", "Putri Contoh", "Tanpa Tanggal")
        for person, born in zip(home.people[1:], (TOMORROW, GROWN_UP_TODAY, None), strict=True):
            person.birth_date = born
        for index in (1, 2, 3):
            claim(work, "yapi", home=home, person=index)
        published(work, office, "yapi")

    assert names(sqlite, office) == ["Putri Contoh", "A. B. C.", "T. T."]


def test_a_child_is_not_found_by_name(database, office):
    """Else the initials would tell nothing less than the name."""
    with database.work(SYSTEM) as work:
        home = stage.household(work, "Ibu Contoh", "Anak Contoh")
        home.people[1].birth_date = TOMORROW
        for index in (0, 1):
            claim(work, "pbi_jk", home=home, person=index)
        published(work, office, "pbi_jk")

    assert names(database, office, name="contoh IBU") == ["Ibu Contoh"]
    assert names(database, office, name="Anak") == []


def test_a_household_whose_head_is_a_child_stands_with_initials(sqlite, office):
    """The household bears the child's name."""
    with sqlite.work(SYSTEM) as work:
        home = stage.household(work, "Anak Contoh")
        home.people[0].birth_date = TOMORROW
        claim(work, "sembako", home=home)
        published(work, office, "sembako")

    assert names(sqlite, office) == ["A. C."]
    assert names(sqlite, office, name="Anak") == []


def test_one_looks_by_name_list_and_village_page_by_page(sqlite, office):
    """A page that is not there is the last."""
    with sqlite.work(SYSTEM) as work:
        for number in range(5):
            claim(work, "sembako", f"Siti {number}")
        claim(work, "sembako", home=stage.household(work, "Siti 5_%", village=stage.OTHER_VILLAGE))
        number = published(work, office, "sembako").number

    assert names(sqlite, office, number=number, page=2, size=4) == ["Siti 4", "Siti 5_%"]
    assert names(sqlite, office, page=99, size=4) == ["Siti 4", "Siti 5_%"]
    assert names(sqlite, office, village=stage.OTHER_VILLAGE) == ["Siti 5_%"]
    assert names(sqlite, office, name="5_%") == ["Siti 5_%"]
    assert names(sqlite, office, number="other") == []
    with sqlite.reading() as work:
        assert villages(work, office) == [(stage.VILLAGE, None), (stage.OTHER_VILLAGE, None)]
        with pytest.raises(Refused, match="at least 3"):
            beneficiaries(work, office, name="si")


@pytest.mark.parametrize(("name", "short"), [("Anak budi", "A. B."), ("M. Ali", "M. A."), ("'-", "...")])
def test_initials_are_the_first_letters(name, short):
    """Of each word."""
    assert initials(name) == short
