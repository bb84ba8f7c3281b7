"""Who may write next to the SQLite file: a queue of threads and processes in front of its lock.

SQLite lets one connection write, and has the others look again after pauses of up to 100 ms: under
load those who come late find the lock taken every time, and give up ("database is locked"). Here
everyone waits for his turn without looking: the threads of a process for each other, the processes
for the lock of a small file, which the kernel frees when its holder dies.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

PATIENCE_SECONDS: Final = 30.0


class WriteTurn:
    """The queue in front of one database file, shared by the threads of this process."""

    def __init__(self, database: Path, patience: float = PATIENCE_SECONDS) -> None:
        self._path = database.with_name(database.name + "-turn")
        self._patience = patience
        self._threads = Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the turn while inside.

        Whoever waits in vain for another thread of this process goes on without: SQLite's own lock
        decides then, and says so when it does not come free.
        """
        if not self._threads.acquire(timeout=self._patience):
            yield
            return
        try:
            descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                yield
            finally:
                os.close(descriptor)
        finally:
            self._threads.release()
