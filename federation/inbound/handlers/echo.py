"""A group elsewhere passes on what our people wrote there: so it arrived (federation.md 3.4)."""

from app.core.addresses import local_path
from app.forum.models.community import Community
from app.forum.services import echoes
from federation.inbound.context import InboxContext
from federation.inbound.subjects import community_of, find_posted
from federation.vocab.activities import ActivityDocument, Embedded
from federation.vocab.objects import ObjectDocument
from federation.vocab.terms import Kind

TELLING = frozenset({Kind.CREATE, Kind.UPDATE})
JUDGING = frozenset({Kind.LIKE, Kind.DISLIKE})


def note_echo(context: InboxContext, thing: Embedded) -> bool:
    """Keep that a text of ours came back from the group it is meant for; False for all else.

    PieFed sends nothing back to the server of the writer. What it does pass on are the votes and
    the answers that others give: what is judged or answered there has arrived there too.
    """
    if context.announced_by is None:
        return False
    if _note_arrival(context.announced_by, _object_uri(thing)):
        return True
    _note_arrival(context.announced_by, _presupposed_uri(thing))
    return False


def _note_arrival(community: Community, uri: str | None) -> bool:
    if uri is None or local_path(uri) is None:
        return False
    posted = find_posted(uri)
    if posted is None or community_of(posted).id != community.id:
        return False
    echoes.note_echo(posted, community)
    return True


def _object_uri(thing: Embedded) -> str | None:
    if isinstance(thing, str):
        return thing
    if isinstance(thing, ObjectDocument):
        return thing.uri or None
    if isinstance(thing, ActivityDocument) and thing.kind in TELLING:
        return thing.object_uri
    return None


def _presupposed_uri(thing: Embedded) -> str | None:
    """Return what a group must have to pass this on: what is voted on, what is answered."""
    if not isinstance(thing, ActivityDocument):
        return None
    if thing.kind in JUDGING:
        return thing.object_uri
    if thing.kind in TELLING and isinstance(thing.object, ObjectDocument):
        return thing.object.in_reply_to
    return None
