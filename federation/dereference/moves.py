"""One who goes on under another id: when that is believed, and what it changes (FEP-7628).

Believed is only what both sides say: the old actor in a signed Move or in its own document (or its
owner here), the new one by naming the old among its `alsoKnownAs`, in a document fetched for this
very move (security.md A054). Nobody moves twice within a week, nor to somebody who moved: so no
circle turns.
"""

from datetime import timedelta
from typing import Final

from app.accounts.models.account import Account, AccountState
from app.accounts.services.successions import follow_successor
from app.core.clock import utcnow
from app.core.visibility import State
from app.forum.models.community import Community
from app.forum.queries.communities import find_community_by_uri
from app.forum.services.successions import hand_over
from federation.errors import RefusedError
from federation.models.actor import Actor
from federation.transport.actors import find_actor, local_actor

COOL_DOWN: Final = timedelta(days=7)


def settle_move(
    old: Account | Community, new: Account | Community, by: Account | None = None
) -> None:
    """Move everybody here who follows `old` to `new`, inside a unit of work.

    `by` is who moves a community of ours. Raises RefusedError with why it is not believed:
    move-to-itself, -to-another-kind, -to-nobody, -not-confirmed, -onwards, -too-soon.
    """
    actor = _actor_of(old)
    _check(actor, old, new)
    actor.moved_to, actor.moved_at = new.uri, utcnow()
    if isinstance(old, Account) and isinstance(new, Account):
        follow_successor(old, new)
    elif isinstance(old, Community) and isinstance(new, Community):
        hand_over(old, new, by)


def find_successor(community: Community) -> Community | None:
    """Return the community in which another goes on, when both say so and it is settled here."""
    actor = find_actor(community)
    if actor is None or actor.moved_to is None or actor.moved_at is None:
        return None
    return find_community_by_uri(actor.moved_to)


def is_continued_here(community: Community) -> bool:
    """Whether a community of ours goes on where this one, elsewhere, ended: it follows that one."""
    if community.is_local:
        return False
    successor = find_successor(community)
    return successor is not None and successor.is_local


def take_up_move(old: Account | Community, target: str) -> bool:
    """Whether the document of the old one, as it was last fetched, says that it went there.

    If so, what the new one says of it is looked up at once. Inside a unit of work.
    """
    actor = find_actor(old)
    if actor is None or actor.moved_to != target:
        return False
    actor.claims_check_at = utcnow()
    return True


def take_back_move(owner: Account | Community) -> None:
    """Say no longer that one of ours moved; who went along stays there. The week goes on."""
    _actor_of(owner).moved_to = None


def _check(actor: Actor, old: Account | Community, new: Account | Community) -> None:
    if old.uri == new.uri:
        raise RefusedError("move-to-itself")
    if isinstance(old, Account) != isinstance(new, Account):
        raise RefusedError("move-to-another-kind")
    target = find_actor(new)
    if target is None or target.gone_at is not None or not _is_there(new):
        raise RefusedError("move-to-nobody")
    if old.uri not in target.also_known_as:
        raise RefusedError("move-not-confirmed")
    if target.moved_to is not None:
        raise RefusedError("move-onwards")
    if _moved_lately(actor) or _moved_lately(target):
        raise RefusedError("move-too-soon")


def _actor_of(owner: Account | Community) -> Actor:
    actor = find_actor(owner)
    if actor is None and owner.is_local:
        return local_actor(owner)
    if actor is None:
        raise RefusedError("actor-unknown")
    return actor


def _moved_lately(actor: Actor) -> bool:
    return actor.moved_at is not None and utcnow() - actor.moved_at < COOL_DOWN


def _is_there(owner: Account | Community) -> bool:
    if isinstance(owner, Account):
        return owner.state == AccountState.ACTIVE
    return owner.state == State.PUBLISHED
