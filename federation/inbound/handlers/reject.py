"""A community or person elsewhere refused a Follow of ours, or ended it."""

from app.accounts.services import followings
from app.forum.services import memberships
from federation.errors import RefusedError
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.endings import end_delivery
from federation.inbound.handlers.turn_down import find_refused, turn_down
from federation.inbound.requests import find_request
from federation.vocab.activities import ActivityDocument


def reject(context: InboxContext, activity: ActivityDocument) -> None:
    """Refuse the request that was answered, also when it had been granted before.

    What is named by its id only may be a text of ours instead. Whatever it was: it is not sent to
    that server again (NodeBB answers with a Reject alone what it cannot use).
    """
    is_ended = end_delivery(activity)
    if isinstance(activity.object, str) and find_refused(activity) is not None:
        turn_down(context, activity)
        return
    try:
        request = find_request(activity)
    except (IgnoredError, RefusedError):
        if is_ended:
            return
        raise
    if request.membership is not None:
        memberships.refuse_membership(request.membership)
    elif request.following is not None:
        followings.refuse_follow(request.following)
    elif not is_ended:
        raise IgnoredError("no-such-request")
