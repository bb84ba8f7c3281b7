"""Real instances, ended with the test."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.server import Server

MakeServer = Callable[..., Server]


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[MakeServer]:
    """Make an instance of its own data directory; started by the test, ended afterwards."""
    made: list[Server] = []

    def make(name: str = "ons", **settings: str) -> Server:
        made.append(Server(tmp_path / name, **settings))
        return made[-1]

    yield make
    for server in made:
        if server.process is not None and server.process.poll() is None:
            with contextlib.suppress(psutil.Error, AssertionError):
                server.kill_everything()
