"""A community goes on elsewhere: its members of this server go along."""

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import ConflictError, NotAllowedError
from app.core.events import emit
from app.forum import policy
from app.forum.events import CommunityEdited, CommunityMoved
from app.forum.models.community import Community
from app.forum.models.membership import MemberRole, Membership, MembershipState
from app.forum.queries.standings import get_standing
from app.forum.services import posts
from app.forum.services.drafts import PostDraft
from app.forum.services.memberships import end_membership, join_community


def hand_over(community: Community, successor: Community, by: Account | None = None) -> None:
    """Let our members of `community` follow `successor` in its place; emits CommunityMoved.

    Whether the two are one community is for the caller to know. Who looks after the former one
    keeps doing so, and who may not follow the successor stays. A community of ours stays readable,
    a pinned post says where it went, and only moderators start threads in it any more. Raises
    NotAllowedError when `by` may not.
    """
    if community.is_local and (by is None or not policy.can_manage(get_standing(by, community))):
        raise NotAllowedError("only who looks after a community moves it")
    moved = []
    for membership in _our_memberships(community):
        account_id = membership.account_id
        try:
            with session().begin_nested():
                join_community(membership.account, successor)
                if membership.role == MemberRole.MEMBER:
                    end_membership(membership)
        except (NotAllowedError, ConflictError):
            continue
        moved.append(account_id)
    if community.is_local and by is not None:
        _leave_word(community, successor, by)
        community.is_posting_restricted = True
        community.changed_at = utcnow()
        session().flush()
        emit(CommunityEdited(community.id, by.id))
    emit(CommunityMoved(community.id, successor.id, tuple(moved)))


def _leave_word(community: Community, successor: Community, by: Account) -> None:
    """Pin where it went, for readers whose own server does not follow a move (Lemmy, Mbin)."""
    draft = PostDraft(
        title=_("Deze groep is verhuisd"),
        body_source=_(
            "Je leest hier wat er al stond. We gaan verder bij [%(handle)s](<%(address)s>). "
            "Volg die groep om mee te blijven praten.",
            handle=f"@{successor.handle}",
            address=successor.url,
        ),
        language=community.language,
    )
    post = posts.publish_post(by, community, draft)
    posts.pin_post(post, by, is_pinned=True)


def _our_memberships(community: Community) -> list[Membership]:
    statement = (
        select(Membership)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.community_id == community.id,
            Membership.state.in_([MembershipState.REQUESTED, MembershipState.APPROVED]),
            Account.host.is_(None),
        )
        .order_by(Membership.id)
    )
    return list(session().scalars(statement))
