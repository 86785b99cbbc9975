"""The register: what is entered is checked, sealed and kept to its area; what is odd must be confirmed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from casework.audit.models import AuditEntry
from casework.people import register
from casework.people.models import Household, NameWord, Person, Residence
from casework.people.numbers import Doubtful, refuse_fault
from casework.people.places import Place
from casework.refusals import ChangedMeanwhile, NotAllowed, NotFound, Refused
from casework.staff.actors import Area
from engine.population_number import NIK, fault_of
from tests.casework import stage
from tests.casework.people import entered

DAY = date(2026, 11, 23)


def code_of(do, *args, **more):
    with pytest.raises(Refused) as refused:
        do(*args, **more)
    return refused.value.code, refused.value.field


def doubts_of(do, *args):
    with pytest.raises(Doubtful) as refused:
        do(*args)
    return [one.name for one in refused.value.doubts]


@pytest.fixture
def home(sqlite, office):
    """Give the id of a household with one woman in it, of SQLite."""
    entered.villages(sqlite)
    with sqlite.work() as work:
        return entered.home(work, office).household_id


def test_a_household_and_its_people_are_entered(database, office):
    """Place, history, words to search by; the head names the household; who entered them is on record."""
    entered.villages(database)
    with database.work() as work:
        actor = stage.actor(work, "applicant_desk")
    with database.work(actor) as work:
        home = register.register_household(work, office.knowledge, entered.family(), None)
        man = entered.person("Suwarno", entered.MAN, date(1975, 6, 5), "L", relation="head")
        register.register_person(work, office.knowledge, home, entered.person(mother_name="Painem"), None)
        register.register_person(work, office.knowledge, home, man, None)
        id_ = home.id

    with database.reading() as work:
        home = work.session.get_one(Household, id_)
        woman, man = home.people
        assert (home.name, home.village, home.hamlet, home.rw, home.rt) == ("Suwarno", *entered.HOME[:4])
        assert (woman.name, woman.mother_name, man.relation) == ("Sukarti", "Painem", "head")
        assert woman.opened(work.keys, "nik") == entered.WOMAN and home.opened(work.keys, "kk") == entered.KK
        stays = work.session.scalars(select(Residence)).all()
        assert {(one.person_id, one.household_id, one.since, one.until) for one in stays} == {
            (woman.id, id_, DAY, None),
            (man.id, id_, DAY, None),
        }
        assert set(work.session.scalars(select(NameWord.word))) == {"sukarti", "suwarno"}
        actions = work.session.execute(select(AuditEntry.action, AuditEntry.actor)).all()
        assert [tuple(one) for one in actions][-3:] == [
            ("household.registered", actor.name),
            ("person.registered", actor.name),
            ("person.registered", actor.name),
        ]


def test_no_number_stands_in_the_clear(sqlite, home):
    """Neither in the register nor in the audit log."""
    with sqlite.reading() as work:
        for table in ("people", "households", "audit_log"):
            rows = str([tuple(row) for row in work.session.execute(text(f"SELECT * FROM {table}"))])
            assert entered.WOMAN not in rows and entered.KK not in rows


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("35060752038", "register-nik-number-length"),
        ("35060752038x0000", "register-nik-number-not-digits"),
        ("3506074513800000", "register-nik-number-impossible-date"),
    ],
)
def test_a_nik_that_nobody_can_have_is_refused_at_its_field(sqlite, office, home, number, code):
    """No confirmation helps."""
    with sqlite.work() as work:
        one = work.session.get_one(Household, home)
        entry = entered.person("Parti", number)

        assert code_of(register.register_person, work, office.knowledge, one, entry, None) == (code, "nik")


@given(st.text(st.sampled_from("0123456789 -.x"), min_size=10, max_size=20))
def test_a_number_is_refused_exactly_when_the_engine_finds_a_fault(number):
    """The register knows no rule of its own about digits, and has a sentence for every fault."""
    try:
        refuse_fault(number, NIK, "nik")
    except Refused as refused:
        assert fault_of(number, NIK) and refused.said("id") and refused.said("en")
    else:
        assert fault_of(number, NIK) is None


@pytest.mark.parametrize(
    ("entry", "doubts"),
    [
        (entered.person(nik="3201035203800001"), ["nik:register-nik-from-elsewhere"]),
        (entered.person(nik="3506075203800001", birth_date=date(1980, 3, 13)), ["nik:register-nik-birth-differs"]),
        (entered.person(nik="3506075203800001", sex="L"), ["nik:register-nik-sex-differs"]),
        (entered.person(), ["nik:register-number-never-issued"]),
    ],
)
def test_what_is_odd_about_a_nik_is_confirmed_by_whoever_enters_it(sqlite, office, entry, doubts):
    """A NIK stays with its holder for life, so none of this makes it wrong. Nothing is kept before."""
    entered.villages(sqlite)
    with sqlite.work() as work:
        home = register.register_household(work, office.knowledge, entered.family(kk=None))

        assert doubts_of(register.register_person, work, office.knowledge, home, entry) == doubts
        assert work.session.scalars(select(Person)).all() == []
        assert register.register_person(work, office.knowledge, home, entry, doubts).id


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        ("3571031201150001", "register-kk-neighbour", "Kota Kediri"),
        ("3201031201150001", "register-kk-elsewhere", "daerah lain"),
    ],
)
def test_a_family_card_of_another_district_is_not_taken_without_a_second_look(sqlite, office, number, code, said):
    """Above all not one of the city of the same name, which is named."""
    entered.villages(sqlite)
    with sqlite.work() as work:
        entry = entered.family(kk=number)
        with pytest.raises(Doubtful) as refused:
            register.register_household(work, office.knowledge, entry)
        (doubt,) = refused.value.doubts

        assert (doubt.code, doubt.field) == (code, "kk")
        assert said in doubt.said("id") and number not in doubt.said("id")
        assert register.register_household(work, office.knowledge, entry, [doubt.name]).id


@pytest.mark.parametrize(
    ("place", "field", "code"),
    [
        (Place("35.06.07.2099"), "village", "register-village-unknown"),
        (Place("Sugihwaras"), "village", "register-village-unknown"),
        (entered.HOME._replace(rt="dua"), "rt", "register-unit"),
        (entered.HOME._replace(address="x" * 201), "address", "register-too-long"),
    ],
)
def test_a_place_must_be_one(sqlite, office, place, field, code):
    """A village that the office has, an RT by its number."""
    entered.villages(sqlite)
    with sqlite.work() as work:
        done = code_of(register.register_household, work, office.knowledge, entered.family(place))

        assert done == (code, field)


def test_a_place_is_written_one_way(sqlite, office, home):
    """A code without points, an RT with or without zeros, a hamlet with other capitals: the same place."""
    with sqlite.work() as work:
        place = Place("3506072001", "  DUSUN   1 ", "1", "002", " ")
        one = register.register_household(work, office.knowledge, entered.family(place, kk=None))

        assert (one.village, one.hamlet, one.rw, one.rt, one.address) == (*entered.HOME[:4], None)


def test_nobody_enters_two_with_one_number(database, office):
    """Neither a NIK nor a family card; who has it is said to whoever may see them."""
    entered.villages(database)
    with database.work() as work:
        entered.home(work, office)
        near = stage.actor(work, "village_operator", Area(stage.VILLAGE))
        far = stage.actor(work, "village_operator", Area(stage.OTHER_VILLAGE))
    with database.work(near) as work:
        with pytest.raises(Refused) as card:
            register.register_household(work, office.knowledge, entered.family(), None)
        home = register.register_household(work, office.knowledge, entered.family(kk=None))
        with pytest.raises(Refused) as nik:
            register.register_person(work, office.knowledge, home, entered.person("Parti"), None)
    with database.work(far) as work:
        home = register.register_household(work, office.knowledge, entered.family(entered.ELSEWHERE, None))
        with pytest.raises(Refused) as unseen:
            register.register_person(work, office.knowledge, home, entered.person("Parti"), None)

    assert (card.value.code, nik.value.code) == ("register-kk-taken", "register-nik-taken")
    assert nik.value.details["name"] == "Sukarti"
    assert (unseen.value.code, unseen.value.details) == ("register-nik-taken-elsewhere", {})


def test_who_is_entered_in_the_same_moment_is_refused_by_the_database(database, office, monkeypatch):
    """Both saw that the number was free; the second is told."""
    entered.villages(database)
    with database.work() as work:
        home = register.register_household(work, office.knowledge, entered.family(), None)
        register.register_person(work, office.knowledge, home, entered.person(), None)
    monkeypatch.setattr(register, "_refuse_taken_nik", lambda *args: None)
    with pytest.raises(Refused) as refused, database.work() as work:
        home = work.session.scalars(select(Household)).one()
        register.register_person(work, office.knowledge, home, entered.person("Parti"), None)

    assert refused.value.code == "register-nik-taken-meanwhile"


def test_somebody_of_the_same_name_and_day_of_birth_is_asked_about(sqlite, office, home):
    """It may be the same person without the card at hand."""
    with sqlite.work() as work:
        one = work.session.get_one(Household, home)
        entry = entered.person("SOEKARTI", nik=None)

        assert doubts_of(register.register_person, work, office.knowledge, one, entry) == ["name:register-alike"]


def test_nobody_writes_outside_their_area(sqlite, office, home):
    """A village operator enters people of the village; what lies outside is not there."""
    with sqlite.work() as work:
        far = stage.actor(work, "village_operator", Area(stage.OTHER_VILLAGE))
        head = stage.actor(work, "rt_rw", Area(stage.VILLAGE, stage.HAMLET, stage.RW, stage.RT))
    with sqlite.work(far) as work:
        one = work.session.get_one(Household, home)
        with pytest.raises(NotFound):
            register.register_person(work, office.knowledge, one, entered.person("Parti", None))
        with pytest.raises(NotFound):
            register.seen_household(work, home)
        with pytest.raises(NotFound):
            register.seen_person(work, one.people[0].id)
        outside = code_of(register.register_household, work, office.knowledge, entered.family(kk=None))
        assert outside == ("register-place-outside", "village")
    with sqlite.work(head) as work:
        with pytest.raises(NotAllowed):
            register.register_household(work, office.knowledge, entered.family(kk=None))
        assert register.seen_household(work, home).id == home


def test_whoever_opens_a_file_is_on_record(sqlite, home):
    """Of a household and of a person."""
    with sqlite.work() as work:
        actor = stage.actor(work, "head")
        person = work.session.get_one(Household, home).people[0].id
    with sqlite.reading(actor) as work:
        register.seen_household(work, home)
        register.seen_person(work, person)
    with sqlite.reading() as work:
        last = work.session.execute(
            select(AuditEntry.actor, AuditEntry.action, AuditEntry.about).order_by(AuditEntry.id.desc()).limit(2)
        ).all()

    assert [tuple(one) for one in last] == [
        (actor.name, "person.read", str(person)),
        (actor.name, "household.read", str(home)),
    ]


def test_a_person_is_corrected(sqlite, office, home):
    """Names of what changed are on record, never the values; the number stays unless another is given."""
    with sqlite.work() as work:
        person = work.session.get_one(Household, home).people[0]
        register.correct_person(work, office.knowledge, person, entered.person("Sukartini", nik=None), person.version)
        id_ = person.id
    with sqlite.reading() as work:
        person = work.session.get_one(Person, id_)
        last = work.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()

        assert (person.name, person.opened(work.keys, "nik")) == ("Sukartini", entered.WOMAN)
        assert person.household.name == "Sukartini"
        assert set(work.session.scalars(select(NameWord.word))) == {"sukartini"}
        assert (last.action, last.details) == ("person.corrected", {"fields": ["name"]})


def test_a_number_entered_for_the_wrong_person_can_be_taken_away(sqlite, office, home):
    """Then its true holder can be entered."""
    with sqlite.work() as work:
        one = work.session.get_one(Household, home)
        wrong = replace(entered.person(), nik=None, without_nik=True)
        register.correct_person(work, office.knowledge, one.people[0], wrong)

        assert one.people[0].opened(work.keys, "nik") is None
        assert register.register_person(work, office.knowledge, one, entered.person("Parti"), None).id


def test_the_second_of_two_who_correct_the_same_person_is_told(database, office):
    """Nobody's correction is lost without a word."""
    entered.villages(database)
    with database.work() as work:
        id_ = entered.home(work, office).id
    with database.reading() as work:
        shown = work.session.get_one(Person, id_).version
    with database.work() as work:
        first = work.session.get_one(Person, id_)
        register.correct_person(work, office.knowledge, first, entered.person("Sukartini"), shown)
    with pytest.raises(ChangedMeanwhile), database.work() as work:
        second = work.session.get_one(Person, id_)
        register.correct_person(work, office.knowledge, second, entered.person("Sukarni"), shown)

    with database.reading() as work:
        assert work.session.get_one(Person, id_).name == "Sukartini"


def test_a_corrected_household_lived_in_the_right_place_all_along(sqlite, office, home):
    """A mistake is mended, no move is written down."""
    with sqlite.work() as work:
        one = work.session.get_one(Household, home)
        register.correct_household(work, office.knowledge, one, entered.family(entered.ELSEWHERE, None), one.version)
    with sqlite.reading() as work:
        one, (stay,) = work.session.get_one(Household, home), work.session.scalars(select(Residence)).all()

        assert (one.village, one.opened(work.keys, "kk")) == (stage.OTHER_VILLAGE, entered.KK)
        assert (stay.village, stay.hamlet, stay.until) == (stage.OTHER_VILLAGE, "Dusun 9", None)


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        (entered.person(" "), ("register-name", "name")),
        (entered.person("12 ..."), ("register-name", "name")),
        (entered.person(birth_date=date(2026, 11, 24)), ("register-birth", "birth_date")),
        (entered.person(birth_date=date(1890, 1, 1)), ("register-birth", "birth_date")),
        (entered.person(sex="X"), ("register-choice", "sex")),
        (entered.person(relation="boss"), ("register-choice", "relation")),
    ],
)
def test_what_is_entered_about_a_person_must_be_possible(sqlite, office, home, entry, wrong):
    """Each fault names its field."""
    with sqlite.work() as work:
        one = work.session.get_one(Household, home)

        assert code_of(register.register_person, work, office.knowledge, one, entry, None) == wrong
