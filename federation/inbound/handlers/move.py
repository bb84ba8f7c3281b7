"""A person or community goes on under another id (FEP-7628, federation.md section 3.10)."""

from app.accounts.models.account import Account
from app.core.addresses import local_path
from app.forum.models.community import Community
from federation.dereference.actors import find_owner
from federation.dereference.moves import settle_move, take_up_move
from federation.errors import MissingError, RefusedError
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.subjects import get_object_uri
from federation.vocab.activities import ActivityDocument


def move(context: InboxContext, activity: ActivityDocument) -> None:
    """Let our people follow the new one, when the old one says so and the new one agrees.

    The old one says so with a Move of its own (push), or in its document when the new one moves it
    (pull). The document of the other one is fetched for this, whatever is known of it.
    """
    uri, target = get_object_uri(activity), activity.target
    if find_owner(uri) is None:
        raise IgnoredError("nobody-who-moves")  # also threads, which PieFed and NodeBB move so
    if activity.actor not in {uri, target} or context.announced_by is not None:
        raise RefusedError("move-of-another")
    if local_path(uri) is not None:
        raise IgnoredError("actor-is-ours")
    if target is None:
        raise RefusedError("move-without-target")
    if target == uri:
        raise RefusedError("move-to-itself")
    if activity.actor == target:
        _ask_the_old_one(context, uri, target)
        return
    old, new = find_owner(uri), _fetched(context, target)
    if old is None or new is None:
        raise RefusedError("move-to-nobody")
    settle_move(old, new)


def _ask_the_old_one(context: InboxContext, uri: str, target: str) -> None:
    """Have the move followed that the old one's document speaks of too (dereference/claims)."""
    old = _fetched(context, uri)
    if old is None or not take_up_move(old, target):
        raise RefusedError("move-not-confirmed")


def _fetched(context: InboxContext, uri: str) -> Account | Community | None:
    """Return who this is, as its own server describes it now."""
    if local_path(uri) is None and not context.was_fetched(uri):
        raise MissingError(uri)
    return find_owner(uri)
