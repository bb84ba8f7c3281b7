"""A moderator told the author that a text goes too far; the text stays (Lemmy)."""

from app.moderation.services import warnings
from federation.inbound.authority import moderating
from federation.inbound.context import InboxContext
from federation.inbound.subjects import community_of, get_object_uri, get_present
from federation.vocab.activities import ActivityDocument


def warn(context: InboxContext, activity: ActivityDocument) -> None:
    """Tell the author, for a moderator of the group."""
    text = get_present(context, get_object_uri(activity))
    with moderating(context, activity, community_of(text), text.uri) as moderator:
        warnings.warn_person(moderator, text, activity.summary or activity.content or "")
