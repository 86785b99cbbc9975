"""What an officer does with a case beside moving it, and all that its family gets."""

import pytest
from sqlalchemy import select

from casework.cases import desk
from casework.cases.family import aid_of_family
from casework.cases.models import Case, Contact, Note, Transfer
from casework.cases.opening import open_case
from casework.people.models import Household
from casework.refusals import NotAllowed, NotFound, Refused
from casework.staff.actors import EVERYWHERE, Area
from casework.staff.areas import seen_case
from tests.casework import stage

PROTECTION, REHABILITATION = "perlindungan_jaminan_sosial", "rehabilitasi_sosial"


@pytest.fixture
def number(sqlite, office):
    """Open a case that asks for PKH."""
    with sqlite.work() as work:
        return open_case(work, office, stage.household(work, "Siti", "Budi"), [("pkh", None)], "counter").number


def someone(database, role="bidang_staff", area=EVERYWHERE, programs=frozenset(), name=""):
    with database.work() as work:
        return stage.actor(work, role, area, programs, name)


def case_in(work, number):
    return work.session.scalars(select(Case).where(Case.number == number)).one()


def test_a_note_is_written_without_whole_numbers(sqlite, number):
    """A NIK somebody wrote into it is masked; an empty note is none."""
    with sqlite.work(someone(sqlite)) as work:
        desk.add_note(work, case_in(work, number), " NIK 3506070203800000 tidak cocok ")
        with pytest.raises(Refused):
            desk.add_note(work, case_in(work, number), "  ")
        assert work.session.scalar(select(Note.text)) == "NIK 350607********00 tidak cocok"


def test_who_only_reads_writes_nothing(sqlite, number):
    """The head of an RT has no desk."""
    with sqlite.work(someone(sqlite, "rt_rw")) as work, pytest.raises(NotAllowed):
        desk.add_note(work, case_in(work, number), "Catatan")


def test_visits_are_counted(sqlite, number):
    """At the counter and at home, not on the telephone; the opening at the counter is one."""
    with sqlite.work(someone(sqlite)) as work:
        for channel in ("phone", "visit", "counter"):
            desk.add_contact(work, case_in(work, number), channel, "Datang lagi")
        with pytest.raises(Refused):
            desk.add_contact(work, case_in(work, number), "pigeon")
        work.session.flush()
        assert desk.visits(work, case_in(work, number)) == 3
        assert work.session.scalars(select(Contact.channel)).all() == ["counter", "phone", "visit", "counter"]


def test_a_case_is_given_only_to_who_can_work_on_it(sqlite, number):
    """Staff of its programs and place; not those of another Bidang or village, nor a head of RT."""
    fits = someone(sqlite, programs=frozenset({PROTECTION}), name="cocok")
    at_desk = someone(sqlite, "applicant_desk", name="loket")
    wrong = [
        someone(sqlite, programs=frozenset({REHABILITATION}), name="bidang lain"),
        someone(sqlite, area=Area(stage.OTHER_VILLAGE), name="desa lain"),
        someone(sqlite, "rt_rw", name="rt"),
    ]
    with sqlite.work(at_desk) as work:
        case = case_in(work, number)
        assert [one.name for one in desk.assignees(work, case, {PROTECTION})] == ["cocok", "loket"]
        for one in wrong:
            with pytest.raises(Refused) as refused:
                desk.assign(work, case, one.account)
            assert refused.value.code == "case-assignee"
        desk.assign(work, case, fits.account)
        desk.assign(work, case.claims[0], at_desk.account)
        assert (case.assigned_to, case.claims[0].assigned_to) == (fits.account, at_desk.account)
        desk.assign(work, case, None)
        assert case.assigned_to is None


def test_a_claim_is_handed_to_another_bidang(sqlite, office, number):
    """With a reason, by whoever has it now; then it is nobody's until somebody takes it."""
    mine, other = (someone(sqlite, programs=frozenset({one}), name=one) for one in (PROTECTION, REHABILITATION))
    with sqlite.work(other) as work, pytest.raises(NotAllowed):
        desk.transfer(work, office.knowledge, case_in(work, number).claims[0], REHABILITATION, "Bukan kami")
    with sqlite.work(mine) as work:
        claim = case_in(work, number).claims[0]
        for program, reason, code in (
            (PROTECTION, "x", "case-program"),
            ("emas", "x", "case-program"),
            (REHABILITATION, " ", "case-needs-reason"),
        ):
            with pytest.raises(Refused) as refused:
                desk.transfer(work, office.knowledge, claim, program, reason)
            assert refused.value.code == code
        claim.assigned_to = mine.account
        desk.transfer(work, office.knowledge, claim, REHABILITATION, "Perlu pendampingan")
        assert (claim.program, claim.assigned_to) == (REHABILITATION, None)
        assert work.session.execute(select(Transfer.before, Transfer.after)).one() == (PROTECTION, REHABILITATION)


def test_a_referral_slip_has_a_number(sqlite, number):
    """To somebody, for a reason, about one service or all; it is found by its number in its own case only."""
    with sqlite.work(someone(sqlite)) as work:
        case = case_in(work, number)
        for to, reason in (("", "x"), ("RSUD", " ")):
            with pytest.raises(Refused):
                desk.refer(work, case, to, reason)
        slip = desk.refer(work, case, "Puskesmas", "Perlu diperiksa", case.claims[0])
        assert (slip.number, slip.service) == ("RJK-2026-000001-7", "pkh")
        assert desk.referral_of(work, case, slip.number) is slip
        with pytest.raises(NotFound):
            desk.referral_of(work, case, "RJK-2026-000002-5")


def test_a_case_that_only_officers_may_know_of_is_not_there_for_others(sqlite, office):
    """Not for the desk, not for the village; for who may know such things, it is."""
    with sqlite.work() as work:
        home = stage.household(work, "Ani")
        number = open_case(work, office, home, [("rujukan_hiv_napza", home.people[0])], "counter").number
    for role in ("applicant_desk", "rt_rw", "village_operator"):
        with sqlite.reading(someone(sqlite, role)) as work, pytest.raises(NotFound):
            seen_case(work, number)
    with sqlite.reading(someone(sqlite)) as work:
        assert seen_case(work, number).number == number


def test_all_aid_of_a_family_is_seen_in_every_bidang(sqlite, office, number):
    """Claims of all their cases and places on lists, also of a person who moved here; of secrets only by who may know."""
    with sqlite.work() as work:
        case = case_in(work, number)
        home, budi = case.household, case.household.people[1]
        old = stage.household(work, "Tono")
        tono = old.people[0]
        moved = open_case(work, office, old, [("alat_bantu_disabilitas", tono)], "counter").number
        tono.household = home
        hidden = open_case(work, office, home, [("rujukan_hiv_napza", budi)], "counter").number
        for service, person in (("sembako", None), ("rujukan_hiv_napza", budi)):
            stage.entry(work, stage.list_of(work, service, "published"), home, person, amount=200_000)
        home_id = home.id
    seen = {}
    for role in ("bidang_staff", "applicant_desk"):
        with sqlite.reading(someone(sqlite, role)) as work:
            found = aid_of_family(work, office, work.session.get_one(Household, home_id))
            seen[role] = ({one.number for one in found.asked}, [one.service for one in found.listed])

    assert seen["bidang_staff"] == ({number, moved, hidden}, ["sembako", "rujukan_hiv_napza"])
    assert seen["applicant_desk"] == ({number, moved}, ["sembako"])
    with (
        sqlite.reading(someone(sqlite, "village_operator", Area(stage.OTHER_VILLAGE))) as work,
        pytest.raises(NotFound),
    ):
        aid_of_family(work, office, work.session.get_one(Household, home_id))


def test_a_slip_about_a_secret_service_is_for_officers(sqlite, office):
    """In a case that also asks for something open, the desk does not even see that there is one."""
    with sqlite.work() as work:
        home = stage.household(work, "Ani")
        case = open_case(work, office, home, [("pkh", None), ("rujukan_hiv_napza", home.people[0])], "counter")
        number = case.number
        slips = [desk.refer(work, case, "RSUD", "Rujukan", claim).number for claim in case.claims]
    seen = {}
    for role in ("bidang_staff", "applicant_desk"):
        with sqlite.reading(someone(sqlite, role)) as work:
            seen[role] = [one.number for one in desk.referrals_of(work, case_in(work, number))]

    assert seen == {"bidang_staff": slips, "applicant_desk": slips[:1]}
