"""`verbindplaats user`: make people and let them in."""

import sys

import click
from flask_security import hash_password

from app.accounts.email_address import normalize_email
from app.accounts.queries import find_local_account
from app.accounts.services import sign_in
from app.commands.context import command_context, explains_errors
from app.core.db import unit_of_work
from app.core.errors import InvalidInputError, NotFoundError

MIN_PASSWORD_LENGTH = 8


@click.group()
def user() -> None:
    """Make people and let them in."""


def _read_password(is_given: bool) -> str | None:  # noqa: FBT001  the flag as click gives it
    """Return the first line of standard input when --password-stdin was given."""
    if not is_given:
        return None
    password: str = sys.stdin.readline().rstrip("\r\n")
    if len(password) < MIN_PASSWORD_LENGTH:
        raise InvalidInputError("password", f"at least {MIN_PASSWORD_LENGTH} characters")
    return password


@user.command("add")
@click.argument("name")
@click.option("--email", required=True, help="Address to sign in with.")
@click.option("--admin", is_flag=True, help="May run the server.")
@click.option("--display-name", default="", help="As others see it; NAME when left out.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@explains_errors
def add_user(
    name: str, *, email: str, admin: bool, display_name: str, password_stdin: bool
) -> None:
    """Make the person NAME, whose address needs no confirmation.

    Without --password-stdin there is no password yet: use `user link NAME`.
    """
    password = _read_password(password_stdin)
    with command_context():
        password_hash = None if password is None else hash_password(password)
        new = sign_in.NewSignIn(normalize_email(email), password_hash, is_admin=admin)
        with unit_of_work():
            account = sign_in.add_person(name, new, display_name or name)
        click.echo(f"{account.handle}")


@user.command("link")
@click.argument("name")
@explains_errors
def link_user(name: str) -> None:
    """Print a link that signs NAME in once, within 30 minutes."""
    with command_context():
        with unit_of_work():
            account = find_local_account(name)
            if account is None:
                raise NotFoundError(f"no person called {name!r}")
            link = sign_in.make_sign_in_link(account)
        click.echo(link)
