"""What must not be kept for ever: who is due, what is erased, what stays nameless, and what is never erased."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from casework.cases.models import Case, Claim, Move, Note
from casework.keeping import retention
from casework.lists.models import BeneficiaryList, Entry
from casework.people.models import Erasure, Household, NameWord, Observation, Person, Residence
from casework.refusals import Refused
from tests.casework import stage

LONG_AGO = datetime(2020, 5, 4, 3, 0, tzinfo=UTC)


@pytest.fixture
def home(database):
    """Give the id of a household with a fact, a name to search by, and a case that was closed long ago."""
    with database.work() as work:
        home = stage.household(work, "Siti Aminah", "Budi", kk="3506070203800000")
        siti = home.people[0]
        siti.seal(work.keys, "nik", "3506074203800000")
        work.session.add(NameWord(word="siti", person_id=siti.id))
        told = {"observed_on": work.today, "recorded_at": work.now, "recorded_by": "x", "evidence": "rt_rw"}
        work.session.add(Observation(household_id=home.id, person_id=siti.id, fact="pregnant", value="true", **told))
        case = Case(number="K-1", household=home, state="closed", channel="counter", opened_at=LONG_AGO, opened_by="x")
        case.moved_at = case.closed_at = LONG_AGO
        case.claims = [Claim(service="pkh", program="x", state="declined", asked_on=LONG_AGO.date())]
        work.session.add(case)
        work.session.flush()
        moved = {"before": "draft", "after": "closed", "moved_at": LONG_AGO, "moved_by": "x"}
        work.session.add(Move(case_id=case.id, reason="Siti moved away", **moved))
        work.session.add(Note(case_id=case.id, text="Siti is ill", written_at=LONG_AGO, written_by="x"))
        return home.id


def everything_said(database):
    """Give every text that the database keeps in the clear, but for who works there."""
    with database.reading() as work:
        tables = [table for table in Household.metadata.sorted_tables if table.name not in ("audit_log", "villages")]
        return repr([work.session.execute(select(table)).all() for table in tables])


def run(database, apply=True):
    return retention.run(database, apply)


def test_five_years_after_its_last_case_a_household_is_erased(database, home):
    """Names, numbers, facts and words go; that there was a case, and how it ended, stays."""
    assert "Siti" in everything_said(database)
    report = run(database)

    assert report["due"] == [home]
    said = everything_said(database)
    assert not any(word in said for word in ("Siti", "siti", "Budi", "pregnant", "moved away"))
    with database.reading() as work:
        assert work.session.scalar(select(Claim.state)) == "declined"
        assert [
            work.session.scalar(select(func.count()).select_from(one)) for one in (Observation, Note, Residence)
        ] == [0] * 3
        assert work.session.scalar(select(Erasure.report))["deleted"]["observations"] == 1
        person = work.session.scalars(select(Person)).first()
        assert (person.nik_sealed, person.nik_index, person.birth_date) == (None, None, None)


def test_what_was_erased_is_not_due_again(database, home):
    """A second run has nothing to do."""
    run(database)

    assert run(database) == {"due": [], "erased": []}


def test_without_apply_nothing_is_erased(database, home):
    """It only says what would be."""
    assert run(database, apply=False) == {"due": [home], "erased": []}
    assert "Siti" in everything_said(database)


@pytest.mark.parametrize("needed", ["open case", "recent case", "list"])
def test_who_is_still_served_is_not_due(database, home, needed):
    """Neither with an open case, nor one closed a year ago, nor on a list of today."""
    with database.work() as work:
        case = work.session.scalars(select(Case)).one()
        if needed == "open case":
            case.closed_at = None
        elif needed == "recent case":
            case.closed_at = work.now - timedelta(days=365)
        else:
            days = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}
            made = {"program": "x", "state": "draft", "drafted_at": work.now, "drafted_by": "x"}
            listed = BeneficiaryList(number="D-1", service="pkh", **made, **days)
            work.session.add(Entry(list=listed, household_id=home, place="listed", asked_on=work.today))

    assert run(database)["due"] == []
    if needed != "recent case":
        with pytest.raises(Refused) as refused, database.work() as work:
            retention.erase(work, home, "asked")
        assert refused.value.code == "erase-open"


def test_after_an_erasure_observations_are_only_added_to_again(database, home):
    """The guard is back for everybody."""
    run(database)
    with database.work() as work:
        stage.household(work, "Baru")
        told = {"observed_on": work.today, "recorded_at": work.now, "recorded_by": "x", "evidence": "rt_rw"}
        work.session.add(Observation(household_id=home, fact="floor", value='"soil"', **told))
    with pytest.raises(Exception, match="only ever added to"), database.work() as work:
        work.session.execute(text("DELETE FROM observations"))
