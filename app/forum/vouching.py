"""Whom a community elsewhere answers for, while an act of theirs is applied.

Its own server decides who may moderate there, its administrators included, of whom we have no list.
So nothing of that is stored: it holds for one person, in one community, for as long as one act is
being applied. Who establishes it has made sure that the community itself says so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_vouched: ContextVar[tuple[int, int] | None] = ContextVar("vouched_for", default=None)


@contextmanager
def vouched(account_id: int, community_id: int) -> Iterator[None]:
    """Say that inside, this person acts as a moderator of this community elsewhere."""
    token = _vouched.set((account_id, community_id))
    try:
        yield
    finally:
        _vouched.reset(token)


def is_vouched(account_id: int, community_id: int) -> bool:
    """Whether the community itself answers for this person at the moment."""
    return _vouched.get() == (account_id, community_id)
