"""Tasks that may wait long for other servers: one of them at a time in a process.

A worker has few threads, for all its queues. Each of these tasks asks one server after the other,
so one that lets us wait would soon keep every thread, and nobody would apply or send anything.
"""

from collections.abc import Callable
from functools import wraps
from threading import Lock

_turn = Lock()


def one_at_a_time(task: Callable[[], None]) -> Callable[[], None]:
    """Let a task do nothing while another of these runs: the beat calls it again."""

    @wraps(task)
    def run() -> None:
        if not _turn.acquire(blocking=False):
            return
        try:
            task()
        finally:
            _turn.release()

    return run
