"""Commands that reach another server: handles with ports, and texts nobody here knows yet."""

import pytest

from tests.processes.conftest import MakeServer
from tests.support.server import Server, wait_until

pytestmark = pytest.mark.processes


@pytest.fixture
def pair(make_server: MakeServer) -> tuple[Server, Server]:
    """`ons` with anna and the community toetsing, `buur` with bo who knows nothing of them."""
    ons, buur = make_server("ons"), make_server("buur")
    ons.start()
    buur.start()
    ons.run("user", "add", "anna", "--email", "anna@school.test")
    ons.run("community", "add", "toetsing", "--title", "Toetsing", "--owner", "anna")
    for name in ("bo", "cas", "dirk", "els"):
        buur.run("user", "add", name, "--email", f"{name}@school.test")
    return ons, buur


def test_a_group_and_a_person_elsewhere_are_found_by_every_form_of_their_handle(
    pair: tuple[Server, Server],
) -> None:
    ons, buur = pair
    host = f"127.0.0.1:{ons.port}"

    said = [
        buur.last_line("follow", f"!toetsing@{host}", "--as", "bo"),
        buur.last_line("follow", f"@toetsing@{host}", "--as", "cas"),
        buur.last_line("follow", f"toetsing@{host}", "--as", "dirk"),
        buur.last_line("follow", f"{ons.base_url}/c/toetsing", "--as", "els"),
        buur.last_line("follow", "--as", "bo", f"@anna@{host}"),
        buur.last_line("follow", "--as", "cas", f"{ons.base_url}/u/anna"),
    ]

    assert said[:4] == [f"toetsing@{host}: requested"] * 4
    assert said[4:] == [f"anna@{host}: requested"] * 2
    wait_until(lambda: '"totalItems":5' in _followers(ons), 15)


def _followers(server: Server) -> str:
    answer = server.get("/c/toetsing/followers", "application/activity+json")[1]
    return answer.replace(" ", "")


def test_an_answer_to_a_text_nobody_here_knew_fetches_it_first(
    pair: tuple[Server, Server],
) -> None:
    ons, buur = pair
    uri = ons.last_line(
        "post", "add", "toetsing", "--as", "anna", "--title", "Onbekend", text="Hallo."
    )

    answer = buur.last_line("comment", "add", uri, "--as", "bo", text="Gevonden.")

    assert answer.startswith(f"{buur.base_url}/comment/")
    wait_until(lambda: ons.sees(uri.removeprefix(ons.base_url), "Gevonden."), 15)
