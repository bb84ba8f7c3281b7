import pytest

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.core.errors import NotFoundError, UnavailableError
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.moderation.models.host_rule import HostRule, HostVerdict
from federation.dereference.lookup import look_up_actor, look_up_posted
from tests.support.factories import make_account, make_community, make_post
from tests.support.fediverse import FakeFediverse, note, page


@pytest.mark.parametrize(
    "text", ["bob@victim.test", "@bob@victim.test", "http://victim.test/u/bob"]
)
def test_a_person_elsewhere_is_found_by_handle_and_address(
    fediverse: FakeFediverse, text: str
) -> None:
    bob = fediverse.person("bob", "victim.test")

    found = look_up_actor(text)

    assert isinstance(found, Account)
    assert found.uri == bob.uri


def test_who_is_known_is_not_asked_for_again(fediverse: FakeFediverse) -> None:
    fediverse.person("bob", "victim.test")
    look_up_actor("bob@victim.test")
    before = fediverse.fetches

    look_up_actor("@bob@victim.test")
    look_up_actor("http://victim.test/u/bob")

    assert fediverse.fetches == before


def test_an_exclamation_mark_finds_the_group(fediverse: FakeFediverse) -> None:
    fediverse.person("tuin", "forum.test")
    group = fediverse.group("tuin", "forum.test")

    found = look_up_actor("!tuin@forum.test")

    assert isinstance(found, Community)
    assert found.uri == group.uri


def test_our_own_need_no_network(fediverse: FakeFediverse) -> None:
    anna, community = make_account("anna"), make_community("toetsing")

    assert look_up_actor("anna@ons.test") == anna
    assert look_up_actor("!toetsing@ons.test") == community
    assert look_up_actor(community.uri) == community
    with pytest.raises(NotFoundError):
        look_up_actor("niemand@ons.test")
    assert fediverse.fetches == 0


def test_nobody_and_nonsense_are_not_found(fediverse: FakeFediverse) -> None:
    fediverse.server("victim.test")

    for text in ("niemand@victim.test", "x", "http://victim.test/niets", "x@y@z"):
        with pytest.raises(NotFoundError):
            look_up_actor(text)


def test_a_silent_server_can_be_tried_later(fediverse: FakeFediverse) -> None:
    fediverse.server("victim.test").down = 503

    with pytest.raises(UnavailableError):
        look_up_actor("bob@victim.test")


def test_a_refused_host_is_not_asked(fediverse: FakeFediverse) -> None:
    bob = fediverse.person("bob", "victim.test")
    with unit_of_work():
        session().add(HostRule(host="victim.test", verdict=HostVerdict.BLOCKED))

    for text in ("bob@victim.test", bob.uri):
        with pytest.raises(NotFoundError):
            look_up_actor(text)

    assert fediverse.fetches == 0


def test_a_post_elsewhere_comes_with_its_community_and_author(fediverse: FakeFediverse) -> None:
    group = fediverse.group("tuin", "forum.test")
    bob = fediverse.person("bob", "victim.test")
    thread = fediverse.put(page(bob, group.uri, "Snoeien"))
    answer = fediverse.put(note(bob, "<p>En nu?</p>", inReplyTo=thread["id"]))

    found = look_up_posted(answer["id"])

    assert isinstance(found, Comment)
    assert (found.post.title, found.post.community.uri) == ("Snoeien", group.uri)
    assert isinstance(look_up_posted(thread["id"]), Post)


def test_our_own_posts_are_found_here(fediverse: FakeFediverse) -> None:
    post = make_post(make_community("toetsing"), make_account("anna"))

    assert look_up_posted(post.uri) == post
    with pytest.raises(NotFoundError):
        look_up_posted("http://ons.test/post/niets")
