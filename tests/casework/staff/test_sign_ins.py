"""Who is signed in: until when a token counts, and what ends it at once."""

from datetime import timedelta

from casework.staff import sign_ins
from casework.staff.accounts import block, give_post, reset, take_post
from casework.staff.actors import Post
from casework.staff.models import Account, SignIn
from tests.casework.staff.conftest import account_of, keyed, settled


def signed_in(database, token):
    return sign_ins.actor_of(database, token) is not None


def test_a_token_is_kept_as_a_hash_only(sqlite):
    """Whoever reads the table is signed in nowhere."""
    _, token = settled(sqlite)
    with sqlite.reading() as work:
        kept = [one.token_hash for one in work.session.query(SignIn)]

    assert token not in kept and not any(signed_in(sqlite, one) for one in kept)
    assert signed_in(sqlite, token)


def test_half_an_hour_without_work_ends_it(sqlite, clock):
    """Whoever goes on working stays, in steps of less."""
    _, token = settled(sqlite)
    for _ in range(3):
        clock.moment += timedelta(minutes=29)
        assert signed_in(sqlite, token)
    clock.moment += timedelta(minutes=30)

    assert not signed_in(sqlite, token)


def test_ten_hours_end_it_however_busy(sqlite, clock):
    """A working day."""
    _, token = settled(sqlite)
    began = clock.moment
    while clock.moment < began + timedelta(hours=10) - timedelta(minutes=20):
        clock.moment += timedelta(minutes=20)
        assert signed_in(sqlite, token) == (clock.moment < began + timedelta(hours=10))
    clock.moment = began + timedelta(hours=10)

    assert not signed_in(sqlite, token)


def test_signing_out_ends_this_browser_only(sqlite):
    """And it is on record."""
    one, token = settled(sqlite)
    with sqlite.work() as work:
        other = sign_ins.begin(work, work.session.get_one(Account, one.account), complete=True)
    with sqlite.work() as work:
        sign_ins.leave(work, token)

    assert (signed_in(sqlite, token), signed_in(sqlite, other)) == (False, True)


def test_the_other_browsers_can_be_signed_out(sqlite):
    """From one's own page, where they are listed."""
    one, token = settled(sqlite)
    with sqlite.work() as work:
        other = sign_ins.begin(work, work.session.get_one(Account, one.account), complete=True)
        begun = sign_ins.begin(work, work.session.get_one(Account, one.account), complete=False)
    with sqlite.reading() as work:
        assert [browser.here for browser in sign_ins.running(work, one.account, token)] == [True, False]
    with sqlite.work() as work:
        sign_ins.end_others(work, token)

    assert [signed_in(sqlite, each) for each in (token, other, begun)] == [True, False, False]


def test_blocking_ends_it_at_once_and_everywhere(database):
    """Not at the next sign-in."""
    _, token = settled(database)
    with database.work() as work:
        block(work, account_of(database, "rt").id)

    assert not signed_in(database, token)


def test_helping_somebody_back_in_ends_what_runs(sqlite):
    """Whoever has the browser that was lost is out."""
    one, token = settled(sqlite)
    with sqlite.work() as work:
        reset(work, one.account, factor=False)

    assert not signed_in(sqlite, token)


def test_a_post_counts_from_the_next_page_on(sqlite):
    """Given or taken, without signing in again."""
    one, token, _ = keyed(sqlite, "petugas", "ppid")
    with sqlite.work() as work:
        give_post(work, one.account, Post("head"))
    assert sign_ins.actor_of(sqlite, token).may("decision.decide")
    with sqlite.work() as work:
        take_post(work, one.account, account_of(sqlite, "petugas").posts[1].id)

    assert not sign_ins.actor_of(sqlite, token).may("decision.decide")


def test_a_post_that_needs_a_second_factor_is_not_used_without_one(sqlite):
    """Whoever signed in with a password alone signs in again."""
    one, token = settled(sqlite, "rt", "rt_rw")
    with sqlite.work() as work:
        give_post(work, one.account, Post("head"))

    assert not signed_in(sqlite, token)


def test_old_sign_ins_are_not_kept(sqlite, clock):
    """They say when somebody worked."""
    one, _ = settled(sqlite)
    clock.moment += timedelta(days=31)
    with sqlite.work() as work:
        sign_ins.begin(work, work.session.get_one(Account, one.account), complete=True)
    with sqlite.reading() as work:
        assert work.session.query(SignIn).count() == 1
