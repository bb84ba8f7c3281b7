"""Once a night every followed group is compared with its home: what got lost on the way is fetched.

Silent losses are well known (lemmy#4288, #3101, #4630; federation.md 4.3). The group's description,
moderators, pins and newest threads are read again, and the threads of the last 48 hours, most of
them with one request that says "not changed". Once a week is asked whether the group still counts
anybody from here (4.4).
"""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.models.membership import Membership, MembershipState
from federation.models.backfill import BackfillState, BackfillStep, CommunityBackfill
from federation.models.insert import insert_once

NIGHT_HOUR: Final = 2
HOME_ZONE: Final = ZoneInfo("Europe/Amsterdam")
SPREAD_SECONDS: Final = 30
AT_ONCE: Final = 50


def last_night(now: datetime) -> datetime:
    """Return the last time that it was two o'clock at night in the Netherlands."""
    local = now.astimezone(HOME_ZONE)
    night = local.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return night if night <= local else night - timedelta(days=1)


def start_nightly_round() -> int:
    """Have the groups read whose turn it is; returns how many. The next call takes the others.

    They start half a minute apart: no server, and not ours either, has to do all at once.
    """
    with unit_of_work():
        _make_missing_rows()
        now = utcnow()
        since = last_night(now)
        done_at = func.coalesce(CommunityBackfill.reconciled_at, CommunityBackfill.started_at)
        due = (
            select(CommunityBackfill.id)
            .where(CommunityBackfill.state != BackfillState.WAITING, done_at < since)
            .where(_is_followed(CommunityBackfill.community_id))
            .order_by(CommunityBackfill.id)
            .limit(AT_ONCE)
        )
        ids = session().scalars(due).all()
        for place, row_id in enumerate(ids):
            _start(row_id, now + timedelta(seconds=place * SPREAD_SECONDS))
        return len(ids)


def request_backfill(community: Community) -> None:
    """Have a remote community read that was not, or was left meanwhile; inside a unit of work."""
    now = utcnow()
    if community.is_local:
        return
    values = {"community_id": community.id, "state": BackfillState.WAITING}
    counts = {"step": BackfillStep.GROUP, "left": [], "pages": 0, "seen": 0, "taken": 0}
    times = {"attempts": 0, "started_at": now, "next_attempt_at": now}
    if insert_once(CommunityBackfill, values | counts | times) is not None:
        return
    unread = select(CommunityBackfill.id).where(
        CommunityBackfill.community_id == community.id,
        CommunityBackfill.state != BackfillState.WAITING,
        CommunityBackfill.finished_at.is_(None),
    )
    for row_id in session().scalars(unread).all():
        _start(row_id, now)


def _start(row_id: int, at: datetime) -> None:
    """Let a reading begin again; the counts are those of this round."""
    session().execute(
        update(CommunityBackfill)
        .where(CommunityBackfill.id == row_id)
        .values(
            state=BackfillState.WAITING,
            step=BackfillStep.GROUP,
            next_url=None,
            left=[],
            pages=0,
            seen=0,
            attempts=0,
            reason=None,
            started_at=utcnow(),
            next_attempt_at=at,
        )
        .execution_options(synchronize_session=False)
    )


def _make_missing_rows() -> None:
    """Give every followed remote community its row, also those of before there were rows."""
    has_row = exists().where(CommunityBackfill.community_id == Community.id)
    missing = (
        select(Community)
        .where(Community.host.is_not(None), ~has_row, _is_followed(Community.id))
        .limit(AT_ONCE)
    )
    for community in session().scalars(missing).all():
        request_backfill(community)


def _is_followed(community_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Condition: one of our people follows the community, or asked to."""
    return exists().where(
        Membership.community_id == community_id,
        Membership.state.in_([MembershipState.APPROVED, MembershipState.REQUESTED]),
        Membership.account_id == Account.id,
        Account.host.is_(None),
    )
