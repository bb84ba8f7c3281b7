"""A person on a microblog follows a group, asks by naming it, answers, and sees what changes."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.queries import find_local_account
from app.core.db import session
from app.core.visibility import State
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.communities import find_community
from app.forum.services import posts
from federation.dereference.tasks import fetch_due
from federation.inbound.tasks import apply_inbox
from federation.outbound.deliver import deliver_all_due
from tests.support.factories import make_account, make_comment, make_community, make_post
from tests.support.fediverse import FakeFediverse, RemoteActor, activity, note
from tests.support.world import inside

GROUP = "http://ons.test/c/toetsing"
Sent = dict[str, Any]


class Story:
    """Our server with the group toetsing, and mia on a Mastodon who follows it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.fediverse = FakeFediverse(app)
        self.microblog = self.fediverse.server("mast.test", "mastodon")
        self.mia: RemoteActor = self.fediverse.person("mia", "mast.test")
        with app.app_context():
            make_community("toetsing", owner=make_account("anna"))

    def says(self, thing: Sent) -> int:
        """Let mia's server deliver something, and let ours do all that follows."""
        status = self.fediverse.deliver(thing, self.mia).status_code
        self.settle()
        return status

    def settle(self) -> None:
        with self.app.app_context():
            for _ in range(4):
                apply_inbox.run()
                fetch_due.run()
                deliver_all_due()

    def received(self, *types: str) -> list[Sent]:
        """What mia's server got from us, of these types, in order."""
        sent = [json.loads(body) for _path, body, _headers in self.microblog.posted]
        return [one for one in sent if one["type"] in types]


@pytest.fixture
def story(app: Flask) -> Story:
    told = Story(app)
    told.says(activity("Follow", told.mia, GROUP))
    return told


def test_the_follow_is_accepted_with_the_follow_inside(story: Story) -> None:
    accept = story.received("Accept")

    assert [one["object"]["type"] for one in accept] == ["Follow"]
    assert accept[0]["actor"] == GROUP


def test_a_new_thread_arrives_as_one_boost_of_its_id(story: Story) -> None:
    with story.app.app_context():
        post = make_post(_community(), _person("anna"))
        uri = post.uri
    story.settle()

    announced = story.received("Announce")
    assert [one["object"] for one in announced] == [uri]
    assert story.received("Create") == []


def test_an_answer_to_somebody_else_is_not_pushed_into_the_timeline(story: Story) -> None:
    with story.app.app_context():
        post = make_post(_community(), _person("anna"))
        make_comment(post, make_account("carla"))
    story.settle()

    assert len(story.received("Announce", "Create")) == 1


def test_naming_the_group_starts_a_thread_and_is_boosted_back(story: Story) -> None:
    mention = {"type": "Mention", "href": GROUP, "name": "@toetsing@ons.test"}
    text = '<p><a href="http://ons.test/c/toetsing">@toetsing</a> Wie heeft een rubric?</p>'
    asked = story.fediverse.put(note(story.mia, text, tag=[mention], cc=[GROUP]))

    status = story.says(activity("Create", story.mia, asked, cc=[GROUP]))

    assert status == 202
    with story.app.app_context():
        thread = session().scalars(select(Post)).one()
        assert thread.title == "Wie heeft een rubric?"
        assert thread.author.handle == "mia@mast.test"
    assert [one["object"] for one in story.received("Announce")] == [asked["id"]]


def test_an_answer_of_ours_reaches_the_one_who_asked(story: Story) -> None:
    mention = {"type": "Mention", "href": GROUP, "name": "@toetsing@ons.test"}
    asked = story.fediverse.put(note(story.mia, "<p>Wie weet dit?</p>", tag=[mention], cc=[GROUP]))
    story.says(activity("Create", story.mia, asked, cc=[GROUP]))

    with story.app.app_context():
        thread = session().scalars(select(Post)).one()
        make_comment(thread, _person("anna"), "Ik weet het.")
    story.settle()

    answer = story.received("Create")[0]["object"]
    assert answer["inReplyTo"] == asked["id"]
    assert story.mia.uri in answer["cc"]


def test_a_reply_on_the_microblog_appears_on_our_page(story: Story) -> None:
    with story.app.app_context():
        post = make_post(_community(), _person("anna"))
        uri, path = post.uri, f"/post/{post.public_id}"
    reply = story.fediverse.put(note(story.mia, "<p>Zo doen wij het.</p>", inReplyTo=uri))

    story.says(activity("Create", story.mia, reply))

    page = story.app.test_client().get(path, headers={"Host": "ons.test"}).text
    assert "Zo doen wij het." in page
    assert "mast.test" in page


def test_a_removed_thread_loses_its_boost_but_is_never_deleted_there(story: Story) -> None:
    with story.app.app_context():
        make_post(_community(), _person("anna"))
    story.settle()

    with inside(story.app):
        post = session().scalars(select(Post)).one()
        posts.remove_post(post, _person("anna"), "dubbel")
    story.settle()

    assert [one["object"]["type"] for one in story.received("Undo")] == ["Announce"]
    assert story.received("Delete") == []


def test_what_the_author_takes_back_is_gone_on_both_sides(story: Story) -> None:
    with story.app.app_context():
        post = make_post(_community(), _person("anna"))
        uri = post.uri
    reply = story.fediverse.put(note(story.mia, "<p>Oeps.</p>", inReplyTo=uri))
    story.says(activity("Create", story.mia, reply))

    story.says(activity("Delete", story.mia, {"type": "Tombstone", "id": reply["id"]}))

    with story.app.app_context():
        assert session().scalars(select(Comment)).one().state == State.DELETED


def _community() -> Community:
    found = find_community("toetsing")
    assert found is not None
    return found


def _person(name: str) -> Account:
    found = find_local_account(name)
    assert found is not None
    return found
