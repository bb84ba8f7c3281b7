"""A reader without an account here goes on at the own server."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.db import unit_of_work
from app.core.visibility import Visibility
from app.moderation.models.host_rule import HostVerdict
from app.moderation.services.hosts import rule_host
from federation.dereference.lookup import look_up_actor
from federation.views.lookup import SLOTS
from tests.conftest import MakeApp
from tests.support.factories import make_account, make_comment, make_community, make_post
from tests.support.fediverse import FakeFediverse

GROUP = "http://ons.test/c/toetsing"
SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"


@pytest.fixture
def town(app: Flask) -> FakeFediverse:
    """A group and a person here; mijn.test, where @ik lives."""
    with app.app_context():
        make_community("toetsing", owner=make_account("anna"))
    fediverse = FakeFediverse(app)
    fediverse.person("ik", "mijn.test")
    links = fediverse.server("mijn.test").handles["ik@mijn.test"]
    links.append({"rel": SUBSCRIBE, "template": "http://mijn.test/volg?u={uri}"})
    return fediverse


def go(client: FlaskClient, server: str, uri: str = GROUP, **more: Any) -> TestResponse:
    data = {"uri": uri, "doe": more.pop("doe", "volgen"), "server": server}
    return client.post("/vanaf-je-server", data=data, **more)


def links_out(answer: TestResponse) -> list[str]:
    """All addresses of links on a page that lead off the site."""
    found = [unescape(href) for href in re.findall(r'href="([^"]*)"', answer.text)]
    return [href for href in found if re.match(r"[a-z]+:", href)]


def test_the_community_page_asks_for_one_field(client: FlaskClient, town: FakeFediverse) -> None:
    page = client.get("/c/toetsing").text

    assert 'action="/vanaf-je-server"' in page
    assert f'name="uri" value="{GROUP}"' in page
    assert 'name="server" type="text" value=""' in page


def test_the_way_to_the_own_server_is_shown_as_a_plain_link(
    client: FlaskClient, town: FakeFediverse
) -> None:
    answer = go(client, "@ik@mijn.test")

    assert answer.status_code == 200
    assert "http://mijn.test/volg?u=http%3A%2F%2Fons.test%2Fc%2Ftoetsing" in links_out(answer)
    assert "Ga naar mijn.test" in answer.text
    assert "Location" not in answer.headers


def test_the_server_is_remembered_for_the_next_time(
    client: FlaskClient, town: FakeFediverse
) -> None:
    cookie = go(client, "ik@mijn.test").headers["Set-Cookie"]
    again = client.get("/c/toetsing").text

    assert cookie.startswith('thuisserver="@ik@mijn.test"') or "thuisserver=@ik" in cookie
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=31536000"} <= set(cookie.split("; "))
    assert 'name="server" type="text" value="@ik@mijn.test"' in again


def test_the_server_can_be_forgotten(client: FlaskClient, town: FakeFediverse) -> None:
    go(client, "@ik@mijn.test")

    client.post("/vanaf-je-server", data={"uri": GROUP, "doe": "volgen", "vergeet": "1"})

    assert 'name="server" type="text" value=""' in client.get("/c/toetsing").text


@pytest.mark.parametrize("cookie", ["javascript:alert(1)", '"><script>', "ons.test/x y", "@a@b@c"])
def test_a_forged_cookie_fills_in_nothing(
    client: FlaskClient, town: FakeFediverse, cookie: str
) -> None:
    client.set_cookie("thuisserver", cookie, domain="ons.test")

    assert 'name="server" type="text" value=""' in client.get("/c/toetsing").text


def test_an_answer_from_the_own_server_is_offered_for_post_and_comment(
    app: Flask, client: FlaskClient, town: FakeFediverse
) -> None:
    with app.app_context():
        bo = make_account("bo")
        post = make_post(make_community("tuin", owner=bo), bo)
        comment = make_comment(post, bo)
        post_uri, comment_id = post.uri, comment.public_id
    page = client.get(post_uri.removeprefix("http://ons.test"))
    link = next(
        unescape(href)
        for href in re.findall(r'href="([^"]*vanaf-je-server[^"]*)"', page.text)
        if comment_id in href
    )

    answer = go(client, "@ik@mijn.test", post_uri, doe="antwoorden")
    about_comment = client.get(link)

    assert "Antwoord vanaf je eigen server" in answer.text
    assert any(href.startswith("http://mijn.test/volg?u=") for href in links_out(answer))
    assert f'value="http://ons.test/comment/{comment_id}"' in about_comment.text


@pytest.mark.parametrize(
    ("server", "problem"),
    [
        ("", "Vul je adres of je server in."),
        ("@niemand@mijn.test", "is daar niet bekend"),
        ("geen adres", "Dit is geen adres."),
        ("javascript:alert(1)", "Dit is geen adres."),
        ("@anna@ons.test", "Dat is deze server."),
        ("@ik@stil.test", "antwoordt nu niet"),
        ("@ik@weg.test", "Met deze server wisselen we niets uit."),
    ],
)
def test_what_goes_wrong_is_said_beside_the_field(
    app: Flask, client: FlaskClient, town: FakeFediverse, server: str, problem: str
) -> None:
    town.server("stil.test").down = 503
    with app.app_context(), unit_of_work():
        rule_host("weg.test", HostVerdict.BLOCKED, "reclame", None)

    answer = go(client, server)

    assert answer.status_code == 422
    assert problem in answer.text
    assert "Set-Cookie" not in answer.headers
    assert not [href for href in links_out(answer) if not href.startswith("http://ons.test")]


@pytest.mark.parametrize(
    "uri",
    ["", "http://evil.test/", "javascript:alert(1)", "http://ons.test/c/nergens", "//evil.test/x"],
)
def test_only_what_is_here_and_open_to_all_can_be_taken_along(
    client: FlaskClient, town: FakeFediverse, uri: str
) -> None:
    assert go(client, "@ik@mijn.test", uri).status_code == 404
    assert client.get("/vanaf-je-server", query_string={"uri": uri}).status_code == 404


def test_what_is_closed_looks_like_nothing(
    app: Flask, client: FlaskClient, town: FakeFediverse
) -> None:
    with app.app_context():
        make_community("kamer", owner=make_account("bo"), visibility=Visibility.MEMBERS)

    assert go(client, "@ik@mijn.test", "http://ons.test/c/kamer").status_code == 404


def test_another_site_cannot_send_the_form(client: FlaskClient, town: FakeFediverse) -> None:
    forged = go(client, "@ik@mijn.test", headers={"Origin": "http://evil.test"})
    crossed = go(client, "@ik@mijn.test", headers={"Sec-Fetch-Site": "cross-site"})

    assert (forged.status_code, crossed.status_code) == (403, 403)
    assert town.fetches == 0


def test_few_may_wait_for_other_servers_at_a_time(client: FlaskClient, town: FakeFediverse) -> None:
    with SLOTS, SLOTS:
        answer = go(client, "@ik@mijn.test")

    assert answer.status_code == 422
    assert "over een minuut opnieuw" in answer.text
    assert town.fetches == 0


def test_nobody_asks_other_servers_without_end(client: FlaskClient, town: FakeFediverse) -> None:
    statuses = [go(client, "@ik@mijn.test").status_code for _ in range(25)]

    assert statuses[:20] == [200] * 20
    assert statuses[-1] == 429


def test_a_server_that_exchanges_nothing_offers_nothing(make_app: MakeApp) -> None:
    app = make_app(federation="off")
    with app.app_context():
        make_community("toetsing", owner=make_account("anna"))
    client = app.test_client()

    page = client.get("/c/toetsing", base_url="http://ons.test")
    asked = client.get(f"/vanaf-je-server?uri={GROUP}", base_url="http://ons.test")

    assert "vanaf-je-server" not in page.text
    assert asked.status_code == 404


def test_nobody_is_led_to_the_old_address_of_who_moved(
    app: Flask, client: FlaskClient, town: FakeFediverse
) -> None:
    town.person("carla", "oud.test")
    town.person("gina", "oud.test", movedTo="http://nieuw.test/u/gina")
    with app.app_context():
        for name in ("carla", "gina"):
            look_up_actor(f"@{name}@oud.test")

    stayed, moved = (client.get(f"/u/{name}@oud.test").text for name in ("carla", "gina"))

    assert "Gina is verhuisd" in moved
    assert [page.count("Volg vanaf je eigen server") for page in (stayed, moved)] == [1, 0]
    assert [page.count('id="volgen"') for page in (stayed, moved)] == [1, 0]
