"""Whole runs: one hanging host, dead hosts, blocks, kills, and nothing twice."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from flask import Flask

from app.accounts.models.account import Account
from app.core.db import unit_of_work
from app.core.outgoing import http_client
from app.forum.models.community import Community
from app.moderation.models.host_rule import HostVerdict
from app.moderation.services.hosts import rule_host
from federation.models.delivery import DeliveryState
from federation.outbound.deliver import deliver_all_due
from tests.conftest import MakeApp
from tests.federation.outbound.peers import Peers
from tests.federation.outbound.rows import add_delivery, add_peer, delivery, peer, states
from tests.support.clock import FakeClock
from tests.support.factories import make_comment, make_post
from tests.support.fediverse import RemoteServer, activity
from tests.support.wsgi_adapter import WsgiAdapter


def test_software_is_asked_before_the_first_content_and_once(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    server = peers.fediverse.server("a.test", "lemmy")
    bob = peers.fediverse.person("bob", "a.test")
    peers.ask(bob, toetsing)
    post = make_post(toetsing, anna)
    peers.send()
    make_comment(post, anna)
    peers.send()

    asked = [one["path"] for one in server.seen if one["path"] != "/u/bob"]

    assert asked[:2] == ["/.well-known/nodeinfo", "/nodeinfo/2.0"]
    assert server.asked["/nodeinfo/2.0"] == 1
    assert len(server.posted) == 3


def test_a_server_that_takes_the_second_knock_for_a_repeat_is_knocked_at_once(
    peers: Peers, toetsing: Community
) -> None:
    piefed = peers.fediverse.server("pie.test", "piefed")
    other = peers.fediverse.server("anders.test", "iets-anders")
    for name, host in (("bob", "pie.test"), ("eva", "anders.test")):
        person = peers.fediverse.person(name, host)
        peers.take(activity("Follow", person, toetsing.uri), person)
    piefed.inbox_status = other.inbox_status = 400

    peers.send()

    assert [one["method"] for one in piefed.seen].count("POST") == 1
    assert [one["method"] for one in other.seen].count("POST") == 2


def test_a_host_that_was_down_at_first_is_asked_again_when_it_is_back(
    peers: Peers, anna: Account, toetsing: Community, clock: FakeClock
) -> None:
    server = peers.fediverse.server("masto.test", "mastodon")
    bob = peers.fediverse.person("bob", "masto.test")
    peers.take(activity("Follow", bob, toetsing.uri), bob)
    make_post(toetsing, anna)
    server.down = 503
    peers.send()

    server.down = 0
    for _ in range(3):
        clock.advance(timedelta(minutes=2))
        peers.send()

    assert peers.kinds("masto.test") == ["Accept", "Announce(id)"]


class Hanging:
    """A server that takes requests and answers none until it is let go."""

    def __init__(self) -> None:
        self.reached, self.released = Event(), Event()

    def __call__(self, _environ: object, start: Callable[..., Any]) -> Iterable[bytes]:
        self.reached.set()
        self.released.wait(20)
        start("202 Accepted", [])
        return []


def is_done_within(row_id: int, seconds: float) -> bool:
    for _ in range(int(seconds / 0.05)):
        if delivery(row_id).state == DeliveryState.DONE:
            return True
        Event().wait(0.05)
    return False


def test_a_host_that_hangs_keeps_nobody_waiting(app: Flask, peers: Peers) -> None:
    hanging = Hanging()
    http_client().mount("http://hanging.test/", WsgiAdapter(hanging))
    add_peer("hanging.test")
    add_peer("quick.test")
    peers.fediverse.server("quick.test")
    for number in range(12):
        add_delivery("hanging.test", f"t{number}")
    first = add_delivery("quick.test")

    def run() -> None:
        with app.app_context():
            deliver_all_due()

    thread = Thread(target=run)
    thread.start()
    assert hanging.reached.wait(10)
    later = add_delivery("quick.test", "later")
    is_soon = is_done_within(first, 8) and is_done_within(later, 8)
    still_hangs = thread.is_alive()
    hanging.released.set()
    thread.join(30)

    assert is_soon
    assert still_hangs
    assert set(states()) == {"done"}


def test_a_hundred_dead_hosts_and_one_that_works(peers: Peers, clock: FakeClock) -> None:
    dead = [f"dead{number}.test" for number in range(100)]
    for host in dead:
        peers.fediverse.server(host).down = 503
        add_peer(host)
        for thread in ("one", "two", "two"):
            add_delivery(host, thread)
    peers.fediverse.server("a.test")
    add_peer("a.test")
    row_id = add_delivery("a.test")

    peers.send()

    assert delivery(row_id).state == DeliveryState.DONE
    assert all(peer(host).failures == 1 for host in dead[:5])
    tried = peers.fediverse.server(dead[0]).asked["/inbox"]
    assert tried == 1
    assert states().count("waiting") == 300


def test_nothing_is_sent_while_the_exchange_is_switched_off_and_it_keeps_waiting(
    make_app: MakeApp,
) -> None:
    app = make_app(federation="off")
    with app.app_context():
        add_delivery("a.test")

        assert deliver_all_due() == 0
        assert states() == ["waiting"]


def test_with_an_allow_list_only_who_is_on_it_gets_anything(make_app: MakeApp) -> None:
    app = make_app(federation="allowlist")
    with app.app_context():
        with unit_of_work():
            rule_host("good.test", HostVerdict.ALLOWED, "", None)
        for host in ("good.test", "other.test"):
            add_peer(host)
            http_client().mount(f"http://{host}/", WsgiAdapter(RemoteServer(host)))
        good, other = add_delivery("good.test"), add_delivery("other.test")

        deliver_all_due()

        assert delivery(good).state == DeliveryState.DONE
        assert delivery(other).last_error == "host-refused"


def test_a_community_tells_nothing_to_a_blocked_server(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    peers.follower(toetsing, "bad.test", "lemmy")
    with unit_of_work():
        rule_host("bad.test", HostVerdict.BLOCKED, "spam", None)

    make_post(toetsing, anna)

    assert peers.got("bad.test") == []
    assert not [state for state in states() if state == "waiting"]


def test_what_failed_is_signed_anew_and_sent_when_the_host_is_back(
    peers: Peers, anna: Account, toetsing: Community, clock: FakeClock
) -> None:
    peers.follower(toetsing, "a.test", "lemmy")
    server = peers.fediverse.server("a.test")
    server.down = 502
    make_post(toetsing, anna)
    peers.send()
    clock.advance(timedelta(hours=20))
    server.down = 0

    assert peers.kinds("a.test") == ["Announce(Create)"]
