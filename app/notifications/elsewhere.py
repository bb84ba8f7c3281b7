"""What communities of other servers decide about our people becomes a line for them."""

from app.core.db import session
from app.forum.events import CommentTurnedDown, CommunityClosed, MembershipRefused, PostTurnedDown
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.membership import Membership
from app.forum.models.post import Post
from app.forum.queries.bans import find_barring_ban
from app.forum.queries.communities import list_local_members
from app.notifications.models import NotificationKind
from app.notifications.services import Cause, tell


def tell_of_refusal(event: MembershipRefused) -> None:
    """Tell one of our people that a community elsewhere does not let them follow it.

    Of a ban they are told as such.
    """
    membership = session().get_one(Membership, event.membership_id)
    community = membership.community
    is_banned = find_barring_ban(membership.account, community) is not None
    if membership.account.is_local and not community.is_local and not is_banned:
        cause = Cause(NotificationKind.NOT_ADMITTED, community=community)
        tell([membership.account_id], cause)


def tell_of_closing(event: CommunityClosed) -> None:
    """Tell our people who follow it that a community elsewhere is no more."""
    community = session().get_one(Community, event.community_id)
    followers = [membership.account_id for membership in list_local_members(community)]
    tell(followers, Cause(NotificationKind.CLOSED, community=community))


def tell_of_turned_down_post(event: PostTurnedDown) -> None:
    """Tell the writer that a community elsewhere would not have a post."""
    post = session().get_one(Post, event.post_id)
    tell([post.author_id], Cause(NotificationKind.TURNED_DOWN, post))


def tell_of_turned_down_comment(event: CommentTurnedDown) -> None:
    """Tell the writer that a community elsewhere would not have a comment."""
    comment = session().get_one(Comment, event.comment_id)
    tell([comment.author_id], Cause(NotificationKind.TURNED_DOWN, comment.post, comment))
