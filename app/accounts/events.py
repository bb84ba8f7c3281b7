"""What happens to people. Ids of rows, never rows."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True)
class AccountRegistered(Event):
    """A local person was made."""

    account_id: int


@dataclass(frozen=True)
class ProfileEdited(Event):
    """A person's name, text or photo changed."""

    account_id: int


@dataclass(frozen=True)
class AccountDeleted(Event):
    """A person left for good."""

    account_id: int


@dataclass(frozen=True)
class AccountMoved(Event):
    """A person goes on as `successor_id`; `follower_ids` are ours who follow that one now."""

    account_id: int
    successor_id: int
    follower_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class FollowRequested(Event):
    """One person asked to follow another."""

    following_id: int


@dataclass(frozen=True)
class FollowApproved(Event):
    """The other person agreed; also emitted when an agreed request is repeated."""

    following_id: int


@dataclass(frozen=True)
class FollowRefused(Event):
    """Somebody elsewhere may not follow one of ours; also emitted when they ask again."""

    following_id: int


@dataclass(frozen=True)
class FollowEnded(Event):
    """Somebody stopped following; the row is gone, so everything needed stands here."""

    follower_id: int
    followed_id: int
    public_id: str
    request_uri: str | None
