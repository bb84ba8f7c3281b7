"""People following people."""

from flask_babel import gettext as _

from app.accounts.events import FollowApproved, FollowEnded, FollowRefused, FollowRequested
from app.accounts.models.account import Account
from app.accounts.models.following import Following, FollowState
from app.accounts.policy import can_follow
from app.accounts.queries import find_following
from app.core.clock import utcnow
from app.core.columns import new_public_id
from app.core.db import session
from app.core.errors import NotAllowedError
from app.core.events import emit


def request_follow(
    follower: Account, followed: Account, request_uri: str | None = None
) -> Following:
    """Ask to follow somebody; our own people agree at once, others decide on their own server.

    Emits FollowRequested when the followed person is remote (also on a repeat that still waits),
    FollowApproved when a remote person follows ours (also on a repeat, with the newest
    `request_uri`: the first answer may have been lost). Raises NotAllowedError.
    """
    if not can_follow(follower, followed):
        raise NotAllowedError(_("Je kunt deze persoon niet volgen."))
    following = find_following(follower, followed)
    if following is None:
        following = Following(follower_id=follower.id, followed_id=followed.id)
        session().add(following)
    following.request_uri = request_uri or following.request_uri
    if followed.is_local:
        approve_follow(following)
    elif following.state != FollowState.APPROVED:
        _ask_again(following)
    session().flush()
    return following


def _ask_again(following: Following) -> None:
    if following.state == FollowState.REFUSED:
        following.public_id = new_public_id()  # the refused request keeps its own id
        following.requested_at = utcnow()
    following.state = FollowState.REQUESTED
    session().flush()
    emit(FollowRequested(following_id=following.id))


def approve_follow(following: Following) -> None:
    """Record the agreement; emits FollowApproved when it is one of ours who agrees."""
    following.state = FollowState.APPROVED
    following.approved_at = following.approved_at or utcnow()
    session().flush()
    if following.followed.is_local and not following.follower.is_local:
        emit(FollowApproved(following_id=following.id))


def refuse_follow(following: Following) -> None:
    """Record that the other person does not agree, or no longer."""
    following.state = FollowState.REFUSED
    following.approved_at = None
    session().flush()


def turn_away(follower: Account, followed: Account, request_uri: str) -> Following:
    """Refuse the request of somebody elsewhere who may not take part here; a former one ends.

    Each repeat is answered, so that their server knows where they stand.
    """
    following = find_following(follower, followed)
    if following is None:
        following = Following(follower_id=follower.id, followed_id=followed.id)
        session().add(following)
    following.request_uri = request_uri
    refuse_follow(following)
    emit(FollowRefused(following_id=following.id))
    return following


def end_follow(follower: Account, followed: Account) -> None:
    """Stop following; emits FollowEnded. Nothing happens when there was nothing to end."""
    following = find_following(follower, followed)
    if following is None:
        return
    ended = FollowEnded(
        follower_id=follower.id,
        followed_id=followed.id,
        public_id=following.public_id,
        request_uri=following.request_uri,
    )
    session().delete(following)
    session().flush()
    emit(ended)
