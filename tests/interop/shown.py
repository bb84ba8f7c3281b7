"""What the people of a peer get to see of us: its pages, lists, counters and bells."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class Shown:
    """The state of a played peer, as far as somebody there would notice it.

    `threads`, `comments` and `boosts` are by id, `votes` by voter and thing (1 or -1), `gone` holds
    the reason (None for an author's own deletion), `follows` "accepted" or "rejected" by follower
    and followed. `refused` and `ignored` tell what it could make nothing of.
    """

    threads: dict[str, Json] = field(default_factory=dict)
    comments: dict[str, Json] = field(default_factory=dict)
    boosts: dict[str, str] = field(default_factory=dict)
    votes: dict[tuple[str, str], int] = field(default_factory=dict)
    gone: dict[str, str | None] = field(default_factory=dict)
    departed: set[str] = field(default_factory=set)
    follows: dict[tuple[str, str], str] = field(default_factory=dict)
    requests: list[Json] = field(default_factory=list)
    locked: set[str] = field(default_factory=set)
    pinned: set[str] = field(default_factory=set)
    moderators: set[str] = field(default_factory=set)
    banned: dict[tuple[str, str], Json] = field(default_factory=dict)
    personal_blocks: list[Json] = field(default_factory=list)
    reports: list[Json] = field(default_factory=list)
    resolved: list[Json] = field(default_factory=list)
    warnings: list[Json] = field(default_factory=list)
    actors: dict[str, Json] = field(default_factory=dict)
    moves: dict[str, str] = field(default_factory=dict)
    notified: list[tuple[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def thing(self, uri: str) -> Json:
        """Return a thread or comment that people see; raises KeyError when there is none."""
        if uri in self.gone:
            raise KeyError(uri)
        return self.threads[uri] if uri in self.threads else self.comments[uri]
