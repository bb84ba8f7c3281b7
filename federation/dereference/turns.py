"""Tasks that may wait long for other servers: one of them at a time in a process.

A worker has few threads, for all its queues. Each of these tasks asks one server after the other,
so one that lets us wait would soon keep every thread, and nobody would apply or send anything.
"""

from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import ParamSpec

P = ParamSpec("P")


def in_turn(turn: Lock) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Let a function do nothing while another with the same turn runs: it is called again soon."""

    def guarded(function: Callable[P, None]) -> Callable[P, None]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            if not turn.acquire(blocking=False):
                return
            try:
                function(*args, **kwargs)
            finally:
                turn.release()

        return run

    return guarded


one_at_a_time = in_turn(Lock())
