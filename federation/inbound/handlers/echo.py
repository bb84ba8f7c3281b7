"""A group elsewhere passes on what our people wrote there: so it arrived (federation.md 3.4)."""

from app.core.addresses import local_path
from app.forum.services import echoes
from federation.inbound.context import InboxContext
from federation.inbound.subjects import community_of, find_posted
from federation.vocab.activities import ActivityDocument, Embedded
from federation.vocab.objects import ObjectDocument
from federation.vocab.terms import Kind

TELLING = frozenset({Kind.CREATE, Kind.UPDATE})


def note_echo(context: InboxContext, thing: Embedded) -> bool:
    """Keep that a text of ours came back from the group it is meant for; False for all else."""
    uri = _object_uri(thing)
    if context.announced_by is None or uri is None or local_path(uri) is None:
        return False
    posted = find_posted(uri)
    if posted is None or community_of(posted).id != context.announced_by.id:
        return False
    echoes.note_echo(posted, context.announced_by)
    return True


def _object_uri(thing: Embedded) -> str | None:
    if isinstance(thing, str):
        return thing
    if isinstance(thing, ObjectDocument):
        return thing.uri or None
    if isinstance(thing, ActivityDocument) and thing.kind in TELLING:
        return thing.object_uri
    return None
