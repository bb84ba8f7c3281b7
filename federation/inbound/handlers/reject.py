"""A community or person elsewhere refused a Follow of ours, or ended it."""

from app.accounts.services import followings
from app.forum.services import memberships
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.handlers.turn_down import find_refused, turn_down
from federation.inbound.requests import find_request
from federation.vocab.activities import ActivityDocument


def reject(context: InboxContext, activity: ActivityDocument) -> None:
    """Refuse the request that was answered, also when it had been granted before.

    What is named by its id only may be a text of ours instead.
    """
    if isinstance(activity.object, str) and find_refused(activity) is not None:
        turn_down(context, activity)
        return
    request = find_request(activity)
    if request.membership is not None:
        memberships.refuse_membership(request.membership)
    elif request.following is not None:
        followings.refuse_follow(request.following)
    else:
        raise IgnoredError("no-such-request")
