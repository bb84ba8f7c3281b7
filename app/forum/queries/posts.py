"""Finds and lists posts; every list goes through the access filter."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import defer, joinedload

from app.accounts.models.account import Account
from app.core.addresses import local_path
from app.core.db import session
from app.core.errors import NotFoundError
from app.core.foresight import RowByKey
from app.core.pages import Page, PageRequest, keyset, make_page
from app.forum.access import can_see_post, visible_posts
from app.forum.models.community import Community
from app.forum.models.post import Post, PostKind

POST_PATH = "/post/"
NUL = "\x00"
MAX_PINNED = 20
FIRST_PAGE = PageRequest()


@dataclass(frozen=True)
class PostFilter:
    """Which posts a list holds; the fields that are set all apply."""

    kind: PostKind | None = None
    community: Community | None = None
    author: Account | None = None
    is_unanswered: bool = False
    without_pinned: bool = False
    with_texts: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the SQL conditions of this filter."""
        chosen: list[ColumnElement[bool]] = []
        if self.kind is not None:
            chosen.append(Post.kind == self.kind)
        if self.community is not None:
            chosen.append(Post.community_id == self.community.id)
        if self.author is not None:
            chosen.append(Post.author_id == self.author.id)
        if self.is_unanswered:
            chosen.append(Post.comment_count == 0)
        if self.without_pinned:
            chosen.append(Post.is_pinned.is_(False))
        return chosen


EVERYTHING = PostFilter()


def is_public_id(text: str) -> bool:
    """Whether `text` has the form of a public id: a lower-case UUID with dashes."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def find_post(public_id: str) -> Post | None:
    """Return the post with this public id, whatever its state, with community and author."""
    if not is_public_id(public_id):
        return None
    return _BY_PUBLIC_ID.find(public_id)


def get_post_by_id(post_id: int) -> Post:
    """Return the post of this row; visibility is not judged."""
    return session().get_one(Post, post_id)


def get_post(public_id: str) -> Post:
    """Return the post with this public id, or raise NotFoundError; visibility is not judged."""
    found = find_post(public_id)
    if found is None:
        raise NotFoundError(_("Dit bericht bestaat niet."))
    return found


def get_readable_post(public_id: str, viewer: Account | None) -> Post:
    """Return a post whose page `viewer` may open, or raise NotFoundError."""
    found = get_post(public_id)
    if not can_see_post(viewer, found):
        raise NotFoundError(_("Dit bericht bestaat niet."))
    return found


def find_post_by_uri(uri: str) -> Post | None:
    """Return the post with this id, ours or remote, whatever its state."""
    path = local_path(uri)
    if path is None and NUL in uri:
        return None  # PostgreSQL has no such text
    if path is None:
        return _BY_URI.find(uri)
    found = find_post(path.removeprefix(POST_PATH)) if path.startswith(POST_PATH) else None
    return found if found is not None and found.is_local else None


def foresee_posts(uris: Iterable[str]) -> list[Post]:
    """Ask ahead for those of these ids that are posts (app/core/foresight.py)."""
    paths = {uri: local_path(uri) for uri in uris if NUL not in uri}
    ids = (path.removeprefix(POST_PATH) for path in paths.values() if path is not None)
    ours = _BY_PUBLIC_ID.foresee(public_id for public_id in ids if is_public_id(public_id))
    return ours + _BY_URI.foresee(uri for uri, path in paths.items() if path is None)


def list_posts(
    viewer: Account | None, chosen: PostFilter = EVERYTHING, wanted: PageRequest = FIRST_PAGE
) -> Page[Post]:
    """Return a page of the posts that `viewer` may read, newest first."""
    statement = _with_people(select(Post)).where(visible_posts(viewer), *chosen.conditions())
    if not chosen.with_texts:
        statement = statement.options(defer(Post.body_source), defer(Post.body_html))
    rows = session().scalars(keyset(statement, Post.sort_at, Post.id, wanted)).all()
    return make_page(rows, wanted)


def list_pinned(viewer: Account | None, community: Community) -> list[Post]:
    """Return the pinned posts of a community, newest first."""
    statement = (
        _with_people(select(Post))
        .options(defer(Post.body_source), defer(Post.body_html))
        .where(visible_posts(viewer), Post.community_id == community.id, Post.is_pinned.is_(True))
        .order_by(Post.sort_at.desc(), Post.id.desc())
        .limit(MAX_PINNED)
    )
    return list(session().scalars(statement))


def count_posts(viewer: Account | None, chosen: PostFilter = EVERYTHING) -> int:
    """Return how many posts `viewer` may read."""
    statement = select(func.count(Post.id)).where(visible_posts(viewer), *chosen.conditions())
    return session().scalar(statement) or 0


def _with_people(statement: Select[Post]) -> Select[Post]:
    return statement.options(joinedload(Post.author), joinedload(Post.community))


# Made once: asked for every activity that comes in.
_BY_PUBLIC_ID = RowByKey(_with_people(select(Post)), Post.public_id)
_BY_URI = RowByKey(_with_people(select(Post)), Post.remote_uri)
