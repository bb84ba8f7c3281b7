"""With which of two keys each host is asked first, and that a refused knock loses nothing."""

import json
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from federation.errors import UnverifiedError
from federation.models.delivery import DeliveryState
from federation.outbound.activities.keys import rotate_key
from federation.signatures.verify import SignedRequest, check_signature, read_signature
from federation.transport.actors import local_actor, public_key_pem
from tests.federation.outbound.peers import Peers
from tests.federation.outbound.rows import states
from tests.support.clock import FakeClock
from tests.support.factories import make_post
from tests.support.fediverse import Answer, FakeFediverse

MINUTE = timedelta(minutes=1)


@dataclass
class Verifier:
    """A server that believes one key, and may remember ids before it looks (PieFed: 90 seconds)."""

    believes: str
    status: int = 401
    remembers_first: bool = False
    forbids: str | None = None
    taken: list[str] = field(default_factory=list)
    knocks: int = 0
    seen: dict[str, object] = field(default_factory=dict)

    def stand_at(self, fediverse: FakeFediverse, host: str, software: str) -> None:
        server = fediverse.server(host, software)
        usual = server._answer

        def answer(environ: dict, path: str, headers: dict[str, str]) -> Answer:
            if environ["REQUEST_METHOD"] != "POST":
                return usual(environ, path, headers)
            return self._take(
                SignedRequest("POST", path, "", headers, environ["wsgi.input"].read())
            )

        server._answer = answer  # type: ignore[method-assign]

    def _take(self, request: SignedRequest) -> Answer:
        self.knocks += 1
        document = json.loads(request.body or b"")
        now = utcnow()
        if self.remembers_first:
            known = self.seen.get(document["id"])
            if known is not None and now - known < timedelta(seconds=90):  # type: ignore[operator]
                return Answer(status=200)
            self.seen[document["id"]] = now
        parsed = read_signature(request, now=now, own_host=request.headers["host"])
        try:
            check_signature(parsed, self.believes)
        except UnverifiedError:
            return Answer(status=self.status)
        if document["type"] == self.forbids:
            return Answer(status=403)
        self.taken.append(document["type"])
        return Answer(status=202)


@pytest.fixture
def keys(peers: Peers, toetsing: Community) -> dict[str, str]:
    """The key of the group before it is replaced."""
    with unit_of_work():
        former = public_key_pem(local_actor(toetsing))
    return {"former": former}


def replace(toetsing: Community) -> str:
    with unit_of_work():
        rotate_key(toetsing)
    return public_key_pem(local_actor(toetsing))


def test_before_the_update_came_the_former_key_signs_and_after_it_the_present_one(
    peers: Peers, anna: Account, toetsing: Community, keys: dict[str, str]
) -> None:
    peers.follower(toetsing, "b.test", "mastodon")
    server = Verifier(keys["former"])
    server.stand_at(peers.fediverse, "b.test", "mastodon")
    present = replace(toetsing)
    peers.send()
    server.believes = present
    make_post(toetsing, anna)

    peers.send()

    assert server.taken == ["Update", "Announce"]
    assert server.knocks == 2


def test_while_the_update_waits_everything_is_signed_with_the_former_key(
    peers: Peers, anna: Account, toetsing: Community, keys: dict[str, str], clock: FakeClock
) -> None:
    peers.follower(toetsing, "b.test", "mastodon")
    server = Verifier(keys["former"], forbids="Update")
    server.stand_at(peers.fediverse, "b.test", "mastodon")
    replace(toetsing)
    peers.send()
    clock.advance(timedelta(minutes=30))
    make_post(toetsing, anna)

    peers.send()

    assert server.taken == ["Announce"]
    assert server.knocks == 2


def test_a_server_that_comes_back_after_days_is_told_by_the_key_that_it_knows(
    peers: Peers, toetsing: Community, keys: dict[str, str], clock: FakeClock
) -> None:
    peers.follower(toetsing, "b.test", "mastodon")
    peers.fediverse.server("b.test").down = 503
    replace(toetsing)
    peers.send()
    peers.fediverse.server("b.test").down = 0
    server = Verifier(keys["former"])
    server.stand_at(peers.fediverse, "b.test", "mastodon")
    clock.advance(timedelta(days=2))

    peers.send()

    assert (server.taken, server.knocks) == (["Update"], 1)


def test_who_was_never_told_gets_the_present_key(
    peers: Peers, anna: Account, toetsing: Community, keys: dict[str, str]
) -> None:
    present = replace(toetsing)
    peers.follower(toetsing, "new.test", "mastodon")
    server = Verifier(present)
    server.stand_at(peers.fediverse, "new.test", "mastodon")

    make_post(toetsing, anna)
    peers.send()

    assert (server.taken, server.knocks) == (["Announce"], 1)


@pytest.mark.parametrize("status", [400, 401])
def test_who_keeps_to_the_former_key_is_shown_it_once_and_then_first(
    peers: Peers, anna: Account, toetsing: Community, keys: dict[str, str], status: int
) -> None:
    peers.follower(toetsing, "b.test", "lemmy")
    server = Verifier(keys["former"], status=status)
    server.stand_at(peers.fediverse, "b.test", "lemmy")
    replace(toetsing)
    peers.send()
    for _ in range(2):
        make_post(toetsing, anna)
        peers.send()

    assert server.taken == ["Update", "Announce", "Announce"]
    assert server.knocks == 4
    assert set(states()) == {DeliveryState.DONE, DeliveryState.SKIPPED}


@pytest.mark.parametrize("believed", ["former", "present"])
def test_who_remembers_the_refused_knock_gets_the_other_key_when_it_has_forgotten(
    peers: Peers,
    anna: Account,
    toetsing: Community,
    keys: dict[str, str],
    clock: FakeClock,
    believed: str,
) -> None:
    peers.follower(toetsing, "pie.test", "piefed")
    server = Verifier(keys["former"], status=400, remembers_first=True)
    server.stand_at(peers.fediverse, "pie.test", "piefed")
    keys["present"] = replace(toetsing)
    if believed == "former":
        peers.send()  # the Update is taken, and not acted upon
    else:
        server.believes = keys["present"]  # read from our document before the Update came
    make_post(toetsing, anna)
    peers.send()
    refused = server.taken.copy()

    for _ in range(4):
        clock.advance(MINUTE)
        peers.send()
    make_post(toetsing, anna)
    peers.send()

    assert "Announce" not in refused
    assert sorted(server.taken) == ["Announce", "Announce", "Update"]
    assert DeliveryState.DROPPED not in states()
    assert server.knocks == (4 if believed == "former" else 5)


def test_who_refuses_both_keys_means_something_else(
    peers: Peers, anna: Account, toetsing: Community, keys: dict[str, str], clock: FakeClock
) -> None:
    peers.follower(toetsing, "pie.test", "piefed")
    replace(toetsing)
    peers.send()
    server = Verifier(public_key_pem(local_actor(None)), status=400)
    server.stand_at(peers.fediverse, "pie.test", "piefed")
    make_post(toetsing, anna)
    peers.send()

    for _ in range(3):
        clock.advance(3 * MINUTE)
        peers.send()

    assert server.knocks == 2
    assert DeliveryState.DROPPED in states()


def test_a_key_replaced_while_a_run_goes_on_counts_from_the_next_claim(
    peers: Peers, anna: Account, toetsing: Community, keys: dict[str, str]
) -> None:
    peers.follower(toetsing, "b.test", "mastodon")
    server = Verifier(keys["former"])
    server.stand_at(peers.fediverse, "b.test", "mastodon")
    make_post(toetsing, anna)
    usual = server._take

    def take(request: SignedRequest) -> Answer:
        answer = usual(request)
        if server.taken == ["Update"]:
            server.believes = session_key
        return answer

    session_key = replace(toetsing)
    server._take = take  # type: ignore[method-assign]

    peers.send()

    assert sorted(server.taken) == ["Announce", "Update"]
    session().expire_all()
