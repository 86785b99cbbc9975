"""The main way, on both kinds of database: from the counter to the account, every step by whoever it belongs to."""

from datetime import date

import pytest
from sqlalchemy import func, select

from casework.audit import log
from casework.cases.decisions import approve, propose
from casework.cases.diagnoses import before_and_after, diagnose, latest, replay
from casework.cases.meetings import Item, record_meeting
from casework.cases.models import Case, Decision, StoredDiagnosis
from casework.cases.moving import move_case
from casework.cases.opening import open_case, submit
from casework.cases.tasks import confirm, open_tasks
from casework.lists import states
from casework.lists.lists import draft_list, seen_list
from casework.payments.models import Payment
from casework.people.accounts import set_account
from casework.people.models import Village
from casework.people.observations import Said, observe_many
from casework.people.places import Place
from casework.people.register import HouseholdEntry, PersonEntry, register_household, register_person
from casework.staff.actors import Area
from tests.casework import stage
from tests.casework.decided import OF_MEMBERS, POOR
from tests.casework.payments.paying import Payable, answer_of, answered, sent

SERVICE, YEAR = "sembako", (date(2026, 1, 1), date(2026, 12, 31))
KK, NIK = "3506070101200000", "3506074203800000"


@pytest.fixture
def staff(database):
    """Give everybody who has a part in it, by role, and a colleague of the Bidang."""
    hamlet = Area(stage.VILLAGE, stage.HAMLET)
    with database.work() as work:
        work.session.add(Village(code=stage.VILLAGE))
        found = {role: stage.actor(work, role) for role in ("applicant_desk", "bidang_staff", "head")}
        found["village_operator"] = stage.actor(work, "village_operator", Area(stage.VILLAGE))
        found["kepala_dusun"] = stage.actor(work, "kepala_dusun", hamlet)
        found["rt_rw"] = stage.actor(work, "rt_rw", Area(*hamlet[:2], stage.RW, stage.RT))
        found["colleague"] = stage.actor(work, "bidang_staff", name="Rekan")
    return found


@pytest.fixture
def case(database, office, staff):
    """Give the number of a case that the counter took in, with the account of its household's head."""
    place = Place(stage.VILLAGE, stage.HAMLET, stage.RW, stage.RT)
    with database.work(staff["applicant_desk"]) as work:
        home = register_household(work, office.knowledge, HouseholdEntry(place, KK), confirmed=None)
        entry = PersonEntry("Siti Contoh", NIK, date(1980, 3, 2), "P", "Suparmi", "head")
        siti = register_person(work, office.knowledge, home, entry, confirmed=None)
        set_account(work, siti, "Bank Contoh", "0012345678", confirmed=None)
        told = [Said(None, name, value) for name, value in POOR.items()]
        told += [Said(siti, name, value) for name, value in OF_MEMBERS.items()]
        observe_many(work, office.knowledge, home, told, "self_declared")
        case = open_case(work, office, home, [(SERVICE, None)], "counter")
        diagnose(work, office, case, "opened")
        submit(work, office, case)
        return case.number


def the(work, number):
    return work.session.scalars(select(Case).where(Case.number == number)).one()


def checked_in_the_village(database, office, staff, number):
    for level in ("rt_rw", "kepala_dusun"):
        with database.work(staff[level]) as work:
            [task] = open_tasks(work, level)
            confirm(work, office, task)
            diagnose(work, office, the(work, number), level)
    with database.work(staff["village_operator"]) as work:
        record_meeting(work, office, stage.VILLAGE, work.today, "BA-1", [Item(number, approved=True)])
        diagnose(work, office, the(work, number), "meeting")


def verified_and_decided(database, office, staff, number):
    with database.work(staff["bidang_staff"]) as work:
        home = the(work, number).household
        registry = [Said(None, name, value) for name, value in POOR.items()]
        registry += [Said(home.people[0], name, value) for name, value in OF_MEMBERS.items()]
        registry += [Said(None, "residence", stage.VILLAGE)]
        observe_many(work, office.knowledge, home, registry, "registry")
        move_case(work, the(work, number), "dinsos_verified")
        diagnose(work, office, the(work, number), "office")
        decision = propose(work, the(work, number).claims[0], "grant").id
    with database.work(staff["head"]) as work:
        approve(work, work.session.get_one(Decision, decision))


def listed(database, office, staff):
    with database.work(staff["bidang_staff"]) as work:
        number = draft_list(work, office, SERVICE, *YEAR).number
    with database.work(staff["colleague"]) as work:
        states.verify(work, office, seen_list(work, office, number))
    with database.work(staff["head"]) as work:
        states.sign(work, office, seen_list(work, office, number), "SK-1", work.today)
        states.publish(work, office, seen_list(work, office, number), public=True)
        return seen_list(work, office, number).id


def test_who_comes_to_the_counter_is_checked_decided_listed_and_paid(database, office, staff, case):
    """No step makes the case less sure, the office's registries make it surest; in the end it is paid, all on record."""
    checked_in_the_village(database, office, staff, case)
    verified_and_decided(database, office, staff, case)
    pays = Payable(listed(database, office, staff), staff["bidang_staff"], staff["colleague"])
    batch = sent(database, pays)
    answered(database, pays, batch, answer_of(database, batch))

    with database.reading() as work:
        claim = the(work, case).claims[0]
        steps = [step.claims[claim.id].cf for step in before_and_after(work, the(work, case))]
        payment = work.session.scalars(select(Payment)).one()
        assert (the(work, case).state, claim.state, payment.state) == ("dinsos_verified", "paid", "paid")
        assert (payment.amount, payment.entry.amount) == (2_400_000, 2_400_000)
        assert len(steps) == 5 and steps == sorted(steps) and steps[0] < steps[-1]
        assert log.verify(work)[1] == []


def test_every_answer_on_the_way_is_the_same_when_it_is_worked_out_again(database, office, staff, case):
    """Same facts, same edition, same bytes."""
    checked_in_the_village(database, office, staff, case)
    with database.reading() as work:
        kept = work.session.scalars(select(StoredDiagnosis).order_by(StoredDiagnosis.id)).all()
        assert [one.occasion for one in kept] == ["opened", "rt_rw", "kepala_dusun", "meeting"]
        assert all(replay(work, one).same for one in kept)
        assert latest(work, the(work, case)).id == work.session.scalar(select(func.max(StoredDiagnosis.id)))
