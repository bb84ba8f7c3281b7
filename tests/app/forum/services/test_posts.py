"""Threads: published, changed, taken back, taken away."""

from datetime import timedelta

import pytest
from flask.ctx import AppContext

from app.core.db import session, unit_of_work
from app.core.errors import ConflictError, InvalidInputError, NotAllowedError
from app.core.events import Event
from app.core.visibility import State, Visibility
from app.forum import events
from app.forum.models.attachment import Attachment
from app.forum.models.post import Post, PostKind
from app.forum.origin import Remote
from app.forum.queries.comments import list_attachments
from app.forum.services import memberships, posts
from app.forum.services.posts import AttachmentDraft, PostDraft
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_comment, make_community, make_post

URI = "http://elders.test/post/1"


def kinds(heard: list[Event]) -> list[type[Event]]:
    return [type(event) for event in heard]


def test_a_post_is_stored_as_safe_html_with_an_excerpt(heard: list[Event]) -> None:
    community, anna = make_community(), make_account()
    heard.clear()

    post = make_post(community, anna, title=" Hoe  <b>dan</b>? ", body="Zo: **vet** <script>")

    assert post.title == "Hoe <b>dan</b>?"
    assert "<strong>vet</strong>" in post.body_html
    assert "<script" not in post.body_html
    assert post.excerpt == "Zo: vet <script>"
    assert community.post_count == 1
    assert community.active_at == post.sort_at
    assert heard == [events.PostPublished(post.id)]


def test_a_post_names_people_and_groups_that_are_known(heard: list[Event]) -> None:
    anna, bram = make_account(), make_account("bram")
    carla = make_account("carla", host="elders.test")
    community = make_community()
    heard.clear()

    post = make_post(community, anna, body="@bram @carla@elders.test !toetsing @niemand")

    assert heard == [events.PostPublished(post.id, (bram.id, carla.id))]
    assert 'href="http://ons.test/u/bram"' in post.body_html
    assert 'href="http://elders.test/u/carla"' in post.body_html
    assert 'href="http://ons.test/c/toetsing"' in post.body_html


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (PostDraft(title="  \u200b "), "title"),
        (PostDraft(title="a" * 301), "title"),
        (PostDraft(title="Goed", body_source="a" * 50_001), "body"),
        (PostDraft(title="Goed", kind=PostKind.LINK), "link_url"),
        (PostDraft(title="Goed", link_url="javascript:alert(1)"), "link_url"),
    ],
)
def test_bad_input_is_named_and_changes_nothing(
    ctx: AppContext, draft: PostDraft, field: str
) -> None:
    community, anna = make_community(), make_account()

    with pytest.raises(InvalidInputError) as caught, unit_of_work():
        posts.publish_post(anna, community, draft)

    assert caught.value.field == field
    assert session().query(Post).count() == 0
    assert community.post_count == 0


def test_a_remote_post_is_cleaned_and_known_by_its_id(heard: list[Event]) -> None:
    community, eva = make_community(host="elders.test"), make_account("eva", host="elders.test")
    draft = PostDraft(
        title="<i>Titel</i>",
        body_html='<p onclick="x">Dag<script>alert(1)</script></p>',
        kind=PostKind.LINK,
        link_url="javascript:alert(1)",
    )
    heard.clear()

    with unit_of_work():
        first = posts.publish_post(eva, community, draft, Remote(URI, url="javascript:1"))
        again = posts.publish_post(eva, community, draft, Remote(URI))

    assert again is first
    assert first.title == "Titel"
    assert first.body_html == "<p>Dag</p>"
    assert first.kind == PostKind.DISCUSSION
    assert first.link_url is None
    assert first.url == URI
    assert kinds(heard) == [events.PostPublished]


def test_a_remote_post_without_a_title_gets_one(ctx: AppContext) -> None:
    community, eva = make_community(), make_account("eva", host="elders.test")

    with unit_of_work():
        post = posts.publish_post(eva, community, PostDraft(title="", body_html=""), Remote(URI))

    assert post.title == "Zonder titel"


@pytest.mark.parametrize("hours", [-48, 0, 23])
def test_a_claimed_time_sorts_but_never_ahead_of_ours(
    ctx: AppContext, clock: FakeClock, hours: int
) -> None:
    community, eva = make_community(), make_account("eva", host="elders.test")
    claimed = clock() + timedelta(hours=hours)

    with unit_of_work():
        post = posts.publish_post(
            eva, community, PostDraft(title="Dag"), Remote(URI, published=claimed)
        )

    assert post.published_at == claimed
    assert post.received_at == clock()
    assert post.sort_at == min(claimed, clock())


def test_attachments_come_along_when_their_address_is_safe(ctx: AppContext) -> None:
    community, eva = make_community(), make_account("eva", host="elders.test")
    attachments = (
        AttachmentDraft("https://elders.test/a.pdf", "application/pdf", "<b>Rubric</b>"),
        AttachmentDraft("data:text/html,x"),
    )

    with unit_of_work():
        post = posts.publish_post(
            eva, community, PostDraft(title="Dag", attachments=attachments), Remote(URI)
        )

    found = list_attachments(post)
    assert [(row.url, row.description) for row in found] == [
        ("https://elders.test/a.pdf", "Rubric")
    ]


def test_restricted_posting_refuses_who_is_no_moderator(ctx: AppContext) -> None:
    community = make_community(is_posting_restricted=True)

    with pytest.raises(NotAllowedError), unit_of_work():
        posts.publish_post(make_account(), community, PostDraft(title="Dag"))


def test_a_post_takes_over_the_audience_of_its_community(ctx: AppContext) -> None:
    anna = make_account()
    community = make_community(owner=anna, visibility=Visibility.MEMBERS)

    post = make_post(community, anna)

    assert post.visibility == Visibility.MEMBERS


def test_a_change_is_told_once_and_no_change_is_not(heard: list[Event], clock: FakeClock) -> None:
    anna = make_account()
    post = make_post(make_community(), anna, title="Oud", body="Tekst")
    draft = PostDraft(title="Nieuw", body_source="Tekst", kind=PostKind.QUESTION)
    heard.clear()
    clock.advance(timedelta(minutes=5))

    for _time in range(2):
        with unit_of_work():
            posts.edit_post(post, draft, anna)

    assert post.title == "Nieuw"
    assert post.edited_at == clock()
    assert heard == [events.PostEdited(post.id)]


def test_a_late_older_change_from_elsewhere_is_ignored(
    heard: list[Event], clock: FakeClock
) -> None:
    community, eva = make_community(), make_account("eva", host="elders.test")
    start = clock()
    with unit_of_work():
        post = posts.publish_post(
            eva, community, PostDraft(title="Een"), Remote(URI, published=start)
        )
    clock.advance(timedelta(hours=1))

    for title, minutes in [("Drie", 30), ("Twee", 20)]:
        updated = start + timedelta(minutes=minutes)
        with unit_of_work():
            posts.edit_post(post, PostDraft(title=title), eva, Remote(URI, updated=updated))

    assert post.title == "Drie"
    assert kinds(heard).count(events.PostEdited) == 1


def test_only_the_writer_changes_or_deletes(ctx: AppContext) -> None:
    post = make_post(make_community(), make_account())
    admin = make_account("beatrix", admin=True)

    with pytest.raises(NotAllowedError), unit_of_work():
        posts.edit_post(post, PostDraft(title="Anders"), admin)
    with pytest.raises(NotAllowedError), unit_of_work():
        posts.delete_post(post, admin)


def test_a_deleted_post_keeps_nothing_but_its_place(heard: list[Event]) -> None:
    anna, community = make_account(), make_community()
    post = make_post(community, anna)
    with unit_of_work():
        session().add(Attachment(post_id=post.id, url="https://elders.test/a.pdf"))
    make_comment(post, anna)
    heard.clear()

    for _time in range(2):
        with unit_of_work():
            posts.delete_post(post, anna)

    assert post.state == State.DELETED
    assert (post.title, post.body_source, post.body_html, post.excerpt) == ("", "", "", "")
    assert list_attachments(post) == []
    assert post.comment_count == 1
    assert community.post_count == 0
    assert heard == [events.PostDeleted(post.id)]


def test_a_moderator_removes_with_a_reason_and_brings_back(heard: list[Event]) -> None:
    anna, owner = make_account(), make_account("otto")
    community = make_community(owner=owner)
    post = make_post(community, anna, title="Blijft bewaard")
    heard.clear()

    with unit_of_work():
        posts.remove_post(post, owner, "Reclame <b>x</b>")
        posts.remove_post(post, owner, "nog eens")
    removed = (post.state, post.state_reason, community.post_count)
    with unit_of_work():
        posts.restore_post(post, owner)
        posts.restore_post(post, owner)

    assert removed == (State.REMOVED, "Reclame x", 0)
    assert (post.state, post.title, community.post_count) == ("published", "Blijft bewaard", 1)
    assert heard == [
        events.PostRemoved(post.id, owner.id, "Reclame x"),
        events.PostRestored(post.id, owner.id),
    ]


def test_what_a_writer_deleted_nobody_brings_back(ctx: AppContext) -> None:
    anna, owner = make_account(), make_account("otto")
    post = make_post(make_community(owner=owner), anna)
    with unit_of_work():
        posts.remove_post(post, owner, "Reclame")
        posts.delete_post(post, anna)

    with pytest.raises(ConflictError), unit_of_work():
        posts.restore_post(post, owner)

    assert post.community.post_count == 0


def test_ordinary_people_do_not_moderate(ctx: AppContext) -> None:
    post, bram = make_post(make_community(), make_account()), make_account("bram")

    for act in (
        lambda: posts.remove_post(post, bram, "Weg"),
        lambda: posts.pin_post(post, bram, is_pinned=True),
        lambda: posts.lock_post(post, bram, is_locked=True),
    ):
        with pytest.raises(NotAllowedError), unit_of_work():
            act()


def test_pinning_and_closing_are_told_once(heard: list[Event]) -> None:
    owner = make_account("otto")
    post = make_post(make_community(owner=owner), make_account())
    heard.clear()

    for _time in range(2):
        with unit_of_work():
            posts.pin_post(post, owner, is_pinned=True)
            posts.lock_post(post, owner, is_locked=True, reason="Klaar")

    assert heard == [
        events.PostPinned(post.id, owner.id, is_pinned=True),
        events.PostLocked(post.id, owner.id, is_locked=True, reason="Klaar"),
    ]


def test_what_is_gone_is_not_pinned_or_closed(ctx: AppContext) -> None:
    owner = make_account("otto")
    post = make_post(make_community(owner=owner), owner)
    with unit_of_work():
        posts.delete_post(post, owner)

    with pytest.raises(ConflictError), unit_of_work():
        posts.pin_post(post, owner, is_pinned=True)
    with pytest.raises(ConflictError), unit_of_work():
        posts.lock_post(post, owner, is_locked=True)


def test_a_moderator_elsewhere_moderates_there_and_our_admin_hides_it_here(ctx: AppContext) -> None:
    community, eva = make_community(host="elders.test"), make_account("eva", host="elders.test")
    post = make_post(community, make_account())
    admin = make_account("beatrix", admin=True)
    with unit_of_work():
        memberships.set_moderator(community, eva, is_moderator=True, by=None)

    with unit_of_work():
        posts.pin_post(post, eva, is_pinned=True)
        posts.remove_post(post, admin, "Strafbaar")

    assert (post.is_pinned, post.state) == (True, State.REMOVED)
