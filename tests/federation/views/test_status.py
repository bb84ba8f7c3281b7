"""Everybody may see how late each server is, and nothing that is private."""

from datetime import timedelta

from flask.ctx import AppContext
from flask.testing import FlaskClient

from app.core.clock import utcnow
from app.core.db import unit_of_work
from app.moderation.models.host_rule import HostVerdict
from app.moderation.services.hosts import rule_host
from federation.models.delivery import DeliveryState
from federation.models.outbox_activity import OutboxActivity
from tests.federation.outbound.rows import add_delivery, add_peer, delivery

JSON = {"Accept": "application/json"}


def make_private(row_id: int) -> None:
    with unit_of_work():
        activity = delivery(row_id).activity
        assert isinstance(activity, OutboxActivity)
        activity.is_public = False


def test_each_server_is_said_to_be_up_to_date_late_or_silent(
    ctx: AppContext, client: FlaskClient
) -> None:
    add_peer("good.test")
    add_delivery("good.test", state=DeliveryState.DONE)
    add_peer("late.test")
    add_delivery("late.test", made_at=utcnow() - timedelta(minutes=10))
    add_peer("silent.test", failing_since=utcnow() - timedelta(days=1))
    add_delivery("silent.test", made_at=utcnow() - timedelta(days=1))

    page = client.get("/status").text

    assert "Deze server is bij." in page
    assert "Deze server loopt achter." in page
    assert "Deze server antwoordt niet sinds" in page
    assert "1 bericht" in page


def test_the_same_as_json_for_who_asks(ctx: AppContext, client: FlaskClient) -> None:
    add_peer("late.test")
    add_delivery("late.test", made_at=utcnow() - timedelta(minutes=10))

    answer = client.get("/status", headers=JSON)

    (server,) = answer.json["servers"]
    assert (server["host"], server["state"], server["waiting"]) == ("late.test", "late", 1)
    assert 600 <= server["late_seconds"] < 700
    assert "Accept" in answer.headers["Vary"]


def test_private_things_count_for_nobody(ctx: AppContext, client: FlaskClient) -> None:
    add_peer("private.test")
    make_private(add_delivery("private.test"))
    add_peer("both.test")
    make_private(add_delivery("both.test", "one", made_at=utcnow() - timedelta(hours=1)))
    add_delivery("both.test", "two", state=DeliveryState.DONE)

    servers = client.get("/status", headers=JSON).json["servers"]

    assert [(one["host"], one["waiting"], one["state"]) for one in servers] == [
        ("both.test", 0, "ok")
    ]


def test_whom_we_refuse_is_nobody_elses_business(ctx: AppContext, client: FlaskClient) -> None:
    add_peer("bad.test")
    add_delivery("bad.test")
    with unit_of_work():
        rule_host("bad.test", HostVerdict.BLOCKED, "spam", None)

    assert client.get("/status", headers=JSON).json["servers"] == []
    assert "bad.test" not in client.get("/status").text
