"""Create and Update of posts and comments (federation.md sections 3.4, 3.5)."""

from collections.abc import Iterable

from app.core.clock import utcnow
from app.core.db import session
from app.core.visibility import State
from app.forum.events import (
    CommentEdited,
    CommentPublished,
    PostEdited,
    PostPublished,
)
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from federation.models.delivery import DeliveryDialect
from federation.models.inbox_activity import InboxActivity
from federation.models.outbox_activity import OutboxActivity
from federation.outbound.activities.announce import (
    EVERY_SOFTWARE,
    Passing,
    announce_post,
    pass_on,
    point_to_comment,
)
from federation.outbound.audience import (
    Audience,
    followers_of_community,
    followers_of_person,
    home_of,
    participants_of,
    people_by_uri,
    reached_with,
)
from federation.outbound.fanout import Publication, new_activity_uri, publish
from federation.outbound.provenance import find_received, received
from federation.outbound.serializers.posted import serialize_comment, serialize_post
from federation.outbound.threads import find_parent, is_open, thread_of
from federation.vocab.outgoing import Activity, Note, Page, Verb


def publish_post(event: PostPublished) -> None:
    """Tell of a new thread: by its author, and passed on by its community."""
    post = session().get_one(Post, event.post_id)
    if not is_open(post):
        return
    if post.is_local:
        _say_post("Create", post)
    elif not _pass_received(post, _bringer_of(post, event), is_listed=True):
        announce_post(post, DeliveryDialect.ANY)
        return
    announce_post(post)


def edit_post(event: PostEdited) -> None:
    """Tell of a changed thread starter."""
    post = session().get_one(Post, event.post_id)
    if not is_open(post) or post.state != State.PUBLISHED:
        return
    if post.is_local:
        _say_post("Update", post)
    else:
        _pass_received(post, received("Update"))


def publish_comment(event: CommentPublished) -> None:
    """Tell of a new answer: by its author, and passed on by its community."""
    comment = session().get_one(Comment, event.comment_id)
    if not is_open(comment.post):
        return
    if comment.is_local:
        _say_comment("Create", comment)
    elif not _pass_received(comment, _bringer_of(comment, event)):
        point_to_comment(comment)


def edit_comment(event: CommentEdited) -> None:
    """Tell of a changed answer."""
    comment = session().get_one(Comment, event.comment_id)
    if not is_open(comment.post) or comment.state != State.PUBLISHED:
        return
    if comment.is_local:
        _say_comment("Update", comment)
    else:
        _pass_received(comment, received("Update"))


def tell_again(posted: Post | Comment, software: frozenset[str] = EVERY_SOFTWARE) -> None:
    """Say one of ours anew to forum servers (those that run `software`): its state changed.

    What came from elsewhere is passed on as it came, when its bytes are still here.
    """
    thread = thread_of(posted)
    passing = Passing(posted.uri, thread.uri, software=software)
    if not posted.is_local:
        came = find_received(posted.uri, posted.author.uri, "Create", "Update")
        if came is not None:
            pass_on(thread.community, came.body, passing)
        return
    document = (
        serialize_post(posted)
        if isinstance(posted, Post)
        else serialize_comment(posted, find_parent(posted))
    )
    homes = [] if thread.community.is_local else [home_of(thread.community)]
    row = _say(
        "Update", posted, document, [one.for_dialect(DeliveryDialect.FORUMS) for one in homes]
    )
    pass_on(thread.community, row.body, passing)


def audiences_of(posted: Post | Comment, named: Iterable[str]) -> list[Audience]:
    """Return who gets an author's own activity: the group's home, who is named, who follows.

    An answer goes to who took part in the thread as well.
    """
    post = thread_of(posted)
    people = [*named, post.author.uri] if isinstance(posted, Comment) else named
    audiences = [people_by_uri(people), followers_of_person(posted.author)]
    if not post.community.is_local:
        audiences.insert(0, home_of(post.community))
    if isinstance(posted, Comment):
        audiences.append(participants_of(post))
    return audiences


def _say_post(verb: Verb, post: Post) -> None:
    document = serialize_post(post)
    audiences = audiences_of(post, [mention.href for mention in document.mentions])
    if verb == "Update":
        audiences += readers_of(post)
    row = _say(verb, post, document, audiences)
    _pass(post, row.body, is_listed=verb == "Create")


def _say_comment(verb: Verb, comment: Comment) -> None:
    document = serialize_comment(comment, find_parent(comment))
    audiences = audiences_of(comment, [mention.href for mention in document.mentions])
    if verb == "Update":
        audiences += readers_of(comment)
    row = _say(verb, comment, document, audiences)
    _pass(comment, row.body)


def readers_of(posted: Post | Comment) -> list[Audience]:
    """Return who has a thing besides: where it went before, and microblogs that got a boost."""
    audiences = [reached_with(posted.uri)]
    if isinstance(posted, Post) and posted.community.is_local:
        followers = followers_of_community(posted.community)
        audiences.append(followers.for_dialect(DeliveryDialect.MICROBLOGS))
    return audiences


def _say(
    verb: Verb,
    posted: Post | Comment,
    document: Page | Note,
    audiences: list[Audience],
) -> OutboxActivity:
    author = posted.author
    activity = Activity(
        type=verb,
        uri=new_activity_uri(verb),
        actor=author.uri,
        object=document,
        to=document.to,
        cc=document.cc,
        audience=document.group.href if document.group else None,
        published=utcnow(),
    )
    publication = Publication(
        actor=author,
        activity=activity,
        object_uri=posted.uri,
        order_key=thread_of(posted).uri,
        is_listed=verb == "Create",
    )
    return publish(publication, *audiences)


def _pass(posted: Post | Comment, inner: bytes, *, is_listed: bool = False) -> None:
    thread = thread_of(posted)
    passing = Passing(object_uri=posted.uri, order_key=thread.uri, is_listed=is_listed)
    pass_on(thread.community, inner, passing)


def _bringer_of(
    posted: Post | Comment, event: PostPublished | CommentPublished
) -> InboxActivity | None:
    """Return what brought a remote text here: now, or (held until now) some time ago."""
    if event.was_held:
        return find_received(posted.uri, posted.author.uri, "Create", "Update")
    return received("Create", "Update")


def _pass_received(
    posted: Post | Comment, row: InboxActivity | None, *, is_listed: bool = False
) -> bool:
    """Pass on what a peer sent us; False when we fetched it ourselves and so hold no activity."""
    if row is None:
        return False
    _pass(posted, row.body, is_listed=is_listed and row.type == "Create")
    return True
