"""What a page of this package is about: a community, a person, a post or a comment."""

from dataclasses import dataclass
from typing import TypeAlias

from flask import url_for
from flask_babel import gettext as _

from app.accounts.models.account import Account
from app.accounts.policy import can_be_seen
from app.core.addresses import local_path
from app.core.errors import NotFoundError
from app.core.html import html_to_text
from app.forum.access import can_see_comment, can_see_community, can_see_post
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.comments import find_posted_by_uri, get_comment
from app.forum.queries.posts import get_post
from federation.dereference.actors import find_owner

Thing: TypeAlias = Account | Community | Post | Comment
EXCERPT = 280


@dataclass(frozen=True)
class Subject:
    """A thing as a short card shows it; `href` is our page of it, `uri` its id."""

    kind: str
    uri: str
    href: str
    title: str
    by: str = ""
    excerpt: str = ""


def describe(thing: Thing) -> Subject:
    """Return the card of a thing."""
    if isinstance(thing, Community):
        excerpt = _shorten(thing.description_html)
        return Subject(
            "community", thing.uri, page_of(thing), thing.title, f"@{thing.handle}", excerpt
        )
    if isinstance(thing, Account):
        excerpt = _shorten(thing.bio_html)
        return Subject(
            "person", thing.uri, page_of(thing), thing.shown_name, f"@{thing.handle}", excerpt
        )
    is_post = isinstance(thing, Post)
    title = thing.title if isinstance(thing, Post) else thing.post.title
    return Subject(
        "post" if is_post else "comment",
        thing.uri,
        page_of(thing),
        title,
        thing.author.shown_name,
        _shorten(thing.body_html),
    )


def page_of(thing: Thing) -> str:
    """Return the path of our page of a thing."""
    if isinstance(thing, Community):
        return url_for("forum.show_community", name=thing.page_name)
    if isinstance(thing, Account):
        return url_for("accounts.show_profile", page_name=thing.page_name)
    if isinstance(thing, Comment):
        return url_for("forum.show_comment", public_id=thing.public_id)
    return url_for("forum.show_post", public_id=thing.public_id)


def can_see(viewer: Account | None, thing: Thing) -> bool:
    """Whether somebody, or anybody (None), may know of a thing as it is now."""
    if isinstance(thing, Community):
        return can_see_community(viewer, thing)
    if isinstance(thing, Account):
        return can_be_seen(thing)
    if isinstance(thing, Comment):
        return thing.is_published and can_see_comment(viewer, thing)
    return thing.is_published and can_see_post(viewer, thing)


def get_open(uri: str) -> Thing:
    """Return what has this id, or our page of it this address, when anybody may read it.

    Raises NotFoundError.
    """
    found = find_owner(uri) or find_posted_by_uri(uri) or _by_page(uri)
    if found is None or not can_see(None, found):
        raise NotFoundError(_("Dit bestaat niet, of het is niet voor iedereen."))
    return found


def _by_page(uri: str) -> Post | Comment | None:
    """Return what our page shows of a text from elsewhere, whose id is another."""
    path = local_path(uri) or ""
    for prefix, get in (("/post/", get_post), ("/comment/", get_comment)):
        if path.startswith(prefix):
            found: Post | Comment = get(path.removeprefix(prefix))
            return found
    return None


def _shorten(html: str) -> str:
    text = " ".join(html_to_text(html).split())
    return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1].rstrip()}…"
