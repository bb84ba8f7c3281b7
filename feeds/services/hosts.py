"""The hosts that feeds live on: each has one lane, and its owner may ask us to wait."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import case, update
from sqlalchemy.dialects import postgresql, sqlite

from app.core.clock import utcnow
from app.core.db import session
from feeds.models.feed import FeedHost


def keep_host(name: str) -> None:
    """Make sure there is a row for the host `name`; safe beside another writer."""
    is_postgres = session().get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgres else sqlite.insert
    row = {"name": name, "next_fetch_at": utcnow()}
    session().execute(insert(FeedHost).values(row).on_conflict_do_nothing())


def open_lanes(names: Collection[str], next_fetch_at: datetime) -> None:
    """Let hosts be asked again from `next_fetch_at`, or later where one asked for a longer wait."""
    is_paused = FeedHost.next_fetch_at > next_fetch_at
    session().execute(
        update(FeedHost)
        .where(FeedHost.name.in_(names))
        .values(
            lease_until=None,
            next_fetch_at=case((is_paused, FeedHost.next_fetch_at), else_=next_fetch_at),
        )
        .execution_options(synchronize_session="fetch")
    )


def pause_host(name: str, until: datetime) -> None:
    """Ask the host nothing before `until`, whatever feed it is for (Retry-After)."""
    host = session().get(FeedHost, name, with_for_update=True)
    if host is not None:
        host.next_fetch_at = max(host.next_fetch_at, until)
