"""What moderators do on one side and the other: rows 54 to 58."""

from typing import Any

from app.core.db import session
from app.forum.models.post import Post
from app.forum.queries.bans import find_ban
from app.forum.queries.communities import list_moderators
from app.forum.services import bans, memberships, posts
from tests.interop.cases.case import Case
from tests.interop.stage import OURS, Stage
from tests.support.factories import make_account
from tests.support.fediverse import RemoteActor

TERMS = bans.BanTerms("reclame")


def thread_there(stage: Stage, group: RemoteActor) -> Post:
    """Let bob start a thread in a community there."""
    thing = stage.fediverse.put(stage.peer.thread(stage.bob, group.uri, "Wie weet dit?"))
    stage.passed_on(group, stage.peer.create(stage.bob, thing))
    post = stage.found(thing["id"])
    assert isinstance(post, Post)
    return post


def _both(stage: Stage) -> tuple[Post, RemoteActor | None, Post | None]:
    """A thread of ours that bob's server has, and one there that we have."""
    stage.follow()
    ours = stage.publish()
    if not stage.peer.is_forum:
        return ours, None, None
    group = stage.joined()
    return ours, group, thread_there(stage, group)


def lock_both(stage: Stage) -> tuple[Post, Post | None]:
    """Anna closes a thread, opens another; mia closes one there."""
    ours, group, theirs = _both(stage)
    other = stage.publish(title="Nog een vraag")
    for post, state in ((ours, True), (other, True), (other, False)):
        stage.does(posts.lock_post, post, stage.anna, state, "uitgepraat")
    if group is not None and theirs is not None:
        stage.passed_on(group, stage.peer.lock(stage.mia, theirs.uri, group.uri))
    return ours, theirs


def both_locked(stage: Stage, done: tuple[Post, Post | None]) -> None:
    """The one is closed there, the other is open; theirs is closed here."""
    ours, theirs = done
    session().expire_all()

    assert stage.peer.shown.locked == {ours.uri}
    assert theirs is not None
    assert theirs.is_locked


def pin_both(stage: Stage) -> tuple[Post, Post | None]:
    """Anna pins a thread, and unpins another; mia pins one there."""
    ours, group, theirs = _both(stage)
    other = stage.publish(title="Nog een vraag")
    for post, state in ((ours, True), (other, True), (other, False)):
        stage.does(posts.pin_post, post, stage.anna, state)
    if group is not None and theirs is not None:
        pin = stage.peer.collect("Add", stage.mia, theirs.uri, f"{group.uri}/featured")
        stage.passed_on(group, pin)
    return ours, theirs


def both_pinned(stage: Stage, done: tuple[Post, Post | None]) -> None:
    """It stands on top there, theirs stands on top here."""
    ours, theirs = done
    session().expire_all()

    assert stage.peer.shown.pinned == {ours.uri}
    assert theirs is not None
    assert theirs.is_pinned


def appoint_both(stage: Stage) -> Any:
    """Anna appoints carla and takes ada off again; mia appoints bob there."""
    stage.follow()
    ada = make_account("ada")
    for person, state in ((stage.carla, True), (ada, True), (ada, False)):
        stage.does(memberships.join_community, person, stage.toetsing)
        stage.does(memberships.set_moderator, stage.toetsing, person, state, stage.anna)
    if not stage.peer.is_forum:
        return None
    group = stage.joined()
    thread_there(stage, group)
    listed = stage.get(f"{group.uri}/moderators")
    both = [stage.mia.uri, stage.bob.uri]
    stage.fediverse.put({**listed, "orderedItems": both, "totalItems": len(both)})
    appoint = stage.peer.collect("Add", stage.mia, stage.bob.uri, f"{group.uri}/moderators")
    stage.passed_on(group, appoint)
    return group


def both_appointed(stage: Stage, group: RemoteActor) -> None:
    """Carla is named there, bob here."""
    assert stage.peer.shown.moderators == {stage.carla.uri}
    named = {one.uri for one in list_moderators(stage.community(group))}
    assert stage.bob.uri in named


def ban_both(stage: Stage) -> Any:
    """Anna bans bob from our community; mia bans anna from theirs."""
    stage.follow()
    stage.says(stage.peer.follow(stage.mia, stage.toetsing.uri), stage.mia)
    stage.does(bans.ban_person, stage.anna, stage.account(stage.bob), stage.toetsing, TERMS)
    if not stage.peer.is_forum:
        return None
    group = stage.joined()
    thread_there(stage, group)
    stage.passed_on(group, stage.peer.ban(stage.mia, stage.anna.uri, group.uri))
    return group


def both_banned(stage: Stage, group: RemoteActor) -> None:
    """Each side knows who may not take part, and where."""
    block = stage.peer.shown.banned[stage.bob.uri, stage.toetsing.uri]

    assert block["summary"] == "reclame"
    assert find_ban(stage.anna, stage.community(group)) is not None
    assert stage.peer.shown.refused == []


def gets_no_block(stage: Stage, _done: Any) -> None:
    """A microblog would take it for a personal quarrel."""
    if not stage.peer.is_forum:
        assert stage.received("Block") == []


def ban_from_server(stage: Stage) -> None:
    """An administrator bans bob from this server."""
    chief = make_account("chef", admin=True)
    stage.follow()
    stage.does(bans.ban_person, chief, stage.account(stage.bob), None, TERMS)


def is_banned_from_server(stage: Stage, _done: Any) -> None:
    """The target is the server itself: its root, with the slash."""
    assert (stage.bob.uri, f"http://{OURS}/") in stage.peer.shown.banned
    assert stage.peer.shown.refused == []


CASES = {
    54: Case(lock_both, both_locked),
    55: Case(pin_both, both_pinned),
    56: Case(appoint_both, both_appointed),
    57: Case(ban_both, both_banned, gets_no_block),
    58: Case(ban_from_server, is_banned_from_server, gets_no_block),
}
