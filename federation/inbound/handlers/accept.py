"""A community or person elsewhere agreed to a Follow of ours."""

from app.accounts.services import followings
from app.forum.models.community import Community
from app.forum.models.membership import MembershipState
from app.forum.services import memberships
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.requests import find_request, list_waiting
from federation.vocab.activities import ActivityDocument


def accept(_context: InboxContext, activity: ActivityDocument) -> None:
    """Approve the request that was answered; a refused one can still be granted."""
    request = find_request(activity)
    if request.membership is not None:
        if request.membership.state != MembershipState.APPROVED:
            memberships.approve_membership(request.membership)
    elif request.following is not None:
        followings.approve_follow(request.following)
    else:
        raise IgnoredError("no-such-request")


def infer_accept(community: Community) -> None:
    """Take what a group sends for its consent: some never answer (federation.md 3.3, Lemmy)."""
    for membership in list_waiting(community):
        memberships.approve_membership(membership)
