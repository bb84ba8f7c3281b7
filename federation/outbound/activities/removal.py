"""Delete and its undoing: by the author, and by a moderator (federation.md section 3.6)."""

from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.db import session
from app.core.visibility import Visibility
from app.forum.events import (
    CommentDeleted,
    CommentRemoved,
    CommentRestored,
    PostDeleted,
    PostRemoved,
    PostRestored,
)
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from federation.models.delivery import DeliveryDialect
from federation.models.outbox_activity import Lane, OutboxActivity
from federation.outbound.activities.announce import (
    Passing,
    announce_post,
    pass_on,
    take_back_announce,
)
from federation.outbound.activities.content import audience_of
from federation.outbound.audience import Audience, followers_of_community, home_of, remote_people
from federation.outbound.fanout import Publication, new_activity_uri, publish
from federation.outbound.provenance import received_bytes
from federation.outbound.serializers.posted import serialize_tombstone
from federation.vocab.outgoing import Activity, Tombstone
from federation.vocab.terms import PUBLIC


def delete_post(event: PostDeleted) -> None:
    """Tell that the author took a thread starter back."""
    _delete(session().get_one(Post, event.post_id))


def delete_comment(event: CommentDeleted) -> None:
    """Tell that the author took an answer back."""
    _delete(session().get_one(Comment, event.comment_id))


def remove_post(event: PostRemoved) -> None:
    """Take a thread starter away; microblogs lose the boost, not the post."""
    post = session().get_one(Post, event.post_id)
    _remove(post, event.by_id, event.reason)
    if post.community.is_local:
        take_back_announce(post)


def remove_comment(event: CommentRemoved) -> None:
    """Take an answer away as a moderator."""
    _remove(session().get_one(Comment, event.comment_id), event.by_id, event.reason)


def restore_post(event: PostRestored) -> None:
    """Undo a removal; microblogs get a new boost."""
    post = session().get_one(Post, event.post_id)
    _restore(post, event.by_id)
    announce_post(post)


def restore_comment(event: CommentRestored) -> None:
    """Undo the removal of an answer."""
    _restore(session().get_one(Comment, event.comment_id), event.by_id)


def _thread(posted: Post | Comment) -> Post:
    return posted.post if isinstance(posted, Comment) else posted


def _is_kept_here(posted: Post | Comment) -> bool:
    thread = _thread(posted)
    return thread.visibility != Visibility.PUBLIC


def _delete(posted: Post | Comment) -> None:
    if _is_kept_here(posted):
        return
    inner = received_bytes("Delete")
    if not posted.is_local:
        if inner is not None:
            _pass(posted, inner)
        return
    audiences = list(audience_of(posted))
    community = _thread(posted).community
    if isinstance(posted, Post) and community.is_local:
        followers = followers_of_community(community)
        audiences.append(followers.for_dialect(DeliveryDialect.MICROBLOGS))
    row = _say_delete(posted, posted.author, serialize_tombstone(posted), None, audiences)
    _pass(posted, row.body)


def _remove(posted: Post | Comment, by_id: int, reason: str) -> None:
    if _is_kept_here(posted):
        return
    moderator = session().get_one(Account, by_id)
    if not moderator.is_local:
        inner = received_bytes("Delete")
        if inner is not None:
            _pass(posted, inner)
        return
    row = _say_delete(posted, moderator, posted.uri, reason or " ", _homes(posted))
    _pass(posted, row.body)


def _homes(posted: Post | Comment) -> list[Audience]:
    """Where a removal is told besides the followers: the group's home and the author's."""
    community = _thread(posted).community
    author = remote_people([posted.author]).for_dialect(DeliveryDialect.FORUMS)
    return [author] if community.is_local else [home_of(community), author]


def _say_delete(
    posted: Post | Comment,
    actor: Account,
    thing: str | Tombstone,
    reason: str | None,
    audiences: list[Audience],
) -> OutboxActivity:
    community = _thread(posted).community
    activity = Activity(
        type="Delete",
        uri=new_activity_uri("Delete"),
        actor=actor.uri,
        object=thing,
        to=(PUBLIC,),
        cc=(community.uri, f"{actor.uri}/followers"),
        audience=community.uri,
        summary=reason,
    )
    publication = Publication(
        actor=actor,
        activity=activity,
        object_uri=posted.uri,
        order_key=_thread(posted).uri,
        lane=Lane.CONTENT,
    )
    return publish(publication, *audiences)


def _restore(posted: Post | Comment, by_id: int) -> None:
    moderator = session().get_one(Account, by_id)
    former = session().scalar(
        select(OutboxActivity)
        .where(OutboxActivity.type == "Delete", OutboxActivity.object_uri == posted.uri)
        .order_by(OutboxActivity.id.desc())
    )
    if former is None or not moderator.is_local or _is_kept_here(posted):
        return
    community: Community = _thread(posted).community
    activity = Activity(
        type="Undo",
        uri=new_activity_uri("Undo"),
        actor=moderator.uri,
        object=former.body,
        to=(PUBLIC,),
        cc=(community.uri,),
        audience=community.uri,
    )
    publication = Publication(
        actor=moderator,
        activity=activity,
        object_uri=posted.uri,
        order_key=_thread(posted).uri,
    )
    row = publish(publication, *_homes(posted))
    _pass(posted, row.body)


def _pass(posted: Post | Comment, inner: bytes) -> None:
    thread = _thread(posted)
    pass_on(thread.community, inner, Passing(object_uri=posted.uri, order_key=thread.uri))
