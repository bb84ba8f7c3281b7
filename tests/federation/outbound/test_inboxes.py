"""Inboxes that are missing: who lived there is asked once, and let go after three days."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.queries.communities import get_membership
from federation.dereference.actors import find_owner
from federation.dereference.inboxes import check_missing_inboxes
from federation.models.delivery import Delivery, DeliveryState
from federation.models.failing_inbox import FailingInbox
from federation.outbound.journal import Answer
from federation.outbound.outcomes import record_answers
from tests.federation.outbound.peers import Peers
from tests.support.clock import FakeClock
from tests.support.factories import make_post
from tests.support.fediverse import RemoteActor

HOST = "a.test"
INBOX = f"http://{HOST}/inbox"


@pytest.fixture
def bob(peers: Peers, toetsing: Community) -> RemoteActor:
    return peers.follower(toetsing, HOST, "lemmy")


def miss(status: int = 404) -> None:
    """Everything that waits is answered with a 404."""
    session().expire_all()
    waiting = select(Delivery).where(Delivery.state == DeliveryState.WAITING)
    rows = list(session().scalars(waiting))
    with unit_of_work():
        record_answers([Answer(row.id, HOST, row.attempts, status=status) for row in rows])


def missing() -> list[FailingInbox]:
    session().expire_all()
    return list(session().scalars(select(FailingInbox)))


def follows(bob: RemoteActor, community: Community) -> bool:
    session().expire_all()
    account = find_owner(bob.uri)
    assert isinstance(account, Account)
    return get_membership(account, community) is not None


def test_who_lives_at_a_missing_inbox_is_asked_once(
    peers: Peers, anna: Account, toetsing: Community, bob: RemoteActor, clock: FakeClock
) -> None:
    make_post(toetsing, anna)
    miss()
    asked = peers.fediverse.server(HOST).asked["/u/bob"]

    check_missing_inboxes()
    check_missing_inboxes()

    assert peers.fediverse.server(HOST).asked["/u/bob"] == asked + 1
    assert missing()[0].checked_at == utcnow()
    assert follows(bob, toetsing)


def test_what_waits_goes_to_where_its_receiver_lives_now(
    peers: Peers, anna: Account, toetsing: Community, bob: RemoteActor
) -> None:
    make_post(toetsing, anna)
    miss()
    bob.document["endpoints"] = {"sharedInbox": f"http://{HOST}/new-inbox"}
    peers.fediverse.put(bob.document)

    check_missing_inboxes()
    peers.send()

    (sent,) = peers.fediverse.server(HOST).posted
    assert sent[0] == "/new-inbox"
    assert missing() == []


def test_nobody_is_let_go_before_the_third_day(
    peers: Peers, anna: Account, toetsing: Community, bob: RemoteActor, clock: FakeClock
) -> None:
    kept = []
    for number in range(3):
        make_post(toetsing, anna, title=f"Dag {number}")
        miss(410)
        check_missing_inboxes()
        kept.append(follows(bob, toetsing))
        clock.advance(timedelta(days=1))

    assert kept == [True, True, False]
    assert missing() == []


def test_an_inbox_that_is_there_again_is_forgotten(
    peers: Peers, anna: Account, toetsing: Community, bob: RemoteActor, clock: FakeClock
) -> None:
    make_post(toetsing, anna)
    miss()
    clock.advance(timedelta(hours=2))

    peers.send()

    assert missing() == []
    assert follows(bob, toetsing)
