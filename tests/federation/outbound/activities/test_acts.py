"""What moderators do, here and elsewhere: passed on to forums, said at home, never to others."""

from collections.abc import Callable
from typing import Any

import pytest

from app.accounts.models.account import Account
from app.accounts.queries import find_local_account
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.posts import find_post_by_uri
from app.forum.services import bans, memberships, posts, votes
from app.moderation.services import reports, warnings
from federation.dereference.chase import Chase
from federation.transport.client import activity_client
from tests.federation.outbound.peers import Peers, give_key, in_short
from tests.support.factories import make_account, make_comment, make_post
from tests.support.fediverse import Json, RemoteActor, activity, page

FEATURED = "http://groep.test/c/tuin/featured"


@pytest.fixture
def thread(peers: Peers, toetsing: Community) -> Post:
    """By bob on a Mastodon, in a group that lemmy.test, masto.test and two others follow."""
    bob = peers.follower(toetsing, "masto.test", "mastodon")
    for host, software in (
        ("lemmy.test", "lemmy"),
        ("mbin.test", "mbin"),
        ("nodebb.test", "nodebb"),
    ):
        peers.follower(toetsing, host, software)
    document = page(bob, toetsing.uri)
    peers.take(activity("Create", bob, document), bob)
    peers.send()
    peers.forget()
    found = find_post_by_uri(document["id"])
    assert found is not None
    return found


@pytest.fixture
def mo(peers: Peers, toetsing: Community) -> RemoteActor:
    """Moderates our group from a third server."""
    actor = peers.follower(toetsing, "calm.test", "lemmy")
    with unit_of_work():
        memberships.set_moderator(toetsing, peers.account(actor), is_moderator=True, by=None)
    peers.send()
    peers.forget()
    return actor


def local(name: str) -> Account:
    found = find_local_account(name)
    assert found is not None
    return found


def wrapped(documents: list[Json]) -> list[Json]:
    return [one["object"] for one in documents if one["type"] == "Announce"]


def test_what_a_moderator_elsewhere_does_is_passed_on_byte_for_byte(
    peers: Peers, toetsing: Community, thread: Post, mo: RemoteActor
) -> None:
    removal = activity("Delete", mo, thread.uri, summary="grof")
    lock = activity("Lock", mo, thread.uri, summary="uitgepraat")
    pin = activity("Add", mo, thread.uri, target=f"{toetsing.uri}/featured")
    said = [
        lock,
        activity("Undo", mo, lock),
        pin,
        {**pin, "id": f"{pin['id']}-2", "type": "Remove"},
        removal,
        activity("Undo", mo, removal),
    ]

    for one in said:
        peers.take(one, mo)

    assert wrapped(peers.got("lemmy.test")) == said


def test_nodebb_gets_the_removal_once_more_by_somebody_of_this_server(
    peers: Peers, thread: Post, mo: RemoteActor
) -> None:
    removal = activity("Delete", mo, thread.uri, summary="grof")

    peers.take(removal, mo)

    first, second = wrapped(peers.got("nodebb.test"))
    assert first == removal
    assert (second["type"], second["object"]) == ("Delete", thread.uri)
    assert (second["actor"], second["summary"]) == ("http://ons.test/u/moderation", "grof")
    assert wrapped(peers.got("lemmy.test")) == [removal]


def test_mbin_gets_what_is_restored_once_more(
    peers: Peers, toetsing: Community, thread: Post
) -> None:
    anna = local("anna")
    ours = make_post(toetsing, anna)
    peers.send()
    peers.forget()

    for post, again in ((ours, "Update"), (thread, "Create")):
        with unit_of_work():
            posts.remove_post(session().merge(post), session().merge(anna), "dubbel")
            posts.restore_post(session().merge(post), session().merge(anna))

        told = [one["type"] for one in wrapped(peers.got("mbin.test"))]
        assert told == ["Delete", "Undo", again]
        assert [one["type"] for one in wrapped(peers.got("lemmy.test"))] == ["Delete", "Undo"]
        peers.forget()


def test_our_moderator_of_a_group_elsewhere_tells_its_home_and_nobody_else(
    peers: Peers, anna: Account
) -> None:
    peers.fediverse.server("groep.test", "lemmy")
    group = peers.fediverse.group("tuin", "groep.test", featured=FEATURED)
    Chase(activity_client()).bring(group.uri)
    community = peers.community(group)
    with unit_of_work():
        memberships.set_moderator(community, session().merge(anna), is_moderator=True, by=None)
    zoe = peers.fediverse.person("zoe", "derde.test")
    document = peers.fediverse.put(page(zoe, group.uri))
    peers.take(activity("Announce", group, activity("Create", zoe, document)), group)
    peers.send()
    peers.forget()
    post = find_post_by_uri(document["id"])
    assert post is not None

    with unit_of_work():
        posts.pin_post(post, session().merge(anna), is_pinned=True)
        posts.lock_post(post, session().merge(anna), is_locked=True, reason="uitgepraat")
        posts.lock_post(post, session().merge(anna), is_locked=False)
        posts.remove_post(post, session().merge(anna), "grof")
        posts.restore_post(post, session().merge(anna))

    said = peers.got("groep.test")
    assert [in_short(one) for one in said] == [
        "Add",
        "Lock",
        "Undo(Lock)",
        "Delete",
        "Undo(Delete)",
    ]
    assert said[0]["target"] == FEATURED
    assert said[2]["object"]["id"] == said[1]["id"]
    assert {one["actor"] for one in said} == {anna.uri}
    assert {one["audience"] for one in said} == {group.uri}


Deed = Callable[[Account, Post, Peers], Any]
CARLA = "carla"


def _report(_anna: Account, post: Post, _peers: Peers) -> None:
    reports.make_report(local(CARLA), post, "grof")


def _ban(anna: Account, post: Post, _peers: Peers) -> None:
    terms = bans.BanTerms("grof", removes_posts=True)
    made = bans.ban_person(anna, post.author, post.community, terms)
    bans.lift_ban(anna, made, restores_posts=True)


def _ban_here(_anna: Account, post: Post, _peers: Peers) -> None:
    chef = local("chef")
    made = bans.ban_person(chef, post.author, None, bans.BanTerms("grof", removes_posts=True))
    bans.lift_ban(chef, made, restores_posts=True)


def _appoint(anna: Account, post: Post, _peers: Peers) -> None:
    memberships.set_moderator(post.community, local(CARLA), is_moderator=True, by=anna)


def _lock(anna: Account, post: Post, _peers: Peers) -> None:
    posts.lock_post(post, anna, is_locked=True)
    posts.lock_post(post, anna, is_locked=False)


def _remove(anna: Account, post: Post, _peers: Peers) -> None:
    posts.remove_post(post, anna, "grof")
    posts.restore_post(post, anna)


DEEDS: dict[str, Deed] = {
    "pin": lambda anna, post, _peers: posts.pin_post(post, anna, is_pinned=True),
    "lock": _lock,
    "remove": _remove,
    "ban": _ban,
    "ban from the server": _ban_here,
    "appoint": _appoint,
    "warn": lambda anna, post, _peers: warnings.warn_person(anna, post, "Let op"),
    "report": _report,
    "vote": lambda anna, post, _peers: votes.cast_vote(anna, post),
    "comment": lambda anna, post, _peers: None,
}
# All that a microblog ever gets; a wrapped activity would be `Announce(<verb>)`.
FOR_MICROBLOGS = {
    "Announce(id)",
    "Undo(Announce)",
    "Create",
    "Update",
    "Like",
    "Flag",
    "Accept",
    "Reject",
}


@pytest.mark.parametrize("deed", DEEDS)
def test_microblogs_never_get_what_they_would_misunderstand(
    peers: Peers, anna: Account, toetsing: Community, thread: Post, deed: str
) -> None:
    for name in (CARLA, "chef"):
        give_key(make_account(name, admin=name == "chef"), 4)
    with unit_of_work():
        DEEDS[deed](session().merge(anna), session().merge(thread), peers)
    if deed == "comment":
        make_comment(thread, anna)

    kinds = peers.kinds("masto.test")

    assert set(kinds) <= FOR_MICROBLOGS
    assert peers.kinds("lemmy.test") != [] or deed in {"warn", "report"}
