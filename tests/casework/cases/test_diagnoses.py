"""The engine's answers on a case: kept whole, shown to whom may see them, and worked out again byte for byte."""

import json
import zlib

import pytest
from sqlalchemy import select, update

from casework.audit.models import AuditEntry
from casework.cases.diagnoses import (
    answer_of,
    as_told,
    before_and_after,
    diagnose,
    diagnosis_of,
    latest,
    replay,
)
from casework.cases.facts import document_of, household_of
from casework.cases.models import Case, StoredDiagnosis
from casework.people.observations import observe, observe_many
from casework.refusals import NotFound, Refused
from casework.staff.actors import Area
from engine import present
from tests.casework import stage
from tests.casework.cases import kept


def again(work, number):
    """Give a case in another unit of work."""
    return work.session.scalars(select(Case).where(Case.number == number)).one()


def test_an_answer_is_kept_with_its_facts_day_edition_and_proof(database, office):
    """What is read back is what the engine says today, whole."""
    with database.work() as work:
        home = kept.poor(work, office)
        case = kept.case_of(work, home, "pkh", "pbi_jk@1")
        stored = diagnose(work, office, case, "opened")
        assert (stored.occasion, stored.day, stored.edition) == ("opened", work.today, office.knowledge.edition)
        id_, number = stored.id, case.number
    with database.reading() as work:
        case = again(work, number)
        stored = diagnosis_of(work, case, id_)
        document = document_of(work, office, case.household, True)
        assert as_told(work, stored) == (document, False)
        said = present.as_json(office.diagnose(household_of(office, document)), "id", everything=True)
        assert answer_of(work, stored) == json.loads(json.dumps(said))
        assert any(row["because"] for row in answer_of(work, stored)["services"] if row["service"] == "pkh")
        assert latest(work, case).id == id_


def test_nothing_of_it_lies_open_in_the_database(sqlite, office):
    """Facts and answer are sealed; what is open names no fact."""
    with sqlite.work() as work:
        case = kept.case_of(work, kept.poor(work, office), "pkh")
        stored = diagnose(work, office, case, "opened")
        for sealed in (stored.facts_sealed, stored.answer_sealed, stored.public_sealed):
            assert b"decile" not in sealed
            with pytest.raises(zlib.error):
                zlib.decompress(sealed)


def test_the_claims_say_what_the_newest_answer_says(sqlite, office):
    """Status and certainty of each claim, of its person or the household; nothing of a service that is not there."""
    with sqlite.work() as work:
        home = kept.poor(work, office)
        case = kept.case_of(work, home, "pkh", "pbi_jk@1", "gone")
        answer = answer_of(work, diagnose(work, office, case, "opened"))
        rows = {(row["service"], row["subject"]): row for row in answer["services"]}
        pkh, pbi, gone = case.claims
        assert (pkh.status, pkh.cf) == ("eligible_as_told", 0.6)
        row = rows["pbi_jk", home.people[1].member]
        assert (pbi.status, pbi.cf) == (row["status"], row["cf"])
        assert (gone.status, gone.cf) == (None, None)


def test_each_step_of_the_check_shows_before_and_after(database, office):
    """What the applicant told is 0.6 sure; the Kepala Dusun and the registry raise it."""
    with database.work() as work:
        home = kept.poor(work, office)
        case = kept.case_of(work, home, "pkh")
        diagnose(work, office, case, "opened")
        number, claim = case.number, case.claims[0].id
    for evidence, occasion in (("kepala_dusun", "kepala_dusun"), ("registry", "office")):
        with database.work() as work:
            case = again(work, number)
            observe_many(work, office.knowledge, case.household, kept.said_of(case.household), evidence)
            diagnose(work, office, case, occasion)
    with database.reading() as work:
        steps = before_and_after(work, again(work, number))
    assert [one.occasion for one in steps] == ["opened", "kepala_dusun", "office"]
    assert [one.claims[claim].cf for one in steps] == [0.6, 0.9, 1.0]
    assert [one.claims[claim].status for one in steps] == ["eligible_as_told", "eligible", "eligible"]


def test_the_same_facts_under_the_same_edition_give_the_same_bytes(database, office, clock):
    """Years later too, whatever has been observed since."""
    with database.work() as work:
        case = kept.case_of(work, kept.poor(work, office), "pkh")
        id_, number = diagnose(work, office, case, "opened").id, case.number
    clock.moment = clock.moment.replace(year=2031)
    with database.work() as work:
        case = again(work, number)
        observe(work, office.knowledge, case.household, None, "decile", 9, "registry")
        found = replay(work, diagnosis_of(work, case, id_))
        assert found.same
        assert found.sha256_now == found.sha256_then
        assert found.engine_now == found.engine_then


def test_a_replay_that_differs_says_so(sqlite, office):
    """As when somebody exchanged the sum of the answer in the database."""
    with sqlite.work() as work:
        case = kept.case_of(work, kept.poor(work, office), "pkh")
        stored = diagnose(work, office, case, "opened")
        work.session.execute(update(StoredDiagnosis).values(answer_sha256="0" * 64))
        work.session.refresh(stored)
        assert not replay(work, stored, office).same


def test_an_answer_altered_in_the_database_is_not_shown(sqlite, office):
    """A seal does not open once a byte of it changed, nor in the row of another answer."""
    with sqlite.work() as work:
        home = kept.poor(work, office)
        case = kept.case_of(work, home, "pkh")
        one, other = diagnose(work, office, case, "opened"), diagnose(work, office, case, "told")
        one.answer_sealed = other.answer_sealed
        with pytest.raises(Refused) as refused:
            answer_of(work, one)
        assert refused.value.code == "altered"


@pytest.mark.parametrize(("role", "sees_it"), [("bidang_staff", True), ("head", True), ("applicant_desk", False)])
def test_what_only_officers_may_know_is_for_those_who_may_read_secrets(sqlite, office, role, sees_it):
    """The others get the answer as if nobody had told it: no row, no conclusion, no fact; and no claim's certainty."""
    with sqlite.work() as work:
        home = kept.poor(work, office)
        child = home.people[1]
        observe(work, office.knowledge, home, child, "hiv", True, "field_visit")
        case = kept.case_of(work, home, "pkh", "rujukan_hiv_napza@1")
        stored = diagnose(work, office, case, "opened")
        assert case.claims[1].officer_only
        work.actor = stage.actor(work, role)
        answer = answer_of(work, stored)
        hidden = [row for row in (*answer["services"], *answer["conclusions"]) if row["officer_only"]]
        assert bool(hidden) == sees_it
        assert ("hiv" in json.dumps(answer)) == sees_it
        (step,) = before_and_after(work, case)
        assert (case.claims[1].id in step.claims) == sees_it
        assert case.claims[0].id in step.claims
        _, without_secrets = as_told(work, stored)
        assert without_secrets != sees_it


def test_the_open_answer_is_the_same_whether_a_secret_is_known_or_not(sqlite, office):
    """So it cannot tell by what it leaves out."""
    answers = []
    with sqlite.work() as work:
        home = kept.poor(work, office)
        case = kept.case_of(work, home, "pkh")
        desk = stage.actor(work, "applicant_desk")
        system = work.actor
        for hiv in (None, True):
            observe(work, office.knowledge, home, home.people[1], "hiv", hiv, "field_visit")
            stored = diagnose(work, office, case, "opened")
            work.actor = desk
            answers.append(answer_of(work, stored))
            work.actor = system
    assert answers[0] == answers[1]


def test_outside_of_ones_area_there_is_no_answer(sqlite, office):
    """Neither to read, nor to work out again, nor to make."""
    with sqlite.work() as work:
        case = kept.case_of(work, kept.poor(work, office), "pkh")
        stored = diagnose(work, office, case, "opened")
        work.actor = stage.actor(work, "bidang_staff", Area(stage.OTHER_VILLAGE))
        for attempt in (
            lambda: answer_of(work, stored),
            lambda: as_told(work, stored),
            lambda: replay(work, stored),
            lambda: diagnose(work, office, case, "asked"),
        ):
            with pytest.raises(NotFound):
                attempt()


def test_an_answer_of_another_case_is_not_found(sqlite, office):
    """A number made up in an address leads nowhere."""
    with sqlite.work() as work:
        one = kept.case_of(work, kept.poor(work, office), "pkh")
        other = kept.case_of(work, kept.poor(work, office), "pkh")
        stored = diagnose(work, office, one, "opened")
        for id_ in (stored.id + 1, 0):
            with pytest.raises(NotFound):
                diagnosis_of(work, one, id_)
        with pytest.raises(NotFound):
            diagnosis_of(work, other, stored.id)
        assert latest(work, other) is None


def test_what_is_made_and_worked_out_again_stands_in_the_log(sqlite, office):
    """With the number of the case, and without a fact."""
    with sqlite.work() as work:
        case = kept.case_of(work, kept.poor(work, office), "pkh")
        replay(work, diagnose(work, office, case, "opened"), office)
        number = case.number
    with sqlite.reading() as work:
        rows = work.session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("diagnosis."))).all()
        assert [(row.action, row.kind, row.about) for row in rows] == [
            ("diagnosis.made", "case", number),
            ("diagnosis.replayed", "case", number),
        ]


def test_of_an_erased_answer_nothing_is_left_to_read(sqlite, office):
    """Erasure seals nothing in its place; neither answer nor facts come back, to nobody."""
    with sqlite.work() as work:
        case = kept.case_of(work, kept.poor(work, office), "pkh")
        stored = diagnose(work, office, case, "opened")
        for field in StoredDiagnosis.SEALED:
            stored.seal(work.keys, field, b"")
        for attempt in (answer_of, as_told, replay):
            with pytest.raises(NotFound):
                attempt(work, stored)
