from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.comment import Comment
from app.forum.models.post import Post, PostKind
from app.forum.queries.comments import find_comment_by_uri
from app.forum.queries.posts import find_post_by_uri
from app.forum.services import posts
from app.notifications.models import Notification
from tests.support.factories import make_account, make_comment, make_community, make_post
from tests.support.fediverse import PUBLIC, FakeFediverse, activity, note, page
from tests.support.inbox import newest_row, outcome

Settle = Callable[[], None]


def count(model: type[Post] | type[Comment]) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def test_a_page_to_our_community_starts_a_thread(fediverse: FakeFediverse, settle: Settle) -> None:
    community = make_community("toetsing")
    bob = fediverse.person("bob", "victim.test")
    thing = page(bob, community.uri, "Rubrics delen")

    answer = fediverse.deliver(activity("Create", bob, thing, cc=[community.uri]), bob)
    settle()

    assert answer.status_code == 202
    assert outcome() == ("done", None)
    post = find_post_by_uri(thing["id"])
    assert post is not None
    assert (post.title, post.community, post.author.uri) == ("Rubrics delen", community, bob.uri)


def test_a_note_that_names_our_community_starts_a_thread_titled_by_its_first_line(
    fediverse: FakeFediverse, settle: Settle
) -> None:
    community = make_community("toetsing")
    bob = fediverse.person("bob", "victim.test")
    html = (
        '<p><span class="h-card"><a href="http://ons.test/c/toetsing" class="u-url mention">'
        "@<span>toetsing</span></a></span> Wie deelt een <b>rubric</b>? #toetsing</p>"
        '<p>Zie <a href="https://voorbeeld.test/a?b=1&amp;c=2">dit artikel</a>.</p>'
    )
    mention = {"type": "Mention", "href": community.uri, "name": "@toetsing@ons.test"}
    thing = note(bob, html, cc=[community.uri], tag=[mention])

    fediverse.deliver(activity("Create", bob, thing, cc=[community.uri]), bob)
    settle()

    post = find_post_by_uri(thing["id"])
    assert post is not None
    assert post.title == "Wie deelt een rubric? #toetsing"
    assert post.link_url == "https://voorbeeld.test/a?b=1&c=2"
    assert post.kind == PostKind.LINK
    assert "@" in post.body_html


def test_a_reply_to_what_we_know_is_a_comment_also_without_a_mention(
    fediverse: FakeFediverse, settle: Settle
) -> None:
    post = make_post(make_community("toetsing"), make_account("anna"))
    above = make_comment(post, make_account("piet"))
    bob = fediverse.person("bob", "victim.test")
    first = note(bob, "<p>Bij de start</p>", inReplyTo=post.uri)
    second = note(bob, "<p>Bij de reactie</p>", inReplyTo=above.uri, cc=[])

    for thing in (first, second):
        fediverse.deliver(activity("Create", bob, thing), bob)
    settle()

    comments = [find_comment_by_uri(thing["id"]) for thing in (first, second)]
    assert [c and c.parent_id for c in comments] == [None, above.id]
    assert all(c is not None and c.post_id == post.id for c in comments)


@pytest.mark.parametrize(
    "to", [["http://victim.test/u/bob/followers"], ["http://ons.test/u/anna"], []]
)
def test_what_is_not_for_everyone_is_never_published(
    fediverse: FakeFediverse, settle: Settle, to: list[str]
) -> None:
    community = make_community("toetsing")
    bob = fediverse.person("bob", "victim.test")
    thing = note(bob, "<p>@toetsing geheim</p>", to=to, cc=[community.uri])

    fediverse.deliver(activity("Create", bob, thing), bob)
    settle()

    assert outcome() == ("refused", "not-public")
    assert count(Post) == 0


def test_unlisted_is_public_enough(fediverse: FakeFediverse, settle: Settle) -> None:
    community = make_community("toetsing")
    bob = fediverse.person("bob", "victim.test")
    thing = note(bob, "<p>@toetsing stil</p>", to=[community.uri], cc=[PUBLIC])

    fediverse.deliver(activity("Create", bob, thing), bob)
    settle()

    assert find_post_by_uri(thing["id"]) is not None


def test_a_post_for_nobody_here_is_not_kept(fediverse: FakeFediverse, settle: Settle) -> None:
    bob = fediverse.person("bob", "victim.test")

    fediverse.deliver(activity("Create", bob, note(bob)), bob)
    settle()

    assert outcome() == ("refused", "no-community")
    assert count(Post) == 0


def test_a_repeat_under_another_activity_id_changes_nothing(
    fediverse: FakeFediverse, settle: Settle
) -> None:
    community = make_community("toetsing")
    bob = fediverse.person("bob", "victim.test")
    thing = page(bob, community.uri)

    for _ in range(3):
        fediverse.deliver(activity("Create", bob, thing), bob)
    settle()

    assert count(Post) == 1
    assert outcome() == ("done", None)


def test_a_known_post_is_not_taken_over_or_widened_by_another(
    fediverse: FakeFediverse, settle: Settle
) -> None:
    community = make_community("toetsing")
    bob = fediverse.person("bob", "victim.test")
    eve = fediverse.person("eve", "victim.test")
    thing = page(bob, community.uri, "Van Bob")
    fediverse.deliver(activity("Create", bob, thing), bob)
    settle()

    stolen = {**thing, "attributedTo": eve.uri, "name": "Van Eve"}
    fediverse.deliver(activity("Create", eve, stolen), eve)
    settle()

    post = find_post_by_uri(thing["id"])
    assert outcome() == ("refused", "author-changed")
    assert post is not None
    assert (post.title, post.author.uri) == ("Van Bob", bob.uri)


def test_the_future_is_refused(fediverse: FakeFediverse, settle: Settle) -> None:
    community = make_community("toetsing")
    bob = fediverse.person("bob", "victim.test")
    later = (utcnow() + timedelta(hours=25)).isoformat()

    fediverse.deliver(activity("Create", bob, page(bob, community.uri, published=later)), bob)
    settle()

    assert outcome() == ("refused", "published-in-the-future")


def test_an_unknown_parent_is_fetched_with_its_author_and_its_own_parent(
    fediverse: FakeFediverse, settle: Settle
) -> None:
    community = make_community("toetsing")
    bob = fediverse.person("bob", "victim.test")
    carol = fediverse.person("carol", "calm.test")
    root = fediverse.put(page(carol, community.uri, "Het begin"))
    middle = fediverse.put(note(carol, "<p>Midden</p>", inReplyTo=root["id"]))
    leaf = note(bob, "<p>Einde</p>", inReplyTo=middle["id"])

    fediverse.deliver(activity("Create", bob, leaf), bob)
    settle()

    assert outcome() == ("done", None)
    comment = find_comment_by_uri(leaf["id"])
    assert comment is not None
    assert (comment.depth, comment.post.title) == (2, "Het begin")
    assert newest_row().fetches == 3


def test_a_reply_to_what_cannot_be_had_starts_a_thread_when_it_names_a_group(
    fediverse: FakeFediverse, settle: Settle
) -> None:
    community = make_community("toetsing")
    bob = fediverse.person("bob", "victim.test")
    gone = "http://victim.test/notes/weg"
    named = note(bob, "<p>@toetsing Toch een vraag</p>", inReplyTo=gone, cc=[community.uri])
    unnamed = note(bob, "<p>Losse reactie</p>", inReplyTo=gone)

    for thing in (named, unnamed):
        fediverse.deliver(activity("Create", bob, thing), bob)
    settle()

    post = find_post_by_uri(named["id"])
    assert post is not None
    assert post.title == "Toch een vraag"
    assert outcome() == ("orphaned", "unreachable: gone: status-404")


def test_an_endless_chain_of_parents_ends_within_the_budget(
    fediverse: FakeFediverse, settle: Settle
) -> None:
    make_community("toetsing")
    bob = fediverse.person("bob", "victim.test")
    chain = [note(bob, f"<p>{n}</p>") for n in range(100)]
    for this, above in pairwise(chain):
        this["inReplyTo"] = above["id"]
        fediverse.put(this)
    leaf = note(bob, "<p>Einde</p>", inReplyTo=chain[0]["id"])

    fediverse.deliver(activity("Create", bob, leaf), bob)
    before = fediverse.fetches
    settle()

    assert fediverse.fetches - before <= 30
    assert outcome()[0] == "orphaned"


def test_a_circle_of_parents_ends(fediverse: FakeFediverse, settle: Settle) -> None:
    bob = fediverse.person("bob", "victim.test")
    first, second = note(bob), note(bob)
    first["inReplyTo"], second["inReplyTo"] = second["id"], first["id"]
    fediverse.put(first)
    fediverse.put(second)

    fediverse.deliver(activity("Create", bob, note(bob, inReplyTo=first["id"])), bob)
    settle()

    assert outcome()[0] == "orphaned"
    assert count(Comment) == 0


def test_an_object_that_is_all_its_own_relations_does_no_harm(
    fediverse: FakeFediverse, settle: Settle
) -> None:
    bob = fediverse.person("bob", "victim.test")
    thing = note(bob)
    for field in ("inReplyTo", "context", "audience"):
        thing[field] = thing["id"]

    fediverse.deliver(activity("Create", bob, thing), bob)
    settle()

    assert outcome() == ("refused", "no-community")


def test_a_create_that_only_names_its_object_is_fetched(
    fediverse: FakeFediverse, settle: Settle
) -> None:
    community = make_community("toetsing")
    bob = fediverse.person("bob", "victim.test")
    thing = fediverse.put(page(bob, community.uri))

    fediverse.deliver(activity("Create", bob, thing["id"]), bob)
    settle()

    assert find_post_by_uri(thing["id"]) is not None
    assert outcome() == ("done", None)


def test_a_closed_thread_takes_no_answers_from_elsewhere(
    fediverse: FakeFediverse, settle: Settle
) -> None:
    owner = make_account("anna")
    post = make_post(make_community("toetsing", owner=owner), owner)
    with unit_of_work():
        posts.lock_post(post, owner, is_locked=True)
    bob = fediverse.person("bob", "victim.test")

    fediverse.deliver(activity("Create", bob, note(bob, inReplyTo=post.uri)), bob)
    settle()

    assert outcome()[0] == "refused"
    assert count(Comment) == 0


def test_mentions_of_our_people_reach_them(fediverse: FakeFediverse, settle: Settle) -> None:
    anna = make_account("anna")
    community = make_community("toetsing")
    bob = fediverse.person("bob", "victim.test")
    tag = [{"type": "Mention", "href": anna.uri, "name": "@anna"}]

    fediverse.deliver(activity("Create", bob, page(bob, community.uri, tag=tag)), bob)
    settle()

    assert outcome() == ("done", None)
    session().expire_all()
    assert [type(row).__name__ for row in _notifications(anna.id)] != []


def _notifications(account_id: int) -> list[object]:

    return list(
        session().scalars(select(Notification).where(Notification.account_id == account_id))
    )
