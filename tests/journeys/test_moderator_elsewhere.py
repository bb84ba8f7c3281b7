"""A moderator on a server like Lemmy looks after our group, before the eyes of three others."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri, find_local_account
from app.core.db import session, unit_of_work
from app.core.visibility import State
from app.forum.models.ban import Ban
from app.forum.models.post import Post
from app.forum.queries.communities import find_community
from app.forum.queries.posts import find_post_by_uri
from app.forum.services import memberships
from app.moderation.models.log_entry import LogEntry
from federation.dereference.tasks import fetch_due
from federation.inbound.tasks import apply_inbox
from federation.outbound.deliver import deliver_all_due
from tests.support.factories import make_account, make_community, make_post
from tests.support.fediverse import FakeFediverse, RemoteActor, activity, note, page

GROUP = "http://ons.test/c/toetsing"
Sent = dict[str, Any]
OTHERS = {"pie.test": "piefed", "mbin.test": "mbin", "mast.test": "mastodon"}


class Story:
    """`mo` on lemmy.test moderates toetsing; somebody on each other server follows it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.fediverse = FakeFediverse(app)
        self.fediverse.server("lemmy.test", "lemmy")
        self.mo = self.fediverse.person("mo", "lemmy.test")
        self.spammer = self.fediverse.person("spam", "lemmy.test")
        with app.app_context():
            make_community("toetsing", owner=make_account("anna"))
        self.says(self.mo, activity("Follow", self.mo, GROUP))
        for host, software in OTHERS.items():
            self.fediverse.server(host, software)
            follower = self.fediverse.person("lid", host)
            self.says(follower, activity("Follow", follower, GROUP))
        with app.app_context():
            make_post(self.group, self.local("anna"), "Welkom")
            self.settle()
            with unit_of_work():
                mo = find_account_by_uri(self.mo.uri)
                assert mo is not None
                memberships.set_moderator(self.group, mo, is_moderator=True, by=self.local("anna"))
        self.settle()

    @property
    def group(self) -> Any:
        return find_community("toetsing")

    def local(self, name: str) -> Account:
        found = find_local_account(name)
        assert found is not None
        return found

    def says(self, who: RemoteActor, document: Sent) -> Sent:
        """Somebody's server delivers something, and ours does all that follows."""
        assert self.fediverse.deliver(document, who).status_code == 202
        self.settle()
        return document

    def settle(self) -> None:
        with self.app.app_context():
            for _ in range(4):
                apply_inbox.run()
                fetch_due.run()
                deliver_all_due()

    def forget(self) -> None:
        for server in self.fediverse.servers.values():
            server.posted.clear()

    def received(self, host: str) -> list[Sent]:
        return [json.loads(body) for _path, body, _headers in self.fediverse.server(host).posted]

    def passed_on(self, host: str) -> list[Sent]:
        """What our group wrapped for a server."""
        return [
            one["object"]
            for one in self.received(host)
            if one["type"] == "Announce" and isinstance(one["object"], dict)
        ]

    def post(self, uri: str) -> Post:
        session().expire_all()
        found = find_post_by_uri(uri)
        assert found is not None
        return found


@pytest.fixture
def story(app: Flask) -> Story:
    return Story(app)


@pytest.fixture
def thread(story: Story) -> Sent:
    """The spammer starts a thread, which all who follow get."""
    document = story.fediverse.put(page(story.spammer, GROUP, "Koop nu schoenen"))
    story.says(story.spammer, activity("Create", story.spammer, document))
    story.forget()
    return document


def test_the_new_moderator_stands_on_our_list(story: Story) -> None:
    answer = story.app.test_client().get(
        f"{GROUP}/moderators", headers={"Accept": "application/activity+json"}
    )

    assert story.mo.uri in json.loads(answer.data)["orderedItems"]
    added = [one for one in story.passed_on("lemmy.test") if one["type"] == "Add"]
    assert [one["object"] for one in added] == [story.mo.uri]


def test_lock_pin_removal_and_restoring_hold_here_and_reach_the_other_forums(
    story: Story, thread: Sent
) -> None:
    mo, uri = story.mo, thread["id"]
    pin = story.says(mo, activity("Add", mo, uri, target=f"{GROUP}/featured", cc=[GROUP]))
    lock = story.says(mo, activity("Lock", mo, uri, summary="uitgepraat", cc=[GROUP]))
    with story.app.app_context():
        assert (story.post(uri).is_pinned, story.post(uri).is_locked) == (True, True)
    removal = story.says(mo, activity("Delete", mo, uri, summary="reclame", cc=[GROUP]))
    with story.app.app_context():
        assert story.post(uri).state == State.REMOVED
    shown = story.app.test_client().get("/c/toetsing", headers={"Host": "ons.test"}).text
    assert "Koop nu schoenen" not in shown

    restored = story.says(mo, activity("Undo", mo, removal, cc=[GROUP]))

    with story.app.app_context():
        assert story.post(uri).state == State.PUBLISHED
        log = session().scalars(select(LogEntry.action).order_by(LogEntry.id)).all()
        assert log[-4:] == ["post_pinned", "post_locked", "post_removed", "post_restored"]
    assert story.passed_on("pie.test") == [pin, lock, removal, restored]
    assert story.passed_on("mbin.test")[:4] == [pin, lock, removal, restored]
    assert [one["type"] for one in story.passed_on("mbin.test")[4:]] == ["Create"]
    kinds = [one["type"] for one in story.received("mast.test")]
    assert kinds == ["Undo", "Announce"]  # the boost taken back, and a new one
    assert [one["object"] for one in story.received("mast.test")][1] == uri


def test_a_ban_ends_following_writing_and_what_was_written(story: Story, thread: Sent) -> None:
    mo, spammer, uri = story.mo, story.spammer, thread["id"]
    story.says(spammer, activity("Follow", spammer, GROUP))
    story.forget()
    end = "2090-01-01T00:00:00Z"
    block = activity(
        "Block", mo, spammer.uri, target=GROUP, summary="reclame", removeData=True, endTime=end
    )

    story.says(mo, block)

    with story.app.app_context():
        ban = session().scalars(select(Ban)).one()
        assert ban.expires_at is not None
        assert ban.expires_at.year == 2090
        assert story.post(uri).state == State.REMOVED
    assert story.passed_on("pie.test") == [block]
    assert [one["type"] for one in story.received("mast.test")] == ["Undo"]
    answers = [one for one in story.received("lemmy.test") if one["type"] == "Reject"]
    assert [one["object"]["type"] for one in answers] == ["Follow"]
    story.says(spammer, activity("Create", spammer, note(spammer, inReplyTo=uri)))
    story.says(spammer, activity("Create", spammer, page(spammer, GROUP, "Nog meer")))
    with story.app.app_context():
        assert session().scalars(select(Post.title).order_by(Post.id)).all() == [
            "Welkom",
            "Koop nu schoenen",
        ]

    story.says(mo, activity("Undo", mo, block, restoreData=True))
    story.says(spammer, activity("Create", spammer, page(spammer, GROUP, "Over toetsen")))

    with story.app.app_context():
        assert story.post(uri).state == State.PUBLISHED
        assert "Over toetsen" in session().scalars(select(Post.title)).all()


def test_the_log_of_our_group_names_who_did_what_from_elsewhere(story: Story, thread: Sent) -> None:
    story.says(story.mo, activity("Delete", story.mo, thread["id"], summary="reclame"))

    shown = story.app.test_client().get("/modlog", headers={"Host": "ons.test"}).text

    assert "reclame" in shown


def test_who_is_no_moderator_any_more_does_nothing(story: Story, thread: Sent) -> None:
    with story.app.app_context(), unit_of_work():
        mo = find_account_by_uri(story.mo.uri)
        assert mo is not None
        memberships.set_moderator(story.group, mo, is_moderator=False, by=story.local("anna"))
    story.settle()
    story.forget()

    story.says(story.mo, activity("Lock", story.mo, thread["id"], summary="toch"))

    with story.app.app_context():
        assert not story.post(thread["id"]).is_locked
    assert story.passed_on("pie.test") == []
