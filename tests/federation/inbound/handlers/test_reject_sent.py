"""A Reject of something we sent ends its delivery: some servers never answer otherwise."""

import pytest
from flask.ctx import AppContext

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from federation.inbound.endings import end_delivery
from federation.models.delivery import DeliveryState
from federation.vocab.activities import ActivityDocument
from federation.vocab.parse import parse_activity
from federation.vocab.terms import JsonValue
from tests.federation.outbound.rows import add_delivery, delivery


def rejection(row_id: int, by: str, *, embedded: bool = False) -> ActivityDocument:
    uri = delivery(row_id).activity.uri
    thing = {
        "id": uri,
        "type": "Create",
        "actor": "http://ons.test/",
        "object": "http://ons.test/post/1",
    }
    raw = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{by}#reject",
        "type": "Reject",
        "actor": by,
        "object": thing if embedded else uri,
    }
    return parse_activity(raw)


def end(row_id: int, by: str, *, embedded: bool = False) -> bool:
    document = rejection(row_id, by, embedded=embedded)
    session().rollback()
    with unit_of_work():
        return end_delivery(document)


def test_what_is_rejected_is_not_sent_again(ctx: AppContext) -> None:
    rows = [add_delivery("a.test"), add_delivery("a.test")]

    ended = [end(row_id, "http://a.test/c/x", embedded=bool(n)) for n, row_id in enumerate(rows)]

    assert ended == [True, True]
    assert {delivery(row_id).state for row_id in rows} == {DeliveryState.DROPPED}
    assert delivery(rows[0]).last_error == "rejected"


def test_nobody_rejects_for_another_server(ctx: AppContext) -> None:
    row_id = add_delivery("a.test")

    assert not end(row_id, "http://evil.test/u/eve")
    assert delivery(row_id).state == DeliveryState.WAITING


def test_what_arrived_stays_arrived(ctx: AppContext) -> None:
    row_id = add_delivery("a.test", state=DeliveryState.DONE)

    assert not end(row_id, "http://a.test/c/x")
    assert delivery(row_id).state == DeliveryState.DONE


def nodebb_rejection(thing: JsonValue, target: str = "http://ons.test/") -> ActivityDocument:
    """As NodeBB says it: no id, the actor as `target`."""
    by = "http://a.test/actor"
    return parse_activity(
        {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{by}#/activity/reject/undefined",
            "type": "Reject",
            "actor": by,
            "object": {"type": "Create", "target": target, "object": thing},
        }
    )


@pytest.mark.parametrize(
    "thing",
    [
        "http://a.test/post/5",
        ["http://a.test/post/5"],
        {
            "id": "http://ons.test/activities/delete/x",
            "type": "Delete",
            "actor": "http://ons.test/u/ana",
            "object": "http://a.test/post/5",
        },
    ],
    ids=["by its id", "in a list", "in an activity"],
)
def test_what_is_rejected_without_its_id_is_known_by_what_it_is_about(
    ctx: AppContext, thing: JsonValue
) -> None:
    tried = add_delivery("a.test", about="http://a.test/post/5", attempts=1)
    under_way = add_delivery("a.test", about="http://a.test/post/5", lease_until=utcnow())
    not_yet = add_delivery("a.test", about="http://a.test/post/5")
    other = add_delivery("a.test", about="http://a.test/post/6", attempts=1)
    elsewhere = add_delivery("b.test", about="http://a.test/post/5", attempts=1)

    with unit_of_work():
        assert end_delivery(nodebb_rejection(thing))

    assert {delivery(row_id).last_error for row_id in (tried, under_way)} == {"rejected"}
    waiting = {delivery(row_id).state for row_id in (not_yet, other, elsewhere)}
    assert waiting == {DeliveryState.WAITING}


@pytest.mark.parametrize("actor", ["http://ons.test/u/nobody", "http://a.test/u/eve"])
def test_what_nobody_here_sent_cannot_be_rejected(ctx: AppContext, actor: str) -> None:
    row_id = add_delivery("a.test", about="http://a.test/post/5", attempts=1)

    with unit_of_work():
        assert not end_delivery(nodebb_rejection("http://a.test/post/5", actor))

    assert delivery(row_id).state == DeliveryState.WAITING
