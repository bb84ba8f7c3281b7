"""What was answered but is not yet in the database.

A line is appended the moment a peer has answered, and survives `kill -9`: after a restart the
journal is read before anything is claimed, so no delivery that was answered is repeated
(contract.md, "Promises"). Each process writes its own file.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Final

PREFIX: Final = "delivered-"


@dataclass(frozen=True)
class Answer:
    """A peer's answer to one delivery: an HTTP status, or an error when there was none."""

    delivery_id: int
    host: str
    status: int | None = None
    error: str | None = None
    retry_after: float | None = None
    skipped: bool = False


class Journal:
    """Appends answers to a file of this process; locked while the process lives."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / f"{PREFIX}{os.getpid()}.jsonl"
        self._file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._lock = Lock()

    def note(self, answer: Answer) -> None:
        """Append one answer; one write, so a kill leaves a whole line or none."""
        line = json.dumps(asdict(answer)).encode("utf-8") + b"\n"
        with self._lock:
            os.write(self._file, line)

    def clear(self) -> None:
        """Forget the lines: the database has them."""
        with self._lock:
            os.ftruncate(self._file, 0)

    def close(self) -> None:
        """Close the file, and remove it when all its answers are in the database."""
        with contextlib.suppress(OSError):
            if os.fstat(self._file).st_size == 0:
                self._path.unlink()
        os.close(self._file)


def read_left_behind(data_dir: Path) -> Iterator[tuple[Path, list[Answer]]]:
    """Give the journals of processes that are gone, with their answers."""
    for path in sorted(data_dir.glob(f"{PREFIX}*.jsonl")):
        descriptor = os.open(path, os.O_RDWR)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        else:
            yield path, list(_read(path.read_text(encoding="utf-8").splitlines()))
        finally:
            os.close(descriptor)


def _read(lines: Iterable[str]) -> Iterator[Answer]:
    for line in lines:
        try:
            yield Answer(**json.loads(line))
        except (ValueError, TypeError):
            continue  # the last line of a process killed while writing
