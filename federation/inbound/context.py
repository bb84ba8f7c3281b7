"""What a handler knows besides the activity itself."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.forum.models.community import Community
from federation.errors import RefusedError
from federation.vocab.origin import same_origin


class IgnoredError(RefusedError):
    """Understood, but of no consequence here: answered 202 like all others, and no fault."""


@dataclass(frozen=True)
class InboxContext:
    """Who says so, and what has been fetched for it.

    `sender_uri` signed the outermost activity. `announced_by` is the remote group that passed an
    inner activity on (FEP-1b12). `fetched` is the address that was fetched for this row, with
    success unless it is also `unreachable`; `gone` when its own server says that it is no more.
    `is_exhausted`: no document may be fetched any more. `proven_by` is the actor whose own proof an
    inner activity carries (FEP-8b32). `said_at` is when a proof was made: who brings it may have
    kept it for days.
    """

    sender_uri: str
    now: datetime
    announced_by: Community | None = None
    fetched: str | None = None
    unreachable: str | None = None
    gone: str | None = None
    is_exhausted: bool = False
    proven_by: str | None = None
    said_at: datetime | None = None

    def announced(self, community: Community) -> "InboxContext":
        """Return the context of what a group passes on."""
        return replace(self, announced_by=community)

    def proven(self, actor_uri: str, at: datetime) -> "InboxContext":
        """Return the context of an inner activity that its own actor has proven, and when."""
        return replace(self, proven_by=actor_uri, said_at=at)

    def was_fetched(self, uri: str) -> bool:
        """Whether `uri` was fetched and stored for this very row."""
        return self.fetched == uri and self.unreachable != uri

    def vouches_for(self, uri: str) -> bool:
        """Whether what the sender wrote inline about `uri` may be believed (FEP-fe34).

        The signature speaks for its own origin only; a group speaks for its own host, and what it
        passes on from elsewhere is fetched from there, unless its actor's proof speaks for it.
        """
        is_proven = self.proven_by is not None and same_origin(self.proven_by, uri)
        return is_proven or same_origin(self.sender_uri, uri)
