"""Following communities, ours and those of other servers, and moderating them."""

from datetime import timedelta

from flask_babel import gettext as _

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.columns import new_public_id
from app.core.db import session
from app.core.errors import ConflictError, NotAllowedError
from app.core.events import emit
from app.forum import policy
from app.forum.events import (
    MembershipApproved,
    MembershipEnded,
    MembershipRefused,
    MembershipRequested,
    ModeratorsChanged,
)
from app.forum.models.community import Community
from app.forum.models.membership import MemberRole, Membership, MembershipState
from app.forum.queries.communities import get_membership, list_moderators
from app.forum.queries.standings import get_standing
from app.forum.services.locking import lock_for_writer, lock_row

ASK_AGAIN_AFTER = timedelta(hours=1)


def join_community(
    account: Account, community: Community, request_uri: str | None = None
) -> Membership:
    """Let `account` follow `community`; a repeat changes nothing but is answered again.

    Ours say yes at once. Another server is asked, and asked again under a new id when it refused
    or has been silent for an hour (federation.md 3.3: a Follow that failed cannot be repaired
    under its old id). `request_uri` is the id of a remote Follow. Raises NotAllowedError.
    """
    lock_for_writer(account, community)
    if not policy.can_join(get_standing(account, community), community):
        raise NotAllowedError(_("Deze groep kun je niet volgen."))
    membership = get_membership(account, community)
    if community.is_local:
        return _admit(account, community, membership, request_uri)
    return _ask(account, community, membership)


def ask_anew(membership: Membership) -> None:
    """Ask a remote community once more, under a new id; the membership stays what it is."""
    if membership.account.is_local and not membership.community.is_local:
        emit(MembershipRequested(membership.id))


def approve_membership(membership: Membership) -> None:
    """Say yes to a request, ours to a remote community or the other way round."""
    if membership.state != MembershipState.APPROVED:
        _approve(membership)
    emit(MembershipApproved(membership.id))


def refuse_membership(membership: Membership) -> None:
    """Say no to a request, or end a membership from the community's side."""
    if membership.state == MembershipState.REFUSED:
        return
    if membership.state == MembershipState.APPROVED:
        _count(membership, -1)
    membership.state = MembershipState.REFUSED
    membership.role = MemberRole.MEMBER
    membership.approved_at = None
    session().flush()
    emit(MembershipRefused(membership.id))


def turn_away(account: Account, community: Community, request_uri: str) -> Membership:
    """Refuse the request of somebody elsewhere who is banned in a community of ours.

    Each repeat is answered, so that their server knows where they stand.
    """
    lock_row(community)
    membership = get_membership(account, community)
    if membership is None:
        membership = Membership(account=account, community=community)
        session().add(membership)
    elif membership.state == MembershipState.APPROVED:
        _count(membership, -1)
    membership.state = MembershipState.REFUSED
    membership.role = MemberRole.MEMBER
    membership.approved_at = None
    membership.request_uri = request_uri
    session().flush()
    emit(MembershipRefused(membership.id))
    return membership


def expel_member(account: Account, community: Community, by: Account | None) -> None:
    """End what `account` was in `community`, moderator or owner too; nothing for who was nothing.

    Whether `by` may is judged where the ban is decided.
    """
    lock_row(community)
    membership = get_membership(account, community)
    if membership is None:
        return
    had_a_role = membership.role != MemberRole.MEMBER
    was_approved = membership.state == MembershipState.APPROVED
    refuse_membership(membership)
    if had_a_role and was_approved:
        by_id = None if by is None else by.id
        emit(ModeratorsChanged(community.id, account.id, is_moderator=False, by_id=by_id))


def leave_community(account: Account, community: Community) -> None:
    """Stop following; nothing happens to who did not follow.

    Raises ConflictError when nobody would be left to look after a community of ours.
    """
    lock_row(community)
    membership = get_membership(account, community)
    if membership is None:
        return
    if _looks_after_alone(account, community):
        raise ConflictError(
            _("Jij beheert deze groep als enige. Maak eerst iemand anders moderator.")
        )
    end_membership(membership)


def end_membership(membership: Membership) -> None:
    """Take a membership away and say so; also for who leaves the server."""
    ended = MembershipEnded(
        account_id=membership.account_id,
        community_id=membership.community_id,
        public_id=membership.public_id,
        request_uri=membership.request_uri,
    )
    if membership.state == MembershipState.APPROVED:
        _count(membership, -1)
    session().delete(membership)
    session().flush()
    emit(ended)


def set_moderator(
    community: Community,
    account: Account,
    is_moderator: bool,  # noqa: FBT001  the state to reach, always named at the call
    by: Account | None,
) -> None:
    """Make `account` a moderator, or an ordinary member again; a repeat is silent.

    `by` is None when the community's own server or an administrator says so. Moderators may stop
    of their own accord. Raises NotAllowedError when `by` may not, and ConflictError for the owner
    and for somebody who is banned there.
    """
    lock_row(community)
    if by is not None:
        _require_appointer(by, account, community, is_moderator=is_moderator)
    if is_moderator and community.is_local and get_standing(account, community).is_banned:
        raise ConflictError(_("Deze persoon is hier geblokkeerd. Hef dat eerst op."))
    membership = get_membership(account, community)
    if membership is not None and membership.role == MemberRole.OWNER:
        if is_moderator:
            return
        raise ConflictError(_("De eigenaar van de groep blijft moderator."))
    was_moderator = _is_moderator(membership)
    if was_moderator == is_moderator:
        return
    if membership is None:
        membership = Membership(account=account, community=community)
        membership.state = MembershipState.REQUESTED
        session().add(membership)
    if is_moderator and membership.state != MembershipState.APPROVED:
        _approve(membership)
    membership.role = MemberRole.MODERATOR if is_moderator else MemberRole.MEMBER
    session().flush()
    by_id = None if by is None else by.id
    emit(ModeratorsChanged(community.id, account.id, is_moderator, by_id))


def _looks_after_alone(account: Account, community: Community) -> bool:
    if not community.is_local or not account.is_local:
        return False
    return list_moderators(community) == [account]


def _require_appointer(
    by: Account, account: Account, community: Community, *, is_moderator: bool
) -> None:
    """Raise unless `by` may appoint or dismiss `account`, who may also stop while others go on."""
    if by.id == account.id and not is_moderator:
        if _looks_after_alone(account, community):
            raise ConflictError(
                _("Jij beheert deze groep als enige. Maak eerst iemand anders moderator.")
            )
    elif not _may_appoint(by, community):
        raise NotAllowedError(_("Alleen de eigenaar van de groep kiest de moderators."))


def _may_appoint(by: Account, community: Community) -> bool:
    standing = get_standing(by, community)
    if community.is_local:
        return policy.can_manage(standing)
    return policy.takes_part(standing) and standing.is_moderator


def _is_moderator(membership: Membership | None) -> bool:
    return (
        membership is not None
        and membership.state == MembershipState.APPROVED
        and membership.role == MemberRole.MODERATOR
    )


def _admit(
    account: Account, community: Community, membership: Membership | None, request_uri: str | None
) -> Membership:
    if membership is None:
        membership = Membership(account=account, community=community)
        membership.state = MembershipState.REQUESTED
        session().add(membership)
    is_new = membership.state != MembershipState.APPROVED
    if is_new:
        _approve(membership)
    if request_uri is not None:
        membership.request_uri = request_uri
    session().flush()
    if is_new or request_uri is not None:
        emit(MembershipApproved(membership.id))
    return membership


def _ask(account: Account, community: Community, membership: Membership | None) -> Membership:
    if membership is None:
        membership = Membership(account=account, community=community)
        session().add(membership)
    elif not _may_ask_again(membership):
        return membership
    else:
        membership.public_id = new_public_id()
    membership.state = MembershipState.REQUESTED
    membership.requested_at = utcnow()
    session().flush()
    emit(MembershipRequested(membership.id))
    return membership


def _may_ask_again(membership: Membership) -> bool:
    if membership.state == MembershipState.REQUESTED:
        return utcnow() - membership.requested_at >= ASK_AGAIN_AFTER
    return membership.state == MembershipState.REFUSED


def _approve(membership: Membership) -> None:
    membership.state = MembershipState.APPROVED
    membership.approved_at = utcnow()
    _count(membership, 1)


def _count(membership: Membership, step: int) -> None:
    """Keep the number of members; who only moderates elsewhere is no member here."""
    community = membership.community
    if community.is_local or membership.account.is_local:
        community.member_count = Community.member_count + step
