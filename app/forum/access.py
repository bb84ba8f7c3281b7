"""The one access filter: what a reader may see of communities, posts and comments.

Every query, feed, search, count, collection, mail and cache goes through here (contract.md,
"Decided early"). `viewer` is None for anonymous readers and for other servers.
"""

from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.models.account import Account
from app.accounts.models.credential import ADMIN_ROLE, Role, user_role
from app.core.clock import utcnow
from app.core.db import session
from app.core.visibility import WITHHELD, State, Visibility
from app.forum.models.ban import Ban
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.membership import MemberRole, Membership, MembershipState
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


def bans_in_force(
    now: datetime | BindParameter[datetime] | None = None,
) -> tuple[ColumnElement[bool], ...]:
    """Conditions on Ban: neither lifted nor over at this moment."""
    ends_later = Ban.expires_at > (utcnow() if now is None else now)
    return Ban.lifted_at.is_(None), or_(Ban.expires_at.is_(None), ends_later)


def visible_communities(viewer: Account | None) -> ColumnElement[bool]:
    """Condition on Community: it is there, and `viewer` may know it."""
    shown = Community.visibility == Visibility.PUBLIC
    if viewer is not None:
        shown = or_(shown, _is_inside(viewer, Community.visibility, Community.id))
    return and_(Community.state == State.PUBLISHED, shown)


def addressed_posts(viewer: Account | None) -> ColumnElement[bool]:
    """Condition on Post: `viewer` is among those it is meant for, whatever became of it."""
    shown = Post.visibility == Visibility.PUBLIC
    if viewer is not None:
        shown = or_(shown, _is_inside(viewer, Post.visibility, Post.community_id))
    known = select(Community.id).where(visible_communities(viewer))
    return and_(shown, Post.community_id.in_(known))


def readable_posts(viewer: Account | None) -> ColumnElement[bool]:
    """Condition on Post: `viewer` may open its page, which may show only a tombstone.

    What waits for a moderator, or was refused, is there for its writer and the moderators alone.
    """
    shown: ColumnElement[bool] = Post.state.not_in(WITHHELD)
    if viewer is not None:
        shown = or_(shown, Post.author_id == viewer.id, _moderates(viewer, Post.community_id))
    return and_(shown, addressed_posts(viewer))


def visible_posts(viewer: Account | None) -> ColumnElement[bool]:
    """Condition on Post: published, and `viewer` may read it."""
    return and_(Post.state == State.PUBLISHED, addressed_posts(viewer))


def visible_comments(viewer: Account | None) -> ColumnElement[bool]:
    """Condition on Comment: published, in a published thread that `viewer` may read."""
    threads = select(Post.id).where(visible_posts(viewer))
    return and_(Comment.state == State.PUBLISHED, Comment.post_id.in_(threads))


def readable_comments(viewer: Account | None) -> ColumnElement[bool]:
    """Condition on Comment: it has a place in its thread for `viewer`, if only as a tombstone.

    Whether `viewer` may open the thread is judged apart (`readable_posts`).
    """
    shown: ColumnElement[bool] = Comment.state.not_in(WITHHELD)
    if viewer is None:
        return shown
    looked_after = select(Post.id).where(_moderates(viewer, Post.community_id))
    return or_(shown, Comment.author_id == viewer.id, Comment.post_id.in_(looked_after))


def can_see_community(viewer: Account | None, community: Community) -> bool:
    """Whether `viewer` may know this community; one query unless it is open to all."""
    if community.visibility == Visibility.PUBLIC and community.state == State.PUBLISHED:
        return True
    found = select(Community.id).where(Community.id == community.id, visible_communities(viewer))
    return session().scalar(found) is not None


def can_see_post(viewer: Account | None, post: Post) -> bool:
    """Whether `viewer` may open the page of `post`; one query unless it is open to all."""
    community = post.community
    if post.visibility == community.visibility == Visibility.PUBLIC and not post.is_withheld:
        return community.state == State.PUBLISHED
    found = select(Post.id).where(Post.id == post.id, readable_posts(viewer))
    return session().scalar(found) is not None


def can_see_comment(viewer: Account | None, comment: Comment) -> bool:
    """Whether `viewer` may find `comment` in its thread; two queries at most."""
    if not can_see_post(viewer, comment.post):
        return False
    if not comment.is_withheld:
        return True
    found = select(Comment.id).where(Comment.id == comment.id, readable_comments(viewer))
    return session().scalar(found) is not None


def _moderates(viewer: Account, community_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Condition: the viewer looks after this community, or after the whole server."""
    looked_after = select(Membership.community_id).where(
        Membership.account_id == viewer.id,
        Membership.state == MembershipState.APPROVED,
        Membership.role.in_((MemberRole.MODERATOR, MemberRole.OWNER)),
    )
    return or_(community_id.in_(looked_after), is_admin(viewer))


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
