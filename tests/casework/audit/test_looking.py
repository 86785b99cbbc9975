"""Looking into the log: by who, what, about what and when; in pages; and details only for whoever may know them."""

from datetime import date, timedelta

import pytest

from casework.audit import looking
from casework.audit.looking import Wanted, look
from casework.refusals import NotAllowed
from casework.staff.actors import SYSTEM, Actor, Post

HEAD, PPID = Actor("Kepala", 1, (Post("head"),)), Actor("PPID", 2, (Post("ppid"),))
UNKNOWING = Actor("Kepala lain", 3, (Post("head", secrets=False),))


@pytest.fixture
def log(database, clock):
    """Give a database in which two worked on three days, the first from one in the morning in Kediri."""
    clock.moment -= timedelta(hours=8)
    for name, action, kind, about in (
        ("Siti Contoh", "case.read", "case", "K-1"),
        ("Siti Contoh", "case.moved", "case", "K-1"),
        ("Budi_Contoh", "household.read", "household", "7"),
        ("Budi Contoh", "account.made", "account", "7"),
    ):
        with database.work(Actor(name, 7 if name[0] == "B" else 8)) as work:
            work.record(action, kind, about, said=f"{action} said")
        clock.moment += timedelta(hours=20)
    return database


def actions(database, **wanted):
    with database.reading(HEAD) as work:
        return [one.action for one in look(work, Wanted(**wanted)).entries if one.action != "audit.read"]


def test_the_newest_comes_first(log):
    """Everything, where nothing is asked for."""
    assert actions(log) == ["account.made", "household.read", "case.moved", "case.read"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"who": "siti"}, ["case.moved", "case.read"]),
        ({"who": "i_c"}, ["household.read"]),
        ({"account": 7}, ["account.made", "household.read"]),
        ({"what": "case."}, ["case.moved", "case.read"]),
        ({"what": "case.read"}, ["case.read"]),
        ({"what": "read"}, []),
        ({"what": "%"}, []),
        ({"kind": "household"}, ["household.read"]),
        ({"about": "7"}, ["account.made", "household.read"]),
        ({"kind": "account", "about": "7"}, ["account.made"]),
        ({"since": date(2026, 11, 24)}, ["account.made", "household.read"]),
        ({"until": date(2026, 11, 23)}, ["case.moved", "case.read"]),
        ({"since": date(2026, 11, 23), "until": date(2026, 11, 23), "what": "case.r"}, ["case.read"]),
    ],
)
def test_what_is_asked_for_is_found(log, wanted, found):
    """A day is one of Kediri's clock; a name is looked for anywhere, an action from its beginning."""
    assert actions(log, **wanted) == found


def test_it_comes_in_pages_without_gaps_or_repetitions(sqlite, monkeypatch):
    """Each goes on before the last entry of the one above it, whatever was added meanwhile."""
    monkeypatch.setattr(looking, "AT_ONCE", 3)
    with sqlite.work() as work:
        for number in range(8):
            work.record(f"a.{number}", "case", "K-1")
    seen, before = [], None
    while True:
        with sqlite.reading(HEAD) as work:
            page = look(work, Wanted(what="a."), before)
        seen += [one.action for one in page.entries]
        assert page.count == 8
        before = page.before
        if before is None:
            break

    assert seen == [f"a.{number}" for number in reversed(range(8))]


def test_only_who_may_know_what_is_confidential_sees_what_was_done_in_files(log):
    """Of the office's own business all readers see it."""
    with log.reading(HEAD) as work:
        assert all(one.details for one in look(work, Wanted(what="case.")).entries)
    for who in (PPID, UNKNOWING):
        with log.reading(who) as work:
            shown = {one.action: one.details for one in look(work, Wanted()).entries}
        assert shown["account.made"] == {"said": "account.made said"}
        assert [shown[action] for action in ("case.read", "case.moved", "household.read")] == [None] * 3


def test_looking_is_on_record_and_so_is_checking(sqlite):
    """By whom and for what; going on to the next page is the same look."""
    with sqlite.reading(HEAD) as work:
        look(work, Wanted(who="siti", since=date(2026, 11, 1)))
    with sqlite.reading(HEAD) as work:
        look(work, Wanted(who="siti"), before=99)
    with sqlite.reading(HEAD) as work:
        assert looking.check(work) == (1, [])
    with sqlite.reading(SYSTEM) as work:
        page = look(work, Wanted(kind="audit"))

    assert [(one.actor, one.action, one.details) for one in page.entries] == [
        ("Kepala", "audit.verified", {"last": 1, "broken": 0}),
        ("Kepala", "audit.read", {"wanted": {"who": "siti", "since": "2026-11-01"}}),
    ]


def test_others_do_not_look(sqlite):
    """Neither at entries nor at whether they are whole."""
    for ask in (lambda work: look(work, Wanted()), looking.check, looking.kinds):
        with pytest.raises(NotAllowed), sqlite.reading(Actor("a", 1, (Post("bidang_staff"),))) as work:
            ask(work)
