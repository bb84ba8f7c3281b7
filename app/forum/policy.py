"""Who may do what in the forum: pure decisions, without a database."""

from app.core.visibility import State, Visibility
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.models.posted import Posted
from app.forum.standing import Rank, Standing


def can_manage(who: Standing) -> bool:
    """Change the settings of a community and choose its moderators."""
    return takes_part(who) and (who.is_owner or who.is_admin)


def can_moderate(who: Standing) -> bool:
    """Pin, lock, remove and restore what others wrote in a community."""
    return takes_part(who) and (who.is_moderator or who.is_owner or who.is_admin)


def can_steer(who: Standing, community: Community) -> bool:
    """Pin and close threads: a matter of the community's own server and moderators."""
    if community.is_local:
        return can_moderate(who)
    return takes_part(who) and who.is_moderator


def can_act_on(who: Standing, other: Standing) -> bool:
    """Ban or warn a person: only who stands lower, and administrators everybody but themselves.

    The one rule about rank, for pages and for what other servers send (security.md A128).
    """
    if not takes_part(who) or who.account_id in {None, other.account_id}:
        return False
    return who.rank == Rank.ADMIN or who.rank > other.rank


def can_judge(who: Standing, other: Standing, community: Community) -> bool:
    """Ban or warn `other` in `community`: where it lives elsewhere, its own moderators alone.

    Who of them stands above whom is for their server to say; our administrators have no say there,
    and no protection.
    """
    if community.is_local:
        return can_act_on(who, other)
    return takes_part(who) and who.is_moderator and who.account_id != other.account_id


def can_lift(who: Standing, maker: Standing, community: Community) -> bool:
    """Undo in `community` what `maker` decided there: one's own, and that of who stands lower."""
    if not community.is_local:
        return takes_part(who) and who.is_moderator
    is_own = can_moderate(who) and who.account_id == maker.account_id
    return is_own or can_act_on(who, maker)


def takes_part(who: Standing) -> bool:
    """Whether somebody may do anything here but read."""
    return who.is_active and not who.is_banned


def can_enter(who: Standing, visibility: Visibility) -> bool:
    """Take part in something that is meant for this audience."""
    if visibility == Visibility.PUBLIC:
        return takes_part(who)
    if visibility == Visibility.LOCAL:
        return takes_part(who) and who.is_local
    return takes_part(who) and (who.is_member or who.is_admin)


def can_join(who: Standing, community: Community) -> bool:
    """Follow a community."""
    return community.state == State.PUBLISHED and can_enter(who, community.visibility)


def can_post(who: Standing, community: Community) -> bool:
    """Start a thread."""
    if community.state != State.PUBLISHED or not can_enter(who, community.visibility):
        return False
    if can_moderate(who):
        return True
    if not community.is_local and not who.is_local:
        return True  # that is for the community's own server to decide
    if community.is_posting_restricted:
        return False
    return who.is_member or not community.requires_membership


def can_comment(who: Standing, post: Post) -> bool:
    """Answer in a thread, given that it still takes answers (`takes_answers`)."""
    community = post.community
    if community.state != State.PUBLISHED or not can_enter(who, post.visibility):
        return False
    if not can_enter(who, community.visibility):
        return False
    return who.is_member or not community.requires_membership or can_moderate(who)


def takes_answers(who: Standing, post: Post) -> bool:
    """Whether a thread is still there and not closed; moderators may close with a last word.

    In a thread that waits for a moderator, answers that come from elsewhere wait along.
    """
    is_there = post.is_published or (post.is_held and not who.is_local)
    if not post.community.is_local and not who.is_local:
        return is_there  # written while it was open: that is for the community's own server to say
    return is_there and (not post.is_locked or can_moderate(who))


def must_wait(who: Standing, community: Community, *, is_newcomer: bool) -> bool:
    """Whether a moderator looks at a text before others see it.

    Only where the community wants that, only for who has published nothing there yet, and never
    for who could approve it themselves.
    """
    if not community.is_local or not community.is_premoderated:
        return False
    return is_newcomer and not can_moderate(who)


def can_edit(who: Standing, thing: Posted) -> bool:
    """Change the text: its writer, while it is shown or waits for a moderator."""
    is_there = thing.is_published or thing.is_held
    return takes_part(who) and is_there and thing.author_id == who.account_id


def can_delete(who: Standing, thing: Posted) -> bool:
    """Take one's own text back for good, also after a moderator removed it."""
    return who.account_id == thing.author_id and thing.state != State.DELETED


def can_vote(who: Standing, thing: Posted, visibility: Visibility) -> bool:
    """Call something useful that another wrote."""
    if not thing.is_published or thing.author_id == who.account_id:
        return False
    return can_enter(who, visibility)
