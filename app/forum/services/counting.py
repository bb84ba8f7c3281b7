"""How many texts a community and a thread show, and when something last happened there."""

from sqlalchemy import case

from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post


def count_in(thing: Post | Comment) -> None:
    """Count a text that can be read from now on; the caller flushes.

    History that comes in late does not make a thread or a community livelier.
    """
    add_to_count(thing)
    if isinstance(thing, Comment):
        post = thing.post
        if post.last_comment_at is None or post.last_comment_at < thing.sort_at:
            post.last_comment_at = thing.sort_at
    community = thing.community if isinstance(thing, Post) else thing.post.community
    if community.active_at is None or community.active_at < thing.sort_at:
        community.active_at = thing.sort_at


def add_to_count(thing: Post | Comment) -> None:
    """Count a text that can be read again, without anything new having happened."""
    if isinstance(thing, Post):
        thing.community.post_count = Community.post_count + 1
    else:
        thing.post.comment_count = Post.comment_count + 1


def count_out(thing: Post | Comment) -> None:
    """No longer count a text that can be read until now; nothing for any other."""
    if not thing.is_published:
        return
    if isinstance(thing, Post):
        fewer = case((Community.post_count > 0, Community.post_count - 1), else_=0)
        thing.community.post_count = fewer
    else:
        thing.post.comment_count = Post.comment_count - 1
