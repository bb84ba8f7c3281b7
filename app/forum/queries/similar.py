"""Questions that look like one that somebody is about to ask."""

from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.db import session
from app.forum.access import visible_posts
from app.forum.models.post import Post
from app.forum.queries.communities import list_followed_ids
from app.search.documents import Kind
from app.search.queries import search
from app.search.readers import Reader

MAX_SIMILAR = 5


def find_reader(account: Account | None) -> Reader:
    """Return what search needs to know of `account`."""
    if account is None:
        return Reader()
    return Reader(account.is_local, frozenset(list_followed_ids(account)))


def list_similar_posts(title: str, viewer: Account | None) -> list[Post]:
    """Return a few posts that look like `title`, as far as `viewer` may read them, best first."""
    found = search(title, find_reader(viewer), kinds=[Kind.POST])
    keys = [result.key for result in found.items[:MAX_SIMILAR]]
    if not keys:
        return []
    rows = session().scalars(select(Post).where(visible_posts(viewer), Post.public_id.in_(keys)))
    by_key = {post.public_id: post for post in rows}
    return [by_key[key] for key in keys if key in by_key]
