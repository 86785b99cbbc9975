"""What the database itself refuses, on both kinds."""

from datetime import date

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from casework.audit.models import AuditEntry
from casework.lists.models import BeneficiaryList, Entry, Hold
from tests.casework import stage


@pytest.fixture
def entry(database):
    """Give the id of an entry on a list."""
    with database.work() as work:
        home = stage.household(work, "Siti")
        days = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}
        listed = BeneficiaryList(
            number="D-1", service="pkh", program="x", state="draft", drafted_at=work.now, drafted_by="x", **days
        )
        entry = Entry(list=listed, household=home, place="listed", asked_on=work.today)
        work.session.add(entry)
        work.session.flush()
        return entry.id


def hold(database, entry, since, until, holder="p1"):
    with database.work() as work:
        work.session.add(Hold(slot="a|b", holder=holder, since=since, until=until, entry_id=entry))


def test_one_holder_holds_a_slot_once_at_a_time(database, entry):
    """A day in common is too much; the day after is not."""
    hold(database, entry, date(2026, 1, 1), date(2026, 6, 30))
    hold(database, entry, date(2026, 7, 1), date(2026, 12, 31))
    hold(database, entry, date(2026, 1, 1), date(2026, 6, 30), holder="p2")

    with pytest.raises(DatabaseError, match="holds_twice"):
        hold(database, entry, date(2026, 12, 31), date(2027, 12, 31))


def test_the_audit_log_is_only_ever_added_to(database):
    """Neither changed nor shortened, whoever asks the database."""
    with database.work() as work:
        work.record("looked", "household", 1)
    for statement in (update(AuditEntry).values(actor="nobody"), text("DELETE FROM audit_log")):
        with pytest.raises(DatabaseError, match="only ever added to"), database.work() as work:
            work.session.execute(statement)
