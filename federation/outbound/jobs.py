"""What a run takes on: plain values that go from the database to threads that have none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from federation.models.delivery import DeliveryDialect
from federation.models.peer import Dialect


@dataclass(frozen=True)
class Room:
    """How many deliveries may be taken on: for hosts that answer, and for all others."""

    proven: int
    unproven: int


@dataclass(frozen=True)
class UnderWay:
    """What a run has taken on per host, and how many it may have there at most."""

    counts: Mapping[str, int]
    places: Callable[[str], int]

    def free(self, host: str) -> int:
        """Return how many more may be taken on for a host that answers."""
        return self.places(host) - self.counts.get(host, 0)


@dataclass(frozen=True)
class Job:
    """All a sending thread needs; no row, no session. `attempts` were made before this one.

    `leased_until`: others may take it after that. `dialect_is_set`: an administrator said what the
    host is. `synchronizes`: it tells its actor's followers (FEP-8fcf). `signed_by`: the key of two
    that the host refused with `last_status`.
    """

    delivery_id: int
    host: str
    url: str
    body: bytes
    actor_id: int
    attempts: int
    dialect: DeliveryDialect
    peer_dialect: Dialect
    is_proven: bool
    needs_nodeinfo: bool
    leased_until: datetime
    lane: int = 0
    dialect_is_set: bool = False
    synchronizes: bool = False
    software: str | None = None
    scheme: str | None = None
    signed_by: str | None = None
    last_status: int | None = None


def suits(dialect: DeliveryDialect, peer: Dialect) -> bool:
    """Whether a variant suits this class of server; an unknown one is taken for a forum."""
    if dialect == DeliveryDialect.ANY:
        return True
    is_microblog = peer == Dialect.MICROBLOG
    return is_microblog == (dialect == DeliveryDialect.MICROBLOGS)
