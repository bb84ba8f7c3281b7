"""What holds for each document that we serve, whatever it is (federation.md section 12, line 2)."""

import json
from datetime import timedelta
from http import HTTPStatus

import pytest
from flask.ctx import AppContext
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.services import posts, votes
from federation.models.outbox_activity import OutboxActivity
from tests.federation.outbound.peers import give_key
from tests.federation.views.conftest import Get
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_comment, make_community, make_post
from tests.support.fediverse import ACTIVITY_JSON

OURS = "http://ons.test"


@pytest.fixture
def addresses(ctx: AppContext) -> list[str]:
    """One of every kind of document, activities among them: of votes and acts of moderators too."""
    anna, carla = make_account("anna"), make_account("carla")
    toetsing = make_community("toetsing", owner=anna)
    owners: tuple[Account | Community, ...] = (anna, carla, toetsing)
    for number, owner in enumerate(owners):
        give_key(owner, number)
    post = make_post(toetsing, anna)
    comment = make_comment(post, carla)
    with unit_of_work():
        votes.cast_vote(carla, post)
        posts.pin_post(post, anna, True)
        posts.lock_post(post, anna, True, "uitgepraat")
    actors = [f"{OURS}/", anna.uri, toetsing.uri]
    lists = [f"{OURS}/outbox", f"{OURS}/administrators", f"{anna.uri}/tags"]
    lists += [f"{anna.uri}/{name}" for name in ("outbox", "followers", "following", "featured")]
    lists += [f"{toetsing.uri}/{name}" for name in ("outbox", "followers", "following")]
    lists += [f"{toetsing.uri}/{name}" for name in ("featured", "moderators")]
    lists += [f"{post.uri}/{name}" for name in ("replies", "context", "likes")]
    lists += [f"{comment.uri}/{name}" for name in ("replies", "likes")]
    pages = [f"{one.uri}/outbox?page=1" for one in (anna, toetsing)]
    pages += [f"{toetsing.uri}/followers?page=1", f"{anna.uri}/following?page=1"]
    pages += [f"{post.uri}/replies?page=1", f"{post.uri}/context?page=1"]
    said = [row.uri for row in session().scalars(select(OutboxActivity))]
    return [*actors, post.uri, comment.uri, *lists, *pages, *said]


def test_each_is_served_at_its_own_id_in_the_exact_form(get: Get, addresses: list[str]) -> None:
    verbs = {uri.split("/")[4] for uri in addresses if "/activities/" in uri}
    assert verbs >= {"create", "announce", "like", "add", "lock", "update"}
    for uri in addresses:
        answer = get(uri)

        assert (uri, answer.status_code) == (uri, HTTPStatus.OK)
        assert json.loads(answer.data)["id"] == uri
        assert answer.headers["Content-Type"] == ACTIVITY_JSON
        assert "Accept" in answer.headers["Vary"]
        assert "Set-Cookie" not in answer.headers


def test_each_answers_to_head_and_is_not_sent_twice(
    get: Get, clock: FakeClock, addresses: list[str]
) -> None:
    for uri in addresses:
        whole = get(uri)
        clock.advance(timedelta(minutes=1))
        head = get(uri, method="HEAD")
        again = get(uri, headers={"If-None-Match": whole.headers["ETag"]})

        assert (uri, head.status_code, head.data) == (uri, HTTPStatus.OK, b"")
        assert head.headers["Content-Type"] == ACTIVITY_JSON
        assert head.headers["ETag"] == whole.headers["ETag"]
        assert int(head.headers["Content-Length"]) == len(whole.data)
        assert (uri, again.status_code, again.data) == (uri, HTTPStatus.NOT_MODIFIED, b"")
