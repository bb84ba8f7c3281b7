"""Create and Update of posts and comments (federation.md sections 3.4, 3.5)."""

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.core.visibility import State, Visibility
from app.forum.events import (
    CommentEdited,
    CommentPublished,
    PostEdited,
    PostPublished,
)
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from federation.models.delivery import DeliveryDialect
from federation.models.outbox_activity import Lane, OutboxActivity
from federation.outbound.activities.announce import Passing, announce_post, is_announced, pass_on
from federation.outbound.audience import (
    Audience,
    followers_of_community,
    followers_of_person,
    home_of,
    remote_people,
)
from federation.outbound.fanout import Publication, new_activity_uri, publish
from federation.outbound.mentions import list_mentioned
from federation.outbound.provenance import is_caused_by_peer, received_bytes
from federation.outbound.serializers.posted import parent_author, serialize_comment, serialize_post
from federation.outbound.threads import find_parent
from federation.vocab.outgoing import Activity, Note, Page, Verb


def publish_post(event: PostPublished) -> None:
    """Tell of a new thread: by its author, and passed on by its community."""
    post = session().get_one(Post, event.post_id)
    if _is_kept_here(post):
        return
    if post.is_local:
        _say_post("Create", post)
    elif is_announced(post.community):
        _pass_received(post, "Create", is_listed=True)
    announce_post(post)


def edit_post(event: PostEdited) -> None:
    """Tell of a changed thread starter."""
    post = session().get_one(Post, event.post_id)
    if _is_kept_here(post) or post.state != State.PUBLISHED:
        return
    if post.is_local and not is_caused_by_peer():
        _say_post("Update", post)
    else:
        _pass_received(post, "Update")


def publish_comment(event: CommentPublished) -> None:
    """Tell of a new answer: by its author, and passed on by its community."""
    comment = session().get_one(Comment, event.comment_id)
    if _is_kept_here(comment.post):
        return
    if comment.is_local:
        _say_comment("Create", comment)
    else:
        _pass_received(comment, "Create")


def edit_comment(event: CommentEdited) -> None:
    """Tell of a changed answer."""
    comment = session().get_one(Comment, event.comment_id)
    if _is_kept_here(comment.post) or comment.state != State.PUBLISHED:
        return
    if comment.is_local and not is_caused_by_peer():
        _say_comment("Update", comment)
    else:
        _pass_received(comment, "Update")


def audience_of(posted: Post | Comment) -> tuple[Audience, ...]:
    """Return who gets an author's own activity about a post or comment of ours."""
    post = posted.post if isinstance(posted, Comment) else posted
    people = list_mentioned(posted.body_html, posted.author)
    if isinstance(posted, Comment):
        people.append(parent_author(posted, find_parent(posted)))
        people.append(post.author)
    audiences = [remote_people(people), followers_of_person(posted.author)]
    if not post.community.is_local:
        audiences.insert(0, home_of(post.community))
    return tuple(audiences)


def _is_kept_here(post: Post) -> bool:
    return post.visibility != Visibility.PUBLIC or post.community.visibility != Visibility.PUBLIC


def _say_post(verb: Verb, post: Post) -> None:
    audiences = list(audience_of(post))
    if verb == "Update" and post.community.is_local:
        followers = followers_of_community(post.community)
        audiences.append(followers.for_dialect(DeliveryDialect.MICROBLOGS))
    row = _say(verb, post, post.author, serialize_post(post), audiences)
    _pass_own(post, row, is_listed=verb == "Create")


def _say_comment(verb: Verb, comment: Comment) -> None:
    document = serialize_comment(comment, find_parent(comment))
    row = _say(verb, comment, comment.author, document, list(audience_of(comment)))
    _pass_own(comment, row)


def _say(
    verb: Verb,
    posted: Post | Comment,
    author: Account,
    document: Page | Note,
    audiences: list[Audience],
) -> OutboxActivity:
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
        order_key=_order_key(posted),
        is_listed=verb == "Create",
    )
    return publish(publication, *audiences)


def _order_key(posted: Post | Comment) -> str:
    return posted.post.uri if isinstance(posted, Comment) else posted.uri


def _pass_own(posted: Post | Comment, row: OutboxActivity, *, is_listed: bool = False) -> None:
    community = posted.post.community if isinstance(posted, Comment) else posted.community
    pass_on(
        community,
        row.body,
        Passing(object_uri=posted.uri, order_key=_order_key(posted), is_listed=is_listed),
    )


def _pass_received(posted: Post | Comment, verb: str, *, is_listed: bool = False) -> None:
    """Pass on what a peer sent us; nothing when we fetched it ourselves."""
    community = posted.post.community if isinstance(posted, Comment) else posted.community
    inner = received_bytes(verb)
    if inner is not None:
        pass_on(
            community,
            inner,
            Passing(
                object_uri=posted.uri,
                order_key=_order_key(posted),
                lane=Lane.CONTENT,
                is_listed=is_listed,
            ),
        )
