"""Observations: who may say what on which evidence, how a value is checked, and that nothing is ever changed."""

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from casework.audit.models import AuditEntry
from casework.people.models import Household, Observation, SecretObservation
from casework.people.observations import (
    Misread,
    Said,
    evidence_for,
    observe,
    observe_many,
    observed,
    secret_names,
    value_of,
)
from casework.refusals import NotAllowed, NotFound, Refused
from casework.staff.actors import APPLICANT, EVERYWHERE, Area
from tests.casework import stage

HERE = Area(stage.VILLAGE, stage.HAMLET, stage.RW, stage.RT)


@pytest.fixture
def home(sqlite):
    """Give the number of a household of a mother and a child."""
    with sqlite.work() as work:
        return stage.household(work, "Siti", "Adi").id


def the(work, home):
    """Give a household and its first member."""
    found = work.session.get_one(Household, home)
    return found, found.people[0]


def staff(database, role, area=EVERYWHERE):
    """Make somebody who works at the office."""
    with database.work() as work:
        return stage.actor(work, role, area)


def test_what_is_observed_is_kept_with_who_when_and_on_what_evidence(database, office):
    """The row says everything that provenance asks for."""
    with database.work() as work:
        home = stage.household(work, "Siti")
        clerk = stage.actor(work, "applicant_desk")
    with database.work(clerk) as work:
        home, siti = the(work, home.id)
        day = date(2026, 11, 20)
        more = {"observed_on": day, "document": "ktp", "case_id": 7, "note": "dibawa"}
        row = observe(work, office.knowledge, home, siti, "birth_date", "1958-03-02", "registry", **more)
        assert (row.person_id, row.fact, value_of(row), row.evidence) == (
            siti.id,
            "birth_date",
            "1958-03-02",
            "registry",
        )
        assert (row.observed_on, row.recorded_at, row.recorded_by) == (day, work.now, clerk.name)
        assert (row.document, row.case_id, row.note, row.account_id) == ("ktp", 7, "dibawa", clerk.account)


def test_an_observation_is_never_changed(database, office):
    """The database itself refuses it, whoever asks."""
    with database.work() as work:
        home = stage.household(work, "Siti")
        observe(work, office.knowledge, home, None, "decile", 2, "registry")
        observe(work, office.knowledge, home, home.people[0], "hiv", True, "field_visit")
    for table in ("observations", "secret_observations"):
        for sentence in (f"UPDATE {table} SET value = '9'", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="only ever added to"), database.work() as work:
                work.session.execute(text(sentence))


@pytest.mark.parametrize(
    ("fact", "value", "kept"),
    [
        ("decile", "3", 3),
        ("decile", None, None),
        ("total_income", "1_200_000", 1200000),
        ("floor_area", 36.5, 36.5),
        ("has_shelter", "yes", True),
        ("has_shelter", False, False),
        ("floor_material", "soil", "soil"),
        ("residence", "35.06.07.2001", "35.06.07.2001"),
        ("family_problem_signs", [], []),
        ("paper:kk", "yes", True),
        ("received", [], []),
        ("received", ["sembako"], ["sembako"]),
        ("received", None, None),
    ],
)
def test_a_value_is_kept_as_the_engine_reads_it(sqlite, office, home, fact, value, kept):
    """However it is written, it has one form, so that two values can be compared."""
    with sqlite.work() as work:
        row = observe(work, office.knowledge, the(work, home)[0], None, fact, value, "self_declared")
        assert value_of(row) == kept


@pytest.mark.parametrize(
    ("about", "fact", "value", "code"),
    [
        ("household", "decile", "11", "out-of-range"),
        ("household", "decile", "many", "bad-whole-number"),
        ("household", "deciel", "3", "unknown-fact-given"),
        ("household", "floor_material", "gold", "not-a-choice"),
        ("household", "birth_date", "1958-03-02", "fact-of-member"),
        ("household", "paper:xyz", "yes", "unknown-document"),
        ("household", "received", ["xyz"], "unknown-service"),
        ("household", "received", ["pbi_jk"], "service-needs-subject"),
        ("person", "decile", "3", "fact-of-household"),
        ("person", "birth_date", "1958-02-30", "impossible-date"),
        ("person", "birth_date", "2026-11-24", "future-date"),
        ("person", "paper:ktp", "perhaps", "bad-boolean"),
    ],
)
def test_a_value_is_refused_as_in_a_household_file(sqlite, office, home, about, fact, value, code):
    """The sentence is the engine's own, and it says beside which field it belongs."""
    with pytest.raises(Misread) as refused, sqlite.work() as work:
        household, siti = the(work, home)
        observe(work, office.knowledge, household, siti if about == "person" else None, fact, value, "registry")
    ((subject, name), problem), *_ = refused.value.problems.items()
    assert (problem.code, name, subject == "household") == (code, fact, about == "household")
    assert refused.value.said("id") == problem.sentence("id")
    assert refused.value.field == fact


def test_many_are_recorded_together_or_not_at_all(sqlite, office, home):
    """One mistake among them keeps all of them out, and every mistake is told."""
    with pytest.raises(Misread) as refused, sqlite.work() as work:
        household, siti = the(work, home)
        said = [(None, "decile", 2), (None, "meals_per_day", "x"), Said(siti, "birth_date", "soon")]
        observe_many(work, office.knowledge, household, said, "self_declared")
    assert set(refused.value.problems) == {("household", "meals_per_day"), (f"p{siti.id}", "birth_date")}
    with sqlite.reading() as work:
        assert work.session.scalars(select(Observation)).all() == []


def test_a_whole_number_of_the_population_register_is_not_an_observation(sqlite, office, home):
    """A NIK stands sealed in the register, and nowhere else."""
    with pytest.raises(Refused, match="kept in the register"), sqlite.work() as work:
        household, siti = the(work, home)
        observe(work, office.knowledge, household, siti, "nik", "3506070203580000", "registry")


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"evidence": "rumour"}, "facts-unknown-evidence"),
        ({"document": "xyz"}, "facts-unknown-paper"),
        ({"observed_on": date(2026, 11, 24)}, "facts-future"),
    ],
)
def test_evidence_paper_and_day_must_be_possible(sqlite, office, home, how, code):
    """Nothing is observed tomorrow, nor on evidence or papers that nobody knows."""
    with pytest.raises(Refused) as refused, sqlite.work() as work:
        more = dict(how)
        evidence = more.pop("evidence", "registry")
        observe(work, office.knowledge, the(work, home)[0], None, "decile", 2, evidence, **more)
    assert refused.value.code == code


MAY = {
    "applicant_desk": {"self_declared", "village_letter", "registry"},
    "rt_rw": {"rt_rw"},
    "kepala_dusun": {"kepala_dusun"},
    "village_operator": {"self_declared", "village_letter"},
    "bidang_staff": {"self_declared", "village_letter", "field_visit", "registry"},
    "head": set(),
    "ppid": set(),
    "analyst": set(),
}


@pytest.mark.parametrize("role", MAY)
def test_each_role_records_the_evidence_that_it_can_vouch_for(sqlite, office, home, role):
    """A head of RT says what he saw, and cannot say that a registry or the Kepala Dusun did."""
    who = staff(sqlite, role)
    with sqlite.reading(who) as work:
        assert set(evidence_for(work, office.knowledge)) == MAY[role]
    for evidence in office.knowledge.evidence:
        allowed = evidence in MAY[role]
        with nullcontext() if allowed else pytest.raises(NotAllowed), sqlite.work(who) as work:
            observe(work, office.knowledge, the(work, home)[0], None, "decile", 2, evidence)


@pytest.mark.parametrize(("rt", "there"), [("02", True), ("09", False)])
def test_a_head_of_rt_speaks_for_his_own_rt_only(sqlite, office, home, rt, there):
    """A household of another RT is not there for him."""
    who = staff(sqlite, "rt_rw", HERE._replace(rt=rt))
    with nullcontext() if there else pytest.raises(NotFound), sqlite.work(who) as work:
        observe(work, office.knowledge, the(work, home)[0], None, "meals_per_day", 2, "rt_rw")
    with sqlite.reading() as work:
        assert len(observed(work, the(work, home)[0], secrets=False)) == there


def test_an_applicant_only_tells(sqlite, office, home):
    """What somebody says of their own family is told, never checked."""
    with sqlite.work(APPLICANT) as work:
        row = observe(work, office.knowledge, the(work, home)[0], None, "meals_per_day", 2, "self_declared")
        assert row.recorded_by == APPLICANT.name
    with pytest.raises(NotAllowed), sqlite.work(APPLICANT) as work:
        observe(work, office.knowledge, the(work, home)[0], None, "decile", 2, "registry")


def test_of_somebody_who_lives_elsewhere_nothing_is_said_here(sqlite, office, home):
    """A person's facts stand in the file of the person's own household."""
    with pytest.raises(NotFound), sqlite.work() as work:
        other = stage.household(work, "Budi").people[0]
        observe(work, office.knowledge, the(work, home)[0], other, "birth_date", "1990-01-01", "registry")


def test_what_only_officers_may_know_is_kept_apart(sqlite, office, home):
    """It is in a table of its own, and comes out only when it is asked for."""
    with sqlite.work() as work:
        household, siti = the(work, home)
        observe(work, office.knowledge, household, siti, "hiv", True, "field_visit")
        observe(work, office.knowledge, household, None, "decile", 2, "registry")
    with sqlite.reading() as work:
        household, _ = the(work, home)
        assert {row.fact for row in observed(work, household, secrets=False)} == {"decile"}
        assert {row.fact for row in observed(work, household, secrets=True)} == {"decile", "hiv"}
        assert [row.fact for row in work.session.scalars(select(SecretObservation))] == ["hiv"]


def test_every_secret_fact_of_the_vocabulary_goes_into_that_table(sqlite, office, home):
    """None is forgotten when one is added to the vocabulary."""
    secret = [fact for fact in office.knowledge.facts.values() if fact.sensitive == "officer_only"]
    with sqlite.work() as work:
        household, siti = the(work, home)
        for fact in secret:
            value = next(iter(fact.choices), True)
            row = observe(work, office.knowledge, household, siti, fact.name, value, "field_visit")
            assert isinstance(row, SecretObservation), fact.name
    assert len(secret) == 17


def test_who_may_not_read_secrets_records_none(sqlite, office, home):
    """The desk sends such a talk to an officer."""
    who = staff(sqlite, "applicant_desk")
    with pytest.raises(NotAllowed), sqlite.work(who) as work:
        household, siti = the(work, home)
        observe(work, office.knowledge, household, siti, "hiv", True, "self_declared")


def test_of_received_aid_what_only_officers_may_know_is_kept_apart(sqlite, office, home):
    """The list that all may see does not name it."""
    service = sorted(secret_names(office.knowledge, date(2026, 11, 23)) & office.knowledge.services.keys())[0]
    assert office.knowledge.services[service].for_ == "person"
    with sqlite.work() as work:
        household, siti = the(work, home)
        value = ["sembako", {"service": service, "subject": siti.member}]
        observe(work, office.knowledge, household, None, "received", value, "self_declared")
    with sqlite.reading() as work:
        household, siti = the(work, home)
        assert [value_of(row) for row in observed(work, household, secrets=False)] == [["sembako"]]
        *_, last = observed(work, household, secrets=True)
        assert {"service": service, "subject": siti.member} in value_of(last)


def test_the_log_says_which_facts_and_neither_values_nor_secrets(sqlite, office, home):
    """Who reads the log learns that something was recorded, not what."""
    with sqlite.work() as work:
        household, siti = the(work, home)
        said = [(siti, "hiv", True), (None, "total_income", 1234567)]
        observe_many(work, office.knowledge, household, said, "field_visit")
    with sqlite.reading() as work:
        entry = work.session.scalars(select(AuditEntry).where(AuditEntry.action == "facts.observed")).one()
        assert entry.details["facts"] == ["total_income"]
        assert entry.details["secret"] == 1
        assert "hiv" not in str(entry.details)
        assert "1234567" not in str(entry.details)


def test_what_was_observed_of_a_person_goes_along(sqlite, office, home, clock):
    """Into another household, and with an entry that turned out to be the same person; the household's own facts stay."""
    with sqlite.work() as work:
        household, siti = the(work, home)
        observe(work, office.knowledge, household, siti, "birth_date", "1958-03-02", "registry")
        observe(work, office.knowledge, household, None, "decile", 2, "registry")
        twin = stage.household(work, "Siti Dua")
        observe(work, office.knowledge, twin, twin.people[0], "sex", "P", "registry")
        new = stage.household(work, "Budi")
        siti.household_id = new.id
        twin.people[0].merged_into = siti.id
    clock.moment += timedelta(days=1)
    with sqlite.reading() as work:
        assert [row.fact for row in observed(work, the(work, new.id)[0], True)] == ["birth_date", "sex"]
        assert [row.fact for row in observed(work, the(work, home)[0], True)] == ["decile"]
