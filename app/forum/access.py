"""The one access filter: what a reader may see of communities, posts and comments.

Every query, feed, search, count, collection, mail and cache goes through here (contract.md,
"Decided early"). `viewer` is None for anonymous readers and for other servers.
"""

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.models.account import Account
from app.accounts.models.credential import ADMIN_ROLE, Role, user_role
from app.core.db import session
from app.core.visibility import State, Visibility
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.membership import Membership, MembershipState
from app.forum.models.post import Post


def is_admin(viewer: Account) -> ColumnElement[bool]:
    """Condition: `viewer` may run this server."""
    if viewer.user_id is None:
        return false()
    return exists(
        select(user_role.c.user_id)
        .join(Role, Role.id == user_role.c.role_id)
        .where(user_role.c.user_id == viewer.user_id, Role.name == ADMIN_ROLE)
    )


def visible_communities(viewer: Account | None) -> ColumnElement[bool]:
    """Condition on Community: it is there, and `viewer` may know it."""
    shown = Community.visibility == Visibility.PUBLIC
    if viewer is not None:
        shown = or_(shown, _is_inside(viewer, Community.visibility, Community.id))
    return and_(Community.state == State.PUBLISHED, shown)


def readable_posts(viewer: Account | None) -> ColumnElement[bool]:
    """Condition on Post: `viewer` may open its page, which may show only a tombstone."""
    shown = Post.visibility == Visibility.PUBLIC
    if viewer is not None:
        shown = or_(shown, _is_inside(viewer, Post.visibility, Post.community_id))
    known = select(Community.id).where(visible_communities(viewer))
    return and_(shown, Post.community_id.in_(known))


def visible_posts(viewer: Account | None) -> ColumnElement[bool]:
    """Condition on Post: published, and `viewer` may read it."""
    return and_(Post.state == State.PUBLISHED, readable_posts(viewer))


def visible_comments(viewer: Account | None) -> ColumnElement[bool]:
    """Condition on Comment: published, in a published thread that `viewer` may read."""
    threads = select(Post.id).where(visible_posts(viewer))
    return and_(Comment.state == State.PUBLISHED, Comment.post_id.in_(threads))


def can_see_community(viewer: Account | None, community: Community) -> bool:
    """Whether `viewer` may know this community; one query unless it is open to all."""
    if community.visibility == Visibility.PUBLIC and community.state == State.PUBLISHED:
        return True
    found = select(Community.id).where(Community.id == community.id, visible_communities(viewer))
    return session().scalar(found) is not None


def can_see_post(viewer: Account | None, post: Post) -> bool:
    """Whether `viewer` may open the page of `post`; one query unless it is open to all."""
    community = post.community
    if post.visibility == community.visibility == Visibility.PUBLIC:
        return community.state == State.PUBLISHED
    found = select(Post.id).where(Post.id == post.id, readable_posts(viewer))
    return session().scalar(found) is not None


def _is_inside(
    viewer: Account,
    visibility: InstrumentedAttribute[Visibility],
    community_id: InstrumentedAttribute[int],
) -> ColumnElement[bool]:
    """Condition: meant for this server and the viewer lives here, or for members and he is one."""
    member_of = select(Membership.community_id).where(
        Membership.account_id == viewer.id, Membership.state == MembershipState.APPROVED
    )
    doors: list[ColumnElement[bool]] = [
        and_(visibility == Visibility.MEMBERS, community_id.in_(member_of))
    ]
    if viewer.is_local:
        doors += [visibility == Visibility.LOCAL, is_admin(viewer)]
    return or_(*doors)
