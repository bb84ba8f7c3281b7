"""Something is gone: taken back by its author, taken away by a moderator, or a person left."""

from app.accounts.models.account import Account
from app.accounts.services import remote
from app.core.errors import NotAllowedError
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.services import comments, memberships, posts
from federation.dereference.actors import note_actor_gone
from federation.dereference.deletions import note_early_deletion
from federation.errors import MissingError, RefusedError
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.subjects import community_of, find_posted, get_object_uri, get_sender
from federation.transport.actors import find_actor
from federation.vocab.activities import ActivityDocument
from federation.vocab.origin import same_origin


def delete(context: InboxContext, activity: ActivityDocument) -> None:
    """Delete for the author, remove for a moderator, forget who deletes the own account."""
    uri = get_object_uri(activity)
    if uri == activity.actor:
        _forget_person(context, activity)
        return
    sender = get_sender(activity)
    thing = find_posted(uri)
    if thing is None:
        _note_for_later(context, activity, uri)
    elif thing.author_id == sender.id:
        _take_back(context, thing, sender)
    else:
        _take_away(context, thing, sender, activity.summary or "")


def _forget_person(context: InboxContext, activity: ActivityDocument) -> None:
    """End everything of somebody who says so in person; never on a group's word."""
    if context.announced_by is not None:
        raise RefusedError("departure-by-proxy")
    account = get_sender(activity)
    actor = find_actor(account)
    if actor is not None:
        note_actor_gone(actor)
    remote.mark_remote_account_deleted(account)


def _note_for_later(context: InboxContext, activity: ActivityDocument, uri: str) -> None:
    """Keep the id of what is not here, so that it is not published when it comes (A183)."""
    if context.vouches_for(uri) and same_origin(uri, activity.actor):
        note_early_deletion(uri, context.sender_uri)
    raise IgnoredError("object-unknown")


def _take_back(context: InboxContext, thing: Post | Comment, author: Account) -> None:
    """Delete for good; on a group's word only what stands in that group."""
    if context.announced_by not in {None, community_of(thing)}:
        raise RefusedError("object-of-another-group")
    if isinstance(thing, Post):
        posts.delete_post(thing, author)
    else:
        comments.delete_comment(thing, author)


def _take_away(
    context: InboxContext, thing: Post | Comment, moderator: Account, reason: str
) -> None:
    """Remove for a moderator; what its own server no longer has is deleted whoever says so."""
    community = community_of(thing)
    if context.announced_by is community:
        _learn_moderator(context, thing, moderator)
    try:
        if isinstance(thing, Post):
            posts.remove_post(thing, moderator, reason.strip())
        else:
            comments.remove_comment(thing, moderator, reason.strip())
    except NotAllowedError as error:
        _require_gone(context, thing, error)
        _take_back(context, thing, thing.author)


def _learn_moderator(context: InboxContext, thing: Post | Comment, moderator: Account) -> None:
    """Learn who moderates a remote group from that group itself.

    Its own administrators count (Lemmy); people of other servers must be on its list, which is
    fetched once per activity.
    """
    community = community_of(thing)
    if same_origin(moderator.uri, community.uri):
        memberships.set_moderator(community, moderator, is_moderator=True, by=None)
        return
    actor = find_actor(community)
    moderators = None if actor is None else actor.moderators_url
    if moderators is not None and context.fetched not in {moderators, thing.uri}:
        raise MissingError(moderators)


def _require_gone(context: InboxContext, thing: Post | Comment, refusal: NotAllowedError) -> None:
    """Ask a remote thing's own server: 404, 410 or a tombstone there settles it (FEP-fe34)."""
    if thing.is_local:
        raise refusal
    if context.gone != thing.uri:
        raise MissingError(thing.uri)
