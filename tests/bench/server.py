"""The real program on loopback: `verbindplaats serve` in a data directory of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

READY = "Ready:"
START_SECONDS = 60.0
STOP_SECONDS = 10.0
PROGRAM = Path(sys.executable).with_name("verbindplaats")


class ServerError(Exception):
    """The server did not start or stop as it should."""


@dataclass(frozen=True)
class Place:
    """Where a server lives: its data, its port, and with that its name.

    `database_url`: of PostgreSQL; "" for the embedded default.
    """

    data_dir: Path
    port: int
    database_url: str = ""

    @property
    def host(self) -> str:
        """The netloc of every id it makes."""
        return f"127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """Scheme and host of every id it makes."""
        return f"http://{self.host}"

    @property
    def environment(self) -> dict[str, str]:
        """What the program reads: nothing of the caller's own settings."""
        inherited = os.environ.items()  # noqa: TID251  what a child process needs to run at all
        own = {k: v for k, v in inherited if not k.startswith("VERBINDPLAATS_")}
        return own | {
            "VERBINDPLAATS_BASE_URL": self.base_url,
            "VERBINDPLAATS_DATA_DIR": str(self.data_dir),
            "VERBINDPLAATS_ALLOW_PRIVATE_ADDRESSES": "1",
            "VERBINDPLAATS_DATABASE_URL": self.database_url,
            "PORT": str(self.port),
        }

    def command(self, *words: str) -> None:
        """Run one `verbindplaats` command to its end."""
        subprocess.run(
            [PROGRAM, *words], env=self.environment, check=True, stdout=subprocess.DEVNULL
        )


def free_port() -> int:
    """Return a port on loopback that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running server; `ready_after` is the seconds from its start to the line Ready."""

    process: subprocess.Popen[str]
    ready_after: float

    def processes(self) -> list[int]:
        """Return the supervisor and all its descendants."""
        found, todo = [], [self.process.pid]
        while todo:
            pid = todo.pop()
            found.append(pid)
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                todo += [int(child) for child in task.read_text().split()]
        return found

    def memory(self) -> list[float]:
        """Return what each process holds (proportional set size), in MB of 10**6 bytes."""
        return [_pss(pid) / 1e6 for pid in self.processes()]

    def idle_share(self, seconds: float) -> float:
        """Return the share of one processor that is used while nothing is asked, in per cent."""
        before = sum(map(_processor_seconds, self.processes()))
        time.sleep(seconds)
        return (sum(map(_processor_seconds, self.processes())) - before) / seconds * 100


@contextmanager
def serving(place: Place, log: Path) -> Iterator[Server]:
    """Run the server while inside; its log goes to a file."""
    with log.open("a", encoding="utf-8") as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            [PROGRAM, "serve", "--port", str(place.port)],
            env=place.environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            _await_ready(process)
            yield Server(process, time.perf_counter() - started)
        finally:
            _stop(process)


def _await_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(READY):
            return
    raise ServerError(f"the server ended with status {process.wait()} before it was ready")


def _stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        status = process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        raise ServerError(f"the server did not stop within {STOP_SECONDS} s") from None
    if status != 0:
        raise ServerError(f"the server stopped with status {status}")


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
