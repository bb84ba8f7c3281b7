"""Delete and its undoing: by the author, and by a moderator (federation.md section 3.6)."""

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
from app.forum.models.post import Post
from federation.models.delivery import DeliveryDialect
from federation.models.outbox_activity import Lane, OutboxActivity
from federation.outbound.activities.announce import (
    Passing,
    announce_post,
    pass_on,
    take_back_announce,
)
from federation.outbound.activities.content import audiences_of, readers_of
from federation.outbound.audience import Audience, home_of, people_by_uri
from federation.outbound.fanout import Publication, new_activity_uri, publish
from federation.outbound.outbox import find_newest
from federation.outbound.provenance import received_bytes
from federation.outbound.serializers.posted import parent_author, serialize_tombstone
from federation.outbound.threads import find_parent, thread_of
from federation.vocab.outgoing import Activity
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


def _is_kept_here(posted: Post | Comment) -> bool:
    """Whether it never left; what did is taken back although its community has closed since."""
    return thread_of(posted).visibility != Visibility.PUBLIC


def _delete(posted: Post | Comment) -> None:
    if _is_kept_here(posted):
        return
    if not posted.is_local:
        _pass_received(posted)
        return
    answered = [] if isinstance(posted, Post) else [parent_author(posted, find_parent(posted)).uri]
    audiences = [*audiences_of(posted, answered), *readers_of(posted)]
    row = _say(posted, _deletion(posted, posted.author, None), posted.author, audiences)
    _pass(posted, row.body)


def _remove(posted: Post | Comment, by_id: int, reason: str) -> None:
    if _is_kept_here(posted):
        return
    moderator = session().get_one(Account, by_id)
    if not moderator.is_local:
        _pass_received(posted)
        return
    row = _say(posted, _deletion(posted, moderator, reason or " "), moderator, _homes(posted))
    _pass(posted, row.body)


def _restore(posted: Post | Comment, by_id: int) -> None:
    """Undo the removal; that of another moderator is said anew, as one undoes only what is one's.

    Lemmy does the same, and refuses the Undo of somebody else's Delete.
    """
    moderator = session().get_one(Account, by_id)
    if not moderator.is_local or _is_kept_here(posted):
        return
    former = find_newest("Delete", moderator, posted.uri)
    undo = Activity(
        type="Undo",
        uri=new_activity_uri("Undo"),
        actor=moderator.uri,
        object=former.body if former is not None else _deletion(posted, moderator, " "),
        to=(PUBLIC,),
        cc=(thread_of(posted).community.uri,),
        audience=thread_of(posted).community.uri,
    )
    row = _say(posted, undo, moderator, _homes(posted))
    _pass(posted, row.body)


def _homes(posted: Post | Comment) -> list[Audience]:
    """Where a removal is told besides the followers: the group's home and the author's."""
    community = thread_of(posted).community
    author = people_by_uri([posted.author.uri]).for_dialect(DeliveryDialect.FORUMS)
    return [author] if community.is_local else [home_of(community), author]


def _deletion(posted: Post | Comment, actor: Account, reason: str | None) -> Activity:
    """Return the Delete: without a reason the author's own, with one a moderator's."""
    community = thread_of(posted).community
    followers = () if reason else (f"{actor.uri}/followers",)
    return Activity(
        type="Delete",
        uri=new_activity_uri("Delete"),
        actor=actor.uri,
        object=posted.uri if reason else serialize_tombstone(posted),
        to=(PUBLIC,),
        cc=(community.uri, *followers),
        audience=community.uri,
        summary=reason,
    )


def _say(
    posted: Post | Comment, activity: Activity, actor: Account, audiences: list[Audience]
) -> OutboxActivity:
    publication = Publication(
        actor=actor,
        activity=activity,
        object_uri=posted.uri,
        order_key=thread_of(posted).uri,
        lane=Lane.CONTENT,
    )
    return publish(publication, *audiences)


def _pass(posted: Post | Comment, inner: bytes) -> None:
    thread = thread_of(posted)
    pass_on(thread.community, inner, Passing(object_uri=posted.uri, order_key=thread.uri))


def _pass_received(posted: Post | Comment) -> None:
    inner = received_bytes("Delete")
    if inner is not None:
        _pass(posted, inner)
