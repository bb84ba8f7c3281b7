"""What a reader may know of a remote community: whether it answered, how far it has been read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.accounts.models.account import Account
from app.core.db import session
from app.forum.models.community import Community
from app.forum.models.membership import MembershipState
from app.forum.models.post import Post
from app.forum.queries.communities import get_membership
from federation.models.backfill import BackfillState, CommunityBackfill, ThreadCheck
from federation.models.delivery import Delivery, DeliveryState
from federation.outbound.follow_schedule import find_follow_request
from federation.outbound.outbox import find_newest


@dataclass(frozen=True)
class RequestState:
    """A request that waits: when we asked, what the other server said to that, when we ask again.

    `status` is its HTTP answer, None without one; `is_delivered`: it took the request.
    """

    asked_at: datetime
    again_at: datetime | None
    is_delivered: bool = False
    status: int | None = None
    tried_at: datetime | None = None
    retry_at: datetime | None = None


@dataclass(frozen=True)
class ReadingState:
    """How far a community has been read; `threads_left` wait for their answers."""

    is_reading: bool
    has_failed: bool
    posts: int
    threads_left: int


def find_request_state(community: Community, viewer: Account) -> RequestState | None:
    """Return how a request of `viewer` stands, None when none waits for an answer."""
    membership = get_membership(viewer, community)
    if membership is None or membership.state != MembershipState.REQUESTED:
        return None
    request = find_follow_request(membership)
    again_at = None if request is None else request.next_attempt_at
    sent = find_newest("Follow", viewer, community.uri)
    delivery = (
        None
        if sent is None
        else session().scalar(select(Delivery).where(Delivery.outbox_activity_id == sent.id))
    )
    if delivery is None:
        return RequestState(membership.requested_at, again_at)
    is_waiting = delivery.state == DeliveryState.WAITING
    return RequestState(
        asked_at=membership.requested_at if request is None else request.asked_at,
        again_at=again_at,
        is_delivered=delivery.state == DeliveryState.DONE,
        status=delivery.last_status,
        tried_at=delivery.done_at,
        retry_at=delivery.next_attempt_at if is_waiting and delivery.attempts else None,
    )


def is_refused(community: Community, viewer: Account) -> bool:
    """Whether the community said no to `viewer`."""
    membership = get_membership(viewer, community)
    return membership is not None and membership.state == MembershipState.REFUSED


def find_reading_state(community: Community) -> ReadingState | None:
    """Return how far a community has been read, None when that was never asked."""
    row = session().scalar(
        select(CommunityBackfill).where(CommunityBackfill.community_id == community.id)
    )
    if row is None:
        return None
    left = session().scalar(
        select(func.count(ThreadCheck.id))
        .join(Post, Post.id == ThreadCheck.post_id)
        .where(
            Post.community_id == community.id,
            ThreadCheck.state == BackfillState.WAITING,
            ThreadCheck.checked_at.is_(None),
        )
    )
    is_first = row.finished_at is None
    return ReadingState(
        is_reading=is_first and row.state == BackfillState.WAITING,
        has_failed=is_first and row.state == BackfillState.FAILED,
        posts=community.post_count,
        threads_left=left or 0,
    )


def is_unread(community: Community) -> bool:
    """Whether nobody ever asked for a remote community to be read."""
    known = select(CommunityBackfill.id).where(CommunityBackfill.community_id == community.id)
    return session().scalar(known) is None
