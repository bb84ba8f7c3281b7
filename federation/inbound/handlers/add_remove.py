"""A moderator pinned a thread or chose another moderator, told by the collection it changes.

`target` is compared with the addresses of the group's collections as the group itself names them.
Other targets have other meanings: NodeBB moves threads with them (federation.md 3.8).
"""

from enum import StrEnum

from sqlalchemy import or_, select

from app.core.addresses import local_path
from app.core.db import session
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.queries.communities import COMMUNITY_PATH, find_community
from app.forum.services import memberships, posts
from federation.errors import RefusedError
from federation.inbound.authority import get_person, moderating, read_list
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.subjects import get_object_uri, get_present
from federation.models.actor import Actor
from federation.vocab.activities import ActivityDocument
from federation.vocab.terms import Kind


class _List(StrEnum):
    """Which collection of a group changes; the words are the last parts of our own addresses."""

    FEATURED = "featured"
    MODERATORS = "moderators"


def change_list(context: InboxContext, activity: ActivityDocument) -> None:
    """Pin, unpin, appoint or dismiss, as the target says."""
    community, which = _find_target(activity.target)
    is_added = activity.kind is Kind.ADD
    if which is _List.FEATURED:
        _pin(context, activity, community, is_added=is_added)
    else:
        _appoint(context, activity, community, is_added=is_added)


def _find_target(target: str | None) -> tuple[Community, _List]:
    """Return the group and which of its collections has this address."""
    path = local_path(target) if target else None
    if path is not None and path.startswith(COMMUNITY_PATH):
        name, _slash, word = path.removeprefix(COMMUNITY_PATH).partition("/")
        community = find_community(name)
        if community is not None and word in set(_List):
            return community, _List(word)
    actor = _find_owner(target) if target and path is None else None
    if actor is None or actor.community is None:
        raise IgnoredError("target-of-no-use")
    which = _List.FEATURED if actor.featured_url == target else _List.MODERATORS
    return actor.community, which


def _find_owner(target: str) -> Actor | None:
    return session().scalar(
        select(Actor)
        .where(or_(Actor.featured_url == target, Actor.moderators_url == target))
        .where(Actor.community_id.is_not(None))
        .limit(1)
    )


def _pin(
    context: InboxContext, activity: ActivityDocument, community: Community, *, is_added: bool
) -> None:
    """Pin a thread of this very group (security.md A129)."""
    uri = get_object_uri(activity)
    with moderating(context, activity, community, uri) as moderator:
        thing = get_present(context, uri)
        if isinstance(thing, Comment):
            raise IgnoredError("comments-are-not-pinned")
        if thing.community is not community:
            raise RefusedError("object-of-another-group")
        posts.pin_post(thing, moderator, is_pinned=is_added)


def _appoint(
    context: InboxContext, activity: ActivityDocument, community: Community, *, is_added: bool
) -> None:
    """Change who moderates a group of ours; of one elsewhere the list itself is believed.

    Reading that list, which every act of a moderator asks for, appoints whom we know already: so a
    newcomer is fetched first, and the list once more.
    """
    uri = get_object_uri(activity)
    with moderating(context, activity, community, about="") as moderator:
        if community.is_local:
            memberships.set_moderator(community, get_person(uri), is_added, by=moderator)
            return
        read_list(context, community, about="")
        if is_added:
            get_person(uri)
