"""`verbindplaats community add`, `post add`, `comment add`."""

import click
from flask_babel import gettext as _

from app.accounts.models.account import Account
from app.accounts.queries import find_local_account
from app.commands.context import command_context, explains_errors, read_text
from app.core.db import unit_of_work
from app.core.errors import NotFoundError
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import PostKind
from app.forum.queries.communities import find_community
from app.forum.services.comments import CommentDraft, publish_comment
from app.forum.services.communities import found_community
from app.forum.services.posts import PostDraft, publish_post
from federation.dereference.lookup import look_up_posted


def get_person(name: str) -> Account:
    """Return a local person by name; raises NotFoundError saying so."""
    account = find_local_account(name)
    if account is None:
        raise NotFoundError(_("Er is hier niemand met de naam %(name)s.", name=name))
    return account


def get_community(name: str) -> Community:
    """Return a community by `name` or `name@host`; raises NotFoundError."""
    plain, _at_sign, host = name.lstrip("@!").partition("@")
    found = find_community(plain, host or None)
    if found is None:
        raise NotFoundError(_("Er is hier geen groep met de naam %(name)s.", name=name))
    return found


@click.group()
def community() -> None:
    """Found communities."""


@community.command("add")
@click.argument("name")
@click.option("--title", required=True, help="As people see it.")
@click.option("--owner", help="Name of the person who runs it.")
@explains_errors
def add_community(name: str, title: str, owner: str | None) -> None:
    """Found a community."""
    with command_context(), unit_of_work():
        person = get_person(owner) if owner else None
        click.echo(found_community(name, title, person).uri)


@click.group()
def post() -> None:
    """Write posts."""


@post.command("add")
@click.argument("community_name", metavar="COMMUNITY")
@click.option("--as", "name", required=True, help="Who posts.")
@click.option("--title", required=True, help="What it is about.")
@click.option(
    "--kind",
    type=click.Choice([k.value for k in PostKind]),
    default=PostKind.DISCUSSION.value,
    show_default=True,
)
@click.option("--url", help="What a link post points to.")
@explains_errors
def add_post(community_name: str, name: str, title: str, kind: str, url: str | None) -> None:
    """Publish a post; its body (Markdown) comes from standard input, its id is the last line."""
    body = read_text()
    with command_context():
        with unit_of_work():
            draft = PostDraft(title=title, body_source=body, kind=PostKind(kind), link_url=url)
            made = publish_post(get_person(name), get_community(community_name), draft)
        click.echo(made.uri)


@click.group()
def comment() -> None:
    """Comments."""


@comment.command("add")
@click.argument("url")
@click.option("--as", "name", required=True, help="Who answers.")
@explains_errors
def add_comment(url: str, name: str) -> None:
    """Answer the post or comment at URL; text on standard input, the id is the last line."""
    body = read_text()
    with command_context():
        get_person(name)
        look_up_posted(url)
        with unit_of_work():
            target = look_up_posted(url)
            parent = target if isinstance(target, Comment) else None
            thread = target.post if isinstance(target, Comment) else target
            draft = CommentDraft(body_source=body)
            made = publish_comment(get_person(name), thread, parent, draft)
        click.echo(made.uri)
