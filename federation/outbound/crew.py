"""Threads that send: every host in turn, few at once per host, and nobody behind one that hangs.

A host starts with one delivery at a time and is allowed twice as many with every answer that comes,
up to eight: one that does not answer keeps one thread, not eight. A thread whose host has kept it
for a second counts as stuck and is replaced, so that hosts that hang slow nobody down; there is a
limit to that as well.
"""

import heapq
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Final

from federation.outbound.jobs import Job

AT_ONCE_PER_HOST: Final = 8
QUEUED_PER_PLACE: Final = 4  # so that nobody waits for the database
STUCK_AFTER_SECONDS: Final = 1.0


@dataclass
class _Line:
    """What is to go to one host: the most urgent first."""

    window: int
    active: int = 0
    is_queued: bool = False
    jobs: list[tuple[int, int, Job]] = field(default_factory=list)

    @property
    def may_go(self) -> bool:
        return bool(self.jobs) and self.active < self.window


class Crew:
    """Sends jobs with at most `hands` threads that are not stuck, and `most` threads in all.

    `send` gets a job and says whether the host answered.
    """

    def __init__(self, send: Callable[[Job], bool], hands: int, most: int) -> None:
        self._send = send
        self._hands, self._most = hands, most
        self._changed = Condition()
        self._lines: dict[str, _Line] = {}
        self._turns: deque[str] = deque()
        self._busy_since: dict[int, float] = {}
        self._threads: list[Thread] = []
        self._idle = 0
        self._is_closed = False

    def put(self, jobs: Sequence[Job]) -> None:
        """Take on jobs; they go as soon as their host and a hand are free."""
        with self._changed:
            for job in jobs:
                line = self._lines.setdefault(job.host, _Line(1))
                heapq.heappush(line.jobs, (job.lane, job.delivery_id, job))
                self._queue(job.host, line)
            self._hire()
            self._changed.notify(len(jobs))

    def places(self, host: str) -> int:
        """Return how many deliveries to a host may be under way or next: more once it answers."""
        line = self._lines.get(host)
        return 1 if line is None or line.window == 1 else line.window * QUEUED_PER_PLACE

    def replace_stuck(self) -> None:
        """Hire hands for those that a host keeps waiting; call it now and then."""
        with self._changed:
            self._hire()

    def close(self) -> None:
        """Wait for what is under way; what was not begun is left."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _queue(self, host: str, line: _Line) -> None:
        if not line.is_queued and line.may_go:
            line.is_queued = True
            self._turns.append(host)

    def _hire(self) -> None:
        """Start threads for the turns that wait, within the limits."""
        stuck_before = time.monotonic() - STUCK_AFTER_SECONDS
        stuck = sum(since < stuck_before for since in self._busy_since.values())
        limit = min(self._hands + stuck, self._most)
        wanted = min(len(self._turns) - self._idle, limit - len(self._threads))
        for _ in range(wanted):
            thread = Thread(target=self._work, name=f"send-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while (job := self._take()) is not None:
            is_answered = False
            try:
                is_answered = self._send(job)
            finally:
                self._done(job, is_answered=is_answered)

    def _take(self) -> Job | None:
        """Wait for a turn; None when the crew goes home."""
        with self._changed:
            self._idle += 1
            while not self._turns and not self._is_closed:
                self._changed.wait()
            self._idle -= 1
            if self._is_closed:
                return None
            host = self._turns.popleft()
            line = self._lines[host]
            line.is_queued = False
            job = heapq.heappop(line.jobs)[2]
            line.active += 1
            self._queue(host, line)
            self._busy_since[job.delivery_id] = time.monotonic()
            if self._turns:
                self._call_help()
            return job

    def _done(self, job: Job, *, is_answered: bool) -> None:
        with self._changed:
            del self._busy_since[job.delivery_id]
            line = self._lines[job.host]
            line.active -= 1
            line.window = min(line.window * 2, AT_ONCE_PER_HOST) if is_answered else 1
            self._queue(job.host, line)
            if not line.active and not line.jobs and not is_answered:
                del self._lines[job.host]
            if len(self._turns) > 1:  # one of them is for this thread
                self._call_help()

    def _call_help(self) -> None:
        """Let one more thread look: an idle one, or a new one."""
        if self._idle:
            self._changed.notify()
        elif len(self._threads) < self._hands:
            self._hire()
