"""`tepat user`: the very first account, and the way back in when nobody can sign in any more."""

import re

import pytest
from click.testing import CliRunner

from casework.staff import signing_in
from casework.staff.models import Account
from casework.staff.sign_ins import actor_for
from tepat.accounts import user_commands
from tepat.database import open_database
from tepat.main import Knowledge
from tests.casework import stage


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command of the group over a database of its own, which is not there before the first one."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/tepat.db")
    monkeypatch.setenv("TEPAT_DATA_KEYS", "A" * 43 + "=," + "B" * 43 + "=")

    def run_(*args):
        return CliRunner().invoke(user_commands, list(args), obj=Knowledge(stage.CHECKOUT), catch_exceptions=False)

    return run_


def password_in(result):
    return re.search(r"password: (\S+)", result.output)[1]


def account(login):
    database = open_database(stage.CHECKOUT)
    with database.reading() as work:
        found = work.session.query(Account).filter_by(login=login).one()
        work.session.expunge_all()
    database.close()
    return found


def test_every_command_has_help_with_an_example(run):
    """`--help` shows how it is used."""
    for command in ("add", "list", "post", "block", "reset"):
        shown = run(command, "--help")
        assert shown.exit_code == 0 and f"Example: tepat user {command}" in shown.output


def test_the_first_administrator_is_made_with_a_password_that_lets_in(run):
    """Where there was nothing before."""
    made = run("add", "siti", "Siti Contoh", "--role", "administrator")
    assert made.exit_code == 0
    database = open_database(stage.CHECKOUT)

    assert signing_in.give_password(database, "siti", password_in(made))
    assert actor_for(account("siti")).may("accounts.write")
    database.close()


def test_posts_are_given_and_taken_and_listed(run):
    """With the programs of a Bidang; whether it may know what is confidential is said on purpose."""
    run("add", "budi", "Budi Contoh")
    assert run("post", "budi", "bidang_staff", "--program", "rehabilitasi_sosial").exit_code == 0
    post = account("budi").posts[0]
    assert (post.role, post.programs, post.secrets) == ("bidang_staff", ["rehabilitasi_sosial"], False)
    assert "bidang_staff, rehabilitasi_sosial" in run("list", "bud").output
    assert run("post", "budi", "--take", str(post.id)).exit_code == 0
    assert account("budi").posts == []


def test_an_account_is_blocked_let_in_and_reset(run):
    """The new password is another one."""
    first = password_in(run("add", "budi", "Budi Contoh"))
    assert run("block", "budi").exit_code == 0 and not account("budi").active
    assert run("block", "budi", "--undo").exit_code == 0 and account("budi").active

    assert password_in(run("reset", "budi", "--second-factor")) != first


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("add", "x", "Budi"), "2 to 40"),
        (("post", "nobody", "head"), "Not found"),
        (("post", "siti", "rt_rw"), "needs the village"),
        (("post", "siti"), "Name a role"),
        (("post", "siti", "--take", "99"), "Not found"),
        (("block", "siti"), "last active administrator"),
        (("reset", "nobody"), "Not found"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run, args, said):
    """And the command fails."""
    run("add", "siti", "Siti Contoh", "--role", "administrator")
    result = run(*args)

    assert result.exit_code != 0 and said in result.output
