"""Jobs: done at once without a queue, in another thread with one, and again after a crash."""

import threading

from casework.jobs import Jobs
from casework.people import imports, likeness
from casework.people.models import Import
from tests.casework.people import entered, lists


def uploaded(database):
    entered.villages(database)
    with database.work() as work:
        return imports.upload(work, "daftar.csv", lists.csv(lists.SUKARTI)).id


def state(database, id_):
    with database.reading() as work:
        return work.session.get_one(Import, id_).state


def confirmed(database, id_):
    with database.work() as work:
        imports.confirm(work, work.session.get_one(Import, id_))


def test_without_a_queue_a_job_is_done_when_it_is_asked_for(sqlite, office):
    """Reading a list, and bringing it in."""
    jobs, id_ = Jobs(sqlite, office.knowledge), uploaded(sqlite)
    jobs.read_import(id_)
    assert state(sqlite, id_) == "read"
    confirmed(sqlite, id_)
    jobs.apply_import(id_)

    assert state(sqlite, id_) == "applied"


def test_with_a_queue_whoever_asks_does_not_wait_and_another_thread_does_it(database, office, tmp_path, monkeypatch):
    """The list is still unread when the page comes back."""
    jobs, id_ = Jobs(database, office.knowledge, tmp_path / "var" / "jobs.db"), uploaded(database)
    done, real = threading.Event(), imports.read
    monkeypatch.setattr(imports, "read", lambda *args: (real(*args), done.set()))
    jobs.read_import(id_)
    assert state(database, id_) == "reading" and b"Painem" not in (tmp_path / "var" / "jobs.db").read_bytes()
    stop = jobs.start()
    try:
        assert done.wait(30)
    finally:
        stop()

    assert state(database, id_) == "read"


def test_what_a_crash_cut_off_is_done_when_the_jobs_begin_again(sqlite, office, tmp_path, monkeypatch):
    """Even when the queue is lost: the database says what waits."""
    id_ = uploaded(sqlite)
    imports.read(sqlite, office.knowledge, id_)
    confirmed(sqlite, id_)
    jobs = Jobs(sqlite, office.knowledge, tmp_path / "new.db")
    done, real = threading.Event(), imports.bring_in
    monkeypatch.setattr(imports, "bring_in", lambda *args: (real(*args), done.set()))
    stop = jobs.start()
    try:
        assert done.wait(30)
    finally:
        stop()

    assert state(sqlite, id_) == "applied"


def test_a_job_that_fails_tells_the_log_where_and_nothing_of_anybody(sqlite, office, monkeypatch, caplog):
    """A number in an error message is somebody's."""

    def fail(*args):
        raise ValueError(f"bad {entered.WOMAN}")

    jobs, id_ = Jobs(sqlite, office.knowledge), uploaded(sqlite)
    monkeypatch.setattr(imports, "read_sheet", fail)
    jobs.read_import(id_)

    assert state(sqlite, id_) == "refused"
    assert "read_import" in caplog.text and "ValueError" in caplog.text and entered.WOMAN not in caplog.text


def test_double_entries_are_looked_for_by_a_job(sqlite, office, monkeypatch):
    """It takes a while in a whole district."""
    asked = []
    monkeypatch.setattr(likeness, "find", asked.append)
    Jobs(sqlite, office.knowledge).find_likenesses()

    assert asked == [sqlite]
