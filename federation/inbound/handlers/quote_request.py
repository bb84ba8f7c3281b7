"""Somebody elsewhere asks for leave to quote what one of our people wrote (FEP-044f)."""

from app.core.events import emit
from app.forum.access import can_see_comment, can_see_post
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.bans import find_ban
from federation.errors import RefusedError
from federation.events import QuoteRequested
from federation.inbound.context import InboxContext
from federation.inbound.subjects import find_posted, get_object_uri, get_sender
from federation.vocab.activities import ActivityDocument
from federation.vocab.origin import same_origin


def answer(_context: InboxContext, activity: ActivityDocument) -> None:
    """Have the request answered: what everybody may read may be quoted, as its policy says.

    Not by who is banned from this server. The quote must stand where who asks lives.
    """
    sender, quote = get_sender(activity), activity.instrument
    thing = find_posted(get_object_uri(activity))
    if thing is None or not thing.is_local or not _is_open(thing):
        raise RefusedError("object-unknown")
    if quote is None or not same_origin(quote, activity.actor):
        raise RefusedError("quote-of-another")
    emit(
        QuoteRequested(
            account_id=sender.id,
            author_id=thing.author_id,
            object_uri=thing.uri,
            quote_uri=quote,
            request_uri=activity.uri,
            is_allowed=find_ban(sender, None) is None,
        )
    )


def _is_open(thing: Post | Comment) -> bool:
    """Whether anybody may read it now."""
    is_seen = (
        can_see_comment(None, thing) if isinstance(thing, Comment) else can_see_post(None, thing)
    )
    return thing.is_published and is_seen
