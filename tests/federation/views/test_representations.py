"""One URL, two forms: documents for peers, pages for people, exact headers."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.ctx import AppContext

from app.accounts.models.account import Account, AccountState
from app.core.db import session, unit_of_work
from app.core.visibility import Visibility
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.origin import Remote
from app.forum.services import posts
from tests.federation.views.conftest import Get
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_comment, make_community, make_post
from tests.support.fediverse import ACTIVITY_JSON

Read = Callable[..., dict[str, Any]]
LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def anna(ctx: AppContext) -> Account:
    return make_account("anna")


@pytest.fixture
def toetsing(anna: Account) -> Community:
    return make_community("toetsing", owner=anna)


@pytest.fixture
def post(toetsing: Community, anna: Account) -> Post:
    return make_post(toetsing, anna)


@pytest.mark.parametrize(
    ("accept", "is_document"),
    [
        (ACTIVITY_JSON, True),
        ("Application/Activity+JSON", True),
        (LD_JSON, True),
        ("application/ld+json", True),
        (f"{ACTIVITY_JSON}, {LD_JSON}", True),
        (f"{LD_JSON}, {ACTIVITY_JSON}, text/html;q=0.1", True),
        (f"text/html;q=0.9, {ACTIVITY_JSON}", True),
        (f"{ACTIVITY_JSON};q=0.5, text/html;q=0.5", True),
        (f"text/html, {ACTIVITY_JSON};q=0.9", False),
        (f"{ACTIVITY_JSON};q=0", False),
        (BROWSER, False),
        ("*/*", False),
        (None, False),
        ("application/json", False),
        ("", False),
    ],
)
def test_who_asks_for_a_document_gets_one(
    get: Get, toetsing: Community, accept: str | None, is_document: bool
) -> None:
    answer = get(toetsing.uri, accept)

    assert answer.status_code == 200
    assert (answer.content_type == ACTIVITY_JSON) is is_document
    assert answer.mimetype == (ACTIVITY_JSON if is_document else "text/html")
    assert "Accept" in answer.headers["Vary"]


def test_every_document_has_its_address_for_an_id(
    read: Read, anna: Account, toetsing: Community, post: Post
) -> None:
    comment = make_comment(post, anna)

    for uri in ("http://ons.test/", anna.uri, toetsing.uri, post.uri, comment.uri):
        assert read(uri)["id"] == uri


def test_a_document_leaves_without_cookies_and_is_not_sent_twice(
    get: Get, toetsing: Community
) -> None:
    first = get(toetsing.uri)
    again = get(toetsing.uri, headers={"If-None-Match": first.headers["ETag"]})
    head = get(toetsing.uri, method="HEAD")

    assert "Set-Cookie" not in first.headers
    assert again.status_code == 304
    assert again.data == b""
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Type"] == ACTIVITY_JSON
    assert head.headers["ETag"] == first.headers["ETag"]


def test_a_slash_too_many_gives_programs_the_document_and_leads_people_on(
    get: Get, anna: Account, toetsing: Community, post: Post
) -> None:
    for uri in (anna.uri, toetsing.uri, post.uri):
        document, page = get(f"{uri}/"), get(f"{uri}/", BROWSER)

        assert (document.status_code, document.content_type) == (200, ACTIVITY_JSON)
        assert json.loads(document.data)["id"] == uri
        assert page.status_code == 301
        assert f"http://ons.test{page.headers['Location']}" == uri


@pytest.mark.parametrize(
    "path", ["/c/niemand/", "/nergens/", "//elders.test//", "//c/toetsing/", "/c/toetsing//x/"]
)
def test_a_slash_behind_nothing_leads_nowhere(get: Get, toetsing: Community, path: str) -> None:
    answer = get(f"http://ons.test{path}")

    assert answer.status_code in {404, 308}
    assert "elders.test" not in answer.headers.get("Location", "")


def test_a_change_changes_the_etag(get: Get, anna: Account, post: Post) -> None:
    before = get(post.uri).headers["ETag"]
    with unit_of_work():
        draft = posts.PostDraft(title="Anders", body_source="Anders.", kind=post.kind)
        posts.edit_post(session().get_one(Post, post.id), draft, anna)

    after = get(post.uri, headers={"If-None-Match": before})

    assert after.status_code == 200


def test_the_page_points_at_its_document(get: Get, post: Post) -> None:
    page = get(post.uri, BROWSER)

    link = f'<link rel="alternate" type="application/activity+json" href="{post.uri}">'
    header = f'<{post.uri}>; rel="alternate"; type="application/activity+json"'
    assert header in page.headers["Link"]
    assert link in page.text


def test_what_is_gone_is_a_tombstone_for_thirty_days_and_410_after_that(
    get: Get, anna: Account, post: Post, clock: FakeClock
) -> None:
    with unit_of_work():
        posts.delete_post(session().get_one(Post, post.id), anna)

    first = get(post.uri)
    clock.advance(timedelta(days=30, seconds=1))
    later = get(post.uri, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, later.status_code) == (200, 410)
    for answer in (first, later):
        stone = json.loads(answer.data)
        assert (stone["type"], stone["formerType"], stone["id"]) == ("Tombstone", "Page", post.uri)
        assert "Wij zoeken" not in answer.text
        assert answer.content_type == ACTIVITY_JSON


def test_a_suspended_person_keeps_the_key_and_loses_the_profile(read: Read, anna: Account) -> None:
    with unit_of_work():
        session().get_one(Account, anna.id).state = AccountState.SUSPENDED

    document = read(anna.uri)

    assert document["suspended"] is True
    assert document["publicKey"]["owner"] == anna.uri
    assert document["name"] == "anna"


def test_what_is_closed_and_what_never_was_look_the_same(
    get: Get, toetsing: Community, post: Post
) -> None:
    with unit_of_work():
        session().get_one(Community, toetsing.id).visibility = Visibility.LOCAL

    for uri in (toetsing.uri, post.uri, "/c/niets", "/post/niets", "/u/niemand", "/comment/1"):
        assert get(uri).status_code == 404


def test_our_pages_of_remote_things_lead_a_peer_to_the_original(
    get: Get, toetsing: Community
) -> None:
    bob = make_account("bob", host="a.test")
    make_community("kamer", host="a.test")
    with unit_of_work():
        draft = posts.PostDraft(title="Van ver", body_source="", body_html="<p>Hoi</p>")
        remote = posts.publish_post(bob, toetsing, draft, Remote(uri="http://a.test/post/1"))
        path = f"/post/{remote.public_id}"

    for ours, theirs in (
        (path, "http://a.test/post/1"),
        ("/u/bob@a.test", "http://a.test/u/bob"),
        ("/c/kamer@a.test", "http://a.test/c/kamer"),
    ):
        answer = get(ours)
        assert (answer.status_code, answer.headers["Location"]) == (302, theirs)


def test_the_key_of_a_document_stays_the_same(read: Read, anna: Account) -> None:
    assert read(anna.uri)["publicKey"] == read(anna.uri)["publicKey"]
