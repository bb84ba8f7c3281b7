"""Something changed: a text, or an actor's own description."""

from dataclasses import replace

from federation.dereference.actors import find_owner
from federation.dereference.intake import Newcomer, current_intake
from federation.dereference.objects import Placing, edit_if_newer, is_newer, keep_object
from federation.errors import MissingError, RefusedError
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.handlers import lock
from federation.inbound.ownership import check_authorship
from federation.inbound.subjects import find_posted, get_object_uri, get_sender
from federation.vocab.activities import ActivityDocument
from federation.vocab.objects import ObjectDocument
from federation.vocab.origin import host_of


def edit(context: InboxContext, activity: ActivityDocument) -> None:
    """Apply a newer text by its author; what is not known yet is published (D016)."""
    sender = get_sender(activity)
    thing = activity.object
    if not isinstance(thing, ObjectDocument):
        raise IgnoredError("nothing-to-edit")
    if lock.is_by_moderator(context, activity, thing):
        lock.follow_moderator(context, activity, thing)
        return
    check_authorship(activity, thing)
    if not context.vouches_for(thing.uri):
        if not context.was_fetched(thing.uri):
            raise MissingError(thing.uri)
        return
    known = find_posted(thing.uri)
    if known is None:
        placing = Placing(announced_by=context.announced_by, unreachable=context.unreachable)
        keep_object(thing, placing)
    else:
        dated = _with_time(thing, context)
        is_news = is_newer(known, dated)  # asked before the edit, which makes it known
        if is_news and context.announced_by is None:
            current_intake().take(Newcomer.EDIT, host_of(thing.uri))
        edit_if_newer(known, dated)
        if is_news:
            lock.follow_author(context, sender, known, thing)


def refresh_actor(context: InboxContext, activity: ActivityDocument) -> None:
    """Fetch the actor anew: neither key nor name nor inbox is taken from the push (A014, A021)."""
    uri = get_object_uri(activity)
    if find_owner(uri) is None:
        raise IgnoredError("actor-unknown")
    if not context.vouches_for(uri):
        raise RefusedError("actor-elsewhere")
    if not context.was_fetched(uri):
        raise MissingError(uri)


def _with_time(document: ObjectDocument, context: InboxContext) -> ObjectDocument:
    """Take the time of arrival, or of the proof, for an edit that does not say when it was made."""
    if document.updated is not None:
        return document
    return replace(document, updated=context.said_at or context.now)
