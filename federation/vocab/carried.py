"""What some kinds of post carry besides a text: the answers of a poll, when and where a meeting is.

Names are plain text, not HTML, and still need escaping. Times are UTC.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PollOption:
    """One answer of a poll, and how often it was chosen; None when the peer does not say."""

    name: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """The answers of a Question; several may be chosen when `is_multiple`.

    `closes_at` is when voting ends or ended; `voters` counts people, not votes.
    """

    options: tuple[PollOption, ...]
    is_multiple: bool = False
    closes_at: datetime | None = None
    is_closed: bool = False
    voters: int | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """When, where and by whom an Event is held (Mobilizon, Gancio, FEP-8a8e).

    `places` are names with their addresses, `online_url` where it is held on the web, `sign_up_url`
    a page elsewhere on which people enrol.
    """

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    places: tuple[str, ...] = ()
    online_url: str | None = None
    sign_up_url: str | None = None
    organisers: tuple[str, ...] = ()
    is_cancelled: bool = False
