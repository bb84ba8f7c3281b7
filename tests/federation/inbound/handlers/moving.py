"""Somebody elsewhere, or a group, that goes on under another id: what tests of it share."""

from typing import Any

from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.models.following import Following
from app.accounts.queries import find_account_by_uri
from app.accounts.services.followings import approve_follow, request_follow
from app.core.db import session, unit_of_work
from app.forum.models.membership import Membership
from app.forum.queries.communities import find_community_by_uri
from app.forum.services.memberships import approve_membership, join_community
from federation.dereference.lookup import look_up_actor
from federation.models.inbox_activity import InboxActivity
from federation.models.outbox_activity import OutboxActivity
from tests.support.fediverse import FakeFediverse, RemoteActor, activity


def join(anna: Account, group: RemoteActor) -> None:
    """Make anna a member of a group elsewhere."""
    look_up_actor(group.uri)
    with unit_of_work():
        community = find_community_by_uri(group.uri)
        assert community is not None
        approve_membership(join_community(anna, community))


def follow(anna: Account, remote: RemoteActor) -> None:
    look_up_actor(remote.uri)
    with unit_of_work():
        account = find_account_by_uri(remote.uri)
        assert account is not None
        approve_follow(request_follow(anna, account))


def successor(fediverse: FakeFediverse, old: RemoteActor, **more: object) -> RemoteActor:
    """The same person or group elsewhere, which says so."""
    extra = {"alsoKnownAs": [old.uri], **more}
    make = fediverse.group if old.document["type"] == "Group" else fediverse.person
    return make(f"{old.name}_nieuw", "nieuw.test", **extra)


def move(old: RemoteActor, new: RemoteActor, **more: object) -> dict[str, Any]:
    return activity("Move", old, old.uri, target=new.uri, **more)


def followed() -> set[str]:
    """Ids of whom anna follows or asked to follow."""
    people = session().scalars(select(Following)).all()
    groups = session().scalars(select(Membership)).all()
    return {row.followed.uri for row in people} | {row.community.uri for row in groups}


def outcome() -> str | None:
    """Why the newest activity was refused or ignored."""
    statement = select(InboxActivity.reason).order_by(InboxActivity.id.desc()).limit(1)
    return session().scalar(statement)


def sent() -> list[str]:
    return list(session().scalars(select(OutboxActivity.type).order_by(OutboxActivity.id)))
