"""`verbindplaats follow HANDLE --as NAME`."""

import click

from app.accounts.models.account import Account
from app.accounts.services.followings import request_follow
from app.commands.context import command_context, explains_errors
from app.commands.forum import get_person
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.services.memberships import join_community
from federation.dereference.lookup import look_up_actor


@click.command()
@click.argument("handle")
@click.option("--as", "name", required=True, help="Who follows.")
@explains_errors
def follow(handle: str, name: str) -> None:
    """Follow a community, person or listing; returns when the wish is stored."""
    with command_context():
        get_person(name)
        target = look_up_actor(handle)
        with unit_of_work():
            person = get_person(name)
            if isinstance(target, Community):
                community = session().get_one(Community, target.id)
                state = str(join_community(person, community).state)
            else:
                state = str(request_follow(person, session().get_one(Account, target.id)).state)
        click.echo(f"{target.handle}: {state}")
