"""What a banned person wrote goes with the ban, and exactly that comes back with it."""

import pytest
from flask.ctx import AppContext

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.core.events import Event
from app.core.visibility import State
from app.forum import events
from app.forum.services import bans, comments, posts, sweeping
from app.forum.tasks import sweep_bans
from app.forum.vouching import vouched
from tests.support.factories import make_account, make_comment, make_community, make_post


def test_all_that_stands_there_goes_and_comes_back(ctx: AppContext, heard: list[Event]) -> None:
    otto, anna = make_account("otto"), make_account()
    community, next_door = make_community(owner=otto), make_community("rekenen", owner=otto)
    thread = make_post(community, otto)
    written = [make_post(community, anna), make_comment(thread, anna)]
    reply = make_comment(thread, otto, parent=written[1])
    elsewhere = make_post(next_door, anna)
    removed, deleted = make_comment(thread, anna), make_comment(thread, anna)
    with unit_of_work():
        comments.remove_comment(removed, otto, "Reclame")
        comments.delete_comment(deleted, anna)
        community.is_premoderated = True
        terms = bans.BanTerms("Reclame", removes_posts=True)
    heard.clear()

    with unit_of_work():
        ban = bans.ban_person(otto, anna, community, terms)

    assert [one.state for one in written] == [State.REMOVED] * 2
    assert {one.state_reason for one in written} == {"Reclame"}
    assert (reply.state, elsewhere.state) == (State.PUBLISHED, State.PUBLISHED)
    assert (community.post_count, thread.comment_count) == (1, 1)
    assert heard == [
        events.PersonBanned(ban.id),
        events.PostRemoved(written[0].id, otto.id, "Reclame"),
        events.CommentRemoved(written[1].id, otto.id, "Reclame"),
    ]

    with unit_of_work():
        bans.lift_ban(otto, ban, restores_posts=True)

    assert [one.state for one in written] == [State.PUBLISHED] * 2
    assert (removed.state, deleted.state) == (State.REMOVED, State.DELETED)
    assert (community.post_count, thread.comment_count) == (2, 2)


def test_what_waits_is_refused_and_never_shown_by_lifting(ctx: AppContext) -> None:
    otto, anna = make_account("otto"), make_account()
    community = make_community(owner=otto, is_premoderated=True)
    held = make_post(community, anna)

    with unit_of_work():
        ban = bans.ban_person(otto, anna, community, bans.BanTerms("Nee", removes_posts=True))
        refused = held.state
        bans.lift_ban(otto, ban, restores_posts=True)

    assert (refused, held.state) == (State.REFUSED, State.REFUSED)
    assert community.post_count == 0


def test_a_ban_on_the_server_sweeps_all_communities(ctx: AppContext) -> None:
    beatrix, anna = make_account("beatrix", admin=True), make_account()
    written = [make_post(make_community(name), anna) for name in ("een", "twee")]

    with unit_of_work():
        ban = bans.ban_person(beatrix, anna, None, bans.BanTerms("Reclame", removes_posts=True))
    swept = [one.state for one in written]
    with unit_of_work():
        bans.lift_ban(beatrix, ban)

    assert swept == [State.REMOVED] * 2
    assert [one.state for one in written] == [State.REMOVED] * 2


def test_pins_locks_and_restores_carry_a_reason_and_a_name_from_elsewhere(
    ctx: AppContext, heard: list[Event]
) -> None:
    community = make_community("rekenen", host="elders.test")
    eva: Account = make_account("eva", host="elders.test")
    post = make_post(community, make_account())
    heard.clear()

    with unit_of_work(), vouched(eva.id, community.id):
        posts.pin_post(post, eva, is_pinned=True, reason="Handig")
        posts.lock_post(post, eva, is_locked=True, reason="Klaar")
        posts.remove_post(post, eva, "Weg")
        posts.restore_post(post, eva, "Toch niet")

    assert heard == [
        events.PostPinned(post.id, eva.id, is_pinned=True, reason="Handig"),
        events.PostLocked(post.id, eva.id, is_locked=True, reason="Klaar"),
        events.PostRemoved(post.id, eva.id, "Weg"),
        events.PostRestored(post.id, eva.id, "Toch niet"),
    ]


def test_who_wrote_a_lot_is_swept_in_batches(
    ctx: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 2)
    otto, anna = make_account("otto"), make_account()
    community = make_community(owner=otto)
    thread = make_post(community, otto)
    written = [make_comment(thread, anna) for _number in range(5)]
    started = [make_post(community, anna) for _number in range(3)]
    with unit_of_work():
        ban = bans.ban_person(otto, anna, community, bans.BanTerms("Nee", removes_posts=True))
    first = [one.is_published for one in written]
    with unit_of_work():
        comments.restore_comment(written[4], otto, "Deze mag blijven")

    sweep_bans()
    sweep_bans()

    session().rollback()
    session().expire_all()
    assert first == [True, True, True, False, False]
    assert [one.is_published for one in written] == [False, False, False, False, True]
    assert not any(one.is_published for one in started)
    assert (community.post_count, thread.comment_count) == (1, 1)
    with unit_of_work():
        bans.lift_ban(otto, ban, restores_posts=True)
    assert all(one.is_published for one in [*written, *started])


def test_a_ban_that_is_over_sweeps_no_further(
    ctx: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 1)
    otto, anna = make_account("otto"), make_account()
    community = make_community(owner=otto)
    for _number in range(3):
        make_post(community, anna)
    with unit_of_work():
        ban = bans.ban_person(otto, anna, community, bans.BanTerms("Nee", removes_posts=True))
        bans.lift_ban(otto, ban)

    sweep_bans()

    session().expire_all()
    assert community.post_count == 2
