"""The audit log: one chain over everything that was done, without whole numbers, and what was altered in it is found."""

import threading

from sqlalchemy import text

from casework.audit import log
from casework.audit.models import AuditEntry
from casework.staff.actors import SYSTEM


def verified(database):
    with database.reading() as work:
        return log.verify(work)


def do(database, action="looked", **details):
    with database.work(SYSTEM) as work:
        work.record(action, "household", 7, **details)


def test_what_is_done_stands_in_one_chain_that_holds(database):
    """One entry after the other, each signed."""
    for _ in range(3):
        do(database)

    assert verified(database) == (3, [])


def test_nothing_is_on_record_when_the_work_is_given_up(database):
    """Neither the work nor its record."""
    try:
        with database.work() as work:
            work.record("looked", "household", 7)
            raise ValueError
    except ValueError:
        pass

    assert verified(database) == (0, [])


def test_a_look_is_on_record_though_nothing_was_changed(database):
    """Every read of a person's file."""
    with database.reading() as work:
        work.record("looked", "household", 7)

    assert verified(database) == (1, [])


def test_whole_numbers_do_not_reach_the_log(database):
    """However deep they stand in the details."""
    do(database, changes={"told": ["3506074203800000"]})
    with database.reading() as work:
        details = work.session.query(AuditEntry).one().details

    assert details == {"changes": {"told": ["350607********00"]}}


def test_an_altered_entry_and_a_gap_are_found(sqlite):
    """By whoever took the guard off and knows no key."""
    for _ in range(4):
        do(sqlite)
    with sqlite.work() as work:
        for event in ("update", "delete"):
            work.session.execute(text(f"DROP TRIGGER audit_log_kept_{event}"))
        work.session.execute(text("UPDATE audit_log SET actor = 'nobody' WHERE id = 2"))
        work.session.execute(text("DELETE FROM audit_log WHERE id = 3"))

    assert verified(sqlite) == (4, [log.Broken(2, "altered"), log.Broken(4, "gap")])


def test_many_at_once_make_one_chain(database):
    """Nobody's entry is lost, and none stands beside the chain."""
    threads = [threading.Thread(target=do, args=(database,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert verified(database) == (12, [])
