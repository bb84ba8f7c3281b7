"""People and communities of ours name their other addresses, and move there."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri, find_local_account
from app.accounts.services.followings import request_follow
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.queries.communities import find_community
from app.forum.services.memberships import join_community
from federation.dereference.lookup import look_up_actor
from federation.models.actor import Actor
from federation.models.outbox_activity import OutboxActivity
from tests.support.browsing import token_of
from tests.support.factories import make_account, make_community, sign_in
from tests.support.fediverse import FakeFediverse, RemoteActor

Post = Callable[..., TestResponse]
OWN = "/instellingen/verhuizen"
GROUP = "/c/tuin/verhuizen"


@pytest.fixture
def anna(app: Flask, client: FlaskClient) -> Account:
    """Anna, who is signed in and looks after the group tuin."""
    with app.app_context():
        account = make_account("anna")
        make_community("tuin", owner=account)
        sign_in(client, account)
        return account


@pytest.fixture
def fediverse(app: Flask, anna: Account) -> FakeFediverse:
    """Bo at elders.test follows anna and the group."""
    fediverse = FakeFediverse(app)
    bo = fediverse.person("bo", "elders.test")
    with app.app_context():
        look_up_actor(bo.uri)
        with unit_of_work():
            follower = find_account_by_uri(bo.uri)
            own, community = find_local_account("anna"), find_community("tuin")
            assert follower is not None
            assert own is not None
            assert community is not None
            request_follow(follower, own, "http://elders.test/f/1")
            join_community(follower, community, "http://elders.test/f/2")
    return fediverse


@pytest.fixture
def post(client: FlaskClient, anna: Account) -> Post:
    def send(action: str, page: str, **fields: str) -> TestResponse:
        return client.post(action, data={"csrf_token": token_of(client, page), **fields})

    return send


def sent(app: Flask) -> list[dict[str, Any]]:
    with app.app_context():
        rows = session().scalars(select(OutboxActivity).order_by(OutboxActivity.id))
        return [json.loads(row.body) for row in rows]


def document(client: FlaskClient, path: str) -> dict[str, Any]:
    answer = client.get(path, headers={"Accept": "application/activity+json"})
    return dict(json.loads(answer.data))


def move(post: Post, page: str, new: RemoteActor | str) -> TestResponse:
    address = new if isinstance(new, str) else f"@{new.name}@{new.host}"
    return post(page, page, **{"nieuw-address": address})


@pytest.mark.parametrize(
    "spelling", ["@anna@oud.test", "acct:anna@oud.test", "http://oud.test/u/anna"]
)
def test_another_account_is_named_as_ones_own(
    app: Flask, client: FlaskClient, fediverse: FakeFediverse, post: Post, spelling: str
) -> None:
    old = fediverse.person("anna", "oud.test")

    answer = post(f"{OWN}/adressen", OWN, **{"eerder-address": spelling})

    assert answer.status_code == 303
    assert document(client, "/u/anna")["alsoKnownAs"] == [old.uri]
    update = sent(app)[-1]
    assert (update["type"], update["object"]["alsoKnownAs"]) == ("Update", [old.uri])


def test_another_account_is_named_no_longer(
    client: FlaskClient, fediverse: FakeFediverse, post: Post
) -> None:
    old = fediverse.person("anna", "oud.test")
    post(f"{OWN}/adressen", OWN, **{"eerder-address": old.uri})

    post(f"{OWN}/adressen", OWN, on="0", uri=old.uri)

    assert "alsoKnownAs" not in document(client, "/u/anna")


def test_a_community_names_another_address(
    client: FlaskClient, fediverse: FakeFediverse, post: Post
) -> None:
    old = fediverse.group("tuin", "oud.test")

    post(f"{GROUP}/adressen", GROUP, **{"eerder-address": "!tuin@oud.test"})

    assert document(client, "/c/tuin")["alsoKnownAs"] == [old.uri]


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("", "Vul een adres in."),
        ("@anna@ons.test", "Dat is dit adres zelf."),
        ("!groep@oud.test", "Een persoon verhuist naar een persoon"),
        ("@niemand@oud.test", "niets te vinden"),
        ("javascript:alert(1)", "niets te vinden"),
    ],
)
def test_what_cannot_be_ones_own_is_refused(
    client: FlaskClient, fediverse: FakeFediverse, post: Post, address: str, problem: str
) -> None:
    fediverse.group("groep", "oud.test")

    answer = post(f"{OWN}/adressen", OWN, **{"eerder-address": address})

    assert answer.status_code == 422
    assert problem in answer.text
    assert "alsoKnownAs" not in document(client, "/u/anna")


def test_a_person_moves_and_takes_the_followers_along(
    app: Flask, client: FlaskClient, fediverse: FakeFediverse, post: Post
) -> None:
    new = fediverse.person("anna", "nieuw.test", alsoKnownAs=["http://ons.test/u/anna"])

    answer = move(post, OWN, new)

    update, told = sent(app)[-2:]
    assert answer.status_code == 303
    assert (update["type"], update["object"]["movedTo"]) == ("Update", new.uri)
    assert {name: told[name] for name in ("type", "actor", "object", "target", "to")} == {
        "type": "Move",
        "actor": "http://ons.test/u/anna",
        "object": "http://ons.test/u/anna",
        "target": new.uri,
        "to": ["http://ons.test/u/anna/followers"],
    }
    assert document(client, "/u/anna")["movedTo"] == new.uri
    assert "Anna is verhuisd" in client.get("/u/anna").text


def test_a_community_moves_and_stays_readable(
    app: Flask, client: FlaskClient, fediverse: FakeFediverse, post: Post
) -> None:
    new = fediverse.group("tuin", "nieuw.test", alsoKnownAs=["http://ons.test/c/tuin"])

    move(post, GROUP, new)

    activities = sent(app)
    told = [one for one in activities if one["type"] == "Move"]
    group = document(client, "/c/tuin")
    page = client.get("/c/tuin").text
    assert [(one["actor"], one["target"]) for one in told] == [("http://ons.test/c/tuin", new.uri)]
    assert group["name"] == "Tuin → verhuisd"
    assert (group["movedTo"], group["postingRestrictedToMods"]) == (new.uri, True)
    assert new.uri in group["summary"]
    assert "Tuin → verhuisd" in page
    assert re.search(r'href="/c/tuin@nieuw\.test"', page)


def test_forums_hear_of_a_moved_community_from_a_moderator(
    app: Flask, fediverse: FakeFediverse, post: Post
) -> None:
    new = fediverse.group("tuin", "nieuw.test", alsoKnownAs=["http://ons.test/c/tuin"])

    move(post, GROUP, new)

    announced = [one["object"] for one in sent(app) if one["type"] == "Announce"]
    create, add, update = (one for one in announced if isinstance(one, dict))  # no boosts
    assert new.uri in create["object"]["content"]
    assert (add["type"], add["object"]) == ("Add", create["object"]["id"])
    assert (update["actor"], update["object"]["movedTo"]) == ("http://ons.test/u/anna", new.uri)


@pytest.mark.parametrize(
    ("extra", "problem"),
    [
        ({}, "noemt dit adres nog niet"),
        ({"alsoKnownAs": ["http://ons.test/u/ander"]}, "noemt dit adres nog niet"),
        (
            {"alsoKnownAs": ["http://ons.test/u/anna"], "movedTo": "http://verder.test/u/a"},
            "zelf verhuisd",
        ),
    ],
)
def test_nobody_moves_to_who_does_not_agree(
    app: Flask,
    client: FlaskClient,
    fediverse: FakeFediverse,
    post: Post,
    extra: dict[str, Any],
    problem: str,
) -> None:
    new = fediverse.person("anna", "nieuw.test", **extra)

    answer = move(post, OWN, new)

    assert answer.status_code == 422
    assert problem in answer.text
    assert "movedTo" not in document(client, "/u/anna")
    assert not [one for one in sent(app) if one["type"] == "Move"]


def test_what_was_known_of_the_target_is_asked_anew(
    app: Flask, fediverse: FakeFediverse, post: Post
) -> None:
    new = fediverse.person("anna", "nieuw.test")
    with app.app_context():
        look_up_actor(new.uri)
    new.document["alsoKnownAs"] = ["http://ons.test/u/anna"]
    fediverse.put(new.document)

    assert move(post, OWN, new).status_code == 303


def test_a_move_is_taken_back_and_cannot_be_repeated_within_a_week(
    app: Flask, client: FlaskClient, fediverse: FakeFediverse, post: Post
) -> None:
    new = fediverse.person("anna", "nieuw.test", alsoKnownAs=["http://ons.test/u/anna"])
    move(post, OWN, new)

    post(f"{OWN}/terug", OWN)
    gone = document(client, "/u/anna").get("movedTo")
    again = move(post, OWN, new)
    with app.app_context(), unit_of_work():
        actor = session().scalars(select(Actor).where(Actor.moved_at.is_not(None))).one()
        actor.moved_at = utcnow() - timedelta(days=8)
    later = move(post, OWN, new)

    assert gone is None
    assert (again.status_code, later.status_code) == (422, 303)
    assert "één keer per week" in again.text


@pytest.mark.parametrize("path", [GROUP, f"{GROUP}/terug", f"{GROUP}/adressen"])
def test_only_who_looks_after_a_community_moves_it(
    app: Flask, client: FlaskClient, anna: Account, path: str
) -> None:
    token = token_of(client, "/instellingen")
    with app.app_context():
        make_community("veld", owner=make_account("bert"))

    answer = client.post(path.replace("tuin", "veld"), data={"csrf_token": token})

    assert answer.status_code == 403


@pytest.mark.parametrize("path", [OWN, f"{OWN}/terug", f"{OWN}/adressen", GROUP, f"{GROUP}/terug"])
def test_a_forged_form_moves_nobody(
    app: Flask, client: FlaskClient, fediverse: FakeFediverse, path: str
) -> None:
    answer = client.post(path, data={"nieuw-address": "@anna@nieuw.test"})

    assert answer.status_code == 400
    with app.app_context():
        assert session().scalars(select(Actor).where(Actor.moved_at.is_not(None))).all() == []


def test_moving_asks_to_sign_in_again_after_a_while(client: FlaskClient, anna: Account) -> None:
    with client.session_transaction() as kept:
        kept["fs_paa"] -= 16 * 60

    assert client.get(OWN).headers["Location"].startswith("/opnieuw-inloggen")


def test_where_somebody_elsewhere_went_is_shown(
    app: Flask, client: FlaskClient, fediverse: FakeFediverse
) -> None:
    fediverse.person("carla", "oud.test", movedTo="http://nieuw.test/u/carla")
    with app.app_context():
        look_up_actor("@carla@oud.test")

    page = client.get("/u/carla@oud.test").text

    assert "Carla is verhuisd" in page
    assert 'href="http://nieuw.test/u/carla"' in page
