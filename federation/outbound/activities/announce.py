"""A community passes on what happens in it, in both dialects (federation.md section 3.2)."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import session
from app.core.visibility import Visibility
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from federation.models.delivery import DeliveryDialect
from federation.models.outbox_activity import Lane, OutboxActivity
from federation.outbound.audience import Audience, followers_of_community, receivers_of
from federation.outbound.fanout import Publication, new_activity_uri, publish
from federation.outbound.known import running
from federation.outbound.threads import is_open
from federation.transport.actors import local_actor
from federation.vocab.json_text import parse_json
from federation.vocab.outgoing import Activity
from federation.vocab.terms import PUBLIC

EVERY_SOFTWARE: Final[frozenset[str]] = frozenset()


def _announce(community: Community, thing: str | bytes, cc: tuple[str, ...] = ()) -> Activity:
    return Activity(
        type="Announce",
        uri=new_activity_uri("Announce"),
        actor=community.uri,
        object=thing,
        to=(PUBLIC,),
        cc=(f"{community.uri}/followers", *cc),
        published=utcnow(),
    )


def is_announced(community: Community) -> bool:
    """Whether this community passes things on: it is ours and open to all."""
    return community.is_local and community.visibility == Visibility.PUBLIC


@dataclass(frozen=True)
class Passing:
    """About what an activity is, and how it travels when a community passes it on.

    With `software` only to servers that are known to run one of these.
    """

    object_uri: str
    order_key: str
    lane: Lane = Lane.CONTENT
    is_listed: bool = False
    software: frozenset[str] = EVERY_SOFTWARE


def pass_on(community: Community, inner: bytes, passing: Passing) -> None:
    """Announce an activity, byte for byte, to the forum servers that follow.

    What nobody gets and no outbox lists is not made at all.
    """
    if not is_announced(community):
        return
    audience = followers_of_community(community)
    if passing.software:
        audience = running(audience, passing.software)
    if not audience.inboxes and not passing.is_listed:
        return
    publication = Publication(
        actor=community,
        activity=_announce(community, inner),
        object_uri=passing.object_uri,
        order_key=passing.order_key,
        lane=passing.lane,
        is_listed=passing.is_listed,
    )
    publish(publication, audience.for_dialect(DeliveryDialect.FORUMS))


def announce_post(post: Post, dialect: DeliveryDialect = DeliveryDialect.MICROBLOGS) -> None:
    """Announce a thread starter by its id to the microblogs that follow: it becomes a boost."""
    if not post.community.is_local or not is_open(post):
        return
    publication = Publication(
        actor=post.community,
        activity=_announce(post.community, post.uri, (post.author.uri,)),
        object_uri=post.uri,
        order_key=post.uri,
    )
    publish(publication, followers_of_community(post.community).for_dialect(dialect))


def point_to_comment(comment: Comment) -> None:
    """Announce an answer by its id to forum servers, when we hold no activity to pass on."""
    post = comment.post
    if not post.community.is_local or not is_open(post):
        return
    publication = Publication(
        actor=post.community,
        activity=_announce(post.community, comment.uri, (comment.author.uri,)),
        object_uri=comment.uri,
        order_key=post.uri,
    )
    publish(publication, followers_of_community(post.community).for_dialect(DeliveryDialect.FORUMS))


def take_back_announce(post: Post) -> None:
    """Undo the boost, which can be done again; a Delete could not (section 3.6)."""
    former = find_boost(post)
    if former is None:
        return
    publication = Publication(
        actor=post.community,
        activity=Activity(
            type="Undo",
            uri=new_activity_uri("Undo"),
            actor=post.community.uri,
            object=former.body,
            to=(PUBLIC,),
            cc=(f"{post.community.uri}/followers",),
        ),
        object_uri=post.uri,
        order_key=post.uri,
        lane=Lane.CONTROL,
    )
    told = receivers_of(former).for_dialect(DeliveryDialect.MICROBLOGS)
    publish(publication, told, _microblogs(post.community))


def find_boost(post: Post) -> OutboxActivity | None:
    """Return the newest Announce of a post by its id alone."""
    actor = local_actor(post.community)
    rows = session().scalars(
        select(OutboxActivity)
        .where(
            OutboxActivity.actor_id == actor.id,
            OutboxActivity.type == "Announce",
            OutboxActivity.object_uri == post.uri,
            OutboxActivity.lane == Lane.CONTENT,
            OutboxActivity.is_listed.is_(False),
        )
        .order_by(OutboxActivity.id.desc())
    )
    return next((row for row in rows if parse_json(row.body)["object"] == post.uri), None)


def _microblogs(community: Community) -> Audience:
    return followers_of_community(community).for_dialect(DeliveryDialect.MICROBLOGS)
