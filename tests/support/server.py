"""A real instance as processes on loopback: started, asked, killed and started again."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil

READY_SECONDS = 60.0
ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Server:
    """One instance under its supervisor; `base_url` is what its ids start with."""

    def __init__(self, data_dir: Path, port: int | None = None, **settings: str) -> None:
        self.data_dir = data_dir
        self.port = port or free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.log = data_dir.parent / f"{data_dir.name}.log"
        self.environment = {
            **os.environ,  # noqa: TID251  the child needs PATH and the like
            "VERBINDPLAATS_DATA_DIR": str(data_dir),
            "VERBINDPLAATS_BASE_URL": self.base_url,
            "VERBINDPLAATS_ALLOW_PRIVATE_ADDRESSES": "1",
            "VERBINDPLAATS_DATABASE_URL": "",
            "VERBINDPLAATS_BROKER_URL": "",
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str) -> float:
        """Start and wait for the line `Ready`; return the seconds that took."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            position = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app.cli_main", "serve", *options],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(lambda: b"Ready: " in self._output(position) or self._is_gone(), READY_SECONDS)
        assert b"Ready: " in self._output(position), self._output(position).decode()
        return time.monotonic() - began

    def _output(self, position: int) -> bytes:
        with self.log.open("rb") as log:
            log.seek(position)
            return log.read()

    def _is_gone(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def run(self, *arguments: str, text: str = "") -> str:
        """Run a command of ours on this data; return its standard output."""
        done = subprocess.run(
            [sys.executable, "-m", "app.cli_main", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def last_line(self, *arguments: str, text: str = "") -> str:
        """Run a command and return the last line it printed."""
        return self.run(*arguments, text=text).strip().splitlines()[-1]

    def get(self, path: str, accept: str = "text/html") -> tuple[int, str]:
        """Ask for a page; return status and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={"Accept": accept})
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")

    def sees(self, path: str, text: str) -> bool:
        """Whether a page shows a text; a page that cannot be had does not."""
        try:
            return text in self.get(path)[1]
        except OSError:
            return False

    def child(self, name: str) -> psutil.Process:
        """Return the running child that is the `web` or the `worker`."""
        wanted = {"web": "app.web_process", "worker": "worker"}[name]
        assert self.process is not None
        for _ in range(100):
            for child in psutil.Process(self.process.pid).children():
                with contextlib.suppress(psutil.Error):
                    if wanted in child.cmdline():
                        return child
            time.sleep(0.05)
        raise AssertionError(f"no {name} runs")

    def kill(self, name: str) -> None:
        """`kill -9` one child; the supervisor starts another."""
        child = self.child(name)
        child.kill()
        child.wait(5)

    def descendants(self) -> list[psutil.Process]:
        """Return the supervisor and all that stems from it."""
        assert self.process is not None
        supervisor = psutil.Process(self.process.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def kill_everything(self) -> None:
        """A power cut: `kill -9` of every process at once."""
        for process in self.descendants():
            with contextlib.suppress(psutil.Error):
                process.kill()
        assert self.process is not None
        self.process.wait(5)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, float, list[psutil.Process]]:
        """Ask it to end; return status, seconds and the processes that were still there after."""
        everyone = self.descendants()
        began = time.monotonic()
        assert self.process is not None
        self.process.send_signal(number)
        status = self.process.wait(15)
        took = time.monotonic() - began
        return status, took, [one for one in everyone if one.is_running() and not _is_zombie(one)]


def _is_zombie(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return True


def wait_until(condition: object, seconds: float = 20.0) -> None:
    """Wait until a condition holds; the test fails when it does not in time."""
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)
