"""Where something was written: all the forum knows of other servers."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Remote:
    """Written elsewhere: its id, its page, and the times its server claims.

    `context` is the collection of the whole thread, as its server names it. `is_history`: it was
    fetched long after it was written, so nobody is told of it as of something new.
    """

    uri: str
    url: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    context: str | None = None
    is_history: bool = False


@dataclass(frozen=True)
class Local:
    """Written here."""


Origin = Local | Remote
LOCAL = Local()
