"""The same done to many cases."""

import pytest
from sqlalchemy import func, select

from casework.audit.models import AuditEntry
from casework.cases.bulk import MOST, Pick, assigning, do_all, moving, preview
from casework.cases.models import Case, Move
from casework.cases.opening import open_case, submit
from casework.refusals import Refused
from casework.staff.actors import Area
from tests.casework import stage


@pytest.fixture
def picks(database, office):
    """Hand in three cases, the last in another village; gives them as they are shown."""
    places = (stage.VILLAGE, stage.VILLAGE, stage.OTHER_VILLAGE)
    found = []
    with database.work() as work:
        for name, village in zip(("Siti", "Budi", "Ani"), places, strict=True):
            case = open_case(work, office, stage.household(work, name, village=village), [("pkh", None)], "counter")
            submit(work, office, case)
            found.append(case)
        work.session.flush()
        return [Pick(case.number, case.version) for case in found]


def staff(database):
    with database.work() as work:
        return stage.actor(work, "bidang_staff", Area(stage.VILLAGE))


def states(database):
    with database.reading() as work:
        return list(work.session.scalars(select(Case.state).order_by(Case.id)))


def count(database, table):
    with database.reading() as work:
        return work.session.scalar(select(func.count()).select_from(table))


def test_a_preview_says_everything_and_changes_nothing(database, office, picks):
    """Not even the audit log; what lies elsewhere is not there."""
    actor, before = staff(database), (count(database, Move), count(database, AuditEntry))
    results = preview(database, actor, picks, moving(office.knowledge, "returned", "KK belum ada"))

    assert [(one.name, one.before, one.after, one.refused and one.refused.code) for one in results] == [
        ("Siti", "submitted", "returned", None),
        ("Budi", "submitted", "returned", None),
        ("", "", "", "not-found"),
    ]
    assert (count(database, Move), count(database, AuditEntry)) == before
    assert states(database) == ["submitted"] * 3


def test_each_is_done_by_itself(database, office, picks):
    """One that changed since it was shown is refused, and the others are done all the same."""
    actor = staff(database)
    with database.work() as work:
        work.session.scalars(select(Case).where(Case.number == picks[0].number)).one().urgent = True
    results = do_all(database, actor, picks, moving(office.knowledge, "returned", "KK belum ada"))

    assert [one.refused and one.refused.code for one in results] == ["changed-meanwhile", None, "not-found"]
    assert states(database) == ["submitted", "returned", "submitted"]


def test_many_are_taken_at_once(sqlite, office):
    """By whoever presses the button; and let go again."""
    actor = staff(sqlite)
    with sqlite.work() as work:
        case = open_case(work, office, stage.household(work, "Siti"), [("pkh", None)], "counter")
        number = case.number
    for account in (actor.account, None):
        with sqlite.reading() as work:
            version = work.session.scalar(select(Case.version))
        do_all(sqlite, actor, [Pick(number, version)], assigning(account))
        with sqlite.reading() as work:
            assert work.session.scalar(select(Case.assigned_to)) == account


@pytest.mark.parametrize(("count_", "code"), [(0, "case-none-chosen"), (MOST + 1, "case-too-many")])
def test_none_and_too_many_are_refused(sqlite, office, count_, code):
    """Before anything is looked at."""
    picks = [Pick(f"KDR-2026-{at:06}-0", 1) for at in range(count_)]
    with pytest.raises(Refused) as refused:
        do_all(sqlite, staff(sqlite), picks, moving(office.knowledge, "returned", "x"))

    assert refused.value.code == code
