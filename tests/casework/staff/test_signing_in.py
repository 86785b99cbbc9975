"""The way in: what each step asks, that a code counts once, and that guessing leads nowhere."""

import threading
from datetime import timedelta

import pyotp
import pytest

from casework.audit.models import AuditEntry
from casework.refusals import Refused
from casework.staff import sign_ins, signing_in
from casework.staff.accounts import block
from tests.casework.staff.conftest import OWN, account_of, code, keyed, left, made, settled


def actor_of(database, token):
    return sign_ins.actor_of(database, token)


def recorded(database, action):
    with database.reading() as work:
        return [(one.actor, one.about, one.details) for one in work.session.query(AuditEntry).filter_by(action=action)]


def test_a_new_member_of_staff_comes_in_by_three_steps(database, clock):
    """The handed-over password, one of their own, a key for the codes; before the last step nothing is open."""
    one = made(database, "kepala", "head")
    key = pyotp.random_base32()

    first = signing_in.give_password(database, "kepala", one.password)
    assert (left(database, first), actor_of(database, first)) == ("password", None)
    second = signing_in.choose_password(database, first, OWN)
    assert (left(database, second), actor_of(database, second)) == ("key", None)
    third = signing_in.take_key(database, second, key, code(database, key))
    assert (left(database, third), actor_of(database, third).account) == (None, one.account)

    assert len({first, second, third}) == 3
    assert left(database, first) is None and left(database, second) is None


def test_from_then_on_password_and_code_are_asked(database, clock):
    """In this order, each with a new token."""
    one, _, key = keyed(database)
    clock.moment += timedelta(minutes=1)

    first = signing_in.give_password(database, "kepala", OWN)
    assert (left(database, first), actor_of(database, first)) == ("code", None)
    second = signing_in.give_code(database, first, code(database, key))
    assert second != first and actor_of(database, second).account == one.account
    assert left(database, first) is None


def test_heads_of_rt_need_no_second_factor(database):
    """They only write down what they saw."""
    one, token = settled(database, "rt", "rt_rw")

    assert actor_of(database, token).account == one.account


@pytest.mark.parametrize("role", ["applicant_desk", "village_operator", "bidang_staff", "ppid", "administrator"])
def test_staff_never_come_in_without_one(sqlite, role):
    """Whatever their role."""
    _, token = settled(sqlite, "petugas", role)

    assert (left(sqlite, token), actor_of(sqlite, token)) == ("key", None)


def test_a_code_counts_once_and_so_does_no_earlier_one(database, clock):
    """Whoever looks over a shoulder has nothing of it."""
    _, _, key = keyed(database)
    clock.moment += timedelta(minutes=2)
    now, before = code(database, key), code(database, key, -1)

    assert signing_in.give_code(database, signing_in.give_password(database, "kepala", OWN), now)
    again = signing_in.give_password(database, "kepala", OWN)
    assert signing_in.give_code(database, again, now) is None
    assert signing_in.give_code(database, again, before) is None
    clock.moment += timedelta(seconds=30)
    assert signing_in.give_code(database, again, code(database, key))


def test_one_code_at_two_browsers_lets_one_in(database, clock):
    """Also when both send it in the same moment."""
    _, _, key = keyed(database)
    clock.moment += timedelta(minutes=2)
    tokens = [signing_in.give_password(database, "kepala", OWN) for _ in range(4)]
    now, inside = code(database, key), []
    threads = [
        threading.Thread(target=lambda token=token: inside.append(signing_in.give_code(database, token, now)))
        for token in tokens
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(inside) == 4 and sum(token is not None for token in inside) == 1


@pytest.mark.parametrize("later", [-2, 2])
def test_a_code_of_another_time_does_not_count(sqlite, clock, later):
    """Clocks may be wrong by half a minute, not by a minute."""
    _, _, key = keyed(sqlite)
    clock.moment += timedelta(minutes=5)
    token = signing_in.give_password(sqlite, "kepala", OWN)

    assert signing_in.give_code(sqlite, token, code(sqlite, key, later)) is None


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "٤٢", "1" * 400])
def test_what_is_no_code_does_not_count(sqlite, clock, typed):
    """Whatever it is."""
    keyed(sqlite)

    assert signing_in.give_code(sqlite, signing_in.give_password(sqlite, "kepala", OWN), typed) is None


def test_a_code_may_be_typed_with_a_gap(sqlite, clock):
    """As apps show it."""
    _, _, key = keyed(sqlite)
    clock.moment += timedelta(minutes=1)
    now = code(sqlite, key)

    token = signing_in.give_password(sqlite, "kepala", OWN)
    assert signing_in.give_code(sqlite, token, f"{now[:3]} {now[3:]}")


def test_unknown_blocked_and_wrong_are_answered_alike(database):
    """Nothing tells which logins there are."""
    settled(database, "rt")
    made(database, "rw", "rt_rw")
    with database.work() as work:
        block(work, account_of(database, "rw").id)

    assert signing_in.give_password(database, "nobody", OWN) is None
    assert signing_in.give_password(database, "rw", OWN) is None
    assert signing_in.give_password(database, "rt", "wrong") is None
    assert signing_in.give_password(database, " RT ", OWN)


def test_after_five_failures_an_account_waits_longer_each_time(database, clock):
    """One minute, two, four; whoever has the password waits too."""
    settled(database, "rt")
    waits = []
    for _ in range(5):
        assert signing_in.give_password(database, "rt", "wrong") is None
    for _ in range(4):
        waits.append(account_of(database, "rt").locked_until - clock.moment)
        assert signing_in.give_password(database, "rt", OWN) is None
        clock.moment = account_of(database, "rt").locked_until
        signing_in.give_password(database, "rt", "wrong")

    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    clock.moment = account_of(database, "rt").locked_until
    assert signing_in.give_password(database, "rt", OWN)
    assert account_of(database, "rt").failures == 0


def test_nobody_waits_for_ever():
    """At most an hour, after however many failures."""
    waits = [signing_in.wait_after(failures) for failures in (0, 4, 5, 6, 10, 11, 12, 10_000)]

    assert waits[:2] == [None, None]
    assert [wait.total_seconds() / 60 for wait in waits[2:]] == [1, 2, 32, 60, 60, 60]


def test_many_guesses_at_once_are_not_more_than_one_after_the_other(database):
    """An attempt is counted before it is looked at."""
    settled(database, "rt")
    before = account_of(database, "rt").failures
    threads = [
        threading.Thread(target=signing_in.give_password, args=(database, "rt", f"guess {number}"))
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (before, account_of(database, "rt").failures) == (0, 5)


def test_codes_are_guessed_no_more_often_than_passwords(sqlite, clock):
    """The right password between them does not begin the count anew."""
    _, _, key = keyed(sqlite)
    clock.moment += timedelta(minutes=1)
    for _ in range(5):
        token = signing_in.give_password(sqlite, "kepala", OWN)
        assert signing_in.give_code(sqlite, token, "000000") is None

    assert account_of(sqlite, "kepala").locked_until > clock.moment
    assert signing_in.give_code(sqlite, token, code(sqlite, key)) is None
    assert signing_in.give_password(sqlite, "kepala", OWN) is None


def test_what_happens_at_the_door_is_on_record_without_what_was_typed(sqlite):
    """Failures and successes, by account; of unknown logins only how many."""
    one, _ = settled(sqlite, "rt")
    signing_in.give_password(sqlite, "rt", "wrong wrong wrong")
    signing_in.give_password(sqlite, "mypassword", "rt")

    assert recorded(sqlite, "sign_in.failed") == [
        ("sistem", str(one.account), {"step": "password", "failures": 1, "waits": False})
    ]
    assert recorded(sqlite, "sign_in.done") == [("Contoh rt", str(one.account), {"second": False})]
    with sqlite.reading() as work:
        everything = str([(e.about, e.details) for e in work.session.query(AuditEntry)])
    assert "wrong wrong" not in everything and "mypassword" not in everything


def test_a_handed_over_password_counts_for_a_week(sqlite, clock):
    """Found on a slip of paper later, it opens nothing."""
    one = made(sqlite, "rt", "rt_rw")
    clock.moment += timedelta(days=7) - timedelta(seconds=1)
    assert signing_in.give_password(sqlite, "rt", one.password)
    clock.moment += timedelta(seconds=1)
    assert signing_in.give_password(sqlite, "rt", one.password) is None


def test_a_handed_over_password_must_be_changed_for_another(sqlite):
    """Neither the same nor a weak one will do; the step can be taken again."""
    one = made(sqlite, "rt", "rt_rw")
    token = signing_in.give_password(sqlite, "rt", one.password)

    for new, refusal in ((one.password, "staff-password-same"), ("short", "staff-password-short")):
        with pytest.raises(Refused) as refused:
            signing_in.choose_password(sqlite, token, new)
        assert refused.value.code == refusal
    assert signing_in.choose_password(sqlite, token, OWN)
    assert signing_in.give_password(sqlite, "rt", one.password) is None


def test_steps_cannot_be_taken_out_of_turn(sqlite):
    """A token does only for what it is half way to."""
    one = made(sqlite, "kepala", "head")
    token = signing_in.give_password(sqlite, "kepala", one.password)
    key = pyotp.random_base32()

    assert signing_in.take_key(sqlite, token, key, code(sqlite, key)) is None
    assert signing_in.give_code(sqlite, token, code(sqlite, key)) is None
    assert signing_in.choose_password(sqlite, "something else", OWN) is None
    whole = keyed(sqlite, "lain")[1]
    assert signing_in.choose_password(sqlite, whole, OWN + " lagi") is None


def test_whoever_takes_too_long_begins_anew(sqlite, clock):
    """Half signed in lasts a quarter of an hour."""
    one = made(sqlite, "rt", "rt_rw")
    token = signing_in.give_password(sqlite, "rt", one.password)
    clock.moment += timedelta(minutes=15)

    assert signing_in.choose_password(sqlite, token, OWN) is None


def test_a_key_in_a_form_counts_for_its_own_sign_in_only(sqlite):
    """Nobody is brought to scan a key that somebody else knows."""
    tokens = [settled(sqlite, login, "head")[1] for login in ("satu", "dua")]
    with sqlite.reading() as work:
        one, other = (sign_ins.half_way(work, token) for token in tokens)
        sealed = signing_in.sealed_key(work, one, "ABCD")

        assert signing_in.opened_key(work, one, sealed) == "ABCD"
        assert signing_in.opened_key(work, other, sealed) is None
        for forged in ("", "ABCD", "00" * 40, sealed[:-2] + "00", "é"):
            assert signing_in.opened_key(work, one, forged) is None


def test_the_key_is_kept_sealed(sqlite):
    """Whoever reads the table has no codes."""
    _, _, key = keyed(sqlite)
    account = account_of(sqlite, "kepala")

    assert key.encode() not in account.totp_sealed
    assert account.opened(sqlite.keys, "totp") == key


def test_a_changed_password_signs_all_other_browsers_out(database, clock):
    """The one where it was changed goes on with a new token."""
    one, first = settled(database, "rt")
    second = signing_in.give_password(database, "rt", OWN)

    assert signing_in.change_password(database, one.account, "wrong", "lima sapi minum air") is None
    token = signing_in.change_password(database, one.account, OWN, "lima sapi minum air")

    assert [actor_of(database, one) is not None for one in (first, second, token)] == [False, False, True]
    assert signing_in.give_password(database, "rt", OWN) is None


def test_the_old_password_is_not_guessed_by_changing_it(sqlite):
    """Those failures count as at the door."""
    one, _ = settled(sqlite, "rt")
    for _ in range(5):
        signing_in.change_password(sqlite, one.account, "wrong", "lima sapi minum air")

    assert signing_in.change_password(sqlite, one.account, OWN, "lima sapi minum air") is None
    assert account_of(sqlite, "rt").locked_until is not None
