"""What happens between servers, told to both directions of federation."""

from dataclasses import dataclass
from enum import StrEnum

from app.core.events import Event


class TurnedAwayBecause(StrEnum):
    """Why one of our communities did not take what somebody elsewhere wrote to it."""

    NOT_PUBLIC = "not-public"
    BANNED = "banned"
    LOCKED = "locked"
    RESTRICTED = "restricted"
    MEMBERS_ONLY = "members-only"
    CLOSED = "closed"


@dataclass(frozen=True)
class AuthorTurnedAway(Event):
    """A community of ours refused a text of somebody elsewhere, who sent it here directly.

    `object_uri` is the text, `inbox_activity_id` the row of the Create that brought it.
    """

    account_id: int
    community_id: int
    object_uri: str
    inbox_activity_id: int
    because: TurnedAwayBecause


@dataclass(frozen=True)
class QuoteRequested(Event):
    """Somebody elsewhere asks for leave to quote what one of our people wrote (FEP-044f).

    `object_uri` is what is to be quoted, `quote_uri` what quotes it, `request_uri` the activity.
    """

    account_id: int
    author_id: int
    object_uri: str
    quote_uri: str
    request_uri: str
    is_allowed: bool


@dataclass(frozen=True)
class SuccessorFollowed(Event):
    """A community elsewhere, in which one of ours goes on, follows the one it came from."""

    community_id: int
    successor_id: int
