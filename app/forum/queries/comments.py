"""Finds comments, and whatever has been posted by its id."""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.accounts.models.account import Account
from app.core.addresses import local_path
from app.core.db import session
from app.core.errors import NotFoundError
from app.core.foresight import RowByKey
from app.core.pages import Page, PageRequest, keyset, make_page
from app.core.visibility import State
from app.forum.access import can_see_comment, visible_comments
from app.forum.models.attachment import Attachment
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.posts import NUL, find_post_by_uri, foresee_posts, is_public_id

COMMENT_PATH = "/comment/"


def find_comment(public_id: str) -> Comment | None:
    """Return the comment with this public id, whatever its state, with author and post."""
    if not is_public_id(public_id):
        return None
    return _BY_PUBLIC_ID.find(public_id)


def get_comment(public_id: str) -> Comment:
    """Return the comment with this public id, or raise NotFoundError; visibility is not judged."""
    found = find_comment(public_id)
    if found is None:
        raise NotFoundError(_("Deze reactie bestaat niet."))
    return found


def get_readable_comment(public_id: str, viewer: Account | None) -> Comment:
    """Return a comment in a thread that `viewer` may open, or raise NotFoundError."""
    found = get_comment(public_id)
    if not can_see_comment(viewer, found):
        raise NotFoundError(_("Deze reactie bestaat niet."))
    return found


def find_comment_by_uri(uri: str) -> Comment | None:
    """Return the comment with this id, ours or remote, whatever its state."""
    path = local_path(uri)
    if path is None and NUL in uri:
        return None  # PostgreSQL has no such text
    if path is None:
        return _BY_URI.find(uri)
    found = find_comment(path.removeprefix(COMMENT_PATH)) if path.startswith(COMMENT_PATH) else None
    return found if found is not None and found.is_local else None


def find_posted_by_uri(uri: str) -> Post | Comment | None:
    """Return the post or comment with this id, ours or remote."""
    return find_post_by_uri(uri) or find_comment_by_uri(uri)


def foresee_posted(uris: Iterable[str]) -> list[Post | Comment]:
    """Ask ahead for the posts and comments with these ids (app/core/foresight.py)."""
    posts = foresee_posts(uris := set(uris))
    paths = {uri: local_path(uri) for uri in uris if NUL not in uri}
    ids = (path.removeprefix(COMMENT_PATH) for path in paths.values() if path is not None)
    ours = _BY_PUBLIC_ID.foresee(public_id for public_id in ids if is_public_id(public_id))
    return [*posts, *ours, *_BY_URI.foresee(uri for uri, path in paths.items() if path is None)]


def list_comments(viewer: Account | None, author: Account, wanted: PageRequest) -> Page[Comment]:
    """Return a page of what `author` answered, as far as `viewer` may read it, newest first."""
    statement = _with_people(select(Comment)).where(
        visible_comments(viewer), Comment.author_id == author.id
    )
    rows = session().scalars(keyset(statement, Comment.sort_at, Comment.id, wanted)).all()
    return make_page(rows, wanted)


def list_replies(target: Post | Comment) -> list[Comment]:
    """Return the published direct replies to a post or comment, oldest first."""
    statement = _with_people(select(Comment)).where(Comment.state == State.PUBLISHED)
    if isinstance(target, Post):
        statement = statement.where(Comment.post_id == target.id, Comment.parent_id.is_(None))
    else:
        statement = statement.where(Comment.parent_id == target.id)
    return list(session().scalars(statement.order_by(Comment.sort_at, Comment.id)))


def count_comments(viewer: Account | None) -> int:
    """Return how many comments `viewer` may read."""
    return session().scalar(select(func.count(Comment.id)).where(visible_comments(viewer))) or 0


def list_attachments(target: Post | Comment) -> list[Attachment]:
    """Return what came with a post or comment, in the order given."""
    column = Attachment.post_id if isinstance(target, Post) else Attachment.comment_id
    statement = select(Attachment).where(column == target.id).order_by(Attachment.position)
    return list(session().scalars(statement))


def _with_people(statement: Select[Comment]) -> Select[Comment]:
    return statement.options(
        joinedload(Comment.author), joinedload(Comment.post).joinedload(Post.community)
    )


# Made once: asked for every activity that comes in.
_BY_PUBLIC_ID = RowByKey(_with_people(select(Comment)), Comment.public_id)
_BY_URI = RowByKey(_with_people(select(Comment)), Comment.remote_uri)
