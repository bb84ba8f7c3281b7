"""The pinned posts of communities elsewhere, as their own server lists them."""

from collections.abc import Collection

from sqlalchemy import update

from app.core.clock import utcnow
from app.core.db import session
from app.forum.models.community import Community
from app.forum.models.post import Post


def mirror_pins(community: Community, post_ids: Collection[int]) -> None:
    """Show exactly these posts of a remote community as pinned; nothing for one of ours.

    No event: nobody here pinned anything, and its own server tells the others.
    """
    if community.is_local:
        return
    for is_pinned in (True, False):
        listed = Post.id.in_(post_ids)
        session().execute(
            update(Post)
            .where(Post.community_id == community.id, Post.is_pinned.is_(not is_pinned))
            .where(listed if is_pinned else ~listed)
            .values(is_pinned=is_pinned, changed_at=utcnow())
            .execution_options(synchronize_session=False)
        )
