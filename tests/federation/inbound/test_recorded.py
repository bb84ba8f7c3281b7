"""What nine kinds of server really send, with their ids rewritten to those of the fakes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri
from app.core.db import session, unit_of_work
from app.core.visibility import State
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.membership import MembershipState
from app.forum.models.post import Post, PostKind
from app.forum.queries.comments import find_posted_by_uri
from app.forum.queries.communities import find_community_by_uri, get_membership
from app.forum.services import memberships
from federation.dereference.chase import Chase
from federation.transport.client import activity_client
from tests.support.factories import make_account, make_comment, make_community, make_post
from tests.support.fediverse import PUBLIC, FakeFediverse, RemoteActor, activity
from tests.support.inbox import outcome

RECORDED = Path(__file__).resolve().parents[4] / "shared" / "data" / "activitypub"
pytestmark = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the recorded documents (../shared/data/activitypub) are absent"
)
Settle = Callable[[], None]
Json = dict[str, Any]


def recorded(name: str, changes: dict[str, str]) -> Json:
    """Read a recorded document with some addresses replaced."""
    text = (RECORDED / f"{name}.json").read_text(encoding="utf-8")
    for old, new in changes.items():
        text = text.replace(old, new)
    found: Json = json.loads(text)
    return found


def known_group(fediverse: FakeFediverse, uri: str, anna: Account) -> RemoteActor:
    """A group elsewhere that anna follows."""
    group = fediverse.at(uri, "Group")
    Chase(activity_client()).bring(uri)
    community = find_community_by_uri(uri)
    assert community is not None
    with unit_of_work():
        memberships.approve_membership(memberships.join_community(anna, community))
    return group


@pytest.fixture
def anna(fediverse: FakeFediverse) -> Account:
    return make_account("anna")


@pytest.fixture
def community(anna: Account) -> Community:
    return make_community("toetsing", owner=anna)


@pytest.fixture
def post(community: Community, anna: Account) -> Post:
    return make_post(community, anna)


def found(uri: str) -> Post | Comment:
    session().expire_all()
    thing = find_posted_by_uri(uri)
    assert thing is not None
    return thing


def test_lemmy_passes_on_a_post(fediverse: FakeFediverse, anna: Account, settle: Settle) -> None:
    changes = {"http://enterprise.lemmy.ml": "http://lemmy.test"}
    announce = recorded("lemmy/activities/community/announce_create_page", changes)
    group = known_group(fediverse, "http://lemmy.test/c/main", anna)
    fediverse.at("http://lemmy.test/u/lemmy_beta")

    fediverse.deliver(announce, group)
    settle()

    thing = found("http://lemmy.test/post/7")
    assert isinstance(thing, Post)
    assert (thing.title, thing.community.uri) == ("post 4", group.uri)


def test_lemmy_answers_us(fediverse: FakeFediverse, post: Post, settle: Settle) -> None:
    changes = {
        "http://ds9.lemmy.ml/post/1": post.uri,
        "://enterprise.lemmy.ml/c/main": "://ons.test/c/toetsing",
        "http://ds9.lemmy.ml": "http://ds9.test",
    }
    create = recorded("lemmy/activities/create_or_update/create_comment", changes)
    author = fediverse.at("http://ds9.test/u/lemmy_alpha")

    fediverse.deliver(create, author)
    settle()

    thing = found("http://ds9.test/comment/1")
    assert isinstance(thing, Comment)
    assert (thing.post, thing.author.uri) == (post, author.uri)


@pytest.mark.parametrize(
    ("follow", "undo", "changes", "actor"),
    [
        (
            "lemmy/activities/following/follow",
            "lemmy/activities/following/undo_follow",
            {
                "http://enterprise.lemmy.ml/c/main": "http://ons.test/c/toetsing",
                "http://ds9.lemmy.ml": "http://ds9.test",
            },
            "http://ds9.test/u/lemmy_alpha",
        ),
        (
            "mastodon/activities/follow",
            "mastodon/activities/undo_follow",
            {
                "https://ds9.lemmy.ml/c/testcom": "http://ons.test/c/toetsing",
                "https://masto.asonix.dog": "http://masto.test",
            },
            "http://masto.test/users/asonix",
        ),
    ],
)
def test_lemmy_and_mastodon_follow_and_stop(
    fediverse: FakeFediverse,
    community: Community,
    settle: Settle,
    follow: str,
    undo: str,
    changes: dict[str, str],
    actor: str,
) -> None:
    who = fediverse.at(actor)

    fediverse.deliver(recorded(follow, changes), who)
    settle()
    account = find_account_by_uri(actor)
    assert account is not None
    membership = get_membership(account, community)
    assert membership is not None
    assert membership.state == MembershipState.APPROVED

    fediverse.deliver(recorded(undo, changes), who)
    settle()
    session().expire_all()
    assert get_membership(account, community) is None


@pytest.mark.parametrize(
    ("name", "changes", "actor"),
    [
        (
            "mastodon/activities/like_page",
            {"https://mastodon.madrid": "http://masto.test", "https://ds9.lemmy.ml/post/147": "*"},
            "http://masto.test/users/felix",
        ),
        (
            "lemmy/activities/voting/like_note",
            {"http://ds9.lemmy.ml/comment/1": "*", "http://ds9.lemmy.ml": "http://ds9.test"},
            "http://ds9.test/u/lemmy_alpha",
        ),
        (
            "friendica/activities/like_page",
            {
                "https://pirati.ca/objects/ec054ce7-2062-3bfa-8687-ca8313624820": "*",
                "https://pirati.ca": "http://friendica.test",
            },
            "http://friendica.test/profile/heluecht",
        ),
    ],
)
def test_votes_of_three_kinds_of_server_count(
    fediverse: FakeFediverse,
    post: Post,
    settle: Settle,
    name: str,
    changes: dict[str, str],
    actor: str,
) -> None:
    rewritten = {old: post.uri if new == "*" else new for old, new in changes.items()}

    fediverse.deliver(recorded(name, rewritten), fediverse.at(actor))
    settle()

    session().expire_all()
    assert post.vote_count == 1


def test_a_vote_is_taken_back_by_mastodon_and_lemmy(
    fediverse: FakeFediverse, post: Post, anna: Account, settle: Settle
) -> None:
    comment = make_comment(post, anna)
    felix = fediverse.at("http://masto.test/users/felix")
    alpha = fediverse.at("http://ds9.test/u/lemmy_alpha")
    mastodon = {"https://mastodon.madrid": "http://masto.test"}
    lemmy = {"http://ds9.lemmy.ml/comment/1": comment.uri, "http://ds9.lemmy.ml": "http://ds9.test"}
    undo = recorded(
        "mastodon/activities/undo_like_page",
        {**mastodon, "https://ds9.lemmy.ml/post/147": post.uri},
    )
    other = recorded("lemmy/activities/voting/undo_like_note", lemmy)
    for undone, who in ((undo, felix), (other, alpha)):
        like = activity("Like", who, undone["object"]["object"])
        fediverse.deliver(like, who)
        settle()

    fediverse.deliver(undo, felix)
    fediverse.deliver(other, alpha)
    settle()

    session().expire_all()
    assert (post.vote_count, comment.vote_count) == (0, 0)


def test_mastodon_answers_and_deletes(fediverse: FakeFediverse, post: Post, settle: Settle) -> None:
    changes = {
        "https://mamot.fr/users/retiolus/statuses/107224244380204526": post.uri,
        "https://mastodon.madrid": "http://masto.test",
    }
    create = recorded("mastodon/activities/create_note", changes)
    felix = fediverse.at("http://masto.test/users/felix")
    fediverse.deliver(create, felix)
    settle()
    thing = found(create["object"]["id"])
    assert isinstance(thing, Comment)
    assert thing.post == post

    old = "https://mastodon.madrid/users/felix/statuses/107773559874184870"
    gone = recorded("mastodon/activities/delete", {old: create["object"]["id"]})
    gone["actor"] = felix.uri
    fediverse.deliver(gone, felix)
    settle()

    session().expire_all()
    assert thing.state == State.DELETED


def test_a_toot_to_our_community_starts_a_thread(
    fediverse: FakeFediverse, community: Community, settle: Settle
) -> None:
    changes = {
        "https://masto.qa.urbanwildlife.biz": "http://masto.test",
        "https://lemmy.qa.urbanwildlife.biz/c/lemmy_community": community.uri,
    }
    create = recorded("friendica/activities/create_page_1", changes)

    fediverse.deliver(create, fediverse.at("http://masto.test/users/mastodon"))
    settle()

    thing = found(create["object"]["id"])
    assert isinstance(thing, Post)
    assert thing.community == community
    assert "lemmy_community" not in thing.title
    assert thing.title


def test_friendica_answers(fediverse: FakeFediverse, post: Post, settle: Settle) -> None:
    changes = {
        "https://lemmy.schuerz.at/post/25360": post.uri,
        "https://soc.schuerz.at": "http://friendica.test",
    }
    create = recorded("friendica/activities/create_note", changes)

    fediverse.deliver(create, fediverse.at("http://friendica.test/profile/jakob"))
    settle()

    assert isinstance(found(create["object"]["id"]), Comment)


def test_peertube_passes_on_a_video(
    fediverse: FakeFediverse, anna: Account, settle: Settle
) -> None:
    changes = {"https://tilvids.com": "http://tube.test"}
    announce = recorded("peertube/activities/announce_video", changes)
    video = fediverse.put(recorded("peertube/objects/video", changes))
    fediverse.at("http://tube.test/accounts/thelinuxexperiment")
    channel = known_group(
        fediverse, "http://tube.test/video-channels/thelinuxexperiment_channel", anna
    )

    fediverse.deliver(announce, channel)
    settle()

    thing = found(video["id"])
    assert isinstance(thing, Post)
    assert thing.title.startswith("Mesa, Wayland & X.org in trouble")
    assert (thing.kind, thing.link_url) == (PostKind.LINK, video["id"])
    assert thing.author.uri == "http://tube.test/accounts/thelinuxexperiment"


def test_wordpress_announces_an_update_instead_of_a_create(
    fediverse: FakeFediverse, anna: Account, settle: Settle
) -> None:
    announce = recorded(
        "wordpress/activities/announce", {"https://pfefferle.org": "http://press.test"}
    )
    announce["object"]["object"]["to"] = [PUBLIC]
    blog = known_group(fediverse, "http://press.test/@pfefferle.org", anna)
    fediverse.at("http://press.test/author/pfefferle/")

    fediverse.deliver(announce, blog)
    settle()

    assert outcome() == ("done", None)
    thing = found("http://press.test/lemmy-part-4/")
    assert isinstance(thing, Post)
    assert thing.title == "Lemmy (Part 4)"


def test_nodebb_passes_on_a_topic(fediverse: FakeFediverse, anna: Account, settle: Settle) -> None:
    changes = {"https://bb.devnull.land": "http://bb.test"}
    topic = recorded("nodebb/objects/page", changes)
    fediverse.at("http://bb.test/uid/1")
    category = known_group(fediverse, "http://bb.test/category/2", anna)

    for thing in (activity("Create", fediverse.at("http://bb.test/uid/1"), topic), topic["id"]):
        fediverse.deliver(activity("Announce", category, thing), category)
        settle()

    assert outcome() == ("done", None)
    assert isinstance(found(topic["id"]), Post)


def test_mbin_accepts(fediverse: FakeFediverse, anna: Account, settle: Settle) -> None:
    changes = {
        "https://some-other.instance/u/someUser": anna.uri,
        "https://some-other.instance": "http://ons.test",
        "https://some-mbin.instance": "http://mbin.test",
    }
    magazine = fediverse.at("http://mbin.test/m/someMag", "Group")
    Chase(activity_client()).bring(magazine.uri)
    remote = find_community_by_uri(magazine.uri)
    assert remote is not None
    with unit_of_work():
        membership = memberships.join_community(anna, remote)

    fediverse.deliver(recorded("mbin/activities/accept", changes), magazine)
    settle()

    session().expire_all()
    assert membership.state == MembershipState.APPROVED


@pytest.mark.parametrize(
    "path", sorted(p.relative_to(RECORDED) for p in RECORDED.glob("*/activities/**/*.json"))
)
def test_every_recorded_activity_is_answered_and_settled(
    fediverse: FakeFediverse, settle: Settle, path: Path
) -> None:
    sent = recorded(str(path.with_suffix("")), {"https://": "http://"})
    sender = fediverse.at(sent.get("actor") or "http://nobody.test/u/x")

    answer = fediverse.deliver(sent, sender)

    assert answer.status_code in ({202, 403} if "actor" in sent else {400})
    if answer.status_code == 202:
        settle()
