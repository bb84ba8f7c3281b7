"""Who acts, and on what: the rows behind the ids of an activity."""

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import find_account_by_uri
from app.core.addresses import local_path
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.comments import find_posted_by_uri
from app.forum.queries.communities import find_community_by_uri
from federation.errors import MissingError, OrphanedError, RefusedError
from federation.inbound.context import IgnoredError, InboxContext
from federation.vocab.activities import ActivityDocument


def get_sender(activity: ActivityDocument) -> Account:
    """Return the person who acts; raises MissingError when nothing is known of the actor.

    Raises IgnoredError for a community that acts as a person would and for one of ours (a group
    elsewhere echoes what our people did), RefusedError for somebody who is not welcome.
    """
    account = find_account_by_uri(activity.actor)
    if account is None:
        if local_path(activity.actor) is not None:
            raise IgnoredError("actor-is-ours")
        if find_community_by_uri(activity.actor) is not None:
            raise IgnoredError("actor-is-a-group")
        raise MissingError(activity.actor)
    if account.is_local:
        raise IgnoredError("actor-is-ours")
    if account.state != AccountState.ACTIVE:
        raise RefusedError("actor-not-welcome")
    return account


def get_object_uri(activity: ActivityDocument) -> str:
    """Return the id of the one thing an activity is about."""
    uri = activity.object_uri
    if uri is None:
        raise RefusedError("object-without-id")
    return uri


def find_posted(uri: str) -> Post | Comment | None:
    """Return the post or comment with this id, ours or remote."""
    return find_posted_by_uri(uri)


def community_of(thing: Post | Comment) -> Community:
    """Return where something was posted."""
    return thing.community if isinstance(thing, Post) else thing.post.community


def get_present(context: InboxContext, uri: str) -> Post | Comment:
    """Return what a moderator acts on; what is unknown is fetched only on a group's word.

    An act that comes before its thing waits for it.
    """
    thing = find_posted(uri)
    if thing is not None:
        return thing
    if local_path(uri) is not None:
        raise RefusedError("object-unknown")
    if context.announced_by is None or uri == context.unreachable:
        raise OrphanedError(uri, "object-unknown")
    raise MissingError(uri)
