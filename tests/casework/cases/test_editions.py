"""Editions are kept once and open again as what they were."""

import threading
import zlib

import pytest
from sqlalchemy import func, select

from casework.cases import editions
from casework.cases.models import Edition
from casework.refusals import NotFound, Refused


@pytest.fixture(autouse=True)
def nothing_opened():
    """Forget what other tests opened."""
    editions._opened.clear()


def test_an_edition_opens_again_as_it_was(database, office):
    """The same hash, and so the same files."""
    with database.work() as work:
        edition = editions.keep(work, office.knowledge)
    with database.reading() as work:
        found = editions.office_of(work, edition)
        assert found is not office
        assert found.knowledge.edition == office.knowledge.edition
        assert found.knowledge.texts == office.knowledge.texts
        assert editions.office_of(work, edition) is found
        assert editions.office_of(work, edition, office) is office


def test_an_edition_is_kept_once(sqlite, office):
    """However many answers are made with it."""
    for _ in range(3):
        with sqlite.work() as work:
            editions.keep(work, office.knowledge)
            editions.keep(work, office.knowledge)
    with sqlite.reading() as work:
        assert work.session.scalar(select(func.count()).select_from(Edition)) == 1


def test_two_who_keep_it_at_once_both_succeed(database, office):
    """Neither is refused because the other was faster."""
    ready, faults = threading.Barrier(4), []

    def keep():
        try:
            ready.wait()
            with database.work() as work:
                editions.keep(work, office.knowledge)
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=keep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with database.reading() as work:
        assert work.session.scalar(select(func.count()).select_from(Edition)) == 1


def test_an_edition_that_was_never_kept_is_not_found(sqlite):
    """No other one takes its place."""
    with pytest.raises(NotFound), sqlite.reading() as work:
        editions.office_of(work, "sha256:0")


@pytest.mark.parametrize(
    "spoilt", [b"", b"nonsense", zlib.compress(b"[]"), zlib.compress(b'{"facts_schema.yaml": "a"}')]
)
def test_an_altered_edition_is_refused(sqlite, office, spoilt):
    """Its hash says what it must be."""
    with sqlite.work() as work:
        editions.keep(work, office.knowledge)
        work.session.get_one(Edition, office.knowledge.edition).files = spoilt
    with pytest.raises(Refused, match="altered"), sqlite.reading() as work:
        editions.office_of(work, office.knowledge.edition)


def test_only_a_few_stay_open(sqlite, office):
    """The memory of a server does not grow with every edition that somebody looks back at."""
    with sqlite.work() as work:
        edition = editions.keep(work, office.knowledge)
        for number in range(10):
            editions._opened[f"sha256:{number}"] = office
        editions.office_of(work, edition)
    assert len(editions._opened) == 4
    assert edition in editions._opened
