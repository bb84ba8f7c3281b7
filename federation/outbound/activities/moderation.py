"""Pins, locks and moderators, passed on to forum servers (federation.md sections 3.8, 3.9)."""

from dataclasses import dataclass

from app.accounts.models.account import Account
from app.core.db import session
from app.forum.events import ModeratorsChanged, PostLocked, PostPinned
from app.forum.models.community import Community
from app.forum.models.post import Post
from federation.models.outbox_activity import Lane
from federation.outbound.activities.announce import Passing, is_announced, pass_on
from federation.outbound.fanout import Publication, new_activity_uri, publish
from federation.outbound.threads import is_open
from federation.vocab.outgoing import Activity, Verb
from federation.vocab.terms import PUBLIC


def pin_post(event: PostPinned) -> None:
    """Add a post to the featured collection, or remove it."""
    post = session().get_one(Post, event.post_id)
    if not is_open(post):
        return
    verb: Verb = "Add" if event.is_pinned else "Remove"
    target = f"{post.community.uri}/featured"
    _act(event.by_id, post.community, _Act(verb, post.uri, target))


def change_moderators(event: ModeratorsChanged) -> None:
    """Somebody became a moderator or is one no longer."""
    if event.by_id is None:
        return
    community = session().get_one(Community, event.community_id)
    person = session().get_one(Account, event.account_id)
    verb: Verb = "Add" if event.is_moderator else "Remove"
    target = f"{community.uri}/moderators"
    _act(event.by_id, community, _Act(verb, person.uri, target))


def lock_post(event: PostLocked) -> None:
    """Lock a thread, or undo that."""
    post = session().get_one(Post, event.post_id)
    if not is_open(post):
        return
    if event.is_locked:
        _act(event.by_id, post.community, _Act("Lock", post.uri, reason=event.reason or None))
        return
    moderator = session().get_one(Account, event.by_id)
    lock = Activity(
        type="Lock",
        uri=new_activity_uri("Lock"),
        actor=moderator.uri,
        object=post.uri,
        to=(PUBLIC,),
        cc=(post.community.uri,),
        audience=post.community.uri,
    )
    _act(event.by_id, post.community, _Act("Undo", post.uri, inner=lock))


@dataclass(frozen=True)
class _Act:
    """What a moderator does to what, with which target, reason or undone activity."""

    verb: Verb
    object_uri: str
    target: str | None = None
    reason: str | None = None
    inner: Activity | None = None


def _act(by_id: int, community: Community, act: _Act) -> None:
    """Say it as the moderator, a person, and let the community pass it on."""
    moderator = session().get_one(Account, by_id)
    if not is_announced(community) or not moderator.is_local:
        return
    activity = Activity(
        type=act.verb,
        uri=new_activity_uri(act.verb),
        actor=moderator.uri,
        object=act.inner or act.object_uri,
        to=(PUBLIC,),
        cc=(community.uri,),
        audience=community.uri,
        target=act.target,
        summary=act.reason,
    )
    passing = Passing(act.object_uri, act.object_uri, Lane.CONTROL)
    publication = Publication(
        actor=moderator,
        activity=activity,
        object_uri=act.object_uri,
        order_key=act.object_uri,
        lane=Lane.CONTROL,
    )
    row = publish(publication)
    pass_on(community, row.body, passing)
