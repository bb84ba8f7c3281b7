"""Which received activity causes what happens now; below both directions of federation.

While inbound applies a row, everything that the domain emits stems from that row. Outbound asks for
it to pass the activity on byte for byte (FEP-1b12) or to embed it verbatim (Accept of a Follow).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

# One activity may make several rows, each with an id of its own: the activity's, and this and more.
PART: Final = "#part-"

_applying: ContextVar[int | None] = ContextVar("applying_inbox_activity", default=None)
_writing: ContextVar[Callable[[], None] | None] = ContextVar("writing_outcomes", default=None)


@contextmanager
def applying(inbox_activity_id: int) -> Iterator[None]:
    """Say that all events inside are caused by this InboxActivity row."""
    token = _applying.set(inbox_activity_id)
    try:
        yield
    finally:
        _applying.reset(token)


@contextmanager
def settling(write: Callable[[], None]) -> Iterator[None]:
    """Say that inside, `write` stores what came of the rows of a batch so far, which waits."""
    token = _writing.set(write)
    try:
        yield
    finally:
        _writing.reset(token)


def settle_earlier() -> None:
    """Store what came of the earlier rows of the batch: somebody is about to ask for it."""
    write = _writing.get()
    if write is not None:
        write()


def current_inbox_activity_id() -> int | None:
    """Return the id of the InboxActivity row that is being applied; None outside of that."""
    return _applying.get()
