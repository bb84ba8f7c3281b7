"""Which received activity causes what happens now; below both directions of federation.

While inbound applies a row, everything that the domain emits stems from that row. Outbound asks for
it to pass the activity on byte for byte (FEP-1b12) or to embed it verbatim (Accept of a Follow).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

# One activity may make several rows, each with an id of its own: the activity's, and this and more.
PART: Final = "#part-"

_applying: ContextVar[int | None] = ContextVar("applying_inbox_activity", default=None)


@contextmanager
def applying(inbox_activity_id: int) -> Iterator[None]:
    """Say that all events inside are caused by this InboxActivity row."""
    token = _applying.set(inbox_activity_id)
    try:
        yield
    finally:
        _applying.reset(token)


def current_inbox_activity_id() -> int | None:
    """Return the id of the InboxActivity row that is being applied; None outside of that."""
    return _applying.get()
