"""Which Follow of ours does an answer mean? Told by who answers and who asked, not by claims.

The answer is signed by the one who was asked; the Follow is embedded (then it names who asked) or
named by its id (then our outbox knows who sent it). All ids that we ever used count
(federation.md section 3.3).
"""

from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.models.following import Following
from app.accounts.queries import find_account_by_uri, find_following
from app.core.addresses import local_path
from app.core.db import session
from app.forum.models.community import Community
from app.forum.models.membership import Membership, MembershipState
from app.forum.queries.communities import find_community_by_uri, get_membership
from federation.errors import RefusedError
from federation.inbound.context import IgnoredError
from federation.models.outbox_activity import OutboxActivity
from federation.vocab.activities import ActivityDocument
from federation.vocab.terms import Kind


@dataclass(frozen=True)
class Request:
    """A wish of one of our people to follow somebody elsewhere."""

    membership: Membership | None = None
    following: Following | None = None


def find_request(answer: ActivityDocument) -> Request:
    """Return the request that an Accept or Reject answers.

    Raises RefusedError when somebody answers for another, IgnoredError when it was no Follow.
    """
    follower = _follower(answer)
    community = find_community_by_uri(answer.actor)
    if community is not None:
        return Request(membership=get_membership(follower, community))
    followed = find_account_by_uri(answer.actor)
    if followed is None:
        raise IgnoredError("answer-by-a-stranger")
    return Request(following=find_following(follower, followed))


def list_waiting(community: Community) -> list[Membership]:
    """Return the requests of our people that a remote community has not answered."""
    return list(
        session().scalars(
            select(Membership)
            .join(Account, Account.id == Membership.account_id)
            .where(Membership.community_id == community.id, Account.host.is_(None))
            .where(Membership.state == MembershipState.REQUESTED)
        )
    )


def _follower(answer: ActivityDocument) -> Account:
    """Return who of ours asked."""
    follow = answer.object
    if isinstance(follow, ActivityDocument):
        if follow.kind is not Kind.FOLLOW:
            raise IgnoredError("not-an-answer-to-a-follow")
        if follow.object_uri != answer.actor:
            raise RefusedError("answer-for-another")
        follower = find_account_by_uri(follow.actor)
    elif isinstance(follow, str):
        follower = _sender_of(follow)
    else:
        raise IgnoredError("not-an-answer-to-a-follow")
    if follower is None or not follower.is_local:
        raise IgnoredError("no-such-request")
    return follower


def _sender_of(activity_uri: str) -> Account | None:
    """Return who of ours sent the Follow with this id."""
    path = local_path(activity_uri)
    if path is None or not path.startswith("/activities/"):
        return None
    sent = session().scalar(
        select(OutboxActivity).where(OutboxActivity.public_id == path.rpartition("/")[2])
    )
    return sent.actor.account if sent is not None and sent.type == "Follow" else None
