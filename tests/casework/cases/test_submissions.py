"""Handing in: an application becomes a case once, every answer is kept as told, and nobody learns what is known here."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from casework.cases import diagnoses, identities, pins, submissions
from casework.cases.identities import Identity, Member
from casework.cases.models import Case, Claim, Contact, Note, StoredDiagnosis, Submission, Task
from casework.people import observations
from casework.people.models import Household, Observation, Person, Village
from casework.people.places import Place
from casework.refusals import Refused
from casework.staff.actors import APPLICANT, SYSTEM
from engine.household_files import household_of
from engine.knowledge.read import from_plain
from tests.casework import stage

KK, NIK_SITI, NIK_BUDI = "3506070101150000", "3506074203900000", "3506071005220000"
AID = "sembako"
TOLD = {
    "household": {"residence": "35.06.07"},
    "members": [
        {"id": "Ibu", "birth_date": "1990-03-02", "sex": "P", "pregnant": "yes", "papers": {"ktp": "yes"}},
        {"id": "Anak", "age": "4", "sex": "L"},
    ],
    "papers": {"kk": "yes"},
    "active_services": [AID],
}
SERVICES = [("pkh", "household")]
# What says the same whatever the database is tried on one of them.
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def told(office, clock):
    """Give a mother and her child as they told themselves."""
    household, _ = household_of(from_plain(TOLD), office.knowledge, clock().date())
    return household


@pytest.fixture
def who(database):
    """Give who they are; the village is one that the office knows."""
    with database.work() as work:
        work.session.add(Village(code=stage.VILLAGE))
    return identity()


def identity(**changes):
    """Say who Siti and Budi are."""
    said = {
        "name": "Siti Aminah",
        "phone": "0812-3456-7890",
        "kk": KK,
        "place": Place(stage.VILLAGE, "Dusun 1", "1", "02"),
        "members": (Member("Ibu", "Siti Aminah", NIK_SITI), Member("Anak", "Budi", None)),
    }
    return Identity(**{**said, **changes})


def hand_in(database, office, told, who, services=SERVICES, key="a key", actor=APPLICANT, **more):
    more = {"channel": "self", "consent": "1", **more}
    application = submissions.Application(told, services, who, key=key, **more)
    return submissions.hand_in(database, actor, office, application)


def all_of(database, what):
    with database.reading() as work:
        return work.session.execute(select(what)).all()


def notes(database):
    return [text for (text,) in all_of(database, Note.text)]


@pytest.fixture
def known(database, who):
    """Give the id of Siti's household as the office has known it for long."""
    with database.work() as work:
        home = stage.household(work, "Siti Aminah", "Budi", kk=KK)
        home.people[0].seal(work.keys, "nik", NIK_SITI)
        home.people[0].birth_date, home.people[1].birth_date = date(1990, 3, 2), None
        return home.id


def test_what_is_handed_in_becomes_a_household_with_people_and_a_case_on_its_way(database, office, told, who):
    """The numbers are sealed, the case is submitted, RT/RW have their task, and the engine has answered."""
    done = hand_in(database, office, told, who)
    with database.reading() as work:
        case = work.session.scalar(select(Case))
        home = case.household
        siti, budi = home.people
        assert (case.number, case.state, case.channel, case.opened_by) == (done.number, "submitted", "self", "pemohon")
        assert [(one.service, one.state) for one in case.claims] == [("pkh", "open")]
        assert (home.village, home.hamlet, home.rw, home.rt) == (stage.VILLAGE, "Dusun 1", "01", "02")
        assert home.opened(work.keys, "kk") == KK
        assert (siti.name, siti.birth_date, siti.sex, siti.opened(work.keys, "nik")) == (
            *("Siti Aminah", date(1990, 3, 2), "P"),
            NIK_SITI,
        )
        assert (budi.name, budi.sex, budi.nik_sealed) == ("Budi", "L", None)
        assert work.session.scalar(select(Task.level)) == "rt_rw"
        assert work.session.scalar(select(StoredDiagnosis.occasion)) == "opened"
        assert work.session.scalar(select(Contact.channel)) == "self"
        assert submissions.contact_of(work, case) == ("Siti Aminah", "081234567890")
    rows = all_of(database, Submission.__table__) + all_of(database, Person.__table__)
    assert not any(number in repr(rows) for number in (NIK_SITI, "081234567890"))


def test_every_answer_is_kept_as_told_by_the_applicant(database, office, told, who):
    """Facts of the household and of each member, papers in hand and aid received; numbers are no facts."""
    hand_in(database, office, told, who)
    with database.reading() as work:
        people = {person.id: person.name for person in work.session.scalars(select(Person))}
        rows = work.session.scalars(select(Observation)).all()
        kept = {(people.get(one.person_id), one.fact): observations.value_of(one) for one in rows}
        assert {one.evidence for one in rows} == {"self_declared"}
        assert {one.case_id for one in rows} == {work.session.scalar(select(Case.id))}
    assert kept == {
        (None, "residence"): "35.06.07",
        ("Siti Aminah", "birth_date"): "1990-03-02",
        ("Siti Aminah", "sex"): "P",
        ("Siti Aminah", "pregnant"): True,
        ("Siti Aminah", "paper:ktp"): True,
        ("Budi", "age"): 4,
        ("Budi", "sex"): "L",
        (None, "paper:kk"): True,
        (None, "received"): [AID],
    }


@ON_SQLITE
def test_the_case_says_what_the_self_check_said(database, office, told, who):
    """Nothing is lost or added on the way from the answers to the diagnosis of the case."""
    hand_in(database, office, told, who)
    expected = office.diagnose_for_everybody(told).row("pkh", "household")
    with database.reading(SYSTEM) as work:
        case = work.session.scalar(select(Case))
        answer = diagnoses.answer_of(work, diagnoses.latest(work, case))
        row = next(one for one in answer["services"] if one["service"] == "pkh")
    assert (row["status"], row["cf"]) == (expected.status, pytest.approx(expected.cf, abs=1e-6))


@ON_SQLITE
def test_what_is_sent_twice_is_one_case_with_the_same_pin(database, office, told, who):
    """Two clicks, a reload, or the way back in the browser."""
    first, second = (hand_in(database, office, told, who) for _ in range(2))

    assert first == second
    assert len(all_of(database, Case)) == len(all_of(database, Household)) == 1


def test_two_clicks_at_one_moment_are_one_case(database, office, told, who):
    """Whoever comes second finds what the first has done."""
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: hand_in(database, office, told, who), range(4)))

    assert len(set(done)) == 1
    assert len(all_of(database, Case)) == 1


@ON_SQLITE
def test_the_pin_opens_the_case_and_is_shown_again_only_for_a_short_time(database, office, told, who, clock):
    """Afterwards the number alone is given: whoever finds the page open later has no key to the case."""
    done = hand_in(database, office, told, who)
    with database.work(APPLICANT) as work:
        assert pins.opens(work, done.number, done.pin).number == done.number
    clock.moment += submissions.SHOWN_AGAIN + timedelta(seconds=1)

    assert hand_in(database, office, told, who) == (done.number, None)


@ON_SQLITE
def test_a_pin_that_was_replaced_at_the_desk_is_not_shown_again(database, office, told, who):
    """The old one opens nothing any more."""
    hand_in(database, office, told, who)
    with database.work() as work:
        pins.give_anew(work, work.session.scalar(select(Case)))

    assert hand_in(database, office, told, who).pin is None


@ON_SQLITE
def test_other_answers_are_another_case_with_another_pin(database, office, told, who):
    """A key belongs to one set of answers."""
    one = hand_in(database, office, told, who)
    other = hand_in(
        database,
        office,
        told,
        identity(kk=None, members=(Member("Ibu", "Wati"), Member("Anak", "Rudi")), without_numbers=True),
        key="another key",
    )

    assert one.number != other.number and one.pin != other.pin
    assert len(all_of(database, Household)) == 2


def test_a_family_that_the_office_knows_is_not_entered_twice(database, office, told, known):
    """Card and names agree: the same household, the same people, with a note for the office."""
    hand_in(database, office, told, identity())
    with database.reading() as work:
        assert work.session.scalar(select(Case.household_id)) == known
        assert work.session.scalar(select(func.count()).select_from(Person)) == 2
        siti = work.session.scalar(select(Observation.person_id).where(Observation.fact == "pregnant"))
        assert work.session.get(Person, siti).name == "Siti Aminah"
    assert f"keluarga nomor {known}" in "".join(notes(database))


@ON_SQLITE
def test_a_new_member_of_a_known_family_is_added_to_it(database, office, told, known):
    """Whoever is named otherwise than everybody there is somebody new."""
    hand_in(database, office, told, identity(members=(Member("Ibu", "SITI  AMINAH"), Member("Anak", "Cici"))))
    with database.reading() as work:
        home = work.session.get(Household, known)
        assert [person.name for person in home.people] == ["Siti Aminah", "Budi", "Cici"]


@pytest.mark.parametrize(
    "stranger",
    [
        {"members": (Member("Ibu", "Rina", None), Member("Anak", "Dewi", None))},
        {"kk": None, "members": (Member("Ibu", "Rina", NIK_SITI), Member("Anak", "Dewi", None))},
    ],
)
@ON_SQLITE
def test_one_number_alone_opens_nobodys_file(database, office, told, known, stranger):
    """Somebody who found a card or a number gets a case of a household of its own, and the office is told."""
    hand_in(database, office, told, identity(name="Rina", **stranger))
    with database.reading() as work:
        case = work.session.scalar(select(Case))
        assert case.household_id != known
        assert case.household.kk_sealed is None
        assert [one.nik_sealed for one in case.household.people] == [None, None]
        assert work.session.scalar(select(func.count()).where(Observation.household_id == known)) == 0
    assert any(f"keluarga nomor {known}" in one for one in notes(database))


def test_a_nik_that_somebody_else_has_is_not_taken_and_the_office_is_told(database, office, told, known):
    """The new entry stands without the number until an officer has looked."""
    members = (Member("Ibu", "Siti Aminah", NIK_SITI), Member("Anak", "Budi", NIK_BUDI))
    with database.work() as work:
        other = stage.household(work, "Joko", rt="09")
        other.people[0].seal(work.keys, "nik", NIK_BUDI)
        joko = other.people[0].id
        work.session.get(Household, known).people[1].name = "Agus"
    hand_in(database, office, told, identity(members=members))
    with database.reading() as work:
        budi = work.session.scalar(select(Person).where(Person.name == "Budi"))
        assert (budi.household_id, budi.nik_sealed) == (known, None)
    assert any(f"warga nomor {joko}" in one for one in notes(database))


def test_who_asks_again_for_what_is_asked_already_is_not_told_so(database, office, told, known):
    """The answer is a number and a PIN as always; the office learns of the other case."""
    first = hand_in(database, office, told, identity())
    second = hand_in(database, office, told, identity(), key="another key")
    with database.reading() as work:
        cases = work.session.scalars(select(Case).order_by(Case.id)).all()
        assert [one.number for one in cases] == [first.number, second.number]
        assert cases[0].household_id == known != cases[1].household_id
    assert second.pin is not None
    assert any(first.number in one for one in notes(database))


@ON_SQLITE
def test_a_family_known_as_another_kind_of_applicant_is_entered_anew(database, office, told, known):
    """What a group asks for is not asked for by a family."""
    with database.work() as work:
        work.session.get(Household, known).applicant = "disaster"
    hand_in(database, office, told, identity())
    with database.reading() as work:
        assert work.session.scalar(select(Case.household_id)) != known


@pytest.mark.parametrize("channel", ["self", "assisted"])
@ON_SQLITE
def test_the_channel_is_kept(database, office, told, who, channel):
    """Alone, or with somebody's help."""
    hand_in(database, office, told, who, channel=channel)

    assert all_of(database, Case.channel) == [(channel,)]


@ON_SQLITE
def test_at_the_counter_an_officer_hands_in_under_their_own_name(database, office, told, who):
    """The record says who sat there."""
    with database.work() as work:
        clerk = stage.actor(work, "applicant_desk", name="Rahayu")
    hand_in(database, office, told, who, actor=clerk, channel="counter")

    assert all_of(database, Case.opened_by) == [("Rahayu",)]
    assert set(all_of(database, Observation.recorded_by)) == {("Rahayu",)}


@ON_SQLITE
def test_an_urgent_case_may_go_straight_to_the_office(database, office, told, who):
    """The office has its task at once, beside the village."""
    urgent = next(one.name for one in office.knowledge.services.values() if one.urgent and one.for_ == "household")
    hand_in(database, office, told, who, services=[(urgent, "household")], urgent="Mendesak")

    assert all_of(database, Case.urgent) == [(True,)]
    assert {level for (level,) in all_of(database, Task.level)} == {"rt_rw", "office"}


@ON_SQLITE
def test_what_only_officers_may_know_cannot_be_asked_for(database, office, told, who):
    """A forged tick opens nothing, and nothing is left behind."""
    hidden = sorted(office.plan(date(2026, 11, 23)).officer_only & set(office.knowledge.services))
    for_ = {"household": "household", "person": "Ibu"}
    service = next(one for one in hidden if "family" in office.knowledge.services[one].applicants)
    with pytest.raises(Refused):
        hand_in(database, office, told, who, services=[(service, for_[office.knowledge.services[service].for_])])

    assert all_of(database, Case) == all_of(database, Household) == all_of(database, Claim) == []


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"name": " "}, "name", "register-name"),
        ({"kk": "350607010115000"}, "kk", "register-kk-number-length"),
        ({"kk": "35060701O1150000"}, "kk", "register-kk-number-not-digits"),
        ({"kk": "3506070113150000"}, "kk", "register-kk-number-impossible-date"),
        ({"members": (Member("Ibu", "Siti", "3506077203900000"), Member("Anak", "Budi"))}, "nik-0", None),
        ({"members": (Member("Ibu", "Siti", NIK_SITI), Member("Anak", "", None))}, "name-1", "register-name"),
        (
            {"members": (Member("Ibu", "Siti", NIK_SITI), Member("Anak", "Budi", NIK_SITI))},
            *("nik-1", "application-nik-twice"),
        ),
        ({"phone": "12"}, "phone", "application-phone"),
        ({"place": Place("35.06.07.9999")}, "village", "register-village-unknown"),
        ({"place": Place(stage.VILLAGE, rt="tiga")}, "rt", "register-unit"),
        ({"name": "x" * 300}, "name", "register-too-long"),
        (
            {"kk": None, "members": (Member("Ibu", "Siti", None), Member("Anak", "Budi", None))},
            *("kk", "application-no-number"),
        ),
    ],
)
def test_what_is_typed_wrongly_is_said_at_its_field(sqlite, office, told, changes, field, code):
    """And nothing of it is kept."""
    with sqlite.work() as work:
        work.session.add(Village(code=stage.VILLAGE))
    wrong = identity(**changes)
    with sqlite.reading() as work:
        found = identities.faults(work, identities.tidied(wrong), told, SERVICES)
    assert list(found) == [field]
    assert code is None or found[field].code == code
    with pytest.raises(Refused):
        hand_in(sqlite, office, told, wrong)
    assert all_of(sqlite, Household) == []


def test_all_that_must_be_mended_is_said_at_once(sqlite, told):
    """Field by field, not one after the other."""
    wrong = Identity("", Place("?"), (Member("Ibu", "", "1"), Member("Anak", "")), phone="1", kk="x")
    with sqlite.reading() as work:
        found = identities.faults(work, identities.tidied(wrong), told, [])

    assert set(found) == {"service", "name", "phone", "kk", "nik-0", "name-0", "name-1", "village"}


def test_numbers_that_do_not_fit_what_was_told_are_asked_about_once_more(sqlite, office, told, clock):
    """A woman's number for the boy, a card of the neighbouring city."""
    odd = identity(
        kk="3571010101150001", members=(Member("Ibu", "Siti", NIK_SITI), Member("Anak", "Budi", "3506074203900001"))
    )
    found = {(one.field, one.code) for one in identities.doubts(odd, told, office.knowledge, clock().date())}

    assert ("kk", "register-kk-neighbour") in found
    assert ("nik-1", "register-nik-sex-differs") in found
    assert ("nik-0", "register-nik-birth-differs") not in found


def test_numbers_are_taken_as_people_write_them(sqlite):
    """With blanks and points between."""
    tidy = identities.tidied(
        identity(kk="3506 0701 0115 0000", members=(Member("Ibu", " Siti  A ", "3506.0742.0390.0000"),))
    )

    assert (tidy.kk, tidy.members[0].nik, tidy.members[0].name) == (KK, NIK_SITI, "Siti A")


def test_a_flood_is_stopped_for_the_day(sqlite, office, told, monkeypatch, clock):
    """The next day it goes on."""
    monkeypatch.setattr(submissions, "A_DAY", 1)
    with sqlite.work() as work:
        work.session.add(Village(code=stage.VILLAGE))
    nobody = {"kk": None, "members": (Member("Ibu", "Wati"), Member("Anak", "Rudi")), "without_numbers": True}
    hand_in(sqlite, office, told, identity())
    with pytest.raises(Refused) as refused:
        hand_in(sqlite, office, told, identity(**nobody), key="two")
    assert refused.value.code == "application-too-many"
    clock.moment += timedelta(days=1)

    assert hand_in(sqlite, office, told, identity(**nobody), key="two").pin


def told_as(office, clock, applicant, *members):
    """Give what another kind of applicant told."""
    data = {"applicant": applicant, "household": {"residence": "35.06.07"}, "members": list(members)}
    return household_of(from_plain(data), office.knowledge, clock().date())[0]


@ON_SQLITE
def test_who_is_told_to_be_the_head_gives_the_household_its_name(database, office, told, who):
    """Whoever stands first in the answers."""
    head = told.with_given("Anak", "is_family_head", told.given("Ibu", "pregnant"))
    hand_in(database, office, head, who)

    assert all_of(database, Household.name) == [("Budi",)]


def test_a_group_is_known_by_its_own_name(sqlite, office, clock):
    """Whatever its members are called, and whoever of them heads a family."""
    with sqlite.work() as work:
        work.session.add(Village(code=stage.VILLAGE))
    group = told_as(office, clock, "group", {"id": "Ketua", "is_family_head": "yes"}, {"id": "Anggota 2"})
    members = (Member("Ketua", "Siti", None), Member("Anggota 2", "", None))
    hand_in(sqlite, office, group, identity(kk=None, unit="Kelompok Mawar", members=members), [("kube", "household")])

    assert all_of(sqlite, Household.name) == [("Kelompok Mawar",)]
    assert all_of(sqlite, Person.name) == [("Siti",), ("Anggota 2",)]
    with pytest.raises(Refused):
        hand_in(sqlite, office, group, identity(kk=None, members=members), [("kube", "household")], key="unnamed")


def test_somebody_who_was_found_needs_no_name(sqlite, office, clock):
    """The finder's own name and telephone are kept; the person goes by what the finder called them."""
    with sqlite.work() as work:
        work.session.add(Village(code=stage.VILLAGE))
    found = told_as(office, clock, "finder", {"id": "bapak tua", "homeless": "yes"})
    nobody = identity(kk=None, members=(Member("bapak tua", "", None),))
    hand_in(sqlite, office, found, nobody, [("kedaruratan_penjangkauan", "bapak tua")], urgent="Mendesak")

    assert all_of(sqlite, Person.name) == [("bapak tua",)]
    with sqlite.reading() as work:
        assert submissions.contact_of(work, work.session.scalar(select(Case)))[0] == "Siti Aminah"
