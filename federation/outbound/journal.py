"""What was answered but is not yet in the database.

A line is appended the moment a peer has answered, and survives `kill -9`: after a restart the
journal is read before anything is claimed, so no delivery that was answered is repeated
(contract.md, "Promises"). Each run writes a file of its own: process ids come back.
"""

import contextlib
import fcntl
import os
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

import orjson

PREFIX: Final = "delivered-"


@dataclass(frozen=True)
class Answer:
    """A peer's answer to one delivery: an HTTP status, or an error when there was none.

    `attempt` counts the attempts before, so that an answer read twice counts once. `skipped`: the
    variant is not for this class of server. `refused`: we may not post to this address. `scheme` is
    the kind of signature with which the peer answered so. `signed_by` names the key where one of
    two was refused; `awaits_other_key`: the other is to be shown when the peer has forgotten this.
    """

    delivery_id: int
    host: str
    attempt: int = 0
    status: int | None = None
    error: str | None = None
    retry_after: float | None = None
    skipped: bool = False
    refused: bool = False
    scheme: str | None = None
    signed_by: str | None = None
    awaits_other_key: bool = False


class Journal:
    """Appends answers to a file of this run, made at the first one; locked while the run lives."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / f"{PREFIX}{os.getpid()}-{uuid.uuid4().hex}.jsonl"
        self._file: int | None = None
        self._lock = Lock()

    def note(self, answer: Answer) -> None:
        """Append one answer; one write, so a kill leaves a whole line or none."""
        line = orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE)
        with self._lock:
            if self._file is None:
                self._file = self._open()
            os.write(self._file, line)

    def clear(self) -> None:
        """Forget the lines: the database has them."""
        with self._lock:
            if self._file is not None:
                os.ftruncate(self._file, 0)

    def close(self) -> None:
        """Close the file, and remove it when all its answers are in the database."""
        if self._file is None:
            return
        with contextlib.suppress(OSError):
            if os.fstat(self._file).st_size == 0:
                self._path.unlink()
        os.close(self._file)
        self._file = None

    def _open(self) -> int:
        """Open and lock the file; again when somebody took the empty file for a dead one."""
        while True:
            descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:
                return descriptor
            os.close(descriptor)


def read_left_behind(data_dir: Path) -> Iterator[tuple[Path, list[Answer]]]:
    """Give the journals of runs that are gone, with their answers; the caller removes the files."""
    for path in sorted(data_dir.glob(f"{PREFIX}*.jsonl")):
        try:
            descriptor = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            continue  # another process was faster
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue  # that run lives
        else:
            yield path, list(_read(path.read_bytes().splitlines()))
        finally:
            os.close(descriptor)


def _read(lines: Iterable[bytes]) -> Iterator[Answer]:
    for line in lines:
        try:
            yield Answer(**orjson.loads(line))
        except (ValueError, TypeError):
            continue  # the last line of a process killed while writing
