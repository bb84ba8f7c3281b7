"""Create and Update: who hears of a text, in which form, in which bytes."""

import json
from datetime import timedelta

from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.services import comments, posts
from federation.dereference.chase import Chase
from federation.transport.client import activity_client
from tests.federation.outbound.peers import Peers, fetch
from tests.support.factories import make_comment, make_community, make_post
from tests.support.fediverse import PUBLIC, activity, note, page


def edit(post: Post, by: Account, body: str) -> None:
    with unit_of_work():
        draft = posts.PostDraft(title=post.title, body_source=body, kind=post.kind)
        posts.edit_post(session().get_one(Post, post.id), draft, by)


def test_a_forum_gets_a_new_thread_wrapped_and_a_microblog_gets_its_id(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    peers.follower(toetsing, "lemmy.test", "lemmy")
    peers.follower(toetsing, "masto.test", "mastodon")

    post = make_post(toetsing, anna)

    (wrapped,) = peers.got("lemmy.test")
    assert wrapped["type"] == "Announce"
    assert wrapped["actor"] == toetsing.uri
    assert wrapped["object"]["type"] == "Create"
    assert wrapped["object"]["object"]["id"] == post.uri
    assert wrapped["to"] == [PUBLIC]
    (boost,) = peers.got("masto.test")
    assert (boost["type"], boost["object"]) == ("Announce", post.uri)


def test_a_comment_goes_to_forums_only(peers: Peers, anna: Account, toetsing: Community) -> None:
    post = make_post(toetsing, anna)
    peers.send()
    peers.follower(toetsing, "lemmy.test", "piefed")
    peers.follower(toetsing, "masto.test", "gotosocial")

    make_comment(post, anna)

    assert peers.kinds("lemmy.test") == ["Announce(Create)"]
    assert peers.kinds("masto.test") == []


def test_a_server_that_does_not_say_what_it_runs_is_taken_for_a_forum(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    server = peers.fediverse.server("mystery.test")
    server.put("/.well-known/nodeinfo", b"nonsense", status=500)
    peers.follower(toetsing, "mystery.test")

    make_post(toetsing, anna)

    assert peers.kinds("mystery.test") == ["Announce(Create)"]


def test_what_an_author_edits_goes_wrapped_to_forums_and_bare_to_microblogs(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    post = make_post(toetsing, anna)
    peers.send()
    peers.follower(toetsing, "lemmy.test", "lemmy")
    peers.follower(toetsing, "masto.test", "mastodon")

    edit(post, anna, "Nu beter.")

    assert peers.kinds("lemmy.test") == ["Announce(Update)"]
    (bare,) = peers.got("masto.test")
    assert (bare["type"], bare["actor"]) == ("Update", anna.uri)
    assert bare["object"]["updated"] >= bare["object"]["published"]


def test_followers_of_a_person_get_the_create_before_the_announce(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    reader = peers.follower(toetsing, "lemmy.test", "lemmy")
    peers.ask(reader, anna)
    peers.forget()

    make_post(toetsing, anna)

    assert peers.kinds("lemmy.test") == ["Create", "Announce(Create)"]


def test_who_is_named_gets_the_create_and_every_later_version(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    reader = peers.follower(toetsing, "lemmy.test", "lemmy")
    peers.fediverse.server("masto.test", "mastodon")
    bob = peers.fediverse.person("bob", "masto.test")
    peers.ask(bob, anna)
    peers.take(activity("Undo", bob, activity("Follow", bob, anna.uri)), bob)
    peers.forget()

    post = make_post(toetsing, anna, body="Wat vind jij, @bob@masto.test?")
    assert peers.kinds("masto.test") == ["Create"]
    edit(post, anna, "Laat maar.")
    assert peers.kinds("masto.test") == ["Create", "Update"]
    with unit_of_work():
        posts.delete_post(session().get_one(Post, post.id), anna)

    assert peers.kinds("masto.test") == ["Create", "Update", "Delete"]
    assert reader.host == "lemmy.test"


def test_what_a_peer_wrote_is_passed_on_byte_for_byte_also_to_its_own_server(
    peers: Peers, toetsing: Community
) -> None:
    author = peers.follower(toetsing, "lemmy.test", "lemmy")
    peers.follower(toetsing, "other.test", "mbin")
    create = activity("Create", author, page(author, toetsing.uri), audience=toetsing.uri)
    sent = json.dumps(create, indent=3, ensure_ascii=True).encode()

    peers.take(sent, author)

    for host in ("lemmy.test", "other.test"):
        assert peers.kinds(host) == ["Announce(Create)"]
        assert sent in peers.bodies(host)[0]


def test_what_was_fetched_without_its_activity_is_announced_by_its_id(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    post = make_post(toetsing, anna)
    peers.send()
    peers.follower(toetsing, "lemmy.test", "lemmy")
    author = peers.fediverse.person("carla", "else.test")
    answer = peers.fediverse.put(note(author, inReplyTo=post.uri))

    Chase(activity_client(), left=5).bring(answer["id"])

    (announce,) = peers.got("lemmy.test")
    assert announce["object"] == answer["id"]


def test_an_answer_in_a_remote_community_goes_to_its_home_and_is_not_announced(
    peers: Peers, anna: Account
) -> None:
    peers.fediverse.server("forum.test", "lemmy")
    group = peers.fediverse.group("onderwijs", "forum.test")
    Chase(activity_client(), left=5).bring(group.uri)
    community = make_community("onderwijs", host="forum.test")

    make_post(community, anna)

    (create,) = peers.got("forum.test")
    assert create["type"] == "Create"
    assert create["object"]["audience"] == group.uri
    assert create["object"]["to"][0] == group.uri


def test_an_activity_can_be_fetched_at_its_own_id(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    peers.follower(toetsing, "lemmy.test", "lemmy")
    make_post(toetsing, anna)
    (announce,) = peers.got("lemmy.test")

    assert fetch(peers.fediverse.client, announce["id"]) == announce
    create = fetch(peers.fediverse.client, announce["object"]["id"])
    assert create["object"] == announce["object"]["object"]


def test_an_edit_by_a_peer_is_passed_on(peers: Peers, anna: Account, toetsing: Community) -> None:
    author = peers.follower(toetsing, "lemmy.test", "lemmy")
    post = make_post(toetsing, anna)
    written = note(author, inReplyTo=post.uri, audience=toetsing.uri)
    peers.take(activity("Create", author, written), author)
    peers.send()
    peers.forget()

    moment = (utcnow() + timedelta(minutes=1)).isoformat()
    later = {**written, "content": "<p>Anders</p>", "updated": moment}
    peers.take(activity("Update", author, later), author)

    assert peers.kinds("lemmy.test") == ["Announce(Update)"]
    assert "Anders" in session().scalars(select(Comment)).one().body_html


def test_an_edited_comment_reaches_forums(peers: Peers, anna: Account, toetsing: Community) -> None:
    comment = make_comment(make_post(toetsing, anna), anna)
    peers.send()
    peers.follower(toetsing, "lemmy.test", "lemmy")

    with unit_of_work():
        mine = session().get_one(Comment, comment.id)
        comments.edit_comment(mine, comments.CommentDraft(body_source="Beter."), anna)

    (wrapped,) = peers.got("lemmy.test")
    assert "Beter." in wrapped["object"]["object"]["content"]
