"""One of ours goes on elsewhere: Move, to whoever follows (federation.md section 3.10).

The Update with `movedTo` was said before it, as the change of a profile or community that it is.
"""

from app.accounts.events import AccountMoved
from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.forum.events import CommunityMoved
from app.forum.models.community import Community
from federation.models.outbox_activity import Lane
from federation.outbound.activities.announce import is_announced
from federation.outbound.audience import Audience, followers_of_community, followers_of_person
from federation.outbound.fanout import Publication, new_activity_uri, publish
from federation.vocab.outgoing import Activity


def move_account(event: AccountMoved) -> None:
    """Tell the followers of one of our people."""
    account = session().get_one(Account, event.account_id)
    if not account.is_local:
        return
    successor = session().get_one(Account, event.successor_id)
    _publish(account, successor.uri, followers_of_person(account))


def move_community(event: CommunityMoved) -> None:
    """Tell the followers of one of our communities."""
    community = session().get_one(Community, event.community_id)
    if not is_announced(community):
        return
    successor = session().get_one(Community, event.successor_id)
    _publish(community, successor.uri, followers_of_community(community))


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
