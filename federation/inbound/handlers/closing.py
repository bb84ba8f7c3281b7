"""A group elsewhere was closed by itself, its server or its owner, or opened again (Lemmy)."""

from app.forum.models.community import Community
from app.forum.services import communities
from federation.dereference.actors import note_actor_gone
from federation.errors import MissingError, RefusedError
from federation.inbound.authority import get_moderator
from federation.inbound.context import InboxContext
from federation.transport.actors import find_actor
from federation.vocab.activities import ActivityDocument
from federation.vocab.origin import same_origin


def close(context: InboxContext, activity: ActivityDocument, community: Community) -> None:
    """Close what we hold of it; on the word of a moderator from elsewhere, its server is asked."""
    _require_say(context, activity, community)
    if not same_origin(activity.actor, community.uri) and context.gone != community.uri:
        raise MissingError(community.uri)
    actor = find_actor(community)
    if actor is not None:
        note_actor_gone(actor)
    communities.close_remote_community(community)


def reopen(context: InboxContext, activity: ActivityDocument, community: Community) -> None:
    """Open it again once its own server shows it."""
    _require_say(context, activity, community)
    if not context.was_fetched(community.uri):
        raise MissingError(community.uri)
    communities.reopen_remote_community(community)


def _require_say(context: InboxContext, activity: ActivityDocument, community: Community) -> None:
    if community.is_local:
        raise RefusedError("group-is-ours")
    if activity.actor == community.uri:
        return
    get_moderator(context, activity, community, community.uri)
