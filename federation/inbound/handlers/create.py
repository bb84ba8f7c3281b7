"""Somebody wrote something: a thread, or an answer."""

from federation.dereference.intake import Newcomer, current_intake
from federation.dereference.objects import Placing, keep_object
from federation.errors import MissingError, RefusedError
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.ownership import check_authorship
from federation.inbound.subjects import find_posted, get_sender
from federation.vocab.activities import ActivityDocument
from federation.vocab.objects import ObjectDocument
from federation.vocab.origin import host_of


def publish(context: InboxContext, activity: ActivityDocument) -> None:
    """Publish what is embedded when the sender may vouch for it; else it is fetched first."""
    sender = get_sender(activity)
    thing = activity.object
    if isinstance(thing, ObjectDocument) and thing.is_poll_vote:
        raise IgnoredError("poll-vote")
    if isinstance(thing, ObjectDocument):
        check_authorship(activity, thing)
        take_in(context, thing)
    elif isinstance(thing, str):
        take_up(context, thing)
        published = find_posted(thing)
        if published is None or published.author_id != sender.id:
            raise RefusedError("author-is-not-actor")
    else:
        raise IgnoredError("nothing-to-publish")


def take_in(context: InboxContext, document: ObjectDocument) -> None:
    """Publish a document that came inline, when it is of the sender's own origin."""
    if not document.uri:
        raise RefusedError("object-without-id")
    if not context.vouches_for(document.uri):
        take_up(context, document.uri)
        return
    if context.announced_by is None and find_posted(document.uri) is None:
        current_intake().take(Newcomer.POST, host_of(document.uri))
    placing = Placing(announced_by=context.announced_by, unreachable=context.unreachable)
    keep_object(document, placing)


def take_up(context: InboxContext, uri: str) -> None:
    """Have what is at `uri` fetched from its own server, unless it is here; that publishes it."""
    if find_posted(uri) is None and not context.was_fetched(uri):
        raise MissingError(uri)
