"""A group elsewhere passes a text on no longer: so NodeBB tells what its moderators deleted."""

from app.forum.queries.communities import find_community_by_uri
from app.forum.services import verdicts
from app.forum.services.locking import lock_row
from federation.errors import RefusedError
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.subjects import community_of, find_posted, get_object_uri
from federation.vocab.activities import ActivityDocument


def withdraw(context: InboxContext, activity: ActivityDocument) -> None:
    """Remove a text of the group that takes its own Announce back; what people boost is ignored."""
    boost = activity.object
    if not isinstance(boost, ActivityDocument) or boost.actor != activity.actor:
        raise RefusedError("undo-of-another")
    community = find_community_by_uri(activity.actor)
    if community is None or context.announced_by is not None:
        raise IgnoredError("verb-of-no-use")
    thing = find_posted(get_object_uri(boost))
    if thing is None or community_of(thing).id != community.id:
        raise IgnoredError("object-unknown")
    lock_row(thing)
    if thing.is_published:
        verdicts.take_away(thing, None, "")
