"""One of ours goes on elsewhere: Move, to whoever follows (federation.md section 3.10).

The Update with `movedTo` was said before it, as the change of a profile or community that it is.
"""

from app.accounts.events import AccountMoved
from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.forum.events import CommunityMoved
from app.forum.models.community import Community
from federation.events import SuccessorFollowed
from federation.models.outbox_activity import Lane
from federation.outbound.activities.announce import is_announced
from federation.outbound.audience import (
    Audience,
    followers_of_community,
    followers_of_person,
)
from federation.outbound.fanout import Publication, new_activity_uri, publish, tell_one
from federation.outbound.provenance import received_bytes
from federation.vocab.outgoing import Activity


def move_account(event: AccountMoved) -> None:
    """Tell the followers of one of our people."""
    account = session().get_one(Account, event.account_id)
    if not account.is_local:
        return
    successor = session().get_one(Account, event.successor_id)
    _publish(account, successor.uri, followers_of_person(account))


def move_community(event: CommunityMoved) -> None:
    """Tell the followers of one of our communities; one that comes here follows where it was.

    So what is still written there is read here as well.
    """
    community = session().get_one(Community, event.community_id)
    successor = session().get_one(Community, event.successor_id)
    if is_announced(community):
        _publish(community, successor.uri, followers_of_community(community))
    elif is_announced(successor) and not community.is_local:
        follow = Activity(
            type="Follow",
            uri=new_activity_uri("Follow"),
            actor=successor.uri,
            object=community.uri,
            to=(community.uri,),
        )
        tell_one(successor, follow, community)


def accept_successor(event: SuccessorFollowed) -> None:
    """Let the community in which one of ours goes on follow it; it gets what is said here."""
    follow = received_bytes("Follow")
    if follow is None:
        return
    community = session().get_one(Community, event.community_id)
    successor = session().get_one(Community, event.successor_id)
    accept = Activity(
        type="Accept",
        uri=new_activity_uri("Accept"),
        actor=community.uri,
        object=follow,
        to=(successor.uri,),
    )
    tell_one(community, accept, successor)


def _publish(owner: Account | Community, target: str, followers: Audience) -> None:
    publication = Publication(
        actor=owner,
        activity=Activity(
            type="Move",
            uri=new_activity_uri("Move"),
            actor=owner.uri,
            object=owner.uri,
            target=target,
            to=(f"{owner.uri}/followers",),
            published=utcnow(),
        ),
        object_uri=owner.uri,
        order_key=owner.uri,
        lane=Lane.CONTROL,
    )
    publish(publication, followers)
