"""Sending a text once more to the remote community that has not passed it on (federation.md 3.4).

A new Create about the same object: an activity id that a peer has seen is of no use any more, even
when it failed there (quirk 83).
"""

from sqlalchemy import func, select

from app.core.clock import utcnow
from app.core.db import session
from app.forum.events import CommentSentAgain, PostSentAgain
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.services.echoes import SEND_AGAIN_AFTER
from federation.models.outbox_activity import OutboxActivity
from federation.outbound.audience import home_of
from federation.outbound.fanout import Publication, new_activity_uri, publish
from federation.outbound.serializers.posted import serialize_comment, serialize_post
from federation.outbound.threads import find_parent, is_open, thread_of
from federation.vocab.outgoing import Activity, Note, Page


def send_post_again(event: PostSentAgain) -> None:
    """Send a thread starter once more."""
    post = session().get_one(Post, event.post_id)
    _send_again(post, serialize_post(post))


def send_comment_again(event: CommentSentAgain) -> None:
    """Send an answer once more."""
    comment = session().get_one(Comment, event.comment_id)
    _send_again(comment, serialize_comment(comment, find_parent(comment)))


def _send_again(posted: Post | Comment, document: Page | Note) -> None:
    """Send it to the server of the community alone; nothing when that was done minutes ago."""
    thread = thread_of(posted)
    if not is_open(thread) or _was_just_sent(posted.uri):
        return
    activity = Activity(
        type="Create",
        uri=new_activity_uri("Create"),
        actor=posted.author.uri,
        object=document,
        to=document.to,
        cc=document.cc,
        audience=document.group.href if document.group else None,
        published=utcnow(),
    )
    publication = Publication(
        actor=posted.author, activity=activity, object_uri=posted.uri, order_key=thread.uri
    )
    publish(publication, home_of(thread.community))


def _was_just_sent(uri: str) -> bool:
    newest = session().scalar(
        select(func.max(OutboxActivity.made_at)).where(
            OutboxActivity.object_uri == uri, OutboxActivity.type == "Create"
        )
    )
    return newest is not None and utcnow() - newest < SEND_AGAIN_AFTER
