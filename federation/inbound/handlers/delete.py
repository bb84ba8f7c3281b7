"""Something is gone: taken back by its author, taken away by a moderator, or a person left."""

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import find_account_by_uri
from app.accounts.services import remote
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.communities import find_community_by_uri
from federation.dereference.actors import note_actor_gone
from federation.dereference.withdrawals import note_deletion
from federation.errors import RefusedError
from federation.inbound.authority import is_itself
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.handlers import closing, removal
from federation.inbound.subjects import community_of, find_posted, get_object_uri, get_sender
from federation.transport.actors import find_actor
from federation.vocab.activities import ActivityDocument
from federation.vocab.origin import same_origin


def delete(context: InboxContext, activity: ActivityDocument) -> None:
    """Delete for the author, remove for a moderator, forget who deletes the own account."""
    uri = get_object_uri(activity)
    community = find_community_by_uri(uri)
    if community is not None:
        closing.close(context, activity, community)
        return
    if uri == activity.actor:
        _forget_person(context, activity)
        return
    thing = find_posted(uri)
    if thing is not None and is_itself(activity, community_of(thing)):
        removal.take_away(context, activity, thing)
        return
    sender = get_sender(activity)
    if thing is None:
        _note_for_later(context, activity, uri)
    elif thing.author_id == sender.id:
        _take_back(context, thing, sender)
    else:
        removal.take_away(context, activity, thing)


def _forget_person(context: InboxContext, activity: ActivityDocument) -> None:
    """End everything of somebody who says so in person; never on a group's word."""
    if context.announced_by is not None:
        raise RefusedError("departure-by-proxy")
    known = find_account_by_uri(activity.actor)
    if known is not None and known.state == AccountState.DELETED:
        raise IgnoredError("departed-already")
    account = get_sender(activity)
    actor = find_actor(account)
    if actor is not None:
        note_actor_gone(actor)
    remote.mark_remote_account_deleted(account)


def _note_for_later(context: InboxContext, activity: ActivityDocument, uri: str) -> None:
    """Keep the id of what is not here, so that it is not published when it comes (A183)."""
    if context.vouches_for(uri) and same_origin(uri, activity.actor):
        note_deletion(uri, context.sender_uri)
    raise IgnoredError("object-unknown")


def _take_back(context: InboxContext, thing: Post | Comment, author: Account) -> None:
    """Delete for good; on a group's word only what stands in that group."""
    if context.announced_by not in {None, community_of(thing)}:
        raise RefusedError("object-of-another-group")
    removal.take_back(thing, author)
