"""A group elsewhere was closed by itself, its server or its owner, or opened again (Lemmy)."""

from app.forum.models.community import Community
from app.forum.services import communities
from federation.dereference.actors import note_actor_gone
from federation.errors import MissingError, RefusedError
from federation.inbound.authority import is_itself, moderating
from federation.inbound.context import InboxContext
from federation.inbound.subjects import get_sender
from federation.transport.actors import find_actor
from federation.vocab.activities import ActivityDocument
from federation.vocab.origin import same_origin


def close(context: InboxContext, activity: ActivityDocument, community: Community) -> None:
    """Close what we hold of it; unless it says so itself, its server is asked."""
    if not _is_said(context, activity, community) and context.gone != community.uri:
        raise MissingError(community.uri)
    actor = find_actor(community)
    if actor is not None:
        note_actor_gone(actor)
    communities.close_remote_community(community)


def reopen(context: InboxContext, activity: ActivityDocument, community: Community) -> None:
    """Open it again once its own server shows it."""
    _is_said(context, activity, community)
    if not context.was_fetched(community.uri):
        raise MissingError(community.uri)
    communities.reopen_remote_community(community)


def _is_said(context: InboxContext, activity: ActivityDocument, community: Community) -> bool:
    """Whether the group itself says so, in person or in its Announce of its own server's people.

    Who lives on its server may say so as well, and is not believed without asking. Raises
    RefusedError for whoever has no say.
    """
    if community.is_local:
        raise RefusedError("group-is-ours")
    is_neighbour = same_origin(activity.actor, community.uri)
    if is_itself(activity, community):
        return True
    if is_neighbour and context.announced_by is None:
        get_sender(activity)
        return False
    with moderating(context, activity, community, community.uri):
        return is_neighbour
