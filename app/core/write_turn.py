"""Who may write next to the SQLite file: a queue of threads and processes in front of its lock.

SQLite lets one connection write, and has the others look again after pauses of up to 100 ms: under
load those who come late find the lock taken every time, and give up ("database is locked"). Here
everyone waits for his turn without looking: the threads of a process for each other, the processes
for the lock of a small file, which the kernel frees when its holder dies.

A process with several waiting threads hands its turn on among them for a moment before another
process gets it: many short transactions (an inbox) then are not held up by one long one each.

Processes that wait say so by a shared lock on a second file: who has much to write asks `is_wanted`
now and then, and works on for as long as nobody waits.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition
from typing import Final

PATIENCE_SECONDS: Final = 30.0
STREAK_SECONDS: Final = 0.1


class WriteTurn:
    """The queue in front of one database file, shared by the threads of this process."""

    def __init__(self, database: Path, patience: float = PATIENCE_SECONDS) -> None:
        self._path = database.with_name(database.name + "-turn")
        self._wish_path = database.with_name(database.name + "-turn-wanted")
        self._patience = patience
        self._changed = Condition()
        self._is_busy = False
        self._waiting = 0
        self._descriptor: int | None = None
        self._since = 0.0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the turn while inside.

        Whoever waits in vain for another thread of this process goes on without: SQLite's own lock
        decides then, and says so when it does not come free.
        """
        if not self._enter():
            yield
            return
        try:
            self._take_file()
            yield
        finally:
            self._leave()

    def _enter(self) -> bool:
        with self._changed:
            self._waiting += 1
            try:
                if not self._changed.wait_for(lambda: not self._is_busy, self._patience):
                    return False
            finally:
                self._waiting -= 1
            self._is_busy = True
            return True

    def _take_file(self) -> None:
        """Wait for the other processes, unless this one still has the turn."""
        if self._descriptor is not None:
            return
        descriptor = _open(self._path)
        try:
            self._wait_for(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor, self._since = descriptor, time.monotonic()

    def _wait_for(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wish = _open(self._wish_path)
            try:
                fcntl.flock(wish, fcntl.LOCK_SH)
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            finally:
                os.close(wish)

    def is_wanted(self) -> bool:
        """Whether another thread or process waits for the turn at this moment."""
        if self._waiting:
            return True
        wish = _open(self._wish_path)
        try:
            fcntl.flock(wish, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(wish)

    def _leave(self) -> None:
        with self._changed:
            self._is_busy = False
            is_over = time.monotonic() - self._since > STREAK_SECONDS
            if self._descriptor is not None and (is_over or not self._waiting):
                os.close(self._descriptor)
                self._descriptor = None
            self._changed.notify()


def _open(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
