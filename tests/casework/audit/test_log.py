"""The audit log: one chain over everything that was done, without whole numbers, and what was altered in it is found."""

import threading

import pytest
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


def test_numbers_of_accounts_and_telephones_do_not_reach_it_either(sqlite):
    """Nor a population number that is no text; amounts and checksums stay as they are."""
    checksum = "a1234567890123b" * 4
    do(
        sqlite,
        account="rek. 002101000123305",
        told={"08123456789": 3506074203800000},
        total=9_999_999_999,
        sha=checksum,
    )
    with sqlite.reading() as work:
        details = work.session.query(AuditEntry).one().details

    assert details == {
        "account": "rek. *************05",
        "told": {"*********89": "350607********00"},
        "total": 9_999_999_999,
        "sha": checksum,
    }


@pytest.fixture
def tampered(database):
    """Give a way to write around the office into a log of six entries: without its guards, and without any key."""
    for number in range(6):
        do(database, f"looked.{number}", number=number)

    def tamper(*statements):
        with database.engine.begin() as connection:
            if database.is_sqlite:
                for event in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS audit_log_kept_{event}"))
            else:
                connection.execute(text("DROP TRIGGER IF EXISTS audit_log_kept ON audit_log"))
            for statement in statements:
                connection.execute(text(statement))
        return verified(database)[1]

    return tamper


@pytest.mark.parametrize("column", ["actor", "action", "kind", "about", "signature"])
def test_an_altered_entry_is_found(tampered, column):
    """Whatever was altered in it; a false signature is missed by the next entry too."""
    found = tampered(f"UPDATE audit_log SET {column} = 'x' WHERE id = 2")

    assert found == [log.Broken(id_, "altered") for id_ in ((2, 3) if column == "signature" else (2,))]


@pytest.mark.parametrize("change", ["account_id = 7", "details = '{}'", "at = '2026-01-01 00:00:00'"])
def test_altered_details_and_moments_are_found(tampered, change):
    """And as whom it was done."""
    assert tampered(f"UPDATE audit_log SET {change} WHERE id = 1") == [log.Broken(1, "altered")]


def test_an_entry_that_was_taken_out_is_missed(tampered):
    """In the middle and at the beginning."""
    found = tampered("DELETE FROM audit_log WHERE id IN (1, 4)")

    assert found == [log.Broken(2, "gap"), log.Broken(5, "gap")]


def test_entries_that_changed_places_are_found(tampered):
    """Each is signed with its number and with the one before."""
    found = tampered("UPDATE audit_log SET id = 99 WHERE id = 2", "UPDATE audit_log SET id = 2 WHERE id = 3")
    assert log.Broken(2, "altered") in found

    found = tampered("UPDATE audit_log SET id = 3 WHERE id = 99")
    assert found == [log.Broken(id_, "altered") for id_ in (2, 3, 4)]


def test_an_entry_that_was_put_in_is_found(tampered):
    """As the last one, with everything an earlier one has."""
    found = tampered(
        "INSERT INTO audit_log SELECT 7, at, actor, account_id, action, kind, about, details, signature "
        "FROM audit_log WHERE id = 6"
    )

    assert found == [log.Broken(7, "altered"), log.Broken(7, "cut")]


def test_an_end_that_was_cut_off_is_missed(tampered):
    """Nothing else shows it: what is left is whole."""
    assert tampered("DELETE FROM audit_log WHERE id > 4") == [log.Broken(4, "cut")]


def test_a_log_that_was_emptied_is_missed(tampered):
    """All of it at once."""
    assert tampered("DELETE FROM audit_log") == [log.Broken(0, "cut")]


def test_going_on_does_not_cover_it_up(tampered, database):
    """Neither what was cut off, nor an end that was made to fit."""
    tampered("DELETE FROM audit_log WHERE id > 4")
    do(database)
    assert verified(database) == (7, [log.Broken(7, "gap")])

    tampered("DELETE FROM audit_log WHERE id = 7", "DELETE FROM audit_head")
    assert verified(database) == (4, [log.Broken(4, "end")])
    do(database)
    do(database)
    assert verified(database) == (6, [log.Broken(5, "altered")])


def test_an_end_cannot_be_made_by_whoever_has_no_key(tampered):
    """Taking the signature of an entry for it, or the end of another number."""
    cut = "DELETE FROM audit_log WHERE id > 4"
    forged = "UPDATE audit_head SET last = 4, entry_signature = (SELECT signature FROM audit_log WHERE id = 4)"

    assert tampered(cut, forged) == [log.Broken(4, "end")]


def test_only_an_end_kept_elsewhere_shows_that_everything_was_put_back(tampered, database):
    """Log and end together, as they once were: by itself that is whole."""
    with database.reading() as work:
        early = log.end(work)
    head = "UPDATE audit_head SET last = {}, entry_signature = '{}', signature = '{}'"
    with database.engine.connect() as connection:
        before = connection.execute(text("SELECT last, entry_signature, signature FROM audit_head")).one()
    do(database)
    do(database)
    with database.reading() as work:
        late = log.end(work)
        assert log.stands(work, early) and log.stands(work, late) and log.stands(work, log.End(0, ""))

    assert tampered("DELETE FROM audit_log WHERE id > 6", head.format(*before)) == []
    with database.reading() as work:
        assert (log.stands(work, early), log.stands(work, late)) == (True, False)
    do(database)
    do(database, "something else")
    with database.reading() as work:
        assert log.stands(work, late) is False


def test_a_part_is_checked_with_what_it_follows_on(tampered, database):
    """A page of it, in the time of a page; what follows on an entry that is gone is not whole."""
    tampered("UPDATE audit_log SET actor = 'x' WHERE id = 4", "DELETE FROM audit_log WHERE id = 2")
    with database.reading() as work:
        assert log.broken_among(work, [1, 5, 6]) == set()
        assert log.broken_among(work, [3]) == {3}
        assert log.broken_among(work, range(1, 9)) == {3, 4}


def test_details_come_back_as_they_were_signed(database):
    """Numbers as names, pairs and signs of all scripts."""
    do(database, counts={10: 1, 9: (2, "\N{CJK UNIFIED IDEOGRAPH-4E2D}")}, share=0.1, none=None, yes=True)

    assert verified(database) == (1, [])


def test_many_at_once_make_one_chain(database):
    """Nobody's entry is lost, and none stands beside the chain."""
    threads = [threading.Thread(target=do, args=(database,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert verified(database) == (12, [])
