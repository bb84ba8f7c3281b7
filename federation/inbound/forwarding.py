"""What somebody else brings: activities whose signer is not their actor (ActivityPub 7.1.2).

A proof of the actor in the body settles it (FEP-8b32). Without one nothing that stands there is
believed: what it is about is asked for at its own server, and only when the bringer has to do with
it. Everything else is refused as it always was (security.md A001).
"""

from typing import Final

from app.core.addresses import local_path
from app.forum.models.post import Post
from app.forum.services import comments, posts
from federation.errors import MissingError, RefusedError, UnverifiedError
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.subjects import find_posted, get_object_uri
from federation.vocab.activities import ActivityDocument
from federation.vocab.objects import ObjectDocument
from federation.vocab.origin import same_origin
from federation.vocab.terms import Kind

SIGNATURE: Final = "signature"
PROOF: Final = "proof"
FORWARDED: Final = "forwarded"
FETCHED_KINDS: Final = frozenset({Kind.CREATE, Kind.UPDATE})


def check_forwarded(activity: ActivityDocument, bringer_uri: str) -> None:
    """Require that the bringer may have a reason to bring this; it is asked for at its origin.

    A text must answer or address something of the bringer's server, a deletion must be of something
    that is here. Raises UnverifiedError.
    """
    uri = activity.object_uri
    is_theirs = uri is not None and same_origin(uri, activity.actor) and uri != activity.actor
    if not is_theirs or local_path(uri or "") is not None:
        raise UnverifiedError("signer-is-not-actor")
    if activity.kind is Kind.DELETE and find_posted(uri or "") is not None:
        return
    if activity.kind not in FETCHED_KINDS or not _concerns(activity, bringer_uri):
        raise UnverifiedError("signer-is-not-actor")


def apply_forwarded(context: InboxContext, activity: ActivityDocument) -> None:
    """Take what the origin itself says about the object of a forwarded activity.

    Raises MissingError until it was asked; a Delete counts when it answers 404, 410 or Tombstone.
    """
    uri = get_object_uri(activity)
    if context.fetched != uri:
        raise MissingError(uri)
    if activity.kind is not Kind.DELETE:
        if not context.was_fetched(uri):
            raise RefusedError("cannot-be-fetched")
        return
    if context.gone != uri:
        raise RefusedError("still-there")
    thing = find_posted(uri)
    if thing is None or thing.is_local or thing.author.uri != activity.actor:
        raise IgnoredError("object-unknown")
    if isinstance(thing, Post):
        posts.delete_post(thing, thing.author)
    else:
        comments.delete_comment(thing, thing.author)


def _concerns(activity: ActivityDocument, bringer_uri: str) -> bool:
    """Whether a text is about something of the bringer's own server."""
    thing = activity.object
    named = [*activity.audience, activity.target]
    if isinstance(thing, ObjectDocument):
        mentioned = [mention.href for mention in thing.mentions]
        named += [thing.in_reply_to, thing.context, thing.group, *thing.audience, *mentioned]
    return any(uri is not None and same_origin(uri, bringer_uri) for uri in named)
