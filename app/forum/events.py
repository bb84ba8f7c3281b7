"""What happens in the forum, by ids of rows. `by_id` acted; None: a server, not saying who."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True)
class CommunityFounded(Event):
    """A local community was made."""

    community_id: int


@dataclass(frozen=True)
class CommunityEdited(Event):
    """The title, description or rules of a community changed."""

    community_id: int
    by_id: int | None = None


@dataclass(frozen=True)
class CommunityClosed(Event):
    """A community elsewhere is no more, its own server says."""

    community_id: int


@dataclass(frozen=True)
class CommunityMoved(Event):
    """A community goes on as `successor_id`; `member_ids` are ours who went along."""

    community_id: int
    successor_id: int
    member_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class MembershipRequested(Event):
    """Somebody asked to follow a community."""

    membership_id: int


@dataclass(frozen=True)
class MembershipApproved(Event):
    """A request was granted; also emitted when a granted request is repeated."""

    membership_id: int


@dataclass(frozen=True)
class MembershipRefused(Event):
    """A request was turned down."""

    membership_id: int


@dataclass(frozen=True)
class MembershipEnded(Event):
    """Somebody left; the row is gone, so everything needed stands here."""

    account_id: int
    community_id: int
    public_id: str
    request_uri: str | None


@dataclass(frozen=True)
class ModeratorsChanged(Event):
    """Somebody became a moderator, or is one no longer."""

    community_id: int
    account_id: int
    is_moderator: bool
    by_id: int | None = None


@dataclass(frozen=True)
class PostPublished(Event):
    """A post became visible. `was_held`: approved late; `is_history`: fetched long afterwards."""

    post_id: int
    mentioned_ids: tuple[int, ...] = ()
    was_held: bool = False
    is_history: bool = False


@dataclass(frozen=True)
class PostHeld(Event):
    """A post was stored that a moderator must approve before others see it."""

    post_id: int


@dataclass(frozen=True)
class PostApproved(Event):
    """A moderator approved a post that was held; PostPublished follows."""

    post_id: int
    by_id: int


@dataclass(frozen=True)
class PostRefused(Event):
    """A moderator refused a post that was held; nobody else ever saw it."""

    post_id: int
    by_id: int | None
    reason: str


@dataclass(frozen=True)
class PostEdited(Event):
    """The title, text or link of a post changed."""

    post_id: int


@dataclass(frozen=True)
class PostDeleted(Event):
    """The author took a post back."""

    post_id: int


@dataclass(frozen=True)
class PostRemoved(Event):
    """A moderator took a post away."""

    post_id: int
    by_id: int | None
    reason: str


@dataclass(frozen=True)
class PostRestored(Event):
    """A removal was undone."""

    post_id: int
    by_id: int | None
    reason: str = ""


@dataclass(frozen=True)
class PostPinned(Event):
    """A post was pinned to the top of its community, or let go; no `by_id`: it says so itself."""

    post_id: int
    by_id: int | None
    is_pinned: bool
    reason: str = ""


@dataclass(frozen=True)
class PostLocked(Event):
    """A post takes no more answers, or takes them again; no `by_id`: its community says so."""

    post_id: int
    by_id: int | None
    is_locked: bool
    reason: str = ""


@dataclass(frozen=True)
class CommentPublished(Event):
    """A comment became visible; `was_held` and `is_history` as with PostPublished."""

    comment_id: int
    mentioned_ids: tuple[int, ...] = ()
    was_held: bool = False
    is_history: bool = False


@dataclass(frozen=True)
class CommentHeld(Event):
    """A comment was stored that a moderator must approve before others see it."""

    comment_id: int


@dataclass(frozen=True)
class CommentApproved(Event):
    """A moderator approved a comment that was held; CommentPublished follows."""

    comment_id: int
    by_id: int


@dataclass(frozen=True)
class CommentRefused(Event):
    """A moderator refused a comment that was held; nobody else ever saw it."""

    comment_id: int
    by_id: int | None
    reason: str


@dataclass(frozen=True)
class CommentEdited(Event):
    """The text of a comment changed."""

    comment_id: int


@dataclass(frozen=True)
class CommentDeleted(Event):
    """The author took a comment back."""

    comment_id: int


@dataclass(frozen=True)
class CommentRemoved(Event):
    """A moderator took a comment away."""

    comment_id: int
    by_id: int | None
    reason: str


@dataclass(frozen=True)
class CommentRestored(Event):
    """A removal was undone."""

    comment_id: int
    by_id: int | None
    reason: str = ""


@dataclass(frozen=True)
class PersonBanned(Event):
    """Somebody may not take part in a community, or on this server, for a while or for good."""

    ban_id: int


@dataclass(frozen=True)
class BanLifted(Event):
    """A ban was taken back before its end; `restores_posts`: with all it had removed."""

    ban_id: int
    by_id: int | None
    restores_posts: bool = False
    reason: str = ""


@dataclass(frozen=True)
class PostTurnedDown(Event):
    """A community of another server would not have a post of ours."""

    post_id: int


@dataclass(frozen=True)
class CommentTurnedDown(Event):
    """A community of another server would not have a comment of ours."""

    comment_id: int


@dataclass(frozen=True)
class PostSentAgain(Event):
    """The writer of a post wants it sent once more to the server of its community."""

    post_id: int


@dataclass(frozen=True)
class CommentSentAgain(Event):
    """The writer of a comment wants it sent once more to the server of its community."""

    comment_id: int


@dataclass(frozen=True)
class ThreadRead(Event):
    """Somebody opened a thread and saw what is new in it."""

    account_id: int
    post_id: int


@dataclass(frozen=True)
class VoteCast(Event):
    """Somebody found a post or comment useful."""

    vote_id: int


@dataclass(frozen=True)
class VoteRetracted(Event):
    """Somebody took a vote back; the row is gone, so everything needed stands here."""

    account_id: int
    post_id: int | None
    comment_id: int | None
    public_id: str
    request_uri: str | None
