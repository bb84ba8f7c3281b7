"""A community or person elsewhere refused a Follow of ours, or ended it."""

from app.accounts.services import followings
from app.forum.services import memberships
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.requests import find_request
from federation.vocab.activities import ActivityDocument


def reject(_context: InboxContext, activity: ActivityDocument) -> None:
    """Refuse the request that was answered, also when it had been granted before."""
    request = find_request(activity)
    if request.membership is not None:
        memberships.refuse_membership(request.membership)
    elif request.following is not None:
        followings.refuse_follow(request.following)
    else:
        raise IgnoredError("no-such-request")
