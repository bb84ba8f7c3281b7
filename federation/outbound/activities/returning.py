"""What a server hears first that was away for more than a week (federation.md section 5.6)."""

from sqlalchemy import select

from app.accounts.models.account import Account, AccountState
from app.core.clock import utcnow
from app.core.db import session
from app.forum.models.community import Community
from app.forum.models.membership import Membership, MembershipState
from federation.models.actor import Actor
from federation.models.followers import INBOX
from federation.models.outbox_activity import Lane
from federation.outbound.activities.announce import is_announced
from federation.outbound.audience import Audience
from federation.outbound.fanout import Publication, new_activity_uri, publish
from federation.outbound.serializers.actors import serialize_group
from federation.transport.actors import local_actor
from federation.vocab.outgoing import Activity
from federation.vocab.terms import PUBLIC


def greet_returned(host: str) -> None:
    """Send one Update per community of ours that somebody there follows.

    It tells the server that we are there, and where the outbox is in which it finds what it
    missed; old activities are not replayed.
    """
    for community, inboxes in _followed_from(host).items():
        if not is_announced(community):
            continue
        activity = Activity(
            type="Update",
            uri=new_activity_uri("Update"),
            actor=community.uri,
            object=serialize_group(community, local_actor(community)),
            to=(PUBLIC,),
            cc=(f"{community.uri}/followers",),
            published=utcnow(),
        )
        publication = Publication(
            actor=community,
            activity=activity,
            object_uri=community.uri,
            order_key=community.uri,
            lane=Lane.CONTROL,
        )
        publish(publication, Audience((inboxes[0],)))


def _followed_from(host: str) -> dict[Community, list[str]]:
    rows = session().execute(
        select(Community, INBOX)
        .join(Membership, Membership.community_id == Community.id)
        .join(Account, Account.id == Membership.account_id)
        .join(Actor, Actor.account_id == Account.id)
        .where(
            Account.host == host,
            Account.state == AccountState.ACTIVE,
            Membership.state == MembershipState.APPROVED,
            Community.host.is_(None),
            Actor.gone_at.is_(None),
        )
        .order_by(Community.id, Actor.id)
    )
    found: dict[Community, list[str]] = {}
    for community, inbox in rows:
        if inbox:
            found.setdefault(community, []).append(inbox)
    return found
