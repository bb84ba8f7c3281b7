"""A group passes on a post or comment as such, not wrapped in an activity (NodeBB, PeerTube)."""

from app.core.addresses import local_path
from app.forum.models.community import Community
from app.forum.queries.communities import find_community_by_uri
from federation.dereference.objects import is_followed_here
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.handlers import accept, create
from federation.vocab.activities import ActivityDocument
from federation.vocab.objects import ObjectDocument


def get_announcer(context: InboxContext, activity: ActivityDocument) -> Community:
    """Return the remote group that announces, if anybody here follows it.

    Its first Announce stands for the Accept of who still waits for one. Raises IgnoredError for the
    boosts of people, and for groups that nobody here follows.
    """
    community = find_community_by_uri(activity.actor)
    if community is None or community.is_local or context.announced_by is not None:
        raise IgnoredError("announced-by-a-person")
    if not is_followed_here(community):
        raise IgnoredError("group-not-followed")
    accept.infer_accept(community)
    return community


def take_over(context: InboxContext, thing: str | ObjectDocument) -> None:
    """Publish what a group passes on: inline when it is of the group's host, else fetched."""
    uri = thing if isinstance(thing, str) else thing.uri
    if local_path(uri) is not None:
        raise IgnoredError("object-is-ours")
    if isinstance(thing, str):
        create.take_up(context, uri)
    else:
        create.take_in(context, thing)
