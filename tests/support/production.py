"""An instance as in production: gunicorn, worker, scheduler, PostgreSQL and Redis as processes."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.support.server import ROOT, Server, free_port, wait_until

ROLES = ("web", "worker", "scheduler")


class Redis:
    """A Redis of the test's own, which it may kill."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = shutil.which("redis-server")
        assert program is not None
        quiet = ["--save", "", "--appendonly", "no", "--dir", str(self._folder)]
        self.process = subprocess.Popen(
            [program, "--port", str(self.port), "--bind", "127.0.0.1", *quiet],
            stdout=subprocess.DEVNULL,
        )
        time.sleep(0.3)

    def kill(self) -> None:
        """`kill -9` the broker, with all hints in it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(5)


class Production(Server):
    """Three processes instead of one supervisor; settings alone make the difference."""

    def __init__(self, data_dir: Path, database_url: str, redis: Redis) -> None:
        super().__init__(
            data_dir,
            VERBINDPLAATS_DATABASE_URL=database_url,
            VERBINDPLAATS_BROKER_URL=redis.url,
            VERBINDPLAATS_REDIS_URL=redis.url.replace("/0", "/1"),
        )
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *_options: str) -> float:
        """Prepare the database, start the three, and wait for the first page."""
        began = time.monotonic()
        self.run("init")
        for role in ROLES:
            self.start_role(role)
        wait_until(lambda: self.sees("/health", '"ok"'), 60)
        return time.monotonic() - began

    def start_role(self, role: str) -> None:
        """Start one of the processes, as the compose file does."""
        command = [sys.executable, "-m", "app.cli_main", role]
        if role == "web":
            bind = f"--bind=127.0.0.1:{self.port}"
            shape = ["--workers=2", "--worker-class=gthread", "--threads=4"]
            command = [sys.executable, "-m", "gunicorn", bind, *shape, "app.wsgi:app"]
        with self.log.open("ab") as log:
            self.processes[role] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def kill(self, name: str) -> None:
        """`kill -9` one process and start another, as the container runtime would."""
        self.processes[name].kill()
        self.processes[name].wait(5)
        if name == "web":
            wait_until(lambda: not self.sees("/health", '"ok"'), 10)
        self.start_role(name)

    def end(self) -> None:
        """End everything."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
