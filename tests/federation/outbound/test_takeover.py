"""What a killed run had under way is taken over, and what it had answered is not sent again."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask.ctx import AppContext

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.settings import current_settings
from federation.models.delivery import Delivery, DeliveryState
from federation.outbound import deliver
from federation.outbound.claim import has_lapsed
from federation.outbound.deliver import Run, deliver_all_due
from federation.transport.actors import local_actor
from tests.federation.outbound.peers import Peers
from tests.federation.outbound.rows import add_delivery, add_peer, delivery
from tests.support.clock import FakeClock
from tests.support.factories import make_account


def leave_behind(row_id: int, host: str) -> Path:
    """A run noted an answer and was killed before it could store it."""
    line = json.dumps({"delivery_id": row_id, "host": host, "status": 202})
    path = current_settings().data_dir / "delivered-7-gone.jsonl"
    path.write_text(line + "\n")
    return path


def test_a_lease_that_ran_out_is_noticed(ctx: AppContext, clock: FakeClock) -> None:
    add_peer("a.test")
    add_delivery("a.test", lease_until=utcnow() + timedelta(seconds=60))
    while_it_runs = has_lapsed()
    clock.advance(timedelta(seconds=61))

    assert (while_it_runs, has_lapsed()) == (False, True)


def test_what_a_dead_run_had_answered_is_read_before_its_leases_are_taken_over(
    peers: Peers, clock: FakeClock
) -> None:
    server = peers.fediverse.server("a.test")
    add_peer("a.test")
    gone = utcnow() - timedelta(seconds=1)
    answered = add_delivery("a.test", "one", lease_until=gone)
    unanswered = add_delivery("a.test", "two", lease_until=gone)
    run = Run(current_settings().data_dir)  # it had started, and read the journals, before the kill
    path = leave_behind(answered, "a.test")

    while run._claim() or run._in_flight:
        run._collect()
    run._close()

    assert len(server.posted) == 1
    assert {delivery(answered).state, delivery(unanswered).state} == {DeliveryState.DONE}
    assert not path.exists()


def test_what_cannot_be_begun_in_time_is_given_back(
    peers: Peers, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = peers.fediverse.server("a.test")
    add_peer("a.test")
    row_id = add_delivery("a.test")
    run = Run(current_settings().data_dir)
    monkeypatch.setattr(deliver, "BEGIN_WITHIN", timedelta(seconds=61))
    run._claim()
    run._collect()
    run._close()
    monkeypatch.undo()

    assert server.posted == []
    assert delivery(row_id).lease_until is None
    assert deliver_all_due() == 1


def test_a_key_that_cannot_be_opened_keeps_only_its_own_things_waiting(
    peers: Peers, clock: FakeClock
) -> None:
    server = peers.fediverse.server("a.test")
    add_peer("a.test")
    locked = add_delivery("a.test", "one")
    anna = make_account("anna")
    with unit_of_work():
        actor = local_actor(anna)
        actor.public_key, actor.private_key = "x", "made with another secret"
        session().get_one(Delivery, locked).activity.actor_id = actor.id

    deliver_all_due()
    later = add_delivery("a.test", "two")
    deliver_all_due()

    assert delivery(locked).state == DeliveryState.WAITING
    assert delivery(locked).next_attempt_at > utcnow()
    assert delivery(later).state == DeliveryState.DONE
    assert len(server.posted) == 1
