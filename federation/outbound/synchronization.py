"""What we tell each server about who follows from there (FEP-8fcf): one header per delivery."""

import time
from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from typing import Final

from app.core.db import session
from federation.models.actor import Actor
from federation.models.followers import digest_of, list_followers_at
from federation.outbound.jobs import Job

HEADER: Final = "Collection-Synchronization"
KEPT_SECONDS: Final = 60.0
MOST_KEPT: Final = 10_000


class Synchronization:
    """The headers of one run; each is good for a minute, and no more than ten thousand are kept.

    An old digest costs the peer one question to us, no more.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, str], tuple[float, str | None]] = OrderedDict()

    def prepare(self, jobs: Iterable[Job]) -> None:
        """Make the headers that these jobs need; reads the database."""
        wanted: dict[int, set[str]] = defaultdict(set)
        now = time.monotonic()
        for job in jobs:
            known = self._known.get((job.actor_id, job.host))
            if job.synchronizes and (known is None or known[0] < now):
                wanted[job.actor_id].add(job.host)
        for actor_id, hosts in wanted.items():
            self._make(session().get_one(Actor, actor_id), hosts, now + KEPT_SECONDS)
        while len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)

    def header_for(self, job: Job) -> tuple[tuple[str, str], ...]:
        """Return what is sent along, if anything; in any thread."""
        known = self._known.get((job.actor_id, job.host)) if job.synchronizes else None
        return ((HEADER, known[1]),) if known is not None and known[1] is not None else ()

    def _make(self, actor: Actor, hosts: set[str], until: float) -> None:
        owner = actor.account or actor.community
        if owner is None:
            return
        for host, uris in list_followers_at(owner, hosts).items():
            header = write_header(owner.uri, digest_of(uris)) if uris else None
            self._known[(actor.id, host)] = (until, header)


def write_header(owner_uri: str, digest: str) -> str:
    """Return the header for one of ours whose followers at a server have this digest."""
    followers = f"{owner_uri}/followers"
    return f'collectionId="{followers}", url="{followers}_synchronization", digest="{digest}"'
