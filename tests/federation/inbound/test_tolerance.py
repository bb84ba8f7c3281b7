"""Half documents, odd members, wrong clocks, peers that answer garbage: understood or refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.accounts.queries import find_account_by_uri
from app.core.clock import utcnow
from app.core.db import session
from app.forum.models.community import Community
from app.forum.queries.comments import find_comment_by_uri
from app.forum.queries.posts import find_post_by_uri
from app.forum.queries.reading import find_vote
from tests.support.factories import make_account, make_community, make_post
from tests.support.fediverse import PUBLIC, Answer, FakeFediverse, RemoteActor, activity, note, page
from tests.support.inbox import outcome

Settle = Callable[[], None]


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("bob", "victim.test")


@pytest.fixture
def group(fediverse: FakeFediverse) -> Community:
    return make_community("toetsing", owner=make_account("anna"))


def iso(hours: float) -> str:
    return (utcnow() + timedelta(hours=hours)).isoformat()


@pytest.mark.parametrize(
    "odd",
    [
        {"cc": None},
        {"tag": None, "attachment": None, "summary": None},
        {"tag": {"type": "Hashtag", "name": "#x"}},
        {"attachment": {"type": "Link", "href": "https://elders.test/"}},
        {"content": None},
        {"content": None, "contentMap": {"en": None}},
        {"contentMap": {"en": None, "nl": "<p>Ja</p>"}},
        {"source": "**ruw**"},
        {"source": {"content": None, "mediaType": "text/markdown"}},
        {"published": "2026-01-02T03:04:05"},
        {"published": "2026-01-02 03:04:05Z"},
        {"published": None},
        {"updated": "niet bekend"},
        {"url": None},
        {"url": ["https://victim.test/x", {"type": "Link", "href": "https://victim.test/y"}]},
        {"inReplyTo": None},
        {"inReplyTo": []},
        {"replies": {"type": "Collection", "first": {"type": "CollectionPage", "items": []}}},
        {"onbekend": {"diep": [[[{"x": None}]]]}, "_misskey_content": 5},
        {"to_as": "as:Public"},
        {"to_as": "Public"},
        {"to_as": [PUBLIC]},
        {"type": ["Page", "https://x.test/Recept"]},
        {"name": None},
    ],
    ids=str,
)
def test_half_documents_are_read_as_far_as_they_go(
    fediverse: FakeFediverse,
    bob: RemoteActor,
    group: Community,
    settle: Settle,
    odd: dict[str, Any],
) -> None:
    odd = dict(odd)
    thing = page(bob, group.uri)
    public = odd.pop("to_as", None)
    if public is not None:
        thing |= {"to": public, "cc": group.uri}
    thing |= odd

    fediverse.deliver(activity("Create", bob, thing), bob)
    settle()

    assert outcome() == ("done", None)
    assert find_post_by_uri(thing["id"]) is not None


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html><body>Welkom</body></html>", content_type="text/html"),
        Answer(b"<html>Welkom</html>"),
        Answer(b'{"id": "http://calm.test/notes/1", "type": "Note", "cont'),
        Answer(b""),
        Answer(b"null"),
        Answer(b"[]"),
        Answer(b'{"id": "http://victim.test/notes/ander", "type": "Note"}'),
        Answer(b'{"id": "http://ons.test/post/1", "type": "Note"}'),
        Answer(b'{"type": "Note"}'),
        Answer(b"{}", content_type="application/json"),
        Answer(b"x" * 2_000_000),
        Answer(status=302, headers={"Location": "http://calm.test/notes/1"}),
        Answer(status=302, headers={"Location": "http://127.0.0.1/"}),
        Answer(status=200, headers={"Content-Encoding": "gzip"}, body=b"geen gzip"),
        Answer(status=418),
        Answer(status=204),
    ],
    ids=lambda answer: f"{answer.status} {answer.content_type} {answer.body[:20]!r}",
)
def test_a_peer_that_answers_garbage_costs_its_own_answer_only(
    fediverse: FakeFediverse, bob: RemoteActor, group: Community, settle: Settle, answer: Answer
) -> None:
    fediverse.server("calm.test").answers["/notes/1"] = answer
    reply = note(bob, inReplyTo="http://calm.test/notes/1")
    sound = page(bob, group.uri, "Gewoon")

    for thing in (reply, sound):
        assert fediverse.deliver(activity("Create", bob, thing), bob).status_code == 202
    settle()

    assert find_comment_by_uri(reply["id"]) is None
    assert find_post_by_uri(sound["id"]) is not None
    assert fediverse.server("calm.test").asked["/notes/1"] <= 6


def test_two_edits_by_a_clock_that_is_ahead_keep_their_order(
    fediverse: FakeFediverse, bob: RemoteActor, group: Community, settle: Settle
) -> None:
    thing = page(bob, group.uri, "Eerst", published=iso(1))
    edits = [{**thing, "name": f"Versie {n}", "updated": iso(1 + n)} for n in (1, 2)]

    for one in (thing, *reversed(edits)):
        verb = "Create" if one is thing else "Update"
        fediverse.deliver(activity(verb, bob, one), bob)
        settle()

    post = find_post_by_uri(thing["id"])
    assert post is not None
    assert post.title == "Versie 2"
    assert post.sort_at <= utcnow()


def test_an_edit_from_the_far_future_changes_nothing(
    fediverse: FakeFediverse, bob: RemoteActor, group: Community, settle: Settle
) -> None:
    thing = page(bob, group.uri, "Eerst")
    later = {**thing, "name": "Uit de toekomst", "updated": iso(25)}

    for verb, one in (("Create", thing), ("Update", later)):
        fediverse.deliver(activity(verb, bob, one), bob)
    settle()

    post = find_post_by_uri(thing["id"])
    assert post is not None
    assert post.title == "Eerst"


@pytest.mark.parametrize("verb", ["Accept", "Reject", "TentativeAccept", "Join", "Leave", "Invite"])
@pytest.mark.parametrize("form", ["id", "document"])
def test_an_answer_to_a_meeting_does_no_harm(
    fediverse: FakeFediverse,
    bob: RemoteActor,
    group: Community,
    settle: Settle,
    verb: str,
    form: str,
) -> None:
    event = page(bob, group.uri, "Studiedag", type="Event", startTime=iso(48))
    fediverse.deliver(activity("Create", bob, event), bob)
    settle()

    fediverse.deliver(activity(verb, bob, event["id"] if form == "id" else event), bob)
    settle()

    assert outcome()[0] == "ignored"
    assert find_post_by_uri(event["id"]) is not None


def test_a_vote_in_a_poll_is_no_answer(
    fediverse: FakeFediverse, bob: RemoteActor, group: Community, settle: Settle
) -> None:
    post = make_post(group, make_account("piet"))
    vote = {
        "id": "http://victim.test/votes/1",
        "type": "Note",
        "name": "Ja",
        "attributedTo": bob.uri,
        "inReplyTo": post.uri,
        "to": [post.author.uri],
    }

    fediverse.deliver(activity("Create", bob, vote), bob)
    settle()

    assert outcome() == ("ignored", "poll-vote")


@pytest.mark.parametrize(
    ("extra", "votes"),
    [
        ({}, 1),
        ({"content": None}, 1),
        ({"content": "❤"}, 1),
        ({"content": "❤️", "_misskey_reaction": "❤️"}, 1),
        ({"content": "🎉"}, 0),
        ({"_misskey_reaction": ":blobcat:"}, 0),
        ({"content": "👎"}, 0),
    ],
)
def test_a_like_is_a_vote_and_another_emoji_is_not(
    fediverse: FakeFediverse,
    bob: RemoteActor,
    group: Community,
    settle: Settle,
    extra: dict[str, Any],
    votes: int,
) -> None:
    post = make_post(group, make_account("piet"))

    fediverse.deliver(activity("Like", bob, post.uri, **extra), bob)
    settle()

    assert outcome() == (("done", None) if votes else ("ignored", "reaction"))
    session().expire_all()
    assert post.vote_count == votes


def test_taking_an_emoji_back_leaves_the_vote(
    fediverse: FakeFediverse, bob: RemoteActor, group: Community, settle: Settle
) -> None:
    post = make_post(group, make_account("piet"))
    party = activity("Like", bob, post.uri, content="🎉")

    for one in (activity("Like", bob, post.uri), party, activity("Undo", bob, party)):
        fediverse.deliver(one, bob)
    settle()

    account = find_account_by_uri(bob.uri)
    assert account is not None
    assert find_vote(account, post) is not None
