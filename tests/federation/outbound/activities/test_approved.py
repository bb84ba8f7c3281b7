"""What waited for a moderator: silent until the approval, then passed on as it was received."""

import json

import pytest

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.comments import find_posted_by_uri
from app.forum.services import comments, posts
from tests.federation.outbound.peers import Peers
from tests.support.factories import make_account, make_comment, make_post
from tests.support.fediverse import Json, activity, note, page


@pytest.fixture
def looking_first(toetsing: Community) -> Community:
    with unit_of_work():
        toetsing.is_premoderated = True
    return toetsing


def found(document: Json) -> Post | Comment:
    session().expire_all()
    posted = find_posted_by_uri(document["id"])
    assert posted is not None
    return posted


def approve(posted: Post | Comment, by: Account) -> None:
    with unit_of_work():
        if isinstance(posted, Post):
            posts.approve_post(posted, by)
        else:
            comments.approve_comment(posted, by)


def test_what_a_newcomer_elsewhere_wrote_is_passed_on_byte_for_byte_once_approved(
    peers: Peers, anna: Account, looking_first: Community
) -> None:
    peers.follower(looking_first, "lemmy.test", "lemmy")
    carol = peers.fediverse.person("carol", "far.test")
    thing = page(carol, looking_first.uri, "Nieuw hier")
    raw = json.dumps(activity("Create", carol, thing), indent=1).encode()
    other = activity("Create", carol, page(carol, looking_first.uri, "Nog een"))

    peers.take(raw, carol)
    peers.take(other, carol)
    silent = peers.got("lemmy.test")
    approve(found(thing), anna)

    assert silent == []
    assert peers.kinds("lemmy.test") == ["Announce(Create)"]
    assert raw in peers.bodies("lemmy.test")[0]


def test_an_answer_that_waited_is_passed_on_too_and_microblogs_get_the_thread(
    peers: Peers, anna: Account, looking_first: Community
) -> None:
    thread = make_post(looking_first, anna)
    peers.send()
    peers.follower(looking_first, "lemmy.test", "lemmy")
    peers.follower(looking_first, "masto.test", "mastodon")
    carol = peers.fediverse.person("carol", "far.test")
    thing, reply = page(carol, looking_first.uri), note(carol, inReplyTo=thread.uri)
    for document in (thing, reply):
        peers.take(activity("Create", carol, document), carol)
    peers.send()
    peers.forget()

    approve(found(reply), anna)
    approve(found(thing), anna)

    assert peers.kinds("lemmy.test") == ["Announce(Create)", "Announce(Create)"]
    (boost,) = peers.got("masto.test")
    assert (boost["type"], boost["object"]) == ("Announce", thing["id"])


def test_what_changed_while_it_waited_is_passed_on_as_it_was_approved(
    peers: Peers, anna: Account, looking_first: Community
) -> None:
    peers.follower(looking_first, "lemmy.test", "lemmy")
    carol = peers.fediverse.person("carol", "far.test")
    thing = page(carol, looking_first.uri, "Eerst")
    peers.take(activity("Create", carol, thing), carol)
    newer = {**thing, "name": "Daarna"}
    peers.take(activity("Update", carol, newer), carol)

    post = found(thing)
    approve(post, anna)

    assert isinstance(post, Post)
    assert post.title == "Daarna"
    assert peers.kinds("lemmy.test") == ["Announce(Update)"]
    assert peers.got("lemmy.test")[0]["object"]["object"]["name"] == "Daarna"


def test_what_one_of_ours_wrote_is_told_when_it_is_approved(
    peers: Peers, anna: Account, looking_first: Community
) -> None:
    peers.follower(looking_first, "lemmy.test", "lemmy")
    post = make_post(looking_first, make_account("nieuw"))
    silent = peers.kinds("lemmy.test")

    approve(post, anna)

    assert silent == []
    assert peers.kinds("lemmy.test") == ["Announce(Create)"]


def test_nothing_is_ever_told_of_what_was_refused_or_withdrawn(
    peers: Peers, anna: Account, looking_first: Community
) -> None:
    peers.follower(looking_first, "lemmy.test", "lemmy")
    carol = peers.fediverse.person("carol", "far.test")
    nieuw = make_account("nieuw")
    thread = make_post(looking_first, anna)
    peers.send()
    peers.forget()
    refused = [make_post(looking_first, nieuw), make_comment(thread, nieuw)]
    withdrawn = [make_post(looking_first, nieuw), make_comment(thread, nieuw)]
    thing = page(carol, looking_first.uri)
    peers.take(activity("Create", carol, thing), carol)

    with unit_of_work():
        posts.refuse_post(refused[0], anna, "Reclame")
        comments.refuse_comment(refused[1], anna, "Reclame")
        posts.delete_post(withdrawn[0], nieuw)
        comments.delete_comment(withdrawn[1], nieuw)
    peers.take(activity("Delete", carol, thing["id"]), carol)

    assert peers.got("lemmy.test") == []
    assert not found(thing).is_published


def test_what_was_fetched_and_waited_is_pointed_to(
    peers: Peers, anna: Account, looking_first: Community
) -> None:
    peers.follower(looking_first, "lemmy.test", "lemmy")
    carol = peers.fediverse.person("carol", "far.test")
    root = peers.fediverse.put(page(carol, looking_first.uri))
    reply = note(carol, inReplyTo=root["id"])
    peers.take(activity("Create", carol, reply), carol)

    approve(found(root), anna)

    assert peers.kinds("lemmy.test") == ["Announce(id)"]
    assert found(reply).is_held
