"""Who gets an activity: followers, named people, the home of a remote community."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models.account import Account, AccountState
from app.accounts.models.following import Following, FollowState
from app.core.addresses import local_path
from app.core.db import session
from app.core.visibility import State
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from federation.models.actor import Actor
from federation.models.delivery import Delivery, DeliveryDialect, DeliveryState
from federation.models.followers import INBOX, list_follower_inboxes
from federation.models.outbox_activity import Lane, OutboxActivity

_LIVE_ELSEWHERE = (
    Account.host.is_not(None),
    Account.state == AccountState.ACTIVE,
    Actor.gone_at.is_(None),
)
# Made once: asked for every activity of a community that moved.
_PREDECESSOR = aliased(Actor)
_OF_SUCCESSOR = (
    select(INBOX)
    .join(Community, Community.id == Actor.community_id)
    .join(_PREDECESSOR, _PREDECESSOR.moved_to == Community.remote_uri)
    .join(OutboxActivity, OutboxActivity.actor_id == _PREDECESSOR.id)
    .where(
        _PREDECESSOR.community_id == bindparam("community"),
        OutboxActivity.type == "Accept",
        OutboxActivity.object_uri == Community.remote_uri,
        Actor.gone_at.is_(None),
    )
    .distinct()
)


@dataclass(frozen=True)
class Audience:
    """The inboxes of an activity, and for which class of server this variant is."""

    inboxes: tuple[str, ...] = field(default_factory=tuple)
    dialect: DeliveryDialect = DeliveryDialect.ANY

    def for_dialect(self, dialect: DeliveryDialect) -> "Audience":
        """Return the same inboxes for one class of server only."""
        return Audience(self.inboxes, dialect)

    def __or__(self, other: "Audience") -> "Audience":
        """Return both together, each inbox once."""
        return Audience(tuple(dict.fromkeys((*self.inboxes, *other.inboxes))), self.dialect)


def _run(statement: Select[str | None]) -> Audience:
    return Audience(tuple(dict.fromkeys(url for url in session().scalars(statement) if url)))


def followers_of_community(community: Community) -> Audience:
    """Return the servers where somebody follows one of our communities.

    One that went on elsewhere is followed by its successor as well, once that asked.
    """
    urls = list(list_follower_inboxes(community.id))
    if community.is_posting_restricted:  # as is each that moved
        urls += session().scalars(_OF_SUCCESSOR, {"community": community.id})
    return Audience(tuple(dict.fromkeys(url for url in urls if url)))


def followers_of_person(account: Account) -> Audience:
    """Return the servers where somebody follows one of our people."""
    return _run(
        select(INBOX)
        .join(Account, Account.id == Actor.account_id)
        .join(Following, Following.follower_id == Account.id)
        .where(
            Following.followed_id == account.id,
            Following.state == FollowState.APPROVED,
            *_LIVE_ELSEWHERE,
        )
        .distinct()
    )


def people_by_uri(uris: Iterable[str]) -> Audience:
    """Return the inboxes of those of these people who live elsewhere and are welcome here."""
    foreign = [uri for uri in uris if local_path(uri) is None]
    if not foreign:
        return Audience()
    return _run(
        select(INBOX)
        .join(Account, Account.id == Actor.account_id)
        .where(
            Account.remote_uri.in_(foreign),
            Account.state == AccountState.ACTIVE,
            Actor.gone_at.is_(None),
        )
    )


def own_inbox(owner: Account | Community) -> Audience:
    """Return the personal inbox of a remote person or community: for Follow, Accept and Undo."""
    column = Actor.account_id if isinstance(owner, Account) else Actor.community_id
    return _run(select(Actor.inbox_url).where(column == owner.id, Actor.gone_at.is_(None)))


def home_of(community: Community) -> Audience:
    """Return where a remote community takes what is meant for it."""
    return _run(select(INBOX).where(Actor.community_id == community.id, Actor.gone_at.is_(None)))


def reached_with(object_uri: str) -> Audience:
    """Return the inboxes to which the thing itself went, whoever follows today.

    What was wrapped for forum servers is left out: they get the next activity wrapped as well.
    """
    return _run(
        select(Delivery.inbox_url)
        .join(OutboxActivity, OutboxActivity.id == Delivery.outbox_activity_id)
        .where(
            OutboxActivity.object_uri == object_uri,
            OutboxActivity.type.in_(["Create", "Update", "Announce"]),
            OutboxActivity.lane == Lane.CONTENT,
            or_(
                and_(
                    Delivery.dialect == DeliveryDialect.ANY,
                    Delivery.state.in_([DeliveryState.WAITING, DeliveryState.DONE]),
                ),
                and_(
                    Delivery.dialect == DeliveryDialect.MICROBLOGS,
                    Delivery.state == DeliveryState.DONE,
                ),
            ),
        )
        .distinct()
    )


def receivers_of(row: OutboxActivity) -> Audience:
    """Return the inboxes that got, or are still to get, this very activity."""
    return _run(
        select(Delivery.inbox_url).where(
            Delivery.outbox_activity_id == row.id,
            Delivery.state.in_([DeliveryState.WAITING, DeliveryState.DONE]),
        )
    )


def formerly_told(community: Community, object_uri: str) -> Audience:
    """Return where a community of ours passed on what concerns this, and nobody follows any more.

    Forum servers keep to what they were told, a ban for one, until they are told otherwise.
    """
    told = _run(
        select(Delivery.inbox_url)
        .join(OutboxActivity, OutboxActivity.id == Delivery.outbox_activity_id)
        .join(Actor, Actor.id == OutboxActivity.actor_id)
        .where(
            Actor.community_id == community.id,
            OutboxActivity.type == "Announce",
            OutboxActivity.object_uri == object_uri,
            Delivery.dialect == DeliveryDialect.FORUMS,
            Delivery.state.in_([DeliveryState.WAITING, DeliveryState.DONE]),
        )
        .distinct()
    )
    following = set(followers_of_community(community).inboxes)
    return Audience(tuple(url for url in told.inboxes if url not in following))


def participants_of(post: Post) -> Audience:
    """Return where those live who answered in a thread (section 3.4): microblogs show it there."""
    return _run(
        select(INBOX)
        .join(Account, Account.id == Actor.account_id)
        .join(Comment, Comment.author_id == Account.id)
        .where(
            Comment.post_id == post.id,
            Comment.state == State.PUBLISHED,
            *_LIVE_ELSEWHERE,
        )
        .distinct()
    ).for_dialect(DeliveryDialect.MICROBLOGS)


def everyone_known() -> Audience:
    """Return one inbox of every server we know somebody on: for the deletion of a person."""
    inbox = func.coalesce(func.max(Actor.shared_inbox_url), func.min(Actor.inbox_url))
    return _run(
        select(inbox).where(Actor.host.is_not(None), Actor.gone_at.is_(None)).group_by(Actor.host)
    )
