"""A Reject of something we sent ends its delivery: some servers never answer otherwise."""

from flask.ctx import AppContext

from app.core.db import session, unit_of_work
from federation.inbound.endings import end_delivery
from federation.models.delivery import DeliveryState
from federation.vocab.activities import ActivityDocument
from federation.vocab.parse import parse_activity
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
