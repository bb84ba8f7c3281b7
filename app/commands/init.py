"""`verbindplaats init`: everything a server needs before its first start; may run again."""

import secrets
from pathlib import Path

import click
from flask import Flask

from app.accounts.queries import count_active_admins, find_local_account
from app.accounts.services.sign_in import NewSignIn, add_person, get_user, make_sign_in_link
from app.accounts.services.system import get_moderation_account
from app.commands.context import explains_errors
from app.commands.serve import initialised_mark
from app.core.db import unit_of_work
from app.core.log import set_up_logging
from app.core.migrating import upgrade_database
from app.core.settings import Settings, load_settings
from app.core.site import check_base_url
from app.factory import create_app
from app.forum.queries.communities import find_community
from app.forum.services.communities import found_community
from directory.services.imports import import_starter

FIRST_ADMIN = "eigenaar"
WELCOME = "welkom"


def make_secret(settings: Settings) -> Path:
    """Make the secret key once; it is part of the backup and readable by the owner only."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = settings.data_dir / "secret"
    if not settings.secret_key and not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48) + "\n", encoding="ascii")
    return path


def _fill(app: Flask) -> str | None:
    """Load the starter rows; return the first admin's sign-in link while nobody has used it."""
    with unit_of_work():
        check_base_url(app.config["VERBINDPLAATS"].base_url)
        admin = find_local_account(FIRST_ADMIN)
        if admin is None and count_active_admins() == 0:
            sign_in = NewSignIn(f"{FIRST_ADMIN}@localhost", is_admin=True)
            admin = add_person(FIRST_ADMIN, sign_in, "Eigenaar")
        if find_community(WELCOME) is None:
            text = "Nieuw hier? Stel jezelf voor en vraag wat je wilt weten over dit platform."
            found_community(WELCOME, "Welkom", admin, description=text)
        get_moderation_account()
        import_starter()
        is_unused = admin is not None and get_user(admin).password is None
        return make_sign_in_link(admin) if admin is not None and is_unused else None


@click.command()
@explains_errors
def init() -> None:
    """Prepare the data directory, secret, database, starter directory and first community."""
    set_up_logging()
    make_secret(load_settings())
    settings = load_settings()
    app = create_app(settings)
    with app.app_context(), app.test_request_context(base_url=settings.base_url):
        upgrade_database()
        link = _fill(app)
    (settings.data_dir / "initialised").write_text(initialised_mark(settings), encoding="utf-8")
    if link is not None:
        click.echo(f"Sign in once as the first admin: {link}")
