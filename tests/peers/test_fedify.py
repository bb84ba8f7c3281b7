"""Somebody on a server of another make follows, asks, answers, votes, edits and deletes here."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator

import pytest

from tests.peers.fedify import FedifyPeer, install
from tests.processes.conftest import make_server
from tests.support.server import Server, wait_until

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]
__all__ = ["make_server"]

ACTIVITY = "application/activity+json"
SECONDS = 30.0


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> object:
    return install(tmp_path_factory.mktemp("peer"))


@pytest.fixture(params=["draft-cavage-http-signatures-12", "rfc9421"])
def peer(installed, request: pytest.FixtureRequest) -> Iterator[FedifyPeer]:
    """The peer, with the one or the other kind of signature first."""
    started = FedifyPeer(installed, request.param)
    yield started
    started.end()


@pytest.fixture
def ours(make_server) -> Server:
    server = make_server()
    server.run("init")
    server.run(
        "user", "add", "anna", "--email", "anna@school.example", "--password-stdin", text="x" * 12
    )
    server.run("community", "add", "toetsing", "--title", "Toetsing", "--owner", "anna")
    server.start()
    return server


def document(server: Server, path: str) -> dict[str, object]:
    status, body = server.get(path.removeprefix(server.base_url), ACTIVITY)
    assert status == 200, body
    return json.loads(body)


def states_of_followings(server: Server) -> list[str]:
    database = sqlite3.connect(server.data_dir / "verbindplaats.sqlite")
    with contextlib.closing(database):
        return [row[0] for row in database.execute("SELECT state FROM following")]


def shows(server: Server, path: str, text: str) -> None:
    wait_until(lambda: server.sees(path.removeprefix(server.base_url), text), SECONDS)


def hides(server: Server, path: str, text: str) -> None:
    wait_until(lambda: not server.sees(path.removeprefix(server.base_url), text), SECONDS)


@pytest.fixture
def group(ours: Server, peer: FedifyPeer) -> str:
    """The id of our community, which guus follows."""
    uri = f"{ours.base_url}/c/toetsing"
    peer.do("follow", group=uri)
    assert peer.await_received("Accept")["actor"] == uri
    return uri


@pytest.fixture
def post(ours: Server, peer: FedifyPeer, group: str) -> str:
    """The id of a post of ours that guus was told of."""
    words = ["post", "add", "toetsing", "--as", "anna", "--title", "Duo's"]
    uri = ours.last_line(*words, text="Hoe toetsen jullie in duo's?")
    assert peer.await_received("Announce")["object"] == uri
    return uri


def test_our_group_and_our_post_are_read_as_what_they_are(
    peer: FedifyPeer, group: str, post: str
) -> None:
    seen = peer.do("look", uri=group)
    assert seen["type"] == "Group"
    assert seen["assertionMethod"][0]["type"] == "Multikey"
    assert peer.do("look", uri=post)["name"] == "Duo's"


def test_an_answer_is_shown_edited_answered_and_taken_back(
    ours: Server, peer: FedifyPeer, group: str, post: str
) -> None:
    about = {"id": "a1", "inReplyTo": post, "group": group}
    peer.do("create", content="<p>Met een rubric.</p>", **about)
    shows(ours, post, "Met een rubric.")

    peer.do("update", content="<p>Met een gesprek.</p>", **about)
    shows(ours, post, "Met een gesprek.")

    note = f"{peer.base_url}/notes/a1"
    answer = ours.last_line("comment", "add", note, "--as", "anna", text="Dank je, Guus.")
    assert peer.await_received("Create")["object"]["id"] == answer

    peer.do("delete", id="a1", group=group)
    hides(ours, post, "Met een gesprek.")


def test_a_vote_counts_until_it_is_undone(
    ours: Server, peer: FedifyPeer, group: str, post: str
) -> None:
    like = peer.do("like", object=post, group=group)
    wait_until(lambda: document(ours, post)["likes"]["totalItems"] == 1, SECONDS)

    peer.do("undo", activity=like, group=group)

    wait_until(lambda: document(ours, post)["likes"]["totalItems"] == 0, SECONDS)


def test_naming_the_group_starts_a_thread(ours: Server, peer: FedifyPeer, group: str) -> None:
    peer.do("create", id="v1", content="<p>@toetsing Wie toetst mondeling?</p>", group=group)
    shows(ours, group, "Wie toetst mondeling?")
    assert peer.await_received("Announce")["object"] == f"{peer.base_url}/notes/v1"

    peer.do("delete", id="v1", group=group)

    hides(ours, group, "Wie toetst mondeling?")


def test_what_our_community_says_carries_a_proof(peer: FedifyPeer, post: str) -> None:
    announced = peer.await_received("Announce")

    assert announced["object"] == post
    assert announced["proof"]["cryptosuite"] == "eddsa-jcs-2022"


def test_our_people_follow_somebody_there_and_are_accepted(ours: Server, peer: FedifyPeer) -> None:
    ours.run("follow", peer.person, "--as", "anna")

    assert peer.await_received("Follow")["object"] == peer.person
    wait_until(lambda: states_of_followings(ours) == ["approved"], SECONDS)
