"""Somebody elsewhere wants to follow a community or a person of ours."""

from app.accounts.queries import find_account_by_uri
from app.accounts.services import followings
from app.core.events import emit
from app.forum.queries.bans import find_ban, find_barring_ban
from app.forum.queries.communities import find_community_by_uri
from app.forum.services import memberships
from federation.dereference.moves import find_successor
from federation.errors import RefusedError
from federation.events import SuccessorFollowed
from federation.inbound.context import InboxContext
from federation.inbound.subjects import get_object_uri, get_sender
from federation.vocab.activities import ActivityDocument


def follow(_context: InboxContext, activity: ActivityDocument) -> None:
    """Let the sender follow; a repeat is answered again (federation.md section 3.3).

    Of groups only the one in which ours goes on (section 3.10).
    Who is banned is answered with a refusal, every time.
    """
    uri = get_object_uri(activity)
    community = find_community_by_uri(uri)
    successor = None if community is None else find_successor(community)
    if community is not None and successor is not None and successor.uri == activity.actor:
        emit(SuccessorFollowed(community.id, successor.id))
        return
    sender = get_sender(activity)
    if community is not None and community.is_local:
        if find_barring_ban(sender, community) is not None:
            memberships.turn_away(sender, community, activity.uri)
            return
        memberships.join_community(sender, community, request_uri=activity.uri)
        return
    person = find_account_by_uri(uri)
    if person is None or not person.is_local:
        raise RefusedError("nobody-to-follow")
    if find_ban(sender, None) is not None:
        followings.turn_away(sender, person, activity.uri)
        return
    followings.request_follow(sender, person, request_uri=activity.uri)
