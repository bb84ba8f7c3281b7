"""Somebody here begins to follow a remote community: what it had before is read."""

from sqlalchemy import select, update

from app.core.db import session
from app.core.events import listen
from app.forum.events import MembershipApproved, MembershipEnded, MembershipRequested
from app.forum.models.community import Community
from app.forum.models.membership import Membership
from app.forum.models.post import Post
from federation.dereference.objects import is_followed_here
from federation.dereference.reconcile import request_backfill
from federation.models.backfill import BackfillState, ThreadCheck


def read_community(event: MembershipRequested | MembershipApproved) -> None:
    """Have the community read, unless it was: at the request already, as some never answer."""
    membership = session().get_one(Membership, event.membership_id)
    if membership.account.is_local and not membership.community.is_local:
        request_backfill(membership.community)


def stop_reading(event: MembershipEnded) -> None:
    """Read no further in the threads of a community that nobody here follows any more."""
    community = session().get_one(Community, event.community_id)
    if community.is_local or is_followed_here(community):
        return
    threads = select(Post.id).where(Post.community_id == community.id)
    session().execute(
        update(ThreadCheck)
        .where(ThreadCheck.state == BackfillState.WAITING, ThreadCheck.post_id.in_(threads))
        .values(state=BackfillState.DONE, next_url=None, left=[])
        .execution_options(synchronize_session=False)
    )


def register_listeners() -> None:
    """Hang the listeners on their events."""
    listen(MembershipRequested, read_community)
    listen(MembershipApproved, read_community)
    listen(MembershipEnded, stop_reading)
