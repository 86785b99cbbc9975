"""Accounts: who makes and changes them, that nobody gives oneself a right, and that one administrator always stays."""

import threading

import pytest

from casework.audit.models import AuditEntry
from casework.refusals import ChangedMeanwhile, NotAllowed, NotFound, Refused
from casework.staff import accounts, passwords, sign_ins, signing_in
from casework.staff.actors import EVERYWHERE, SYSTEM, Actor, Area, Post
from casework.staff.rights import ROLES
from tests.casework.staff.conftest import OWN, account_of, keyed, left, made

ADMINISTRATOR = Post("administrator")


def actor(database, login):
    return sign_ins.actor_for(account_of(database, login))


def refusal(change, database, who=SYSTEM):
    """What a change is refused for; None: it is not."""
    try:
        with database.work(who) as work:
            change(work)
    except Refused as refused:
        return refused.code
    return None


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"administrator"}))
def test_only_an_administrator_sees_and_changes_accounts(sqlite, role):
    """No other role, whatever it tries."""
    one = made(sqlite, "rt", "rt_rw")
    made(sqlite, "lain", role)
    who = actor(sqlite, "lain")
    tries = [
        lambda work: accounts.make_account(work, "baru", "Baru"),
        lambda work: accounts.give_post(work, one.account, ADMINISTRATOR),
        lambda work: accounts.take_post(work, one.account, 1),
        lambda work: accounts.block(work, one.account),
        lambda work: accounts.unblock(work, one.account),
        lambda work: accounts.reset(work, one.account, factor=True),
        lambda work: accounts.accounts(work),
        lambda work: accounts.account(work, one.account),
    ]

    assert [refusal(change, sqlite, who) for change in tries] == ["not-allowed"] * len(tries)


def test_an_account_is_made_with_a_password_that_nobody_sees_again(sqlite):
    """What is kept is a hash; on record stands who made it, not the password."""
    made(sqlite, "admin", "administrator")
    with sqlite.work(actor(sqlite, "admin")) as work:
        one = accounts.make_account(work, " Budi.C ", "  Budi   Contoh ", [Post("rt_rw", Area("35.06.07.2001"))])
    kept = account_of(sqlite, "budi.c")

    assert (kept.name, kept.must_change) == ("Budi Contoh", True)
    assert one.password not in kept.password_hash and passwords.fits(kept.password_hash, one.password)
    with sqlite.reading() as work:
        entry = work.session.query(AuditEntry).filter_by(action="account.made", about=str(one.account)).one()
        assert entry.actor == "Contoh admin" and one.password not in str(entry.details)
        assert entry.details["posts"] == [{"role": "rt_rw", "village": "35.06.07.2001"}]


@pytest.mark.parametrize(
    ("login", "name", "code"),
    [
        ("a", "Budi", "staff-login"),
        ("budi contoh", "Budi", "staff-login"),
        ("-budi", "Budi", "staff-login"),
        ("b" * 41, "Budi", "staff-login"),
        ("budi", " ", "staff-name"),
        ("budi", "B" * 101, "staff-name"),
        ("3506074203800000", "Budi", "staff-number"),
        ("budi", "Budi 3506074203800000", "staff-number"),
        ("RT", "Budi", "staff-login-taken"),
    ],
)
def test_what_an_account_cannot_be_called(sqlite, login, name, code):
    """Nor by a population number: the name stands beside all that somebody does."""
    made(sqlite, "rt", "rt_rw")

    assert refusal(lambda work: accounts.make_account(work, login, name), sqlite) == code


def test_one_login_is_given_once_even_at_the_same_moment(database):
    """The later one is told."""
    told = []

    def make():
        told.append(refusal(lambda work: accounts.make_account(work, "siti", "Siti", (), password), database))

    password = passwords.one_time()
    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, told)) == ["None"] + ["staff-login-taken"] * 5


def test_nobody_changes_an_account_of_ones_own(sqlite):
    """No right, no way back in, no block; the record would show nobody else."""
    one = made(sqlite, "admin", "administrator")
    made(sqlite, "lain", "administrator")
    who = actor(sqlite, "admin")
    post = account_of(sqlite, "admin").posts[0].id
    tries = [
        lambda work: accounts.give_post(work, one.account, Post("head")),
        lambda work: accounts.take_post(work, one.account, post),
        lambda work: accounts.block(work, one.account),
        lambda work: accounts.reset(work, one.account, factor=True),
    ]

    assert [refusal(change, sqlite, who) for change in tries] == ["staff-own"] * 4


def test_the_last_administrator_stays(sqlite):
    """Neither blocked nor without the post, whoever asks; a blocked one does not count as another."""
    one, other = made(sqlite, "admin", "administrator"), made(sqlite, "lain", "administrator")
    posts = {login: account_of(sqlite, login).posts[0].id for login in ("admin", "lain")}

    assert refusal(lambda work: accounts.block(work, other.account), sqlite) is None
    assert refusal(lambda work: accounts.block(work, one.account), sqlite) == "staff-last-administrator"
    assert refusal(lambda work: accounts.take_post(work, one.account, posts["admin"]), sqlite) == (
        "staff-last-administrator"
    )
    assert refusal(lambda work: accounts.unblock(work, other.account), sqlite) is None
    assert refusal(lambda work: accounts.take_post(work, one.account, posts["admin"]), sqlite) is None
    assert refusal(lambda work: accounts.take_post(work, other.account, posts["lain"]), sqlite) == (
        "staff-last-administrator"
    )


@pytest.mark.parametrize("how", ["block", "take"])
def test_two_administrators_who_remove_each_other_at_once_leave_one(database, how):
    """The later one is refused."""
    ids = {login: made(database, login, "administrator").account for login in ("satu", "dua")}
    posts = {login: account_of(database, login).posts[0].id for login in ids}
    who = {login: actor(database, login) for login in ids}
    told = []

    def remove(mine, theirs):
        def change(work):
            if how == "block":
                accounts.block(work, ids[theirs])
            else:
                accounts.take_post(work, ids[theirs], posts[theirs])

        told.append(refusal(change, database, who[mine]))

    threads = [threading.Thread(target=remove, args=pair) for pair in (("satu", "dua"), ("dua", "satu"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, told)) == ["None", "staff-last-administrator"]


def test_whoever_does_not_administrate_can_be_blocked_and_let_in_again(sqlite):
    """With the posts there were."""
    one = made(sqlite, "rt", "rt_rw")
    with sqlite.work() as work:
        accounts.block(work, one.account)
    assert signing_in.give_password(sqlite, "rt", one.password) is None
    with sqlite.work() as work:
        accounts.unblock(work, one.account)

    assert signing_in.give_password(sqlite, "rt", one.password)
    assert [post.role for post in account_of(sqlite, "rt").posts] == ["rt_rw"]


def test_a_post_is_given_once_and_taken_by_its_number(sqlite):
    """On record with its area; one of another account is not found."""
    one, other = made(sqlite, "budi"), made(sqlite, "rt", "rt_rw")
    post = Post("bidang_staff", EVERYWHERE, frozenset({"rehabilitasi_sosial"}), secrets=False)
    with sqlite.work() as work:
        accounts.give_post(work, one.account, post)
    row = account_of(sqlite, "budi").posts[0]

    assert actor(sqlite, "budi").posts == (post,)
    assert refusal(lambda work: accounts.give_post(work, one.account, post._replace(secrets=True)), sqlite) == (
        "staff-post-twice"
    )
    assert refusal(lambda work: accounts.take_post(work, other.account, row.id), sqlite) == "not-found"
    with sqlite.work() as work:
        accounts.take_post(work, one.account, row.id)
    assert actor(sqlite, "budi").posts == ()
    with sqlite.reading() as work:
        taken = work.session.query(AuditEntry).filter_by(action="account.post_taken").one()
        said = taken.details["post"]
    assert said == {"role": "bidang_staff", "programs": ["rehabilitasi_sosial"], "secrets": False}


def test_of_two_who_change_one_account_the_later_is_told(database):
    """Also when only posts changed, and not when somebody merely signed in."""
    one = made(database, "rt", "rt_rw")
    shown = account_of(database, "rt").version
    signing_in.give_password(database, "rt", "wrong")
    with database.work() as work:
        accounts.give_post(work, one.account, Post("ppid"), shown)
    with pytest.raises(ChangedMeanwhile), database.work() as work:
        accounts.give_post(work, one.account, Post("analyst"), shown)

    assert [post.role for post in account_of(database, "rt").posts] == ["rt_rw", "ppid"]


def test_whoever_lost_the_telephone_sets_up_a_new_one(sqlite):
    """With a password that was handed over; password and codes of before are of no use."""
    one, _, _ = keyed(sqlite)
    with sqlite.work() as work:
        again = accounts.reset(work, one.account, factor=True)
    assert signing_in.give_password(sqlite, "kepala", OWN) is None
    token = signing_in.give_password(sqlite, "kepala", again.password)
    token = signing_in.choose_password(sqlite, token, OWN)

    assert left(sqlite, token) == "key"


def test_whoever_forgot_the_password_still_needs_the_telephone(sqlite):
    """A handed-over password alone opens nothing; it ends the wait, too."""
    one, _, _ = keyed(sqlite)
    for _ in range(6):
        signing_in.give_password(sqlite, "kepala", "wrong")
    with sqlite.work() as work:
        again = accounts.reset(work, one.account, factor=False)

    assert left(sqlite, signing_in.give_password(sqlite, "kepala", again.password)) == "code"


def test_accounts_are_found_by_login_and_name(sqlite):
    """A sign that stands for any other elsewhere is only itself."""
    for login in ("siti", "budi", "rt_01"):
        made(sqlite, login)
    with sqlite.reading() as work:
        assert [one.login for one in accounts.accounts(work, "SIT")] == ["siti"]
        assert [one.login for one in accounts.accounts(work, "_")] == ["rt_01"]
        assert len(accounts.accounts(work)) == 3
        assert accounts.account_of(work, " BUDI ").name == "Contoh budi"
        with pytest.raises(NotFound):
            accounts.account(work, 99)
    with pytest.raises(NotAllowed), sqlite.reading(Actor("somebody")) as work:
        accounts.account_of(work, "budi")
