"""A commit that fails takes nothing with it, and leaves nothing behind."""

import pytest
from sqlalchemy import select

from casework.people.models import Village
from tests.casework import stage


class Broken(Exception):
    """The disk is full."""


def test_after_a_commit_that_failed_the_next_one_stands_alone(database, monkeypatch):
    """The connection goes back without the transaction: it holds no lock, and nobody commits what had failed."""

    def fail(connection):
        raise Broken

    with monkeypatch.context() as patch:
        patch.setattr(database.engine.dialect, "do_commit", fail)
        with pytest.raises(Broken), database.work() as work:
            work.session.add(Village(code=stage.VILLAGE))

    with database.work() as work:
        work.session.add(Village(code=stage.OTHER_VILLAGE))
    with database.reading() as work:
        assert list(work.session.scalars(select(Village.code))) == [stage.OTHER_VILLAGE]
