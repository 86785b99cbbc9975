"""`tepat user`: the accounts of the people who work with the system, from the command line; also the very first one.

Whoever may run it on the server may do everything an administrator may; what is done stands on record as the system's.
"""

from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from casework.staff.rights import ROLES

if TYPE_CHECKING:
    from casework.staff.accounts import Made
    from casework.store.database import Database
    from tepat.main import Knowledge


@click.group("user")
def user_commands() -> None:
    """Look after the accounts of the people who work with the system."""


@user_commands.command("add")
@click.argument("login")
@click.argument("name")
@click.option("--role", type=click.Choice(list(ROLES)), help="Its first post, for the whole district.")
@click.pass_obj
def add(knowledge: "Knowledge", login: str, name: str, role: str | None) -> None:
    """Make an account; its first password is shown once.

    Example: tepat user add siti "Siti Aminah" --role administrator
    """
    from casework.staff import accounts, passwords
    from casework.staff.posts import PostEntry, checked_post

    password, known = passwords.one_time(), knowledge.open("en").knowledge

    def make(work: Any) -> "Made":
        posts = [checked_post(work, known, PostEntry(role))] if role else []
        return accounts.make_account(work, login, name, posts, password)

    _show_password(_do(knowledge, make))


@user_commands.command("list")
@click.argument("text", default="")
@click.pass_obj
def list_(knowledge: "Knowledge", text: str) -> None:
    """List the accounts, or those with a text in their name or login.

    Example: tepat user list
    """
    from casework.staff import accounts
    from casework.staff.models import Account

    def rows(work: Any) -> list[tuple[Account, str]]:
        return [(one, "\n".join(_said(post) for post in one.posts)) for one in accounts.accounts(work, text)]

    table = Table("login", "name", "posts (number: role, where, programs)", "state")
    for account, posts in _do(knowledge, rows):
        state = "blocked" if not account.active else "first password" if account.must_change else "active"
        table.add_row(account.login, account.name, posts, state)
    Console().print(table)


@user_commands.command()
@click.argument("login")
@click.argument("role", type=click.Choice(list(ROLES)), required=False)
@click.option("--village", default="", help="Code of the village (or subdistrict) it works in; none: everywhere.")
@click.option("--hamlet", default="", help="Name of the hamlet (dusun).")
@click.option("--rw", default="", help="Number of the RW.")
@click.option("--rt", default="", help="Number of the RT.")
@click.option("--program", "programs", multiple=True, help="A program that a Bidang looks after; may be repeated.")
@click.option("--secrets", is_flag=True, help="It needs to know what only officers may know (HIV, drugs, violence).")
@click.option("--take", type=int, metavar="NUMBER", help="Take the post of this number (tepat user list).")
@click.pass_obj
def post(knowledge: "Knowledge", login: str, role: str | None, take: int | None, **where: Any) -> None:
    """Give somebody a post: a role, where, and for which programs; or take one.

    Example: tepat user post budi rt_rw --village 35.06.07.2001 --rw 01 --rt 02
    """
    from casework.staff import accounts
    from casework.staff.posts import PostEntry, checked_post

    if (role is None) == (take is None):
        raise click.UsageError("Name a role to give, or --take NUMBER.")
    known = knowledge.open("en").knowledge

    def change(work: Any, account: int) -> None:
        if take is not None:
            return accounts.take_post(work, account, take)
        return accounts.give_post(work, account, checked_post(work, known, PostEntry(role, **where)))

    _do_to(knowledge, login, change)
    click.echo(f"{login}: post {'taken' if role is None else 'given'}")


@user_commands.command()
@click.argument("login")
@click.option("--undo", is_flag=True, help="Let the account in again.")
@click.pass_obj
def block(knowledge: "Knowledge", login: str, undo: bool) -> None:
    """Let an account in no more; it is signed out everywhere at once.

    Example: tepat user block budi
    """
    from casework.staff import accounts

    _do_to(knowledge, login, accounts.unblock if undo else accounts.block)
    click.echo(f"{login}: {'let in again' if undo else 'blocked'}")


@user_commands.command()
@click.argument("login")
@click.option("--second-factor", is_flag=True, help="The telephone is lost too: set up new codes.")
@click.pass_obj
def reset(knowledge: "Knowledge", login: str, second_factor: bool) -> None:
    """Give an account a new password to hand over; it is shown once.

    Example: tepat user reset siti --second-factor
    """
    from casework.staff import accounts, passwords

    password = passwords.one_time()
    _show_password(_do_to(knowledge, login, accounts.reset, factor=second_factor, password=password))


def _do(knowledge: "Knowledge", change: Any) -> Any:
    """Do something as the system, as a whole; what is refused ends the command with its sentence."""
    from casework.refusals import Refused

    database = _database(knowledge)
    try:
        with database.work() as work:
            return change(work)
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    finally:
        database.close()


def _do_to(knowledge: "Knowledge", login: str, change: Any, **how: Any) -> Any:
    """Do something to the account with a login."""
    from casework.staff.accounts import account_of

    return _do(knowledge, lambda work: change(work, account_of(work, login).id, **how))


def _database(knowledge: "Knowledge") -> "Database":
    from tepat.database import ready_database

    try:
        return ready_database(knowledge.folder)
    except ValueError as error:
        raise click.ClickException(str(error)) from None


def _show_password(made: "Made") -> None:
    click.echo(f"login:    {made.login}\npassword: {made.password}")
    click.echo("It is shown only now, counts once and for seven days.", err=True)


def _said(post: Any) -> str:
    where = ", ".join(
        part for part in (post.village, post.hamlet, post.rw and f"RW {post.rw}", post.rt and f"RT {post.rt}") if part
    )
    return (
        f"{post.id}: {post.role}"
        + (f", {where}" if where else "")
        + (f", {' '.join(post.programs)}" if post.programs else "")
    )
