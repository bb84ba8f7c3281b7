"""Other accounts and communities of the same people: what stands in `alsoKnownAs` (FEP-7628)."""

from typing import Final

from app.accounts.events import ProfileEdited
from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.core.events import emit
from app.forum.events import CommunityEdited
from app.forum.models.community import Community
from federation.errors import RefusedError
from federation.transport.actors import find_actor, local_actor

MAX_ALIASES: Final = 20


def list_aliases(owner: Account | Community) -> list[str]:
    """Return the ids that one of ours, or somebody elsewhere, names as its own."""
    actor = find_actor(owner)
    return [] if actor is None else list(actor.also_known_as)


def add_alias(owner: Account | Community, other: Account | Community, by: Account) -> None:
    """Let one of ours name another as its own; a repeat changes nothing.

    Raises RefusedError (alias-of-itself, -of-another-kind, too-many-aliases).
    """
    if other.uri == owner.uri:
        raise RefusedError("alias-of-itself")
    if isinstance(owner, Account) != isinstance(other, Account):
        raise RefusedError("alias-of-another-kind")
    known = list_aliases(owner)
    if other.uri in known:
        return
    if len(known) >= MAX_ALIASES:
        raise RefusedError("too-many-aliases")
    _set_aliases(owner, [*known, other.uri], by)


def remove_alias(owner: Account | Community, uri: str, by: Account) -> None:
    """Let one of ours name another no longer."""
    known = list_aliases(owner)
    if uri in known:
        _set_aliases(owner, [one for one in known if one != uri], by)


def tell_of_change(owner: Account | Community, by: Account) -> None:
    """Say that the document of one of ours changed, to all who are told of profiles."""
    owner.changed_at = utcnow()
    session().flush()
    if isinstance(owner, Account):
        emit(ProfileEdited(owner.id))
    else:
        emit(CommunityEdited(owner.id, by.id))


def _set_aliases(owner: Account | Community, uris: list[str], by: Account) -> None:
    local_actor(owner).also_known_as = uris
    tell_of_change(owner, by)
