"""Banning people from a community or from the whole server, and lifting that."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models.account import Account, AccountState
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import ConflictError, InvalidInputError, NotAllowedError
from app.core.events import emit
from app.forum import policy
from app.forum.events import BanLifted, PersonBanned
from app.forum.models.ban import Ban
from app.forum.models.community import Community
from app.forum.models.membership import Membership
from app.forum.origin import LOCAL, Origin, Remote
from app.forum.queries.bans import find_ban, find_ban_by_uri
from app.forum.queries.standings import get_standing
from app.forum.services import memberships, states, sweeping
from app.forum.services.locking import lock_row
from app.forum.standing import Standing

THE_SERVER = Standing(is_admin=True)


@dataclass(frozen=True)
class BanTerms:
    """Why, until when (None: for good), and whether what was written there goes too."""

    reason: str
    expires_at: datetime | None = None
    removes_posts: bool = False


def ban_person(
    by: Account | None,
    account: Account,
    community: Community | None,
    terms: BanTerms,
    origin: Origin = LOCAL,
) -> Ban:
    """Keep `account` from taking part in `community` (None: the whole server); membership ends.

    `by` is None when the server where the community or the person lives says so itself. The same
    ban again, or a remote id that is known, gives the row there is, silently; other terms replace
    what `by` may lift. Raises NotAllowedError by rank, ConflictError for a ban of somebody higher,
    InvalidInputError for "reason" or "expires_at".
    """
    lock_row(account)
    if isinstance(origin, Remote):
        known = find_ban_by_uri(origin.uri)
        if known is not None:
            return known
    if not _may_ban(by, account, community):
        raise NotAllowedError(_("Deze persoon kun je hier niet blokkeren."))
    reason = _checked_reason(terms, origin)
    former = find_ban(account, community)
    if former is not None:
        if _says_as_much(former, by, terms):
            return former
        _replace(former, by)
    ban = _make(by, account, community, terms, origin)
    ban.reason = reason
    session().flush()
    emit(PersonBanned(ban.id))
    if ban.removes_posts:
        sweeping.remove_written(ban)
    _end_memberships(ban)
    return ban


def lift_ban(
    by: Account | None, ban: Ban, reason: str = "", *, restores_posts: bool = False
) -> None:
    """Let a banned person take part again; silent for a ban that is over. Nobody is a member again.

    `restores_posts` brings back what the ban removed. Raises NotAllowedError by rank.
    """
    lock_row(ban.account)
    session().refresh(ban)
    if not ban.is_in_force(utcnow()):
        return
    if not _may_lift(by, ban):
        raise NotAllowedError(_("Deze blokkade kun je niet opheffen."))
    ban.lifted_at = utcnow()
    session().flush()
    told = states.cleaned_reason(reason)
    emit(BanLifted(ban.id, None if by is None else by.id, restores_posts, told))
    if restores_posts:
        sweeping.restore_written(ban, by, told)


def _make(
    by: Account | None,
    account: Account,
    community: Community | None,
    terms: BanTerms,
    origin: Origin,
) -> Ban:
    ban = Ban(account=account, community=community, by=by)
    ban.expires_at = terms.expires_at
    ban.removes_posts = terms.removes_posts
    ban.remote_uri = origin.uri if isinstance(origin, Remote) else None
    ban.made_at = utcnow()
    session().add(ban)
    return ban


def _checked_reason(terms: BanTerms, origin: Origin) -> str:
    """Check the terms; what another server decided needs no reason here."""
    if terms.expires_at is not None and terms.expires_at <= utcnow():
        raise InvalidInputError("expires_at", _("Kies een moment dat nog moet komen."))
    reason = states.cleaned_reason(terms.reason)
    if not reason and not isinstance(origin, Remote):
        raise InvalidInputError("reason", _("Schrijf waarom je dit doet."))
    return reason


def _says_as_much(former: Ban, by: Account | None, terms: BanTerms) -> bool:
    """Whether a ban that is in force makes another one needless.

    One by the server of the person does not, when ours bans: that server could lift it again.
    """
    is_by_home = former.community is None and former.by is not None and not former.by.is_local
    if is_by_home and (by is None or by.is_local):
        return False
    return former.expires_at == terms.expires_at and former.removes_posts >= terms.removes_posts


def _replace(former: Ban, by: Account | None) -> None:
    """End a ban because another takes its place; nothing is told of that."""
    if not _may_lift(by, former):
        raise ConflictError(_("Deze persoon is hier al geblokkeerd door iemand anders."))
    former.lifted_at = utcnow()


def _may_ban(by: Account | None, account: Account, community: Community | None) -> bool:
    if by is None:
        return True
    if community is not None:
        other = get_standing(account, community)
        return policy.can_judge(get_standing(by, community), other, community)
    if _speaks_for_home(by, account):
        return True
    return policy.can_act_on(get_standing(by, None), get_standing(account, None))


def _may_lift(by: Account | None, ban: Ban) -> bool:
    if by is None:
        return True
    maker = THE_SERVER if ban.by is None else get_standing(ban.by, ban.community)
    who = get_standing(by, ban.community)
    if ban.community is not None:
        return policy.can_lift(who, maker, ban.community)
    is_by_home = ban.by is not None and not ban.by.is_local
    if is_by_home and _speaks_for_home(by, ban.account):
        return True
    return who.is_admin and policy.takes_part(who) and by.id != ban.account_id


def _speaks_for_home(by: Account, account: Account) -> bool:
    """Whether `by` is of the remote server where `account` lives: its word about its own people."""
    is_neighbour = by.host is not None and by.host == account.host and by.id != account.id
    return is_neighbour and by.state == AccountState.ACTIVE


def _end_memberships(ban: Ban) -> None:
    """End what the person was in the community, or in all communities of this server."""
    if ban.community is not None:
        memberships.expel_member(ban.account, ban.community, ban.by)
        return
    followed = session().scalars(
        select(Community)
        .join(Membership, Membership.community_id == Community.id)
        .where(Membership.account_id == ban.account_id, Community.host.is_(None))
        .order_by(Community.id)
    )
    for community in followed.all():
        memberships.expel_member(ban.account, community, ban.by)
