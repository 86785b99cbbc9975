"""`tepat db`: the schema, copies of the data and their way back, keys, and what must not be kept for ever.

What each command needs is imported when it runs: the other commands of `tepat` need no database.
"""

import json
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from casework.store.database import Database
    from tepat.main import Knowledge

KEY_FILE, DATABASE_FILE = "data.keys", "tepat.db"


def open_database(folder: Path) -> "Database":
    """Open the database that `DATABASE_URL` names, else `var/tepat.db` in the knowledge folder, with its keys.

    Raises:
        BadKey: when a key is none.
    """
    from casework.store.database import Database
    from casework.store.keys import keyring_of

    url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'var' / DATABASE_FILE}"
    return Database(url, keyring_of(folder / "var" / KEY_FILE))


def ready_database(folder: Path) -> "Database":
    """Open the database for work; makes its schema where there is none yet.

    Raises:
        BadKey: when a key is none.
        ValueError: when its schema is not the newest: `tepat db upgrade` is somebody's decision.
    """
    database = open_database(folder)
    revision = database.revision()
    if revision is None:
        database.upgrade()
    elif revision != database.newest_revision():
        raise ValueError(f"the schema of the database is {revision}; make a backup, then run: tepat db upgrade")
    return database


class _Kept:
    """What the commands of this group share: the folder, and its database when a command needs it."""

    def __init__(self, knowledge: "Knowledge") -> None:
        self.knowledge, self.folder = knowledge, knowledge.folder
        self.console = Console()

    def database(self) -> "Database":
        try:
            return open_database(self.folder)
        except ValueError as error:
            raise click.ClickException(str(error)) from None


@click.group("db")
@click.pass_context
def database_commands(context: click.Context) -> None:
    """Look after the database: schema, backup, keys, retention."""
    context.obj = _Kept(context.obj)


@database_commands.command()
@click.pass_obj
def upgrade(kept: _Kept) -> None:
    """Bring the schema up to date; makes it where there is none.

    Example: tepat db upgrade
    """
    database = kept.database()
    database.upgrade()
    click.echo(f"{database.engine.dialect.name}: schema {database.revision()}")


@database_commands.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup_(kept: _Kept, file: Path) -> None:
    """Write a copy of everything to a file; people may go on working meanwhile.

    What is sealed stays sealed: the copy is of no use without the keys (var/data.keys), which are kept elsewhere.

    Example: tepat db backup /safe/tepat-2026-11-23.zip
    """
    from casework.keeping import backup

    try:
        manifest = backup.write(kept.database(), file)
    except FileExistsError:
        raise click.ClickException(f"{file} is there already; a backup never overwrites one.") from None
    click.echo(f"{file}: {sum(manifest.rows.values())} rows of {len(manifest.rows)} tables")


@database_commands.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore(kept: _Kept, file: Path) -> None:
    """Fill an empty database from a backup, of either kind of database, and verify it.

    Example: DATABASE_URL=postgresql://... tepat db restore /safe/tepat-2026-11-23.zip
    """
    from casework.keeping import backup
    from casework.refusals import Refused

    database = kept.database()
    try:
        manifest = backup.restore(database, file)
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"{sum(manifest.rows.values())} rows of {len(manifest.rows)} tables are back")
    _verify(kept, database)


@database_commands.command()
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A backup: does the audit log still begin with all that it had then?",
)
@click.pass_obj
def verify(kept: _Kept, against: Path | None) -> None:
    """Check the schema, the chain of the audit log, every sealed value and the database's own structure.

    Only a backup that was kept elsewhere shows that the whole database was put back to an earlier day.

    Example: tepat db verify --against /safe/tepat-2026-11-23.zip
    """
    database = kept.database()
    if against is not None:
        _witness(database, against)
    _verify(kept, database)


def _witness(database: "Database", backup_file: Path) -> None:
    from casework.audit.witness import goes_on_from

    with database.reading() as work:
        if not goes_on_from(work, backup_file):
            raise click.ClickException(f"the audit log does not go on from {backup_file}: something was taken back")
    click.echo(f"the audit log goes on from {backup_file}")


def _verify(kept: _Kept, database: "Database") -> None:
    from casework.keeping import verification

    findings = verification.verify(database)
    table = Table("what", "looked at", "faults")
    for finding in findings:
        table.add_row(finding.what, str(finding.count), "\n".join(finding.faults) or "none")
    kept.console.print(table)
    if any(finding.faults for finding in findings):
        sys.exit(1)


@database_commands.command("rotate-keys")
@click.pass_obj
def rotate_keys(kept: _Kept) -> None:
    """Make a new key, seal everything with it, and forget the old keys.

    It may be run again when it was interrupted. Keys in TEPAT_DATA_KEYS are changed where they stand: put the new one
    first, restart, and run this.

    Example: tepat db rotate-keys
    """
    from casework.keeping import resealing
    from casework.store.keys import ENVIRONMENT, add_key, drop_old_keys, keyring_of

    file = kept.folder / "var" / KEY_FILE
    mine = not os.environ.get(ENVIRONMENT)
    if mine:
        keyring_of(file)
        add_key(file)
    database = kept.database()
    with click.progressbar(length=resealing.count(database), label="sealing") as bar:
        resealing.reseal(database, bar.update)
    if mine and resealing.count(database) == 0:
        drop_old_keys(file)
    click.echo("Everything is sealed with the new key. Restart the servers; backups before today need the old keys.")


@database_commands.command("anonymise")
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def anonymise_(kept: _Kept, out: Path) -> None:
    """Write tables for analysts, without names, numbers, addresses, free text and secrets, as `tepat batch` reads them.

    Example: tepat db anonymise build/register && tepat batch build/register -o build/answers
    """
    from casework.keeping.anonymising import anonymise

    if out.exists() and any(out.iterdir()):
        raise click.ClickException(f"{out} is not empty.")
    count = anonymise(kept.database(), kept.knowledge.open("en"), out, secrets.token_bytes(32))
    click.echo(f"{out}: {count} households")


@database_commands.command("retention")
@click.option("--apply", is_flag=True, help="Erase; without it only say what would be erased.")
@click.pass_obj
def retention_(kept: _Kept, apply: bool) -> None:
    """Say which households are due to be erased (five years after their last case was closed), or erase them.

    Example: tepat db retention --apply
    """
    from casework.keeping import retention

    click.echo(json.dumps(retention.run(kept.database(), apply), indent=2))


@database_commands.command("erase")
@click.argument("household", type=int)
@click.option("--ground", required=True, help="Why: the request and its day, as it will stand in the report.")
@click.pass_obj
def erase_(kept: _Kept, household: int, ground: str) -> None:
    """Erase what is known of one household at its request (UU 27/2022); totals of lists and payments stay, nameless.

    Example: tepat db erase 1204 --ground "written request of 3 March 2026"
    """
    from casework.keeping import retention
    from casework.refusals import Refused

    with kept.database().work() as work:
        try:
            report = retention.erase(work, household, ground, requested=True)
        except Refused as refused:
            raise click.ClickException(str(refused)) from None
    click.echo(json.dumps(report, indent=2))
