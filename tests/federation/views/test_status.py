"""Everybody may see how late each server is, and nothing that is private."""

import re
from datetime import timedelta

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient

from app.core.clock import utcnow
from app.core.db import unit_of_work
from app.moderation.models.host_rule import HostVerdict
from app.moderation.queries import is_host_refused
from app.moderation.services.hosts import rule_host
from federation.models.delivery import DeliveryState
from federation.models.outbox_activity import OutboxActivity
from federation.views import status
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


def test_a_server_that_took_nothing_is_not_up_to_date(ctx: AppContext, client: FlaskClient) -> None:
    add_peer("nee.test")
    add_delivery("nee.test", state=DeliveryState.DROPPED, last_status=400)

    page = client.get("/status").text

    assert "Deze server nam de laatste dag niets van ons aan." in page
    assert "Deze server is bij." not in page


def test_whom_we_refuse_is_nobody_elses_business(ctx: AppContext, client: FlaskClient) -> None:
    add_peer("bad.test")
    add_delivery("bad.test")
    with unit_of_work():
        rule_host("bad.test", HostVerdict.BLOCKED, "spam", None)

    assert client.get("/status", headers=JSON).json["servers"] == []
    assert "bad.test" not in client.get("/status").text


def _many(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Seven servers on pages of two; returns their names as they should stand."""
    monkeypatch.setattr(status, "SHOWN", 2)
    now = utcnow()
    for name in ("b", "a", "c"):
        add_peer(f"{name}.test")
        add_delivery(f"{name}.test", state=DeliveryState.DONE)
    for name, minutes in (("laat", 10), ("later", 30)):
        add_peer(f"{name}.test")
        add_delivery(f"{name}.test", made_at=now - timedelta(minutes=minutes))
    for name, days in (("stil", 1), ("stiller", 5)):
        add_peer(f"{name}.test", failing_since=now - timedelta(days=days))
        add_delivery(f"{name}.test", made_at=now - timedelta(days=days))
    order = ("stiller", "stil", "later", "laat", "a", "b", "c")
    return [f"{name}.test" for name in order]


def test_the_most_troubled_stand_first_page_by_page(
    ctx: AppContext, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = _many(client, monkeypatch)

    url, seen, sizes = "/status", [], []
    while url is not None:
        page = client.get(url, headers=JSON).json
        assert page["total"] == 7
        seen += [one["host"] for one in page["servers"]]
        sizes.append(len(page["servers"]))
        url = page["next"]

    assert seen == order
    assert sizes == [2, 2, 2, 1]


def test_readers_page_through_it(
    ctx: AppContext, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _many(client, monkeypatch)

    first = client.get("/status").text
    following = re.search(r'href="(/status\?na=[^"]+)"', first)
    assert following is not None
    second = client.get(following[1]).text

    assert "7 servers" in first
    assert "Naar het begin" not in first
    assert "stil.test" in first
    assert "later.test" in second
    assert "stil.test" not in second
    assert "Naar het begin" in second


@pytest.mark.parametrize("cursor", ["x", "é", "A" * 600, "Mi4xLg", "OS4xLmE", "MC4xLmEgYg"])
def test_a_cursor_of_nobodys_making_is_refused(
    ctx: AppContext, client: FlaskClient, cursor: str
) -> None:
    assert client.get("/status", query_string={"na": cursor}).status_code == 422


@pytest.mark.parametrize(
    ("host", "is_shown"),
    [("bad.test", False), ("x.bad.test", False), ("x.bad.test:8001", False), ("xbad.test", True)],
)
def test_whom_we_refuse_is_not_counted_either(
    ctx: AppContext, client: FlaskClient, host: str, is_shown: bool
) -> None:
    add_peer(host)
    add_delivery(host)
    with unit_of_work():
        rule_host("bad.test", HostVerdict.BLOCKED, "spam", None)

    page = client.get("/status", headers=JSON).json

    assert page["total"] == len(page["servers"]) == int(is_shown)
    assert is_host_refused(host) is not is_shown
