"""`tepat db` and the invented office, as who keeps the server runs them: with a database of one's own."""

import json
import stat

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from casework.cases.models import Case
from casework.people.models import Household
from casework.staff.models import Account
from casework.staff.rights import ROLES
from casework.store import keys
from casework.store.database import Database
from tepat.database import ready_database
from tepat.demo import POSTS, settle_in
from tepat.main import cli
from tests.casework import stage


@pytest.fixture
def url(tmp_path, monkeypatch):
    """Give the address of a database that is not there yet; keys come from the environment."""
    address = f"sqlite:///{tmp_path}/tepat.db"
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv(keys.ENVIRONMENT, f"{keys.new_key()},{keys.new_key()}")
    return address


@pytest.fixture(scope="module")
def settled(tmp_path_factory, office):
    """Give the folder of an invented office: its database, its keys, what was said and where its accounts stand."""
    folder = tmp_path_factory.mktemp("demo")
    database = Database(f"sqlite:///{folder}/tepat.db", keys.keyring_of(folder / "data.keys"))
    database.upgrade()
    said = []
    settle_in(database, office, stage.CHECKOUT / "samples", folder / "var", said.append)
    yield database, folder / "var" / "demo-accounts.txt", said
    database.close()


def run(*args):
    return CliRunner().invoke(cli, ["db", *map(str, args)], catch_exceptions=False)


def household_in(database):
    with database.work() as work:
        return stage.household(work, "Siti Aminah", kk="3506070203800000").id


def test_every_command_has_help_with_an_example():
    """`--help` of each command shows how it is used."""
    commands = run("--help").output.partition("Commands:")[2].split("\n")
    names = [line.split()[0] for line in commands if line.startswith("  ") and line[2] != " "]

    assert {"upgrade", "backup", "restore", "verify", "rotate-keys", "anonymise", "retention", "erase"} == set(names)
    assert all("Example" in run(name, "--help").output for name in names)


def test_a_schema_is_made_and_an_older_one_waits_for_somebody(url):
    """What is not the newest is never changed by a server that starts."""
    assert "schema" in run("upgrade").output
    database = ready_database(stage.CHECKOUT)
    with database.work() as work:
        work.session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    database.close()

    with pytest.raises(ValueError, match="tepat db upgrade"):
        ready_database(stage.CHECKOUT)


def test_a_backup_comes_back_and_bears_witness(url, tmp_path, monkeypatch):
    """Into an empty database; then the log is seen to go on from it, and no longer when it was taken back."""
    database = ready_database(stage.CHECKOUT)
    household_in(database)
    with database.work() as work:
        work.record("looked", "household", 1)
    assert run("backup", tmp_path / "copy.zip").exit_code == 0
    assert "there already" in run("backup", tmp_path / "copy.zip").output
    assert run("verify", "--against", tmp_path / "copy.zip").exit_code == 0
    database.close()

    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/other.db")
    run("upgrade")
    assert "taken back" in run("verify", "--against", tmp_path / "copy.zip").output
    restored = run("restore", tmp_path / "copy.zip")
    assert restored.exit_code == 0
    assert "are back" in restored.output
    assert "not empty" in run("restore", tmp_path / "copy.zip").output


def test_what_was_altered_ends_the_verification_with_1(url):
    """And says what, never whose."""
    database = ready_database(stage.CHECKOUT)
    household_in(database)
    assert run("verify").exit_code == 0
    with database.work() as work:
        work.session.connection().exec_driver_sql("UPDATE households SET kk_sealed = x'00'")
    found = run("verify")
    database.close()

    assert found.exit_code == 1
    assert "unknown-key" in found.output and "Siti" not in found.output


def test_a_household_is_erased_at_its_request(url):
    """With a report, and once."""
    database = ready_database(stage.CHECKOUT)
    id_ = household_in(database)
    report = json.loads(run("erase", id_, "--ground", "a letter").output)

    assert report["household"] == id_
    assert "Not found" in run("erase", id_ + 1, "--ground", "a letter").output
    with database.reading() as work:
        assert work.session.get(Household, id_).kk_sealed is None
    database.close()


def test_a_new_key_opens_what_the_old_one_sealed(tmp_path, monkeypatch):
    """The key file is changed by the command itself; the old key is gone from it."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/tepat.db")
    monkeypatch.delenv(keys.ENVIRONMENT, raising=False)
    monkeypatch.setattr("tepat.database.KEY_FILE", str(tmp_path / "data.keys"))
    database = ready_database(stage.CHECKOUT)
    id_ = household_in(database)
    before = (tmp_path / "data.keys").read_text().split()
    assert "sealed with the new key" in run("rotate-keys").output
    after = (tmp_path / "data.keys").read_text().split()
    with database.reading() as work:
        assert work.session.get(Household, id_).opened(work.keys, "kk") == "3506070203800000"
    database.close()

    assert (len(after), after[1], before[0] in after) == (2, before[1], False)


def test_tables_for_analysts_go_into_an_empty_folder_only(url, tmp_path):
    """Nothing of before is mixed with them."""
    ready_database(stage.CHECKOUT).close()
    assert "0 households" in run("anonymise", tmp_path / "out").output
    assert "not empty" in run("anonymise", tmp_path / "out").output


def test_the_invented_office_has_an_account_for_every_role_and_cases_on_their_way(settled):
    """Somebody finds work at every step; passwords are for the owner's eyes."""
    database, file, said = settled
    lines = [line.split("\t") for line in file.read_text().splitlines()]
    with database.reading() as work:
        states = set(work.session.scalars(select(Case.state)))

    assert {post.role for post in POSTS.values()} == set(ROLES)
    assert [login for login, _ in lines] == list(POSTS)
    assert {"submitted", "rt_rw_checked", "kadus_checked", "musdes_approved"} <= states
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not any(password in "".join(said) for _, password in lines)


def test_an_office_in_which_somebody_works_is_left_alone(settled, office):
    """A second start changes nothing."""
    database, file, said = settled
    before = file.read_bytes(), len(said)
    settle_in(database, office, stage.CHECKOUT / "samples", file.parent, said.append)
    with database.reading() as work:
        assert work.session.scalar(select(func.count()).select_from(Account)) == len(POSTS)

    assert (file.read_bytes(), len(said)) == before
