"""Where something was written: all the forum knows of other servers."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Remote:
    """Written elsewhere: its id, its page, and the times its server claims."""

    uri: str
    url: str | None = None
    published: datetime | None = None
    updated: datetime | None = None


@dataclass(frozen=True)
class Local:
    """Written here."""


Origin = Local | Remote
LOCAL = Local()
