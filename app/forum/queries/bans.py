"""Who is banned where, and why."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models.account import Account
from app.core.db import session
from app.core.errors import NotFoundError
from app.forum.access import bans_in_force
from app.forum.models.ban import Ban
from app.forum.models.community import Community

MAX_SHOWN = 200


def find_ban(account: Account, community: Community | None) -> Ban | None:
    """Return the ban on `account` that is in force now in `community` (None: the whole server).

    A ban on the whole server is not found by naming a community: ask `find_barring_ban` for that.
    """
    return session().scalar(
        select(Ban)
        .where(Ban.account_id == account.id, _scope(community), *bans_in_force())
        .order_by(Ban.id.desc())
        .limit(1)
    )


def find_barring_ban(account: Account | None, community: Community) -> Ban | None:
    """Return what keeps `account` from taking part in `community` now, the longest if several."""
    if account is None:
        return None
    bans = session().scalars(
        select(Ban).where(
            Ban.account_id == account.id,
            or_(_scope(None), _scope(community)),
            *bans_in_force(),
        )
    )
    return max(bans, key=_end, default=None)


def find_ban_by_uri(uri: str) -> Ban | None:
    """Return the ban that came as the Block with this id, whatever became of it."""
    return session().scalar(select(Ban).where(Ban.remote_uri == uri))


def get_ban(public_id: str) -> Ban:
    """Return the ban with this public id, or raise NotFoundError."""
    found = session().scalar(select(Ban).where(Ban.public_id == public_id))
    if found is None:
        raise NotFoundError(_("Deze blokkade bestaat niet."))
    return found


def list_bans(community: Community | None) -> list[Ban]:
    """Return the bans that are in force in `community` (None: the whole server), newest first."""
    statement = (
        select(Ban)
        .options(joinedload(Ban.account), joinedload(Ban.by))
        .where(_scope(community), *bans_in_force())
        .order_by(Ban.id.desc())
        .limit(MAX_SHOWN)
    )
    return list(session().scalars(statement))


def _scope(community: Community | None) -> ColumnElement[bool]:
    if community is None:
        return Ban.community_id.is_(None)
    return Ban.community_id == community.id


def _end(ban: Ban) -> tuple[bool, float]:
    """Order bans by their end, those for good last."""
    end: datetime | None = ban.expires_at
    return end is None, 0.0 if end is None else end.timestamp()
