"""Opening a case."""

import threading
from datetime import date

import pytest
from sqlalchemy import func, select

from casework.cases.models import Case, Claim, Contact, Move
from casework.cases.opening import open_case, submit
from casework.people.models import Household
from casework.refusals import NotAllowed, NotFound, Refused
from casework.staff.actors import APPLICANT, EVERYWHERE, Area
from tests.casework import stage


@pytest.fixture
def home(database):
    """Give the id of a household of two in a database of each kind."""
    with database.work() as work:
        return stage.household(work, "Siti", "Budi").id


def desk(database, area=EVERYWHERE):
    with database.work() as work:
        return stage.actor(work, "applicant_desk", area, name=f"loket {area}")


def test_a_case_opens_as_a_draft_with_its_claims(database, office, home):
    """Each claim knows the program whose Bidang works on it, and by when."""
    with database.work(desk(database)) as work:
        household = work.session.get_one(Household, home)
        case = open_case(work, office, household, [("pkh", None)], "counter")

        assert (case.number, case.state, case.channel, case.urgent) == ("KDR-2026-000001-7", "draft", "counter", False)
        assert [(one.service, one.program, one.state, one.person) for one in case.claims] == [
            ("pkh", "perlindungan_jaminan_sosial", "open", None)
        ]
        assert work.session.scalar(select(Contact.channel)) == "counter"
        assert [one.action for one in work.records] == ["case.opened"]


def test_handed_in_it_waits_for_the_village(database, office, home):
    """Seven working days by our proposal: from Monday to Wednesday of the week after."""
    with database.work(desk(database)) as work:
        case = open_case(work, office, work.session.get_one(Household, home), [("pkh", None)], "counter")
        submit(work, office, case)

        assert (case.state, case.due_on) == ("submitted", date(2026, 12, 2))
        moves = work.session.execute(select(Move.before, Move.after).order_by(Move.id)).all()
        assert [tuple(one) for one in moves] == [("", "draft"), ("draft", "submitted")]


def test_the_same_is_not_asked_for_twice(database, office, home):
    """The second is told the number of the first; for another person it may be asked."""
    with database.work(desk(database)) as work:
        household = work.session.get_one(Household, home)
        siti, budi = household.people
        open_case(work, office, household, [("alat_bantu_disabilitas", siti)], "counter")
        with pytest.raises(Refused) as refused:
            open_case(work, office, household, [("pkh", None), ("alat_bantu_disabilitas", siti)], "counter")
        open_case(work, office, household, [("alat_bantu_disabilitas", budi)], "counter")

    assert refused.value.code == "case-twice" and refused.value.details["number"] == "KDR-2026-000001-7"


def test_of_many_at_once_one_opens_the_case(database, office, home):
    """Eight officers, one household, one service, one case."""
    actor, codes = desk(database), []

    def open_one():
        try:
            with database.work(actor) as work:
                open_case(work, office, work.session.get_one(Household, home), [("pkh", None)], "counter")
                codes.append("opened")
        except Refused as refused:
            codes.append(refused.code)

    threads = [threading.Thread(target=open_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(codes) == ["case-twice"] * 7 + ["opened"]
    with database.reading() as work:
        assert work.session.scalar(select(func.count(Claim.id))) == 1
        assert work.session.scalar(select(Case.number)) == "KDR-2026-000001-7"


def test_what_is_over_may_be_asked_for_again(database, office, home):
    """A claim that was declined bars nobody."""
    with database.work(desk(database)) as work:
        household = work.session.get_one(Household, home)
        open_case(work, office, household, [("pkh", None)], "counter").claims[0].state = "declined"

        assert open_case(work, office, household, [("pkh", None)], "counter").number == "KDR-2026-000002-5"


@pytest.mark.parametrize(
    ("services", "channel", "urgent", "code"),
    [
        ([], "counter", None, "case-no-claims"),
        ([("emas", None)], "counter", None, "case-no-service"),
        ([("alat_bantu_disabilitas", None)], "counter", None, "case-whose"),
        ([("pkh", None)], "burung", None, "case-channel"),
        ([("pkh", None)], "counter", "hari ini juga", "case-not-urgent"),
    ],
)
def test_what_makes_no_case_is_refused(sqlite, office, services, channel, urgent, code):
    """With a sentence that says which, and nothing is left behind."""
    with sqlite.work() as work:
        household = stage.household(work, "Siti").id
    with pytest.raises(Refused) as refused, sqlite.work(desk(sqlite)) as work:
        open_case(work, office, work.session.get_one(Household, household), services, channel, urgent)

    assert refused.value.code == code and refused.value.said("id") != refused.value.said("en")
    with sqlite.reading() as work:
        assert work.session.scalar(select(func.count(Case.id))) == 0


def test_where_one_may_not_look_one_opens_nothing(sqlite, office):
    """A household of another village is not there; a person of another household neither."""
    actor = desk(sqlite, Area(stage.OTHER_VILLAGE))
    with sqlite.work() as work:
        home, other = stage.household(work, "Siti"), stage.household(work, "Ani", village=stage.OTHER_VILLAGE)
        ids, stranger = (home.id, other.id), home.people[0].id
    with sqlite.work(actor) as work:
        with pytest.raises(NotFound):
            open_case(work, office, work.session.get_one(Household, ids[0]), [("pkh", None)], "counter")
        other = work.session.get_one(Household, ids[1])
        person = work.session.get_one(type(other.people[0]), stranger)
        with pytest.raises(NotFound):
            open_case(work, office, other, [("alat_bantu_disabilitas", person)], "counter")


def test_who_applies_needs_no_post_and_who_only_reads_opens_nothing(sqlite, office):
    """The applicant opens a case through the page; a head of RT does not."""
    with sqlite.work() as work:
        home, head = stage.household(work, "Siti").id, stage.actor(work, "rt_rw", Area(stage.VILLAGE))
    with sqlite.work(head) as work, pytest.raises(NotAllowed):
        open_case(work, office, work.session.get_one(Household, home), [("pkh", None)], "self")
    with sqlite.work(APPLICANT) as work:
        case = open_case(work, office, work.session.get_one(Household, home), [("pkh", None)], "self")
        submit(work, office, case)

        assert (case.state, case.opened_by) == ("submitted", "pemohon")


def test_only_officers_who_may_know_open_what_only_they_may_know(sqlite, office):
    """And such a case says so of its claim."""
    name = sorted(office.plan(date(2026, 11, 23)).officer_only & office.knowledge.services.keys())[0]
    with sqlite.work() as work:
        home = stage.household(work, "Siti").id
        at_desk, of_bidang = (stage.actor(work, role) for role in ("applicant_desk", "bidang_staff"))

    def opened(work):
        household = work.session.get_one(Household, home)
        person = household.people[0] if office.knowledge.services[name].for_ == "person" else None
        return open_case(work, office, household, [(name, person)], "counter")

    with sqlite.work(at_desk) as work, pytest.raises(NotAllowed):
        opened(work)
    with sqlite.work(of_bidang) as work:
        assert [one.officer_only for one in opened(work).claims] == [True]
