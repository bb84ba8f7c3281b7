"""Somebody elsewhere wants to follow a community or a person of ours."""

from app.accounts.queries import find_account_by_uri
from app.accounts.services import followings
from app.forum.queries.communities import find_community_by_uri
from app.forum.services import memberships
from federation.errors import RefusedError
from federation.inbound.context import InboxContext
from federation.inbound.subjects import get_object_uri, get_sender
from federation.vocab.activities import ActivityDocument


def follow(_context: InboxContext, activity: ActivityDocument) -> None:
    """Let the sender follow; a repeat is answered again (federation.md section 3.3)."""
    sender = get_sender(activity)
    uri = get_object_uri(activity)
    community = find_community_by_uri(uri)
    if community is not None and community.is_local:
        memberships.join_community(sender, community, request_uri=activity.uri)
        return
    person = find_account_by_uri(uri)
    if person is None or not person.is_local:
        raise RefusedError("nobody-to-follow")
    followings.request_follow(sender, person, request_uri=activity.uri)
