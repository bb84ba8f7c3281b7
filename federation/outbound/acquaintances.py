"""Who knows one of our people: all servers that hold a copy of the profile, as far as we can tell.

Whoever saw a text of somebody keeps name and picture with it, also where nobody follows the person.
"""

from sqlalchemy import func, or_, select

from app.accounts.models.account import Account, AccountState
from app.core.db import session
from app.core.visibility import Visibility
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.membership import Membership, MembershipState
from app.forum.models.post import Post
from federation.models.actor import Actor
from federation.models.delivery import Delivery, DeliveryState
from federation.models.outbox_activity import Lane, OutboxActivity
from federation.outbound.audience import Audience, followers_of_person
from federation.transport.actors import find_actor


def acquaintances_of(account: Account) -> Audience:
    """Return followers, whoever got a text by this person, and readers of the same communities."""
    return followers_of_person(account) | _reached_by(account) | _readers_of(account)


def _reached_by(account: Account) -> Audience:
    """Return the inboxes that took a text that this person sent."""
    actor = find_actor(account)
    if actor is None:
        return Audience()
    statement = (
        select(Delivery.inbox_url)
        .join(OutboxActivity, OutboxActivity.id == Delivery.outbox_activity_id)
        .where(
            OutboxActivity.actor_id == actor.id,
            OutboxActivity.lane == Lane.CONTENT,
            Delivery.state == DeliveryState.DONE,
        )
        .distinct()
    )
    return Audience(tuple(session().scalars(statement)))


def _readers_of(account: Account) -> Audience:
    """Return the servers that follow communities of ours in which this person wrote."""
    posted = select(Post.community_id).where(Post.author_id == account.id)
    answered = (
        select(Post.community_id)
        .join(Comment, Comment.post_id == Post.id)
        .where(Comment.author_id == account.id)
    )
    statement = (
        select(func.coalesce(Actor.shared_inbox_url, Actor.inbox_url))
        .join(Account, Account.id == Actor.account_id)
        .join(Membership, Membership.account_id == Account.id)
        .join(Community, Community.id == Membership.community_id)
        .where(
            or_(Community.id.in_(posted), Community.id.in_(answered)),
            Community.host.is_(None),
            Community.visibility == Visibility.PUBLIC,
            Membership.state == MembershipState.APPROVED,
            Account.host.is_not(None),
            Account.state == AccountState.ACTIVE,
            Actor.gone_at.is_(None),
        )
        .distinct()
    )
    return Audience(tuple(url for url in session().scalars(statement) if url))
