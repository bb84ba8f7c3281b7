"""Work through the feeds that are due: a few at a time, each host at its own pace."""

import logging
import secrets
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Final

from app.core.clock import utcnow
from app.core.http_client import HttpClient
from app.core.leases import give_back_lease, take_lease
from app.core.outgoing import http_client
from feeds.ingest.claims import claim_due_feeds, find_next_due
from feeds.ingest.fetch import Fetched, FetchJob, fetch_feed
from feeds.ingest.outcomes import record_all

log = logging.getLogger(__name__)

LANE: Final = "feeds"
THREADS: Final = 8
# The lane is renewed well before its minute is over; the beat starts the next round.
ROUND_SECONDS: Final = 40.0
RENEW_SECONDS: Final = 15.0
LOOK_SECONDS: Final = 1.0
WORTH_WAITING: Final = timedelta(seconds=3)

Pause = Callable[[float], None]


def drain_due_feeds(pause: Pause = time.sleep) -> int:
    """Fetch what is due and what falls due meanwhile; returns how many feeds were fetched.

    One drain at a time works, wherever it runs; another returns at once. `pause` waits that many
    seconds for a host's next turn.
    """
    due = find_next_due()
    if due is None or due > utcnow() + WORTH_WAITING:
        return 0
    holder = secrets.token_hex(8)
    if not take_lease(LANE, holder):
        return 0
    try:
        with ThreadPoolExecutor(THREADS, thread_name_prefix="feed") as threads:
            return _Round(holder, threads, http_client(), pause).run()
    finally:
        give_back_lease(LANE, holder)


class _Round:
    """One drain: what runs now, and how long it has run."""

    def __init__(
        self, holder: str, threads: ThreadPoolExecutor, client: HttpClient, pause: Pause
    ) -> None:
        self._holder = holder
        self._threads = threads
        self._client = client
        self._pause = pause
        self._running: set[Future[Fetched]] = set()
        self._ends_at = time.monotonic() + ROUND_SECONDS
        self._renews_at = time.monotonic() + RENEW_SECONDS

    def run(self) -> int:
        fetched = 0
        while self._may_go_on():
            is_open = time.monotonic() < self._ends_at
            for job in claim_due_feeds(THREADS - len(self._running)) if is_open else []:
                self._running.add(self._threads.submit(fetch_feed, self._client, job))
            fetched += self._collect()
            if not self._running and not (is_open and self._wait_for_turn()):
                break
        return fetched

    def _collect(self) -> int:
        if not self._running:
            return 0
        done, self._running = wait(self._running, LOOK_SECONDS, FIRST_COMPLETED)
        record_all([future.result() for future in done])
        return len(done)

    def _wait_for_turn(self) -> bool:
        """Wait for a host whose next turn is near; False when nothing is due soon."""
        due = find_next_due()
        if due is None or due > utcnow() + WORTH_WAITING:
            return False
        self._pause(max((due - utcnow()).total_seconds(), 0.01))
        return True

    def _may_go_on(self) -> bool:
        """Keep the lane; when another holder has it, end what runs and leave the rest to him."""
        if time.monotonic() < self._renews_at:
            return True
        self._renews_at = time.monotonic() + RENEW_SECONDS
        return take_lease(LANE, self._holder)


def fetch_now(jobs: list[FetchJob], tell: Callable[[Fetched], None]) -> None:
    """Fetch these jobs whatever their schedule, and tell of each when it has been written down."""
    client = http_client()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="feed") as threads:
        for fetched in threads.map(lambda job: fetch_feed(client, job), jobs):
            record_all([fetched])
            tell(fetched)
