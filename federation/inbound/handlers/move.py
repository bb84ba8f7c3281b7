"""A person or community goes on under another id (FEP-7628, federation.md section 3.10)."""

from app.core.addresses import local_path
from federation.dereference.actors import find_owner
from federation.dereference.moves import settle_move
from federation.errors import MissingError, RefusedError
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.subjects import get_object_uri
from federation.vocab.activities import ActivityDocument


def move(context: InboxContext, activity: ActivityDocument) -> None:
    """Let our people follow the new one, when the old one says so and the new one agrees.

    The new one's document is fetched for this, whatever is known of it. Only the old actor itself
    is heard: what the new one says about the old (pull mode) anybody could say.
    """
    uri = get_object_uri(activity)
    old = find_owner(uri)
    if old is None:
        raise IgnoredError("nobody-who-moves")  # also threads, which PieFed and NodeBB move so
    if uri != activity.actor or context.announced_by is not None:
        raise RefusedError("move-of-another")
    if old.is_local:
        raise IgnoredError("actor-is-ours")
    target = activity.target
    if target is None:
        raise RefusedError("move-without-target")
    if target == uri:
        raise RefusedError("move-to-itself")
    if local_path(target) is None and not context.was_fetched(target):
        raise MissingError(target)
    new = find_owner(target)
    if new is None:
        raise RefusedError("move-to-nobody")
    settle_move(old, new)
