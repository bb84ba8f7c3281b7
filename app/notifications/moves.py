"""Who goes on elsewhere becomes a line for those who went along."""

from app.accounts.events import AccountMoved
from app.core.db import session
from app.forum.events import CommunityMoved
from app.forum.models.community import Community
from app.notifications.models import NotificationKind
from app.notifications.services import Cause, tell


def tell_of_moved_person(event: AccountMoved) -> None:
    """Tell our people that they follow somebody under another address now."""
    tell(event.follower_ids, Cause(NotificationKind.MOVED, by_id=event.successor_id))


def tell_of_moved_community(event: CommunityMoved) -> None:
    """Tell our people that they follow a community at another address now."""
    successor = session().get_one(Community, event.successor_id)
    tell(event.member_ids, Cause(NotificationKind.MOVED, community=successor))
