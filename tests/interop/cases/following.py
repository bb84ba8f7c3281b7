"""Following in both directions: rows 7 to 12."""

from typing import Any

from app.accounts.models.following import FollowState
from app.accounts.queries import find_following
from app.accounts.services import followings
from app.core.db import session
from app.core.errors import AppError
from app.forum.models.membership import MembershipState
from app.forum.queries.communities import get_membership
from app.forum.services import memberships
from federation.dereference.lookup import look_up_actor
from tests.interop.cases.case import Case
from tests.interop.stage import Json, Stage
from tests.support.fediverse import RemoteActor


def _state(stage: Stage, actor: RemoteActor) -> MembershipState | None:
    session().expire_all()
    membership = get_membership(stage.account(actor), stage.toetsing)
    return None if membership is None else membership.state


def follow_their_community(stage: Stage) -> RemoteActor | None:
    """Anna follows a community there; where there are none, an account that looks like one."""
    if not stage.peer.is_forum:
        try:
            look_up_actor(f"!bob@{stage.peer.host}")
        except AppError:
            return None
        raise AssertionError("a person is no community")
    return stage.joined()


def is_member_there(stage: Stage, group: RemoteActor) -> None:
    """They got a Follow they can read, and our membership is no longer pending."""
    membership = get_membership(stage.anna, stage.community(group))

    assert membership is not None
    assert membership.state == MembershipState.APPROVED
    assert [one["object"] for one in stage.peer.shown.requests] == [group.uri]
    assert stage.peer.shown.refused == []


def follow_ours(stage: Stage) -> Json:
    """Bob follows our community."""
    return stage.follow()


def is_member_here(stage: Stage, follow: Json) -> None:
    """He is a member here, and his server knows that."""
    assert _state(stage, stage.bob) == MembershipState.APPROVED
    assert stage.peer.shown.follows == {(stage.bob.uri, stage.toetsing.uri): "accepted"}
    accept = stage.received("Accept")[0]
    assert accept["object"]["id"] == follow["id"]


def stop_following(stage: Stage) -> Any:
    """Bob follows, stops, and something is posted."""
    follow = stage.follow()
    stage.says(stage.peer.undo(stage.bob, follow))
    stage.server.posted.clear()
    return stage.publish()


def gets_nothing_more(stage: Stage, _post: Any) -> None:
    """He is no member, and nothing more goes there."""
    assert _state(stage, stage.bob) is None
    assert stage.received() == []


def reject(stage: Stage) -> RemoteActor:
    """Our community puts bob out; what anna wanted there is turned down."""
    stage.follow()
    stage.does(memberships.expel_member, stage.account(stage.bob), stage.toetsing, stage.anna)
    if stage.peer.is_forum:
        group = stage.group()
        stage.does(memberships.join_community, stage.anna, stage.community(group))
    else:
        group = stage.mia
        stage.does(followings.request_follow, stage.anna, look_up_actor(group.uri))
    stage.says(stage.peer.reply("Reject", group, stage.peer.shown.requests[-1]), group)
    return group


def both_are_refused(stage: Stage, group: RemoteActor) -> None:
    """Bob's server shows that he is out; our page shows that anna is not in."""
    session().expire_all()
    assert stage.peer.shown.follows == {(stage.bob.uri, stage.toetsing.uri): "rejected"}
    if stage.peer.is_forum:
        membership = get_membership(stage.anna, stage.community(group))
        assert membership is None or membership.state == MembershipState.REFUSED
    else:
        following = find_following(stage.anna, stage.account(group))
        assert following is None or following.state != FollowState.APPROVED


def follow_anna(stage: Stage) -> Any:
    """Bob follows anna, who posts."""
    stage.follow(stage.anna.uri)
    return stage.publish()


def sees_her_post(stage: Stage, post: Any) -> None:
    """Her post is on his page."""
    shown = stage.peer.shown.thing(post.uri)

    assert shown["author"] == stage.anna.uri
    assert stage.peer.shown.refused == []


CASES = {
    7: Case(follow_their_community, is_member_there),
    8: Case(follow_ours, is_member_here),
    9: Case(stop_following, gets_nothing_more),
    10: Case(reject, both_are_refused),
    12: Case(follow_anna, sees_her_post),
}
