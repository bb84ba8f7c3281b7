"""A backup of a running server, put back elsewhere, is the same server."""

import http.client
import json
import re
from pathlib import Path

import pytest

from tests.processes.conftest import MakeServer
from tests.support.server import Server

pytestmark = pytest.mark.processes

ACTIVITY = "application/activity+json"


class Browser:
    """Keeps its cookies, as a person's browser does."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}

    def open(self, server: Server, path: str, method: str = "GET") -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, headers={"Cookie": cookies} if cookies else {})
        answer = connection.getresponse()
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = header.split(";")[0].partition("=")
            self.cookies[name] = value
        text = answer.read().decode()
        connection.close()
        return answer.status, text


def main_of(page: str) -> str:
    """What stands on a page, without what differs per rendering."""
    found = re.search(r"<main.*</main>", page, re.DOTALL)
    assert found is not None
    return re.sub(r'name="csrf_token" value="[^"]+"', "", found[0])


def test_pages_keys_and_sign_in_survive_a_move_while_it_runs(
    make_server: MakeServer, tmp_path: Path
) -> None:
    old = make_server()
    old.start()
    old.run("user", "add", "anna", "--email", "anna@school.test")
    uri = old.last_line(
        "post", "add", "welkom", "--as", "anna", "--title", "Wie?", text="Vertel *iets*."
    )
    path = uri.removeprefix(old.base_url)
    anna = Browser()
    link = old.last_line("user", "link", "anna").removeprefix(old.base_url)
    assert anna.open(old, link)[0] == 303
    signed_in, settings_page = anna.open(old, "/instellingen")
    person = json.loads(old.get("/u/anna", ACTIVITY)[1])
    pages = {page: main_of(old.get(page)[1]) for page in (path, "/c/welkom", "/netwerken")}

    old.run("backup", str(tmp_path / "all.tar.gz"))
    old.stop()
    new = make_server("nieuw", VERBINDPLAATS_BASE_URL=old.base_url, PORT=str(old.port))
    new.port = old.port
    new.run("restore", str(tmp_path / "all.tar.gz"))
    new.start()

    assert signed_in == 200
    assert {page: main_of(new.get(page)[1]) for page in pages} == pages
    assert json.loads(new.get("/u/anna", ACTIVITY)[1])["publicKey"] == person["publicKey"]
    status, page = anna.open(new, "/instellingen")
    assert status == 200
    assert main_of(page) == main_of(settings_page)
    assert "ok  signing" in _doctor(new)


def _doctor(server: Server) -> str:
    return server.run("doctor")
