"""One command starts everything, and ends everything."""

import re
import signal

import pytest

from tests.processes.conftest import MakeServer
from tests.support.server import wait_until

pytestmark = pytest.mark.processes


def test_the_first_start_prints_a_sign_in_link_that_works_once(make_server: MakeServer) -> None:
    server = make_server()

    server.start()

    link = re.search(r"(/eerste/\S+)", server.log.read_text())
    assert link is not None
    assert server.get("/")[0] == 200
    assert server.get("/health")[1].startswith('{"status":"ok"')


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_in_five_seconds_with_status_0(
    make_server: MakeServer, number: int
) -> None:
    server = make_server()
    server.start()
    server.child("worker")

    status, took, left = server.stop(number)

    assert (status, left) == (0, [])
    assert took < 5


def test_no_process_outlives_a_supervisor_that_was_killed(make_server: MakeServer) -> None:
    server = make_server()
    server.start()
    server.child("worker")
    supervisor, *children = server.descendants()

    supervisor.kill()

    wait_until(lambda: not any(child.is_running() for child in children), 2)


def test_a_second_server_on_the_same_data_is_refused(make_server: MakeServer) -> None:
    server = make_server()
    server.start()
    second = make_server("tweede", VERBINDPLAATS_DATA_DIR=str(server.data_dir))

    with pytest.raises(AssertionError, match="another server runs"):
        second.start()

    assert server.get("/health")[0] == 200


def test_a_command_works_while_the_server_runs_and_its_change_is_on_the_page(
    make_server: MakeServer,
) -> None:
    server = make_server()
    server.start()
    server.run("user", "add", "anna", "--email", "anna@school.test")

    uri = server.last_line(
        "post", "add", "welkom", "--as", "anna", "--title", "Wie ben jij?", text="Vertel *iets*."
    )

    path = uri.removeprefix(server.base_url)
    wait_until(lambda: server.sees("/c/welkom", "Wie ben jij?"), 2)
    assert server.sees(path, "<em>iets</em>")


def test_all_in_one_process_serves_and_works_too(make_server: MakeServer) -> None:
    server = make_server()

    server.start("--single")

    assert server.get("/")[0] == 200
    assert len(server.descendants()) == 2
    status, took, left = server.stop()
    assert (status, left) == (0, [])
    assert took < 5


def test_another_base_url_is_refused_once_others_know_this_one(make_server: MakeServer) -> None:
    server = make_server()
    server.run("init")
    connection = __import__("sqlite3").connect(server.data_dir / "verbindplaats.sqlite")
    with connection:
        connection.execute(
            "INSERT INTO site_fact (name, value) VALUES ('frozen_base_url', 'https://elders.example')"
        )
    connection.close()

    (server.data_dir / "initialised").unlink()
    with pytest.raises(AssertionError, match="other servers know this one as"):
        server.run("init")
