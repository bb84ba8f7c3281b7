"""Delete and its undoing: by the author, and by a moderator (federation.md section 3.6)."""

from dataclasses import replace
from typing import Final

from app.accounts.models.account import Account
from app.accounts.services.system import get_moderation_account
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
from federation.outbound.activities.acts import Act, say_act, say_alone, undoing
from federation.outbound.activities.announce import (
    Passing,
    announce_post,
    pass_on,
    take_back_announce,
)
from federation.outbound.activities.content import audiences_of, readers_of, tell_again
from federation.outbound.audience import Audience, followers_of_community, people_by_uri
from federation.outbound.fanout import Publication, new_activity_uri, publish
from federation.outbound.known import MBIN, NODEBB, running, without
from federation.outbound.provenance import received_bytes
from federation.outbound.serializers.posted import parent_author, serialize_tombstone
from federation.outbound.threads import find_parent, thread_of
from federation.vocab.outgoing import Activity
from federation.vocab.terms import PUBLIC

BY_UPDATE: Final = MBIN | NODEBB  # bring a text back when it is edited, not by Undo of Delete


def delete_post(event: PostDeleted) -> None:
    """Tell that the author took a thread starter back.

    Of one written elsewhere we have only the boost to take back at microblogs.
    """
    post = session().get_one(Post, event.post_id)
    _delete(post)
    if post.community.is_local and not post.is_local:
        take_back_announce(post)


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
    _restore(post, event.by_id, event.reason)
    announce_post(post)


def restore_comment(event: CommentRestored) -> None:
    """Undo the removal of an answer."""
    _restore(session().get_one(Comment, event.comment_id), event.by_id, event.reason)


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
    row = _say(posted, _deletion(posted), posted.author, audiences)
    _pass(posted, row.body)


def _remove(posted: Post | Comment, by_id: int | None, reason: str) -> None:
    if _is_kept_here(posted):
        return
    by = _moderator(by_id)
    removal = _removal(posted, reason)
    say_act(by, removal, _author_of(posted))
    if by is not None and not by.is_local:
        _say_as_our_own(removal)


def _restore(posted: Post | Comment, by_id: int | None, reason: str) -> None:
    """Undo the removal, and show what is back to those who do not know such an Undo."""
    if _is_kept_here(posted):
        return
    by = _moderator(by_id)
    say_act(by, undoing(by, _removal(posted, ""), reason), _author_of(posted))
    community = thread_of(posted).community
    if by is None or not community.is_local:
        return
    if running(followers_of_community(community), BY_UPDATE).inboxes:
        tell_again(posted, BY_UPDATE)


def _moderator(by_id: int | None) -> Account | None:
    return None if by_id is None else session().get_one(Account, by_id)


def _removal(posted: Post | Comment, reason: str) -> Act:
    """Return a moderator's Delete: the reason is always there, its presence marks it (Lemmy)."""
    thread = thread_of(posted)
    return Act(
        verb="Delete",
        object_uri=posted.uri,
        community=thread.community,
        reason=reason or " ",
        order_key=thread.uri,
        lane=Lane.CONTROL,
    )


def _say_as_our_own(removal: Act) -> None:
    """Say it once more for NodeBB, which refuses the Delete of a moderator of a third server."""
    followers = followers_of_community(removal.community)
    if not removal.community.is_local or not running(followers, NODEBB).inboxes:
        return
    row = say_alone(get_moderation_account(), removal)
    pass_on(removal.community, row.body, replace(removal.passing, software=NODEBB))


def _author_of(posted: Post | Comment) -> Audience:
    """Where a removal is told besides the followers and the home of the group.

    NodeBB does not even answer who is not the author, and so would keep all else waiting; if
    somebody follows there, it takes the removal as the group passes it on.
    """
    homes = people_by_uri([posted.author.uri])
    return without(homes, running(homes, NODEBB)).for_dialect(DeliveryDialect.FORUMS)


def _deletion(posted: Post | Comment) -> Activity:
    """Return the author's own Delete, which never has a reason."""
    community = thread_of(posted).community
    return Activity(
        type="Delete",
        uri=new_activity_uri("Delete"),
        actor=posted.author.uri,
        object=serialize_tombstone(posted),
        to=(PUBLIC,),
        cc=(community.uri, f"{posted.author.uri}/followers"),
        audience=community.uri,
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
