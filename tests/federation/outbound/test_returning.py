"""A server that was away for more than a week is told once that we are there."""

from datetime import timedelta

import pytest

from app.accounts.models.account import Account
from app.forum.models.community import Community
from tests.federation.outbound.peers import Peers
from tests.support.clock import FakeClock
from tests.support.factories import make_post


@pytest.mark.parametrize(
    ("days", "kinds"), [(8, ["Announce(Create)", "Update"]), (6, ["Announce(Create)"])]
)
def test_who_was_away_for_more_than_a_week_gets_one_update_of_what_it_follows(
    peers: Peers,
    anna: Account,
    toetsing: Community,
    clock: FakeClock,
    days: int,
    kinds: list[str],
) -> None:
    peers.follower(toetsing, "a.test", "lemmy")
    server = peers.fediverse.server("a.test")
    server.down = 503
    make_post(toetsing, anna)
    peers.send()
    clock.advance(timedelta(days=days))
    server.down = 0

    for _ in range(3):
        peers.send()
        clock.advance(timedelta(minutes=1))

    assert peers.kinds("a.test") == kinds
