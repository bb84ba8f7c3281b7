"""A group elsewhere would not have what one of our people wrote there, and says why."""

from sqlalchemy import select

from app.core.addresses import local_path
from app.core.db import session
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.communities import find_community_by_uri
from app.forum.services import echoes
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.subjects import find_posted
from federation.models.outbox_activity import OutboxActivity
from federation.vocab.activities import ActivityDocument

ACTIVITY_PATH = "/activities/create/"


def turn_down(_context: InboxContext, activity: ActivityDocument) -> None:
    """Keep the reason for the writer; the group must be the one the text is meant for."""
    community = find_community_by_uri(activity.actor)
    posted = find_refused(activity)
    if community is None or community.is_local or posted is None:
        raise IgnoredError("no-such-text")
    echoes.turn_down(posted, community, activity.summary or activity.content or "")


def find_refused(activity: ActivityDocument) -> Post | Comment | None:
    """Return the text of ours that an answer is about: by its id, or by that of our Create."""
    thing = activity.object
    uri = thing.object_uri if isinstance(thing, ActivityDocument) else activity.object_uri
    path = None if uri is None else local_path(uri)
    if path is None or uri is None:
        return None
    if path.startswith(ACTIVITY_PATH):
        name = path.removeprefix(ACTIVITY_PATH)
        uri = session().scalar(
            select(OutboxActivity.object_uri).where(OutboxActivity.public_id == name)
        )
    posted = None if uri is None else find_posted(uri)
    return posted if posted is not None and posted.is_local else None
