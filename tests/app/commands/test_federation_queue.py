"""`verbindplaats federation queue` and `peers`: what waits, what failed, what each server is."""

import json
from collections.abc import Callable

from click.testing import Result

from app.core.clock import utcnow
from app.core.db import unit_of_work
from federation.models.delivery import DeliveryState
from federation.models.outbox_activity import Lane
from federation.outbound.journal import Answer
from federation.outbound.outcomes import record_answers
from tests.federation.outbound.rows import add_delivery, add_peer

Run = Callable[..., Result]
HOST = "a.test"


def test_the_queue_of_a_server_holds_every_attempt(ctx, run: Run) -> None:
    add_peer(HOST)
    waiting = add_delivery(HOST, "http://ons.test/post/1")
    with unit_of_work():
        record_answers([Answer(waiting, HOST, status=503, error="busy\nnow", scheme="cavage")])

    as_text = run("federation", "queue", "--host", HOST)
    (trace,) = json.loads(run("federation", "queue", "--host", HOST, "--json").stdout)

    assert "503  busy now" in as_text.stdout
    assert (trace["state"], trace["object"]) == ("waiting", "http://ons.test/post/1")
    assert [one["status"] for one in trace["attempts"]] == [503]


def test_the_queue_counts_by_state(ctx, run: Run) -> None:
    add_delivery(HOST, "one")
    add_delivery(HOST, "two", state=DeliveryState.DONE)

    assert json.loads(run("federation", "queue", "--json").stdout) == {"done": 1, "waiting": 1}


def test_peers_say_what_waits_per_lane_and_what_they_refuse(ctx, run: Run) -> None:
    add_peer(HOST, scheme="rfc9421", last_error="status 503", quarantined_at=utcnow())
    for lane in (Lane.CONTENT, Lane.VOTES):
        add_delivery(HOST, f"t{lane}", lane)
    for number in range(20):
        add_delivery(HOST, f"r{number}", state=DeliveryState.DROPPED, last_status=400)

    line = run("federation", "peers").stdout
    (peer,) = json.loads(run("federation", "peers", "--json").stdout)

    assert "waiting 2 (0 control, 1 content, 1 votes)" in line
    assert "refuses 100% of 20  REFUSES NEARLY ALL  quarantined" in line
    assert (peer["waiting"], peer["votes"], peer["scheme"]) == (2, 1, "rfc9421")
