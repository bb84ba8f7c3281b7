"""Starts the web and worker processes, keeps them alive, and takes them along when it ends.

Standard library only: it stays small and starts at once. The children hold the reading end of a
pipe whose writing end only the supervisor has: when the supervisor dies, however, they see its end
and leave. Ctrl-C, SIGTERM and a closed terminal end everything within five seconds with status 0: a
child that has not left by itself after four, or at a second Ctrl-C, is killed, for the rows are the
truth. A child that cannot start at all (its port is taken) ends everything with status 1.
"""

import contextlib
import fcntl
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final, TextIO

GRACE_SECONDS: Final = 4.0
RESTART_SECONDS: Final = (0.2, 1.0, 2.0, 5.0, 10.0)
STABLE_SECONDS: Final = 30.0
HOPELESS_FAILURES: Final = 5
LOOK_SECONDS: Final = 0.05
# What a child ends with when starting it again cannot help; it has said why (sysexits.h).
CANNOT_START: Final = os.EX_CONFIG
STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
# Threads of glibc's allocator share two arenas instead of having one each: tens of megabytes less.
MEMORY_SETTINGS: Final = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
LIFELINE_VARIABLE: Final = "VERBINDPLAATS_LIFELINE_FD"
READY_VARIABLE: Final = "VERBINDPLAATS_READY_FD"


class AlreadyRunningError(Exception):
    """Another server holds this data directory."""


@dataclass
class Child:
    """One process under supervision."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    due: float = 0.0


def lock_data_dir(data_dir: Path) -> int:
    """Return the descriptor of a lock that keeps a second server away while we live."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(data_dir / "server.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise AlreadyRunningError(f"another server runs on {data_dir}") from None
    return descriptor


class Supervisor:
    """Runs children until told to stop."""

    def __init__(self, children: list[Child], url: str) -> None:
        self._children = children
        self._url = url
        self._stopping = False
        self._is_impatient = False
        self._is_ready = False
        self._status = 0
        self._lifeline_in, self._lifeline_out = os.pipe()
        self._ready_in, self._ready_out = os.pipe()
        self._wake_in, self._wake_out = os.pipe()
        for descriptor in (self._wake_in, self._wake_out, self._ready_in):
            os.set_blocking(descriptor, False)

    def run(self) -> int:
        """Start everything, wait, and return the exit status."""
        for number in STOP_SIGNALS:
            is_nohup = number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN
            if not is_nohup:  # a shell's background job inherits SIGINT ignored, and must end too
                signal.signal(number, self._on_stop)
        signal.signal(signal.SIGCHLD, self._on_child)
        while not self._stopping:
            for child in self._children:
                self._look_after(child)
            if not self._stopping:
                self._wait()
        self._stop_children()
        return self._status

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_impatient = self._stopping
        self._stopping = True
        self._nudge()

    def _on_child(self, _number: int, _frame: FrameType | None) -> None:
        self._nudge()

    def _nudge(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.write(self._wake_out, b".")

    def _wait(self) -> None:
        """Sleep until a signal, a ready message, or the next restart is due."""
        now = time.monotonic()
        waiting = [child.due - now for child in self._children if child.process is None]
        timeout = max(0.0, min([*waiting, 1.0]))
        readable, _, _ = select.select([self._wake_in, self._ready_in], [], [], timeout)
        if self._wake_in in readable:
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake_in, 4096)
        if self._ready_in in readable and os.read(self._ready_in, 64) and not self._is_ready:
            self._is_ready = True
            _say(sys.stdout, f"Ready: {self._url}")

    def _look_after(self, child: Child) -> None:
        """Start a child that is due; note when one has ended."""
        now = time.monotonic()
        if child.process is not None:
            status = child.process.poll()
            if status is None or self._stopping:
                return
            self._note_end(child, status, now)
        if child.process is None and now >= child.due and not self._stopping:
            self._start(child)

    def _note_end(self, child: Child, status: int, now: float) -> None:
        """Plan the next start; give up when nothing has been served yet and nothing will be."""
        child.process = None
        child.failures = 0 if now - child.started > STABLE_SECONDS else child.failures + 1
        is_hopeless = status == CANNOT_START or child.failures >= HOPELESS_FAILURES
        if is_hopeless and not self._is_ready:
            _say(sys.stderr, f"error: {child.name} cannot start (status {status})")
            self._stopping, self._status = True, 1
            return
        pause = RESTART_SECONDS[min(child.failures, len(RESTART_SECONDS) - 1)]
        _say(sys.stderr, f"{child.name} ended with status {status}; again in {pause} s")
        child.due = now + pause

    def _start(self, child: Child) -> None:
        environment = {
            **MEMORY_SETTINGS,
            **os.environ,  # noqa: TID251  the children read their settings from it
            LIFELINE_VARIABLE: str(self._lifeline_in),
            READY_VARIABLE: str(self._ready_out),
        }
        child.process = subprocess.Popen(  # noqa: S603  our own program, no shell
            child.command,
            env=environment,
            pass_fds=(self._lifeline_in, self._ready_out),
            start_new_session=True,
        )
        child.started = time.monotonic()

    def _stop_children(self) -> None:
        running = [c.process for c in self._children if c.process is not None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        while any(process.poll() is None for process in running):
            if self._is_impatient or time.monotonic() > deadline:
                break
            time.sleep(LOOK_SECONDS)
        for process in running:
            if process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _say(stream: TextIO, line: str) -> None:
    """Write a line; a terminal that is gone, or a reader who has left, changes nothing."""
    with contextlib.suppress(OSError):
        stream.write(f"{line}\n")
        stream.flush()


def empty_queue_folder(data_dir: Path) -> None:
    """Throw old hints away: the rows say what is due."""
    shutil.rmtree(data_dir / "queue", ignore_errors=True)
    for name in ("hints", "control"):
        (data_dir / "queue" / name).mkdir(parents=True, exist_ok=True)
