"""Names, pages and relations that were made up to mislead: shown safely, or refused."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from app.accounts.queries import find_account_by_uri
from app.core.db import db
from app.forum.models.community import Community
from app.forum.queries.bans import find_ban
from app.forum.queries.posts import find_post_by_uri
from tests.support.factories import make_account, make_community
from tests.support.fediverse import PUBLIC, FakeFediverse, RemoteActor, activity, note, page
from tests.support.inbox import outcome

Settle = Callable[[], None]


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("bob", "victim.test")


@pytest.fixture
def group(fediverse: FakeFediverse) -> Community:
    return make_community("toetsing", owner=make_account("anna"))


@pytest.mark.parametrize(
    "name",
    ["%", "%zz", "100%25", "a/b", "..", "\x00", "🙂", "x" * 999, "\u202e\u3164b", "<b>", "a b", ""],
)
def test_a122_any_name_can_be_shown(
    fediverse: FakeFediverse,
    client: FlaskClient,
    group: Community,
    settle: Settle,
    name: str,
) -> None:
    odd = fediverse.person("raar", "odd.test")
    fediverse.put({**odd.document, "preferredUsername": name, "name": name})
    thing = page(odd, group.uri, f"Van {name[:50]}", tag=[{"type": "Hashtag", "name": name}])

    fediverse.deliver(activity("Create", odd, thing), odd)
    settle()

    post, account = find_post_by_uri(thing["id"]), find_account_by_uri(odd.uri)
    assert post is not None
    assert account is not None
    for path in (f"/post/{post.public_id}", "/c/toetsing", "/mensen"):
        assert client.get(path).status_code == 200
    assert not {"\u202e", "\u3164", "\x00"} & set(account.name + account.display_name + post.title)


@pytest.mark.parametrize(
    "url", ["http://calm.test/nep", "javascript:alert(1)", " JAVASCRIPT:x", "data:text/html,x", 5]
)
def test_a032_a041_a_page_elsewhere_or_of_another_kind_is_dropped(
    fediverse: FakeFediverse, bob: RemoteActor, group: Community, settle: Settle, url: Any
) -> None:
    thing = page(bob, group.uri, url=url)

    fediverse.deliver(activity("Create", bob, thing), bob)
    settle()

    post = find_post_by_uri(thing["id"])
    assert post is not None
    assert post.url == thing["id"]


def test_a047_a_known_post_under_another_author_keeps_its_own(
    fediverse: FakeFediverse, bob: RemoteActor, group: Community, settle: Settle
) -> None:
    mal = fediverse.person("mal", "evil.test")
    thing = page(bob, group.uri, "Van Bob")
    fediverse.deliver(activity("Create", bob, thing), bob)
    settle()

    for stolen in ({**thing, "attributedTo": mal.uri}, thing):
        fediverse.deliver(activity("Create", mal, stolen), mal)
        settle()

    post = find_post_by_uri(thing["id"])
    assert post is not None
    assert post.author.uri == bob.uri


@pytest.mark.parametrize("field", ["attributedTo", "inReplyTo", "context", "audience", "all"])
def test_a117_what_is_its_own_relation_ends(
    fediverse: FakeFediverse, bob: RemoteActor, group: Community, settle: Settle, field: str
) -> None:
    thing = fediverse.put(page(bob, group.uri))
    fields = ["attributedTo", "inReplyTo", "context", "audience"] if field == "all" else [field]
    for one in fields:
        thing[one] = thing["id"]
    before = fediverse.fetches

    answer = fediverse.deliver(activity("Create", bob, thing), bob)
    settle()

    assert fediverse.fetches - before <= 10
    assert answer.status_code == 403 or outcome()[0] in {"done", "refused", "orphaned"}


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize("kind", ["Event", "Question"])
def test_the_end_of_time_is_no_time(
    fediverse: FakeFediverse,
    client: FlaskClient,
    bob: RemoteActor,
    group: Community,
    settle: Settle,
    kind: str,
    moment: str,
) -> None:
    times = dict.fromkeys(("published", "startTime", "endTime"), moment)
    thing = {**page(bob, group.uri), "type": kind, "oneOf": [{"name": "Ja"}], **times}

    fediverse.deliver(activity("Create", bob, thing), bob)
    settle()

    post = find_post_by_uri(thing["id"])
    assert post is not None
    for path in (f"/post/{post.public_id}", "/c/toetsing"):
        assert client.get(path).status_code == 200


def test_a_ban_until_the_end_of_time_has_no_end(
    fediverse: FakeFediverse, bob: RemoteActor, group: Community, settle: Settle
) -> None:
    chief = fediverse.person("chief", "victim.test")
    for actor in (bob, chief):
        fediverse.deliver(activity("Follow", actor, group.uri), actor)
    end = {"target": "http://victim.test/", "endTime": "9999-12-31T23:59:59Z"}

    fediverse.deliver(activity("Block", chief, bob.uri, **end), chief)
    settle()

    banned = find_account_by_uri(bob.uri)
    assert banned is not None
    ban = find_ban(banned, None)
    assert ban is not None
    assert ban.expires_at is None


def test_a_text_for_thousands_costs_little(
    fediverse: FakeFediverse, bob: RemoteActor, group: Community, settle: Settle
) -> None:
    crowd = [f"http://evil.test/u/{number}" for number in range(1990)]
    thing = {**note(bob), "to": [PUBLIC, *crowd[:990]], "cc": crowd[990:]}
    fediverse.deliver(activity("Create", bob, thing), bob)
    asked: list[object] = []

    def note_statement(*_arguments: object) -> None:
        asked.append(1)

    event.listen(db.engine, "before_cursor_execute", note_statement)
    settle()
    event.remove(db.engine, "before_cursor_execute", note_statement)

    assert outcome() == ("refused", "no-community")
    assert len(asked) < 500
