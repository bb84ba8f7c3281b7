"""What changes or goes reaches those who saw it, also who follows no longer."""

from collections.abc import Callable

import pytest

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri
from app.core.clock import utcnow
from app.core.db import unit_of_work
from app.forum.models.community import Community
from app.forum.queries.posts import find_post_by_uri
from app.forum.services import comments, memberships, posts
from tests.federation.outbound.peers import Peers, give_key
from tests.support.factories import make_account, make_comment, make_community, make_post
from tests.support.fediverse import PUBLIC, FakeFediverse, RemoteActor, activity, note, page

MICROBLOG = "kort.test"
FORUM = "forum.test"


@pytest.fixture
def peers(fediverse: FakeFediverse, settle: Callable[[], None]) -> Peers:
    return Peers(fediverse, settle)


@pytest.fixture
def anna(fediverse: FakeFediverse) -> Account:
    account = make_account("anna")
    give_key(account, 1)
    return account


@pytest.fixture
def group(anna: Account, peers: Peers) -> Community:
    community = make_community("toetsing", owner=anna)
    give_key(community, 2)
    peers.follower(community, MICROBLOG, "mastodon")
    peers.follower(community, FORUM, "lemmy")
    return community


@pytest.fixture
def eva(fediverse: FakeFediverse) -> RemoteActor:
    """Somebody elsewhere who writes in our community."""
    fediverse.server("eva.test", "mastodon")
    return fediverse.person("eva", "eva.test")


def let_go(group: Community, host: str) -> None:
    account = find_account_by_uri(f"http://{host}/u/bob")
    assert account is not None
    with unit_of_work():
        memberships.leave_community(account, group)


def test_who_saw_a_post_sees_its_edit_and_its_end_after_leaving(
    peers: Peers, anna: Account, group: Community
) -> None:
    post = make_post(group, anna)
    peers.send()
    let_go(group, MICROBLOG)
    peers.forget()

    with unit_of_work():
        posts.edit_post(post, posts.PostDraft(title="Beter", body_source="Zo."), anna)
    edited = peers.kinds(MICROBLOG)
    peers.forget()
    with unit_of_work():
        posts.delete_post(post, anna)

    assert (edited, peers.kinds(MICROBLOG)) == (["Update"], ["Delete"])


def test_a_boost_is_taken_back_where_it_went_when_a_moderator_removes(
    peers: Peers, anna: Account, group: Community
) -> None:
    post = make_post(group, anna)
    peers.send()
    let_go(group, MICROBLOG)
    peers.forget()

    with unit_of_work():
        posts.remove_post(post, anna, "Reclame")

    assert peers.kinds(MICROBLOG) == ["Undo(Announce)"]


def test_a_remote_authors_edit_and_end_reach_forums_whole_and_microblogs_as_far_as_is_ours(
    peers: Peers, group: Community, eva: RemoteActor
) -> None:
    thread = page(eva, group.uri)
    peers.take(activity("Create", eva, thread), eva)
    assert peers.kinds(FORUM) == ["Announce(Create)"]
    assert peers.kinds(MICROBLOG) == ["Announce(id)"]
    peers.forget()
    newer = {**thread, "name": "Anders", "updated": utcnow().isoformat()}

    peers.take(activity("Update", eva, newer), eva)
    edits = peers.kinds(FORUM), peers.kinds(MICROBLOG)
    peers.forget()
    peers.take(activity("Delete", eva, thread["id"]), eva)

    assert edits == (["Announce(Update)"], [])
    assert peers.kinds(FORUM) == ["Announce(Delete)"]
    assert peers.kinds(MICROBLOG) == ["Undo(Announce)"]


@pytest.mark.parametrize(("to", "cc"), [([PUBLIC], []), ([], [PUBLIC])])
def test_an_answer_that_does_not_name_the_group_is_passed_on_when_public_or_unlisted(
    peers: Peers, anna: Account, group: Community, eva: RemoteActor, to: list[str], cc: list[str]
) -> None:
    above = make_comment(make_post(group, anna), anna)
    peers.send()
    peers.forget()
    answer = note(eva, "<p>Eens</p>", inReplyTo=above.uri, to=[*to, anna.uri], cc=cc)

    peers.take(activity("Create", eva, answer), eva)

    assert peers.kinds(FORUM) == ["Announce(Create)"]
    assert peers.kinds(MICROBLOG) == []


def test_an_answer_for_followers_only_is_passed_on_to_nobody(
    peers: Peers, anna: Account, group: Community, eva: RemoteActor
) -> None:
    post = make_post(group, anna)
    peers.send()
    peers.forget()
    answer = note(eva, inReplyTo=post.uri, to=[f"{eva.uri}/followers"], cc=[anna.uri])

    peers.take(activity("Create", eva, answer), eva)

    assert peers.kinds(FORUM) == peers.kinds(MICROBLOG) == []


def test_who_took_part_in_a_thread_gets_what_is_said_next(
    peers: Peers, anna: Account, group: Community, eva: RemoteActor
) -> None:
    post = make_post(group, anna)
    peers.take(activity("Create", eva, note(eva, inReplyTo=post.uri)), eva)
    peers.send()
    peers.forget()

    with unit_of_work():
        comments.publish_comment(anna, post, None, comments.CommentDraft(body_source="Dank."))

    assert peers.kinds("eva.test") == ["Create"]


def test_a_thread_from_a_microblog_reaches_forums_and_other_microblogs(
    peers: Peers, group: Community, eva: RemoteActor
) -> None:
    mention = {"type": "Mention", "href": group.uri, "name": "@toetsing@ons.test"}
    html = f'<p><a href="{group.uri}" class="mention">@toetsing</a> Wie weet een boek?</p>'
    thing = note(eva, html, cc=[group.uri], tag=[mention])

    peers.take(activity("Create", eva, thing), eva)

    post = find_post_by_uri(thing["id"])
    assert post is not None
    assert post.title == "Wie weet een boek?"
    assert peers.kinds(FORUM) == ["Announce(Create)"]
    [boost] = peers.got(MICROBLOG)
    assert (boost["type"], boost["object"]) == ("Announce", thing["id"])
