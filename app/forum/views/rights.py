"""What the reader of a page may do there: policies, asked once for the template."""

from dataclasses import dataclass

from app.accounts.models.account import Account
from app.forum import policy
from app.forum.models.ban import Ban
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.bans import find_barring_ban
from app.forum.queries.standings import get_standing


@dataclass(frozen=True)
class CommunityRights:
    """What somebody may do in a community; `ban` is what keeps them from taking part."""

    is_signed_in: bool
    is_member: bool
    is_requested: bool
    can_join: bool
    can_post: bool
    can_moderate: bool
    can_manage: bool
    ban: Ban | None


@dataclass(frozen=True)
class PostRights:
    """What somebody may do in a thread; `ban` is what keeps them from taking part."""

    is_signed_in: bool
    account_id: int | None
    is_member: bool
    is_requested: bool
    can_comment: bool
    can_edit: bool
    can_delete: bool
    can_vote: bool
    can_moderate: bool
    can_steer: bool
    ban: Ban | None


def get_community_rights(viewer: Account | None, community: Community) -> CommunityRights:
    """Return what `viewer` may do in `community`."""
    who = get_standing(viewer, community)
    return CommunityRights(
        is_signed_in=viewer is not None,
        is_member=who.is_member,
        is_requested=who.is_requested,
        can_join=policy.can_join(who, community),
        can_post=policy.can_post(who, community),
        can_moderate=policy.can_moderate(who),
        can_manage=community.is_local and policy.can_manage(who),
        ban=find_barring_ban(viewer, community) if who.is_banned else None,
    )


def get_post_rights(viewer: Account | None, post: Post) -> PostRights:
    """Return what `viewer` may do with `post` and in its thread."""
    who = get_standing(viewer, post.community)
    return PostRights(
        is_signed_in=viewer is not None,
        account_id=who.account_id,
        is_member=who.is_member,
        is_requested=who.is_requested,
        can_comment=policy.can_comment(who, post) and policy.takes_answers(who, post),
        can_edit=policy.can_edit(who, post),
        can_delete=viewer is not None and policy.can_delete(who, post),
        can_vote=policy.can_vote(who, post, post.visibility),
        can_moderate=policy.can_moderate(who),
        can_steer=policy.can_steer(who, post.community),
        ban=find_barring_ban(viewer, post.community) if who.is_banned else None,
    )
