"""Two real instances federate over sockets, and survive being killed at every step."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes.conftest import MakeServer
from tests.support.server import Server, wait_until

pytestmark = pytest.mark.processes


def ask(server: Server, statement: str) -> list[tuple[object, ...]]:
    """Look into the database of a running server."""
    path: Path = server.data_dir / "verbindplaats.sqlite"
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def count(server: Server, statement: str) -> int:
    found = ask(server, statement)[0][0]
    assert isinstance(found, int)
    return found


@pytest.fixture
def pair(make_server: MakeServer) -> tuple[Server, Server]:
    """`ons` with anna and the community toetsing, `buur` with bo who follows it."""
    ons, buur = make_server("ons"), make_server("buur")
    ons.start()
    buur.start()
    ons.run("user", "add", "anna", "--email", "anna@school.test")
    ons.run("community", "add", "toetsing", "--title", "Toetsing", "--owner", "anna")
    buur.run("user", "add", "bo", "--email", "bo@school.test")
    handle = f"!toetsing@127.0.0.1:{ons.port}"
    buur.run("follow", handle, "--as", "bo")
    approved = (
        "SELECT count(*) FROM membership m JOIN community c ON c.id = m.community_id "
        "JOIN account a ON a.id = m.account_id "
        "WHERE m.state = 'approved' AND c.host IS NOT NULL AND a.host IS NULL"
    )
    wait_until(lambda: count(buur, approved) == 1)
    return ons, buur


def post(server: Server, title: str) -> str:
    return server.last_line(
        "post", "add", "toetsing", "--as", "anna", "--title", title, text="Hallo."
    )


def copies(server: Server, title: str) -> int:
    return count(server, f"SELECT count(*) FROM post WHERE title = '{title}'")  # noqa: S608  a test's own words


def test_a_post_and_an_answer_cross_over_sockets(pair: tuple[Server, Server]) -> None:
    ons, buur = pair

    uri = post(ons, "Hoe toetsen jullie?")
    wait_until(lambda: copies(buur, "Hoe toetsen jullie?") == 1)
    buur.last_line("comment", "add", uri, "--as", "bo", text="Met een portfolio.")

    path = uri.removeprefix(ons.base_url)
    wait_until(lambda: ons.sees(path, "Met een portfolio."))


KILLS: dict[str, Callable[[Server, Server], None]] = {
    "the sender's web": lambda ons, _buur: ons.kill("web"),
    "the sender's worker": lambda ons, _buur: ons.kill("worker"),
    "the receiver's web": lambda _ons, buur: buur.kill("web"),
    "the receiver's worker": lambda _ons, buur: buur.kill("worker"),
}


@pytest.mark.parametrize("victim", KILLS)
def test_nothing_is_lost_or_doubled_when_a_process_is_killed(
    pair: tuple[Server, Server], victim: str
) -> None:
    ons, buur = pair
    titles = [f"Vraag {number}" for number in range(8)]

    for number, title in enumerate(titles):
        post(ons, title)
        if number in {1, 4}:
            KILLS[victim](ons, buur)

    wait_until(lambda: all(copies(buur, title) == 1 for title in titles), 60)
    assert count(buur, "SELECT count(*) FROM post WHERE title LIKE 'Vraag %'") == len(titles)


def test_a_power_cut_on_both_sides_loses_and_doubles_nothing(pair: tuple[Server, Server]) -> None:
    ons, buur = pair
    titles = [f"Vraag {number}" for number in range(6)]

    for title in titles[:3]:
        post(ons, title)
    ons.kill_everything()
    buur.kill_everything()
    for title in titles[3:]:
        post(ons, title)
    buur.start()
    ons.start()

    wait_until(lambda: all(copies(buur, title) == 1 for title in titles), 60)
    answered = (
        "SELECT count(*) FROM delivery WHERE state = 'done' AND attempts > 1 AND last_status < 300"
    )
    assert count(ons, answered) <= len(titles)
    assert count(buur, "SELECT count(*) FROM post WHERE title LIKE 'Vraag %'") == len(titles)


def test_what_waits_for_a_dead_peer_goes_out_when_it_is_heard_again(
    pair: tuple[Server, Server],
) -> None:
    ons, buur = pair
    uri = post(ons, "Eerste")
    wait_until(lambda: copies(buur, "Eerste") == 1)
    buur.kill_everything()

    post(ons, "Tijdens de stilte")
    failing = "SELECT count(*) FROM peer WHERE failing_since IS NOT NULL"
    wait_until(lambda: count(ons, failing) == 1)
    buur.start()
    buur.last_line("comment", "add", uri, "--as", "bo", text="Ik ben er weer.")

    wait_until(lambda: copies(buur, "Tijdens de stilte") == 1, 12)
