"""Pins, locks and moderators (federation.md sections 3.8, 3.9)."""

from dataclasses import replace
from typing import Literal

from app.accounts.models.account import Account
from app.core.db import session
from app.core.visibility import Visibility
from app.forum.events import ModeratorsChanged, PostLocked, PostPinned
from app.forum.marking_events import PostMarked
from app.forum.models.community import Community
from app.forum.models.post import Post
from federation.outbound.activities.acts import Act, say_act, undoing
from federation.outbound.activities.announce import Passing, pass_on
from federation.outbound.activities.content import tell_again
from federation.outbound.provenance import received_act
from federation.outbound.threads import is_open
from federation.transport.actors import find_actor


def pin_post(event: PostPinned) -> None:
    """Add a post to the featured collection, or remove it."""
    if event.by_id is None:
        return  # a community elsewhere says so itself
    post = session().get_one(Post, event.post_id)
    by = session().get_one(Account, event.by_id)
    target = _address_of(post.community, "featured")
    if is_open(post) and target is not None:
        verb: Literal["Add", "Remove"] = "Add" if event.is_pinned else "Remove"
        say_act(by, Act(verb, post.uri, post.community, target=target))


def change_moderators(event: ModeratorsChanged) -> None:
    """Somebody became a moderator or is one no longer."""
    if event.by_id is None:
        return
    community = session().get_one(Community, event.community_id)
    by = session().get_one(Account, event.by_id)
    person = session().get_one(Account, event.account_id)
    target = _address_of(community, "moderators")
    if target is not None and community.visibility == Visibility.PUBLIC:
        verb: Literal["Add", "Remove"] = "Add" if event.is_moderator else "Remove"
        say_act(by, Act(verb, person.uri, community, target=target))


def lock_post(event: PostLocked) -> None:
    """Lock a thread, or undo that; and say it in the post itself (Mbin, PieFed, PeerTube)."""
    post = session().get_one(Post, event.post_id)
    if event.by_id is None or not is_open(post):
        return
    by = session().get_one(Account, event.by_id)
    lock = Act("Lock", post.uri, post.community)
    if event.is_locked:
        say_act(by, replace(lock, reason=event.reason or None))
    else:
        say_act(by, undoing(by, lock, event.reason))
    if post.is_local and (by.is_local or post.community.is_local):
        tell_again(post)


def mark_post(event: PostMarked) -> None:
    """Pass on the Update with which a moderator marked a post; of our own ones it is told anew."""
    post = session().get_one(Post, event.post_id)
    if event.by_id is None or not is_open(post):
        return
    by = session().get_one(Account, event.by_id)
    inner = received_act("Update", post.uri)
    if inner is not None:
        pass_on(post.community, inner, Passing(post.uri, post.uri))
    elif post.is_local and (by.is_local or post.community.is_local):
        tell_again(post)


def _address_of(community: Community, name: Literal["featured", "moderators"]) -> str | None:
    """Return the address of a community's collection, as the community itself names it."""
    if community.is_local:
        return f"{community.uri}/{name}"
    actor = find_actor(community)
    if actor is None:
        return None
    return actor.featured_url if name == "featured" else actor.moderators_url
